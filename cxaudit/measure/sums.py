"""Cluster sums of units by class, on arrays: the one loop that every share and mean goes through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.stats.intervals import ClusterSums

Codes = NDArray[np.int64]


def class_sums(frame: nw.DataFrame[Any], by: str | None) -> Iterator[tuple[Any, ClusterSums, float]]:
    """(class, cluster sums, Σ of squares over units) for each class of `by` in order, or of the whole for None.

    `frame` holds `cluster` and `success` (a number); units whose class is null belong to none.
    """
    names, classes = classified(frame, by)
    success = frame["success"].to_numpy().astype(float)
    cluster = frame["cluster"].to_numpy()
    known = classes >= 0
    if not known.all():
        classes, success, cluster = classes[known], success[known], cluster[known]
    yield from zip(names, *_sums(classes, cluster, success, len(names)), strict=True)


def classified(frame: nw.DataFrame[Any], by: str | None) -> tuple[list[Any], Codes]:
    """The classes of `by` in order and the place of each unit's own, −1 for null."""
    if by is None:
        return [None], np.zeros(len(frame), np.int64)
    values = frame[by].to_list()
    names = sorted({value for value in values if value is not None})
    place = {name: i for i, name in enumerate(names)}
    return names, np.fromiter((place.get(value, -1) for value in values), np.int64, len(values))


def _sums(
    classes: Codes, cluster: Codes, success: NDArray[np.float64], n: int
) -> tuple[list[ClusterSums], list[float]]:
    order = np.lexsort((success, cluster, classes))
    classes, cluster, success = classes[order], cluster[order], success[order]
    new = np.ones(len(order), bool)
    new[1:] = (classes[1:] != classes[:-1]) | (cluster[1:] != cluster[:-1])
    starts = np.flatnonzero(new)
    if not len(starts):
        return [ClusterSums(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)] * n, [0.0] * n
    m = np.diff(np.append(starts, len(order))).astype(float)
    y, squares = np.add.reduceat(success, starts), np.add.reduceat(success * success, starts)
    owner = classes[starts]
    # In the order of their values, so that sums of fractions are the same whatever customers are called.
    by_value = np.lexsort((m, squares, y, owner))
    owner, m, y, squares = owner[by_value], m[by_value], y[by_value], squares[by_value]
    weights = (np.ones_like(m), m, y, m * m, m * y, y * y, squares)
    *columns, square = (np.bincount(owner, weight, n).tolist() for weight in weights)
    return [ClusterSums(*row) for row in zip(*columns, strict=True)], square
