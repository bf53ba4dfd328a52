"""A workshop as a .cxaudit file and back."""

from __future__ import annotations

from cxaudit import audit_file
from cxaudit.ui.session import Workshop


def saved(held: Workshop) -> bytes:
    """The bytes of the workshop's audit file; the workshop holds an audit."""
    if held.audit is None:
        raise ValueError("no audit to save")
    entries = [entry.as_json() for entry in held.ingested.entries] if held.ingested else held.mapping
    return audit_file.save(
        audit_file.Saved(
            held.audit,
            held.settings,
            tuple(entries),
            held.events,
            tuple(sorted(held.refused)),
            held.notes,
            held.plan,
            held.corrections,
            held.client,
            held.compared,
        )
    )


def opened(saved: audit_file.Saved) -> Workshop:
    """A workshop that goes on where the file left off; it has no rows until exports are dropped again."""
    return Workshop(
        client=saved.client,
        origin="file",
        mapping=[dict(entry) for entry in saved.mapping],
        settings=saved.settings,
        events=saved.events,
        refused=frozenset(saved.refused),
        notes=saved.notes,
        plan=saved.plan,
        corrections=dict(saved.corrections),
        audit=saved.audit,
        compared=saved.compared,
    )
