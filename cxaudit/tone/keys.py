"""Sorted numbers in which many others are looked up at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MIX = np.uint64(0x9E3779B97F4A7C15)
_DROPPED = np.uint64(64 - 20)  # of the mixed number, 20 bits are kept


class Keys:
    """Sorted numbers and a sieve before them: most that are looked up are not held, and need no search."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._numbers = numbers
        self._sieve = np.zeros(1 << 20, bool)
        self._sieve[_mixed(numbers)] = True

    def find(self, wanted: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which of `wanted` are held, and where each stands among the sorted numbers."""
        likely = np.flatnonzero(self._sieve[_mixed(wanted)])
        sought = wanted[likely]
        place = np.minimum(np.searchsorted(self._numbers, sought), len(self._numbers) - 1)
        held = np.flatnonzero(self._numbers[place] == sought)
        return likely[held], place[held]


def _mixed(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    return (numbers.view(np.uint64) * _MIX) >> _DROPPED
