"""Intervals for shares, means and NPS whose units cluster by customer, and for differences.

Sources: Wilson (1927) with the effective sample size of Kish (1965) and the linearised cluster variance of Cochran
(1977, §3.12); Newcombe (1998, method 10) for differences; Miettinen's Fisher transform for correlations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, inf, isnan, nan, sqrt, tanh

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

Z95 = 1.959964
DETECTABLE = 2.8  # standard errors: 80 % power at 5 %


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % limits, its effective sample size and its design effect; nan where there is no unit."""

    value: float
    low: float
    high: float
    n_eff: float
    deff: float = 1.0

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class ClusterSums:
    """What a clustered estimate needs of its units: K clusters, n units, and sums over clusters of y, m², m·y, y²."""

    clusters: float
    units: float
    total: float
    mm: float
    my: float
    yy: float

    @classmethod
    def of(cls, units: ArrayLike, totals: ArrayLike) -> ClusterSums:
        """From the m_k units and y_k totals of each cluster."""
        m, y = np.asarray(units, float), np.asarray(totals, float)
        return cls(float(len(m)), m.sum(), y.sum(), (m * m).sum(), (m * y).sum(), (y * y).sum())

    @property
    def mean(self) -> float:
        return self.total / self.units if self.units else nan

    @property
    def cluster_variance(self) -> float:
        """V_cl = K/(K−1) · Σ(y_k − p·m_k)² / n²; infinite for a single cluster."""
        if self.clusters < 2:
            return inf
        p = self.mean
        squares = max(0.0, self.yy - 2 * p * self.my + p * p * self.mm)
        return self.clusters / (self.clusters - 1) * squares / self.units**2


def known(value: float) -> float | None:
    """A plain number, or None for nan: the records hold no nan."""
    return None if isnan(value) else float(value)


def design_effect(sums: ClusterSums, simple_variance: float) -> float:
    """max(1, V_cl / V_srs); 1 with one unit per cluster or no variance; n for several units of a single cluster."""
    if sums.units == sums.clusters or simple_variance <= 0:
        return 1.0
    if sums.clusters < 2:
        return sums.units
    return max(1.0, sums.cluster_variance / simple_variance)


def wilson(p: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Wilson score limits of a share p observed on n (effective) units; (nan, nan) for n = 0."""
    if not n > 0:
        return nan, nan
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def share_interval(sums: ClusterSums) -> Interval:
    """A share with its Wilson interval on the effective sample size."""
    if not sums.units:
        return Interval(nan, nan, nan, 0.0)
    p = sums.mean
    deff = design_effect(sums, p * (1 - p) / sums.units)
    n_eff = sums.units / deff
    return Interval(p, *wilson(p, n_eff), n_eff, deff)


def mean_interval(sums: ClusterSums, squares: float) -> Interval:
    """A mean ± t·SE with the clustered standard error; `squares` is the sum of squares over units, df = K − 1."""
    if not sums.units:
        return Interval(nan, nan, nan, 0.0)
    mean = sums.mean
    spread = max(0.0, squares / sums.units - mean * mean)
    simple = spread / (sums.units - 1) if sums.units > 1 else 0.0
    deff = design_effect(sums, simple)
    n_eff = sums.units / deff
    if sums.clusters < 2:
        return Interval(mean, nan, nan, n_eff, deff)
    variance = simple if sums.units == sums.clusters else sums.cluster_variance
    half = float(stats.t.ppf(0.975, sums.clusters - 1)) * sqrt(variance)
    return Interval(mean, mean - half, mean + half, n_eff, deff)


def nps_interval(promoters: float, detractors: float, sums: ClusterSums) -> Interval:
    """NPS in points with SE = sqrt((p + d − (p − d)²)/n_eff); `sums` are of the scores −1, 0, +1."""
    if not sums.units:
        return Interval(nan, nan, nan, 0.0)
    p, d = promoters / sums.units, detractors / sums.units
    variance = p + d - (p - d) ** 2
    deff = design_effect(sums, variance / sums.units)
    n_eff = sums.units / deff
    half = Z95 * sqrt(max(0.0, variance) / n_eff)
    return Interval(100 * (p - d), max(-100.0, 100 * (p - d - half)), min(100.0, 100 * (p - d + half)), n_eff, deff)


def newcombe(a: Interval, b: Interval) -> Interval:
    """b − a of two shares by Newcombe's hybrid score method on their effective samples."""
    gap = b.value - a.value
    low = gap - sqrt((b.value - b.low) ** 2 + (a.high - a.value) ** 2)
    high = gap + sqrt((b.high - b.value) ** 2 + (a.value - a.low) ** 2)
    return Interval(gap, low, high, min(a.n_eff, b.n_eff), max(a.deff, b.deff))


def normal_interval(value: float, se: float, n_eff: float, deff: float = 1.0) -> Interval:
    """value ± z·se."""
    return Interval(value, value - Z95 * se, value + Z95 * se, n_eff, deff)


def detectable_gap(p: float, a: float, b: float, deff: float = 1.0) -> float:
    """Smallest gap seen with 80 % power at 5 %: 2.8·sqrt(deff·p(1−p)(1/nA + 1/nB)); nan without units."""
    if not (a > 0 and b > 0):
        return nan
    return DETECTABLE * sqrt(max(0.0, deff * p * (1 - p) * (1 / a + 1 / b)))


def fisher_interval(r: float, n: float) -> tuple[float, float]:
    """95 % limits of a Spearman correlation r on n pairs by Fisher's transform, Bonett and Wright's (2000) variance."""
    if n < 4 or not abs(r) < 1:
        return nan, nan
    half = Z95 * sqrt((1 + r * r / 2) / (n - 3))
    return tanh(atanh(r) - half), tanh(atanh(r) + half)


def benjamini_hochberg(p_values: Sequence[float], level: float = 0.10) -> list[bool]:
    """Which hypotheses stand at a false discovery rate of `level` (Benjamini and Hochberg 1995); nan never stands."""
    p = np.asarray(p_values, float)
    known = np.flatnonzero(~np.isnan(p))
    ranked = known[np.argsort(p[known], kind="stable")]
    limits = level * np.arange(1, len(ranked) + 1) / max(1, len(ranked))
    passing = np.flatnonzero(p[ranked] <= limits)
    stands = np.zeros(len(p), bool)
    if len(passing):
        stands[ranked[: passing[-1] + 1]] = True
    return [bool(item) for item in stands]
