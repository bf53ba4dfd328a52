"""The days of every measure by slice, so that other scopes are counted without going back to the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxaudit.measure.slices import Slices
from cxaudit.schema.results import Daily, Measure

Ints = NDArray[np.int64]
Column = NDArray[np.generic]
# What sums of hours or euros leave behind when they are taken from one another.
ROUNDING = 1e-6
# The narrowest first.
WHOLE = (np.uint8, np.uint16, np.int32)


@dataclass(frozen=True, slots=True)
class Counts:
    """Units and their sums by day and slice: parallel columns, each in its narrowest exact form.

    Attributes:
        first: the first day.
        days: from the first one on.
        whole: units and sums by day, of all slices together.
    """

    first: int
    days: Column
    slices: Column
    units: Column
    sums: Column
    whole: NDArray[np.float64]

    @classmethod
    def of(cls, days: Ints, slices: Ints, units: Column, sums: Column) -> Counts:
        first = int(days.min(initial=days[0] if days.size else 0))
        whole = np.stack([np.bincount(days - first, column).astype(float) for column in (units, sums)])
        return cls(first, _narrow(days - first), _narrow(slices), _narrow(units), _narrow(sums), whole)


class Tally:
    """What an audit counted by day and slice; measures leave their counts here as they are made.

    It lives as long as the rows do and is never saved: a day and a slice may be one person.
    """

    def __init__(self, slices: Slices | None = None, scopes: Sequence[str] = ()) -> None:
        self.slices = slices or Slices()
        self.scopes = tuple(scopes)
        self._held: dict[str, Counts] = {}
        self._kinds = self._by_mask(scopes)

    def fresh(self, scopes: Sequence[str]) -> Tally:
        """An empty one over the same slices, for these scopes."""
        return Tally(self.slices, scopes)

    def count(self, key: str, days: Ints, slices: Ints, units: Column, sums: Column) -> Daily:
        """A measure's days under the scopes of the audit; the counts are kept."""
        return self.take(key, Counts.of(days, slices, units, sums))

    def take(self, key: str, held: Counts) -> Daily:
        """The same of counts that were made before, over the same slices."""
        self._held[key] = held
        return _folded(held, *self._kinds)

    def of(self, key: str) -> Counts:
        """What was counted of a measure."""
        return self._held[key]

    def _by_mask(self, scopes: Sequence[str]) -> tuple[Ints, Column]:
        """The masks that occur, that of no scope first, and by slice the place of its own among them."""
        masks, place = np.unique(np.append(0, self.slices.masks(scopes)), return_inverse=True)
        return masks, _narrow(place[1:])


def with_days(measure: Measure, daily: Daily) -> Measure:
    """The measure with its days told apart by other scopes; days without slices of their own stay as they are."""
    return replace(measure, daily=daily) if measure.daily and measure.daily.scopes else measure


def _folded(held: Counts, masks: Ints, place: Column) -> Daily:
    """Only rows under a scope are looked at: what they leave of their day is under none."""
    kind = place[held.slices]
    rows = np.flatnonzero(kind)
    shape = (held.whole.shape[1], masks.size)
    group = held.days[rows].astype(np.int64) * masks.size + kind[rows]
    units, sums = (
        np.bincount(group, column[rows], shape[0] * shape[1]).astype(float).reshape(shape)  # of no row: whole numbers
        for column in (held.units, held.sums)
    )
    units[:, 0], sums[:, 0] = held.whole[0] - units.sum(axis=1), held.whole[1] - sums.sum(axis=1)
    day, mask = np.nonzero((units > 0) | (np.abs(sums) > ROUNDING))
    return Daily(
        tuple((held.first + day).tolist()),
        tuple(units[day, mask].tolist()),
        tuple(sums[day, mask].tolist()),
        tuple(masks[mask].tolist()),
    )


def _narrow(column: Column) -> Column:
    """The same numbers in the narrowest type that holds them exactly."""
    if column.dtype.kind == "f" and not (column == np.floor(column)).all():
        return column
    low, high = (float(end) for end in (column.min(initial=0), column.max(initial=0)))
    fitting = (kind for kind in WHOLE if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
    return column.astype(next(fitting, column.dtype))
