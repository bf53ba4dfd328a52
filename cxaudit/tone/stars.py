"""Polarity corrected by this client's own stars: a small model, fitted here, its terms shown, never shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from cxaudit.tone.engine import measure, tones
from cxaudit.tone.features import FEATURES
from cxaudit.tone.logistic import fit

LEAST_RATED = 300  # below this many reviews of 1, 2, 4 or 5 stars the correction stays off
RIDGE = 20.0  # few reviews: stay close to the packaged polarity
PACKAGED = "polarity"


@dataclass(frozen=True)
class StarModel:
    """A correction of polarity: its terms by name, largest first, and the number of reviews it stands on."""

    terms: dict[str, float]
    bias: float
    reviews: int

    def polarity(self, texts: Sequence[str | None]) -> pl.Series:
        """Corrected polarity, −1 to 1; 0 stays 0, where nothing speaks."""
        seen, packaged = _seen(texts)
        weights = np.array([self.terms[name] for name in (PACKAGED, *FEATURES)])
        chance = 1 / (1 + np.exp(-np.clip(seen @ weights + self.bias, -30, 30)))
        return pl.Series("polarity", np.where(packaged == 0, 0.0, 2 * chance - 1))


def fit_stars(texts: Sequence[str | None], ratings: Sequence[float | None]) -> StarModel | None:
    """The correction that this client's rated reviews support, or None below 300 reviews that are not three stars.

    Raises:
        ValueError: ratings and texts differ in length.
    """
    if len(texts) != len(ratings):
        raise ValueError(f"{len(texts)} texts but {len(ratings)} ratings. Hint: give one rating a text.")
    rated = [(text, star) for text, star in zip(texts, ratings, strict=True) if star is not None and star != 3]
    good = np.array([star > 3 for _, star in rated], float)
    if len(rated) < LEAST_RATED or good.min() == good.max():
        return None
    seen, _ = _seen([text for text, _ in rated])
    weights, bias = fit(seen, good, RIDGE)
    named = sorted(zip((PACKAGED, *FEATURES), weights, strict=True), key=lambda term: -abs(term[1]))
    return StarModel({name: float(weight) for name, weight in named}, bias, len(rated))


def _seen(texts: Sequence[str | None]) -> tuple[np.ndarray, np.ndarray]:
    batches = tones(((text, None) for text in texts), spans=False)
    packaged = np.concatenate([batch.polarity for batch in batches] or [np.zeros(0)])
    _, _, seen = measure([text or "" for text in texts])
    return np.column_stack([3 * packaged, seen]), packaged
