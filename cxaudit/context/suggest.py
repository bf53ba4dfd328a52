"""Events that the data and the calendar propose; only those that a person confirms enter the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cxaudit.context.calendars import detected_name, proposals
from cxaudit.context.cells import AFTER_DAYS
from cxaudit.context.peaks import Run, dips, level, peaks
from cxaudit.schema.days import day_number, day_of
from cxaudit.schema.results import Event, Phrase, Span, Suggestion
from cxaudit.schema.settings import Settings

Floats = NDArray[np.float64]
Counts = tuple[Sequence[int], Sequence[float]]

# Orders that tickets of a day may be about: the week that ends on it.
RECENT_DAYS = 7
# A calendar proposal whose days are already in detected peaks to this share lends them its name.
SAME_PEAK = 0.5


def suggest(
    orders_daily: Counts | None,
    tickets_daily: Counts | None,
    events: Sequence[Event],
    settings: Settings,
    as_of: date,
) -> tuple[Suggestion, ...]:
    """Peaks and dips of orders, surges of tickets with no peak behind them, and the calendar, in the order of days.

    Args:
        orders_daily: (days, counts), days counted from 1970-01-01, days without orders may be left out; None without
            orders.
        tickets_daily: the same of tickets.
        events: declared events; a suggestion that overlaps one of its own kind is dropped.
        settings: language of the names, country of the holidays.
        as_of: later days are ignored.
    """
    orders, tickets = _series(orders_daily, as_of), _series(tickets_daily, as_of)
    span = _span(orders, tickets)
    if span is None:
        return ()
    calendar = proposals(span, country=settings.holidays_country, language=settings.language)
    found = [*_of_orders(orders, calendar, settings.language), *_of_tickets(orders, tickets, settings.language)]
    found += [one for one in calendar if not _already_found(one, found)]
    fresh = [one for one in found if not any(_overlap(one, event) for event in events if event.kind == one.kind)]
    return tuple(sorted(fresh, key=lambda one: (one.starts_on, one.ends_on, one.source, one.name)))


@dataclass(frozen=True, slots=True)
class _Series:
    """A daily count without holes, from its first day to its last."""

    first: int
    counts: Floats

    @property
    def last(self) -> int:
        return self.first + self.counts.size - 1


def _series(given: Counts | None, as_of: date) -> _Series | None:
    if given is None:
        return None
    days, counts = np.asarray(given[0], dtype=np.int64), np.asarray(given[1], dtype=float)
    kept = (days <= day_number(as_of)) & (counts > 0)
    days, counts = days[kept], counts[kept]
    if not days.size:
        return None
    return _Series(int(days.min()), np.bincount(days - days.min(), counts).astype(float))


def _span(*given: _Series | None) -> Span | None:
    known = [one for one in given if one is not None]
    if not known:
        return None
    return Span(day_of(min(one.first for one in known)), day_of(max(one.last for one in known)))


def _of_orders(orders: _Series | None, calendar: Iterable[Suggestion], language: str) -> Iterator[Suggestion]:
    found = orders and level(orders.counts, weekday_of_first=(orders.first + 3) % 7)
    if not orders or not found:
        return
    closed = {one.starts_on for one in calendar if one.source == "calendar.public"}
    trading = [one for one in calendar if one.kind == "peak"]
    for run in peaks(found):
        span = _days(run, orders.first)
        lender = next((one for one in trading if _share_covered(one, [span]) >= SAME_PEAK), None)
        name = lender.name if lender else detected_name("peak", span.first, language)
        yield _detected(name, "peak", span, "data.orders", run.ratio, "context.why.peak")
    for run in dips(found):
        span = _days(run, orders.first)
        if set(_each(span)) - closed:
            name = detected_name("dip", span.first, language)
            yield _detected(name, "incident", span, "data.dip", run.ratio, "context.why.dip")


def _of_tickets(orders: _Series | None, tickets: _Series | None, language: str) -> Iterator[Suggestion]:
    """Surges of tickets per order; not those that a peak of orders, in the fortnight before, explains."""
    if tickets is None:
        return
    weekday = (tickets.first + 3) % 7
    offset = None if orders is None else _recent_orders(orders, tickets)
    found = level(tickets.counts, weekday_of_first=weekday, offset=offset)
    ordered = orders and level(orders.counts, weekday_of_first=(orders.first + 3) % 7)
    behind = [_days(run, orders.first) for run in peaks(ordered)] if orders and ordered else []
    for run in peaks(found) if found else ():
        span = _days(run, tickets.first)
        if not any(_follows(span, peak) for peak in behind):
            name = detected_name("tickets", span.first, language)
            why = "context.why.tickets_per_order" if orders else "context.why.tickets"
            yield _detected(name, "incident", span, "data.tickets", run.ratio, why)


def _recent_orders(orders: _Series, tickets: _Series) -> Floats:
    """Log of the mean orders a day over the week that ends on each day of tickets (the nearest week known)."""
    total = np.concatenate([[0.0], np.cumsum(orders.counts)])
    end = np.clip(np.arange(tickets.first, tickets.last + 1) - orders.first + 1, 1, orders.counts.size)
    start = np.maximum(end - RECENT_DAYS, 0)
    return np.asarray(np.log((total[end] - total[start]) / (end - start) + 0.5), dtype=float)


def _detected(name: str, kind: str, span: Span, source: str, ratio: float, why: str) -> Suggestion:
    days = (span.last - span.first).days + 1
    phrase = Phrase.of(why, days=days, percent=abs(ratio - 1))
    return Suggestion(name, kind, span.first, span.last, source, ratio, phrase)


def _days(run: Run, first: int) -> Span:
    return Span(day_of(first + run.first), day_of(first + run.last))


def _each(span: Span) -> Iterator[date]:
    return (day_of(day) for day in range(day_number(span.first), day_number(span.last) + 1))


def _follows(span: Span, peak: Span) -> bool:
    return peak.first <= span.last and (span.first - peak.last).days <= AFTER_DAYS


def _overlap(one: Suggestion, other: Event | Suggestion) -> bool:
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _share_covered(one: Suggestion, spans: Iterable[Span]) -> float:
    days = set(_each(Span(one.starts_on, one.ends_on)))
    return len(days & {day for span in spans for day in _each(span)}) / len(days)


def _already_found(proposal: Suggestion, found: Iterable[Suggestion]) -> bool:
    """Whether detected peaks of the same name stand for a calendar proposal."""
    return any(one.name == proposal.name and _overlap(one, proposal) for one in found)
