"""A score when most of those asked did not answer: bounds, re-weighting, sensitivity, break-even.

Sources: Manski (1989) for bounds without assumptions; Little and Rubin (2002, ch. 3) for weighting by response class.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan, sqrt

from cxaudit.stats.intervals import Interval, normal_interval

THINNEST = 20


@dataclass(frozen=True, slots=True)
class Stratum:
    """One class of those asked: how many were asked, answered, were satisfied."""

    name: str
    asked: float
    answered: float
    satisfied: float

    @property
    def rate(self) -> float:
        return self.satisfied / self.answered if self.answered else nan


@dataclass(frozen=True, slots=True)
class Reweighted:
    """The score when each class weighs what it weighs among those asked, and the classes it stands on."""

    interval: Interval
    response: float
    strata: tuple[Stratum, ...]

    def at(self, delta: float) -> float:
        """θ(δ) = θ − δ(1 − R): the score if those who did not answer were δ less satisfied than their class."""
        return self.interval.value - delta * (1 - self.response)

    def break_even(self, target: float) -> float:
        """δ* = (θ − target)/(1 − R); nan where everybody answered."""
        silent = 1 - self.response
        return (self.interval.value - target) / silent if silent > 0 else nan


def bounds(asked: float, answered: float, satisfied: float) -> tuple[float, float]:
    """[p·R ; p·R + 1 − R] without any assumption on those who did not answer; nan without anybody asked."""
    if not asked:
        return nan, nan
    return satisfied / asked, (satisfied + asked - answered) / asked


def reweight(strata: Iterable[Stratum], deff: float = 1.0, thinnest: float = THINNEST) -> Reweighted:
    """θ = Σ (N_h/N)·p_h with Var = Σ W_h²·p_h(1−p_h)/r_h, times the answers' design effect.

    A class with fewer than `thinnest` answers is merged with its neighbour (the next, for the last the one before).
    """
    cells = merge_thin(tuple(strata), thinnest)
    asked, answered = sum(c.asked for c in cells), sum(c.answered for c in cells)
    if not answered:
        return Reweighted(Interval(nan, nan, nan, 0.0), answered / asked if asked else nan, cells)
    theta = sum(c.asked / asked * c.rate for c in cells)
    variance = sum((c.asked / asked) ** 2 * c.rate * (1 - c.rate) / c.answered for c in cells)
    interval = normal_interval(theta, sqrt(variance * deff), answered / deff, deff)
    clipped = Interval(theta, max(0.0, interval.low), min(1.0, interval.high), interval.n_eff, deff)
    return Reweighted(clipped, answered / asked, cells)


def merge_thin(strata: Sequence[Stratum], thinnest: float) -> tuple[Stratum, ...]:
    """Classes in their order, those with fewer than `thinnest` answers merged with a neighbour; empty ones dropped."""
    cells = [cell for cell in strata if cell.asked]
    while len(cells) > 1 and any(cell.answered < thinnest for cell in cells):
        place = next(i for i, cell in enumerate(cells) if cell.answered < thinnest)
        first = min(place, len(cells) - 2)
        cells[first : first + 2] = [_merged(cells[first], cells[first + 1])]
    return tuple(cells)


def _merged(a: Stratum, b: Stratum) -> Stratum:
    return Stratum(f"{a.name}+{b.name}", a.asked + b.asked, a.answered + b.answered, a.satisfied + b.satisfied)
