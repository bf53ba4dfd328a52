"""Handed from one to another: transfers, and what follows them.

Measures: field.hops.mean · field.hops.recontact · field.no_hop.recontact · field.hops.gap · field.hops.reopened ·
field.no_hop.reopened · field.hops.solve_hours · field.no_hop.solve_hours.
Unit: a ticket with a known number of transfers (mean, reopened, hours to the solution); an order's first episode by
whether it was transferred, success as recontact.orders.30d; the gap is standardised on the transferred ones' reasons.
Needs: tickets.transfers; order numbers for the recontact; reopens and solved_at for the others.
Excludes: tickets whose transfers are not known (`excluded.unknown_transfers`).
Null: no such ticket in the period.
Blind to: hand-overs without a transfer in the tool.
Source: SIGNALS §3; direct standardisation (Rothman); Woodruff (1952) for medians.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.field.compare import side_by_side
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.contacted import contacted_orders, recontacted
from cxaudit.measure.medians import median
from cxaudit.measure.rates import Units, mean, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

MEAN = ("field.hops.mean",)
RECONTACT = ("field.hops.recontact", "field.no_hop.recontact", "field.hops.gap")
REOPENED = ("field.hops.reopened", "field.no_hop.reopened")
HOURS = ("field.hops.solve_hours", "field.no_hop.solve_hours")
CUTS = ("reason", "channel", "group")
COLUMNS = ("customer", "t", "day", "month", "scope", "transfers", "reopens", "solved", "solved_at_t", *CUTS)
HOUR_US = 3_600_000_000
DAYS = 30


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Transfers per ticket, and recontact, reopening and time to the solution with and without one."""
    tickets = collect(tables["tickets"].filter(nw.col("eligible")).select(*COLUMNS))
    known = tickets.filter(~nw.col("transfers").is_null()).with_columns((nw.col("transfers") > 0).alias("hop"))
    excluded = {"unknown_transfers": len(within(tickets, tables.period)) - len(within(known, tables.period))}
    cuts = tuple(cut for cut in CUTS if tables.has(f"tickets.{cut}"))
    counted = known.with_columns(nw.col("transfers").alias("success"))
    yield mean(MEAN[0], "count", Units(counted, ("tickets",), excluded, cuts), tables)
    yield from _recontact(tables, settings)
    yield from _reopened(known, tables)
    yield from _hours(known, tables)


def _recontact(tables: Tables, settings: Settings) -> Iterable[Result]:
    if not tables.has("tickets.order_id"):
        return not_computable(RECONTACT, ("tickets.order_id",))
    firsts = recontacted(contacted_orders(tables), DAYS, tables.as_of)
    known = firsts.filter(~nw.col("transfers").is_null()).with_columns((nw.col("transfers") > 0).alias("hop"))
    cells = ("reason",) if tables.has("tickets.reason") else ()
    units = Units(known, ("tickets",), cuts=cells)
    return side_by_side(RECONTACT, units, "hop", cells, settings.materiality.recontact, tables)


def _reopened(known: nw.DataFrame[Any], tables: Tables) -> Iterable[Result]:
    if not tables.has("tickets.reopens"):
        return not_computable(REOPENED, ("tickets.reopens",))
    told = known.filter(~nw.col("reopens").is_null()).with_columns((nw.col("reopens") > 0).alias("success"))
    return [
        share(key, Units(told.filter(nw.col("hop") == hop), ("tickets",)), tables)
        for key, hop in zip(REOPENED, (True, False), strict=True)
    ]


def _hours(known: nw.DataFrame[Any], tables: Tables) -> Iterable[Result]:
    if not tables.has("tickets.solved_at"):
        return not_computable(HOURS, ("tickets.solved_at",))
    solved = known.filter(nw.col("solved_at_t") >= nw.col("t"))
    timed = solved.with_columns(((nw.col("solved_at_t") - nw.col("t")) / HOUR_US).alias("success"))
    return [
        median(key, "hours", Units(timed.filter(nw.col("hop") == hop), ("tickets",)), tables)
        for key, hop in zip(HOURS, (True, False), strict=True)
    ]


SIGNAL = Signal("hops", (*MEAN, *RECONTACT, *REOPENED, *HOURS), ("tickets.created_at", "tickets.transfers"), measure)
