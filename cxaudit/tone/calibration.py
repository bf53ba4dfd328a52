"""From a hand-labelled sample to trust: sensitivity and specificity (the corrected share is `stats.prevalence`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Accuracy:
    """How often a label is found where it stands (`se`), left out where it does not (`sp`); None without such texts."""

    se: float | None
    sp: float | None
    positives: int
    negatives: int


def se_sp(labelled: pl.Series | Sequence[bool | None], predicted: pl.Series | Sequence[bool | None]) -> Accuracy:
    """Sensitivity and specificity of one label on texts that a person labelled; a null on either side leaves a row out.

    Raises:
        ValueError: the two differ in length.
    """
    truth, said = list(labelled), list(predicted)
    if len(truth) != len(said):
        raise ValueError(
            f"{len(truth)} labelled but {len(said)} predicted texts. Hint: give one prediction a labelled text."
        )
    pairs = np.array(
        [(bool(t), bool(s)) for t, s in zip(truth, said, strict=True) if t is not None and s is not None], bool
    ).reshape(-1, 2)
    stands, found = pairs[:, 0], pairs[:, 1]
    positives, negatives = int(stands.sum()), int((~stands).sum())
    return Accuracy(
        se=float((found & stands).sum() / positives) if positives else None,
        sp=float((~found & ~stands).sum() / negatives) if negatives else None,
        positives=positives,
        negatives=negatives,
    )
