"""How many tickets came, per order, and how many were handled.

Measures: surface.tickets · surface.tickets_per_100_orders · surface.handled · surface.episodes_per_order.
Unit: an eligible ticket, indexed by its creation (tickets; handled: success is a reply or a solution); an eligible
order of the period (per 100 orders: tickets of the period over orders of the period); a contacted order, indexed by its
first episode, mature after 30 days (episodes per order).
Needs: tickets with a moment; orders for the ratio; a reply, solution or status for handled; order numbers for episodes.
Excludes: excluded tickets and orders.
Null: no order in the period.
Blind to: whether few contacts mean content or gone.
Source: ratio estimator with the linearised variance over customers (Cochran 1977, §6).
"""

from __future__ import annotations

from collections.abc import Iterable

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.contacted import contacted_orders
from cxaudit.measure.counts import bridge, count
from cxaudit.measure.rates import Units, mean, share
from cxaudit.measure.ratios import per_100
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

TICKETS, RATIO = "surface.tickets", "surface.tickets_per_100_orders"
HANDLED, EPISODES = "surface.handled", "surface.episodes_per_order"
EPISODE_DAYS = 30


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Tickets received, per 100 orders, handled, and contacts per contacted order."""
    yield count(TICKETS, tables["tickets"].filter(nw.col("eligible")), "tickets", tables, {"bridge": bridge(tables)})
    yield from _per_100_orders(tables)
    yield from _handled(tables)
    yield from _episodes(tables)


def _per_100_orders(tables: Tables) -> Iterable[Result]:
    if "orders" not in tables.given:
        return not_computable((RATIO,), ("orders.ordered_at",))
    tickets, orders = (tables[name].filter(nw.col("eligible")) for name in ("tickets", "orders"))
    return [per_100(RATIO, tickets, orders, ("orders", "tickets"), tables)]


def _handled(tables: Tables) -> Iterable[Result]:
    if not tables.has("tickets.first_reply_at|reply|solved_at|status"):
        return not_computable((HANDLED,), ("tickets.first_reply_at", "tickets.solved_at"))
    cuts = tuple(cut for cut in ("reason", "channel", "group") if tables.has(f"tickets.{cut}"))
    replied = ~nw.col("first_reply_at_t").is_null() | ~nw.col("reply").is_null()
    plan = tables["tickets"].filter(nw.col("eligible"))
    frame = collect(
        plan.select("customer", "day", "month", "scope", *cuts, (replied | nw.col("solved")).alias("success"))
    )
    return [share(HANDLED, Units(frame, ("tickets",), cuts=cuts), tables)]


def _episodes(tables: Tables) -> Iterable[Result]:
    if not tables.has("tickets.order_id"):
        return not_computable((EPISODES,), ("tickets.order_id",))
    firsts = contacted_orders(tables).with_columns(
        nw.col("episodes").alias("success"), (nw.col("day") + EPISODE_DAYS <= tables.as_of).alias("mature")
    )
    cuts = ("reason",) if tables.has("tickets.reason") else ()
    return [mean(EPISODES, "count", Units(firsts, ("tickets",), cuts=cuts), tables)]


SIGNAL = Signal("volume", (TICKETS, RATIO, HANDLED, EPISODES), ("tickets.created_at",), measure)
