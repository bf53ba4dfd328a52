"""What people add in the room: notes, actions, what they compare, and the verbatims that they choose to quote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cxaudit.schema.results import Span

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
class Comparison:
    """What the context page shows: the figure, and which periods, apart from those of the audit.

    `way` is `own` (the audit's periods), `change` (`weeks` before and after `changed_on`) or `any` (`a` and `b`); what
    another way was last given is kept beside it.
    """

    figure: str = ""
    way: str = "own"
    changed_on: date | None = None
    weeks: int | None = None
    a: Span | None = None
    b: Span | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim already stripped of personal data; `spans` are (start, end) in characters, end exclusive."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    label: str = ""
    month: date | None = None
    source: str = ""
