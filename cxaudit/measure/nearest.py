"""The nearest row of the same customer, before or after, on arrays already in memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


def nearest(customer: Whole, t: Whole, held_customer: Whole, held_t: Whole, *, after: bool) -> Whole:
    """For each (customer, t) the place of the held row of that customer nearest strictly after (or before) t; −1: none.

    Of several held rows at one moment the first given is the nearest after, the last given the nearest before.
    """
    sign = 1 if after else -1
    bases, held = len(t), len(held_t)
    if not bases or not held:
        return np.full(bases, -1, np.int64)
    everyone = np.concatenate([held_customer, customer])
    is_base = np.arange(held + bases) >= held
    moment = sign * np.concatenate([held_t, t])
    given = sign * np.concatenate([np.arange(held), np.zeros(bases, np.int64)])
    order = np.lexsort((given, is_base, moment, everyone))[::-1]
    latest = np.maximum.accumulate(np.where(is_base[order], -1, np.arange(held + bases)))
    found = np.where(latest >= 0, order[latest], -1)
    same = (found >= 0) & (everyone[order] == everyone[found])
    place = np.full(held + bases, -1, np.int64)
    place[order] = np.where(same, found, -1)
    return place[held:]
