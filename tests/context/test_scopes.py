"""Scopes: what the data answer, in their own words; what they do not, kept and said; and no row read twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import polars.selectors as cs
import pytest
from context_days import event

from cxaudit.audit import Brief, prepare_audit, run_audit
from cxaudit.context import check_events, needs_rows
from cxaudit.engine import collect
from cxaudit.follow.layers import rescoped
from cxaudit.follow.live import Live
from cxaudit.follow.readjust import readjust
from cxaudit.measure.slices import MOST_SCOPES, sliced
from cxaudit.prepare import prepare
from cxaudit.prepare.rules import resolved
from cxaudit.schema.results import Audit, Event
from cxaudit.schema.settings import Settings
from cxaudit.texts import say

FIRST, LAST = datetime(2025, 1, 1), datetime(2026, 9, 30)
STRIKE = (date(2026, 8, 3), date(2026, 8, 14))
ORDERS = pl.DataFrame(
    {
        "order": ["1", "2"],
        "country": ["FR", "Belgique"],
        "channel": ["web", "store"],
        "product": ["Bougie + Drap (lin)", "Oreiller"],
    }
)
SLICES = sliced({"orders": ORDERS})[1]


def scoped(scope: str) -> Event:
    return event("incident", *STRIKE, scope=scope, name="Grève")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Belgique", "country=Belgique"),
        (" belgique ", "country=belgique"),
        ("country=FR", "country=FR"),
        ("channel=WEB|store", "channel=WEB|store"),
        ("Drap (lin)", "product=Drap (lin)"),
        ("Drap", ""),
        ("livraison express", ""),
        ("carrier=Colis+", ""),
    ],
)
def test_a_scope_is_answered_by_the_column_that_holds_it(words: str, found: str) -> None:
    told = resolved((scoped(words),), SLICES)[0]
    assert (told.scope, told.scope_given) == (found, words.strip())
    assert told.unanswered == (found == "")


@pytest.mark.parametrize("words", ["", "tout le site", "Everything", "-"])
def test_words_for_everything_are_no_scope(words: str) -> None:
    told = resolved((scoped(words),), SLICES)[0]
    assert (told.scope, told.scope_given, told.unanswered) == ("", "", False)


def test_an_unanswered_scope_is_told_and_the_event_kept() -> None:
    lost = resolved((scoped("livraison express"),), SLICES)[0]
    kept, (said,) = check_events([lost], FIRST.date(), LAST.date())
    assert kept == (lost,)
    assert "livraison express" in say(said, "fr") and "applies to everything" in say(said, "en")


def exports() -> dict[str, pl.DataFrame]:
    """Six orders a day, each with a ticket; every second order is Belgian, and Belgians write twice in the strike."""
    days = [FIRST + timedelta(day) for day in range((LAST - FIRST).days + 1)]
    numbers = [(day, place, f"{n}-{place}") for n, day in enumerate(days) for place in range(6)]
    orders = pl.DataFrame(
        {
            "order_id": [order for _, _, order in numbers],
            "ordered_at": [day + timedelta(hours=place) for day, place, _ in numbers],
            "customer_email": [f"{order}@x.fr" for _, _, order in numbers],
            "country": ["BE" if place % 2 else "FR" for _, place, _ in numbers],
        }
    )
    struck = [row for row in numbers if STRIKE[0] <= row[0].date() <= STRIKE[1] and row[1] % 2]
    often = [row for n, row in enumerate(numbers) if n % 5 == 0]
    tickets = [(day + timedelta(hours=12), order) for day, _, order in numbers]
    tickets += [(day + timedelta(days=3), order) for day, _, order in {*struck, *often}]
    frame = pl.DataFrame({"created_at": [at for at, _ in tickets], "order_id": [order for _, order in tickets]})
    words = ["Toujours rien", "Merci bien"] * (len(frame) // 2) + ["Bonjour"] * (len(frame) % 2)
    channel = ["chat" if place % 3 else "mail" for place in range(len(frame))]
    return {"orders": orders, "tickets": frame.with_columns(body=pl.Series(words), channel=pl.Series(channel))}


def shop() -> Audit:
    return run_audit(exports(), Settings(), [scoped("BE")])


def test_a_known_scope_moves_without_reading_a_row() -> None:
    audit = shop()
    assert audit.context.scopes == ("country=BE",)
    assert audit.context.daybook is not None and audit.context.daybook.fields["country"] == ("BE", "FR")
    later = replace(scoped("BE"), starts_on=STRIKE[0] + timedelta(5))
    site = event("promotion", date(2026, 7, 6), date(2026, 7, 12))
    for events in ([], [scoped("BE")], [later], [site, scoped("country=BE")], [scoped("BE"), site]):
        assert not needs_rows(events, audit.context)
        moved = readjust(audit, events, Settings())
        assert moved.context.scopes == audit.context.scopes and moved.context.daybook == audit.context.daybook
    whole = readjust(audit, [scoped("BE")], Settings())
    assert whole.context.signals == audit.context.signals
    key = "recontact.orders.30d"
    assert audit.context.signals[key].lines["incident"] > 0.02
    assert readjust(audit, [], Settings()).context.signals[key].lines["incident"] == 0.0


def test_an_unknown_scope_needs_the_rows_and_without_them_touches_everything() -> None:
    audit = shop()
    assert needs_rows([scoped("FR")], audit.context)
    (told,) = readjust(audit, [scoped("FR")], Settings()).context.events
    assert told.unanswered and told.scope_given == "FR"


def test_another_event_leaves_an_unanswered_one_as_it_was() -> None:
    """Words that no column answered once are not taken for a scope that touches nothing."""
    lost = scoped("livraison express")
    tables = shop()
    before = readjust(tables, [lost], Settings())
    after = readjust(before, [lost, event("launch", date(2026, 9, 1), date(2026, 9, 6))], Settings())
    key = "recontact.orders.30d"
    assert before.context.signals[key].lines["incident"] == pytest.approx(
        after.context.signals[key].lines["incident"], abs=0.005
    )
    assert after.context.signals[key].lines["incident"] > 0.02


def test_looking_up_scopes_anew_is_the_same_as_preparing_anew() -> None:
    tables, chosen = exports(), Settings()
    events = [scoped("BE"), event("promotion", date(2026, 7, 6), date(2026, 7, 12), scope="chat")]
    first = prepare(tables, chosen, [event("launch", date(2026, 2, 2), date(2026, 2, 8), scope="FR")])
    again, fresh = rescoped(first, events), prepare(tables, chosen, events)
    assert again.tables.events == fresh.tables.events
    assert again.tables.frames.keys() == fresh.tables.frames.keys()
    for name, frame in fresh.tables.frames.items():
        assert plain(again.tables[name]).equals(plain(frame)), name


def plain(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """The rows with classes as words: two preparations number them apart."""
    return collect(frame).to_native().with_columns(cs.categorical().cast(pl.String))


def following(*events: Event) -> Live:
    live = Live(prepare_audit(exports(), Brief(events=events)))
    live.audit(Brief(events=events))
    return live


@pytest.mark.parametrize("scope", ["FR", "country=FR|BE", "chat", "country=be", "channel=mail"])
def test_a_new_scope_is_counted_as_a_new_audit_would_without_reading_a_row(
    scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = following(scoped("BE"))
    events = [scoped("BE"), replace(scoped(scope), name="Autre", starts_on=date(2026, 8, 10))]
    anew = run_audit(exports(), Settings(), events)
    monkeypatch.setattr("cxaudit.follow.layers.sliced", lambda *_: pytest.fail("the rows were looked at again"))
    moved = live.audit(Brief(events=events))
    assert moved == anew and moved.context.scopes[0] == "country=BE"
    assert any(one.daily and len(set(one.daily.scopes)) > 1 for one in moved.measures.values())


def test_a_field_that_rows_were_not_told_apart_by_is_looked_up_in_them() -> None:
    event = replace(scoped("body=Merci bien"), kind="launch")
    moved, anew = following().audit(Brief(events=[event])), run_audit(exports(), Settings(), [event])
    assert moved == anew and moved.context.events[0].scope == "body=Merci bien"
    (told,) = readjust(run_audit(exports()), [event], Settings()).context.events
    assert told.unanswered


def test_more_scopes_than_bits_leave_the_last_unanswered() -> None:
    products = pl.DataFrame({"order": [str(n) for n in range(80)], "product": [f"P{n}" for n in range(80)]})
    slices = sliced({"orders": products})[1]
    told = resolved([scoped(f"P{n}") for n in range(80)], slices)
    assert [event.unanswered for event in told] == [n >= MOST_SCOPES for n in range(80)]
    assert slices.masks([event.scope for event in told if event.scope]).max() == 1 << (MOST_SCOPES - 1)


@pytest.mark.parametrize(
    "words",
    ["country=", "=", "=FR", "country=FR=BE", "product=.*", "^.*$=FR", "country=FR|", "|", "' or 1=1", "![](http://x)"],
)
def test_hostile_scope_text_touches_everything_or_what_it_names(words: str) -> None:
    moved = following().audit(Brief(events=[scoped(words)]))
    for one in moved.context.signals.values():
        if one.remaining is not None:
            assert sum(one.lines.values()) + one.remaining == pytest.approx(one.raw_diff, abs=1e-9)
    (event,) = moved.context.events
    assert event.unanswered or event.scope
