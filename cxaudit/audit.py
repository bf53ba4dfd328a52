"""The only orchestrator: tables, settings and events in, one frozen `Audit` out.

The app, the command line and the tests all come through here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from cxaudit import __version__, crosses, signals, surface
from cxaudit import field as front_line
from cxaudit.context import blocks, check_events, default_comparison, scopes_of
from cxaudit.daybook import daybook
from cxaudit.engine import collect, side_by_side
from cxaudit.field.work import criteria, field_work
from cxaudit.findings.stakes import stakes
from cxaudit.follow.comparisons import Comparisons
from cxaudit.follow.kept import Anew
from cxaudit.follow.readjust import aimed, judged, suggested
from cxaudit.measure.anatomy import Signal, discover
from cxaudit.measure.rates import within
from cxaudit.measure.tables import Days, Shared, Tables
from cxaudit.prepare import Overrides, Prepared, prepare
from cxaudit.prepare.verbatims import accuracy
from cxaudit.schema.days import day_of
from cxaudit.schema.results import Audit, Context, Event, Export, Field, Measure, NotComputable, Phrase, Result, Span
from cxaudit.schema.settings import Settings, Targets
from cxaudit.schema.values import OTHER, classify
from cxaudit.tone.calibration import Accuracy

DEFINITIONS = "2026-11"
Progress = Callable[[float, Phrase], None]
PACKAGES = (signals, crosses, surface, front_line)


@dataclass(frozen=True)
class Brief:
    """What an audit goes by besides its tables.

    Attributes:
        settings: all optional; see `docs/settings.md`.
        events: events that count, beside those of an `events` table.
        exports: the ledger of what was read, drawn as it is.
        warnings: what reading the exports has to say.
        values: the client's own matches, table → field → value → class.
        labels: what a person read in verbatims, by `verbatims.digest`; from 100 on, R6 is lifted.
        engine: what holds the tables.
        key: the audit's pseudonym key; figures do not depend on it.
    """

    settings: Settings = field(default_factory=Settings)
    events: Sequence[Event] = ()
    exports: Sequence[Export] = ()
    warnings: Sequence[Phrase] = ()
    values: Overrides = field(default_factory=dict)
    labels: Mapping[str, Collection[str]] = field(default_factory=dict)
    engine: str = "polars"
    key: bytes = b""


@dataclass(frozen=True)
class Former:
    """What earlier audits of the same exports have left: results, and periods compared."""

    results: Anew = field(default_factory=Anew)
    comparisons: Comparisons = field(default_factory=Comparisons)


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
        settings, events, exports, values, warnings, labels, engine, key: as in `Brief`.
        progress: called with the share done and what is being done.

    Raises:
        UnusableData: no table holds a row up to the last day.
        UsageError: an unknown engine, or a tone model that cannot be opened.
    """
    brief = Brief(settings or Settings(), events, exports, warnings, values or {}, labels or {}, engine, key)
    (progress or _quietly)(0.02, Phrase.of("progress.prepare"))
    return audit_prepared(prepare_audit(tables, brief), brief, progress)


def prepare_audit(tables: Mapping[str, Any], brief: Brief) -> Prepared:
    """The first half of `run_audit`: clock, customers, rules, episodes and tone; cases and quotes are told from it."""
    declared = (*brief.events, *events_of(tables.get("events")))
    return prepare(tables, brief.settings, declared, values=brief.values, engine=brief.engine, key=brief.key)


def audit_prepared(
    prepared: Prepared, brief: Brief, progress: Progress | None = None, former: Former | None = None
) -> Audit:
    """The second half of `run_audit`: every measure, and what follows from them.

    With what `former` audits of the same exports have left, only what changed since is computed.
    """
    tell, before, known, settings = progress or _quietly, former or Former(), prepared.tables, brief.settings
    counted, doubts = check_events(known.events, day_of(known.first), day_of(known.as_of))
    tally = known.tally.fresh(scopes_of(known.events))
    framed = _with_blocks(replace(known, events=counted, tally=tally), settings)
    framed = _with_accuracy(framed, brief, before.results)
    measures, refused, heard = measured(framed, settings, tell, before.results)
    tell(0.85, Phrase.of("progress.context"))
    context = _context(framed, measures, settings, before)
    audit = Audit(
        cxaudit=__version__,
        definitions=DEFINITIONS,
        as_of=day_of(known.as_of),
        period=Span(day_of(known.period.first), day_of(known.period.last)),
        exports=tuple(brief.exports),
        joins=prepared.joins,
        measures=_in_currency(measures, prepared.money.currency),
        not_computable=refused,
        context=context,
        mirages=(),
        field_work=replace(heard, criteria=criteria(measures)),
        findings=(),
        stakes=stakes(framed, measures, settings, prepared.money.currency),
        warnings=(*brief.warnings, *prepared.warnings, *prepared.money.warnings(), *_by_model(known), *doubts),
        rows=known.rows,
        rules=known.rules,
        settings=settings,
        first=day_of(known.first),
        currency=prepared.money.currency,
        currencies=prepared.money.held,
    )
    tell(1.0, Phrase.of("progress.done"))
    return judged(audit)


def all_signals() -> tuple[Signal, ...]:
    """Every signal, cross, surface KPI and field finding, in the order they are computed."""
    return tuple(signal for package in PACKAGES for signal in discover(package))


def events_of(frame: Any) -> tuple[Event, ...]:
    """The events of an events table; rows without a name, a kind or both days are passed over.

    A kind that is none of ours keeps the client's word, by which `check_events` then refuses it.
    """
    if frame is None:
        return ()
    table = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)
    kinds = classify("events", "kind", table["kind"].drop_nulls().unique().to_list())
    wanted = table.drop_nulls(["name", "kind", "starts_on", "ends_on"])
    return tuple(
        Event(row["name"], kind, _day(row["starts_on"]), _day(row["ends_on"]), row.get("scope") or "")
        for row in wanted.iter_rows(named=True)
        for kind in (kinds[row["kind"]] if kinds[row["kind"]] != OTHER else row["kind"],)
    )


def _day(moment: Any) -> date:
    return moment.date() if hasattr(moment, "date") else moment


def _quietly(_share: float, _what: Phrase) -> None:
    """No progress is wanted."""


def _with_accuracy(tables: Tables, brief: Brief, results: Anew) -> Tables:
    if not brief.labels or not tables.has("verbatims"):
        return tables
    told = {text: tuple(labels) for text, labels in brief.labels.items()}

    def of_labels(framed: Tables, _: Settings) -> dict[str, Accuracy]:
        return accuracy(collect(framed["verbatims"]).to_native(), told)

    found = results.of(("accuracy", tuple(sorted(told.items()))), tables, brief.settings, of_labels)
    return replace(tables, facts={**tables.facts, "accuracy": found})


def _by_model(tables: Tables) -> Iterator[Phrase]:
    """How much of the period's polarity is the user's own model's."""
    shown = tables.facts.get("tone_model")
    if shown is not None and "verbatims" in tables.frames:
        heard = tables["verbatims"].filter(nw.col("by_model"))
        said = within(collect(heard), tables.period)["polarity"]
        yield Phrase.of("warning.tone_model", **shown, texts=len(said), bad=int((said < 0).sum()))


def _in_currency(measures: Mapping[str, Measure], currency: str) -> dict[str, Measure]:
    """The same figures, the amounts among them in their currency: no signal knows it."""
    return {key: replace(one, currency=currency) if one.unit == "eur" else one for key, one in measures.items()}


def _with_blocks(tables: Tables, settings: Settings) -> Tables:
    first, last = day_of(tables.first), day_of(tables.as_of)
    a, b = default_comparison(settings, as_of=last, data_first=first)
    compared = (Days.of(a), Days.of(b)) if a and b else None
    spans = tuple(Days.of(span) for span in blocks(a, b, first, last))
    return replace(tables, blocks=spans, compared=compared, shared=Shared())


def measured(
    tables: Tables, settings: Settings, tell: Progress = _quietly, results: Anew | None = None
) -> tuple[dict[str, Measure], dict[str, NotComputable], Field]:
    """All signals and what the front line knows; the longest, which read texts, are begun first.

    No figure is computed under a target: `aimed` puts them into the one that holds one.
    """
    everyone, by, freely = all_signals(), results or Anew(), replace(settings, targets=Targets())
    pool = ThreadPoolExecutor(side_by_side(tables.frames, sum(tables.rows.values())))
    try:
        heard = pool.submit(by.of, "field_work", tables, freely, field_work)
        begun = {pool.submit(by.of, one.key, tables, freely, one): one for one in reversed(everyone)}
        for place, future in enumerate(as_completed(begun)):
            tell(0.3 + 0.5 * place / len(everyone), Phrase.of("progress.signal", signal=f"signal.{begun[future].key}"))
        found = [result for future in reversed(begun) for result in future.result()]
        measures, refused = _by_key(found, Measure), _by_key(found, NotComputable)
        return *aimed(measures, refused, settings), heard.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _by_key(results: Iterable[Result], kind: type) -> dict[str, Any]:
    return {result.key: result for result in results if isinstance(result, kind)}


def _context(tables: Tables, measures: Mapping[str, Measure], settings: Settings, former: Former) -> Context:
    first, last = day_of(tables.first), day_of(tables.as_of)
    found = former.comparisons.of(
        measures, tables.events, settings, as_of=last, data_first=first, scopes=tables.tally.scopes
    )
    book = former.results.of("daybook", tables, settings, lambda told, _: daybook(told))
    return replace(found, events=tables.events, suggested=suggested(book, tables.events, settings, last), daybook=book)
