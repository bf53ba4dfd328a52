"""Which sets are alike, and the clusters that likeness joins.

Sets that share at least 60 % of what either holds (Jaccard) are alike: candidates are found by minwise hashing in
bands, put aside by an upper bound on a few bits a set, and checked exactly. A cluster is what such likeness joins.

Sources: Broder (1997) for minwise hashing; Leskovec, Rajaraman and Ullman, ch. 3, for bands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Whole = NDArray[np.int64]
Bits = NDArray[np.uint64]
LIKE = 0.60
BANDS, ROWS = 24, 3  # likeness .6 is missed by all bands in 3 of 1 000 pairs, .7 in 1 of 100 000
PRIME = (1 << 31) - 1
MARKS = 2  # words of 64 bits a set


def joined(pairs: sparse.csr_matrix) -> Whole:
    """The cluster of each row of `pairs` (rows: texts; columns: what they may share; ones)."""
    size = pairs.shape[0]
    cluster = np.arange(size)
    if not size:
        return cluster
    marks = _marks(pairs)
    for band in range(BANDS):
        left, right = _candidates(pairs, band)
        apart = cluster[left] != cluster[right]  # what an earlier band has joined need not be compared again
        left, right = left[apart], right[apart]
        maybe = _at_most(marks, pairs, left, right) >= LIKE
        left, right = left[maybe], right[maybe]
        near = _likeness(pairs, left, right) >= LIKE
        cluster = _linked(cluster, left[near], right[near])
    return cluster


def _linked(cluster: Whole, left: Whole, right: Whole) -> Whole:
    """The clusters with those of `left` and `right` made one."""
    size = len(cluster)
    links = sparse.coo_matrix((np.ones(len(left)), (cluster[left], cluster[right])), shape=(size, size))
    return connected_components(links, directed=False)[1].astype(np.int64)[cluster]


def _marks(pairs: sparse.csr_matrix) -> Bits:
    """For each row some bits, one for each thing it holds: MARKS words of 64."""
    bit = np.uint64(1) << (pairs.indices % 64).astype(np.uint64)
    word = pairs.indices // 64 % MARKS
    return np.stack(
        [np.bitwise_or.reduceat(np.where(word == own, bit, np.uint64(0)), pairs.indptr[:-1]) for own in range(MARKS)]
    )


def _at_most(marks: Bits, pairs: sparse.csr_matrix, left: Whole, right: Whole) -> NDArray[np.float64]:
    """What the likeness of two rows cannot exceed: a bit that one alone bears is a thing that one alone holds."""
    sizes = np.diff(pairs.indptr)
    alone, other = (
        np.bitwise_count(marks[:, one] & ~marks[:, two]).sum(axis=0, dtype=np.int64)
        for one, two in ((left, right), (right, left))
    )
    shared = np.minimum(sizes[left] - alone, sizes[right] - other)
    return shared / (sizes[left] + sizes[right] - shared)


def _candidates(pairs: sparse.csr_matrix, band: int) -> tuple[Whole, Whole]:
    """Pairs of texts that agree on a band of their minwise hashes: each with the next and the first of its bucket."""
    order, starts = _buckets(_band(pairs, band))
    same = ~starts[1:]
    first = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    before, opening, own = order[:-1][same], order[first[1:]][same], order[1:][same]
    further = opening != before
    return np.concatenate([before, opening[further]]), np.concatenate([own, own[further]])


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


def _buckets(numbers: NDArray[np.uint64]) -> tuple[Whole, NDArray[np.bool_]]:
    order = np.argsort(numbers, kind="stable")
    ranked = numbers[order]
    return order, np.concatenate([[True], ranked[1:] != ranked[:-1]])


def _likeness(pairs: sparse.csr_matrix, left: Whole, right: Whole) -> NDArray[np.float64]:
    """Jaccard's likeness of the pairs of words of two texts each."""
    if not len(left):
        return np.zeros(0)
    sizes = np.asarray(pairs.sum(axis=1)).ravel()
    shared = np.concatenate(
        [
            np.asarray(pairs[left[at : at + 50_000]].multiply(pairs[right[at : at + 50_000]]).sum(axis=1)).ravel()
            for at in range(0, len(left), 50_000)
        ]
    )
    return shared / (sizes[left] + sizes[right] - shared)
