"""Which sets are alike, and the clusters that likeness joins.

Sets that share at least 60 % of what either holds (Jaccard) are alike. Two such sets share one of their rarest
things: up to some tens of thousands of sets all that do are compared; beyond that, those that minwise hashing puts in
one bucket, which misses fewer than one set in a hundred. Candidates are put aside by an upper bound on a few bits a
set, and checked exactly. A cluster is what likeness joins.

Sources: Chaudhuri, Ganti and Kaushik (2006) for the rarest things (prefix filtering); Broder (1997) for minwise
hashing; Leskovec, Rajaraman and Ullman, ch. 3, for bands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Whole = NDArray[np.int64]
Bits = NDArray[np.uint64]
LIKE = 0.60
MOST_COMPARED = 60e6  # twice the comparisons of every two sets that share one of their rarest things
BANDS, ROWS = 40, 3  # likeness .6 is missed by all bands in 6 of 100 000 pairs
# In a bucket each is compared with the one before it, then with those further back that nothing has joined it to yet.
STEPS = ((1, 1), (2, 4), (5, 16))
PRIME = (1 << 31) - 1
MARKS = 2  # words of 64 bits a set


def joined(pairs: sparse.csr_matrix) -> Whole:
    """The cluster of each row of `pairs` (rows: texts; columns: what they may share; ones)."""
    size = pairs.shape[0]
    cluster = np.arange(size)
    if not size:
        return cluster
    sizes = np.diff(pairs.indptr).astype(np.int32)
    link = partial(_linked, pairs, _marks(pairs), sizes)
    rarest = _rarest(pairs, sizes)
    shared = np.bincount(rarest.indices, minlength=rarest.shape[1]).astype(float)
    if (shared**2).sum() <= MOST_COMPARED:
        both = sparse.triu(rarest @ rarest.T, 1).tocoo()
        return link(cluster, both.row, both.col)
    for band in range(BANDS):
        buckets = _Buckets.of(_band(pairs, band))
        for nearest, farthest in STEPS:
            cluster = link(cluster, *buckets.pairs(nearest, farthest, cluster))
    return cluster


def _rarest(pairs: sparse.csr_matrix, sizes: Whole) -> sparse.csr_matrix:
    """Of each row its rarest things, so many that two alike rows share one of them."""
    rank = np.argsort(np.argsort(np.bincount(pairs.indices, minlength=pairs.shape[1]), kind="stable"))
    row = np.repeat(np.arange(len(sizes)), sizes)
    row, rarity = np.divmod(np.sort(row * len(rank) + rank[pairs.indices]), len(rank))
    kept = np.arange(len(row)) - pairs.indptr[row] <= sizes[row] - np.ceil(LIKE * sizes[row] - 1e-9)
    return sparse.csr_matrix((np.ones(int(kept.sum()), np.int32), (row[kept], rarity[kept])), shape=pairs.shape)


def _linked(pairs: sparse.csr_matrix, marks: Bits, sizes: Whole, cluster: Whole, left: Whole, right: Whole) -> Whole:
    """The clusters with those made one of which a row of `left` is like its row of `right`."""
    left, right = _possible(marks, sizes, left, right)
    near = _likeness(pairs, sizes, left, right) >= LIKE
    size, ends = len(cluster), (cluster[left[near]], cluster[right[near]])
    links = sparse.coo_matrix((np.ones(int(near.sum())), ends), shape=(size, size))
    return connected_components(links, directed=False)[1].astype(np.int64)[cluster]


def _marks(pairs: sparse.csr_matrix) -> Bits:
    """For each row some bits, one for each thing it holds: MARKS words of 64."""
    bit = np.uint64(1) << (pairs.indices % 64).astype(np.uint64)
    word = pairs.indices // 64 % MARKS
    return np.stack(
        [np.bitwise_or.reduceat(np.where(word == own, bit, np.uint64(0)), pairs.indptr[:-1]) for own in range(MARKS)]
    )


def _possible(marks: Bits, sizes: Whole, left: Whole, right: Whole) -> tuple[Whole, Whole]:
    """The pairs of rows that may be alike: a bit that one alone bears is a thing that one alone holds."""
    alone = np.zeros((2, len(left)), np.int32)
    for word in (None, *marks):
        if word is not None:
            one, two = word[left], word[right]
            alone += np.bitwise_count(np.stack([one & ~two, two & ~one]))
        shared = np.minimum(sizes[left] - alone[0], sizes[right] - alone[1])
        maybe = shared + 1e-9 >= LIKE * (sizes[left] + sizes[right] - shared)
        left, right, alone = left[maybe], right[maybe], alone[:, maybe]
    return left, right


def _band(pairs: sparse.csr_matrix, band: int) -> NDArray[np.uint64]:
    """One number a text from ROWS minwise hashes of its pairs of words."""
    draws = np.random.default_rng(band)
    total = np.zeros(pairs.shape[0], np.uint64)
    columns = np.arange(pairs.shape[1], dtype=np.int64)
    for _ in range(ROWS):
        a, b = (int(item) for item in draws.integers(1, PRIME, 2))
        hashed = ((columns * a + b) % PRIME).astype(np.uint32)
        least = np.minimum.reduceat(hashed[pairs.indices], pairs.indptr[:-1])
        total = total * np.uint64(1_000_003) + least.astype(np.uint64)
    return total


@dataclass(frozen=True)
class _Buckets:
    """Texts in the order of their numbers; `within`: how many of the same number stand before each."""

    order: Whole
    within: Whole

    @classmethod
    def of(cls, numbers: NDArray[np.uint64]) -> _Buckets:
        order = np.argsort(numbers, kind="stable")
        ranked = numbers[order]
        opens = np.concatenate([[True], ranked[1:] != ranked[:-1]])
        place = np.arange(len(order))
        return cls(order, place - np.maximum.accumulate(np.where(opens, place, 0)))

    def pairs(self, nearest: int, farthest: int, cluster: Whole) -> tuple[Whole, Whole]:
        """Pairs of one bucket, so many places apart, that are not in one cluster yet."""
        found = [self._apart(back, cluster) for back in range(nearest, min(farthest, int(self.within.max())) + 1)]
        nothing = np.zeros(0, np.int64)
        return np.concatenate([nothing, *(one for one, _ in found)]), np.concatenate(
            [nothing, *(two for _, two in found)]
        )

    def _apart(self, back: int, cluster: Whole) -> tuple[Whole, Whole]:
        at = np.flatnonzero(self.within >= back)
        left, right = self.order[at - back], self.order[at]
        apart = cluster[left] != cluster[right]
        return left[apart], right[apart]


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
