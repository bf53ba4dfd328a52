"""Which periods are compared, and what forbids a verdict on them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from cxaudit.schema.results import Event, Span
from cxaudit.schema.settings import Settings

ONE_DAY = timedelta(days=1)
# The first order of a small shop rarely falls on the 1st: a period is reached if data start within its first week.
GRACE = timedelta(days=6)
# A shift of 52 weeks keeps weekdays and moves the ends by a day or two: still the same months.
SAME_MONTHS = timedelta(days=3)
BEFORE_AFTER_DAYS = 42


def default_comparison(settings: Settings, *, as_of: date, data_first: date) -> tuple[Span | None, Span | None]:
    """The periods (A, B) to compare.

    B is the period set, else the last complete calendar quarter up to `as_of`; A the one set, else B's calendar months
    a year earlier. Without a period set, no reach back to A means no comparison at all: (None, None).
    """
    b = settings.period or last_quarter(as_of)
    a = settings.compare or months_before(b, 12)
    if settings.compare or a.first >= data_first - GRACE:
        return a, b
    return None, settings.period


def last_quarter(as_of: date) -> Span:
    """The last calendar quarter that is over on the evening of `as_of`."""
    tomorrow = as_of + ONE_DAY
    start = date(tomorrow.year, 3 * ((tomorrow.month - 1) // 3) + 1, 1)
    return Span(add_months(start, -3), start - ONE_DAY)


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_before(span: Span, months: int) -> Span:
    """The same calendar days `months` earlier; an end on a month's last day stays on one."""
    first, last = add_months(span.first, -months), add_months(span.last, -months)
    if (span.last + ONE_DAY).day == 1:
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return Span(first, last)


def same_months(a: Span, b: Span) -> bool:
    """Whether the two are the same calendar months of different years."""
    years = round((b.first - a.first).days / 365.25)
    moved = months_before(b, 12 * years)
    return years != 0 and abs(moved.first - a.first) <= SAME_MONTHS and abs(moved.last - a.last) <= SAME_MONTHS


def before_after(a: Span, b: Span) -> bool:
    """Whether the two meet on one day and neither is longer than six weeks."""
    early, late = sorted((a, b), key=lambda span: span.first)
    meet = late.first - early.last == ONE_DAY
    return meet and all((span.last - span.first).days < BEFORE_AFTER_DAYS for span in (a, b))


def overlap(a: Span, b: Span) -> bool:
    """Whether a day lies in both."""
    return a.first <= b.last and b.first <= a.last


def blocks(a: Span | None, b: Span | None, first: date, last: date) -> tuple[Span, ...]:
    """The history from `first` to `last` cut at the ends of A and B: before, A, between, B, after (no empty one)."""
    if last < first:
        return ()
    cuts = {first, last + ONE_DAY}
    for span in (a, b):
        if span:
            cuts |= {day for day in (span.first, span.last + ONE_DAY) if first < day <= last}
    days = sorted(cuts)
    return tuple(Span(start, end - ONE_DAY) for start, end in pairwise(days))


def tool_changes(events: Sequence[Event], a: Span, b: Span) -> tuple[Event, ...]:
    """Changes of a tool or a definition between the first and the last day compared (R8); on the first day none is."""
    first, last = min(a.first, b.first), max(a.last, b.last)
    return tuple(
        event for event in events if event.kind == "tool_change" and event.starts_on <= last and event.ends_on > first
    )


def history_rung(first: date, last: date) -> str:
    """F1 from 18 months of history, F2 from 12, F3 from 3, F4 below."""
    for rung, months in (("F1", 18), ("F2", 12), ("F3", 3)):
        if add_months(first, months) <= last + ONE_DAY + GRACE:
            return rung
    return "F4"
