"""Scopes as levels of their own: a carrier's customers may write more than others on every day, strike or no strike.

Without a level of its own, a scope's usual distance from the rest would pass for what its event does. And an event may
bring more units of its scope: in normal conditions a period has the scopes of its ordinary days.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cxaudit.context.cells import Cells, total
from cxaudit.context.folding import THIN_CASES, THIN_UNITS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def told_apart(cells: Cells, *, logit: bool) -> Cells:
    """The cells with those scopes alone whose level ordinary days show, inside and outside them."""
    ordinary = cells.only(np.flatnonzero(~cells.terms.any(axis=1)))

    def shows(part: Floats) -> bool:
        units, sums = float(ordinary.units @ part), float(ordinary.sums @ part)
        return units >= THIN_UNITS and (not logit or min(sums, units - sums) >= THIN_CASES)

    kept = [place for place, inside in enumerate(ordinary.within.T) if shows(inside) and shows(1 - inside)]
    felt = cells.felt if kept else np.zeros((cells.units.size, 0))
    return replace(cells, within=cells.within[:, kept], felt=felt)


def usual(cells: Cells, period: int) -> tuple[Floats, Floats]:
    """The scopes (combinations x scopes) of a period's units on ordinary days, and the share of each combination.

    All its days stand in where none is ordinary.
    """
    if not cells.within.shape[1]:
        return np.zeros((1, 0)), np.ones(1)
    within = cells.period == period
    ordinary = within & ~cells.felt.any(axis=1)
    rows = ordinary if ordinary.any() else within
    found, place = np.unique(cells.within[rows], axis=0, return_inverse=True)
    volume = total(place.ravel(), cells.units[rows])
    return found, volume / volume.sum()


def as_they_came(felt: Bools, on: Bools) -> Bools:
    """Where units keep the scopes they had (subsets x rows): on ordinary days, and on those of a kind that is on."""
    if not felt.shape[1]:
        return np.ones((len(on), len(felt)), dtype=bool)
    return np.asarray((on[:, None, : felt.shape[1]] & felt).any(axis=2) | ~felt.any(axis=1), dtype=bool)
