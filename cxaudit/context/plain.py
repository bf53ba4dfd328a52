"""Rung F4: too little for a model, so the figure outside event days stands beside the raw one.

The lines are the Shapley shares of leaving each kind's days in or out, so that they sum to the raw difference here too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxaudit.context.cells import FACTOR_OF, LINES, A, B, Cells, week_of
from cxaudit.context.errors import reach
from cxaudit.context.shapley import shapley

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plain:
    """Both periods raw and on the days outside events; adjusted figures are None where a period has no such day."""

    raw_a: float
    raw_b: float
    adjusted_a: float | None
    adjusted_b: float | None
    lines: Floats
    error: float | None
    freedom: float

    @property
    def remaining(self) -> float:
        return self.raw_b - self.raw_a - float(self.lines.sum())

    @property
    def interval(self) -> tuple[float, float] | tuple[None, None]:
        """95 % of what remains; None where a week or less leaves no variance to see."""
        if self.error is None:
            return None, None
        half = reach(self.error, self.freedom)
        return self.remaining - half, self.remaining + half


def outside_events(cells: Cells, *, logit: bool) -> Plain:
    """The difference B - A on all days and on the days outside events; both periods need a unit."""
    raw_a, raw_b = cells.rate(A), cells.rate(B)
    if raw_a is None or raw_b is None:
        raise ValueError("a period has no unit")
    normal = cells.only(cells.terms.max(axis=1) == 0)
    adjusted = normal.rate(A), normal.rate(B)
    lines = np.zeros(len(LINES))
    rows = normal
    if adjusted[0] is None or adjusted[1] is None:
        rows = cells
        adjusted = None, None
    else:
        players = sorted({int(FACTOR_OF[term]) for term in np.flatnonzero(cells.terms.any(axis=0))})
        lines[players] = shapley(_differences(cells, players))
    spread, freedom = _variance(rows, logit)
    return Plain(raw_a, raw_b, *adjusted, lines, spread, freedom)


def _differences(cells: Cells, players: list[int]) -> Floats:
    """B - A over the days whose kinds of event are all in a subset, for each subset of the players."""
    touched = np.column_stack(
        [cells.terms[:, player == FACTOR_OF].any(axis=1) for player in players] or [cells.units < 0]
    )
    kinds = touched @ (1 << np.arange(touched.shape[1]))
    size = 1 << len(players)
    within = (np.arange(size)[:, None] & np.arange(size)) == np.arange(size)
    rates = []
    for period in (A, B):
        rows = cells.period == period
        units, sums = (np.bincount(kinds[rows], column[rows], size) for column in (cells.units, cells.sums))
        rates.append((within @ sums) / (within @ units))
    return np.asarray(rates[1] - rates[0], dtype=float)


def _variance(cells: Cells, logit: bool) -> tuple[float | None, float]:
    """Standard error of the difference (clustered by ISO week, at least binomial for a share) and its freedom."""
    parts, weeks = [], 0
    for period in (A, B):
        rows = cells.only(cells.period == period)
        part, count = _one_variance(rows, logit)
        parts.append(part)
        weeks += count
    known = [part for part in parts if part is not None]
    return (sum(known) ** 0.5 if len(known) == 2 else None), float(max(weeks - 2, 1))


def _one_variance(rows: Cells, logit: bool) -> tuple[float | None, int]:
    units, sums = float(rows.units.sum()), float(rows.sums.sum())
    smooth = (sums + 1) / (units + 2)
    least = smooth * (1 - smooth) / units if logit else None
    weeks = np.unique(week_of(rows.day), return_inverse=True)[1] if rows.day is not None else np.array([0])
    count = int(weeks.max()) + 1
    if count < 2:
        return least, count
    scores = np.bincount(weeks, rows.sums - rows.units * sums / units)
    clustered = count / (count - 1) * float((scores**2).sum()) / units**2
    return max(clustered, least or 0.0), count
