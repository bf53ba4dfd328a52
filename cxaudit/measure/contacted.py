"""Contacted orders: the units of every recontact, with the first episode and what came after it."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.tables import Tables

WHICH = ("order", "customer", "t", "day", "month", "scope", "ticket_id", "tickets")
# What is asked of a first episode: never what the customer wrote, nor whether it is a complaint.
HOW = ("reason", "channel", "agent", "group", "transfers", "reopens", "handle_minutes", "reply")
WHEN = ("first_reply_at_t", "solved_at_t")


def contacted_orders(tables: Tables) -> nw.DataFrame[Any]:
    """One row a contacted order: its first episode, `next_day` of its second (null: none), `episodes`, `tickets`.

    Its customer is the order's own; else the first who is known to have written about it. Ties at one moment are
    settled by ticket number, never by who is called what.
    """
    found: nw.DataFrame[Any] = tables.shared.once("contacted_orders", lambda: _contacted_orders(tables))
    return found


def _contacted_orders(tables: Tables) -> nw.DataFrame[Any]:
    episodes = tables["episodes"].filter(~nw.col("order").is_null()).select(*WHICH, *HOW, *WHEN)
    ranked = episodes.with_columns(
        nw.col("t").min().over("order").alias("_first"),
        nw.len().over("order").alias("episodes"),
        nw.col("tickets").sum().over("order").alias("order_tickets"),
    )
    starts = ranked.filter(nw.col("t") == nw.col("_first"))
    later = ranked.filter(nw.col("t") > nw.col("_first")).group_by("order").agg(nw.col("day").min().alias("next_day"))
    firsts = _first_of_each(collect(starts.join(later, on="order", how="left")))
    writers = _first_of_each(
        collect(episodes.filter(~nw.col("customer").is_null()).select("order", "t", "ticket_id", "customer"))
    )
    named = firsts.join(writers.select("order", _customer="customer"), on="order", how="left")
    return _with_order_columns(named.with_columns(nw.coalesce("customer", "_customer").alias("customer")), tables)


def _first_of_each(episodes: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    ordered = episodes.sort("order", "t", "ticket_id", "customer", nulls_last=True)
    return ordered.unique("order", keep="first", maintain_order=True)


def _with_order_columns(firsts: nw.DataFrame[Any], tables: Tables) -> nw.DataFrame[Any]:
    columns = [name for name in ("product", "country", "category") if tables.has(f"orders.{name}")]
    if "orders" not in tables.given:
        return firsts
    found = collect(tables["orders"].filter(~nw.col("order").is_null()).select("order", "customer", *columns))
    known = found.unique("order", keep="first", maintain_order=False).rename({"customer": "owner"})
    joined = firsts.join(known, on="order", how="left")
    return joined.with_columns(nw.coalesce("owner", "customer").alias("customer")).drop("owner")


def recontacted(firsts: nw.DataFrame[Any], days: int | None, as_of: int) -> nw.DataFrame[Any]:
    """`success` and `mature` of contacted orders within `days` (None: ever, and always mature)."""
    if days is None:
        return firsts.with_columns((~nw.col("next_day").is_null()).alias("success"), nw.lit(True).alias("mature"))
    within = nw.col("next_day") <= nw.col("day") + days
    return firsts.with_columns(
        (within & ~nw.col("next_day").is_null()).alias("success"), (nw.col("day") + days <= as_of).alias("mature")
    )
