"""Clicks after a dispute against clicks after a smooth order: does a dispute turn people away from mails?

Measures: cross.clicks.dispute · cross.clicks.smooth · cross.clicks.gap.
Unit: a mail delivered within 90 days after the customer's complaint (dispute), or after an order with no complaint of
the customer in the 90 days before the mail (smooth); success is a click. The smooth share is standardised on the
dispute recipients' campaigns.
Needs: mails with clicks; orders and tickets with customers.
Excludes: bounced mails, mails to nobody we know, mails with neither in the 90 days before.
Null: no mail of that kind in the period.
Blind to: opens (privacy proxies); clicks that a dispute's own mails invite.
Source: direct standardisation by campaign (Rothman).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.gaps import Comparison, controls_measure, gap_measure
from cxaudit.measure.nearest import nearest
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import DAY_US, Tables, not_computable
from cxaudit.measure.verdicts import source_refusals
from cxaudit.schema.results import Phrase, Result
from cxaudit.schema.settings import Settings
from cxaudit.stats.standardisation import Cell, Tally

DISPUTE, SMOOTH, GAP = (f"cross.clicks.{name}" for name in ("dispute", "smooth", "gap"))
SOURCES = ("emails", "orders", "tickets")
DAYS = 90
NEVER_SINCE = 2**31 - 1


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Click shares after a dispute and after a smooth order, and their gap."""
    disputes, smooth = _mails(tables)
    if not len(within(disputes, tables.period)):
        return not_computable((DISPUTE, SMOOTH, GAP), (), Phrase.of("not_computable.no_units"))
    raw = share(DISPUTE, Units(disputes, SOURCES), tables)
    control = share(SMOOTH, Units(smooth, SOURCES), tables)
    comparison = Comparison(
        _by_campaign(within(disputes, tables.period)),
        _by_campaign(within(smooth, tables.period)),
        settings.materiality.default,
        source_refusals(tables, SOURCES),
        deff=raw.deff or 1.0,
        control_deff=control.deff or 1.0,
        facts={"raw": control.value, "successes": control.numerator},
    )
    return [raw, controls_measure(SMOOTH, comparison), gap_measure(GAP, comparison)]


def _mails(tables: Tables) -> tuple[nw.DataFrame[Any], nw.DataFrame[Any]]:
    """Delivered mails to known customers soon after a complaint, and soon after an order alone; no other is held on."""
    reached = nw.when(nw.col("delivered").is_null()).then(True).otherwise(nw.col("delivered"))
    sent = tables["emails"].filter(~nw.col("customer").is_null() & ~nw.col("t").is_null() & reached)
    mails = collect(
        sent.select("customer", "t", "day", "month", "campaign", (~nw.col("clicked_at_t").is_null()).alias("success"))
    )
    before = {
        "dispute": tables["tickets"].filter(nw.col("eligible") & nw.col("complaint")),
        "smooth": tables["orders"].filter(nw.col("eligible")),
    }
    soon = {name: _since(mails, rows) <= DAYS for name, rows in before.items()}
    disputed, ordered = (nw.new_series(name, told, nw.Boolean, backend="polars") for name, told in soon.items())
    return mails.filter(disputed), mails.filter(ordered & ~disputed)


def _since(mails: nw.DataFrame[Any], rows: nw.LazyFrame[Any]) -> NDArray[np.int32]:
    """Days from the customer's last of `rows` strictly before each mail; very many where there is none."""
    held = collect(rows.filter(~nw.col("customer").is_null()).select("customer", "t"))
    customer, t = (mails[name].to_numpy() for name in ("customer", "t"))
    held_customer, held_t = (held[name].to_numpy() for name in ("customer", "t"))
    place = nearest(customer, t, held_customer, held_t, after=False)
    met = place >= 0
    days = np.full(len(t), NEVER_SINCE, np.int32)
    days[met] = t[met] // DAY_US - held_t[place[met]] // DAY_US
    return days


def _by_campaign(mails: nw.DataFrame[Any]) -> dict[Cell, Tally]:
    found = mails.group_by("campaign").agg(nw.len().alias("n"), nw.col("success").cast(nw.Float64).sum().alias("y"))
    return {
        (name,): Tally(float(n), float(y)) for name, n, y in found.select("campaign", "n", "y").sort("campaign").rows()
    }


SIGNAL = Signal(
    "clicks", (DISPUTE, SMOOTH, GAP), ("emails.clicked_at", "orders.ordered_at", "tickets.created_at"), measure
)
