"""Declared events before they count: what cannot be used is left out, with a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from cxaudit.schema.results import Context, Event, Phrase

KINDS = ("peak", "launch", "incident", "promotion", "season", "tool_change")
# Scopes that say there is none.
_EVERYTHING = frozenset(
    "all any everything everywhere global none tout tous toutes partout aucun aucune - – *".split()
) | {"whole site", "all sites", "tout le site", "tous les sites", "tout le catalogue"}


def check_events(
    events: Sequence[Event], first: date | None, last: date | None
) -> tuple[tuple[Event, ...], tuple[Phrase, ...]]:
    """The events that can count, in their order, and why the others cannot.

    Args:
        events: as declared.
        first, last: the days that the data cover; None where nothing is dated.

    Returns:
        Kept events and a sentence for each one left out: unknown kind, end before start, wholly outside the data, or
        the same as an earlier one (kind, days and scope). One whose scope nothing answered is kept and told too.
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
            if event.unanswered:
                told.append(Phrase.of("context.event.scope", name=event.name, scope=event.scope_given))
    return tuple(kept), tuple(told)


def scope_words(event: Event) -> str:
    """The scope as it was written; empty where the words say that the event touches everything."""
    given = (event.scope_given or event.scope).strip()
    return "" if given.casefold() in _EVERYTHING else given


def scopes_of(events: Iterable[Event]) -> tuple[str, ...]:
    """The distinct scopes of the events, in the order of the bits that mark them in `Daily.scopes`."""
    return tuple(dict.fromkeys(event.scope for event in events if event.scope))


def answered(events: Iterable[Event], context: Context) -> tuple[Event, ...]:
    """Declared events with the scopes that an audit already knows; words it does not know touch everything."""
    known = {scope: scope for scope in context.scopes} | {event.scope_given: event.scope for event in context.events}
    named = ((event, scope_words(event)) for event in events)
    return tuple(
        replace(event, scope=known.get(words, "") if words else "", scope_given=words) for event, words in named
    )


def needs_rows(events: Iterable[Event], context: Context) -> bool:
    """Whether a declared scope is one that the audit has not looked for among its rows yet."""
    known = {event.scope_given for event in context.events} | set(context.scopes) | {""}
    return any(scope_words(event) not in known for event in events)


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
