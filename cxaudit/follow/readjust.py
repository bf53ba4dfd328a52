"""An audit under other events, targets or compared periods, from what it holds: no table is read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from cxaudit.context import answered, check_events, compare, suggest
from cxaudit.findings import findings
from cxaudit.findings.mirages import mirages
from cxaudit.schema.results import Audit, Context, Daybook, Event, Measure, NotComputable, Span, Suggestion
from cxaudit.schema.settings import Settings, Targets
from cxaudit.signals import contacts
from cxaudit.surface.csat import break_even


def readjust(audit: Audit, events: Sequence[Event], settings: Settings) -> Audit:
    """The same audit with other events, or other targets.

    A scope that the audit has not looked for among its rows (`needs_rows`) is unanswered: its event touches everything.
    """
    if audit.as_of is None or audit.first is None:
        return audit
    counted, doubts = check_events(answered(events, audit.context), audit.first, audit.as_of)
    context, measures = audit.context, audit.measures
    if counted != context.events or _compared_under(settings) != _compared_under(audit.settings):
        measures = contacts.expected(measures, counted)
        context = _compared(audit, counted, settings)
    told, refused = aimed(measures, audit.not_computable, settings)
    others = (one for one in audit.warnings if not one.key.startswith("context.event."))
    return judged(
        replace(
            audit,
            measures=told,
            not_computable=refused,
            context=context,
            warnings=(*others, *doubts),
            settings=settings,
        )
    )


def between(audit: Audit, a: Span, b: Span) -> Context:
    """The audit's figures between two periods of one's own choice, from the days it holds."""
    held, settings = audit.context, replace(audit.settings or Settings(), compare=a, period=b)
    if audit.as_of is None or audit.first is None:
        return held
    found = compare(
        audit.measures, held.events, settings, as_of=audit.as_of, data_first=audit.first, scopes=held.scopes
    )
    return replace(found, suggested=held.suggested, daybook=held.daybook)


def aimed(
    measures: Mapping[str, Measure], refused: Mapping[str, NotComputable], settings: Settings
) -> tuple[dict[str, Measure], dict[str, NotComputable]]:
    """The figures under these targets: one alone holds a target in it."""
    told, left = dict(measures), dict(refused)
    theta = told.get("surface.csat.reweighted")
    if theta is not None and "response" in theta.facts:
        edge = break_even(theta, settings.targets.csat)
        told.pop(edge.key, None)
        left.pop(edge.key, None)
        if isinstance(edge, Measure):
            told[edge.key] = edge
        else:
            left[edge.key] = edge
    return told, left


def judged(audit: Audit) -> Audit:
    """The audit with the mirages and findings that its figures and its settings make."""
    hidden = mirages(audit.measures, audit.not_computable, audit.settings)
    said = findings(audit.measures, hidden, audit.context, audit.stakes, audit.settings, audit.field_work,
                    audit.currency)  # fmt: skip
    return replace(audit, mirages=hidden, findings=said)


def suggested(book: Daybook | None, events: Sequence[Event], settings: Settings, as_of: date) -> tuple[Suggestion, ...]:
    """Events that the days and the calendar propose, beside those declared."""
    if book is None:
        return ()
    orders, tickets = (
        (range(book.first, book.first + len(counts)), counts) if counts else None
        for counts in (book.orders, book.tickets)
    )
    return suggest(orders, tickets, events, settings, as_of)


def _compared(audit: Audit, events: tuple[Event, ...], settings: Settings) -> Context:
    assert audit.as_of is not None and audit.first is not None
    held = audit.context
    found = compare(audit.measures, events, settings, as_of=audit.as_of, data_first=audit.first, scopes=held.scopes)
    proposed = suggested(held.daybook, events, settings, audit.as_of)
    return replace(found, events=events, suggested=proposed, daybook=held.daybook)


def _compared_under(settings: Settings | None) -> Settings | None:
    """What a comparison depends on: all but the targets, which judge figures and change none."""
    return settings and replace(settings, targets=Targets())
