"""Time to unsubscribe after purchase: how many buyers leave the mailing list soon after buying?

Measures: unsubscribe.30d · unsubscribe.mean_days · unsubscribe.median_days.km.
Unit: a buyer with a mail sent within 90 days before or 30 days after the index, the first eligible order in the period;
success is the customer's first unsubscription within 30 days after it. mean_days: days from index to unsubscription
among those successes. median: Kaplan-Meier over all mailed buyers, null while the curve stays above ½.
Needs: orders with a customer; mails with unsubscriptions.
Excludes: immature buyers; those who had unsubscribed before are units without success in the share, and no units of
the curve.
Null: no mailed buyer in the period.
Blind to: those who leave mails unread; unsubscriptions made elsewhere.
Source: Kaplan and Meier (1958) for the median.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from cxaudit.engine import NEVER, collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import next_of_firsts
from cxaudit.measure.indexed import first_orders, happened_within, mature, of_blocks, of_period
from cxaudit.measure.rates import Units, mean, share, within
from cxaudit.measure.tables import DAY_US, Tables
from cxaudit.measure.verdicts import FEW, source_refusals
from cxaudit.schema.results import Measure, Result
from cxaudit.schema.settings import Settings
from cxaudit.stats.survival import kaplan_meier

SHARE, MEAN, MEDIAN = "unsubscribe.30d", "unsubscribe.mean_days", "unsubscribe.median_days.km"
SOURCES = ("orders", "emails")
MAILED_BEFORE_DAYS = 90


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Unsubscriptions after purchase: share, mean delay, median."""
    days = settings.windows.unsubscribe_days
    buyers = _buyers(tables, days)
    gone = (
        (nw.col("gone") != NEVER) & (nw.col("gone") > nw.col("t")) & (nw.col("gone") // DAY_US <= nw.col("day") + days)
    )
    told = buyers.with_columns(gone.alias("success"), mature(days, tables).alias("mature"))
    units = Units(of_period(told), SOURCES, daily=of_blocks(told) if tables.blocks else None)
    yield share(SHARE, units, tables)
    delay = (nw.col("gone") // DAY_US - nw.col("day")).alias("success")
    left = told.filter(nw.col("success")).with_columns(delay)
    daily = of_blocks(left) if tables.blocks else None
    yield mean(MEAN, "days", replace(units, frame=of_period(left), daily=daily), tables)
    yield _median(within(units.frame, tables.period), tables)


def _buyers(tables: Tables, days: int) -> nw.DataFrame[Any]:
    """Mailed buyers by their first order of each span, with `gone`, their first unsubscription ever."""
    mails = tables["emails"].filter(~nw.col("customer").is_null())
    first_gone = mails.filter(~nw.col("unsubscribed_at_t").is_null()).group_by("customer").agg(
        nw.col("unsubscribed_at_t").min().alias("gone")
    )  # fmt: skip
    # A mail on one of the 90 days before the index day, or after: look from just before the earliest of those days.
    index = first_orders(tables)
    since = index.with_columns(((nw.col("day").cast(nw.Int64) - MAILED_BEFORE_DAYS) * DAY_US - 1).alias("from"))
    mailed = nw.new_series("mailed", next_of_firsts(since, mails, "from"), nw.Int64, backend="polars")
    known = since.with_columns(mailed).filter(happened_within("mailed", days))
    joined = known.join(collect(first_gone), on="customer", how="left")
    return joined.with_columns(nw.coalesce(nw.col("gone"), nw.lit(NEVER)).alias("gone"))


def _median(buyers: nw.DataFrame[Any], tables: Tables) -> Measure:
    """Days until half of the mailed buyers have unsubscribed."""
    present = buyers.filter(nw.col("gone") > nw.col("t"))
    gone, day = present["gone"].to_numpy(), present["day"].to_numpy().astype(np.int64)
    happened = gone != NEVER
    durations = np.where(happened, gone // DAY_US, tables.as_of) - day
    curve = kaplan_meier(durations, happened)
    n = float(len(present))
    refusals = (*(("R1",) if n < FEW else ()), *source_refusals(tables, SOURCES))
    verdict = "insufficient" if n < FEW else "indicative"
    return Measure(
        MEDIAN, "days", float(happened.sum()), n, curve.median() if n else None,
        n_eff=n, deff=1.0, verdict=verdict, refusals=refusals,
        excluded={"already_unsubscribed": len(buyers) - len(present)},
    )  # fmt: skip


SIGNAL = Signal(
    "unsubscribe",
    (SHARE, MEAN, MEDIAN),
    ("orders.ordered_at", "orders.customer_email|customer_id", "emails.sent_at", "emails.unsubscribed_at"),
    measure,
)
