"""The sample's audit, made once a server and shared: it holds no client's data, and the first click should not wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from streamlit import runtime

from cxaudit.schema.results import Audit, Event
from cxaudit.ui.session import Workshop


@dataclass(frozen=True, slots=True)
class Showcase:
    """What every visitor of the sample starts from; nothing in it is changed afterwards."""

    sheets: dict[str, tuple[Any, ...]]
    ingested: Any
    events: tuple[Event, ...]
    audit: Audit


_making = Lock()
_made: list[Showcase] = []


def shared(make: Callable[[], Showcase]) -> Showcase:
    """The one showcase, made by the first who asks; others wait for it rather than make their own."""
    with _making:
        if not _made:
            _made.append(make())
        return _made[0]


def lend(held: Workshop) -> None:
    """Give a resumed sample its rows again: they are everybody's."""
    if held.origin == "sample" and held.ingested is None and _made:
        held.sheets, held.ingested = dict(_made[0].sheets), _made[0].ingested


def warm(make: Callable[[], Showcase]) -> None:
    """Make it behind the scenes once somebody is on the home page; outside a server nothing happens."""
    if runtime.exists() and not _made and not _making.locked():
        Thread(target=shared, args=(make,), daemon=True, name="sample").start()
