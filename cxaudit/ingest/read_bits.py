"""Bytes of a text as bits, 64 to a word: where a sign stands, what stands inside quotes, how many came before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Bytes compared at once: the masks of so many stay in the processor's cache.
STEP = 1 << 18
_WORD = 64
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_ONE = np.uint64(1)
_LAST = np.uint64(_WORD - 1)


def bits(text: np.ndarray, sign: int) -> np.ndarray:
    """One bit a byte of `text`: whether it is `sign`; words of 64, the last of them empty."""
    packed = nowhere(text).view(np.uint8)
    same = np.empty(STEP, dtype=bool)
    for begin in range(0, len(text), STEP):
        part = text[begin : begin + STEP]
        found = np.packbits(np.equal(part, sign, out=same[: len(part)]), bitorder="little")
        packed[begin // 8 : begin // 8 + len(found)] = found
    return packed.view(np.uint64)


def nowhere(text: np.ndarray) -> np.ndarray:
    """The bits of a sign that `text` does not hold."""
    return np.zeros(len(text) // _WORD + 2, dtype=np.uint64)


def tallies(text: np.ndarray, sign: int) -> list[int]:
    """How often `sign` stands in each `STEP` of `text`."""
    same = np.empty(STEP, dtype=bool)
    parts = (text[begin : begin + STEP] for begin in range(0, len(text), STEP))
    return [int(np.count_nonzero(np.equal(part, sign, out=same[: len(part)]))) for part in parts]


def insides(quotes: np.ndarray, begun: bool) -> np.ndarray:
    """The bits from each opening quote on, up to the one that closes; `begun` tells that the text begins inside."""
    held = quotes.copy()
    for shift in (1, 2, 4, 8, 16, 32):
        held ^= held << np.uint64(shift)
    odd = np.bitwise_count(quotes) & np.uint8(1)
    before = np.bitwise_xor.accumulate(np.append(np.uint8(begun), odd[:-1]))
    return np.asarray(held ^ (before * _ALL))


def later(words: np.ndarray, first: bool) -> np.ndarray:
    """Each bit one place on; `first` is the bit that comes in."""
    carried = np.append(np.uint64(first), words[:-1] >> _LAST)
    return np.asarray((words << _ONE) | carried)


def earlier(words: np.ndarray, size: int, last: bool) -> np.ndarray:
    """Each bit one place back; `last` is the bit that comes in at the last of `size` places."""
    moved = (words >> _ONE) | np.append(words[1:] << _LAST, np.uint64(0))
    moved[(size - 1) // _WORD] |= np.uint64(last) << np.uint64((size - 1) % _WORD)
    return np.asarray(moved)


def count(words: np.ndarray) -> int:
    return int(np.bitwise_count(words).sum(dtype=np.int64))


def places(words: np.ndarray) -> np.ndarray:
    """The places of the bits that are set, in order."""
    found = []
    for begin in range(0, len(words), STEP // _WORD):
        part = np.unpackbits(words[begin : begin + STEP // _WORD].view(np.uint8), bitorder="little")
        found.append(np.flatnonzero(part.view(bool)) + begin * _WORD)
    return np.concatenate(found)


def stand(words: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Whether the bits at these places are set."""
    return np.asarray((words[at >> 6] >> (at & 63).astype(np.uint64)) & _ONE).astype(bool)


@dataclass(frozen=True)
class Counted:
    """Words with the bits that stand before each of them."""

    words: np.ndarray
    sums: np.ndarray

    @classmethod
    def of(cls, words: np.ndarray) -> Counted:
        sums = np.cumsum(np.bitwise_count(words), dtype=np.int64)
        return cls(words, np.append(0, sums[:-1]))

    def before(self, at: np.ndarray) -> np.ndarray:
        """How many bits are set before each of these places."""
        word = at >> 6
        below = (_ONE << (at & 63).astype(np.uint64)) - _ONE
        return np.asarray(self.sums[word] + np.bitwise_count(self.words[word] & below))
