"""How far a model's contrast may be off: of two standard errors, each with its t, the one that reaches further.

The first takes the model's variance, times its dispersion, times what the autocorrelation of the days adds; it stands
on all days, and its t has the history's weeks less eight. The second is the sandwich by ISO week: weeks have luck of
their own that no day shows. With thirty coefficients on a hundred weeks the plain sandwich is too short and its
jackknife form too long; the form used here (CR2, Bell and McCaffrey 2002) is unbiased where the model holds. It stands
on the few weeks that carry the contrast: its t has the degrees of freedom of Imbens and Kolesar (2016), which fall as
days of one week share more of their luck.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from cxaudit.context.cells import week_of
from cxaudit.context.glm import UNTHREADED

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LAG_DAYS = 7
# t has no more degrees of freedom than the history has weeks, less these.
WEEKS_SPENT = 8
# A week that alone bears a coefficient says nothing of its own luck: directions left with less than this say nothing.
LEFT_FREE = 1e-6


@dataclass(frozen=True, slots=True)
class Residuals:
    """Rows of a fit, in parallel.

    Attributes:
        gap: observed minus expected sums.
        weight: variance of the sums before dispersion.
        design: covariates.
        day: days, or None where rows are bare groups.
    """

    gap: Floats
    weight: Floats
    design: Floats
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
    weeks, clustered, freedom = _by_weeks(rows, inverse, lever)
    spared = max(weeks - WEEKS_SPENT, 1)
    pairs = (((variance * inflation) ** 0.5, float(spared)), (clustered**0.5, max(min(spared, freedom), 1.0)))
    error, freedom = max(pairs, key=lambda pair: reach(*pair))
    return Uncertainty(error, freedom, dispersion, inflation, days, residuals)


def reach(error: float, freedom: float) -> float:
    """Half the width of the 95 % interval."""
    return float(stdtrit(freedom, 0.975)) * error


def _by_weeks(rows: Residuals, inverse: Floats, lever: Floats) -> tuple[int, float, float]:
    """Number of ISO weeks, the contrast's CR2 variance, and its degrees of freedom.

    Rows are divided by the root of their variance, so that X and e have unit noise; H = X inverse X' within a week. The
    residuals of week g come back to their size by (1 - H)^-1/2, and b = (1 - H)^-1/2 X lever is their part in the
    contrast. Rows of weeks shorter than the longest are padded with zeros, which weigh nothing.
    """
    assert rows.day is not None
    week = np.unique(week_of(rows.day), return_inverse=True)[1]
    order = np.argsort(week, kind="stable")
    sizes = np.bincount(week)
    slot = np.arange(week.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    at = (week[order], slot)
    shape = (sizes.size, int(sizes.max()))
    design = np.zeros((*shape, inverse.shape[0]))
    root, gap = np.zeros(shape), np.zeros(shape)
    root[at] = np.sqrt(np.maximum(rows.weight[order], 1e-12))
    design[at] = rows.design[order] * root[at][:, None]
    gap[at] = rows.gap[order] / root[at]
    values, vectors = np.linalg.eigh(np.eye(shape[1]) - (design @ inverse) @ design.transpose(0, 2, 1))
    stretch = np.where(values > LEFT_FREE, 1.0 / np.sqrt(np.maximum(values, LEFT_FREE)), 0.0)
    turned = (vectors.transpose(0, 2, 1) @ (design @ lever)[:, :, None])[:, :, 0] * stretch
    part = (vectors @ turned[:, :, None])[:, :, 0]
    shifts = (part * gap).sum(axis=1)
    return sizes.size, float(shifts @ shifts), _freedom(design, inverse, part, root, gap, week.size)


def _freedom(design: Floats, inverse: Floats, part: Floats, root: Floats, gap: Floats, rows: int) -> float:
    """Degrees of freedom of the CR2 variance (Satterthwaite), days of one week sharing what the residuals say they do.

    With noise `own` for each day and `shared` for each week, the variance is a quadratic form in normal variables; its
    matrix over weeks is own (b'b - C inverse C') + shared P'P.
    """
    crossed = np.einsum("gik,gi->gk", design, part)
    pulled = np.einsum("gik,gi->gk", design, root)
    own, shared = _noise(root, gap, rows, rows - inverse.shape[0])
    alone = np.diag((part**2).sum(axis=1)) - _product(crossed @ inverse, crossed.T)
    together = np.diag((root * part).sum(axis=1)) - _product(pulled @ inverse, crossed.T)
    form = own * alone + shared * _product(together.T, together)
    total = float((form**2).sum())
    return float(np.trace(form)) ** 2 / total if total > 0 else float("inf")


def _product(left: Floats, right: Floats) -> Floats:
    """`left @ right` by slabs too small for the linear algebra to wake threads, which cost more than they save."""
    rows = max(UNTHREADED // max(right.size, 1), 1)
    return np.vstack([left[start : start + rows] @ right for start in range(0, len(left), rows)])


def _noise(root: Floats, gap: Floats, rows: int, spare: int) -> tuple[float, float]:
    """What days have of their own and what days of one week share, from the products of a week's residuals."""
    size = root**2
    pairs = float(((root * gap).sum(axis=1) ** 2 - (size * gap**2).sum(axis=1)).sum())
    room = float((size.sum(axis=1) ** 2 - (size**2).sum(axis=1)).sum())
    shared = max(pairs / room, 0.0) if room > 0 else 0.0
    whole = float((gap**2).sum()) / max(spare, 1)
    return max(whole - shared * float(size.sum()) / rows, 0.0), shared


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
