"""The logistic layer: from features to labels and polarity, its coefficients as data in the package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.features import FEATURES
from cxaudit.tone.telling import TARGETS


@dataclass(frozen=True)
class Layer:
    """`weights` is FEATURES × TARGETS; a label holds from its own threshold on."""

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    thresholds: NDArray[np.float64]

    def scores(self, seen: NDArray[np.float64], told: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities, texts × TARGETS, of the features and of what telling words add."""
        return 1 / (1 + np.exp(-np.clip(seen @ self.weights + told + self.bias, -30, 30)))


@cache
def layer() -> Layer:
    """The packaged coefficients, read once in a process.

    Raises:
        ValueError: they were fitted on other features than this version computes.
    """
    stored = json.loads((resources.files("cxaudit.tone") / "coefficients.json").read_text("utf-8"))
    if tuple(stored["features"]) != FEATURES or tuple(stored["targets"]) != TARGETS:
        raise ValueError("coefficients.json does not fit this version's features; run bench/tone.py --fit")
    return Layer(np.array(stored["weights"]), np.array(stored["bias"]), np.array(stored["thresholds"]))
