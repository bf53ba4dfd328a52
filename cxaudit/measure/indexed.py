"""Units whose index is the first of something in a period, and what came next.

A period's unit is indexed by its first row inside the period; the same units recomputed on each block of the history
give the daily counts that the context model reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from cxaudit.engine import NEVER, collect, stack
from cxaudit.measure.tables import DAY_US, Days, Tables

PERIOD = -1
FIRSTS = {"customer": pl.Int32, "t": pl.Int64, "span": pl.Int8, "scope": pl.Int32}


def firsts(
    rows: nw.LazyFrame[Any], tables: Tables, keep: Sequence[str] = (), by: str = "customer"
) -> nw.LazyFrame[Any]:
    """The first row of each `by` in the period (`span` is PERIOD) and in each block (`span` is its place).

    `rows` needs `by`, `t`, `day`, `month`; of several rows at one moment the smallest of each `keep` stands.
    """
    starts = stack([_first_in(rows, place, days, by) for place, days in _spans(tables)])
    if not keep:
        return starts
    told = rows.group_by(by, "t").agg(*(nw.col(name).min() for name in keep))
    return starts.join(told, on=[by, "t"], how="left")


def _spans(tables: Tables) -> list[tuple[int, Days]]:
    return [(PERIOD, tables.period), *enumerate(tables.blocks)]


def first_orders(tables: Tables) -> nw.DataFrame[Any]:
    """Customers by their first eligible order of each span."""
    found: nw.DataFrame[Any] = tables.shared.once("first_orders", lambda: _first_orders(tables))
    return found


def _first_orders(tables: Tables) -> nw.DataFrame[Any]:
    """`firsts` of the orders, on arrays: a customer's number is a place, and the orders are the longest of tables."""
    dated = nw.col("eligible") & ~nw.col("customer").is_null() & ~nw.col("t").is_null()
    orders = collect(tables["orders"].filter(dated).select("customer", "t", "scope"))
    customer, t, scope = (orders[name].to_numpy() for name in ("customer", "t", "scope"))
    found = []
    for place, days in _spans(tables):
        inside = np.flatnonzero((t >= days.first * DAY_US) & (t < (days.last + 1) * DAY_US))
        first = np.full(int(customer.max(initial=-1)) + 1, NEVER)
        np.minimum.at(first, customer[inside], t[inside])
        at, least = inside[t[inside] == first[customer[inside]]], np.full(len(first), np.iinfo(np.int32).max)
        np.minimum.at(least, customer[at], scope[at])
        people = np.flatnonzero(first != NEVER)
        found.append({"customer": people, "t": first[people], "span": place, "scope": least[people]})
    units = pl.concat([pl.DataFrame(span, schema=FIRSTS) for span in found])
    told = pl.from_epoch(pl.col("t") // DAY_US, "d")
    month = told.dt.year() * 100 + told.dt.month()
    return nw.from_native(units.with_columns(day=(pl.col("t") // DAY_US).cast(pl.Int32), month=month.cast(pl.Int32)))


def _first_in(rows: nw.LazyFrame[Any], place: int, days: Days, by: str) -> nw.LazyFrame[Any]:
    inside = rows.filter(nw.col("day").is_between(days.first, days.last) & ~nw.col(by).is_null())
    first = inside.group_by(by).agg(nw.col("t").min(), nw.col("day").min(), nw.col("month").min())
    return first.with_columns(nw.lit(place).alias("span"))


def of_period(units: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """The units of the audited period."""
    return units.filter(nw.col("span") == PERIOD)


def of_blocks(units: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """The units of the blocks, for the daily counts."""
    return units.filter(nw.col("span") != PERIOD)


def day_of_moment(name: str) -> nw.Expr:
    """The day number of a moment in µs; far in the future for `NEVER`."""
    return nw.col(name) // DAY_US


def happened_within(name: str, days: int) -> nw.Expr:
    """Whether the moment `name` (strictly after the index) falls on one of the `days` days after the index day."""
    return (nw.col(name) != NEVER) & (day_of_moment(name) <= nw.col("day") + days)


def mature(days: int, tables: Tables) -> nw.Expr:
    """Whether the window of `days` after the index day has ended by the last day."""
    return nw.col("day") + days <= tables.as_of
