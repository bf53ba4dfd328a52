"""The nearest row of the same customer, before or after, on arrays already in memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


def nearest(customer: Whole, t: Whole, held_customer: Whole, held_t: Whole, *, after: bool) -> Whole:
    """For each (customer, t) the place of the held row of that customer nearest strictly after (or before) t; −1: none.

    Of several held rows at one moment the first given is the nearest after, the last given the nearest before.
    """
    place = np.full(len(t), -1, np.int64)
    # Sorting rows of customers nobody asks for costs more than finding them, unless most are asked for.
    kept = np.flatnonzero(np.isin(held_customer, customer)) if len(held_t) > len(t) else np.arange(len(held_t))
    if not len(kept):
        return place
    rows = kept[np.lexsort((held_t[kept], held_customer[kept]))]
    owners, starts = np.unique(held_customer[rows], return_index=True)
    owner = np.minimum(np.searchsorted(owners, customer), len(owners) - 1)
    asked = np.flatnonzero(owners[owner] == customer)
    ends = np.append(starts[1:], len(rows))
    first, last = starts[owner[asked]], ends[owner[asked]]
    found = _bound(held_t[rows], t[asked], first, last, strictly=after)
    seen = found < last if after else found > first
    place[asked[seen]] = rows[found[seen] - (0 if after else 1)]
    return place


def _bound(moments: Whole, t: Whole, first: Whole, last: Whole, *, strictly: bool) -> Whole:
    """The first place from `first` to `last` whose moment is after (or not before) t: all stretches halved at once."""
    low, high = first.copy(), last.copy()
    for _ in range(int((last - first).max(initial=0)).bit_length()):
        middle = np.minimum((low + high) // 2, len(moments) - 1)
        passed = moments[middle] <= t if strictly else moments[middle] < t
        passed &= low < high
        low, high = np.where(passed, middle + 1, low), np.where(passed | (low >= high), high, middle)
    return low
