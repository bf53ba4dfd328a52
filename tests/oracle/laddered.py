"""Comparisons of two periods, from §5 alone: what was counted on each side, what stands against it, what may be said.

The world is plain on purpose: so many contacted orders each day, each its own customer, of which some write again three
days later. Everything that a comparison must bear is read off days and counts.

What the definitions leave open: 18 months of history are the days from the first one to the last, both counted, a month
after a month, but for a first week that a small shop may lack; the same months may be off by three days, as 52 weeks
are; R3 counts days, and normal days are those that no event touches, whatever its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from cxaudit.schema.results import Event, Span

KEY = "recontact.orders.7d"
DAYS = 7
DAY = timedelta(days=1)
FIRST_WEEK = timedelta(days=6)

Share = Callable[[date], float]


@dataclass(frozen=True)
class Unit:
    """A contacted order: the day of its first ticket and whether a second came within the window."""

    day: date
    again: bool


def days(first: date, last: date) -> Iterator[date]:
    yield from (first + DAY * place for place in range((last - first).days + 1))


def units(first: date, last: date, a_day: Callable[[date], int], share: Share) -> list[Unit]:
    """`a_day(day)` contacted orders each day; the recontacted ones are spread evenly, carrying what is left over."""
    found: list[Unit] = []
    owed: float = 0.0
    for day in days(first, last):
        for _ in range(a_day(day)):
            owed += share(day)
            again = owed >= 1 - 1e-9
            owed -= again
            found.append(Unit(day, again))
    return found


def tickets(world: Iterable[Unit]) -> pl.DataFrame:
    rows = []
    for number, unit in enumerate(world):
        rows.append((f"O{number}", datetime.combine(unit.day, time(9, number % 60))))
        if unit.again:
            rows.append((f"O{number}", datetime.combine(unit.day + 3 * DAY, time(15))))
    return pl.DataFrame(rows, schema=["order_id", "created_at"], orient="row")


def raw(world: Sequence[Unit], span: Span, as_of: date) -> tuple[int, int]:
    """Recontacted and all mature units of a period."""
    inside = [unit for unit in world if span.first <= unit.day <= span.last and unit.day + DAYS * DAY <= as_of]
    return sum(unit.again for unit in inside), len(inside)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the first of the next month where there is none."""
    year, month = divmod(day.month - 1 + months, 12)
    try:
        return date(day.year + year, month + 1, day.day)
    except ValueError:
        return date(day.year + year + (month == 11), (month + 1) % 12 + 1, 1)


def rung(first: date, as_of: date) -> str:
    """By months of history alone."""
    covered = next(n for n in range(1000) if months_after(first, n + 1) > as_of + DAY + FIRST_WEEK)
    return next(name for name, least in (("F1", 18), ("F2", 12), ("F3", 3), ("F4", 0)) if covered >= least)


def same_months(a: Span, b: Span) -> bool:
    """A is B one calendar year earlier, or 52 weeks."""
    ends = ((a.first, b.first), (a.last + DAY, b.last + DAY))
    return all(abs((months_after(one, 12) - other).days) <= 3 for one, other in ends)


def before_after(a: Span, b: Span) -> bool:
    """Two neighbours of six weeks at most."""
    (one, two) = sorted((a, b), key=lambda span: span.first)
    return one.last + DAY == two.first and all((span.last - span.first).days < 42 for span in (a, b))


def covered(events: Sequence[Event], span: Span) -> bool:
    """R3: a kind of event on more than 70 % of the days, or fewer than 14 days that no event touches."""
    inside = set(days(span.first, span.last))
    touched = {kind: set() for kind in {event.kind for event in events}}  # type: dict[str, set[date]]
    for event in events:
        touched[event.kind] |= inside & set(days(event.starts_on, event.ends_on))
    every = set().union(*touched.values())
    return bool(every) and (
        len(inside - every) < 14 or any(10 * len(held) > 7 * len(inside) for held in touched.values())
    )


def changed(events: Sequence[Event], a: Span, b: Span) -> bool:
    """R8: a tool changed between the first and the last day compared."""
    first, last = min(a.first, b.first), max(a.last, b.last)
    return any(event.kind == "tool_change" and first < event.starts_on <= last for event in events)


def wrong(told: dict[str, Any], least: float, a: Span, b: Span) -> Iterator[str]:
    """Where one comparison of the JSON says more than its own numbers, or does not add up."""
    lines, remaining = told["lines"], told["remaining"]
    if told["raw_diff"] is None:
        if remaining is not None or any(lines.values()):
            yield "lines without a difference"
        return
    if abs(told["raw_b"] - told["raw_a"] - told["raw_diff"]) > 1e-9:
        yield "the raw difference is none"
    if remaining is not None and abs(sum(lines.values()) + remaining - told["raw_diff"]) > 1e-9:
        yield f"lines and remaining make {sum(lines.values()) + remaining}, not {told['raw_diff']}"
    if told["verdict"] == "demonstrated":
        if set(told["refusals"]) - ({"R4"} if before_after(a, b) else set()):
            yield f"demonstrated in spite of {told['refusals']}"
        if told["low"] is None or told["low"] <= 0 <= told["high"] or abs(remaining) < least:
            yield "demonstrated without an interval that excludes zero, or below the materiality"
    apart = told["low"] is not None and not told["low"] <= 0 <= told["high"] and abs(remaining) >= least
    if told["verdict"] == "not demonstrated" and apart:
        yield "an interval without zero, beyond the materiality, and no refusal, is not demonstrated"
