"""Charts by role, figures in words, marks that hold no HTML, Markdown that stays literal."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import altair as alt
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_audit import made

from cxaudit.context.course import Stretch
from cxaudit.schema.results import Event, Measure, Segment, Span
from cxaudit.ui import charts, figures
from cxaudit.ui.bands import bands
from cxaudit.ui.charts import Drawing
from cxaudit.ui.plot import enlarged, heading, names_axis
from cxaudit.ui.reading import marked
from cxaudit.ui.shell import literal
from cxaudit.ui.timeline import Course, Panel, timeline
from cxaudit.ui.waterfall import Fall, Step, waterfall

AUDIT = made()
RECONTACT = AUDIT.measures["recontact.orders.30d"]
B = Span(date(2026, 7, 1), date(2026, 9, 30))


def drawings() -> list[Drawing]:
    weeks = [Span(date(2025, 1, 6) + timedelta(weeks=n), date(2025, 1, 12) + timedelta(weeks=n)) for n in range(90)]
    counts = Panel("Tickets", "count", tuple(Stretch(week, 500.0, 500.0 + n) for n, week in enumerate(weeks)))
    rate = Panel("Recontact", "share", tuple(Stretch(week, 90.0, 0.2, 0.12, 0.29) for week in weeks))
    lines = Course((counts, rate), AUDIT.context.events, AUDIT.context.suggested, (), (("période B", B),))
    steps = (Step("incident", 0.02, "event"), Step("non expliqué", 0.024, "signal"))
    fall = Fall(("A", 0.18), steps, ("B", 0.224), 0.009, 0.039, "share")
    return [
        charts.monthly(RECONTACT, AUDIT.context.events, (B, 0.204), "Titre", "Sous-titre.", "fr"),
        charts.segments(RECONTACT.segments["reason"], RECONTACT, "Titre", "Sous-titre.", "fr"),
        timeline(lines, "Titre", "n.", "fr"),
        waterfall(fall, "Titre", "Sous-titre.", "fr"),
    ]


@pytest.mark.parametrize("drawing", drawings())
def test_a_chart_names_roles_and_no_colour(drawing: Drawing) -> None:
    spec = json.dumps(drawing.spec)
    assert not re.search(r"#[0-9a-fA-F]{6}", spec)
    assert '"Titre"' in spec
    assert drawing.alt.startswith("Titre") and re.search(r"\d", drawing.alt)


@pytest.mark.parametrize("drawing", drawings())
def test_a_projected_chart_is_the_same_with_larger_text(drawing: Drawing) -> None:
    shown = enlarged(drawing.spec)
    assert alt.Chart.from_dict(shown, validate=True) is not None
    if "config" in drawing.spec and "text" in drawing.spec["config"]:
        assert shown["config"]["text"]["fontSize"] == 1.25 * drawing.spec["config"]["text"]["fontSize"]
    assert shown["title"]["fontSize"]["expr"] == f"1.25 * ({enlarged(drawing.spec['title']['fontSize']['expr'])})"
    assert shown["title"]["limit"] == drawing.spec["title"]["limit"]
    assert shown["height"] == drawing.spec["height"] and shown.get("datasets") == drawing.spec.get("datasets")


def test_what_asks_for_the_width_of_a_projected_chart_finds_it_narrower() -> None:
    assert enlarged({"expr": "width < 600 ? 12 : width - 9"}) == {"expr": "width / 1.25 < 600 ? 12 : width - 9"}
    assert enlarged({"data": {"values": ["width < 600"]}}) == {"data": {"values": ["width < 600"]}}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_months_end_with_the_data(lang: str) -> None:
    spec = charts.monthly(RECONTACT, AUDIT.context.events, (B, 0.204), "Titre", "Sous-titre.", lang).spec
    [scale] = [json.loads(one) for one in {json.dumps(one) for one in _scales(spec) if "range" in one}]
    last = RECONTACT.series[-1].month
    assert scale["domain"][0][:10] == RECONTACT.series[0].month.isoformat()
    assert last <= date.fromisoformat(scale["domain"][1][:10]) < (last + timedelta(days=31)).replace(day=1)


def _scales(spec: dict[str, Any]) -> list[dict[str, Any]]:
    found = [part.get("encoding", {}).get("x", {}).get("scale") for part in spec["layer"]]
    return [one for one in found if one]


@pytest.mark.parametrize("drawing", drawings())
def test_a_chart_keeps_to_its_schema(drawing: Drawing) -> None:
    assert alt.Chart.from_dict(drawing.spec, validate=True) is not None
    with pytest.raises(jsonschema.ValidationError):
        alt.Chart.from_dict({**drawing.spec, "width": ["wide"]}, validate=True)


def test_the_description_holds_every_figure() -> None:
    words = charts.segments(RECONTACT.segments["reason"], RECONTACT, "T", "S", "fr").alt
    assert "Retard de livraison 31\u202f%, n = 1\u202f540" in words


def test_the_steps_of_a_waterfall_meet() -> None:
    spec = drawings()[3].spec
    boxes = next(
        layer["data"]["values"] for layer in spec["layer"] if "from" in layer.get("data", {}).get("values", [{}])[0]
    )
    assert boxes[0]["to"] == boxes[1]["from"] and boxes[1]["to"] == pytest.approx(0.224)


def test_events_outside_the_data_are_not_drawn() -> None:
    far = Event("loin", "peak", date(2031, 1, 1), date(2031, 1, 9))
    assert bands([far], date(2025, 1, 1), date(2026, 1, 1), "fr") == []


@pytest.mark.parametrize(
    ("value", "unit", "fr", "en"),
    [
        (0.224, "share", "22,4\u202f%", "22.4%"),
        (3.1667, "hours", "3\u00a0h\u00a010", "3\u00a0h\u00a010"),
        (4.0, "hours", "4\u00a0h", "4\u00a0h"),
        (61.0, "hours", "2\u00a0j 13\u00a0h", "2\u00a0d 13\u00a0h"),
        (47900.4, "EUR", "47\u202f900\u00a0€", "€47,900"),
        (47900.4, "CHF", "47\u202f900\u00a0CHF", "CHF\u00a047,900"),
        (1.358, "count", "1,36", "1.36"),
        (739.0, "count", "739", "739"),
        (6.1, "per_100", "6,1 / 100", "6.1 / 100"),
        (None, "share", "–", "–"),
    ],
)
def test_a_value_wears_its_unit(value: float | None, unit: str, fr: str, en: str) -> None:
    assert (figures.figure(value, unit, "fr"), figures.figure(value, unit, "en")) == (fr, en)


def test_a_wide_interval_takes_the_decimals_away() -> None:
    wide = Measure("x", "share", 38, 100, 0.3812, 0.29, 0.48)
    assert figures.of(wide, "fr") == "38\u202f%" and figures.interval(wide, "fr") == "entre 29 et 48\u202f%"


def test_a_difference_is_signed_in_points() -> None:
    gap = Measure("x", "share", None, 900, -0.07, -0.11, -0.03, kind="difference")
    assert figures.of(gap, "fr") == "\u22127,0\u00a0pt"
    assert figures.interval(gap, "en") == "between \u221211.0 and \u22123.0 points"


def test_an_end_that_is_not_zero_never_reads_as_zero() -> None:
    assert figures.between_differences(0.0003, 0.112, "share", "en") == "between +0.03 and +11.2 points"
    assert figures.between_differences(-14.0, -0.3, "points", "fr") == "entre \u221214 et \u22120,3"
    assert figures.between_differences(0.004, 2.5, "hours", "fr") == "entre +0,2\u00a0min et +2\u00a0h\u00a030"


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_marks_add_no_html_of_the_text_and_lose_no_word(text: str, spans: list[tuple[int, int]]) -> None:
    shown = marked(text, spans)
    bare = re.sub(r"</?(?:p|mark[^>]*)>|<br>", "", shown)
    assert "<" not in bare and ">" not in bare


def test_marks_of_a_hostile_text() -> None:
    assert marked("<b>nul</b>", [(3, 6)]).count("<mark") == 1
    assert "&lt;b&gt;" in marked("<b>nul</b>", [(3, 6)])


@given(st.text(alphabet="![](){}*_`:$<>#|~&@\\ab1 \n"))
def test_literal_leaves_no_active_sign_bare(text: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*(?:[\[\]*_`$<>~]|:\w|&[#\w])", literal(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Retard : 12 % (entre 9 et 15)", "Retard : 12 % (entre 9 et 15)"),
        (":red[x] :material/home: http://a.b", "\\:red\\[x\\] \\:material/home: http\\://a.b"),
        ("# titre", "\\# titre"),
        ("1. liste", "1\\. liste"),
        ("−0,3 et 4.5", "−0,3 et 4.5"),
        ("3.5 de moyenne", "3\\.5 de moyenne"),
    ],
)
def test_literal_touches_only_what_acts(text: str, shown: str) -> None:
    assert literal(text) == shown


@pytest.mark.parametrize("width", [290, 320, 350])
def test_a_title_keeps_to_a_telephones_width(width: int) -> None:
    """Letters of a semi-bold line of 15 pixels are some 6.8 wide, those of a line of 12 some 4.9."""
    title = "Recontact à 30 jours, même commande\u202f: 36,2\u202f% au plus haut, la semaine du 6 juillet 2026 (Grève)"
    made = heading(title, "11 en attente de réponse. Par semaine, intervalle à 95\u202f%, 2\u202f373 commandes.")
    for part, letter in (("text", 6.8), ("subtitle", 4.9)):
        lines = lines_at(made[part]["expr"], width)
        assert len(lines) > 1 and max(map(len, lines)) * letter <= width
    assert lines_at(made["text"]["expr"], 1300) == [title]
    assert heading("Court", "Aussi")["text"] == "Court"


def lines_at(expression: str, width: int) -> list[str]:
    """What the chain of conditions gives where the chart is as wide as that."""
    steps = re.findall(r"< (\d+) \? (\[.*?\]) : ", expression)
    last = [json.loads(expression.rpartition(" : ")[2])]
    return next((json.loads(lines) for below, lines in steps if width < int(below)), last)


def x_axis(drawing: Drawing) -> tuple[list[float], list[float], str]:
    """The bars' domain, where their axis has its labels, and the labels."""
    bar = drawing.spec["layer"][0]["encoding"]["x"]
    return bar["scale"]["domain"], bar["axis"]["values"], bar["axis"]["labelExpr"]


def test_shares_of_one_page_lie_on_one_scale_with_its_ends_written() -> None:
    rare = [Segment("a", 20, 1000, 0.02, 0.01, 0.03)]
    often = [Segment("b", 600, 1000, 0.6, 0.55, 0.65)]
    whole = Measure("group.x", "share", None, 0, None)
    for rows in (rare, often):
        domain, ends, said = x_axis(charts.segments(rows, whole, "", "S.", "fr", full=True))
        assert domain == [0.0, 1.0] and ends == [0.0, 1.0]
        assert '"0\\u202f%"' in said and '"100\\u202f%"' in said
        layers = charts.segments(rows, whole, "", "S.", "fr", full=True).spec["layer"]
        drawn = [layer["encoding"]["x"] for layer in layers if "axis" in layer["encoding"].get("x", {})]
        assert drawn and all(x["axis"] for x in drawn)  # a layer without one would take it from all
    domain, ends, said = x_axis(charts.segments(rare, whole, "", "S.", "en"))
    assert domain == ends == [0.0, 0.03] and '"3%"' in said


def test_scores_below_zero_show_where_zero_is() -> None:
    rows = [Segment("a", None, 100, 30.0, 20.0, 40.0), Segment("b", None, 100, -20.0, -30.0, -10.0)]
    domain, ends, said = x_axis(charts.segments(rows, Measure("group.nps", "points", None, 0, None), "", "S.", "fr"))
    assert domain == [-30.0, 40.0] and ends == [-30.0, 0.0, 40.0]
    assert json.dumps("−30") in said and '"0"' in said


def test_few_cases_stand_in_large_type_by_their_count() -> None:
    few = Measure("x", "share", 0, 2, 0.0, 0.0, 0.66, 2.0, 1.0, "insufficient", ("R1",))
    assert (figures.loud(few, "fr"), figures.loud(few, "en")) == ("0 sur 2", "0 of 2")
    score = replace(few, unit="points", numerator=2, value=100.0)
    assert (figures.loud(score, "fr"), figures.loud(score, "en")) == ("2 cas", "2 cases")
    assert figures.loud(replace(few, kind="difference"), "fr") == figures.DASH
    assert figures.loud(replace(few, verdict="indicative", refusals=()), "fr") == figures.of(few, "fr")


def test_names_beside_bars_stand_on_short_lines_and_stay_text() -> None:
    names = ["Réachat à 90 jours, litige remboursé en entier", 'un "motif"\\ : [x] ? y']
    asked = names_axis(names).to_dict()["labelExpr"]
    lines = json.loads(asked.partition(" ? (")[2].rpartition(")[datum.label]")[0])
    assert [" ".join(lines[name]) for name in names] == names
    assert max(len(line) for one in lines.values() for line in one) <= 20
