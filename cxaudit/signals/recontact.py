"""S1 Recontact on the same order: does a customer have to write again?

Measures: recontact.orders.7d|14d|30d|any · recontact.customers.30d|any · recontact.topic.30d.
Unit: an order with at least one eligible episode, indexed by its first one; success is a second episode within the
window. Customers: those with at least one (mature) contacted order; success is at least one such order with a success.
Topic: customer × reason, episodes chained over any order or none.
Needs: tickets with a moment; an order number, a customer for the customers' share, a reason for the topic.
Excludes: excluded tickets (spam, merged, automatic, outbound); immature units (`excluded.immature`); tickets without an
order (`excluded.no_order`) or, for the topic, without a reason (`excluded.no_reason`).
Null: no contacted order in the period.
Blind to: who calls back from another address, who gives up writing.
Source: first contact resolution as defined in contact-centre practice, counted from the customer's side.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.contacted import contacted_orders, recontacted
from cxaudit.measure.counts import bridge
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import Days, Tables, not_computable
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

CUTS = ("reason", "channel", "product", "country")
ORDERS = tuple(f"recontact.orders.{window}" for window in ("7d", "14d", "30d", "any"))
CUSTOMERS = ("recontact.customers.30d", "recontact.customers.any")
TOPIC = ("recontact.topic.30d",)


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """All recontact measures that the columns at hand allow."""
    yield from (
        _by_order(tables)
        if tables.has("tickets.order_id")
        else not_computable((*ORDERS, *CUSTOMERS), ("tickets.order_id",))
    )
    yield from _by_topic(tables, settings)


def _by_order(tables: Tables) -> Iterable[Result]:
    firsts = contacted_orders(tables)
    cuts = tuple(name for name in CUTS if name in firsts.columns and firsts[name].null_count() < len(firsts))
    excluded = {"no_order": _without(tables, "order")}
    facts = {"bridge": bridge(tables), "distribution": _distribution(firsts, tables)}
    for key in ORDERS:
        units = recontacted(firsts, _days(key), tables.as_of)
        yield share(key, Units(units, ("tickets",), excluded, cuts, facts=facts), tables)
    for key in CUSTOMERS:
        known = recontacted(firsts.filter(~nw.col("customer").is_null()), _days(key), tables.as_of)
        if not len(known):
            yield from not_computable((key,), ("tickets.customer_email", "tickets.customer_id"))
            continue
        people = _by_customer(known, tables.period)
        blocks = [_by_customer(known, block) for block in tables.blocks]
        daily = nw.concat(blocks, how="vertical") if blocks else None
        yield share(key, Units(people, ("tickets",), excluded, daily=daily), tables)


def _days(key: str) -> int | None:
    window = key.rpartition(".")[2]
    return None if window == "any" else int(window.removesuffix("d"))


def _by_customer(orders: nw.DataFrame[Any], span: Days) -> nw.DataFrame[Any]:
    """Customers by their contacted orders of those days: mature where one is, success where a mature one has it."""
    inside = within(orders, span)
    first = nw.col("t") == nw.col("t").min().over("customer")
    marked = inside.with_columns(
        (nw.col("success") & nw.col("mature")).alias("success"), nw.when(first).then(nw.col("scope")).alias("scope")
    )
    return marked.group_by("customer").agg(
        nw.col("day").min(),
        nw.col("month").min(),
        nw.col("success").max(),
        nw.col("mature").max(),
        nw.col("scope").min(),
    )


def _distribution(firsts: nw.DataFrame[Any], tables: Tables) -> dict[str, int]:
    """Contacted orders of the period by their number of eligible tickets: 1, 2, 3, 4+."""
    inside = firsts.filter(nw.col("day").is_between(tables.period.first, tables.period.last))
    tickets = np.minimum(inside["order_tickets"].to_numpy(), 4)
    return dict(zip(("1", "2", "3", "4+"), np.bincount(tickets, minlength=5)[1:].tolist(), strict=True))


def _without(tables: Tables, column: str) -> int:
    """Eligible tickets of the period that lack `column`."""
    period = nw.col("day").is_between(tables.period.first, tables.period.last)
    bare = tables["tickets"].filter(nw.col("eligible") & nw.col(column).is_null() & period)
    return int(collect(bare.select(nw.len().alias("n")))["n"][0])


def _by_topic(tables: Tables, settings: Settings) -> Iterable[Result]:
    if not tables.has("tickets.reason"):
        return not_computable(TOPIC, ("tickets.reason",))
    named = tables["tickets"].filter(nw.col("eligible") & ~nw.col("reason").is_null() & ~nw.col("customer").is_null())
    contacts = collect(chained(named.select("customer", "reason", "t", "day", "month", "scope"), settings))
    if not len(contacts):
        return not_computable(TOPIC, ("tickets.customer_email", "tickets.customer_id"))
    firsts = contacts.with_columns(nw.col("t").min().over("customer", "reason").alias("_first"))
    later = (
        firsts.filter(nw.col("t") > nw.col("_first"))
        .group_by("customer", "reason")
        .agg(nw.col("day").min().alias("next_day"))
    )
    starts = firsts.filter(nw.col("t") == nw.col("_first")).join(later, on=["customer", "reason"], how="left")
    units = recontacted(starts, 30, tables.as_of)
    excluded = {"no_reason": _without(tables, "reason")}
    return [share(TOPIC[0], Units(units, ("tickets",), excluded, ("reason",)), tables)]


def chained(tickets: nw.LazyFrame[Any], settings: Settings) -> nw.LazyFrame[Any]:
    """First tickets of the chains of one customer and one reason."""
    window = settings.windows.episode_minutes * 60_000_000
    previous = nw.col("t").shift(1).over("customer", "reason", order_by="t")
    return tickets.with_columns((nw.col("t") - previous).alias("_gap")).filter(
        nw.col("_gap").is_null() | (nw.col("_gap") > window)
    )


SIGNAL = Signal("recontact", (*ORDERS, *CUSTOMERS, *TOPIC), ("tickets.created_at",), measure)
