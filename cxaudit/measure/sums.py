"""Cluster sums of units by class, on arrays: the one loop that every share and mean goes through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.stats.intervals import ClusterSums

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
LARGEST_TABLE = 20_000_000  # cells of a class × cluster table, beyond which units are sorted instead
SHIFT = 2.0**26  # a count below this and a whole sum below twice this share one exact double


@dataclass(frozen=True)
class ClassSums:
    """Cluster sums of each class, in the order of the classes: columns are ClusterSums' own, then Σ of squares."""

    names: Sequence[Any]
    table: Numbers

    @property
    def units(self) -> Numbers:
        return self.table[1]

    @property
    def totals(self) -> Numbers:
        return self.table[2]

    def __iter__(self) -> Iterator[tuple[Any, ClusterSums, float]]:
        return (self.of(place) for place in range(len(self.names)))

    def of(self, place: int) -> tuple[Any, ClusterSums, float]:
        """(class, cluster sums, Σ of squares over units) of one class."""
        *sums, squares = self.table[:, place].tolist()
        return self.names[place], ClusterSums(*sums), squares

    def largest(self, most: int) -> list[tuple[Any, ClusterSums, float]]:
        """The classes of most units, ties in the order of the classes."""
        return [self.of(place) for place in np.argsort(-self.units, kind="stable")[:most].tolist()]


def class_sums(frame: nw.DataFrame[Any], by: str | None) -> ClassSums:
    """The sums of each class of `by` in order, or of the whole for None.

    `frame` holds `cluster` (whole numbers from 0) and `success` (a number); units whose class is null belong to none.
    """
    names, classes = classified(frame, by)
    success = frame["success"].to_numpy().astype(float, copy=False)
    cluster = frame["cluster"].to_numpy().astype(np.int64, copy=False)
    if by is not None and classes.min(initial=0) < 0:
        known = classes >= 0
        classes, success, cluster = classes[known], success[known], cluster[known]
    return ClassSums(names, _sums(classes, cluster, success, len(names)))


def classified(frame: nw.DataFrame[Any], by: str | None) -> tuple[list[Any], Codes]:
    """The classes of `by` in order and the place of each unit's own, −1 for null."""
    if by is None:
        return [None], np.zeros(len(frame), np.int64)
    names = frame[by].drop_nulls().unique().sort()
    if not len(names):
        return [], np.full(len(frame), -1, np.int64)
    places = names.to_frame().with_row_index("_place").with_columns(nw.col("_place").cast(nw.Int64))
    native = frame.select(by).to_native().join(places.to_native(), on=by, how="left", maintain_order="left")
    return names.to_list(), native["_place"].fill_null(-1).to_numpy()


def _sums(classes: Codes, cluster: Codes, success: Numbers, n: int) -> Numbers:
    if not len(classes):
        return np.zeros((7, n))
    spread = success.max() - min(success.min(), 0.0)
    whole = bool((success == np.rint(success)).all()) and len(success) < SHIFT and spread * len(success) < 2 * SHIFT
    owner, m, y, squares = (_of_whole if whole else _of_fractions)(classes, cluster, success, n)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    weights = (np.ones_like(m), m, y, m * m, m * y, y * y, squares)
    table = np.zeros((len(weights), n))
    table[:, owner[starts]] = [np.add.reduceat(weight, starts) for weight in weights]
    return table


def _of_whole(classes: Codes, cluster: Codes, success: Numbers, n: int) -> tuple[Codes, Numbers, Numbers, Numbers]:
    """For each cluster of each class: the class, its units, their sum and their sum of squares; sums are exact."""
    low = min(success.min(), 0.0)
    binary = low == 0 and success.max() <= 1
    cell, cells, owner = _cells(classes, cluster, n)
    packed = np.bincount(cell, (success - low) * SHIFT + 1, cells)
    present = np.flatnonzero(packed)
    m = np.asarray(packed[present] % SHIFT, np.float64)
    y = np.asarray((packed[present] - m) / SHIFT + low * m, np.float64)
    squares = y if binary else np.asarray(np.bincount(cell, success * success, cells), float)[present]
    return owner(present), m, y, squares


def _of_fractions(classes: Codes, cluster: Codes, success: Numbers, n: int) -> tuple[Codes, Numbers, Numbers, Numbers]:
    """The same for fractions: their sums depend on the order in the last digit, so they come in order of value."""
    order = np.argsort(success, kind="stable")
    classes, cluster, success = classes[order], cluster[order], success[order]
    cell, cells, owner = _cells(classes, cluster, n)
    every_m, every_y, every_square = (
        np.asarray(np.bincount(cell, weight, cells), float)
        for weight in (np.ones_like(success), success, success * success)
    )
    present = np.flatnonzero(every_m)
    m, y, squares, owned = every_m[present], every_y[present], every_square[present], owner(present)
    by_value = np.lexsort((m, squares, y, owned))
    return owned[by_value], m[by_value], y[by_value], squares[by_value]


def _cells(classes: Codes, cluster: Codes, n: int) -> tuple[Codes, int, Any]:
    """The cell of each unit in a class × cluster table, how many cells there are, and the class of a cell."""
    width = int(cluster.max()) + 1
    key = cluster if n == 1 else classes * width + cluster
    if n * width <= LARGEST_TABLE:
        return key, n * width, lambda cell: cell // width
    held, place = np.unique(key, return_inverse=True)
    return place, len(held), lambda cell: held[cell] // width
