"""A ridge logistic regression with signs held where they are known beforehand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize


def fit(
    seen: NDArray[np.float64],
    holds: NDArray[np.float64],
    ridge: float = 1.0,
    signs: NDArray[np.int8] | None = None,
    weight: NDArray[np.float64] | None = None,
    biased: bool = True,
) -> tuple[NDArray[np.float64], float]:
    """The weights and the bias that minimise log loss + ridge · |weights|² / 2.

    Args:
        seen: texts × features.
        holds: 0 or 1 a text.
        signs: 1 holds a weight at or above 0, −1 at or below, 0 leaves it free, 2 holds it at 0.
        weight: how much a text counts, 1 where not given.
        biased: False holds the bias at 0, so that a text without features comes out at one half.
    """
    size = seen.shape[1]
    weight = np.ones(len(holds)) if weight is None else weight
    bounds = [_BOUNDS[sign] for sign in (signs if signs is not None else np.zeros(size, np.int8))]

    def loss(terms: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = seen @ terms[:-1] + terms[-1]
        chance = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
        cost = (weight * (np.logaddexp(0, score) - holds * score)).sum() + ridge * (terms[:-1] ** 2).sum() / 2
        gap = weight * (chance - holds)
        return cost, np.append(seen.T @ gap + ridge * terms[:-1], gap.sum())

    found = minimize(
        loss,
        np.zeros(size + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[*bounds, _BOUNDS[0 if biased else 2]],
        options={"maxiter": 120, "ftol": 1e-7},
    )
    return found.x[:-1], float(found.x[-1])


_BOUNDS = {0: (None, None), 1: (0, None), -1: (None, 0), 2: (0, 0)}
