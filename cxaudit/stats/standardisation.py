"""Direct standardisation: what controls would show, were they made up as the cases are.

Source: Rothman, Greenland and Lash, Modern Epidemiology (3rd ed.), ch. 3; cells too thin fall back on coarser ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import nan, sqrt
from typing import TypeVar

from cxaudit.stats.intervals import Interval, normal_interval

Cell = tuple[Hashable, ...]
T = TypeVar("T")
THINNEST = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """Units and successes of a cell."""

    units: float
    successes: float

    @property
    def rate(self) -> float:
        return self.successes / self.units if self.units else nan

    def variance(self, shrunk: bool) -> float:
        """p(1−p)/n, with (s+1)/(n+2) for p where cells are estimated from data."""
        p = (self.successes + 1) / (self.units + 2) if shrunk else self.rate
        return p * (1 - p) / self.units


@dataclass(frozen=True, slots=True)
class Standardised:
    """The controls' rate on the cases' make-up, with its variance and how many cases fell back on coarser cells."""

    value: float
    variance: float
    cases: float
    controls: float
    fallback: float
    unmatched: float

    @property
    def fallback_share(self) -> float:
        return (self.fallback + self.unmatched) / (self.cases + self.unmatched) if self.cases + self.unmatched else nan


def standardise(
    cases: Mapping[Cell, float],
    controls: Mapping[Cell, Tally],
    *,
    shrunk: bool = True,
    thinnest: float = THINNEST,
    kept: int = 1,
) -> Standardised:
    """Σ (nT_c/nT)·pC_c over the cases' cells, the variance Σ (nT_c/nT)²·pC_c(1−pC_c)/nC_c.

    A cell is a tuple whose first parts are dropped first: with fewer than `thinnest` controls the comparison uses all
    controls that share the rest of the cell. Its last `kept` parts are what is compared: they stand with any control at
    all, and only without one are all controls used. Cases with no control at all are `unmatched` and carry no weight.
    """
    cases, controls = _ordered(cases), _ordered(controls)
    levels = _coarser(controls)
    found = {cell: _tally(cell, levels, thinnest, kept) for cell in cases}
    matched = {cell: units for cell, units in cases.items() if found[cell][0] is not None}
    total = sum(matched.values())
    used: dict[Cell, float] = {}
    tallies: dict[Cell, Tally] = {}
    for cell, units in matched.items():
        tally, level = found[cell]
        place = (level, *cell[level:])
        used[place] = used.get(place, 0.0) + units
        tallies[place] = tally  # type: ignore[assignment]
    value = sum(units / total * tallies[place].rate for place, units in used.items()) if total else nan
    variance = sum((units / total) ** 2 * tallies[place].variance(shrunk) for place, units in used.items())
    fallback = sum(units for cell, units in matched.items() if found[cell][1])
    everyone = sum(tally.units for tally in controls.values())
    return Standardised(value, variance, total, everyone, fallback, sum(cases.values()) - total)


def _ordered(cells: Mapping[Cell, T]) -> dict[Cell, T]:
    """By the cells' text: sums of fractions depend on their order in the last digit."""
    return dict(sorted(cells.items(), key=lambda item: str(item[0])))


def _coarser(controls: Mapping[Cell, Tally]) -> list[dict[Cell, Tally]]:
    """The controls' tallies by cell, by cell without its first part, and so on down to one tally of all."""
    depth = max((len(cell) for cell in controls), default=0)
    levels: list[dict[Cell, Tally]] = []
    for level in range(depth + 1):
        units: Counter[Cell] = Counter()
        successes: Counter[Cell] = Counter()
        for cell, tally in controls.items():
            units[cell[level:]] += tally.units  # type: ignore[assignment]
            successes[cell[level:]] += tally.successes  # type: ignore[assignment]
        levels.append({cell: Tally(units[cell], successes[cell]) for cell in units})
    return levels


def _tally(cell: Cell, levels: Sequence[Mapping[Cell, Tally]], thinnest: float, kept: int) -> tuple[Tally | None, int]:
    for level, tallies in enumerate(levels):
        tally = tallies.get(cell[level:])
        if tally is not None and tally.units >= (thinnest if len(cell) - level > kept else 1):
            return tally, level
    return None, 0


def gap(
    treated: Tally, controls: Standardised, deff: float = 1.0, *, control_deff: float = 1.0, shrunk: bool = False
) -> Interval:
    """treated − standardised controls, normal interval with the two variances added, each times its design effect;
    n_eff is the treated side's."""
    n_eff = treated.units / deff
    se = sqrt(treated.variance(shrunk) * deff + controls.variance * control_deff)
    return normal_interval(treated.rate - controls.value, se, n_eff, deff)
