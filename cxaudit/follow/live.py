"""An audit whose settings and events change while people look on: what a change does not touch is kept."""

from __future__ import annotations

from collections.abc import Sequence

from cxaudit.audit import Brief, Former, Progress, audit_prepared
from cxaudit.follow.comparisons import Comparisons
from cxaudit.follow.kept import Kept
from cxaudit.follow.layers import followed, serves
from cxaudit.prepare import Prepared, read_under
from cxaudit.schema.results import Audit, Event
from cxaudit.schema.settings import Settings

MOST = 2  # preparations: now, and before the last change


class Live:
    """Exports prepared once, and the results of the latest audits of them."""

    def __init__(self, *prepared: Prepared, results: Kept | None = None, compared: Comparisons | None = None) -> None:
        self._prepared = prepared
        self._results, self._comparisons = results or Kept(), compared or Comparisons()

    def twin(self) -> Live:
        """Another that begins where this one is: what each changes then is its own."""
        return Live(*self._prepared, results=self._results.twin(), compared=self._comparisons.twin())

    @property
    def begun(self) -> bool:
        """Whether there is a result to begin from."""
        return self._results.begun

    def serves(self, settings: Settings) -> bool:
        """Whether these settings can be followed; another clock, last day or tone model needs the exports again."""
        return serves(self._prepared[0], settings)

    def prepared(self, settings: Settings, events: Sequence[Event]) -> Prepared:
        """The tables under these settings and events."""
        wanted = (read_under(settings), tuple(events))
        found = next((one for one in self._prepared if (one.under, one.events) == wanted), None)
        if found is None:
            nearest = next((one for one in self._prepared if one.under == wanted[0]), self._prepared[0])
            found = followed(nearest, settings, events)
        self._prepared = (found, *(one for one in self._prepared if one is not found))[:MOST]
        return found

    def audit(self, brief: Brief, progress: Progress | None = None) -> Audit:
        """The audit, equal in every figure to one made anew."""
        former = Former(self._results, self._comparisons)
        return audit_prepared(self.prepared(brief.settings, brief.events), brief, progress, former)
