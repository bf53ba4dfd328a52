"""Cluster sums of units by class, on arrays: the one loop that every share and mean goes through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.stats.intervals import ClusterSums

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
LARGEST_TABLE = 20_000_000  # cells of a class × cluster table, beyond which units are sorted instead


def class_sums(frame: nw.DataFrame[Any], by: str | None) -> Iterator[tuple[Any, ClusterSums, float]]:
    """(class, cluster sums, Σ of squares over units) for each class of `by` in order, or of the whole for None.

    `frame` holds `cluster` (whole numbers from 0) and `success` (a number); units whose class is null belong to none.
    """
    names, classes = classified(frame, by)
    success = frame["success"].to_numpy().astype(float)
    cluster = frame["cluster"].to_numpy().astype(np.int64)
    known = classes >= 0
    if not known.all():
        classes, success, cluster = classes[known], success[known], cluster[known]
    yield from zip(names, *_sums(classes, cluster, success, len(names)), strict=True)


def classified(frame: nw.DataFrame[Any], by: str | None) -> tuple[list[Any], Codes]:
    """The classes of `by` in order and the place of each unit's own, −1 for null."""
    if by is None:
        return [None], np.zeros(len(frame), np.int64)
    names = frame[by].drop_nulls().unique().sort().to_list()
    places = list(range(len(names)))
    if not names:
        return [], np.full(len(frame), -1, np.int64)
    found = frame[by].replace_strict([*names, None], [*places, -1], return_dtype=nw.Int64)
    return names, found.to_numpy().astype(np.int64)


def _sums(classes: Codes, cluster: Codes, success: Numbers, n: int) -> tuple[list[ClusterSums], list[float]]:
    if not len(classes):
        return [ClusterSums(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)] * n, [0.0] * n
    # Sums of fractions depend on their order in the last digit: put those in the order of their values.
    fractions = bool((success != np.rint(success)).any())
    if fractions:
        order = np.argsort(success, kind="stable")
        classes, cluster, success = classes[order], cluster[order], success[order]
    owner, m, y, squares = _by_cluster(classes, cluster, success, n)
    if fractions:
        by_value = np.lexsort((m, squares, y, owner))
        owner, m, y, squares = owner[by_value], m[by_value], y[by_value], squares[by_value]
    weights = (np.ones_like(m), m, y, m * m, m * y, y * y, squares)
    *columns, square = (np.bincount(owner, weight, n).tolist() for weight in weights)
    return [ClusterSums(*row) for row in zip(*columns, strict=True)], square


def _by_cluster(classes: Codes, cluster: Codes, success: Numbers, n: int) -> tuple[Codes, Numbers, Numbers, Numbers]:
    """For each cluster of each class: the class, its units, their sum and their sum of squares."""
    width = int(cluster.max()) + 1
    key = classes * width + cluster
    if n * width <= LARGEST_TABLE:
        cells, place = n * width, key
    else:
        names, place = np.unique(key, return_inverse=True)
        cells = len(names)
    weights = (np.ones_like(success), success, success * success)
    m, y, squares = (np.asarray(np.bincount(place, weight, cells), float) for weight in weights)
    present = np.flatnonzero(m)
    owner = present // width if place is key else names[present] // width
    return owner, m[present], y[present], squares[present]
