"""From typed tables to what signals read: one clock, one customer, named exclusion rules, complaints, episodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from cxaudit import engine as engines
from cxaudit.episodes import chain
from cxaudit.errors import UnusableData
from cxaudit.identity import identify
from cxaudit.measure.tables import Days, Tables, day_number
from cxaudit.measure.verdicts import STOPS_EARLY_DAYS
from cxaudit.schema import values as vocabulary
from cxaudit.schema.results import Event, Join, Phrase
from cxaudit.schema.settings import Settings
from cxaudit.schema.tables import TABLES, Column
from cxaudit.verbatims import verbatims

Overrides = Mapping[str, Mapping[str, Mapping[str, str]]]

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
AUTO_REPLY = (
    r"^\s*(re\s*:\s*|tr\s*:\s*|fwd?\s*:\s*)*(r[eé]ponse automatique|absence du bureau|absent du bureau|message d.absence"
    r"|automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|autoreply|automatische antwort)"
)
REFUND_CENT = 0.005
PLANNED_DAYS = ("promised_at_day", "expires_at_day")
SCOPE_FIELDS = ("country", "channel", "product", "category")
MADE = ("episodes", "verbatims")
ANSWERED_WITH = ("score", "comment")


@dataclass(frozen=True)
class Prepared:
    """The tables, and how they meet one another."""

    tables: Tables
    joins: tuple[Join, ...]
    warnings: tuple[Phrase, ...]


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

    Raises:
        UnusableData: no table holds a row up to the last day.
    """
    typed = {name: _as_polars(frame) for name, frame in frames.items() if name in MAIN_MOMENT}
    given = {name: _given(name, frame) for name, frame in typed.items() if len(frame)}
    whole = {name: _complete(name, typed[name], settings.timezone) for name in given}
    as_of = _as_of(whole, settings)
    known = {name: frame.filter(pl.col("day").is_null() | (pl.col("day") <= as_of)) for name, frame in whole.items()}
    named = identify({name: _as_of_clock(frame, as_of) for name, frame in known.items()}, key)
    classified = _classified(named, given, settings, values or {})
    told = tuple(_resolved(event, classified) for event in events)
    scoped = _scoped(classified, told)
    tables, facts = _with_episodes(scoped, settings)
    texts = verbatims(tables)
    if texts is not None:
        tables = {**tables, "verbatims": texts}
    first = min((day for day in (frame["day"].min() for frame in tables.values()) if day is not None), default=as_of)
    record = Tables(
        frames=engines.hold({name: frame.lazy() for name, frame in tables.items()}, engine),
        given={**given, **{name: frozenset(tables[name].columns) for name in MADE if name in tables}},
        first=int(first),
        as_of=as_of,
        period=Days.of(settings.period) if settings.period else Days(int(first), as_of),
        events=told,
        rows={name: len(frame) for name, frame in named.items()},
        rules=_rule_counts(tables, settings),
        linked_share=_linked_share(tables),
        stops=_stops(known),
        facts=facts,
    )
    return Prepared(record, tuple(_joins(named)), tuple(_warnings(record)))


def _as_polars(frame: Any) -> pl.DataFrame:
    if isinstance(frame, pl.DataFrame):
        return frame
    return nw.from_native(frame).lazy().collect("polars").to_native()


def _given(name: str, frame: pl.DataFrame) -> frozenset[str]:
    """The canonical columns that hold at least one value."""
    present = [column for column in TABLES[name].names if column in frame.columns]
    return frozenset(column for column in present if frame[column].null_count() < len(frame))


def _complete(name: str, frame: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Every canonical column with its type, and `t`, `day`, `month` and `<moment>_t`, `<moment>_day`."""
    columns = TABLES[name].columns
    typed = [_typed(frame, column, zone) for column in columns]
    moments = [column.name for column in columns if POLARS_TYPES.get(column.kind) == pl.Datetime("us")]
    complete = frame.with_columns(typed)
    clock = [part for moment in moments for part in _clock(pl.col(moment), f"{moment}_")]
    return complete.with_columns(*clock, *_clock(pl.coalesce(MAIN_MOMENT[name]), "")).drop(moments)


def _typed(frame: pl.DataFrame, column: Column, zone: str) -> pl.Expr:
    """The column in its type: moments on the audit's clock without their zone, the client's words trimmed."""
    name, dtype = column.name, POLARS_TYPES.get(column.kind, pl.String)
    if name not in frame.columns:
        return pl.lit(None, dtype).alias(name)
    given = frame[name].dtype
    if dtype == pl.String:
        text = (pl.col(name).cast(pl.Int64, strict=False) if given.is_float() else pl.col(name)).cast(pl.String)
        trimmed = text.str.strip_chars()
        return pl.when(trimmed != "").then(trimmed).alias(name) if column.kind == "category" else text
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


def _as_of_clock(frame: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """What had not yet happened on the last day is not known: an answer, a click, a solution that came later."""
    days = [name for name in frame.columns if name.endswith("_at_day") and name not in PLANNED_DAYS]
    hidden: dict[str, pl.Expr] = {}
    for day in days:
        known = (pl.col(day) <= as_of) | pl.col(day).is_null()
        tied = (
            [*ANSWERED_WITH, day.removesuffix("_day") + "_t", day]
            if day == "answered_at_day"
            else [day.removesuffix("_day") + "_t", day]
        )
        hidden |= {name: pl.when(known).then(pl.col(name)).alias(name) for name in tied if name in frame.columns}
    return frame.with_columns(*hidden.values())


def _stops(frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    lasts = {name: frame["day"].max() for name, frame in frames.items()}
    return {name: int(last) for name, last in lasts.items() if isinstance(last, int)}


def _classified(
    frames: Mapping[str, pl.DataFrame], given: Mapping[str, frozenset[str]], settings: Settings, values: Overrides
) -> dict[str, pl.DataFrame]:
    dressed = dict(frames)
    if "orders" in dressed:
        dressed["orders"] = _orders(dressed["orders"], settings, values)
    if "tickets" in dressed:
        dressed["tickets"] = _tickets(dressed["tickets"], given["tickets"], settings, values)
    if "surveys" in dressed:
        dressed["surveys"] = _surveys(dressed["surveys"])
    return dressed


def _classes(frame: pl.DataFrame, table: str, name: str, values: Overrides) -> pl.Expr:
    """The class of each of the client's values, the client's own matches first."""
    found = frame[name].drop_nulls().unique().to_list()
    classes = {**vocabulary.classify(table, name, found), **values.get(table, {}).get(name, {})}
    return pl.col(name).replace_strict(classes, default=None, return_dtype=pl.String)


def _orders(frame: pl.DataFrame, settings: Settings, values: Overrides) -> pl.DataFrame:
    status = _classes(frame, "orders", "status", values)
    rules = {
        "cancelled": pl.col("cancelled_at_t").is_not_null() | (status == "cancelled"),
        "test": pl.col("is_test") | (status == "test"),
        "draft": status == "draft",
        "zero_amount": pl.col("amount") == 0,
    }
    paid_back = (pl.col("amount") > 0) & (pl.col("refunded_amount") >= pl.col("amount") - REFUND_CENT)
    flagged = frame.with_columns(
        *(rule.fill_null(False).alias(f"rule_{name}") for name, rule in rules.items()),
        ((status == "refunded") | paid_back).fill_null(False).alias("rule_refunded"),
    )
    off = [pl.col(f"rule_{name}") for name in rules if getattr(settings.exclude, name)]
    return flagged.with_columns(
        (~pl.any_horizontal(off) if off else pl.lit(True)).alias("eligible"),
        (pl.col("rule_refunded") & settings.exclude.refunded).alias("refunded"),
    )


def _tickets(frame: pl.DataFrame, given: frozenset[str], settings: Settings, values: Overrides) -> pl.DataFrame:
    status = _classes(frame, "tickets", "status", values)
    tags = pl.col("tags").str.to_lowercase()
    rules = {
        "spam": pl.col("is_spam") | (status == "spam") | tags.str.contains(r"(^|\W)(spam|ind[eé]sirable)($|\W)"),
        "merged": pl.col("merged_into").is_not_null() | (status == "merged") | tags.str.contains("closed_by_merge"),
        "auto_reply": _opens_as_auto_reply("subject") | _opens_as_auto_reply("body"),
        "outbound": pl.col("is_outbound"),
    }
    flagged = frame.with_columns(*(rule.fill_null(False).alias(f"rule_{name}") for name, rule in rules.items()))
    off = [pl.col(f"rule_{name}") for name in rules if getattr(settings.exclude, name)]
    dressed = flagged.with_columns(
        (~pl.any_horizontal(off) if off else pl.lit(True)).alias("eligible"),
        (pl.col("solved_at_t").is_not_null() | (status == "solved")).fill_null(False).alias("solved"),
    )
    return dressed.with_columns(_complaint(dressed, given, settings, values).fill_null(False).alias("complaint"))


def _opens_as_auto_reply(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 120).str.to_lowercase().str.contains(AUTO_REPLY).fill_null(False)


def _complaint(frame: pl.DataFrame, given: frozenset[str], settings: Settings, values: Overrides) -> pl.Expr:
    if "is_complaint" in given:
        return pl.col("is_complaint")
    if "reason" not in given:
        return pl.lit(True)
    if settings.complaint_reasons:
        families = [family.strip().lower() for family in settings.complaint_reasons]
        return pl.col("reason").str.to_lowercase().is_in(families)
    return _classes(frame, "tickets", "reason", values) == "complaint"


def _surveys(frame: pl.DataFrame) -> pl.DataFrame:
    """`answered`, `answer_t` and `answer_day`, `scale` made good for each kind, `satisfied` and `dissatisfied`."""
    answered = pl.col("answered_at_t").is_not_null() | pl.col("score").is_not_null()
    dressed = frame.with_columns(
        pl.col("kind").str.strip_chars().str.to_lowercase(),
        answered.alias("answered"),
        pl.coalesce("answered_at_t", "sent_at_t").alias("answer_t"),
        pl.coalesce("answered_at_day", "sent_at_day").alias("answer_day"),
    )
    kinds = dressed["kind"].drop_nulls().unique().to_list()
    scales = {kind: vocabulary.infer_scale(kind, dressed.filter(kind=kind)["score"]) for kind in kinds}
    guessed = pl.col("kind").replace_strict(scales, default=None, return_dtype=pl.String)
    scaled = dressed.with_columns(pl.coalesce("scale", guessed).alias("scale"))
    return scaled.with_columns(
        vocabulary.satisfied(pl.col("score"), pl.col("scale")).alias("satisfied"),
        vocabulary.dissatisfied(pl.col("score"), pl.col("scale")).alias("dissatisfied"),
    )


def _scoped(frames: dict[str, pl.DataFrame], events: Sequence[Event]) -> dict[str, pl.DataFrame]:
    """`scope` on orders and tickets: bit i is set on rows that the i-th scoped event touches."""
    scoped = [event for event in events if event.scope]
    for name in ("orders", "tickets"):
        if name in frames:
            bits = [
                _touched(frames[name], event.scope).cast(pl.Int64) * (1 << place) for place, event in enumerate(scoped)
            ]
            frames[name] = frames[name].with_columns((sum(bits, pl.lit(0, pl.Int64))).alias("scope"))
    if "orders" in frames and "tickets" in frames and scoped:
        frames["tickets"] = _scope_through_orders(frames["tickets"], frames["orders"])
    return frames


def _resolved(event: Event, frames: Mapping[str, pl.DataFrame]) -> Event:
    """The event with its scope as `field=value`; one that no row answers to touches everything."""
    held = [frames[name] for name in ("orders", "tickets") if name in frames]
    named = event.scope if "=" in event.scope else ""
    guesses = [named] if named else [f"{field}={event.scope}" for field in SCOPE_FIELDS if event.scope.strip()]
    found = [scope for scope in guesses if any(frame.select(_touched(frame, scope).any()).item() for frame in held)]
    return replace(event, scope=found[0] if found else "")


def _touched(frame: pl.DataFrame, scope: str) -> pl.Expr:
    field, _, wanted = scope.partition("=")
    if field.strip() not in frame.columns:
        return pl.lit(False)
    options = [option.strip().lower() for option in wanted.split("|")]
    return pl.col(field.strip()).cast(pl.String).str.strip_chars().str.to_lowercase().is_in(options).fill_null(False)


def _scope_through_orders(tickets: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    of_order = orders.select("order", order_scope="scope").drop_nulls().unique("order", keep="first")
    joined = tickets.join(of_order, on="order", how="left", maintain_order="left")
    return joined.with_columns((pl.col("scope") | pl.col("order_scope").fill_null(0)).alias("scope")).drop(
        "order_scope"
    )


def _with_episodes(
    frames: dict[str, pl.DataFrame], settings: Settings
) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    if "tickets" not in frames:
        return frames, {}
    eligible = frames["tickets"].filter(pl.col("eligible") & pl.col("t").is_not_null())
    episodes = chain(eligible, settings.windows.episode_minutes)
    bridge = {"raw": len(frames["tickets"]), "eligible": len(eligible), "episodes": len(episodes)}
    return {**frames, "episodes": episodes}, {"bridge": bridge}


def _rule_counts(frames: Mapping[str, pl.DataFrame], settings: Settings) -> dict[str, int]:
    """How many rows each rule touches, whether or not it is switched on."""
    return {
        name.removeprefix("rule_"): int(frames[table][name].sum())
        for table in ("orders", "tickets")
        if table in frames
        for name in frames[table].columns
        if name.startswith("rule_")
    }


def _linked_share(frames: Mapping[str, pl.DataFrame]) -> float | None:
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


def _warnings(tables: Tables) -> Iterable[Phrase]:
    for name, last in sorted(tables.stops.items()):
        if tables.as_of - last > STOPS_EARLY_DAYS:
            yield Phrase.of("warning.stops_early", table=f"tables.{name}.name", days=tables.as_of - last)
