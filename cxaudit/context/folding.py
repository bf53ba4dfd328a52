"""Kinds of event that the data cannot carry alone: merged into the nearest kind, or their days taken out of the fit.

Rung F5 of the ladder. A kind is thin with under 5 days or 30 units, or a rate of 0 or 1, or so near that it rests on
under 5 successes or failures; its own coefficient would be a guess or infinite. Two kinds on the very same days cannot
be told apart and share one coefficient.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxaudit.context.cells import TERMS, Cells
from cxaudit.context.glm import triangle

THIN_DAYS = 5
THIN_UNITS = 30
THIN_CASES = 5
# An incident has no neighbour: its days resemble no other kind's.
NEAREST = {
    "peak": ("promotion",),
    "launch": ("promotion", "peak"),
    "promotion": ("peak",),
    "after_peak": ("peak",),
    "after_incident": ("incident",),
}
# Two kinds that share this much of their units (Jaccard) and cannot be told apart are one.
SAME = 0.5


@dataclass(frozen=True, slots=True)
class Folding:
    """What became of each term.

    Attributes:
        column: by term, the coefficient that it shares (numbered from 0), or -1 where it has none.
        aside: terms whose rows leave the fit; there the observed rate stands for the event's effect.
        merged: (term, into) pairs.
        unknown: terms with rows but no effect that could be told from the period itself.
    """

    column: tuple[int, ...]
    aside: tuple[int, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def folded(self) -> bool:
        return bool(self.aside or self.merged or self.unknown)

    @property
    def columns(self) -> int:
        return max(self.column) + 1

    def covariates(self, terms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rows x columns: a shared coefficient holds once, however many of its terms do."""
        made = np.zeros((terms.shape[0], self.columns))
        for term, column in enumerate(self.column):
            if column >= 0:
                np.maximum(made[:, column], terms[:, term], out=made[:, column])
        return made


def fold(cells: Cells, *, logit: bool) -> Folding:
    """Decide which term gets a coefficient of its own."""
    group = [term if cells.terms[:, term].any() else -1 for term in range(len(TERMS))]
    aside: list[int] = []
    for term in range(len(TERMS)):
        if group[term] < 0 or not is_thin(cells, _members(group, group[term]), logit):
            continue
        into = _nearest(cells, term, group, logit)
        if into is None:
            aside += _members(group, group[term])
        group = [into if own == group[term] else own for own in group] if into is not None else group
        group = [-1 if place in aside else own for place, own in enumerate(group)]
    return _numbered(group, tuple(aside))


def _members(group: list[int], label: int) -> list[int]:
    return [term for term, own in enumerate(group) if own == label]


def is_thin(cells: Cells, terms: list[int], logit: bool) -> bool:
    """Whether the rows under any of `terms` are too few, or all alike, to bear a coefficient."""
    rows = cells.terms[:, terms].max(axis=1) > 0
    weight = cells.terms[rows][:, terms].max(axis=1)
    units = float((cells.units[rows] * weight).sum())
    sums = float((cells.sums[rows] * weight).sum())
    alike = logit and min(sums, units - sums) < THIN_CASES
    few = cells.day is not None and cells.weekday.min() >= 0 and np.unique(cells.day[rows]).size < THIN_DAYS
    return few or units < THIN_UNITS or alike


def separate(folding: Folding, cells: Cells, others: NDArray[np.float64]) -> Folding:
    """Merge or drop terms until every coefficient can be told from the rest (`others`: periods, weekdays, months)."""
    base = _rank(others)
    while folding.columns:
        made = folding.covariates(cells.terms)
        if _rank(others, made) == base + folding.columns:
            break
        folding = _without_one(folding, made, others)
    return folding


def _rank(*columns: NDArray[np.float64]) -> int:
    return int(np.linalg.matrix_rank(triangle(np.hstack(columns))))


def _without_one(folding: Folding, made: NDArray[np.float64], others: NDArray[np.float64]) -> Folding:
    full = _rank(others, made)
    for column in reversed(range(folding.columns)):
        rest = np.delete(made, column, axis=1)
        if _rank(others, rest) == full:
            break
    own = made[:, column]
    overlap = [np.minimum(own, one).sum() / max(np.maximum(own, one).sum(), 1e-300) for one in made.T]
    overlap[column] = 0.0
    twin = int(np.argmax(overlap))
    if overlap[twin] >= SAME:
        return _merge(folding, column, twin)
    gone = tuple(TERMS[term] for term, own in enumerate(folding.column) if own == column)
    kept = [own - (own > column) if own != column else -1 for own in folding.column]
    return Folding(tuple(kept), folding.aside, folding.merged, (*folding.unknown, *gone))


def _merge(folding: Folding, column: int, twin: int) -> Folding:
    into = TERMS[folding.column.index(twin)]
    pairs = tuple((TERMS[term], into) for term, own in enumerate(folding.column) if own == column)
    joined = [twin if own == column else own for own in folding.column]
    kept = tuple(own - (own > column) for own in joined)
    return Folding(kept, folding.aside, (*folding.merged, *pairs), folding.unknown)


def _nearest(cells: Cells, term: int, group: list[int], logit: bool) -> int | None:
    """The group of the nearest kind that `term` can join without the two together being thin."""
    for name in NEAREST.get(TERMS[term], ()):
        label = group[TERMS.index(name)]
        if label >= 0 and not is_thin(cells, _members(group, group[term]) + _members(group, label), logit):
            return label
    return None


def _numbered(group: list[int], aside: tuple[int, ...]) -> Folding:
    labels = sorted({label for label in group if label >= 0})
    column = tuple(labels.index(label) if label >= 0 else -1 for label in group)
    merged = tuple((TERMS[term], TERMS[into]) for term, into in enumerate(group) if into >= 0 and into != term)
    return Folding(column, aside, merged)
