"""Prepared tables under other settings and events, from those at hand: what does not depend on them stays.

Clock, customers, classes and the tone of what was read before are never made again; a period is only a filter. For
tables held by Polars, as the app holds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from cxaudit import engine as engines
from cxaudit.context import scopes_of
from cxaudit.measure.slices import sliced
from cxaudit.measure.tables import DECIDED
from cxaudit.measure.tally import Tally
from cxaudit.prepare import (
    MADE,
    Prepared,
    first_day,
    linked_share,
    made_of,
    marked,
    period_of,
    read_under,
    with_episodes,
)
from cxaudit.prepare.currency import priced
from cxaudit.prepare.rules import decided, resolved, scope_fields
from cxaudit.prepare.verbatims import rescoped as under_scopes
from cxaudit.prepare.verbatims import verbatims
from cxaudit.schema.results import Event
from cxaudit.schema.settings import Settings
from cxaudit.tone.own_model import opened

Frames = dict[str, pl.DataFrame]


def serves(prepared: Prepared, settings: Settings) -> bool:
    """Whether the tables under these settings can be made of those at hand: the same clock, last day and tone model."""
    known = prepared.under
    return (settings.timezone, settings.as_of, settings.tone_model) == (known.timezone, known.as_of, known.tone_model)


def followed(prepared: Prepared, settings: Settings, events: Sequence[Event]) -> Prepared:
    """The same exports under other settings (`serves`) and events, exactly as they would be prepared anew."""
    ruled = _ruled(prepared, settings) if _rules(settings) != _rules(prepared.under) else prepared
    known = ruled.tables
    tables = replace(known, period=period_of(settings, known.first, known.as_of))
    return rescoped(replace(ruled, tables=tables, under=read_under(settings)), events)


def rescoped(prepared: Prepared, events: Sequence[Event]) -> Prepared:
    """The same preparation under other events: customers, rules and tone stay.

    Rows are looked at again only where a scope names a field that they were not told apart by.
    """
    known, fields = prepared.tables, scope_fields(events)
    if fields <= known.tally.slices.fields:
        told = resolved(events, known.tally.slices)
        return replace(prepared, tables=replace(known, events=told), events=tuple(events))
    held = _held(prepared)
    cut, slices = sliced({name: frame for name, frame in held.items() if name not in MADE}, fields)
    tables = {**held, **cut}
    if "episodes" in held:
        tables["episodes"] = _of_first_ticket(held["episodes"], cut["tickets"], "scope")
    if "verbatims" in held:
        tables["verbatims"] = under_scopes(held["verbatims"], tables)
    told = resolved(events, slices)
    record = replace(
        known,
        frames=engines.hold({name: frame.lazy() for name, frame in tables.items()}),
        events=told,
        tally=Tally(slices, scopes_of(told)),
        marks=_marks(known.marks, held, tables),
    )
    return replace(prepared, tables=record, events=tuple(events))


def _rules(settings: Settings) -> Settings:
    """What decides which rows count, and how tickets chain."""
    return replace(read_under(settings), period=None)


def _held(prepared: Prepared) -> Frames:
    return {name: engines.collect(frame).to_native() for name, frame in prepared.tables.frames.items()}


def _ruled(prepared: Prepared, settings: Settings) -> Prepared:
    """The same rows with other rules in force, other complaints, other episodes."""
    known, held = prepared.tables, _held(prepared)
    told, money = priced(decided(held, known.given, settings, prepared.values), settings)
    tables = {**held, **told}
    if "tickets" in tables:
        tables = _with_made(prepared, held, tables, settings)
    first = first_day(tables, known.as_of)
    exports = {name: columns for name, columns in known.given.items() if name not in MADE}
    record = replace(
        known,
        frames=engines.hold({name: frame.lazy() for name, frame in tables.items()}),
        given=exports | made_of(tables),
        first=first,
        linked_share=linked_share(tables),
        marks=_marks(known.marks, held, tables),
    )
    return replace(prepared, tables=record, money=money)


def _with_made(prepared: Prepared, held: Frames, tables: Frames, settings: Settings) -> Frames:
    """Episodes and verbatims anew where other tickets count; episodes also where they chain otherwise."""
    counted = _alike(held["tickets"], tables["tickets"], "eligible")
    if counted and settings.windows.episode_minutes == prepared.under.windows.episode_minutes:
        told = {**tables, "episodes": _of_first_ticket(held["episodes"], tables["tickets"], "complaint")}
    else:
        told = with_episodes(tables, settings)
    if counted:
        return told
    texts = verbatims(told, held.get("verbatims"), opened(settings.tone_model))
    others = {name: frame for name, frame in told.items() if name != "verbatims"}
    return others if texts is None else {**others, "verbatims": texts}


def _of_first_ticket(episodes: pl.DataFrame, tickets: pl.DataFrame, column: str) -> pl.DataFrame:
    return episodes.with_columns(tickets[column].gather(episodes["row"]))


def _marks(known: Mapping[str, object], held: Frames, tables: Frames) -> dict[str, object]:
    """The former marks of what is the same, new ones of what is not; a table of other rows is another throughout."""
    marks = marked(tables)
    for name, frame in tables.items():
        former = held.get(name)
        if former is None or (name in MADE and not _same_rows(former, frame)):
            continue
        marks[name] = known[name]
        same = (column for column in DECIDED if column in frame.columns and _alike(former, frame, column))
        marks |= {place: known[place] for place in (f"{name}.{column}" for column in same)}
    return marks


def _same_rows(former: pl.DataFrame, frame: pl.DataFrame) -> bool:
    """Whether all columns but the decided ones are the same; those of exports always are."""
    others = [column for column in frame.columns if column not in DECIDED]
    return former.height == frame.height and all(_alike(former, frame, column) for column in others)


def _alike(former: pl.DataFrame, frame: pl.DataFrame, column: str) -> bool:
    return column in former.columns and former[column].equals(frame[column], null_equal=True)
