"""Comparisons at and around each threshold of the ladder, against a reading of their own definitions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

import laddered
import polars as pl
import pytest
from laddered import DAY, KEY

from cxaudit import run_audit
from cxaudit.json_record import dump
from cxaudit.schema.results import Event, Span
from cxaudit.schema.settings import Settings

FIRST, LAST = date(2024, 12, 1), date(2026, 6, 30)
A, B = Span(date(2025, 3, 1), date(2025, 5, 31)), Span(date(2026, 3, 1), date(2026, 5, 31))
LONG = (B.last - B.first).days + 1  # 92 days
MATERIALITY = 0.01


def steady(_: date) -> float:
    return 0.25


@cache
def _world(
    first: date, last: date, a_day: int, share: Callable[[date], float]
) -> tuple[list[laddered.Unit], pl.DataFrame]:
    world = laddered.units(first, last, lambda _: a_day, share)
    return world, laddered.tickets(world)


def compared(
    world: Sequence[laddered.Unit],
    rows: pl.DataFrame,
    a: Span,
    b: Span,
    events: Sequence[Event] = (),
    last: date = LAST,
) -> dict[str, Any]:
    """The comparison of `KEY` as the JSON tells it, its raw shares counted by hand, and its rung of history."""

    def never(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    audit = run_audit({"tickets": rows}, Settings(as_of=last, period=b, compare=a), tuple(events))
    context = json.loads(dump(audit, "en"), parse_constant=never)["context"]
    for key, told in context["signals"].items():
        found = list(laddered.wrong(told, MATERIALITY, a, b))
        assert not found, (key, found)
    told = context["signals"][KEY]
    for side, span in (("raw_a", a), ("raw_b", b)):
        again, units = laddered.raw(world, span, last)
        assert told[side] == pytest.approx(again / units, abs=1e-12) if units else told[side] is None
    return {**told, "history": context["rung"]}


def plain(events: Sequence[Event] = (), a: Span = A, b: Span = B) -> dict[str, Any]:
    return compared(*_world(FIRST, LAST, 6, steady), a, b, events)


@pytest.mark.parametrize("spare", [-1, 0])
@pytest.mark.parametrize(("months", "a_day"), [(18, 6), (12, 6), (3, 12)])
def test_history_one_day_short_is_a_rung_lower(months: int, spare: int, a_day: int) -> None:
    """18 months less a week that a shop may lack, and one day less than that."""
    first = date(2025, 1, 1)
    last = laddered.months_after(first, months) - DAY - laddered.FIRST_WEEK + spare * DAY
    third = (last - first) // 3
    a, b = Span(first, first + third), Span(last - third - 7 * DAY, last - 7 * DAY)
    found = compared(*_world(first, last, a_day, steady), a, b, last=last)
    assert (
        found["history"] == laddered.rung(first, last) == {18: "F1F2", 12: "F2F3", 3: "F3F4"}[months][-2 * spare :][:2]
    )
    assert "R4" in found["refusals"]
    assert (found["rung"] == "F4") is (found["history"] == "F4")


def _within(kind: str, first: int, last: int, span: Span = B) -> Event:
    return Event(kind, kind, span.first + (first - 1) * DAY, span.first + (last - 1) * DAY)


COVERING: dict[str, tuple[Event, ...]] = {
    "64 of 92 days": (_within("incident", 1, 64),),
    "65 of 92 days": (_within("incident", 1, 65),),
    "65 days of A": (_within("incident", 1, 65, A),),
    "65 days in two pieces": (_within("promotion", 1, 40), _within("promotion", 30, 65)),
    "two kinds that leave 14": (_within("incident", 1, 50), _within("promotion", 30, 78)),
    "two kinds that leave 13": (_within("incident", 1, 50), _within("promotion", 30, 79)),
    "two kinds, no day left": (_within("peak", 1, 46), _within("launch", 47, 92)),
    "begun before, gone on after": (Event("s", "incident", B.first - 90 * DAY, B.last + 20 * DAY),),
    "before and after, never inside": (_within("incident", -60, 0), _within("incident", 93, 110)),
    "a day only": (_within("peak", 1, 1),),
}


@pytest.mark.parametrize("name", COVERING)
def test_an_event_over_70_percent_or_under_14_normal_days_is_refused(name: str) -> None:
    events = COVERING[name]
    found = plain(events)
    wanted = any(laddered.covered(events, span) for span in (A, B))
    assert ("R3" in found["refusals"]) is wanted
    assert (found["verdict"] == "withheld") is wanted


def test_each_side_of_the_threshold_is_met() -> None:
    refused = [any(laddered.covered(events, span) for span in (A, B)) for events in COVERING.values()]
    assert refused == [False, True, True, True, False, True, True, True, False, False]


@pytest.mark.parametrize("days", [(25, 26), (26, 27)])
def test_a_short_period_needs_14_normal_days(days: tuple[int, int]) -> None:
    """Of 40 days 26 are 65 %: what is left of the period counts, not the share alone."""
    b = Span(B.first, B.first + 39 * DAY)
    a = Span(A.first, A.first + 39 * DAY)
    for covered, stands in zip(days, (False, days[1] == 27), strict=True):
        events = (_within("incident", 1, covered),)
        found = compared(*_world(FIRST, LAST, 6, steady), a, b, events)
        assert ("R3" in found["refusals"]) is stands is laddered.covered(events, b)


TOOL = {
    A.first: False,
    A.first + DAY: True,
    A.last + 90 * DAY: True,
    B.last: True,
    B.last + DAY: False,
}


@pytest.mark.parametrize("day", TOOL)
def test_a_tool_changed_inside_the_comparison_is_refused(day: date) -> None:
    events = (Event("tool", "tool_change", day, day),)
    found = plain(events)
    assert ("R8" in found["refusals"]) is TOOL[day] is laddered.changed(events, A, B)


PERIODS = {
    "the same months": (A, B),
    "52 weeks before": (Span(B.first - 364 * DAY, B.last - 364 * DAY), B),
    "four days off": (Span(A.first + 4 * DAY, A.last + 4 * DAY), B),
    "other months": (Span(date(2025, 6, 1), date(2025, 8, 31)), B),
    "six weeks before and after": (Span(B.first - 42 * DAY, B.first - DAY), Span(B.first, B.first + 41 * DAY)),
    "43 days after": (Span(B.first - 42 * DAY, B.first - DAY), Span(B.first, B.first + 42 * DAY)),
    "a day between": (Span(B.first - 42 * DAY, B.first - 2 * DAY), Span(B.first, B.first + 41 * DAY)),
}


@pytest.mark.parametrize("name", PERIODS)
def test_other_months_cannot_be_told_from_season(name: str) -> None:
    a, b = PERIODS[name]
    found = plain(a=a, b=b)
    assert ("R4" not in found["refusals"]) is (laddered.same_months(a, b) or laddered.before_after(a, b))
    assert (found["verdict"] == "withheld") is bool(found["refusals"])


@pytest.mark.parametrize(("inside", "modelled"), [(199, False), (200, True), (29, False), (30, False)])
def test_a_period_of_under_200_units_has_no_model(inside: int, modelled: bool) -> None:
    """B is of 30 days, the first of which bear what is asked; all other days bear as many as ever."""
    a, b = Span(A.first, A.first + 29 * DAY), Span(B.first, B.first + 29 * DAY)
    spread = [inside // 30 + (place < inside % 30) for place in range(30)]
    world = laddered.units(
        FIRST, LAST, lambda day: spread[(day - b.first).days] if b.first <= day <= b.last else 7, steady
    )
    found = compared(world, laddered.tickets(world), a, b)
    assert (found["rung"] != "F4") is modelled
    assert (found["verdict"] == "insufficient") is (inside < 30)
    assert ("R1" in found["refusals"]) is not modelled


UGLY: dict[str, tuple[Event, ...]] = {
    "all": (_within("incident", 5, 9),),
    "never": (_within("launch", 20, 25),),
    "four days": (_within("promotion", 40, 43),),
    "one day of each kind": tuple(
        _within(kind, 60 + n, 60 + n) for n, kind in enumerate(("peak", "launch", "incident"))
    ),
    "overlapping": (_within("peak", 1, 30), _within("promotion", 10, 40), _within("incident", 25, 26)),
    "everything at once": tuple(_within(kind, 3, 12) for kind in ("peak", "launch", "incident", "promotion")),
    "on days without anybody": (_within("incident", 70, 75),),
    "in A and B": (_within("peak", 1, 10), _within("peak", 1, 10, A)),
    "before the data": (Event("early", "peak", FIRST - 30 * DAY, FIRST - DAY),),
    "over the whole history": (Event("long", "incident", FIRST, LAST),),
}


def _ugly(day: date) -> float:
    """Everybody writes again in one event, nobody in another; more in B than in A."""
    place = (day - B.first).days + 1
    if 5 <= place <= 9:
        return 1.0
    return 0.0 if 20 <= place <= 25 else (0.4 if 1 <= place <= LONG else 0.25)


@pytest.mark.parametrize("a_day", [6, 3])
@pytest.mark.parametrize("name", UGLY)
def test_lines_and_remaining_are_the_raw_difference_whatever_the_events(name: str, a_day: int) -> None:
    """By day, and by week where there are under five a day; on some days of B nobody wrote."""
    empty = range(70, 76)
    world = laddered.units(FIRST, LAST, lambda day: 0 if (day - B.first).days + 1 in empty else a_day, _ugly)
    found = compared(world, laddered.tickets(world), A, B, UGLY[name])
    parts = [*found["lines"].values(), found["remaining"]]
    assert None not in parts
    assert sum(parts) == pytest.approx(found["raw_b"] - found["raw_a"], abs=1e-9)
    assert found["raw_diff"] > 0.1


def test_a_difference_that_nothing_stands_against_is_demonstrated() -> None:
    """The worlds above are refused for what is told of them, and not because nothing is ever demonstrated."""
    world, rows = _world(FIRST, LAST, 20, lambda day: 0.45 if B.first <= day <= B.last else 0.25)
    assert compared(world, rows, A, B)["verdict"] == "demonstrated"
    assert compared(world, rows, A, B, (_within("incident", 5, 9),))["verdict"] == "demonstrated"
    assert compared(world, rows, A, B, (_within("incident", 1, 65),))["verdict"] == "withheld"


@pytest.mark.parametrize("more", [(), (_within("promotion", 40, 55),)], ids=["alone", "beside another kind"])
@pytest.mark.parametrize(("lasts", "rate"), [(1, 1.0), (4, 1.0), (4, 0.0), (6, 0.0)])
def test_an_event_too_thin_or_too_even_is_not_lent_to_normal_days(
    lasts: int, rate: float, more: tuple[Event, ...]
) -> None:
    """Under five days, or everybody or nobody on its days: in normal conditions the rate is that of all other days."""
    world = laddered.units(
        FIRST, LAST, lambda _: 6, lambda day: rate if 0 <= (day - B.first).days - 10 < lasts else 0.25
    )
    found = compared(world, laddered.tickets(world), A, B, (_within("incident", 11, 10 + lasts), *more))
    assert found["adjusted_b"] == pytest.approx(0.25, abs=0.003)
    assert found["lines"]["incident"] == pytest.approx(found["raw_diff"], abs=0.003)
    assert found["verdict"] == "not demonstrated"


@pytest.mark.parametrize(("days", "verdict"), [(42, "demonstrated"), (43, "withheld")])
def test_with_ten_months_only_a_short_before_and_after_may_claim(days: int, verdict: str) -> None:
    """R4 stands in either case: the season is not known."""
    first, last = date(2025, 9, 1), LAST
    change = date(2026, 4, 20)
    a, b = Span(change - days * DAY, change - DAY), Span(change, change + (days - 1) * DAY)
    world = laddered.units(first, last, lambda _: 20, lambda day: 0.5 if change <= day <= b.last else 0.25)
    found = compared(world, laddered.tickets(world), a, b, last=last)
    assert (found["history"], found["verdict"]) == ("F3", verdict)
    assert "R4" in found["refusals"]
