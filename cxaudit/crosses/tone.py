"""Tone × recontact and tone × repurchase: does tone announce what follows?

Measures: cross.tone.recontact.negative|other · cross.tone.recontact.gap · cross.tone.repurchase.negative|other ·
cross.tone.repurchase.gap.
Unit: for recontact, a contacted order by the tone of its first message, success within 30 days; for repurchase, a
customer with an earlier order by the tone of the first verbatim of the period, success within 90 days.
Needs: verbatims; tickets with order for recontact, orders with a customer for repurchase.
Excludes: first messages without a readable text (`excluded.no_text`); immature units.
Null: no such unit in the period.
Blind to: tone that no word carries; R6 stands until the tone is checked on the client's own verbatims.
Source: Newcombe's interval for the gap; the two groups are not made comparable, so it is a description.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.contacted import contacted_orders, recontacted
from cxaudit.measure.following import next_of_firsts
from cxaudit.measure.gaps import newcombe_measure
from cxaudit.measure.indexed import firsts, happened_within, mature, of_blocks, of_period
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.measure.verdicts import tone_refusals
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

FAMILIES = ("recontact", "repurchase")
KEYS = tuple(f"cross.tone.{family}.{side}" for family in FAMILIES for side in ("negative", "other", "gap"))
RECONTACT_DAYS, REPURCHASE_DAYS = 30, 90


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """What follows a negative text against what follows any other."""
    yield from _recontact(tables, settings)
    yield from _repurchase(tables, settings)


def _recontact(tables: Tables, settings: Settings) -> Iterable[Result]:
    missing = tables.missing("tickets.order_id", "tickets.body|subject")
    if missing:
        return not_computable(KEYS[:3], missing)
    read = nw.col("language") != "other"
    texts = collect(
        tables["verbatims"].filter((nw.col("table") == "tickets") & read & ~nw.col("order").is_null())
        .group_by("order", "t").agg(nw.col("negative").max())
    )  # fmt: skip
    orders = recontacted(contacted_orders(tables), RECONTACT_DAYS, tables.as_of)
    known = orders.join(texts, on=["order", "t"], how="inner")
    mute = len(within(orders, tables.period)) - len(within(known, tables.period))
    units = Units(known, ("tickets",), {"no_text": mute}, refusals=tone_refusals(tables))
    return _sides("recontact", units, settings.materiality.recontact, tables)


def _repurchase(tables: Tables, settings: Settings) -> Iterable[Result]:
    missing = tables.missing("orders.ordered_at", "orders.customer_email|customer_id")
    if missing:
        return not_computable(KEYS[3:], missing)
    orders = tables["orders"].filter(nw.col("eligible") & ~nw.col("customer").is_null())
    written = tables["verbatims"].filter(nw.col("language") != "other").with_columns(nw.col("negative").cast(nw.Int64))
    debut = orders.group_by("customer").agg(nw.col("t").min().alias("debut"))
    index = firsts(written, tables, ("negative",)).join(debut, on="customer", how="inner")
    returning = collect(index.filter(nw.col("debut") < nw.col("t")))
    following = next_of_firsts(returning, orders.filter(~nw.col("refunded")))
    later = returning.with_columns(nw.new_series("next_t", following, nw.Int64, backend="polars"))
    found = later.with_columns(
        (nw.col("negative") == 1).alias("negative"),
        happened_within("next_t", REPURCHASE_DAYS).alias("success"),
        mature(REPURCHASE_DAYS, tables).alias("mature"),
    )
    texts = collect(tables["verbatims"].select("table").unique().sort("table"))["table"].to_list()
    daily = of_blocks(found) if tables.blocks else None
    units = Units(of_period(found), ("orders", *texts), daily=daily, refusals=tone_refusals(tables))
    return _sides("repurchase", units, settings.materiality.default, tables)


def _sides(family: str, units: Units, materiality: float, tables: Tables) -> list[Result]:
    negative, other = (
        share(f"cross.tone.{family}.{side}", _side(units, side), tables) for side in ("negative", "other")
    )
    return [negative, other, newcombe_measure(f"cross.tone.{family}.gap", negative, other, materiality)]


def _side(units: Units, side: str) -> Units:
    wanted = nw.col("negative") if side == "negative" else ~nw.col("negative")
    daily = None if units.daily is None else units.daily.filter(wanted)
    return replace(units, frame=units.frame.filter(wanted), daily=daily)


SIGNAL = Signal("cross_tone", KEYS, ("verbatims",), measure)
