"""The context page: days picked, events made of them, changed and deleted; periods compared; what is said aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from conftest import Open, words
from made_audit import EPOCH, FIRST
from streamlit.testing.v1 import AppTest

from cxaudit import audit_file
from cxaudit.audit import Brief, prepare_audit
from cxaudit.follow import layers
from cxaudit.follow.live import Live
from cxaudit.schema.days import day_of
from cxaudit.schema.results import Daybook, Event, Span
from cxaudit.schema.workshop import Comparison
from cxaudit.ui import days, keep
from cxaudit.ui.session import Workshop

STRIKE = (date(2026, 8, 3), date(2026, 8, 9))
RECONTACT = "recontact.orders.30d"


@pytest.fixture
def shop(workshop: Workshop) -> Workshop:
    """Ten orders and five tickets a day; on the days of the strike eleven tickets, nine of them for late parcels."""
    assert workshop.audit is not None
    numbers = range((FIRST - EPOCH).days, (date(2026, 9, 30) - EPOCH).days + 1)
    struck = {(STRIKE[0] - EPOCH).days + step for step in range(7)}
    book = Daybook(
        numbers[0],
        tuple(10 for _ in numbers),
        tuple(11 if day in struck else 5 for day in numbers),
        {"Retard de colis": tuple(9 if day in struck else 2 for day in numbers)},
        {"country": ("FR", "BE"), "product": ("Bougie",)},
    )
    workshop.audit = replace(workshop.audit, context=replace(workshop.audit.context, daybook=book))
    return workshop


def held(app: AppTest) -> Any:
    return app.session_state["workshop"]


def test_days_given_by_keyboard_tell_what_happened(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    assert "Glissez sur la frise" in words(app)
    app.date_input(key="event-days").set_value(STRIKE).run()
    said = words(app)
    assert "70 commandes (d’ordinaire 70) et 77 tickets (d’ordinaire 35)" in said
    assert "Retard de colis\u202f: 63 (d’ordinaire 14)" in said
    assert "Recontact" in said


def test_an_event_is_made_of_the_days_in_one_click(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    app.date_input(key="event-days").set_value(STRIKE).run()
    app.button(key="event-here").click().run()
    made = held(app).events[-1]
    assert made == Event("Incident, du 3 au 9 août 2026", "incident", *STRIKE)
    assert app.text_input(key="event-name").value == made.name
    assert held(app).audit.context.events[-1].name == made.name


def test_an_event_added_leaves_the_form_empty_and_the_same_again_is_not_added(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    count = len(shop.events)
    for _ in range(2):  # a second click that the browser sends before it has drawn the emptied form
        app.date_input(key="event-days").set_value(STRIKE)
        app.text_input(key="event-name").set_value("Grève").run()
        app.button(key="event-add").click().run()
        assert held(app).events[count:] == (Event("Grève", "incident", *STRIKE),)
        assert app.text_input(key="event-name").value == "" and app.selectbox(key="event-which-fr").value == -1


def test_a_declared_event_is_changed_and_deleted(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    first, count = shop.events[0], len(shop.events)
    app.selectbox(key="event-which-fr").set_value(0).run()
    assert app.text_input(key="event-name").value == first.name
    assert app.date_input(key="event-days").value == (first.starts_on, first.ends_on)
    app.text_input(key="event-name").set_value("Autre nom").run()
    app.button(key="event-save").click().run()
    assert held(app).events[0] == replace(first, name="Autre nom")
    app.button(key="event-delete").click().run()
    assert len(held(app).events) == count - 1
    assert app.selectbox(key="event-which-fr").value == -1


def test_in_english_an_event_is_declared_changed_and_deleted_and_the_raw_figure_stays(
    open_page: Open, shop: Workshop
) -> None:
    app = open_page("context", shop, lang="en")
    raw, count = held(app).audit.measures[RECONTACT], len(shop.events)

    def told() -> tuple[list[str], bool, float]:
        """The events that the table holds beyond the first ones, whether the title's lines name one, the raw figure."""
        assert not app.exception
        signal = held(app).audit.context.signals[RECONTACT]
        named = any("Outage" in names for names in signal.facts["named"].values())
        return list(app.data_editor[0].value["name"])[count:], named, round(signal.raw_b, 9)

    app.text_input(key="event-name").set_value("Outage")
    app.date_input(key="event-days").set_value(STRIKE)
    app.button(key="event-add").click().run()
    names, named, figure = told()
    assert names == ["Outage"] and named
    assert 'Last change: event "Outage".' in words(app).replace("\\", "")

    app.selectbox(key="event-which-en").set_value(count).run()
    app.text_input(key="event-name").set_value("Payments down")
    app.date_input(key="event-days").set_value((STRIKE[0], STRIKE[0])).run()
    app.button(key="event-save").click().run()
    assert told() == (["Payments down"], False, figure)
    app.button(key="event-delete").click().run()
    assert told() == ([], False, figure)
    assert held(app).audit.measures[RECONTACT] == raw


def test_the_days_picked_can_be_given_to_the_event_at_hand(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    app.selectbox(key="event-which-fr").set_value(0).run()
    app.slider(key="event-slide").set_value(STRIKE).run()
    app.button(key="event-move").click().run()
    assert (held(app).events[0].starts_on, held(app).events[0].ends_on) == STRIKE
    assert held(app).events[0].name == shop.events[0].name


def test_a_scope_is_chosen_among_the_values_found(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    scope = app.selectbox(key="event-scope-fr")
    assert scope.options == ["Tout", "FR (pays)", "BE (pays)", "Bougie (produit)"]


def test_a_scope_never_declared_before_is_answered_without_running_the_audit_again(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    days_ = [datetime(2026, 1, 1) + timedelta(hours=6 * step) for step in range(400)]
    orders = pl.DataFrame(
        {
            "order_id": [str(n) for n in range(400)],
            "ordered_at": days_,
            "customer_email": [f"{n}@x.fr" for n in range(400)],
            "country": ["BE" if n % 3 else "FR" for n in range(400)],
        }
    )
    tickets = pl.DataFrame({"created_at": days_, "order_id": [str(n) for n in range(400)]})
    live = Live(prepare_audit({"orders": orders, "tickets": tickets}, Brief()))
    audit = live.audit(Brief())
    read = SimpleNamespace(entries=(), values={}, exports=(), warnings=())
    shop = Workshop(client="Alba", origin="files", audit=audit, live=live, ingested=read)
    monkeypatch.setattr(layers, "sliced", lambda *_: pytest.fail("the rows were looked at again"))
    app = open_page("context", shop)
    app.selectbox(key="event-scope-fr").set_value("country=BE")
    app.text_input(key="event-name").set_value("Grève")
    app.date_input(key="event-days").set_value((date(2026, 2, 2), date(2026, 2, 8)))
    app.button(key="event-add").click().run()
    assert not app.exception
    assert held(app).audit.context.scopes == ("country=BE",)
    assert "non reconnu" not in words(app)
    assert list(app.data_editor[0].value["scope"]) == ["BE (pays)"]
    before, after = (one.measures["recontact.orders.30d"].daily for one in (audit, held(app).audit))
    assert before and set(after.scopes) == {0, 1} and sum(after.units) == sum(before.units)


def test_an_unanswered_scope_is_shown_with_what_to_do(open_page: Open, shop: Workshop) -> None:
    lost = Event("Grève", "incident", *STRIKE, scope="livraison express")
    shop.events = (*shop.events, lost)
    app = open_page("context", shop)
    assert "périmètre «\u202flivraison express\u202f» non reconnu\u202f; l’événement s’applique à tout" in words(app)
    app.selectbox(key="event-which-fr").set_value(len(shop.events) - 1).run()
    assert "Périmètre non reconnu\u202f: s’applique à tout" in words(app)


def test_another_language_keeps_the_event_at_hand(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    app.selectbox(key="event-which-fr").set_value(0).run()
    app.radio(key="language").set_value("English").run()
    assert not app.exception
    assert app.selectbox(key="event-which-en").value == 0
    assert app.text_input(key="event-name").value == shop.events[0].name


def test_before_and_after_a_date_stays_on_this_page(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    own = held(app).audit.context
    app.button_group(key="compared").set_value("change").run()
    app.date_input(key="change-day").set_value(date(2026, 7, 1)).run()
    app.slider(key="change-weeks").set_value(4).run()
    assert "du 1er au 28 juillet 2026" in words(app) and "du 3 au 30 juin 2026" in words(app)
    assert held(app).audit.context is own


def test_what_is_compared_is_kept_with_the_audit_and_in_the_address(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    app.button_group(key="compared").set_value("change").run()
    app.date_input(key="change-day").set_value(date(2026, 7, 1)).run()
    app.slider(key="change-weeks").set_value(4).run()
    app.selectbox(key="figure").set_value("surface.csat").run()
    assert {name: app.query_params[name] for name in ("compared", "on", "weeks", "figure")} == {
        "compared": "change", "on": "2026-07-01", "weeks": "4", "figure": "surface.csat",
    }  # fmt: skip
    again = keep.opened(audit_file.reopen(keep.saved(held(app))))
    assert again.compared == Comparison("surface.csat", "change", date(2026, 7, 1), 4)
    reopened = open_page("context", again)
    assert reopened.slider(key="change-weeks").value == 4
    assert reopened.selectbox(key="figure").value == "surface.csat"
    assert "du 3 au 30 juin 2026" in words(reopened)


def test_two_periods_of_ones_own_are_kept(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    app.button_group(key="compared").set_value("any").run()
    app.date_input(key="compared-a").set_value((date(2025, 6, 1), date(2025, 6, 30))).run()
    assert app.query_params["a"] == "2025-06-01:2025-06-30"
    reopened = open_page("context", keep.opened(audit_file.reopen(keep.saved(held(app)))))
    assert reopened.date_input(key="compared-a").value == (date(2025, 6, 1), date(2025, 6, 30))


@pytest.mark.parametrize(
    "held_before",
    [
        Comparison("no.such.figure", "sideways", date(1066, 10, 14), 99),
        Comparison("", "change", date(2400, 1, 1), -3),
        Comparison("", "any", None, None, Span(date(2026, 6, 2), date(2026, 6, 1)), Span(date.min, date.max)),
    ],
)
def test_what_no_field_can_hold_is_not_restored(open_page: Open, shop: Workshop, held_before: Comparison) -> None:
    shop.compared = held_before
    app = open_page("context", shop)
    assert not app.exception
    assert held(app).compared.figure == app.selectbox(key="figure").value


def test_two_periods_that_share_days_are_told(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    app.button_group(key="compared").set_value("any").run()
    app.date_input(key="compared-a").set_value((date(2026, 6, 1), date(2026, 8, 1))).run()
    assert not app.exception
    assert "ont des jours en commun" in words(app)


def compared(app: AppTest) -> Any:
    """The table of all compared figures."""
    return next(one.value for one in app.dataframe if len(one.value.columns) == 9)


def test_every_compared_figure_has_its_sentence(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    said = compared(app)["En toutes lettres"]
    assert len(said) and said.str.contains("Non expliqué par les événements déclarés").all()
    app.radio(key="language").set_value("English").run()
    assert compared(app)["In words"].str.contains("Not explained by the declared events").all()


@pytest.mark.parametrize("rate", [0.0, 1.0])
@pytest.mark.parametrize("lang", ["Français", "English"])
def test_rates_of_0_or_1_and_days_without_units_never_show_as_no_number(
    open_page: Open, shop: Workshop, rate: float, lang: str
) -> None:
    """Within an event, all along, and where most days have no unit."""
    assert shop.audit is not None
    measures = dict(shop.audit.measures)
    for place, (key, one) in enumerate(measures.items()):
        if one.daily and one.unit == "share":
            fixed = [rate if place % 2 or STRIKE[0] <= day_of(day) <= STRIKE[1] else 0.2 for day in one.daily.days]
            days_held = zip(one.daily.units, one.daily.days, strict=True)
            units = [n if (place + day) % (1 + place % 5) == 0 else 0.0 for n, day in days_held]
            sums = tuple(n * share for n, share in zip(units, fixed, strict=True))
            measures[key] = replace(one, daily=replace(one.daily, units=tuple(units), sums=sums))
    shop.audit = replace(shop.audit, measures=measures)
    app = open_page("context", shop)
    app.radio(key="language").set_value(lang).run()
    app.date_input(key="event-days").set_value(STRIKE).run()
    app.button(key="event-here").click().run()
    assert not app.exception
    shown = words(app) + " ".join(str(value) for value in compared(app).to_numpy().ravel())
    assert not re.search(r"\b(nan|inf|None)\b", shown)


def test_weeks_or_months(open_page: Open, shop: Workshop) -> None:
    app = open_page("context", shop)
    app.button_group(key="step").set_value("month").run()
    assert not app.exception


@pytest.mark.parametrize(
    ("a_day", "said"),
    [(80.0, "la semaine du"), (2.0, "au plus haut, en "), (0.2, None)],
)
def test_the_highest_stands_on_enough_cases_or_is_not_said(
    open_page: Open, shop: Workshop, a_day: float, said: str | None
) -> None:
    """A week of fourteen cases is no highest week: the months are asked, then nothing."""
    assert shop.audit is not None
    measure = shop.audit.measures[RECONTACT]
    daily = measure.daily
    assert daily is not None
    rare = replace(daily, units=tuple(a_day for _ in daily.days), sums=tuple(0.2 * a_day for _ in daily.days))
    measures = {**shop.audit.measures, RECONTACT: replace(measure, daily=rare)}
    shop.audit = replace(shop.audit, measures=measures)
    app = open_page("context", shop)
    assert not app.exception
    chart = app.get("vega_lite_chart")[0].proto.spec
    assert (said in chart) if said else "au plus haut" not in chart


def test_no_comparison_still_shows_the_timeline(open_page: Open, shop: Workshop) -> None:
    assert shop.audit is not None
    shop.audit = replace(shop.audit, context=replace(shop.audit.context, a=None, b=None, signals={}))
    app = open_page("context", shop)
    assert not app.exception
    assert "Aucun chiffre ne peut encore être comparé" in words(app) and "Glissez sur la frise" in words(app)


# Reading what the chart reports


@pytest.fixture
def paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(days, "st", SimpleNamespace(context=SimpleNamespace(timezone_offset=-120), session_state=state))
    yield state


def at(day: int, hour: float) -> float:
    """A moment of July 2026 on a Paris clock, in milliseconds."""
    return (datetime(2026, 7, day, tzinfo=UTC).timestamp() + (hour - 2) * 3600) * 1000


def reported(brush: Any = None, click: Any = None) -> Any:
    return SimpleNamespace(selection={"days": {"x": brush} if brush else {}, "step": [{"x": click}] if click else []})


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        (at(6, 0), at(18, 0), 6, 17),
        (at(5, 14), at(17, 20), 6, 17),
        (at(6, 11), at(18, 9), 6, 17),
        (at(6, 8), at(6, 10), 6, 6),
        (at(18, 0), at(6, 0), 6, 17),
    ],
)
def test_a_drag_becomes_whole_days(paris: Any, start: float, end: float, first: int, last: int) -> None:
    assert days._picked(reported([start, end]), "week") == Span(date(2026, 7, first), date(2026, 7, last))


def test_a_click_becomes_its_week_or_month_and_counts_once(paris: Any) -> None:
    assert days._picked(reported(click=at(9, 0)), "week") == Span(date(2026, 7, 6), date(2026, 7, 12))
    assert days._picked(reported(click=at(9, 0)), "week") is None
    assert days._picked(reported(click=at(15, 0)), "month") == Span(date(2026, 7, 1), date(2026, 7, 31))


def test_a_drag_goes_before_the_click_that_ends_it(paris: Any) -> None:
    assert days._picked(reported([at(6, 0), at(8, 0)], at(9, 0)), "week") == Span(date(2026, 7, 6), date(2026, 7, 7))
    assert days._picked(reported([at(6, 0), at(8, 0)], at(23, 0)), "week") is None
    assert days._picked(None, "week") is None


def test_events_changed_elsewhere_refill_the_fields(open_page: Open, shop: Workshop) -> None:
    """The table may drop a row: what is typed must never land on another event."""
    app = open_page("context", shop)
    app.selectbox(key="event-which-fr").set_value(1).run()
    assert app.text_input(key="event-name").value == shop.events[1].name
    held(app).events = shop.events[:1]
    app.run()
    assert not app.exception
    assert app.selectbox(key="event-which-fr").value == -1 and app.text_input(key="event-name").value == ""


def test_the_table_shows_scopes_in_words_and_takes_them_for_no_correction(open_page: Open, shop: Workshop) -> None:
    shop.events = (
        replace(shop.events[0], scope="carrier=Colivert"),
        replace(shop.events[0], name="Partout", scope="tout le site"),
    )
    app = open_page("context", shop)
    assert list(app.data_editor[0].value["scope"]) == ["Colivert (transporteur)", ""]
    assert app.button(key="events-apply").disabled


def test_why_nothing_is_compared_names_the_periods_and_where_the_data_begin(
    open_page: Open, workshop: Workshop
) -> None:
    assert workshop.audit is not None
    context = replace(workshop.audit.context, a=None, b=None, signals={})
    workshop.audit = replace(workshop.audit, context=context, as_of=date(2026, 9, 28), first=date(2025, 6, 4))
    said = words(open_page("context", workshop))
    assert "du 1er avril au 30 juin 2026" in said and "du 1er avril au 30 juin 2025" in said
    assert "vos données commencent le 4 juin 2025" in said
