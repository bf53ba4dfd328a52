"""Numbers for words, and numbers in which many others are looked up at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse: taking a letter out is a multiplication
_MIX = np.uint64(0x9E3779B97F4A7C15)
_ROOMY = 3  # slots a number at least: most that are looked up are not held, and find their slot empty


class Keys:
    """Numbers of 64 bits, known by their places, in slots that their mixed bits choose; of equals the first counts."""

    def __init__(self, numbers: NDArray[np.int64] | NDArray[np.uint64]) -> None:
        self._size = 0
        self._slots = np.zeros(0, np.int32)
        self._numbers = np.zeros(1, np.uint64)  # one place more, where empty slots point
        self.add(numbers)

    def __len__(self) -> int:
        return self._size

    def add(self, numbers: NDArray[np.int64] | NDArray[np.uint64]) -> None:
        """Take in more numbers, behind those that are held."""
        known = self._size
        self._size += len(numbers)
        self._numbers = np.concatenate([self._numbers[:known], numbers.view(np.uint64), self._numbers[-1:]])
        if _ROOMY * self._size >= len(self._slots):
            self._slots = np.full(16 << (_ROOMY * self._size >> 4).bit_length(), -1, np.int32)
            known = 0
        self._settle(np.arange(known, self._size, dtype=np.int32))

    def _settle(self, place: NDArray[np.int32]) -> None:
        slot = self._home(self._numbers[place])
        while len(place):
            free = np.flatnonzero(self._slots[slot] < 0)[::-1]
            self._slots[slot[free]] = place[free]
            lost = self._numbers[self._slots[slot]] != self._numbers[place]
            place, slot = place[lost], slot[lost] + 1 & len(self._slots) - 1

    def places(self, wanted: NDArray[np.int64] | NDArray[np.uint64]) -> NDArray[np.int32]:
        """The place of each number, −1 where it is not held."""
        wanted = wanted.view(np.uint64)
        slot = self._home(wanted)
        place = self._slots[slot]
        wrong = np.flatnonzero((self._numbers[place] != wanted) & (place >= 0))
        while len(wrong):
            slot[wrong] = slot[wrong] + 1 & len(self._slots) - 1
            place[wrong] = self._slots[slot[wrong]]
            wrong = wrong[(self._numbers[place[wrong]] != wanted[wrong]) & (place[wrong] >= 0)]
        return place

    def find(self, wanted: NDArray[np.int64] | NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Which of `wanted` are held, and the place of each."""
        place = self.places(wanted)
        held = np.flatnonzero(place >= 0)
        return held, place[held]

    def _home(self, numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
        return ((numbers * _MIX) >> np.uint64(65 - len(self._slots).bit_length())).view(np.int64)


def spelt(line: NDArray[np.uint8], opens: NDArray[np.int64], closes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A number for each stretch of a line of characters, the same for the same characters: a polynomial of them."""
    powers, inverses = _powers(len(line).bit_length())
    upto = np.zeros(len(line) + 1, np.uint64)
    upto[1:] = line
    upto[1:] *= powers[: len(line)]
    np.cumsum(upto, out=upto)
    return (upto[closes] - upto[opens]) * inverses[opens]


@lru_cache(maxsize=2)
def _powers(bits: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The powers of BASE and of its inverse, for lines of so many bits' length."""
    powers, inverses = (np.full(1 << bits, base, np.uint64) for base in (BASE, pow(BASE, -1, 1 << 64)))
    for steps in (powers, inverses):
        steps[0] = 1
        np.cumprod(steps, out=steps)
    return powers, inverses
