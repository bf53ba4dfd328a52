"""How far a model's contrast may be off: the larger of two standard errors.

The first takes the model's variance, times its dispersion, times what the autocorrelation of the days adds. The second
leaves out one ISO week after the other (the jackknife form of the cluster sandwich, Bell and McCaffrey 2002): weeks
have luck of their own that no day shows, and with thirty coefficients on a hundred weeks the plain sandwich is too
short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxaudit.context.cells import week_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LAG_DAYS = 7
# t has as many degrees of freedom as the history has weeks, less these; nor more than the weeks compared, less one for
# the level of each period: they alone say how weeks differ where it counts.
WEEKS_SPENT, LEVELS_SPENT = 8, 2
# Keeps a week that alone bears a coefficient from dividing by zero when it is left out; its score there is zero.
JITTER = 1e-6


@dataclass(frozen=True, slots=True)
class Residuals:
    """Rows of a fit, in parallel.

    Attributes:
        gap: observed minus expected sums.
        weight: variance of the sums before dispersion.
        design: covariates.
        compared: whether the row lies in one of the two periods compared.
        day: days, or None where rows are bare groups.
    """

    gap: Floats
    weight: Floats
    design: Floats
    compared: NDArray[np.bool_]
    day: Ints | None


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Standard error of a contrast, the freedom of its t, and the days' residuals in standard deviations."""

    error: float
    freedom: float
    dispersion: float
    inflation: float
    days: Ints
    residuals: Floats


def uncertainty(
    rows: Residuals, inverse: Floats, gradient: Floats, *, least_dispersion: float, step: int
) -> Uncertainty:
    """The uncertainty of `gradient @ coefficients`.

    Args:
        rows: the fitted rows.
        inverse: inverse information of the coefficients, before dispersion.
        gradient: of the contrast by the coefficients.
        least_dispersion: floor; 1 or more for shares (no less than binomial), 0 for means.
        step: days between two rows in time: 1, or 7 where rows are weeks.
    """
    lever = inverse @ gradient
    spare = rows.gap.size - inverse.shape[0]
    dispersion = float((rows.gap**2 / np.maximum(rows.weight, 1e-300)).sum()) / spare if spare > 0 else 1.0
    dispersion = max(least_dispersion, dispersion)
    variance = dispersion * float(gradient @ lever)
    if rows.day is None:
        return Uncertainty(variance**0.5, float("inf"), dispersion, 1.0, np.array([], dtype=np.int64), np.array([]))
    days, residuals = _by_day(rows.day, rows.gap, rows.weight * max(dispersion, 1e-300))
    inflation = _inflation(days // step, residuals, step)
    weeks, clustered = _jackknife(rows, inverse, lever)
    error = max(variance * inflation, clustered) ** 0.5
    compared = np.unique(week_of(rows.day[rows.compared])).size
    freedom = float(max(min(weeks - WEEKS_SPENT, compared - LEVELS_SPENT), 1))
    return Uncertainty(error, freedom, dispersion, inflation, days, residuals)


def _jackknife(rows: Residuals, inverse: Floats, lever: Floats) -> tuple[int, float]:
    """Number of ISO weeks, and the variance of the contrast when each is left out in turn.

    Leaving week g out moves the contrast by a' (1/W - H)^-1 (e/W), with a = X lever and H = X inverse X' over its rows;
    rows of weeks shorter than the longest are padded with rows that weigh nothing.
    """
    assert rows.day is not None
    week = np.unique(week_of(rows.day), return_inverse=True)[1]
    order = np.argsort(week, kind="stable")
    sizes = np.bincount(week)
    slot = np.arange(week.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    at = (week[order], slot)
    shape = (sizes.size, int(sizes.max()))
    design = np.zeros((*shape, inverse.shape[0]))
    design[at] = rows.design[order]
    light, pull = np.ones(shape), np.zeros(shape)
    weight = np.maximum(rows.weight[order], 1e-12)
    light[at], pull[at] = 1.0 / weight, rows.gap[order] / weight
    hat = (design @ inverse) @ design.transpose(0, 2, 1)
    left = light[:, :, None] * np.eye(shape[1]) * (1 + JITTER) - hat
    moved = np.linalg.solve(left, pull[:, :, None])[:, :, 0]
    shifts = ((design @ lever) * moved).sum(axis=1)
    return sizes.size, float((shifts**2).sum()) * (sizes.size - 1) / sizes.size


def _by_day(day: Ints, gap: Floats, spread: Floats) -> tuple[Ints, Floats]:
    days, place = np.unique(day, return_inverse=True)
    return days, np.bincount(place, gap) / np.sqrt(np.maximum(np.bincount(place, spread), 1e-300))


def _inflation(steps: Ints, residuals: Floats, step: int) -> float:
    """1 + 2 * sum over lags l of up to seven days of (1 - l/15) * max(0, autocorrelation); empty days add nothing."""
    line = np.zeros(int(steps[-1] - steps[0]) + 1)
    line[steps - steps[0]] = residuals
    total = float(line @ line)
    if total <= 0:
        return 1.0
    lags = range(1, min(LAG_DAYS // step, line.size - 1) + 1)
    return 1.0 + 2.0 * sum((1 - lag * step / 15) * max(0.0, float(line[lag:] @ line[:-lag]) / total) for lag in lags)
