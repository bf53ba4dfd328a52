"""An audit that follows other settings and events is the audit made anew, and computes only what they touch."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import polars as pl
import pytest
import written

from cxaudit import run_audit
from cxaudit.audit import Brief, all_signals, prepare_audit
from cxaudit.follow.kept import Kept
from cxaudit.follow.live import Live
from cxaudit.follow.readjust import readjust
from cxaudit.measure.tables import Tables
from cxaudit.prepare.verbatims import digest
from cxaudit.schema.results import Audit, Event, Span
from cxaudit.schema.settings import Settings, Targets

START = Settings(
    as_of=date(2026, 1, 31),
    period=Span(date(2025, 7, 1), date(2025, 12, 31)),
    compare=Span(date(2025, 1, 6), date(2025, 6, 30)),
)
STRIKE = Event("Grève", "incident", date(2025, 9, 1), date(2025, 9, 14))
LAUNCH = Event("Lancement", "launch", date(2025, 11, 3), date(2025, 11, 9), "channel=chat")
BODY = Event("Panne", "incident", date(2025, 8, 4), date(2025, 8, 10), "reason=Suivi")
SAID = {digest("Je suis ravie de mon achat, je recommande."): ("satisfaction",)}
Path = tuple[str, ...]
OTHER: dict[Path, Any] = {
    ("period",): Span(date(2025, 4, 1), date(2025, 12, 31)),
    ("compare",): Span(date(2025, 2, 1), date(2025, 6, 30)),
    ("complaint_reasons",): ("Suivi",),
    ("currency",): "USD",
    ("language",): "en",
    ("holidays_country",): "BE",
    ("margin_rate",): 0.4,
    ("minute_cost",): 0.8,
    ("opening_hours", "weekdays"): (1, 2, 3, 4, 5, 6),
}
CLOCK = {("as_of",), ("timezone",), ("tone_model",)}


def leaves(record: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every setting of the record by its path."""
    for item in fields(record):
        value = getattr(record, item.name)
        if is_dataclass(value) and not isinstance(value, Span):
            yield from leaves(value, (*path, item.name))
        else:
            yield (*path, item.name), value


def other(path: Path, value: Any) -> Any:
    """Another value of a setting."""
    if path in OTHER:
        return OTHER[path]
    return not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else value * 0.7


def changed(settings: Settings, path: Path, value: Any) -> Settings:
    first, *rest = path
    if not rest:
        return replace(settings, **{first: value})
    return replace(settings, **{first: replace(getattr(settings, first), **{rest[0]: value})})


PLACES = [(path, value) for path, value in leaves(START) if path not in CLOCK]


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    made = written.world(91, 60)
    # Without a flag of its own a complaint is what its reason says.
    return {**made, "tickets": made["tickets"].drop("is_complaint", strict=False)}


def following(frames: dict[str, pl.DataFrame], settings: Settings = START, results: Kept | None = None) -> Live:
    return Live(prepare_audit(frames, Brief(settings)), results=results)


def assert_same(one: Audit, anew: Audit) -> None:
    for item in fields(Audit):
        assert getattr(one, item.name) == getattr(anew, item.name), item.name


def test_each_setting_has_another_value() -> None:
    assert all(other(path, value) != value for path, value in PLACES)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_change_is_the_audit_made_anew(frames: dict[str, pl.DataFrame], seed: int) -> None:
    """A walk over all settings, some at a time, forth and now and then back, with events and labels in between."""
    draw = random.Random(seed)
    waiting, live, settings, past = draw.sample(PLACES, len(PLACES)), following(frames), START, [START]
    live.audit(Brief(START))
    while waiting:
        for path, value in [waiting.pop() for _ in range(min(len(waiting), 14))]:
            settings = changed(settings, path, other(path, value))
        events = draw.sample((STRIKE, LAUNCH, BODY), draw.randrange(4))
        labels = draw.choice(({}, SAID))
        followed = live.audit(Brief(settings, events, labels=labels))
        assert_same(followed, run_audit(frames, settings, events, labels=labels))
        past.append(settings)
        settings = draw.choice((settings, settings, past[-2]))


@pytest.mark.parametrize("path", [("exclude", "spam"), ("exclude", "refunded"), ("complaint_reasons",), ("period",)])
def test_going_back_is_where_one_was(frames: dict[str, pl.DataFrame], path: Path) -> None:
    live = following(frames)
    before = live.audit(Brief(START, (STRIKE,)))
    live.audit(Brief(changed(START, path, other(path, dict(PLACES)[path])), (STRIKE,)))
    assert_same(live.audit(Brief(START, (STRIKE,))), before)


class Counting(Kept):
    """Results, and the names of those that were computed."""

    def __init__(self) -> None:
        super().__init__()
        self.computed: set[Hashable] = set()

    def of(self, name: Hashable, tables: Tables, settings: Settings, make: Callable[[Tables, Settings], Any]) -> Any:
        def making(told: Tables, under: Settings) -> Any:
            self.computed.add(name)
            return make(told, under)

        return super().of(name, tables, settings, making)


COMPLAINED = {"repurchase", "gestures", "refund", "clicks"}


@pytest.mark.parametrize(
    ("path", "touched"),
    [
        (("targets", "csat"), set()),
        (("margin_rate",), set()),
        (("windows", "resolution_days"), {"closing"}),
        (("windows", "unsubscribe_days"), {"unsubscribe"}),
        (("complaint_reasons",), COMPLAINED),
        (("minute_cost",), {"field_work"}),
        (("seed",), {"gestures", "repurchase"}),
    ],
)
def test_a_change_computes_what_it_touches(frames: dict[str, pl.DataFrame], path: Path, touched: set[str]) -> None:
    results = Counting()
    live = following(frames, results=results)
    live.audit(Brief(START))
    assert {signal.key for signal in all_signals()} <= results.computed
    results.computed.clear()
    live.audit(Brief(changed(START, path, other(path, dict(PLACES)[path]))))
    assert results.computed == touched
    results.computed.clear()
    live.audit(Brief(START))
    assert not results.computed


def test_an_event_computes_the_weeks_and_no_other_figure(frames: dict[str, pl.DataFrame]) -> None:
    results = Counting()
    live = following(frames, results=results)
    live.audit(Brief(START))
    results.computed.clear()
    live.audit(Brief(START, (STRIKE, LAUNCH)))
    assert results.computed == {"contacts"}


def test_another_clock_needs_the_exports(frames: dict[str, pl.DataFrame]) -> None:
    live = following(frames)
    assert live.serves(replace(START, period=None)) and not live.serves(replace(START, timezone="Asia/Tokyo"))
    assert not live.serves(replace(START, as_of=date(2026, 1, 30)))


def test_a_twin_goes_its_own_way(frames: dict[str, pl.DataFrame]) -> None:
    live = following(frames)
    before = live.audit(Brief(START))
    twin = live.twin()
    assert twin.begun and not following(frames).begun
    twin.audit(Brief(replace(START, minute_cost=1.0)))
    assert_same(live.audit(Brief(START)), before)


@pytest.mark.parametrize("events", [(), (STRIKE,), (STRIKE, replace(STRIKE, name="Encore")), (STRIKE, LAUNCH)])
def test_events_and_targets_without_rows_give_what_the_rows_would(
    frames: dict[str, pl.DataFrame], events: tuple[Event, ...]
) -> None:
    """Weeks, suggestions and reserves too; a scope is answered where the audit was made with it."""
    audit = run_audit(frames, START, (LAUNCH, BODY) if LAUNCH in events else ())
    aimed = replace(START, targets=Targets(csat=0.5, nps=None))
    anew = run_audit(frames, aimed, events)
    told = readjust(audit, events, aimed)
    if LAUNCH in events:  # days stay told apart by the scope of the event that was taken back
        assert told.measures["silence.contacts.weekly"] == anew.measures["silence.contacts.weekly"]
        return
    assert_same(told, anew)
