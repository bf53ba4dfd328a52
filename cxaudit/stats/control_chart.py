"""A negative-binomial control chart for weekly counts: a Poisson one cries wolf, since contacts come in clusters.

Source: moment estimate of the dispersion (Cameron and Trivedi 2013, §3.3) with the predictive variance of a baseline
estimated from autocorrelated weeks; z from the mid-p value (Lancaster 1961).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

BASELINE_WEEKS = 26


@dataclass(frozen=True, slots=True)
class Baseline:
    """Tickets an order in normal weeks, and the predictive dispersion around it."""

    rate: float
    dispersion: float
    weeks: int


def baseline(counts: ArrayLike, orders: ArrayLike) -> Baseline:
    """From normal weeks' tickets and orders (same length): u, and α* = α(1 + ι/w) + 1/Σy."""
    y, exposure = np.asarray(counts, float), np.asarray(orders, float)
    weeks = len(y)
    if weeks < 2 or not exposure.sum() > 0 or not y.sum() > 0:
        return Baseline(nan, nan, weeks)
    rate = y.sum() / exposure.sum()
    expected = rate * exposure
    moment = ((y - expected) ** 2 - expected).sum() / (expected**2).sum()
    alpha = max(0.0, moment) * weeks / (weeks - 1)
    lag = _first_autocorrelation((y - expected) / np.sqrt(np.maximum(expected, 1e-12)))
    inflation = (1 + lag) / (1 - lag)
    return Baseline(rate, alpha * (1 + inflation / weeks) + 1 / y.sum(), weeks)


def _first_autocorrelation(residuals: np.ndarray) -> float:
    """Lag-one autocorrelation, held within 0 and 0.8."""
    centred = residuals - residuals.mean()
    total = (centred**2).sum()
    return float(np.clip((centred[1:] * centred[:-1]).sum() / total, 0.0, 0.8)) if total > 0 else 0.0


def surprise(count: float, expected: float, dispersion: float) -> float:
    """z of a count against the negative binomial with that mean and dispersion α (variance μ + αμ²), by mid-p."""
    if not expected > 0 or np.isnan(dispersion):
        return nan
    size = 1 / dispersion if dispersion > 0 else None
    law, shape = (stats.nbinom, (size, size / (size + expected))) if size else (stats.poisson, (expected,))
    mid = law.cdf(count, *shape) - law.pmf(count, *shape) / 2
    return float(stats.norm.ppf(min(max(mid, 1e-300), 1 - 1e-16)))
