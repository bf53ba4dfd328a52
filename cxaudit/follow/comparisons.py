"""Two periods compared, figure by figure: one whose days are as they were is not compared again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cxaudit.context import compare
from cxaudit.follow.kept import Question, unchanged, watched
from cxaudit.schema.results import Context, Event, Measure
from cxaudit.schema.settings import Settings

MOST = 3  # contexts: now, before, and before that


@dataclass(frozen=True, slots=True)
class Found:
    """A context, the measures that it compares, and under what."""

    read: Mapping[Question, Any]
    under: tuple[Any, ...]
    measures: Mapping[str, Measure]
    context: Context


class Comparisons:
    """The latest contexts of an audit whose settings and events change."""

    def __init__(self, held: Sequence[Found] = ()) -> None:
        self._held = tuple(held)

    def twin(self) -> Comparisons:
        """Another that begins with the same contexts."""
        return Comparisons(self._held)

    def of(
        self,
        measures: Mapping[str, Measure],
        events: Sequence[Event],
        settings: Settings,
        *,
        as_of: date,
        data_first: date,
        scopes: Sequence[str],
    ) -> Context:
        """As `context.compare`, with the figures that did not change since taken from the latest like context."""
        under = (tuple(events), as_of, data_first, tuple(scopes), _bounds(measures))
        former = next((one for one in self._held if one.under == under and unchanged(one.read, settings)), None)
        known = former.measures if former else {}
        changed = {key: one for key, one in measures.items() if known.get(key) is not one and known.get(key) != one}
        if former and not changed and known.keys() == measures.keys():
            self._held = (former, *(one for one in self._held if one is not former))
            return former.context
        read: list[tuple[Question, Any]] = []
        asked, anew = watched(settings, read), {**_ends(measures), **changed}
        found = compare(anew, events, asked, as_of=as_of, data_first=data_first, scopes=scopes)
        if former:
            told = {key: (found if key in changed else former.context).signals.get(key) for key in measures}
            found = replace(found, signals={key: one for key, one in told.items() if one})
        asked_for = {**(former.read if former else {}), **dict(read)}
        self._held = (Found(asked_for, under, measures, found), *self._held)[:MOST]
        return found


def _bounds(measures: Mapping[str, Measure]) -> tuple[int, int] | None:
    """The first and last day of any figure, from which the timetable of all runs."""
    held = [one.daily.days for one in measures.values() if one.daily and one.daily.days]
    return (min(map(min, held)), max(map(max, held))) if held else None


def _ends(measures: Mapping[str, Measure]) -> dict[str, Measure]:
    """A figure that holds the first day, and one that holds the last."""
    held = {key: one.daily.days for key, one in measures.items() if one.daily and one.daily.days}
    if not held:
        return {}
    first, last = min(held, key=lambda key: min(held[key])), max(held, key=lambda key: max(held[key]))
    return {key: measures[key] for key in (first, last)}
