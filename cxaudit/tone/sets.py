"""Sets of labels, a number each: one bit a label of SCORED."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.labels import SCORED

BIT = {label: np.uint16(1 << place) for place, label in enumerate(SCORED)}


def packed(marked: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """The set of each row of rows × SCORED."""
    return np.packbits(marked, axis=1, bitorder="little").view("<u2")[:, 0]


def unpacked(sets: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Rows × SCORED: which labels each set holds."""
    return (sets[:, None] & np.array(list(BIT.values()))) > 0


def united(sets: NDArray[np.uint16], text: NDArray[np.int64], texts: int) -> NDArray[np.uint16]:
    """The union of the sets of each text; sets stand in the order of their texts."""
    whole = np.zeros(texts, np.uint16)
    if len(text):
        opens = begins(text)
        whole[text[opens]] = np.bitwise_or.reduceat(sets, opens)
    return whole


def begins(owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the items of each owner begin, given the owner of each; items stand in the order of their owners."""
    opens = np.ones(len(owner), bool)
    np.not_equal(owner[1:], owner[:-1], out=opens[1:])
    return np.flatnonzero(opens)
