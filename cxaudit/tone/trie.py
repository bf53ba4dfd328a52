"""Phrases over word codes, found in one pass over a batch: the longest at each place, the leftmost first.

The steps of the trie are sorted numbers (node and code packed in one), so that all places of a batch take a step at
once, and that it is read from the package's data without being built.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.keys import Keys

CODE_BITS = 20


@dataclass(frozen=True)
class Trie:
    """`step` holds node << CODE_BITS | code in order, `child` where each leads, `row` by node the phrase that ends."""

    step: NDArray[np.int64]
    child: NDArray[np.int32]
    row: NDArray[np.int32]
    _keys: Keys = field(init=False, repr=False)
    _first: NDArray[np.int32] = field(init=False, repr=False)  # by code: the node that a phrase's first word leads to
    _leads: NDArray[np.bool_] = field(init=False, repr=False)  # by node: whether anything follows
    _follows: NDArray[np.bool_] = field(init=False, repr=False)  # by code: whether it stands behind another in a phrase

    def __post_init__(self) -> None:
        opening = np.searchsorted(self.step, 1 << CODE_BITS)
        first = np.zeros(1 << CODE_BITS, np.int32)
        first[self.step[:opening]] = self.child[:opening]
        leads = np.zeros(len(self.row), bool)
        leads[self.step >> CODE_BITS] = True
        follows = np.zeros(1 << CODE_BITS, bool)
        follows[self.step[opening:] & (1 << CODE_BITS) - 1] = True
        object.__setattr__(self, "_keys", Keys(self.step))
        object.__setattr__(self, "_first", first)
        object.__setattr__(self, "_leads", leads)
        object.__setattr__(self, "_follows", follows)

    @classmethod
    def grow(cls, phrases: Iterable[tuple[int, ...]]) -> Trie:
        """The trie of some phrases, each a row of codes; a phrase is known by its place among them."""
        steps: dict[int, int] = {}
        ends: dict[int, int] = {}
        for row, phrase in enumerate(phrases):
            node = 0
            for code in phrase:
                node = steps.setdefault(node << CODE_BITS | code, len(steps) + 1)
            ends[node] = row
        step = np.fromiter(steps, np.int64, len(steps))
        order = np.argsort(step)
        rows = np.full(len(steps) + 1, -1, np.int32)
        rows[list(ends)] = list(ends.values())
        return cls(step[order], np.arange(1, len(steps) + 1, dtype=np.int32)[order], rows)

    def find(self, code: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Of the phrases in a row of codes: their rows, where each begins, and where it ends (exclusive)."""
        node = self._first[code]
        at = np.flatnonzero(node > 0)
        node = node[at]
        size, found = np.zeros(len(code), np.int64), np.full(len(code), -1, np.int64)
        inner = np.append(self._follows[code], False)
        depth = 0
        while len(at):
            depth += 1
            ends = self.row[node]
            ended = ends >= 0
            here = at[ended]
            size[here], found[here] = depth, ends[ended]
            on = self._leads[node] & inner[at + depth]
            at, node = at[on], node[on]
            held, place = self._keys.find(node.astype(np.int64) << CODE_BITS | code[at + depth])
            at, node = at[held], self.child[place]
        begin = np.flatnonzero(found >= 0)
        begin = begin[_apart(begin, begin + size[begin])]
        return found[begin], begin, begin + size[begin]


def _apart(begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of some spans to keep, from the left, so that none overlap."""
    kept = np.ones(len(begin), bool)
    kept[1:] = begin[1:] >= np.maximum.accumulate(end)[:-1]
    # What nothing before reaches over stays; from there on each clump goes its own way, all clumps a step at a time.
    at = np.flatnonzero(kept[:-1] & ~kept[1:])
    while len(at):
        at = np.searchsorted(begin, end[at])
        at = at[at < len(begin)]
        at = at[~kept[at]]
        kept[at] = True
    return kept
