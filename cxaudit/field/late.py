"""The delivery promise: kept, and what follows when it is not.

Measures: field.late.share · field.late.contact · field.on_time.contact · field.late.gap · field.late.repurchase.90d ·
field.on_time.repurchase.90d · field.late.repurchase.gap.
Unit: an eligible order with a promised and a delivery day, index = promised day; late = delivered after that day.
Contact: at least one eligible ticket on the order on the promised day or within the 14 days after it; repurchase: a
later order of the customer on that day or within the 90 days after it. Gaps are late − on time.
Needs: orders.promised_at, orders.delivered_at; tickets with an order; a customer for the repurchase.
Excludes: orders without one of the two dates (`excluded.no_delivery`, `excluded.no_promise`); immature ones.
Null: no order with both dates in the period.
Blind to: parcels never delivered; promises made elsewhere than in the order.
Source: SIGNALS §3; Newcombe (1998).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import happened, next_moment
from cxaudit.measure.gaps import newcombe_measure
from cxaudit.measure.medians import indexed_by
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import DAY_US, Tables, not_computable
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

SHARE = ("field.late.share",)
CONTACT = ("field.late.contact", "field.on_time.contact", "field.late.gap")
REPURCHASE = ("field.late.repurchase.90d", "field.on_time.repurchase.90d", "field.late.repurchase.gap")
CONTACT_DAYS, REPURCHASE_DAYS = 14, 90
CUTS = ("product", "category", "country", "channel", "carrier")


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Late orders, and contact and repurchase after them beside those after on-time ones."""
    dated, excluded = _dated(tables)
    cuts = tuple(cut for cut in CUTS if tables.has(f"orders.{cut}"))
    yield share(
        SHARE[0], Units(dated.with_columns(nw.col("late").alias("success")), ("orders",), excluded, cuts), tables
    )
    told = dated.drop(*CUTS)
    yield from _contact(told, tables, settings)
    yield from _repurchase(told, tables, settings)


def _dated(tables: Tables) -> tuple[nw.DataFrame[Any], dict[str, int]]:
    """Orders promised for a day and delivered, indexed by that day, and how many in the period are not.

    A promise is for a day, whatever hour the export adds to it: what follows is counted from that day's midnight.
    """
    columns = ("customer", "order", "day", "scope", "promised_at_day", "delivered_at_day", *CUTS)
    orders = collect(tables["orders"].filter(nw.col("eligible")).select(*columns))
    promised = indexed_by(orders, "promised_at_day").with_columns((nw.col("day") * DAY_US).alias("t"))
    both = promised.filter(~nw.col("delivered_at_day").is_null())
    excluded = {
        "no_promise": len(within(orders.filter(nw.col("promised_at_day").is_null()), tables.period)),
        "no_delivery": len(within(promised, tables.period)) - len(within(both, tables.period)),
    }
    return both.with_columns((nw.col("delivered_at_day") > nw.col("day")).alias("late")), excluded


def _contact(dated: nw.DataFrame[Any], tables: Tables, settings: Settings) -> Iterable[Result]:
    if not tables.has("tickets.order_id"):
        return not_computable(CONTACT, ("tickets.order_id",))
    tickets = collect(tables["tickets"].filter(nw.col("eligible")).select("order", "t"))
    frame = _followed(dated, tickets, ("order",), CONTACT_DAYS, tables)
    return _two_sides(CONTACT, frame, ("orders", "tickets"), settings.materiality.default, tables)


def _repurchase(dated: nw.DataFrame[Any], tables: Tables, settings: Settings) -> Iterable[Result]:
    known = dated.filter(~nw.col("customer").is_null())
    if not len(known):
        return not_computable(REPURCHASE, ("orders.customer_email", "orders.customer_id"))
    bought = tables["orders"].filter(nw.col("eligible") & ~nw.col("refunded")).select("customer", "t")
    frame = _followed(known, collect(bought), ("customer",), REPURCHASE_DAYS, tables)
    return _two_sides(REPURCHASE, frame, ("orders",), settings.materiality.default, tables)


def _followed(
    rows: nw.DataFrame[Any], events: nw.DataFrame[Any], by: tuple[str, ...], days: int, tables: Tables
) -> nw.DataFrame[Any]:
    following = next_moment(rows, events, by)
    return rows.with_columns(happened(rows, following, days), (nw.col("day") + days <= tables.as_of).alias("mature"))


def _two_sides(
    keys: tuple[str, ...], frame: nw.DataFrame[Any], sources: tuple[str, ...], materiality: float, tables: Tables
) -> Iterable[Result]:
    late = share(keys[0], Units(frame.filter(nw.col("late")), sources), tables)
    on_time = share(keys[1], Units(frame.filter(~nw.col("late")), sources), tables)
    return [late, on_time, newcombe_measure(keys[2], late, on_time, materiality)]


SIGNAL = Signal(
    "late",
    (*SHARE, *CONTACT, *REPURCHASE),
    ("orders.ordered_at", "orders.promised_at", "orders.delivered_at"),
    measure,
)
