"""The sample, shared by all who open it since it is nobody's data: figures at once, rows behind the scenes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from streamlit import runtime

from cxaudit.follow.live import Live
from cxaudit.schema.results import Audit, Event
from cxaudit.ui.session import Workshop

if TYPE_CHECKING:
    from cxaudit.ingest import Ingested
    from cxaudit.ingest.sources import Sheet, Unreadable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figures:
    """What the overview needs; nothing in it is changed afterwards."""

    audit: Audit
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What verbatims, cases and other settings need besides."""

    sheets: dict[str, tuple[Sheet | Unreadable, ...]]
    ingested: Ingested
    events: tuple[Event, ...]
    live: Live


class Once(Generic[T]):
    """Something made once a server, by the first who asks; others wait for it rather than make their own."""

    def __init__(self) -> None:
        self.made: T | None = None
        self._making = Lock()

    def get(self, make: Callable[[], T]) -> T:
        with self._making:
            if self.made is None:
                self.made = make()
            return self.made

    def begin(self, make: Callable[[], T]) -> None:
        """Make it behind the scenes; outside a server nothing happens."""
        if runtime.exists() and self.made is None and not self._making.locked():
            Thread(target=self.get, args=(make,), daemon=True, name="sample").start()


figures: Once[Figures] = Once()
rows: Once[Rows] = Once()
live: Once[Live] = Once()


def waits_for_rows(held: Workshop) -> bool:
    """Whether this is the sample, opened before its rows were read, or after a refresh."""
    return held.origin == "sample" and held.audit is not None and held.ingested is None


def waits_for_results(held: Workshop) -> bool:
    """Whether this is the sample, and nothing of it was computed yet from which other settings could be followed."""
    return held.origin == "sample" and held.live is not None and not held.live.begun


def lend(held: Workshop) -> None:
    """Give a workshop of the sample its rows, and the results of its audit, once they are there."""
    if waits_for_rows(held) and rows.made is not None:
        held.sheets, held.ingested, held.live = dict(rows.made.sheets), rows.made.ingested, rows.made.live.twin()
    if waits_for_results(held) and live.made is not None:
        held.live = live.made.twin()
