"""What people add in the room: notes, actions, and the verbatims that they choose to quote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

STATUSES = ("todo", "doing", "done", "dropped")
EFFORTS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken on a page of the app; `page` is the page's file name without its ending."""

    page: str
    text: str
    created: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the action plan; `finding` and `stake` are keys of the audit, or empty."""

    action: str
    owner: str = ""
    due: date | None = None
    effort: str = ""
    expected: str = ""
    status: str = "todo"
    finding: str = ""
    stake: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim already stripped of personal data; `spans` are (start, end) in characters, end exclusive."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    label: str = ""
    month: date | None = None
    source: str = ""
