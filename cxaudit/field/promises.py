"""Promises in words: "sous 48 h", "d'ici vendredi", "within 2 days"; and whether what was promised came in time.

Measures: field.promises.kept.
Unit: a reply that promises a refund, a delivery or a reply within a delay that it names, indexed by the reply; mature
once the delay is over. Kept: the order's refund or delivery, or the solution of the ticket or another reply to the same
order or customer, comes after it and within the delay.
Needs: tickets.reply, and for each kind what the tables show: a refund's moment, a delivery's, a solution's.
Excludes: promises whose object the tables do not show (`excluded.unseen`), or that was already there
(`excluded.before_start`); immature ones.
Null: no promise in the period.
Blind to: promises worded otherwise, or by phone; public holidays in "working days".
Source: written patterns (`cxaudit.field.said`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import NEVER, collect
from cxaudit.field.said import Promise, promises
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import next_moment
from cxaudit.measure.medians import month_keys
from cxaudit.measure.rates import Units, share
from cxaudit.measure.tables import DAY_US, Tables, not_computable
from cxaudit.schema.results import Phrase, Result
from cxaudit.schema.settings import Settings

KEY = ("field.promises.kept",)
KINDS = ("refund", "delivery", "reply")
UNSEEN = ("orders.refunded_at", "orders.delivered_at", "tickets.solved_at")
Whole = NDArray[np.int64]


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The share of promised delays that were kept."""
    said, told = tables.shared.once("promises", lambda: _said(tables))
    if not told:
        return not_computable(KEY, (), Phrase.of("not_computable.no_case"))
    return [_kept(said, told, tables)]


def _said(tables: Tables) -> tuple[nw.DataFrame[Any], list[Promise]]:
    """Replies that promise a delay, and what each promises: read once, whatever the period."""
    replies = _replies(tables)
    found = promises(replies["reply"].to_list(), replies["t"].to_list())
    said = replies.filter(nw.new_series("said", [item is not None for item in found], nw.Boolean, backend="polars"))
    return said, [item for item in found if item is not None]


def _replies(tables: Tables) -> nw.DataFrame[Any]:
    """Replies by the moment they were sent (of the ticket, where that is not known)."""
    written = tables["tickets"].filter(nw.col("eligible") & ~nw.col("reply").is_null())
    columns = ("customer", "order", "ticket", "reply", "scope", "reason", "solved_at_t")
    rows = collect(written.select(*columns, nw.coalesce("first_reply_at_t", "t").alias("t")))
    return rows.filter(~nw.col("t").is_null())


def _kept(said: nw.DataFrame[Any], told: list[Promise], tables: Tables) -> Result:
    kind = np.array([KINDS.index(item.what) for item in told])
    deadline = np.array([item.deadline for item in told], np.int64)
    written = said["t"].to_numpy().astype(np.int64)
    came = np.full(len(told), NEVER)
    seen = np.zeros(len(told), bool)
    for place, name in enumerate(KINDS):
        moments = _came(name, said, tables)
        if moments is not None:
            came = np.where(kind == place, moments, came)
            seen |= kind == place
    early = seen & (came // DAY_US < written // DAY_US)
    on_day = (came % DAY_US == 0) & (came // DAY_US <= deadline // DAY_US)
    counted = seen & ~early
    if not counted.any():
        return not_computable(KEY, UNSEEN)[0]
    days = written // DAY_US
    frame = said.with_columns(
        _series("day", days, nw.Int64),
        _series("month", month_keys(days), nw.Int32),
        _series("success", (came <= deadline) | on_day, nw.Boolean),
        _series("mature", deadline // DAY_US <= tables.as_of, nw.Boolean),
        _series("promise", [KINDS[at] for at in kind], nw.String),
    ).filter(_series("counted", counted, nw.Boolean))
    excluded = {"unseen": int((~seen).sum()), "before_start": int(early.sum())}
    cuts = ("promise", *(("reason",) if tables.has("tickets.reason") else ()))
    return share(KEY[0], Units(frame, ("tickets",), excluded, cuts), tables)


def _series(name: str, values: Any, dtype: Any) -> nw.Series[Any]:
    return nw.new_series(name, values, dtype, backend="polars")


def _came(kind: str, said: nw.DataFrame[Any], tables: Tables) -> Whole | None:
    """The moment at which what was promised came, NEVER where it has not; None where the tables do not show it."""
    if kind == "reply":
        return _next_reply(said, tables) if tables.has("tickets.solved_at") else None
    if kind == "delivery":
        return _of_order(said, tables, (("orders", "delivered_at"),))
    return _of_order(said, tables, (("orders", "refunded_at"), ("returns", "refunded_at")))


def _of_order(said: nw.DataFrame[Any], tables: Tables, places: tuple[tuple[str, str], ...]) -> Whole | None:
    frames = []
    for table, moment in places:
        if tables.has(f"{table}.{moment}"):
            known = tables[table].filter(~nw.col("order").is_null() & ~nw.col(f"{moment}_t").is_null())
            frames.append(collect(known.select("order", nw.col(f"{moment}_t").alias("came"))))
    if not frames:
        return None
    first = nw.concat(frames, how="vertical").group_by("order").agg(nw.col("came").min())
    placed = said.select("order").with_row_index("_row").join(first, on="order", how="left").sort("_row")
    return placed.with_columns(nw.coalesce("came", nw.lit(NEVER)).alias("came"))["came"].to_numpy().astype(np.int64)


def _next_reply(said: nw.DataFrame[Any], tables: Tables) -> Whole:
    """The ticket's solution or the next reply to the same order (the same customer where there is none)."""
    others = collect(
        tables["tickets"]
        .filter(~nw.col("first_reply_at_t").is_null())
        .select("customer", "order", nw.col("first_reply_at_t").alias("t"))
    )
    linked = ~said["order"].is_null().to_numpy().astype(bool)
    by_order, by_customer = (next_moment(said, others, (name,)) for name in ("order", "customer"))
    written = said["t"].to_numpy().astype(np.int64)
    solved = said.with_columns(nw.coalesce("solved_at_t", nw.lit(NEVER)).alias("s"))["s"].to_numpy().astype(np.int64)
    after = np.where(solved > written, solved, NEVER)
    return np.minimum(after, np.where(linked, by_order, by_customer))


SIGNAL = Signal("promises", KEY, ("tickets.created_at", "tickets.reply"), measure)
