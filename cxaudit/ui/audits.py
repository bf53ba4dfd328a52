"""From what was read to an audit: prepared once, and followed from there."""

from __future__ import annotations

from collections.abc import Sequence

from cxaudit.audit import Brief, prepare_audit
from cxaudit.follow.live import Live
from cxaudit.schema.results import Audit, Event, Phrase
from cxaudit.schema.settings import Settings
from cxaudit.ui.progress import Tell
from cxaudit.ui.session import Workshop, ingested


def live(held: Workshop, settings: Settings, events: Sequence[Event]) -> Live:
    """The exports at hand as they can be followed; prepared anew where they never were, or under another clock.

    Raises:
        CxAuditError: there are no exports.
    """
    read = ingested(held)
    if held.live is None or not held.live.serves(settings):
        # The workshop holds the events of a table itself, so that they can be edited.
        tables = {name: frame for name, frame in read.tables.items() if name != "events"}
        held.live = Live(prepare_audit(tables, Brief(settings, events, values=read.values, key=held.key)))
    return held.live


def run(held: Workshop, settings: Settings, events: Sequence[Event], tell: Tell) -> Audit:
    """The audit of the exports at hand; what was computed before and is still so is taken as it is."""
    tell(0.02, Phrase.of("progress.prepare"))
    at_hand, read = live(held, settings, events), ingested(held)
    return at_hand.audit(
        Brief(settings, events, read.exports, read.warnings, read.values, held.corrections, key=held.key), tell
    )
