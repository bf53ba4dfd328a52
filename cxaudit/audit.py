"""The only orchestrator: tables, settings and events in, one frozen `Audit` out.

The app, the command line and the tests all come through here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from cxaudit import __version__, crosses, field, signals, surface
from cxaudit.context import answered, blocks, check_events, compare, default_comparison, scopes_of, suggest
from cxaudit.daybook import daybook
from cxaudit.engine import collect, side_by_side
from cxaudit.field.work import criteria, field_work
from cxaudit.findings import findings
from cxaudit.measure.anatomy import Signal, discover
from cxaudit.measure.tables import Days, Shared, Tables, day_of
from cxaudit.measure.tally import Tally
from cxaudit.mirages import mirages
from cxaudit.prepare import Overrides, Prepared, prepare
from cxaudit.rules import resolved
from cxaudit.schema.results import (
    Audit,
    Context,
    Daybook,
    Event,
    Export,
    Field,
    Measure,
    NotComputable,
    Phrase,
    Result,
    Span,
    Suggestion,
)
from cxaudit.schema.settings import Settings, Targets
from cxaudit.schema.values import classify
from cxaudit.stakes import stakes
from cxaudit.surface.csat import break_even
from cxaudit.verbatims import accuracy

DEFINITIONS = "2026-11"
Progress = Callable[[float, Phrase], None]
PACKAGES = (signals, crosses, surface, field)


def run_audit(
    tables: Mapping[str, Any],
    settings: Settings | None = None,
    events: Sequence[Event] = (),
    *,
    exports: Sequence[Export] = (),
    values: Overrides | None = None,
    warnings: Sequence[Phrase] = (),
    labels: Mapping[str, Collection[str]] | None = None,
    engine: str = "polars",
    key: bytes = b"",
    progress: Progress | None = None,
) -> Audit:
    """Audit canonical tables (Polars, pandas or Arrow frames by name; columns not given are absent).

    Args:
        settings: all optional; see `docs/settings.md`.
        events: events that count, beside those of an `events` table.
        exports: the ledger of what was read, drawn as it is.
        values: the client's own matches, table → field → value → class.
        labels: what a person read in verbatims, by `verbatims.digest`; from 100 on, R6 is lifted.
        key: the audit's pseudonym key; figures do not depend on it.
        progress: called with the share done and what is being done.

    Raises:
        UnusableData: no table holds a row up to the last day.
        UsageError: an unknown engine.
    """
    chosen = settings or Settings()
    tell = progress or _quietly
    tell(0.02, Phrase.of("progress.prepare"))
    prepared = prepare_audit(tables, chosen, events, values=values, engine=engine, key=key)
    return audit_prepared(prepared, chosen, exports=exports, warnings=warnings, labels=labels, progress=progress)


def prepare_audit(
    tables: Mapping[str, Any],
    settings: Settings,
    events: Sequence[Event] = (),
    *,
    values: Overrides | None = None,
    engine: str = "polars",
    key: bytes = b"",
) -> Prepared:
    """The first half of `run_audit`: clock, customers, rules, episodes and tone; cases and quotes are told from it."""
    declared = (*events, *events_of(tables.get("events")))
    return prepare(tables, settings, declared, values=values, engine=engine, key=key)


def audit_prepared(
    prepared: Prepared,
    settings: Settings,
    *,
    exports: Sequence[Export] = (),
    warnings: Sequence[Phrase] = (),
    labels: Mapping[str, Collection[str]] | None = None,
    progress: Progress | None = None,
) -> Audit:
    """The second half of `run_audit`: every measure, and what follows from them."""
    return audit_counted(prepared, settings, exports=exports, warnings=warnings, labels=labels, progress=progress)[0]


def audit_counted(
    prepared: Prepared,
    settings: Settings,
    *,
    exports: Sequence[Export] = (),
    warnings: Sequence[Phrase] = (),
    labels: Mapping[str, Collection[str]] | None = None,
    progress: Progress | None = None,
) -> tuple[Audit, Tally]:
    """The audit, and its days by slice, with which `readjust` follows an event of any scope."""
    tell = progress or _quietly
    known = prepared.tables
    counted, doubts = check_events(known.events, day_of(known.first), day_of(known.as_of))
    tally = known.tally.fresh(scopes_of(known.events))
    framed = _with_blocks(replace(_with_accuracy(known, labels or {}), events=counted, tally=tally), settings)
    measures, refused, heard = measured(framed, settings, tell)
    tell(0.85, Phrase.of("progress.context"))
    context = _context(framed, measures, settings, scopes_of(known.events))
    money = stakes(framed, measures, settings)
    hidden = mirages(measures, refused, settings)
    work = replace(heard, criteria=criteria(measures))
    tell(1.0, Phrase.of("progress.done"))
    audit = Audit(
        cxaudit=__version__,
        definitions=DEFINITIONS,
        as_of=day_of(known.as_of),
        period=Span(day_of(known.period.first), day_of(known.period.last)),
        exports=tuple(exports),
        joins=prepared.joins,
        measures=measures,
        not_computable=refused,
        context=context,
        mirages=hidden,
        field_work=work,
        findings=findings(measures, hidden, context, money, settings, work),
        stakes=money,
        warnings=(*warnings, *prepared.warnings, *doubts),
        rows=known.rows,
        rules=known.rules,
        settings=settings,
        first=day_of(known.first),
    )
    return audit, tally


def readjust(audit: Audit, events: Sequence[Event], settings: Settings, tally: Tally | None = None) -> Audit:
    """The same audit with other events, or other targets: no table is read again.

    With the audit's days by slice any scope is answered; without them, one that the audit has not looked for among its
    rows (`needs_rows`) is unanswered: its event touches everything.
    """
    if audit.as_of is None or audit.first is None:
        return audit
    named = resolved(events, tally.slices) if tally else answered(events, audit.context)
    as_of, data_first = audit.as_of, audit.first
    counted, _ = check_events(named, data_first, as_of)
    if tally and not set(scopes_of(counted)) <= set(audit.context.scopes):
        audit = _recounted(audit, tally, scopes_of(counted))
    context = audit.context
    if counted != context.events or _compared_under(settings) != _compared_under(audit.settings):
        scopes = context.scopes
        found = compare(audit.measures, counted, settings, as_of=as_of, data_first=data_first, scopes=scopes)
        taken = {(event.kind, event.starts_on) for event in counted}
        left = tuple(s for s in context.suggested if (s.kind, s.starts_on) not in taken)
        context = replace(found, events=counted, suggested=left, daybook=context.daybook)
    measures, refused = _aimed(audit, settings)
    hidden = mirages(measures, refused, settings)
    said = findings(measures, hidden, context, audit.stakes, settings, audit.field_work)
    return replace(
        audit,
        measures=measures,
        not_computable=refused,
        context=context,
        mirages=hidden,
        findings=said,
        settings=settings,
    )


def _recounted(audit: Audit, tally: Tally, scopes: tuple[str, ...]) -> Audit:
    """The audit with its days told apart by these scopes."""
    context = replace(audit.context, scopes=scopes)
    return replace(audit, measures=tally.under(audit.measures, scopes), context=context)


def _aimed(audit: Audit, settings: Settings) -> tuple[dict[str, Measure], dict[str, NotComputable]]:
    """The figures under other targets: one alone holds a target in it."""
    measures, refused = dict(audit.measures), dict(audit.not_computable)
    theta = measures.get("surface.csat.reweighted")
    if theta is not None and "response" in theta.facts:
        told = break_even(theta, settings.targets.csat)
        if isinstance(told, Measure):
            measures[told.key] = told
            refused.pop(told.key, None)
        else:
            refused[told.key] = told
            measures.pop(told.key, None)
    return measures, refused


def _compared_under(settings: Settings | None) -> Settings | None:
    """What a comparison depends on: all but the targets, which judge figures and change none."""
    return settings and replace(settings, targets=Targets())


def between(audit: Audit, a: Span, b: Span) -> Context:
    """The audit's figures between two periods of one's own choice, from the days it holds: no table is read again."""
    held, settings = audit.context, replace(audit.settings or Settings(), compare=a, period=b)
    if audit.as_of is None or audit.first is None:
        return held
    found = compare(
        audit.measures, held.events, settings, as_of=audit.as_of, data_first=audit.first, scopes=held.scopes
    )
    return replace(found, suggested=held.suggested, daybook=held.daybook)


def all_signals() -> tuple[Signal, ...]:
    """Every signal, cross, surface KPI and field finding, in the order they are computed."""
    return tuple(signal for package in PACKAGES for signal in discover(package))


def events_of(frame: Any) -> tuple[Event, ...]:
    """The events of an events table; rows without a name, a kind or both days are passed over."""
    if frame is None:
        return ()
    table = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)
    kinds = classify("events", "kind", table["kind"].drop_nulls().unique().to_list())
    wanted = table.drop_nulls(["name", "kind", "starts_on", "ends_on"])
    return tuple(
        Event(row["name"], kinds[row["kind"]], _day(row["starts_on"]), _day(row["ends_on"]), row.get("scope") or "")
        for row in wanted.iter_rows(named=True)
    )


def _day(moment: Any) -> date:
    return moment.date() if hasattr(moment, "date") else moment


def _quietly(_share: float, _what: Phrase) -> None:
    """No progress is wanted."""


def _with_accuracy(tables: Tables, labels: Mapping[str, Collection[str]]) -> Tables:
    if not labels or not tables.has("verbatims"):
        return tables
    rows = collect(tables["verbatims"]).to_native()
    return replace(tables, facts={**tables.facts, "accuracy": accuracy(rows, labels)})


def _with_blocks(tables: Tables, settings: Settings) -> Tables:
    first, last = day_of(tables.first), day_of(tables.as_of)
    a, b = default_comparison(settings, as_of=last, data_first=first)
    compared = (Days.of(a), Days.of(b)) if a and b else None
    spans = tuple(Days.of(span) for span in blocks(a, b, first, last))
    return replace(tables, blocks=spans, compared=compared, shared=Shared())


def measured(
    tables: Tables, settings: Settings, tell: Progress = _quietly
) -> tuple[dict[str, Measure], dict[str, NotComputable], Field]:
    """All signals and what the front line knows; the longest, which read texts, are begun first."""
    everyone = all_signals()
    pool = ThreadPoolExecutor(max(side_by_side(frame) for frame in tables.frames.values()))
    try:
        heard = pool.submit(field_work, tables, settings)
        begun = {pool.submit(signal, tables, settings): signal for signal in reversed(everyone)}
        for place, future in enumerate(as_completed(begun)):
            tell(0.3 + 0.5 * place / len(everyone), Phrase.of("progress.signal", signal=f"signal.{begun[future].key}"))
        results = [result for future in reversed(begun) for result in future.result()]
        return _by_key(results, Measure), _by_key(results, NotComputable), heard.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _by_key(results: Iterable[Result], kind: type) -> dict[str, Any]:
    return {result.key: result for result in results if isinstance(result, kind)}


def _context(tables: Tables, measures: Mapping[str, Measure], settings: Settings, scopes: Sequence[str]) -> Context:
    first, last = day_of(tables.first), day_of(tables.as_of)
    found = compare(measures, tables.events, settings, as_of=last, data_first=first, scopes=scopes)
    book = daybook(tables)
    return replace(found, events=tables.events, suggested=_suggested(book, tables, settings), daybook=book)


def _suggested(book: Daybook, tables: Tables, settings: Settings) -> tuple[Suggestion, ...]:
    orders, tickets = (
        (range(book.first, book.first + len(counts)), counts) if counts else None
        for counts in (book.orders, book.tickets)
    )
    return suggest(orders, tickets, tables.events, settings, day_of(tables.as_of))
