"""Every page, in both languages: empty, with an audit made by hand, presented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import Open, words

from cxaudit import texts
from cxaudit.ui.session import Workshop
from cxaudit.ui.shell import PAGES

EACH = pytest.mark.parametrize("lang", ["fr", "en"])


@EACH
@pytest.mark.parametrize("name", PAGES)
def test_without_data_a_page_explains_itself_and_leads_on(open_page: Open, name: str, lang: str) -> None:
    app = open_page(name, lang=lang)
    assert not app.exception
    assert app.title[0].value == texts.say(f"ui.page.{name}", lang)
    if name == "exports":
        assert app.file_uploader
    else:
        assert texts.say("ui.empty", lang) in words(app)
        leads = [link.label for link in app.get_by_key("empty").page_link]
        assert leads == [texts.say("ui.lead.sample", lang), texts.say("ui.lead.exports", lang)]


@EACH
@pytest.mark.parametrize("name", [name for name in PAGES if name != "exports"])
def test_with_an_audit_a_page_draws(open_page: Open, workshop: Workshop, name: str, lang: str) -> None:
    app = open_page(name, workshop, lang)
    assert not app.exception
    assert app.title[0].value and "empty" not in [container.proto.id for container in app.container]


def test_the_frame_links_to_every_page(open_page: Open) -> None:
    app = open_page("overview")
    pages = [link.proto.page for link in app.get_by_key("links").page_link]
    assert [name for name in PAGES if any(page.endswith(name) for page in pages)] == list(PAGES)


def test_the_language_stays_on_the_next_page(open_page: Open, workshop: Workshop) -> None:
    app = open_page("overview", workshop, "en")
    assert app.title[0].value == "Five green KPIs: two contradicted, one in doubt"
    app.switch_page("pages/signals.py").run()
    assert app.title[0].value == "How many customers have to write again about the same order?"
    app.radio(key="language").set_value("Français").run()
    assert app.title[0].value.startswith("Combien de clients doivent réécrire")


def test_the_title_is_the_finding(open_page: Open, workshop: Workshop) -> None:
    app = open_page("overview", workshop)
    assert app.title[0].value == "Cinq indicateurs au vert\u202f: deux contredits, un en doute"
    said = app.get_by_key("as-text").text[0].value
    assert "Satisfaction (CSAT) 92\u202f%, cible 90\u202f%. ● Contredit" in said
    assert "Recontact à 30 jours, même commande 22,4\u202f%, entre 21,1 et 23,7\u202f%" in said


def test_not_computable_is_its_own_state_and_never_green(open_page: Open, workshop: Workshop) -> None:
    app = open_page("overview", workshop)
    card = app.get_by_key("card-silence.customers.90d")
    assert not card.metric
    assert ":gray-badge[○ Non calculable]" in [part.value for part in card.markdown]


def test_presenting_hides_settings_and_offers_the_next_page(open_page: Open, workshop: Workshop) -> None:
    app = open_page("signals", workshop)
    assert app.sidebar.subheader
    app.toggle(key="presenter").set_value(True).run()
    assert not app.sidebar.subheader
    assert app.button(key="next").label == "Page suivante" and app.button(key="previous").label == "Page précédente"


def test_what_a_room_sees_follows_the_rule_of_what_leaves(open_page: Open, workshop: Workshop) -> None:
    """Of two channels one has four cases: alone it would be the total less the other, so neither is shown."""
    key = "by-recontact.orders.30d"
    app = open_page("signals", workshop)
    app.button_group(key=key).set_value("channel").run()
    assert "chat" in chart_words(app)
    app.toggle(key="presenter").set_value(True).run()
    assert not app.exception and "chat" not in chart_words(app) and "email" not in chart_words(app)
    assert "Retard de livraison" in chart_words(app)
    app.toggle(key="presenter").set_value(False).run()
    assert ":blue[canal]" in app.button_group(key=key).options


def test_nobody_is_named_before_a_room(open_page: Open, workshop: Workshop) -> None:
    audit = workshop.audit
    assert audit is not None
    measure = audit.measures["recontact.orders.30d"]
    agents = tuple(replace(row, segment=f"Camille Durand {n}") for n, row in enumerate(measure.segments["reason"]))
    measures = {**audit.measures, measure.key: replace(measure, segments={"agent": agents})}
    workshop.audit = replace(audit, measures=measures)
    assert "Camille" in chart_words(open_page("signals", workshop))
    shown = chart_words(open_page("signals", workshop, presenter_kept=True))
    assert "Camille" not in shown and "Agent 1" in shown


def chart_words(app) -> str:  # type: ignore[no-untyped-def]
    return "".join(str(chart.proto) for chart in app.get("vega_lite_chart"))


@pytest.mark.parametrize(("cases", "named"), [(640, True), (7, False)])
def test_a_months_chart_names_the_highest_only_on_enough_cases(
    open_page: Open, workshop: Workshop, cases: int, named: bool
) -> None:
    """Four of seven orders are 57.1 %: no month to be named."""
    assert workshop.audit is not None
    measure = workshop.audit.measures["recontact.orders.30d"]
    thin = tuple(replace(point, denominator=cases, n_eff=float(cases)) for point in measure.series)
    measures = {**workshop.audit.measures, measure.key: replace(measure, series=thin)}
    workshop.audit = replace(workshop.audit, measures=measures)
    app = open_page("signals", workshop)
    assert not app.exception
    charts = [chart.proto.spec for chart in app.get("vega_lite_chart")]
    assert charts and any("au plus haut" in spec for spec in charts) is named
