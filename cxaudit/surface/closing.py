"""Solved, and whether it stayed so.

Measures: surface.resolution · surface.recontact_after_close.7d|30d · surface.reopened.share.
Unit: resolution: a ticket created at least 7 days before the last day, success is solved (a `solved_at`, or a solved
or closed status). After closing: a ticket with a `solved_at`, which is its index; success is a new episode of the same
customer (of the same order where the customer is unknown) within the window. Reopened: a ticket closed at least
once (solved now, or reopened since; any, where nothing says which are) whose number of reopenings is known.
Needs: tickets.solved_at, or a status for the resolution; tickets.reopens.
Excludes: excluded tickets; immature ones.
Null: no such ticket in the period.
Blind to: tickets closed by the tool after days of silence; customers who give up.
Source: SIGNALS §3.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import happened, next_moment
from cxaudit.measure.medians import indexed_by
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

RESOLUTION = ("surface.resolution",)
AFTER = {"surface.recontact_after_close.7d": 7, "surface.recontact_after_close.30d": 30}
REOPENED = ("surface.reopened.share",)
CUTS = ("reason", "channel", "group")
COLUMNS = (
    "customer",
    "order",
    "t",
    "day",
    "month",
    "scope",
    "solved",
    "solved_at_t",
    "solved_at_day",
    "reopens",
    *CUTS,
)


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Resolution, recontact after closing, reopened tickets."""
    tickets = collect(tables["tickets"].filter(nw.col("eligible")).select(*COLUMNS))
    cuts = tuple(cut for cut in CUTS if tables.has(f"tickets.{cut}"))
    if tables.has("tickets.solved_at|status"):
        ripe = (nw.col("day") + settings.windows.resolution_days <= tables.as_of).alias("mature")
        frame = tickets.with_columns(nw.col("solved").alias("success"), ripe)
        yield share(RESOLUTION[0], Units(frame, ("tickets",), cuts=cuts), tables)
    else:
        yield from not_computable(RESOLUTION, ("tickets.solved_at",))
    yield from _after(tickets, cuts, tables)
    yield from _reopened(tickets, cuts, tables)


def closed_tickets(tickets: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """Tickets with a closing moment not before their own, indexed by it; `opened_t` keeps the creation."""
    closed = indexed_by(tickets.filter(nw.col("solved_at_t") >= nw.col("t")), "solved_at_day")
    return closed.with_columns(nw.col("t").alias("opened_t"), nw.col("solved_at_t").alias("t"))


def _after(tickets: nw.DataFrame[Any], cuts: tuple[str, ...], tables: Tables) -> Iterable[Result]:
    if not tables.has("tickets.solved_at"):
        return not_computable(tuple(AFTER), ("tickets.solved_at",))
    closed = closed_tickets(tickets)
    episodes = collect(tables["episodes"].select("customer", "order", "t"))
    anonymous = closed["customer"].is_null().to_numpy().astype(bool)
    following = np.where(
        anonymous, next_moment(closed, episodes, ("order",)), next_moment(closed, episodes, ("customer",))
    )
    known = closed.filter(~nw.col("customer").is_null() | ~nw.col("order").is_null())
    if not len(known):
        return not_computable(tuple(AFTER), ("tickets.customer_email", "tickets.order_id"))
    unlinked = {"no_customer": len(within(closed, tables.period)) - len(within(known, tables.period))}
    return [_within(key, closed, following, unlinked, cuts, tables) for key in AFTER]


def _within(
    key: str, closed: nw.DataFrame[Any], following: Any, excluded: dict[str, int], cuts: tuple[str, ...], tables: Tables
) -> Result:
    ripe = (nw.col("day") + AFTER[key] <= tables.as_of).alias("mature")
    frame = closed.with_columns(happened(closed, following, AFTER[key]), ripe)
    linked = frame.filter(~nw.col("customer").is_null() | ~nw.col("order").is_null())
    return share(key, Units(linked, ("tickets",), excluded, cuts), tables)


def _reopened(tickets: nw.DataFrame[Any], cuts: tuple[str, ...], tables: Tables) -> Iterable[Result]:
    if not tables.has("tickets.reopens"):
        return not_computable(REOPENED, ("tickets.reopens",))
    known = tickets.filter(~nw.col("reopens").is_null())
    told = tables.has("tickets.solved_at|status")  # where nothing says what was solved, all of them stand
    solved = known.filter(nw.col("solved") | (nw.col("reopens") > 0)) if told else known
    frame = solved.with_columns((nw.col("reopens") > 0).alias("success"))
    return [share(REOPENED[0], Units(frame, ("tickets",), cuts=cuts), tables)]


SIGNAL = Signal("closing", (*RESOLUTION, *AFTER, *REOPENED), ("tickets.created_at",), measure)
