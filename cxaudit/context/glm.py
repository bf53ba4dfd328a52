"""One regression on aggregated rows: quasi-binomial logit for shares, weighted least squares for means.

Rows with the same covariates are summed before they come here, so a fit works on some sixty patterns instead of two
years of days: the estimates are the same, the time is not. `tests/context/test_glm.py` holds it against statsmodels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDS = 60
TOLERANCE = 1e-11
# Keeps a coefficient finite where the data would send it to infinity (no success on Sundays). The columns of the two
# periods compared are never held back, so the model still reproduces both raw figures exactly.
HOLD = 1e-9
# OpenBLAS multiplies on one thread up to this many products of numbers, and factorises up to this many numbers; to wake
# others costs more than they save.
UNTHREADED, UNTHREADED_FACTOR = 1 << 18, 1 << 12


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients, the inverse information (before dispersion) and the fitted mean of each row."""

    coefficients: Floats
    inverse: Floats
    means: Floats


def fit(design: Floats, units: Floats, sums: Floats, *, logit: bool, periods: int) -> Fit:
    """Fit sums / units on `design`.

    Args:
        design: rows x columns, full rank; the first `periods` columns are the period dummies (no intercept).
        units: denominators, all positive.
        sums: successes of a share (0 <= sums <= units), or sums of a mean.
        logit: quasi-binomial logit if true, else weighted least squares.
        periods: how many leading columns are held to reproduce the data exactly.
    """
    hold = np.full(design.shape[1], HOLD)
    hold[:periods] = 0.0
    if not logit:
        information = gram(design, units) + np.diag(hold)
        inverse = np.asarray(np.linalg.inv(information), dtype=float)
        coefficients = inverse @ (design.T @ sums)
        return Fit(coefficients, inverse, np.asarray(design @ coefficients, dtype=float))
    return _newton(design, units, sums, hold)


def expit(eta: Floats) -> Floats:
    """Logit to share, safe far from zero."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * eta)), dtype=float)


def _newton(design: Floats, units: Floats, sums: Floats, hold: Floats) -> Fit:
    share = float(sums.sum() / units.sum())
    coefficients = np.zeros(design.shape[1])
    coefficients[hold == 0] = np.log(share / (1 - share))
    means = expit(design @ coefficients)
    for _ in range(ROUNDS):
        score = design.T @ (sums - units * means) - hold * coefficients
        step = np.linalg.solve(_information(design, units, means, hold), score)
        # a logit step beyond 4 overshoots; the direction stays right
        coefficients = coefficients + step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-300))
        means = expit(design @ coefficients)
        if np.abs(step).max() < TOLERANCE:
            break
    inverse = np.asarray(np.linalg.inv(_information(design, units, means, hold)), dtype=float)
    return Fit(coefficients, inverse, means)


def _information(design: Floats, units: Floats, means: Floats, hold: Floats) -> Floats:
    return gram(design, units * means * (1 - means)) + np.diag(hold)


def gram(design: Floats, weight: Floats) -> Floats:
    """X'WX, by slabs of rows that stay on one thread."""
    slabs = _slabs(design, UNTHREADED // design.shape[1] ** 2)
    return np.asarray(sum((design[slab].T * weight[slab]) @ design[slab] for slab in slabs), dtype=float)


def triangle(matrix: Floats) -> Floats:
    """R of a matrix's QR, up to signs, by slabs of rows that stay on one thread."""
    rows = max(UNTHREADED_FACTOR // matrix.shape[1], 2 * matrix.shape[1])
    while len(matrix) > rows:
        matrix = np.vstack([np.linalg.qr(matrix[slab], mode="r") for slab in _slabs(matrix, rows)])
    return np.asarray(np.linalg.qr(matrix, mode="r"), dtype=float)


def _slabs(matrix: Floats, rows: int) -> list[slice]:
    return [slice(start, start + max(rows, 1)) for start in range(0, len(matrix), max(rows, 1))]
