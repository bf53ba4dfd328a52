"""From typed tables to what signals read: one clock, one customer, named exclusion rules, complaints, episodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from cxaudit import engine as engines
from cxaudit.context import scopes_of
from cxaudit.errors import UnusableData
from cxaudit.measure.slices import sliced
from cxaudit.measure.tables import DECIDED, Days, Tables
from cxaudit.measure.tally import Tally
from cxaudit.measure.verdicts import STOPS_EARLY_DAYS, begins_late
from cxaudit.prepare.currency import Money, priced
from cxaudit.prepare.episodes import chain
from cxaudit.prepare.identity import identify
from cxaudit.prepare.rules import Overrides, classified, resolved, scope_fields
from cxaudit.prepare.verbatims import heard, said, verbatims
from cxaudit.schema.days import day_number, day_of
from cxaudit.schema.results import Event, Join, Phrase
from cxaudit.schema.settings import Settings, Windows
from cxaudit.schema.tables import TABLES, Column
from cxaudit.tone.own_model import opened

MAIN_MOMENT = {
    "orders": ("ordered_at",),
    "tickets": ("created_at",),
    "reviews": ("created_at",),
    "surveys": ("sent_at", "answered_at"),
    "gestures": ("granted_at",),
    "emails": ("sent_at",),
    "returns": ("returned_at",),
    "calls": ("called_at",),
    "listening": ("checked_at",),
    "agent_feedback": ("noted_at",),
}
POLARS_TYPES: Mapping[str, Any] = {
    "moment": pl.Datetime("us"),
    "day": pl.Datetime("us"),
    "number": pl.Float64,
    "amount": pl.Float64,
    "flag": pl.Boolean,
}
PLANNED_DAYS = ("promised_at_day", "expires_at_day")
MADE = ("episodes", "verbatims")
# Sources in which what does not stand did not happen; listening grids and remarks are taken now and then.
RECORDS = ("tickets", "reviews", "surveys", "gestures", "emails", "returns")
TOLD_WITH = {  # what a moment's happening is told by besides: not known either on a day before it
    "answered_at": ("score", "comment"),
    "first_reply_at": ("reply",),
    "solved_at": ("status",),
    "cancelled_at": ("status",),
    "refunded_at": ("refunded_amount",),
}
UNREAD = ("opened_at",)  # opens never count: privacy proxies open mails by themselves


class HandedOver(Mapping[str, Any]):
    """Tables that whoever reads them may let go: each is forgotten, also by its giver, once it is taken."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self._held = tables

    def __getitem__(self, name: str) -> Any:
        return self._held.pop(name)

    def __contains__(self, name: object) -> bool:
        return name in self._held

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._held))

    def __len__(self) -> int:
        return len(self._held)


@dataclass(frozen=True)
class Prepared:
    """The tables, how they meet one another, and what they were prepared under."""

    tables: Tables
    joins: tuple[Join, ...]
    warnings: tuple[Phrase, ...]
    under: Settings
    events: tuple[Event, ...]
    values: Overrides
    money: Money


def prepare(
    frames: Mapping[str, Any],
    settings: Settings,
    events: Sequence[Event] = (),
    *,
    values: Overrides | None = None,
    engine: str = "polars",
    key: bytes = b"",
) -> Prepared:
    """Typed canonical tables (Polars, pandas or Arrow frames, missing columns absent) as `Tables` on `engine`.

    What is not needed any more is let go step by step: a large audit's memory is decided here.

    Raises:
        UnusableData: no table holds a row up to the last day.
        UsageError: the tone model that the settings name cannot be opened.
    """
    model = opened(settings.tone_model)
    typed = {name: _as_polars(frames[name]) for name in MAIN_MOMENT if name in frames}
    given = {name: _given(name, frame) for name, frame in typed.items() if len(frame)}
    words = pl.Categorical(pl.Categories.random())  # the client's words as numbers: a fourth of their room as text
    whole = {name: _complete(name, typed.pop(name), settings.timezone, words) for name in given}
    as_of = _as_of(whole, settings)
    read = {name: len(frame) for name, frame in whole.items()}
    known = {name: _until(whole.pop(name), as_of) for name in given}
    later = {name: read[name] - len(frame) for name, frame in known.items()}
    starts, stops = _starts(known), _stops(known)
    if not starts:
        raise UnusableData("error.audit.all_later", day=day_of(as_of))
    undated = {name: frame["day"].null_count() for name, frame in known.items()}
    clocked = {name: _as_of_clock(known.pop(name), as_of) for name in given}
    with ThreadPoolExecutor(1) as reader:  # what was written is read while it is found out who wrote it
        tones = reader.submit(heard, said(clocked), model)
        named, pseudonyms = identify(clocked, key)
        del clocked
        dressed, money = priced(classified(named, given, settings, values or {}), settings)
        cut, slices = sliced(dressed, scope_fields(events))
        told = resolved(events, slices)
        tables = with_episodes(cut, settings)
    texts = verbatims(tables, known=tones.result())
    if texts is not None:
        tables = {**tables, "verbatims": texts}
    first = first_day(tables, as_of)
    record = Tables(
        frames=engines.hold({name: frame.lazy() for name, frame in tables.items()}, engine),
        given=given | made_of(tables),
        first=first,
        as_of=as_of,
        period=period_of(settings, first, as_of),
        events=told,
        rows={name: len(frame) for name, frame in named.items()},
        rules=_rule_counts(tables),
        linked_share=linked_share(tables),
        starts=starts,
        stops=stops,
        facts={"tone_model": model.shown} if model else {},
        tally=Tally(slices, scopes_of(told)),
        marks=marked(tables),
        pseudonyms=pseudonyms,
    )
    joins, warnings = tuple(_joins(named)), tuple(_warnings(record, later, undated))
    return Prepared(record, joins, warnings, read_under(settings), tuple(events), values or {}, money)


def read_under(settings: Settings) -> Settings:
    """What a preparation depends on: every other setting at its default. Under equal ones the tables are the same."""
    return Settings(
        as_of=settings.as_of,
        period=settings.period,
        timezone=settings.timezone,
        currency=settings.currency,
        complaint_reasons=settings.complaint_reasons,
        exclude=settings.exclude,
        tone_model=settings.tone_model,
        windows=Windows(episode_minutes=settings.windows.episode_minutes),
    )


def _as_polars(frame: Any) -> pl.DataFrame:
    if isinstance(frame, pl.DataFrame):
        return frame
    return nw.from_native(frame).lazy().collect("polars").to_native()


def _given(name: str, frame: pl.DataFrame) -> frozenset[str]:
    """The canonical columns that hold at least one value."""
    present = [column for column in TABLES[name].names if column in frame.columns]
    return frozenset(column for column in present if frame[column].null_count() < len(frame))


def _complete(name: str, frame: pl.DataFrame, zone: str, words: pl.Categorical) -> pl.DataFrame:
    """The canonical columns, typed; `t`, `day`, `month`; `<moment>_t` and `<moment>_day` of the other moments."""
    columns = TABLES[name].columns
    moments = [column.name for column in columns if POLARS_TYPES.get(column.kind) == pl.Datetime("us")]
    complete = frame.select(_typed(frame, column, zone, words) for column in columns)
    only = MAIN_MOMENT[name] if len(MAIN_MOMENT[name]) == 1 else ()
    others = [moment for moment in moments if moment not in (*only, *UNREAD)]
    clock = [part for moment in others for part in _clock(pl.col(moment), f"{moment}_")]
    return complete.with_columns(*clock, *_clock(pl.coalesce(MAIN_MOMENT[name]), "")).drop(moments)


def _typed(frame: pl.DataFrame, column: Column, zone: str, words: pl.Categorical) -> pl.Expr:
    """The column in its type: moments on the audit's clock without their zone, the client's words trimmed."""
    name, dtype = column.name, POLARS_TYPES.get(column.kind, pl.String)
    if name not in frame.columns:
        return pl.lit(None, words if column.kind == "category" else dtype).alias(name)
    given = frame[name].dtype
    if dtype == pl.String:
        text = (pl.col(name).cast(pl.Int64, strict=False) if given.is_float() else pl.col(name)).cast(pl.String)
        trimmed = text.str.strip_chars()
        return pl.when(trimmed != "").then(trimmed).cast(words).alias(name) if column.kind == "category" else text
    if isinstance(given, pl.Datetime) and given.time_zone:
        return pl.col(name).dt.convert_time_zone(zone).dt.replace_time_zone(None).cast(dtype)
    return pl.col(name).cast(dtype)


def _clock(moment: pl.Expr, prefix: str) -> list[pl.Expr]:
    day = moment.dt.date()
    parts = [moment.dt.epoch("us").alias(f"{prefix}t"), day.cast(pl.Int32).alias(f"{prefix}day")]
    return parts if prefix else [*parts, (day.dt.year() * 100 + day.dt.month()).cast(pl.Int32).alias("month")]


def _as_of(frames: Mapping[str, pl.DataFrame], settings: Settings) -> int:
    lasts = _stops(frames)
    if not lasts:
        raise UnusableData("error.audit.no_rows")
    if settings.as_of:
        return day_number(settings.as_of)
    leading = [lasts[name] for name in ("orders", "tickets") if name in lasts]
    return min(leading) if leading else max(lasts.values())


def _until(frame: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """The rows up to the last day, and those without a day; the frame itself where that is all of them."""
    later = (frame["day"] > as_of).fill_null(False)
    return frame.filter(~later) if later.any() else frame


def _as_of_clock(frame: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """What had not yet happened on the last day is not known: an answer, a click, a solution that came later."""
    hidden: dict[str, pl.Expr] = {}
    for day in (name for name in frame.columns if name.endswith("_at_day") and name not in PLANNED_DAYS):
        later = frame[day] > as_of
        if later.any():
            moment = day.removesuffix("_day")
            tied = (*TOLD_WITH.get(moment, ()), f"{moment}_t", day)
            hidden |= {name: pl.when(~later.fill_null(False)).then(name) for name in tied if name in frame.columns}
    return frame.with_columns(**hidden)


def _starts(frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    firsts = {name: frame["day"].min() for name, frame in frames.items()}
    return {name: int(first) for name, first in firsts.items() if isinstance(first, int)}


def _stops(frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    lasts = {name: frame["day"].max() for name, frame in frames.items()}
    return {name: int(last) for name, last in lasts.items() if isinstance(last, int)}


def with_episodes(frames: dict[str, pl.DataFrame], settings: Settings) -> dict[str, pl.DataFrame]:
    """The tables with episodes of their tickets; `row` is the first ticket's."""
    if "tickets" not in frames:
        return frames
    numbered = frames["tickets"].with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    eligible = numbered.filter(pl.col("eligible") & pl.col("t").is_not_null())
    return {**frames, "episodes": chain(eligible, settings.windows.episode_minutes)}


def made_of(frames: Mapping[str, pl.DataFrame]) -> dict[str, frozenset[str]]:
    """The columns of the tables that are made of others."""
    return {name: frozenset(frames[name].columns) for name in MADE if name in frames}


def first_day(frames: Mapping[str, pl.DataFrame], as_of: int) -> int:
    """The first day of any table."""
    return min(_starts(frames).values(), default=as_of)


def period_of(settings: Settings, first: int, as_of: int) -> Days:
    """The days audited: those chosen, else all."""
    return Days.of(settings.period) if settings.period else Days(first, as_of)


def marked(frames: Mapping[str, pl.DataFrame]) -> dict[str, object]:
    """A mark of its own for each table and each of its decided columns."""
    columns = [f"{name}.{column}" for name, frame in frames.items() for column in DECIDED if column in frame.columns]
    return {name: object() for name in (*frames, *columns)}


def _rule_counts(frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """How many rows each rule touches, of all tables that it looks at, whether or not it is switched on."""
    counts = Counter[str]()
    for table in (name for name in ("orders", "tickets", "calls") if name in frames):
        rules = [name for name in frames[table].columns if name.startswith("rule_")]
        counts.update({name.removeprefix("rule_"): int(frames[table][name].sum()) for name in rules})
    return dict(counts)


def linked_share(frames: Mapping[str, pl.DataFrame]) -> float | None:
    """The share of eligible tickets that meet an order or a customer; an unknown order number meets nothing."""
    if "tickets" not in frames:
        return None
    tickets = frames["tickets"].filter("eligible")
    known = pl.col("order").is_not_null()
    if "orders" in frames:
        known = pl.col("order").is_in(frames["orders"]["order"].drop_nulls().implode())
    linked = tickets.select((known.fill_null(False) | pl.col("customer").is_not_null()).mean()).item()
    return None if linked is None else float(linked)


def _joins(frames: Mapping[str, pl.DataFrame]) -> Iterable[Join]:
    """How the rows of each table meet the orders: by order number, by customer."""
    if "orders" not in frames:
        return
    for by, column in (("order_id", "order"), ("customer", "customer")):
        targets = frames["orders"][column].drop_nulls().unique().implode()
        for name, frame in frames.items():
            if name != "orders" and frame[column].null_count() < len(frame):
                met = int(frame.select(pl.col(column).is_in(targets).fill_null(False).sum()).item())
                yield Join(name, "orders", by, met, len(frame))


def _warnings(tables: Tables, later: Mapping[str, int], undated: Mapping[str, int]) -> Iterable[Phrase]:
    """The sources that stop early or begin late, and the rows of each that have no day or come after the last."""
    for name, last in sorted(tables.stops.items()):
        if tables.as_of - last > STOPS_EARLY_DAYS:
            yield Phrase.of("warning.stops_early", table=f"tables.{name}.label", days=tables.as_of - last)
    for name, first in sorted(tables.starts.items()):
        if name in RECORDS and begins_late(tables, name, first=tables.first):
            yield Phrase.of("warning.begins_late", table=f"tables.{name}.label", day=day_of(first))
    for name, rows in sorted(undated.items()):
        if rows:
            yield Phrase.of("warning.undated", table=f"tables.{name}.label", rows=rows)
    for name, rows in sorted(later.items()):
        if rows:
            day = day_of(tables.as_of)
            yield Phrase.of("warning.after_last_day", table=f"tables.{name}.label", rows=rows, day=day)
