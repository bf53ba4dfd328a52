"""Promises in words: "sous 48 h", "d'ici vendredi", "within 2 days"; and whether what was promised came in time.

Measures: field.promises.kept.
Unit: a reply that promises a refund, a delivery or a reply within a delay that it names, indexed by the reply; mature
once the delay is over. Kept: the order's refund or delivery, or the solution of the ticket or another reply to the same
order or customer, comes after it and within the delay; what can be seen and has not come is broken. Seen is a refund
where the order is in a table that bears refunds, from the first of these on; a delivery where the order is known and at
least 80 % of the orders placed in the 30 days up to it bear theirs; a reply where the ticket has an order or a
customer, from the first solution on.
Needs: tickets.reply, and for each kind what the tables show: a refund's moment, a delivery's, a solution's.
Excludes: promises of which the tables do not show what followed (`excluded.unseen`; R7 where they are over 20 %), or
whose object was already there (`excluded.before_start`); immature ones.
Null: no promise in the period.
Blind to: promises worded otherwise, or by phone; a second reply within one ticket, before its solution; public holidays
in "working days".
Source: written patterns (`cxaudit.field.said`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
from cxaudit.measure.verdicts import LINKED
from cxaudit.schema.results import Phrase, Result
from cxaudit.schema.settings import Settings

KEY = ("field.promises.kept",)
SHOWN_BY = {
    "refund": ("orders.refunded_at", "returns.refunded_at"),
    "delivery": ("orders.delivered_at",),
    "reply": ("tickets.solved_at",),
}
AGE_DAYS = 30
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The share of promised delays that were kept."""
    said, told = tables.shared.once("promises", lambda: _said(tables))
    if not told:
        return not_computable(KEY, (), Phrase.of("not_computable.no_case"))
    return [_kept(said, told, tables)]


def _said(tables: Tables) -> tuple[nw.DataFrame[Any], list[Promise]]:
    """Replies that promise a delay, and what each promises: read once, whatever the period."""
    replies = _replies(tables)
    found = promises(replies["reply"].to_native(), replies["t"].to_list())
    said = replies.filter(nw.new_series("said", [item is not None for item in found], nw.Boolean, backend="polars"))
    return said, [item for item in found if item is not None]


def _replies(tables: Tables) -> nw.DataFrame[Any]:
    """Replies by the moment they were sent (of the ticket, where that is not known)."""
    written = tables["tickets"].filter(nw.col("eligible") & ~nw.col("reply").is_null())
    columns = ("customer", "order", "ticket", "reply", "scope", "reason", "solved_at_t")
    rows = collect(written.select(*columns, nw.coalesce("first_reply_at_t", "t").alias("t")))
    return rows.filter(~nw.col("t").is_null())


@dataclass(frozen=True)
class _Followed:
    """By promise: the moment at which what was promised came (NEVER where it has not), and whether that can be seen."""

    came: Whole
    seen: Mask


def _kept(said: nw.DataFrame[Any], told: list[Promise], tables: Tables) -> Result:
    kind = np.array([KINDS.index(item.what) for item in told])
    deadline = np.array([item.deadline for item in told], np.int64)
    written = said["t"].to_numpy().astype(np.int64)
    followed = _followed(said, kind, deadline, tables)
    came, seen = followed.came, followed.seen
    early = seen & (came // DAY_US < written // DAY_US)
    on_day = (came % DAY_US == 0) & (came // DAY_US <= deadline // DAY_US)
    if not (seen & ~early).any():
        return _untold(kind, tables)
    days = written // DAY_US
    frame = said.with_columns(
        _series("day", days, nw.Int64),
        _series("month", month_keys(days), nw.Int32),
        _series("success", (came <= deadline) | on_day, nw.Boolean),
        _series("mature", deadline // DAY_US <= tables.as_of, nw.Boolean),
        _series("promise", [KINDS[at] for at in kind], nw.String),
    ).filter(_series("counted", seen & ~early, nw.Boolean))
    present = (tables.period.first <= days) & (days <= tables.period.last)
    excluded = {"unseen": int((present & ~seen).sum()), "before_start": int((present & early).sum())}
    refusals = ("R7",) if (present & seen).sum() < LINKED * present.sum() else ()
    cuts = ("promise", *(("reason",) if tables.has("tickets.reason") else ()))
    return share(KEY[0], Units(frame, _sources(kind, tables), excluded, cuts, refusals=refusals), tables)


def _sources(kind: Whole, tables: Tables) -> tuple[str, ...]:
    """The tables that are judged by their days: tickets, and orders where these show what was promised."""
    places = [place for name in _asked(kind) for place in SHOWN_BY[name] if tables.has(place)]
    return ("tickets", "orders") if any(place.startswith("orders.") for place in places) else ("tickets",)


def _untold(kind: Whole, tables: Tables) -> Result:
    """Why nothing can be said of these promises: the columns that would show what followed, or that they do not."""
    asked = _asked(kind)
    missing = [SHOWN_BY[name][0] for name in asked if not _shown(name, tables)]
    if asked != ["reply"]:
        missing += tables.missing("tickets.order_id")
    return not_computable(KEY, tuple(missing), None if missing else Phrase.of("not_computable.unseen"))[0]


def _asked(kind: Whole) -> list[str]:
    return [name for place, name in enumerate(KINDS) if (kind == place).any()]


def _shown(name: str, tables: Tables) -> bool:
    return any(map(tables.has, SHOWN_BY[name]))


def _series(name: str, values: Any, dtype: Any) -> nw.Series[Any]:
    return nw.new_series(name, values, dtype, backend="polars")


def _followed(said: nw.DataFrame[Any], kind: Whole, deadline: Whole, tables: Tables) -> _Followed:
    came, seen = np.full(len(kind), NEVER), np.zeros(len(kind), bool)
    for name in _asked(kind):
        if _shown(name, tables):
            own, found = kind == KINDS.index(name), READINGS[name](said, deadline, tables)
            came, seen = np.where(own, found.came, came), np.where(own, found.seen, seen)
    return _Followed(came, seen)


def _refund(said: nw.DataFrame[Any], deadline: Whole, tables: Tables) -> _Followed:
    """The order's refund; before the first that the tables bear, nobody knows whether refunds were written down."""
    places = [place for place in SHOWN_BY["refund"] if tables.has(place)]
    held = nw.concat([_of_orders(place, tables) for place in places], how="vertical")
    came, known, _ = _placed(said, held)
    return _Followed(came, known & (deadline >= _first(held["came"])))


def _delivery(said: nw.DataFrame[Any], deadline: Whole, tables: Tables) -> _Followed:
    """The order's delivery; where orders of its age do not bear theirs, nobody knows whether it was delivered."""
    came, known, ordered = _placed(said, _of_orders(SHOWN_BY["delivery"][0], tables))
    return _Followed(came, known & _written_down(ordered, tables))


def _written_down(day: Whole, tables: Tables) -> Mask:
    """Whether at least 80 % of the eligible orders of the 30 days up to each `day` bear their delivery."""
    orders = collect(tables["orders"].filter(nw.col("eligible")).select("day", "delivered_at_t"))
    orders = orders.filter(~nw.col("day").is_null()).sort("day")
    days = orders["day"].to_numpy().astype(np.int64)
    borne = np.concatenate(([0], np.cumsum(~orders["delivered_at_t"].is_null().to_numpy())))
    first, last = (np.searchsorted(days, edge, "right") for edge in (day - AGE_DAYS, day))
    return (last > first) & (borne[last] - borne[first] >= LINKED * (last - first))


def _of_orders(place: str, tables: Tables) -> nw.DataFrame[Any]:
    """The rows of a table that have an order: its day there, and when the moment of `place` came."""
    table, moment = place.split(".")
    rows = collect(tables[table].select("order", "day", nw.col(f"{moment}_t").alias("came")))
    return rows.filter(~nw.col("order").is_null())


def _placed(said: nw.DataFrame[Any], held: nw.DataFrame[Any]) -> tuple[Whole, Mask, Whole]:
    """By promise: the first moment on its order, whether the order is held, and the order's day (0 where none)."""
    first = held.group_by("order").agg(nw.col("came").min(), nw.col("day").min(), nw.len().alias("rows"))
    found = said.select("order").with_row_index("_row").join(first, on="order", how="left").sort("_row")
    none = {"came": NEVER, "day": 0, "rows": 0}
    came, day, rows = (
        found.with_columns(nw.coalesce(name, nw.lit(value)).alias(name))[name].to_numpy().astype(np.int64)
        for name, value in none.items()
    )
    return came, rows > 0, day


def _first(moments: nw.Series[Any]) -> int:
    """The first moment that was written down, NEVER without any."""
    found = moments.min()
    return NEVER if found is None else int(found)


def _reply(said: nw.DataFrame[Any], deadline: Whole, tables: Tables) -> _Followed:
    """The ticket's solution or the next reply to the same order (the same customer where there is none)."""
    tickets = collect(tables["tickets"].select("customer", "order", "first_reply_at_t", "solved_at_t"))
    others = tickets.with_columns(nw.col("first_reply_at_t").alias("t")).filter(~nw.col("t").is_null())
    linked, known = (~said[name].is_null().to_numpy().astype(bool) for name in ("order", "customer"))
    by_order, by_customer = (next_moment(said, others, (name,)) for name in ("order", "customer"))
    written = said["t"].to_numpy().astype(np.int64)
    solved = said.with_columns(nw.coalesce("solved_at_t", nw.lit(NEVER)).alias("s"))["s"].to_numpy().astype(np.int64)
    after = np.where(solved > written, solved, NEVER)
    came = np.minimum(after, np.where(linked, by_order, by_customer))
    return _Followed(came, (linked | known) & (deadline >= _first(tickets["solved_at_t"])))


READINGS = {"refund": _refund, "delivery": _delivery, "reply": _reply}
KINDS = tuple(READINGS)

SIGNAL = Signal("promises", KEY, ("tickets.created_at", "tickets.reply"), measure)
