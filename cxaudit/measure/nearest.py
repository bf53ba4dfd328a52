"""The nearest row of the same customer, before or after, on arrays already in memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


def nearest(customer: Whole, t: Whole, held_customer: Whole, held_t: Whole, *, after: bool) -> Whole:
    """For each (customer, t) the place of the held row of that customer nearest strictly after (or before) t; −1: none.

    Of several held rows at one moment the first given is the nearest after, the last given the nearest before.
    """
    bases = len(t)
    place = np.full(bases, -1, np.int64)
    kept = np.flatnonzero(np.isin(held_customer, customer))
    if not len(kept):
        return place
    # At one moment bases come first, so that "strictly" holds; then held rows, the one that stands last.
    rows = kept[::-1] if after else kept
    everyone = np.concatenate([customer, held_customer[rows]])
    moment = np.concatenate([t, held_t[rows]])
    order = np.lexsort((-moment if after else moment, everyone))
    is_base = order < bases
    latest = np.maximum.accumulate(np.where(is_base, -1, np.arange(len(order))))
    asked = np.flatnonzero(is_base & (latest >= 0))
    found = order[latest[asked]]
    same = everyone[order[asked]] == everyone[found]
    place[order[asked[same]]] = rows[found[same] - bases]
    return place
