"""Kaplan-Meier in whole days with Greenwood's variance and log-log limits (Kalbfleisch and Prentice 1980)."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxaudit.stats.intervals import Z95


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve: the days on which something happened, S just after them, Greenwood's sum, and those at risk."""

    days: NDArray[np.int64]
    survival: NDArray[np.floating]
    greenwood: NDArray[np.floating]
    at_risk: NDArray[np.float64]

    def at(self, day: int) -> tuple[float, float]:
        """S(day) and Greenwood's sum there; (1, 0) before the first event."""
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        return (1.0, 0.0) if place < 0 else (float(self.survival[place]), float(self.greenwood[place]))

    def event_share(self, day: int) -> tuple[float, float, float]:
        """1 − S(day) with its log-log 95 % limits."""
        s, g = self.at(day)
        if s >= 1.0:
            return 0.0, 0.0, nan
        if s <= 0.0:
            return 1.0, nan, 1.0
        half = Z95 * sqrt(g) / abs(log(s))
        return 1 - s, 1 - s ** exp(-half), 1 - s ** exp(half)

    def median(self) -> float | None:
        """First day on which S is ½ or less; None while the curve stays above."""
        below = np.flatnonzero(self.survival <= 0.5)
        return float(self.days[below[0]]) if len(below) else None


def kaplan_meier(durations: ArrayLike, happened: ArrayLike) -> Curve:
    """The curve of units followed for `durations` whole days, ended by the event or by censoring.

    Events come before censoring on ties.
    """
    days = np.asarray(durations, np.int64)
    event = np.asarray(happened, bool)
    times, counts = np.unique(days[event], return_counts=True)
    at_risk = len(days) - np.searchsorted(np.sort(days), times, side="left")
    survival = np.cumprod(1 - counts / at_risk)
    with np.errstate(divide="ignore"):
        greenwood = np.cumsum(counts / (at_risk * (at_risk - counts)))
    return Curve(times, survival, greenwood, at_risk.astype(float))
