"""Refund × repurchase: after a closed dispute, does being refunded go along with buying again?

Measures: cross.refund.repurchase.full|partial|none.90d · cross.refund.gap.90d (refunded − not refunded).
Unit: an order with a solved complaint, indexed by the first solution in the period; full where the order is refunded
whole, partial where in part, none otherwise; success is a repurchase within 90 days. An order that bears no refunded
amount has what its returns were refunded; a refund is held against the order's amount, in the order's own currency.
Needs: orders with customers, refunds of orders or of returns; tickets with order and solution.
Excludes: immature disputes; disputes of nobody we know.
Null: no closed dispute of that kind in the period.
Blind to: refunds by voucher (see gestures); why a refund was granted. "Associated with", never "due to".
Source: direct standardisation over month × value tercile × rank of the order, and the reason of the complaint that was
solved first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import happened, next_moment
from cxaudit.measure.gaps import Comparison, gap_measure
from cxaudit.measure.indexed import mature
from cxaudit.measure.medians import indexed_by
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.measure.valued import REFUND_CENT, Cells, value_bands
from cxaudit.measure.verdicts import maturity_refusal, source_refusals
from cxaudit.schema.results import Phrase, Result
from cxaudit.schema.settings import Settings

KINDS = ("full", "partial", "none")
KEYS = tuple(f"cross.refund.repurchase.{kind}.90d" for kind in KINDS)
GAP = "cross.refund.gap.90d"
SOURCES = ("orders", "tickets")
DAYS = 90


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Repurchase after closed disputes by refund, and the gap at comparable disputes."""
    if not tables.has("orders.refunded_amount|status") and not tables.has("returns.refunded_amount"):
        yield from not_computable((*KEYS, GAP), ("orders.refunded_amount",))
        return
    disputes = _disputes(tables)
    for key, kind in zip(KEYS, KINDS, strict=True):
        found = disputes.filter(nw.col("refund") == kind)
        if len(within(found, tables.period)):
            yield share(key, Units(found, SOURCES), tables)
        else:
            yield from not_computable((key,), (), Phrase.of("not_computable.no_units"))
    yield from _gap(within(disputes, tables.period), tables, settings)


def _disputes(tables: Tables) -> nw.DataFrame[Any]:
    """Orders by their first solved complaint, with the kind of refund and whether the customer bought again."""
    orders = tables["orders"].filter(~nw.col("customer").is_null() & ~nw.col("order").is_null())
    complaints = tables["tickets"].filter(
        nw.col("eligible") & nw.col("complaint") & ~nw.col("solved_at_t").is_null() & ~nw.col("order").is_null()
    )
    named = collect(
        complaints.select("order", "reason", "ticket_id", t=nw.col("solved_at_t"), day=nw.col("solved_at_day"))
    )
    ordered = named.sort("order", "t", "ticket_id", "reason", nulls_last=True)
    solved = ordered.unique("order", keep="first", maintain_order=True).drop("ticket_id")
    told = _with_refunds(orders, tables).select("order", "customer", "scope", "refund")
    bought = orders.filter(nw.col("eligible") & ~nw.col("refunded")).select("customer", "t")
    disputes = solved.join(collect(told), on="order", how="inner").unique("order", keep="any")
    following = next_moment(disputes, collect(bought))
    return indexed_by(disputes.with_columns(happened(disputes, following, DAYS)), "day").with_columns(
        mature(DAYS, tables).alias("mature")
    )


def _with_refunds(orders: nw.LazyFrame[Any], tables: Tables) -> nw.LazyFrame[Any]:
    """Orders with `refund`, one of KINDS: by their own refunded amount, else by what their returns were refunded."""
    known = orders.with_columns(nw.coalesce("refunded_amount", nw.lit(0.0)).alias("back"))
    if tables.has("returns.refunded_amount"):
        rows = tables["returns"].filter(~nw.col("order").is_null())
        by_returns = rows.group_by("order").agg(nw.col("refunded_amount").sum().alias("returned"))
        joined = orders.join(by_returns, on="order", how="left")
        known = joined.with_columns(nw.coalesce("refunded_amount", "returned", nw.lit(0.0)).alias("back"))
    whole = (nw.col("own_amount") > 0) & (nw.col("back") >= nw.col("own_amount") - REFUND_CENT)
    full = nw.col("rule_refunded") | nw.coalesce(whole, nw.lit(False))
    part = nw.when(nw.col("back") > 0).then(nw.lit("partial")).otherwise(nw.lit("none"))
    return known.with_columns(nw.when(full).then(nw.lit("full")).otherwise(part).alias("refund"))


def _gap(disputes: nw.DataFrame[Any], tables: Tables, settings: Settings) -> Iterable[Result]:
    ripe = disputes.filter(nw.col("mature")).sort("order")
    refunded = ripe["refund"].to_numpy() != "none"
    if not refunded.any() or refunded.all():
        return not_computable((GAP,), (), Phrase.of("not_computable.no_units"))
    cells = Cells.of(ripe.select("customer", "t", "order", "reason"), value_bands(tables))
    won = ripe["success"].to_numpy().astype(bool)
    sides = [np.flatnonzero(side) for side in (refunded, ~refunded)]
    cases, controls = (cells.tallies_by_order(side, won[side]) for side in sides)
    deff, control_deff = (cells.deff(side, won[side]) for side in sides)
    immature = len(disputes) - len(ripe)
    comparison = Comparison(
        cases,
        controls,
        settings.materiality.default,
        (*maturity_refusal(len(ripe), immature), *source_refusals(tables, SOURCES)),
        deff=deff,
        control_deff=control_deff,
        kept=2,
        excluded={"immature": immature},
        notes=(Phrase.of("note.associated"),),
    )
    return [gap_measure(GAP, comparison)]


SIGNAL = Signal(
    "refund",
    (*KEYS, GAP),
    ("orders.customer_email|customer_id", "tickets.order_id", "tickets.solved_at"),
    measure,
)
