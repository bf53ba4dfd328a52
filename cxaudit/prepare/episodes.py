"""Episodes: eligible tickets of one customer on one order, each soon after the one before, are one contact."""

from __future__ import annotations

import polars as pl

MINUTE_US = 60_000_000


def chain(tickets: pl.DataFrame, within_minutes: int, by: tuple[str, ...] = ("customer", "order")) -> pl.DataFrame:
    """One row an episode: its first ticket's columns, `transfers` of all its tickets, `tickets` (how many), `last_t`.

    `tickets` holds eligible tickets with `t` (µs). Rows that lack the last key of `by` stand alone: a ticket without an
    order is its own episode. Ties in time are settled by ticket id, then reason, so that row order never matters.
    """
    ordered = tickets.sort(*by, "t", "ticket_id", "reason", nulls_last=True)
    gap = pl.col("t") - pl.col("t").shift(1).over(by)
    starts = gap.is_null() | (gap > within_minutes * MINUTE_US) | pl.col(by[-1]).is_null()
    numbered = ordered.with_columns(starts.cum_sum().alias("episode"))
    extent = numbered.group_by("episode").agg(
        pl.len().cast(pl.Int64).alias("tickets"),
        pl.col("t").max().alias("last_t"),
        pl.when(pl.col("transfers").count() > 0).then(pl.col("transfers").sum()).alias("transfers"),
    )
    firsts = numbered.unique("episode", keep="first", maintain_order=True).drop("transfers")
    return firsts.join(extent, on="episode", how="left", maintain_order="left").drop("episode")
