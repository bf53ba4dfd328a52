"""Which sets are alike, and the clusters that likeness joins.

Sets that share at least 60 % of what either holds (Jaccard) are alike. Two such sets share one of their rarest
things: up to some tens of thousands of sets all that do are compared; beyond that, those that minwise hashing puts in
one bucket, which misses fewer than one set in a hundred. Candidates are put aside by an upper bound on a few bits a
set, and checked exactly. A cluster is what likeness joins.

Sources: Chaudhuri, Ganti and Kaushik (2006) for the rarest things (prefix filtering); Broder (1997) for minwise
hashing; Leskovec, Rajaraman and Ullman, ch. 3, for bands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Whole = NDArray[np.int64]
Bits = NDArray[np.uint64]
LIKE = 0.60
MOST_COMPARED = 60e6  # twice the comparisons of every two sets that share one of their rarest things
AT_ONCE = 2_000_000  # of those comparisons
ROWS_AT_ONCE = 8192
BANDS, ROWS = 40, 3  # likeness .6 is missed by all bands in 6 of 100 000 pairs
# In a bucket each is compared with the one before it, then with those further back that nothing has joined it to yet.
STEPS = ((1, 1), (2, 4), (5, 16))
PRIME = (1 << 31) - 1
MARKS = 2  # words of 64 bits a set
SPREAD = np.uint64(0x9E3779B97F4A7C15)


def joined(pairs: sparse.csr_matrix) -> Whole:
    """The cluster of each row of `pairs` (rows: texts; columns: what they may share; ones)."""
    size = pairs.shape[0]
    cluster = np.arange(size)
    if not size:
        return cluster
    sizes = np.diff(pairs.indptr).astype(np.int32)
    things = _Things.of(pairs)
    link = partial(_linked, pairs, _marks(things), sizes)
    rarest = _rarest(pairs, sizes)
    shared = np.bincount(rarest.indices, minlength=rarest.shape[1])
    if (shared.astype(float) ** 2).sum() <= MOST_COMPARED:
        for left, right in _sharing(rarest, shared):
            apart = cluster[left] != cluster[right]
            cluster = link(cluster, left[apart], right[apart])
        return cluster
    for band in range(BANDS):
        buckets = _Buckets.of(_band(things, band), cluster)
        for nearest, farthest in STEPS:
            cluster = link(cluster, *buckets.pairs(nearest, farthest, cluster))
    return cluster


@dataclass(frozen=True)
class _Things:
    """The first thing of every row, the second of those that hold two, and so on: rows in `order`, the longest first.

    Of each row a minimum is then taken of long arrays, a thing of many rows at a time.
    """

    order: Whole
    layers: tuple[Whole, ...]
    kinds: int

    @classmethod
    def of(cls, pairs: sparse.csr_matrix) -> _Things:
        sizes = np.diff(pairs.indptr)
        order = np.argsort(-sizes, kind="stable")
        starts = pairs.indptr[order]
        deep = np.cumsum(np.bincount(sizes)[::-1])[::-1][1:].tolist()  # how many rows hold more than 0, 1, … things
        layers = (pairs.indices[starts[:rows] + place].astype(np.int64) for place, rows in enumerate(deep))
        return cls(order, tuple(layers), pairs.shape[1])

    def each(self, fold: np.ufunc, told: NDArray[Any]) -> NDArray[Any]:
        """What `fold` makes, row by row, of what is told of each of its things."""
        found = told[self.layers[0]]
        for layer in self.layers[1:]:
            fold(found[: len(layer)], told[layer], out=found[: len(layer)])
        rows = np.empty_like(found)
        rows[self.order] = found
        return rows


def _rarest(pairs: sparse.csr_matrix, sizes: Whole) -> sparse.csr_matrix:
    """Of each row its rarest things, so many that two alike rows share one of them."""
    rank = np.argsort(np.argsort(np.bincount(pairs.indices, minlength=pairs.shape[1]), kind="stable"))
    kept = sizes - np.ceil(LIKE * sizes - 1e-9).astype(np.int64) + 1
    found = [np.zeros(0, np.int64)]
    for begin in range(0, len(sizes), ROWS_AT_ONCE):
        rows = pairs[begin : begin + ROWS_AT_ONCE]
        each = np.diff(rows.indptr)
        row = np.repeat(np.arange(len(each)) * len(rank), each)
        rarity = np.sort(row + rank[rows.indices]) - row
        before = np.arange(len(row)) - np.repeat(rows.indptr[:-1], each)
        found.append(rarity[before < np.repeat(kept[begin : begin + ROWS_AT_ONCE], each)])
    rarest, starts = np.concatenate(found), np.concatenate([[0], np.cumsum(kept)])
    return sparse.csr_matrix((np.ones(len(rarest), np.int32), rarest, starts), shape=pairs.shape)


def _sharing(rarest: sparse.csr_matrix, shared: Whole) -> Iterator[tuple[Whole, Whole]]:
    """Every two rows that share one of their rarest things, some at a time."""
    across = rarest.T.tocsr()
    upto = np.concatenate([[0], np.cumsum(shared[rarest.indices])])[rarest.indptr[1:]]
    parts = np.unique(np.searchsorted(upto, np.arange(0, upto[-1], AT_ONCE), "right"))
    for begin, end in pairwise([*parts.tolist(), len(upto)]):
        both = (rarest[begin:end] @ across).tocoo()
        later = both.col > both.row + begin
        yield both.row[later] + begin, both.col[later]


def _linked(pairs: sparse.csr_matrix, marks: Bits, sizes: Whole, cluster: Whole, left: Whole, right: Whole) -> Whole:
    """The clusters with those made one of which a row of `left` is like its row of `right`."""
    left, right = _possible(marks, sizes, left, right)
    near = _likeness(pairs, sizes, left, right) >= LIKE
    size, ends = len(cluster), (cluster[left[near]], cluster[right[near]])
    links = sparse.coo_matrix((np.ones(int(near.sum())), ends), shape=(size, size))
    return connected_components(links, directed=False)[1].astype(np.int64)[cluster]


def _marks(things: _Things) -> Bits:
    """For each row some bits, one for each thing it holds: MARKS words of 64."""
    thing = np.arange(things.kinds, dtype=np.uint64)
    bit, word = np.uint64(1) << thing % np.uint64(64), thing // np.uint64(64) % np.uint64(MARKS)
    return np.stack([things.each(np.bitwise_or, np.where(word == own, bit, np.uint64(0))) for own in range(MARKS)])


def _possible(marks: Bits, sizes: Whole, left: Whole, right: Whole) -> tuple[Whole, Whole]:
    """The pairs of rows that may be alike: a bit that one alone bears is a thing that one alone holds."""
    one, two = sizes[left], sizes[right]
    least = np.ceil(LIKE / (1 + LIKE) * (one + two) - 1e-9).astype(np.int32)  # that alike rows of these sizes share
    spare = one - least, two - least
    for word in (None, *marks):
        if word is not None:
            ones, twos = word[left], word[right]
            spare = spare[0] - np.bitwise_count(ones & ~twos), spare[1] - np.bitwise_count(twos & ~ones)
        maybe = np.flatnonzero((spare[0] >= 0) & (spare[1] >= 0))
        left, right, spare = left[maybe], right[maybe], (spare[0][maybe], spare[1][maybe])
    return left, right


def _band(things: _Things, band: int) -> Bits:
    """One number a text from ROWS minwise hashes of its pairs of words."""
    draws = np.random.default_rng(band)
    total = np.zeros(len(things.order), np.uint64)
    every = np.arange(things.kinds, dtype=np.int64)
    for _ in range(ROWS):
        a, b = (int(item) for item in draws.integers(1, PRIME, 2))
        hashed = ((every * a + b) % PRIME).astype(np.uint32)
        total = total * np.uint64(1_000_003) + things.each(np.minimum, hashed).astype(np.uint64)
    return total


@dataclass(frozen=True)
class _Buckets:
    """Rows of one bucket behind one another, of those that not all are in one cluster yet.

    `within`: how many of the same bucket stand before each.
    """

    order: Whole
    within: Whole

    @classmethod
    def of(cls, numbers: Bits, cluster: Whole) -> _Buckets:
        # A number and its row in one word of 64 bits: sorting those is many times faster than sorting places.
        bits = np.uint64(len(numbers).bit_length())
        packed: Bits = np.sort((numbers * SPREAD >> bits << bits) + np.arange(len(numbers), dtype=np.uint64))
        order = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
        opens = np.flatnonzero(np.diff(packed >> bits, prepend=np.uint64(1) << bits))
        return cls._apart(order, opens, cluster[order])

    @classmethod
    def _apart(cls, order: Whole, opens: Whole, cluster: Whole) -> _Buckets:
        apart = np.minimum.reduceat(cluster, opens) < np.maximum.reduceat(cluster, opens)
        sizes = np.diff(opens, append=len(order))
        within = np.arange(len(order)) - np.repeat(opens, sizes)
        kept = np.repeat(apart, sizes)
        return cls(order[kept], within[kept])

    def pairs(self, nearest: int, farthest: int, cluster: Whole) -> tuple[Whole, Whole]:
        """Pairs of one bucket, so many places apart, that are not in one cluster yet."""
        own, found = cluster[self.order], []
        for back in range(nearest, farthest + 1):
            at = np.flatnonzero((own[back:] != own[:-back]) & (self.within[back:] >= back))
            found.append((self.order[at], self.order[at + back]))
        left, right = zip(*found, strict=True)
        return np.concatenate(left), np.concatenate(right)


def _likeness(pairs: sparse.csr_matrix, sizes: Whole, left: Whole, right: Whole) -> NDArray[np.float64]:
    """Jaccard's likeness of the pairs of words of two texts each."""
    if not len(left):
        return np.zeros(0)
    shared = np.concatenate(
        [
            np.asarray(pairs[left[at : at + 50_000]].multiply(pairs[right[at : at + 50_000]]).sum(axis=1)).ravel()
            for at in range(0, len(left), 50_000)
        ]
    )
    return shared / (sizes[left] + sizes[right] - shared)
