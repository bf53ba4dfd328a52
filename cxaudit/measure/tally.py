"""The days of every measure by slice, so that other scopes are counted without going back to the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxaudit.measure.slices import Slices
from cxaudit.schema.results import Daily, Measure

Ints = NDArray[np.int64]
Column = NDArray[np.generic]
# Whole numbers up to here are exact in four bytes.
EXACT_IN_FOUR = 1 << 24


@dataclass(frozen=True, slots=True)
class Counts:
    """Units and their sums by day and slice: parallel columns, in their smallest exact form."""

    days: Column
    slices: Column
    units: Column
    sums: Column


class Tally:
    """What an audit counted by day and slice; measures leave their counts here as they are made.

    It lives as long as the rows do and is never saved: a day and a slice may be one person.
    """

    def __init__(self, slices: Slices | None = None, scopes: Sequence[str] = ()) -> None:
        self.slices = slices or Slices()
        self._held: dict[str, Counts] = {}
        self._kinds = self._by_mask(scopes)

    def fresh(self, scopes: Sequence[str]) -> Tally:
        """An empty one over the same slices, for these scopes."""
        return Tally(self.slices, scopes)

    def count(self, key: str, days: Ints, slices: Ints, units: Column, sums: Column) -> Daily:
        """A measure's days under the scopes of the audit; the counts are kept."""
        held = Counts(*(_small(column) for column in (days, slices, units, sums)))
        self._held[key] = held
        return _folded(held, *self._kinds)

    def under(self, measures: Mapping[str, Measure], scopes: Sequence[str]) -> dict[str, Measure]:
        """The measures with their days under other scopes."""
        kinds = self._by_mask(scopes)
        return {
            key: replace(one, daily=_folded(self._held[key], *kinds))
            if one.daily and one.daily.scopes and key in self._held
            else one
            for key, one in measures.items()
        }

    def _by_mask(self, scopes: Sequence[str]) -> tuple[Ints, Ints]:
        """The masks that occur, and by slice the place of its own among them."""
        masks, place = np.unique(self.slices.masks(scopes), return_inverse=True)
        return masks, place


def _folded(held: Counts, masks: Ints, place: Ints) -> Daily:
    if not held.days.size:
        return Daily((), (), ())
    days = held.days.astype(np.int64)
    first = int(days.min())
    group = (days - first) * masks.size + place[held.slices]
    units, sums = (np.bincount(group, column) for column in (held.units, held.sums))
    at = np.flatnonzero(np.bincount(group))
    return Daily(
        tuple((first + at // masks.size).tolist()),
        tuple(units[at].tolist()),
        tuple(sums[at].tolist()),
        tuple(masks[at % masks.size].tolist()),
    )


def _small(column: Column) -> Column:
    """Four bytes a number where they hold it exactly."""
    if column.dtype.kind in "iu":
        return column.astype(np.int32)
    whole = bool((column == np.floor(column)).all()) and float(np.abs(column).max(initial=0)) < EXACT_IN_FOUR
    return column.astype(np.float32 if whole else np.float64)
