"""Cluster sums of units by class, on arrays: the one loop that every share and mean goes through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from cxaudit.stats.intervals import ClusterSums

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
FURTHEST = 1_000_000  # between the numbers of two classes that one table looks up


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
    values: pl.Series = frame[by].to_native()
    names = values.drop_nulls().unique().sort()
    if not len(names):
        return [], np.full(len(frame), -1, np.int64)
    return names.to_list(), _places(values.to_physical(), names.to_physical())


def _places(values: pl.Series, names: pl.Series) -> Codes:
    """The place of each of `values` among `names`, −1 for null; numbers that lie close together are looked up."""
    if not names.dtype.is_integer() or int(names.max()) - int(names.min()) > FURTHEST:  # type: ignore[arg-type]
        held = names.to_frame("held").with_row_index("place")
        found = values.to_frame("held").join(held, on="held", how="left", maintain_order="left")["place"]
        return found.cast(pl.Int64).fill_null(-1).to_numpy()
    numbers = names.to_numpy().astype(np.int64)
    low, nothing = int(numbers.min()), int(numbers.max()) + 1
    place = np.full(nothing - low + 1, -1, np.int64)
    place[numbers - low] = np.arange(len(numbers))
    return place[values.cast(pl.Int64).fill_null(nothing).to_numpy() - low]


def _sums(classes: Codes, cluster: Codes, success: Numbers, n: int) -> Numbers:
    if not len(classes):
        return np.zeros((7, n))
    width, low = int(cluster.max()) + 1, min(success.min(), 0.0)
    cell, spread = cluster if n == 1 else classes * width + cluster, success.max() - low + 1
    if n * width * spread < 2.0**62 and bool((success == np.rint(success)).all()):
        held, m, y, squares = _of_whole(cell, success, int(low), int(spread))
    else:
        held, m, y, squares = _of_fractions(cell, success, width)
    owner = held // width
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    weights = (np.ones_like(m), m, y, m * m, m * y, y * y, squares)
    table = np.zeros((len(weights), n))
    table[:, owner[starts]] = [np.add.reduceat(weight, starts) for weight in weights]
    return table


def _of_whole(cell: Codes, success: Numbers, low: int, spread: int) -> tuple[Codes, Numbers, Numbers, Numbers]:
    """For each cluster of each class: its cell, its units, their sum and their sum of squares; sums are exact.

    A cell and a number are sorted as one whole number: nothing else need be moved.
    """
    value = cell * spread
    value += (success - low).astype(np.int64)
    value.sort()
    held = value // spread
    value -= held * spread
    value += low
    starts = np.flatnonzero(np.diff(held, prepend=-1))
    m, y = np.diff(starts, append=len(held)).astype(float), np.add.reduceat(value, starts).astype(float)
    binary = low == 0 and spread <= 2
    squares = y if binary else np.add.reduceat(value * value, starts).astype(float)
    return held[starts], m, y, squares


def _of_fractions(cell: Codes, success: Numbers, width: int) -> tuple[Codes, Numbers, Numbers, Numbers]:
    """The same for fractions: their sums depend on the order in the last digit, so they come in order of value."""
    order = np.lexsort((success, cell))
    cell, success = cell[order], success[order]
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    held, m = cell[starts], np.diff(starts, append=len(cell)).astype(float)
    y, squares = np.add.reduceat(success, starts), np.add.reduceat(success * success, starts)
    by_value = np.lexsort((m, squares, y, held // width))
    return held[by_value], m[by_value], y[by_value], squares[by_value]
