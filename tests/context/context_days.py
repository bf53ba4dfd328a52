"""Days with a known truth, for the tests of the context model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from cxaudit.context.cells import TERMS, Cells
from cxaudit.schema.days import day_number
from cxaudit.schema.results import Daily, Event, Measure

FIRST, LAST = date(2024, 10, 1), date(2026, 9, 30)


def cells(rows: Sequence[tuple[int, Sequence[str], float, float]]) -> Cells:
    """Bare groups: (period, terms, units, sums)."""
    terms = np.array([[float(term in row[1]) for term in TERMS] for row in rows])
    none = np.full(len(rows), -1)
    return Cells(
        np.array([row[0] for row in rows]),
        none,
        none,
        terms,
        np.array([row[2] for row in rows], dtype=float),
        np.array([row[3] for row in rows], dtype=float),
    )


def event(kind: str, first: date, last: date, scope: str = "", name: str = "") -> Event:
    return Event(name or kind, kind, first, last, scope)


def spread(
    rates: Sequence[tuple[date, date, float]] = (),
    *,
    usual: float = 0.2,
    units: float = 100,
    first: date = FIRST,
    last: date = LAST,
    key: str = "recontact.orders.30d",
    seed: int | None = None,
    **more: object,
) -> Measure:
    """A share with the same rate every day but between the days of `rates`; drawn at random if `seed` is given."""
    days = np.arange(day_number(first), day_number(last) + 1)
    share = np.full(days.size, usual)
    for start, end, rate in rates:
        share[(days >= day_number(start)) & (days <= day_number(end))] = rate
    volume = np.full(days.size, float(units))
    sums = volume * share
    if seed is not None:
        luck = np.random.default_rng(seed)
        volume = luck.poisson(units, days.size).astype(float)
        sums = luck.binomial(volume.astype(int), share).astype(float)
    return measure(Daily(tuple(days.tolist()), tuple(volume.tolist()), tuple(sums.tolist())), key=key, **more)


def measure(daily: Daily, *, key: str = "recontact.orders.30d", unit: str = "share", **more: object) -> Measure:
    total, sums = sum(daily.units), sum(daily.sums)
    return Measure(key, unit, sums, total, sums / total if total else None, daily=daily, **more)  # type: ignore[arg-type]
