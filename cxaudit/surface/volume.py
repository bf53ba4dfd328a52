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
from dataclasses import replace
from math import isnan, nan, sqrt
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import collect, stack
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.contacted import contacted_orders
from cxaudit.measure.counts import count
from cxaudit.measure.medians import limits
from cxaudit.measure.rates import Units, mean, share
from cxaudit.measure.tables import Tables, month_of, not_computable
from cxaudit.measure.verdicts import FEW, added, single_verdict, source_refusals
from cxaudit.schema.results import Daily, Measure, Point, Result
from cxaudit.schema.settings import Settings
from cxaudit.stats.intervals import ClusterSums, Interval, normal_interval

TICKETS, RATIO = "surface.tickets", "surface.tickets_per_100_orders"
HANDLED, EPISODES = "surface.handled", "surface.episodes_per_order"
PER = 100
EPISODE_DAYS = 30


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Tickets received, per 100 orders, handled, and contacts per contacted order."""
    yield count(TICKETS, tables["tickets"].filter(nw.col("eligible")), "tickets", tables)
    yield from _per_100_orders(tables)
    yield from _handled(tables)
    yield from _episodes(tables)


# ---- tickets per 100 orders ------------------------------------------------------------------------------------------


def _per_100_orders(tables: Tables) -> Iterable[Result]:
    if "orders" not in tables.given:
        return not_computable((RATIO,), ("orders.ordered_at",))
    columns = ("customer", "day", "month", "scope")
    both = stack(
        [
            tables["orders"].filter(nw.col("eligible")).select(*columns, nw.lit(1).alias("m"), nw.lit(0).alias("y")),
            tables["tickets"].filter(nw.col("eligible")).select(*columns, nw.lit(0).alias("m"), nw.lit(1).alias("y")),
        ]
    )
    frame = collect(both).with_row_index("_row")
    own = -1 - nw.col("_row").cast(nw.Int64)
    frame = frame.with_columns(nw.coalesce(nw.col("customer"), own).alias("cluster"))
    present = frame.filter(nw.col("day").is_between(tables.period.first, tables.period.last))
    return [_ratio_measure(present, frame, tables)]


def _ratio_measure(present: nw.DataFrame[Any], everyone: nw.DataFrame[Any], tables: Tables) -> Measure:
    sums, interval = ratio(*_arrays(present))
    refusals = source_refusals(tables, ("orders", "tickets"))
    return Measure(
        RATIO,
        "per_100",
        sums.total,
        sums.units,
        *limits(interval),
        n_eff=interval.n_eff,
        deff=interval.deff,
        verdict=single_verdict(interval, refusals, abs(interval.value) / 10),
        refusals=refusals if interval.n_eff >= FEW else added(refusals, "R1"),
        series=tuple(_months(present)),
        daily=_daily(everyone),
    )


def ratio(
    cluster: NDArray[np.int64], orders: NDArray[np.float64], tickets: NDArray[np.float64]
) -> tuple[ClusterSums, Interval]:
    """Tickets per 100 orders over customers; the design effect is held against tickets that fall at random."""
    _, place = np.unique(cluster, return_inverse=True)
    sums = ClusterSums.of(np.bincount(place, orders), np.bincount(place, tickets))
    if not sums.units:
        return sums, Interval(nan, nan, nan, 0.0)
    variance = sums.cluster_variance if sums.clusters > 1 else nan
    simple = sums.mean / sums.units
    deff = max(1.0, variance / simple) if simple > 0 and not isnan(variance) else 1.0
    found = normal_interval(PER * sums.mean, PER * sqrt(variance), sums.units / deff, deff)
    return sums, replace(found, low=max(0.0, found.low))


def _arrays(frame: nw.DataFrame[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    return frame["cluster"].to_numpy(), frame["m"].to_numpy().astype(float), frame["y"].to_numpy().astype(float)


def _months(frame: nw.DataFrame[Any]) -> Iterable[Point]:
    for key in sorted(set(frame["month"].to_list())):
        sums, interval = ratio(*_arrays(frame.filter(nw.col("month") == key)))
        yield Point(month_of(key), sums.total, sums.units, *limits(interval), interval.n_eff)


def _daily(frame: nw.DataFrame[Any]) -> Daily:
    days = frame.group_by("day", "scope").agg(nw.col("m").sum(), nw.col("y").sum()).sort("day", "scope")
    units, sums = days["m"].to_list(), days["y"].to_list()
    return Daily(
        tuple(days["day"].to_list()),
        tuple(float(n) for n in units),
        tuple(float(PER * y) for y in sums),
        tuple(days["scope"].to_list()),
    )


# ---- handled, and contacts per order ----------------------------------------------------------------------------


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
