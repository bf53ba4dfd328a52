"""Declared events before they count: what cannot be used is left out, with a sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cxaudit.schema.results import Event, Phrase

KINDS = ("peak", "launch", "incident", "promotion", "season", "tool_change")


def check_events(
    events: Sequence[Event], first: date | None, last: date | None
) -> tuple[tuple[Event, ...], tuple[Phrase, ...]]:
    """The events that can count, in their order, and why the others cannot.

    Args:
        events: as declared.
        first, last: the days that the data cover; None where nothing is dated.

    Returns:
        Kept events and a sentence for each one left out: unknown kind, end before start, wholly outside the data, or
        the same as an earlier one (kind, days and scope).
    """
    kept: list[Event] = []
    told: list[Phrase] = []
    seen: set[tuple[str, date, date, str]] = set()
    for event in events:
        same = (event.kind, event.starts_on, event.ends_on, event.scope.strip().casefold())
        fault = _fault(event, first, last) or (_said("duplicate", event) if same in seen else None)
        if fault:
            told.append(fault)
        else:
            seen.add(same)
            kept.append(event)
    return tuple(kept), tuple(told)


def _fault(event: Event, first: date | None, last: date | None) -> Phrase | None:
    if event.kind not in KINDS:
        return Phrase.of("context.event.kind", name=event.name, kind=event.kind, kinds=KINDS)
    if event.ends_on < event.starts_on:
        return _said("reversed", event)
    if first and last and (event.ends_on < first or event.starts_on > last):
        return Phrase.of("context.event.outside", name=event.name, first=first, last=last)
    return None


def _said(fault: str, event: Event) -> Phrase:
    return Phrase.of(f"context.event.{fault}", name=event.name, starts_on=event.starts_on, ends_on=event.ends_on)
