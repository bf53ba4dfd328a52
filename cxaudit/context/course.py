"""What a figure, the orders and the tickets did over weeks, months or any days: drawn on the timeline, told on a click.

The interval of a share is Wilson's, its units divided by the measure's design effect. A mean's days tell how much days
of one week differ, pooled over the history: its interval is 1.96 of their standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from cxaudit.context.cells import total
from cxaudit.context.comparison import add_months
from cxaudit.schema.days import day_number, day_of
from cxaudit.schema.results import Daily, Daybook, Span
from cxaudit.stats.intervals import Z95, wilson

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

USUAL_WEEKS, LEAST_USUAL = 8, 3
# A reason rose if luck on its usual count would hardly give as many, and by enough tickets to be worth a word.
RISEN_Z, RISEN_TICKETS, MOST_RISEN = 3.0, 3, 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """A figure over some days; low and high are None where nothing tells how sure it is."""

    span: Span
    units: float
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Risen:
    """A count over some days and what the same weekdays of the eight weeks before would have given."""

    name: str
    count: int
    usual: float | None


@dataclass(frozen=True, slots=True)
class Happened:
    """Orders, tickets (None without such a table), and the reasons that rose, largest excess first."""

    orders: Risen | None
    tickets: Risen | None
    reasons: tuple[Risen, ...]


def week_around(day: date) -> Span:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def month_around(day: date) -> Span:
    """The first to the last day of the month."""
    first = day.replace(day=1)
    return Span(first, add_months(first, 1) - timedelta(days=1))


STEPS: Mapping[str, Callable[[date], Span]] = {"week": week_around, "month": month_around}


def course(daily: Daily, unit: str, deff: float, step: str) -> tuple[Stretch, ...]:
    """A measure by `step` (week or month), those without units left out."""
    days, units, sums = _columns(daily)
    if not days.size:
        return ()
    spread = _spread(days, units, sums)
    spans = _spans(days, step)
    found = (_stretch(days, units, sums, span, unit, deff, spread) for span in spans)
    return tuple(one for one in found if one is not None)


def over(daily: Daily, unit: str, deff: float, span: Span) -> Stretch | None:
    """A measure over the days of `span`; None without units."""
    days, units, sums = _columns(daily)
    return _stretch(days, units, sums, span, unit, deff, _spread(days, units, sums)) if days.size else None


def counted(counts: Sequence[int], first: int, step: str) -> tuple[Stretch, ...]:
    """Counts by `step`; the first and the last one only where they are whole."""
    if not counts:
        return ()
    days = np.arange(first, first + len(counts))
    numbers = np.asarray(counts, dtype=float)
    whole = [
        span
        for span in _spans(days, step)
        if day_number(span.first) >= first and day_number(span.last) < first + len(counts)
    ]
    totals = (numbers[day_number(span.first) - first : day_number(span.last) - first + 1].sum() for span in whole)
    return tuple(Stretch(span, float(n), float(n)) for span, n in zip(whole, totals, strict=True))


def happened(book: Daybook, span: Span) -> Happened:
    """What the days of `span` brought, against the same weekdays of the eight weeks before."""
    reasons = [_against_usual(name, counts, book.first, span) for name, counts in book.reasons.items()]
    risen = sorted((one for one in reasons if _rose(one)), key=lambda one: (one.usual or 0.0) - one.count)
    return Happened(
        _against_usual("orders", book.orders, book.first, span) if book.orders else None,
        _against_usual("tickets", book.tickets, book.first, span) if book.tickets else None,
        tuple(risen[:MOST_RISEN]),
    )


def _columns(daily: Daily) -> tuple[Ints, Floats, Floats]:
    """Units and sums by day, days in order, those without units left out."""
    days, place = np.unique(np.asarray(daily.days, dtype=np.int64), return_inverse=True)
    units, sums = (total(place, np.asarray(column, dtype=float)) for column in (daily.units, daily.sums))
    kept = (units > 0) & np.isfinite(sums)
    return days[kept], units[kept], sums[kept]


def _spans(days: Ints, step: str) -> list[Span]:
    around = STEPS[step]
    spans = [around(day_of(int(days[0])))]
    while spans[-1].last < day_of(int(days[-1])):
        spans.append(around(spans[-1].last + timedelta(days=1)))
    return spans


def _spread(days: Ints, units: Floats, sums: Floats) -> float | None:
    """Variance of one unit, from how the means of days scatter about their week's."""
    week = np.unique((days + 3) // 7, return_inverse=True)[1] if days.size else days
    spare = days.size - (int(week.max()) + 1 if days.size else 0)
    if spare <= 0:
        return None
    means = np.bincount(week, sums) / np.bincount(week, units)
    return float((units * (sums / units - means[week]) ** 2).sum()) / spare


def _stretch(
    days: Ints, units: Floats, sums: Floats, span: Span, unit: str, deff: float, spread: float | None
) -> Stretch | None:
    rows = slice(*np.searchsorted(days, (day_number(span.first), day_number(span.last) + 1)))
    n = float(units[rows].sum())
    if not n:
        return None
    value = float(sums[rows].sum()) / n
    if unit == "share" and 0 <= value <= 1:
        return Stretch(span, n, value, *wilson(value, n / max(deff, 1.0)))
    if spread is None:
        return Stretch(span, n, value)
    reach = Z95 * (spread / n) ** 0.5
    return Stretch(span, n, value, value - reach, value + reach)


def _against_usual(name: str, counts: Sequence[int], first: int, span: Span) -> Risen:
    """The count of the span, and the mean of the same weekdays in the weeks before it; None under three such weeks."""
    numbers = np.asarray(counts, dtype=float)
    start, end = day_number(span.first) - first, day_number(span.last) - first + 1
    inside = np.arange(max(start, 0), min(max(end, 0), numbers.size))
    count = int(numbers[inside].sum())
    usual = 0.0
    for day in inside:
        latest = day - 7 * ((day - start) // 7 + 1)
        before = [latest - 7 * week for week in range(USUAL_WEEKS) if latest - 7 * week >= 0]
        if len(before) < LEAST_USUAL:
            return Risen(name, count, None)
        usual += float(numbers[before].mean())
    return Risen(name, count, usual)


def _rose(one: Risen) -> bool:
    if one.usual is None:
        return False
    excess = one.count - one.usual
    return excess >= RISEN_TICKETS and excess >= RISEN_Z * (one.usual * (1 + 1 / USUAL_WEEKS)) ** 0.5
