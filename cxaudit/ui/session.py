"""What one browser tab holds, all of it in `st.session_state`: nothing of a client lives in a shared cache."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cxaudit.errors import CxAuditError
from cxaudit.schema.results import Audit, Event, Phrase, Suggestion
from cxaudit.schema.settings import Settings
from cxaudit.schema.workshop import Action, Comparison, Note

if TYPE_CHECKING:  # what reads, follows and draws a workshop imports this module, or takes a second to load
    from cxaudit.follow.live import Live
    from cxaudit.ingest import Ingested
    from cxaudit.ingest.sources import Sheet, Unreadable
    from cxaudit.ui.jobs import Job
    from cxaudit.ui.reading import Verbatims

_WORKSHOP = "workshop"
_KEPT_BY_ERASE = ("language", "language_kept", "presenter", "presenter_kept", "page")


@dataclass(slots=True)
class Workshop:
    """The state of one workshop: what was given, what was decided, what was found, what was said."""

    client: str = ""
    origin: str = ""
    sheets: dict[str, tuple[Sheet | Unreadable, ...]] = field(default_factory=dict)
    mapping: list[dict[str, Any]] = field(default_factory=list)
    ingested: Ingested | None = None
    settings: Settings = field(default_factory=Settings)
    past: list[Settings] = field(default_factory=list)
    events: tuple[Event, ...] = ()
    refused: frozenset[tuple[str, str]] = frozenset()
    notes: tuple[Note, ...] = ()
    plan: tuple[Action, ...] = ()
    plan_base: tuple[Action, ...] = ()
    corrections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    audit: Audit | None = None
    before: Audit | None = None
    earlier: Audit | None = None
    live: Live | None = None
    verbatims: Verbatims | None = None
    job: Job | None = None
    trouble: Phrase | None = None
    compared: Comparison = field(default_factory=Comparison)
    projected: tuple[Audit, Audit] | None = None
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    pending: tuple[Event, ...] = ()
    changes: list[dict[str, Any]] = field(default_factory=list)
    place: tuple[str, str | None] | None = None
    erased: bool = False
    uploader: int = 0
    revision: int = 0


def workshop() -> Workshop:
    """This tab's workshop; an empty one on first sight."""
    if _WORKSHOP not in st.session_state:
        st.session_state[_WORKSHOP] = Workshop()
    return st.session_state[_WORKSHOP]


def replace_workshop(new: Workshop) -> None:
    """Put another workshop in this tab's place, and let the widgets of the former one go."""
    for key in [name for name in st.session_state if name not in _KEPT_BY_ERASE]:
        del st.session_state[key]
    st.session_state[_WORKSHOP] = new


def resume(found: Workshop) -> Workshop:
    """Put back what the tab held before a refresh."""
    st.session_state[_WORKSHOP] = found
    return found


def erase() -> None:
    """Forget this tab's audit: its tables, notes and figures, and what the server still holds of its uploads."""
    former = workshop()
    serial = former.uploader + 1
    release_uploads()
    replace_workshop(Workshop(uploader=serial, erased=True))
    empty(former)


def empty(held: Workshop) -> None:
    """Take all out of a workshop that is done with: what still refers to it, a button say, holds nothing then."""
    if held.job is not None:
        held.job.cancel()
    blank = Workshop()
    for one in fields(held):
        setattr(held, one.name, getattr(blank, one.name))


def release_uploads() -> None:
    """Drop this session's uploaded bytes; the server would keep them after parsing, and after people leave."""
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)


def release_upload(file: Any) -> None:
    """Drop one uploaded file's bytes: the server's, the widget's own copies, and `file` itself, empty from now on."""
    release_uploads()
    kept = [one for value in st.session_state.values() if isinstance(value, list) for one in value]
    for one in (file, *(one for one in kept if getattr(one, "file_id", None) == file.file_id)):
        one.seek(0)
        one.truncate()


def ingested(held: Workshop) -> Ingested:
    """What the exports of a workshop were read as.

    Raises:
        CxAuditError: there are no exports.
    """
    if held.ingested is None:
        raise CxAuditError("ui.work.needs_exports")
    return held.ingested


def wanted() -> Settings:
    """The settings in force, or those whose figures are being made."""
    held = workshop()
    return held.job.settings if held.job is not None else held.settings


def drop_job() -> Job | None:
    """What is being made, for which nobody waits any more; None where nothing is."""
    held = workshop()
    job, held.job = held.job, None
    if job is not None:
        job.cancel()
    return job


def take_settings(new: Settings, audit: Audit | None, undo: bool = False) -> None:
    """Put settings and their figures in force together; the former settings are remembered, to be gone back to."""
    held = workshop()
    if undo:
        held.past.pop()
    elif new != held.settings:
        held.past.append(held.settings)
    held.settings = new
    if audit is not None:
        take_audit(audit)


def answer_suggestion(one: Suggestion, kind: str | None) -> None:
    """What the room says of a suggestion: an event of some kind, or nothing known."""
    held = workshop()
    if kind == "nothing":
        held.refused = held.refused | {(one.name, one.starts_on.isoformat())}
    elif kind:
        held.pending = (*held.pending, Event(one.name, kind, one.starts_on, one.ends_on))


def take_pending() -> tuple[Event, ...]:
    """The events confirmed since the last run, handed over once."""
    held = workshop()
    pending, held.pending = held.pending, ()
    return pending


def take_audit(audit: Audit) -> None:
    """Show another audit; the one it replaces stays for "what changed"."""
    held = workshop()
    held.before, held.audit = held.audit, audit
    held.revision += 1


def add_note(page: str, text: str) -> None:
    """Keep what the room said on a page; blank notes are not kept."""
    if text.strip():
        held = workshop()
        held.notes = (*held.notes, Note(page, text.strip(), datetime.now().replace(microsecond=0)))


def add_action(text: str, finding: str = "", stake: str = "") -> None:
    """Add a line to the plan; blank ones and lines that are already there are not added."""
    held = workshop()
    action = Action(text.strip(), finding=finding, stake=stake)
    if action.action and not any(line.action == action.action for line in held.plan):
        held.plan = (*held.plan, action)
        held.revision += 1


def drop_note(number: int) -> None:
    """Take one note back."""
    held = workshop()
    held.notes = tuple(note for place, note in enumerate(held.notes) if place != number)
