"""The slides: few, whole, native, safe to send, and no text outside its box whatever the audit."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import audits
import openpyxl
import pytest
from engine.brand import brand
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from cxaudit.cli import main
from cxaudit.findings import findings
from cxaudit.findings.headline import headline
from cxaudit.report.deck import write_deck
from cxaudit.report.deck.fitting import LEADING, fitted, height, lines, shortened
from cxaudit.report.deck.layout import HIGH, WIDE
from cxaudit.report.deck.story import MOST_FINDINGS, MOST_SLIDES, exhibits, fall
from cxaudit.report.style import contrast, legible
from cxaudit.schema.results import Audit, Finding, Phrase
from cxaudit.schema.settings import Settings
from cxaudit.texts import say

LANGUAGES = ("fr", "en")
NAMES = ("full", "empty", "one_month", "strange", "crowded")
EVERY = tuple(product(NAMES, LANGUAGES))
Drawn = Callable[[str, str], Path]
KEYS = ("recontact.orders.30d", "tone.negative.share", "repurchase.complainers.90d", "gesture.no_effect.90d")


def crowded() -> Audit:
    """Every signal bad, more findings than slides, names as long as they come."""
    full = audits.full()
    keys = [*KEYS, "field.canned.share", "field.late.share", "surface.reopened.share", "cross.reply_speed.fast"]
    found = tuple(
        Finding(f"f{n}", "high", (key,), "demonstrated", Phrase.of("mirage.resolution.hides"), ("call_twenty",) * 3)
        for n, key in enumerate(keys)
    )
    return replace(full, findings=found, context=replace(audits.strange().context, signals=full.context.signals))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """The deck of a hand-built audit in a language."""
    folder = tmp_path_factory.mktemp("decks")

    def draw(name: str, lang: str) -> Path:
        path = folder / f"{name}-{lang}.pptx"
        if not path.exists():
            audit = crowded() if name == "crowded" else getattr(audits, name)()
            write_deck(
                audit, path, lang, client="Maison Alba & Cie" * (9 if name == "strange" else 1), plan=audits.PLAN
            )
        return path

    return draw


def shapes(path: Path) -> Iterator[Any]:
    for slide in Presentation(str(path)).slides:
        yield from slide.shapes


def words(path: Path) -> str:
    """Everything that the file says, notes, alt texts and the charts' own sheets included."""
    found = []
    with zipfile.ZipFile(path) as deck:
        for name in deck.namelist():
            data = deck.read(name)
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(BytesIO(data)) as sheet:
                    found += [sheet.read(part).decode("utf-8") for part in sheet.namelist()]
            elif name.endswith((".xml", ".rels")):
                found.append(data.decode("utf-8"))
    return "\n".join(found)


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_few_slides_each_with_a_title_and_notes(drawn: Drawn, name: str, lang: str) -> None:
    slides = Presentation(str(drawn(name, lang))).slides
    assert 3 <= len(slides) <= MOST_SLIDES
    assert all(slide.shapes.title.text_frame.text.strip() for slide in slides)
    assert all(slide.notes_slide.notes_text_frame.text.strip() for slide in slides)


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_no_text_runs_out_of_its_box_or_off_the_slide(drawn: Drawn, name: str, lang: str) -> None:
    for shape in shapes(drawn(name, lang)):
        assert shape.left.pt >= -0.1 and shape.top.pt >= -0.1, shape.name
        assert shape.left.pt + shape.width.pt <= WIDE + 0.1 and shape.top.pt + shape.height.pt <= HIGH + 0.1, shape.name
        if shape.has_text_frame:
            assert taken(shape.text_frame, shape.width.pt) <= shape.height.pt + 0.5, shape.text_frame.text
        if shape.has_table:
            table = shape.table
            for row, column in product(range(len(table.rows)), range(len(table.columns))):
                frame = table.cell(row, column).text_frame
                room = table.columns[column].width.pt - 10
                assert taken(frame, room) <= table.rows[row].height.pt - 1.5, frame.text


def taken(frame: Any, width: float) -> float:
    """The height that the paragraphs of a frame take, as they are set."""
    total = 0.0
    for paragraph in frame.paragraphs:
        if paragraph.runs:
            font = paragraph.runs[0].font
            after = paragraph.space_after.pt if paragraph.space_after is not None else 0.0
            total += height(paragraph.text, width, font.size.pt, bool(font.bold)) + after
    return total


@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_are_native_described_and_hold_the_records_figures(drawn: Drawn, lang: str) -> None:
    frames = [shape for shape in shapes(drawn("full", lang)) if shape.has_chart]
    assert len(frames) == 3
    assert all(len(frame._element.xpath(".//p:cNvPr")[0].get("descr")) > 30 for frame in frames)
    months = [point for point in audits.full().measures["recontact.orders.30d"].series if point.value is not None]
    series = {s.name: list(s.values) for plot in frames[1].chart.plots for s in plot.series}
    name = say("measure.recontact.orders.30d.name", lang)
    assert series[name] == [point.value for point in months]
    assert series[say("report.chart.low", lang)] == [point.low for point in months]
    kinds = [plot._element.tag.rpartition("}")[2] for plot in frames[1].chart.plots]
    assert kinds == ["areaChart", "lineChart"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_chart_opens_the_figures_it_shows(drawn: Drawn, lang: str) -> None:
    for frame in (shape for shape in shapes(drawn("crowded", lang)) if shape.has_chart):
        chart = frame.chart
        sheet = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]
        columns = {column[0].value: [cell.value for cell in column[1:]] for column in sheet.iter_cols(min_col=2)}
        for plot in chart.plots:
            for series in plot.series:
                pairs = zip(series.values, columns[series.name], strict=True)
                assert all(a == b or a == pytest.approx(b, rel=1e-14) for a, b in pairs)


def test_the_intervals_of_bars_are_error_bars_of_the_record(tmp_path: Path) -> None:
    full = audits.full()
    finding = Finding("late", "high", ("repurchase.gap.90d",), "demonstrated", Phrase.of("mirage.csat.hides"))
    write_deck(replace(full, findings=(finding,)), tmp_path / "d.pptx", "fr")
    frame = next(shape for shape in shapes(tmp_path / "d.pptx") if shape.has_chart)
    bars = next(frame.chart._chartSpace.iter("{*}errBars"))
    margins = {side: [float(v.text) for v in bars.find(f"{{*}}{side}").iter("{*}v")] for side in ("plus", "minus")}
    sides = [full.measures[key] for key in ("repurchase.complainers.90d", "repurchase.controls.90d")]
    assert margins["plus"] == pytest.approx([item.high - item.value for item in sides])  # type: ignore[operator]
    assert margins["minus"] == pytest.approx([item.value - item.low for item in sides])  # type: ignore[operator]


# The order that the file format prescribes; PowerPoint refuses a file in another.
ORDER = {
    "ser": "idx order tx spPr invertIfNegative marker dPt dLbls errBars cat val smooth".split(),
    "errBars": "errBarType errValType noEndCap plus minus spPr".split(),
    "dateAx": """axId scaling delete axPos numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses auto
        lblOffset baseTimeUnit majorUnit majorTimeUnit""".split(),
    "dLbl": """idx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent
        showBubbleSize""".split(),
    "plotArea": "layout areaChart barChart lineChart catAx dateAx valAx".split(),
    "areaChart": "grouping varyColors ser axId".split(),
}


@pytest.mark.parametrize("name", ["full", "crowded"])
def test_markup_stands_in_the_order_of_the_format(drawn: Drawn, name: str) -> None:
    seen = set()
    for frame in (shape for shape in shapes(drawn(name, "fr")) if shape.has_chart):
        for parent, order in ORDER.items():
            for element in frame.chart._chartSpace.iter(f"{{*}}{parent}"):
                places = [order.index(child.tag.rpartition("}")[2]) for child in element]
                assert places == sorted(places), (parent, places)
                seen.add(parent)
    assert {"ser", "plotArea"} <= seen


@pytest.mark.parametrize("lang", LANGUAGES)
def test_holds_no_personal_data_and_no_small_group(drawn: Drawn, lang: str) -> None:
    for name in ("full", "crowded"):
        said = words(drawn(name, lang))
        for personal in (
            "Camille Durand",
            "marie.petit",
            "client.fr",
            "ana@mail.fr",
            "/home/jean",
            "Cas isolé",
            "chat<",
        ):
            assert personal not in said, personal


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_confrontation_says_what_the_workbook_says(drawn: Drawn, lang: str) -> None:
    full = audits.full()
    slide = Presentation(str(drawn("full", lang))).slides[1]
    assert slide.shapes.title.text_frame.text == headline(full.mirages, lang)
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    states = [table.cell(row, 3).text_frame.text for row in range(1, len(table.rows))]
    assert states[:2] == [say("state.confirmed", lang)] * 2 and len(states) == len(full.mirages)
    assert states[-1] == say("state.not computable", lang)


def test_french_typography_and_numbers(drawn: Drawn) -> None:
    for shape in shapes(drawn("full", "fr")):
        if shape.has_text_frame and "cmd" not in shape.text_frame.text:
            assert not re.search(r" [:;?!»%€]|« |\d\.\d+ ?%", shape.text_frame.text), shape.text_frame.text


def test_the_five_signals_come_before_other_findings() -> None:
    chosen = [item.measure.key for item in exhibits(crowded())]
    assert len(chosen) == MOST_FINDINGS and set(KEYS) < set(chosen)
    assert chosen[4] == "field.canned.share"


def test_what_is_good_or_only_informs_earns_no_slide() -> None:
    audit = crowded()
    harmless = tuple(
        replace(item, state=state) for item, state in zip(audit.findings, ("good", "information") * 4, strict=True)
    )
    assert exhibits(replace(audit, findings=harmless)) == []


def test_a_difference_without_lines_earns_no_slide() -> None:
    full = audits.full()
    assert fall(full) is full.context.signals["recontact.orders.30d"]
    broken = {k: replace(item, remaining=None) for k, item in full.context.signals.items()}
    assert fall(replace(full, context=replace(full.context, signals=broken))) is None


def test_an_irritant_that_stands_out_is_shown_among_the_others(tmp_path: Path) -> None:
    full = audits.full()
    facts = [
        {"excess": v, "excess_low": v - 0.03, "excess_high": v + 0.03, "excess_verdict": "demonstrated"}
        for v in (0.16, 0.04)
    ]
    work = replace(
        full.field_work,
        irritants=tuple(replace(i, facts=f) for i, f in zip(full.field_work.irritants, facts, strict=False)),
    )
    audit = replace(full, field_work=work)
    said = findings({}, (), full.context, {}, Settings(), work)
    assert [item.key.rpartition(".")[0] for item in said] == ["irritant.excess"] * 2
    write_deck(replace(audit, findings=said), tmp_path / "d.pptx", "fr")
    chart = next(shape.chart for shape in shapes(tmp_path / "d.pptx") if shape.has_chart)
    assert list(chart.plots[0].categories) == [
        "Retard de livraison\u202f: +16,0 points (n\u00a0=\u00a01\u202f540)",
        "Remboursement\u202f: +4,0 points (n\u00a0=\u00a0702)",
    ]
    assert list(chart.plots[0].series[0].values) == pytest.approx([16.0, 4.0])


def test_the_logo_is_the_only_picture(tmp_path: Path) -> None:
    logo = BytesIO()
    Image.new("RGB", (300, 40), "#c00").save(logo, "PNG")
    write_deck(audits.full(), tmp_path / "d.pptx", "en", logo=logo.getvalue(), accent="#C00000")
    pictures = [shape for shape in shapes(tmp_path / "d.pptx") if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert len(pictures) == 1 and pictures[0].width / pictures[0].height == pytest.approx(7.5, rel=0.01)
    with zipfile.ZipFile(tmp_path / "d.pptx") as deck:
        assert [name for name in deck.namelist() if name.endswith((".png", ".jpeg", ".jpg"))] == [
            "ppt/media/image1.png"
        ]


def test_a_pale_accent_never_carries_text() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21) and contrast("#767676", "#FFFFFF") == pytest.approx(
        4.54, abs=0.01
    )
    assert legible("#1B4F8F") == "#1B4F8F" and legible("#FFE000") == "#17212B"


def test_the_same_audit_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a.pptx", "b.pptx"):
        write_deck(audits.full(), tmp_path / name, "fr")
    assert (tmp_path / "a.pptx").read_bytes() == (tmp_path / "b.pptx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.pptx") as deck:
        assert {info.date_time[0] for info in deck.infolist()} == {1980}
        embedded = [name for name in deck.namelist() if name.endswith(".xlsx")]
        for name in embedded:
            with zipfile.ZipFile(BytesIO(deck.read(name))) as sheet:
                assert b"2000-01-01" in sheet.read("docProps/core.xml")
    assert embedded


def test_a_failed_deck_leaves_the_former_one(tmp_path: Path) -> None:
    path = tmp_path / "d.pptx"
    path.write_bytes(b"former")

    def fail(share: float) -> None:
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        write_deck(audits.full(), path, "fr", progress=fail)
    assert path.read_bytes() == b"former" and [item.name for item in tmp_path.iterdir()] == ["d.pptx"]


def test_unknown_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="language"):
        write_deck(audits.full(), tmp_path / "d.pptx", "de")


def test_the_command_line_writes_it(tmp_path: Path) -> None:
    for name, table in brand(seed=5, orders=300).items():
        table.write_csv(tmp_path / f"{name}.csv")
    assert main(["audit", str(tmp_path), "--pptx", str(tmp_path / "d.pptx"), "--lang", "en"]) == 0
    assert len(Presentation(str(tmp_path / "d.pptx")).slides) >= 3


# ---- text that fits ------------------------------------------------------------------------------------------------


def test_words_break_between_lines_and_long_ones_within() -> None:
    assert lines("un deux trois", 1000, 12) == ["un deux trois"]
    assert lines("un deux trois", 50, 12) == ["un deux", "trois"]
    assert (
        all(len(piece) < 40 for piece in lines("a" * 200, 100, 12)) and "".join(lines("a" * 200, 100, 12)) == "a" * 200
    )


@given(st.text(max_size=400), st.floats(30, 900), st.floats(16, 200))
def test_a_fitted_text_fits(text: str, width: float, room: float) -> None:
    found = fitted(text, width, room, (20, 14, 10))
    if found.text != text:
        assert found.text.endswith("…") and found.size == 10
    assert height(found.text, width, found.size) <= max(room, found.size * LEADING)


def test_a_text_is_cut_only_where_it_must_be() -> None:
    assert shortened("court", 100, 1, 10) == "court"
    assert shortened("un texte bien trop long pour une ligne", 90, 1, 10) == "un texte bien…"
    assert shortened("entre +1,0 et +4,3 points", 80, 1, 10) == "entre +1,0 et…"
