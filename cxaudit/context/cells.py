"""A measure's days laid against the comparison and the events: the rows that the model fits.

Every unit lies in period A, in period B or elsewhere in the history; it falls under any number of terms, one a kind of
event and one for the fortnight after peaks and incidents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cxaudit.schema.days import day_number
from cxaudit.schema.results import Daily, Event, Span

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FACTORS = ("peak", "launch", "incident", "promotion")
LINES = (*FACTORS, "weekday")
TERMS = (*FACTORS, "after_peak", "after_incident")
FACTOR_OF = np.array([0, 1, 2, 3, 0, 2])
AFTER = {"peak": 4, "incident": 5}
AFTER_DAYS = 14
HALVES = 24
HALF_DAYS = 15
A, B, OTHER = 0, 1, 2
NO_SCOPE = np.zeros((0, 0))


def week_of(days: Ints) -> Ints:
    """ISO weeks in a row: 1970-01-01 was a Thursday."""
    return (days + 3) // 7


@dataclass(frozen=True, slots=True)
class Cells:
    """Parallel columns, one row a day (and scope), a week, or any group of units with the same covariates.

    `terms` is rows x TERMS: 1 where the term holds (a share of the row's units where rows are weeks). `weekday` is
    0 for Monday and `half` 0 for the first half of January, 23 for the last of December; -1 where they play no
    part. `day` is None where rows are bare groups without a date. `within` is rows x scopes: 1 where the row lies in a
    scope that events have; `felt` is rows x FACTORS: 1 where an event of the kind, or its fortnight, touches anybody on
    the row's day. Neither has columns where no event is scoped.
    """

    period: Ints
    weekday: Ints
    half: Ints
    terms: Floats
    units: Floats
    sums: Floats
    day: Ints | None = None
    within: Floats = field(default_factory=lambda: NO_SCOPE)
    felt: Floats = field(default_factory=lambda: NO_SCOPE)

    def __post_init__(self) -> None:
        for name in ("within", "felt"):
            if len(getattr(self, name)) != self.units.size:
                object.__setattr__(self, name, np.zeros((self.units.size, 0)))

    def only(self, rows: NDArray[np.bool_] | Ints) -> Cells:
        """The chosen rows."""
        return Cells(
            self.period[rows],
            self.weekday[rows],
            self.half[rows],
            self.terms[rows],
            self.units[rows],
            self.sums[rows],
            None if self.day is None else self.day[rows],
            self.within[rows],
            self.felt[rows],
        )

    def rate(self, period: int) -> float | None:
        """Sum over units of one period; None without units."""
        rows = self.period == period
        units = float(self.units[rows].sum())
        return float(self.sums[rows].sum()) / units if units else None


@dataclass(frozen=True, slots=True)
class Timetable:
    """Which terms hold on each day, as bits: those of events without scope, and those of each scope's events."""

    first: int
    everywhere: Ints
    scopes: tuple[str, ...]
    scoped: tuple[Ints, ...]

    def bits(self, days: Ints, scopes: Ints | None) -> Ints:
        """The terms of each row. Without `scopes` (the measure knows no such field) scoped events touch every row."""
        at = days - self.first
        bits = self.everywhere[at]
        for place, own in enumerate(self.scoped):
            touched = own[at] if scopes is None else np.where(scopes >> place & 1, own[at], 0)
            bits = bits | touched
        for kind, after in AFTER.items():
            during = bits >> TERMS.index(kind) & 1
            bits = bits & ~(during << after)
        return bits

    def apart(self, days: Ints, scopes: Ints | None) -> tuple[Floats, Floats]:
        """`within` and `felt` of each row; a scope that holds all rows or none is no scope here."""
        every = [] if scopes is None else [(scopes >> place & 1, own) for place, own in enumerate(self.scoped)]
        held = [(inside, own) for inside, own in every if inside.any() and own.any()]
        parts = [inside for inside, _ in held if not inside.all()]
        if not parts:
            return NO_SCOPE, NO_SCOPE
        bits = np.bitwise_or.reduce([self.everywhere, *(own for _, own in held)])[days - self.first]
        terms = bits[:, None] >> np.arange(len(TERMS)) & 1
        felt = np.column_stack([terms[:, factor == FACTOR_OF].any(axis=1) for factor in range(len(FACTORS))])
        return np.column_stack(parts).astype(float), felt.astype(float)


def timetable(events: Sequence[Event], scopes: Sequence[str], first: int, last: int) -> Timetable:
    """Events laid on the days from `first` to `last` (numbers from 1970-01-01, both inclusive)."""
    everywhere = np.zeros(last - first + 1, dtype=np.int64)
    scoped = {scope: np.zeros_like(everywhere) for scope in scopes}
    for event in events:
        if event.kind in FACTORS:
            _mark(scoped[event.scope] if event.scope else everywhere, event, first)
    return Timetable(first, everywhere, tuple(scopes), tuple(scoped.values()))


def _mark(bits: Ints, event: Event, first: int) -> None:
    start, end = day_number(event.starts_on) - first, day_number(event.ends_on) - first + 1
    bits[max(start, 0) : max(end, 0)] |= 1 << TERMS.index(event.kind)
    if event.kind in AFTER:
        bits[max(end, 0) : max(end + AFTER_DAYS, 0)] |= 1 << AFTER[event.kind]


def gather(daily: Daily, plan: Timetable, a: Span, b: Span, last: int, *, months: bool) -> Cells:
    """The rows of a measure with units, up to the day `last`, each with its period, weekday, half of a month and terms.

    `months` is true where A and B are the same calendar months; else the season would be one with the period.
    """
    days = np.asarray(daily.days, dtype=np.int64)
    units = np.asarray(daily.units, dtype=float)
    sums = np.asarray(daily.sums, dtype=float)
    told = (days <= last) & np.isfinite(sums) & np.isfinite(units)
    kept = told & (units > 0)
    sums = _carried(sums, kept, told & ~kept, _period(days, a, b))
    scopes = np.asarray(daily.scopes, dtype=np.int64)[kept] if daily.scopes else None
    days, units, sums = days[kept], units[kept], sums[kept]
    bits = plan.bits(days, scopes) if days.size else days
    terms = (bits[:, None] >> np.arange(len(TERMS)) & 1).astype(float)
    half = _half(days) if months else np.full(days.size, -1, dtype=np.int64)
    return Cells(_period(days, a, b), (days + 3) % 7, half, terms, units, sums, days, *plan.apart(days, scopes))


def _carried(sums: Floats, kept: NDArray[np.bool_], bare: NDArray[np.bool_], period: Ints) -> Floats:
    """What came on days without a unit (tickets on a day without an order), on the unit's day before, of one period.

    Left out, it would make a raw rate that is not the figure's own.
    """
    made = sums.copy()
    for place in (A, B, OTHER):
        rows, lone = np.flatnonzero(kept & (period == place)), np.flatnonzero(bare & (period == place) & (sums != 0))
        if rows.size and lone.size:
            np.add.at(made, rows[np.maximum(np.searchsorted(rows, lone) - 1, 0)], sums[lone])
    return made


def _half(days: Ints) -> Ints:
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    late = (dates - months.astype("datetime64[D]")).astype(np.int64) >= HALF_DAYS
    return months.astype(np.int64) % 12 * 2 + late


def _period(days: Ints, a: Span, b: Span) -> Ints:
    period = np.full(days.size, OTHER, dtype=np.int64)
    for place, span in ((A, a), (B, b)):
        period[(days >= day_number(span.first)) & (days <= day_number(span.last))] = place
    return period


def total(group: Ints, values: Floats) -> Floats:
    """The sum of `values` in each group, groups numbered from 0."""
    return np.bincount(group, values).astype(float)


def by_week(cells: Cells) -> Cells:
    """Rows summed by ISO week within each period, half month and scope; a term becomes its share of a row's units."""
    if cells.day is None:
        raise ValueError("rows without a day cannot be put into weeks")
    week = week_of(cells.day)
    scope = np.unique(cells.within, axis=0, return_inverse=True)[1].ravel() if cells.within.size else 0
    keys = np.column_stack([(week * 3 + cells.period) * (HALVES + 1) + cells.half, scope + 0 * week])
    group = np.unique(keys, axis=0, return_inverse=True)[1].ravel()
    units = total(group, cells.units)
    size = units.size
    period, half, day = (np.zeros(size, dtype=np.int64) for _ in range(3))
    period[group], half[group], day[group] = cells.period, cells.half, week * 7 - 3
    terms = np.column_stack([np.bincount(group, cells.units * column) / units for column in cells.terms.T])
    within, felt = np.zeros((size, cells.within.shape[1])), np.zeros((size, cells.felt.shape[1]))
    within[group] = cells.within
    np.maximum.at(felt, group, cells.felt)
    weekday = np.full(size, -1, dtype=np.int64)
    return Cells(period, weekday, half, terms, units, total(group, cells.sums), day, within, felt)
