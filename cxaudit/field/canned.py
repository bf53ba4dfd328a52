"""Canned replies: how many, and whether customers write again after them more than after tailored ones.

Measures: field.canned.share · field.canned.recontact · field.tailored.recontact · field.canned.gap.
Unit: share: an eligible ticket with an agent's reply, by its creation; canned = near-identical (but for names, numbers
and dates) to the replies of at least four others. Recontact: an order's first episode by the kind of its reply, success
as recontact.orders.30d; the gap is standardised on the canned ones' reasons.
Needs: tickets.reply; order numbers for the recontact.
Excludes: tickets without a reply (`excluded.no_reply`).
Null: no reply in the period.
Blind to: replies by phone; a good template that answers looks like a bad one.
Source: Broder (1997); direct standardisation (Rothman).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.field.compare import side_by_side
from cxaudit.field.templates import near_identical
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.contacted import contacted_orders, recontacted
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

SHARE = ("field.canned.share",)
RECONTACT = ("field.canned.recontact", "field.tailored.recontact", "field.canned.gap")
CUTS = ("reason", "channel", "group")
DAYS = 30


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The share of canned replies, and recontact after them."""
    tickets = collect(tables["tickets"].filter(nw.col("eligible")).select("customer", "day"))
    frame = tables.shared.once("canned_replies", lambda: _replies(tables))
    cuts = tuple(cut for cut in CUTS if tables.has(f"tickets.{cut}"))
    excluded = {"no_reply": len(within(tickets, tables.period)) - len(within(frame, tables.period))}
    told = frame.with_columns(nw.col("canned").alias("success"))
    yield share(SHARE[0], Units(told, ("tickets",), excluded, cuts), tables)
    if not tables.has("tickets.order_id"):
        yield from not_computable(RECONTACT, ("tickets.order_id",))
        return
    kinds = frame.group_by("reply").agg(nw.col("canned").max())
    firsts = recontacted(contacted_orders(tables), DAYS, tables.as_of).filter(~nw.col("reply").is_null())
    cells = ("reason",) if tables.has("tickets.reason") else ()
    units = Units(firsts.join(kinds, on="reply", how="inner"), ("tickets",), cuts=cells)
    yield from side_by_side(RECONTACT, units, "canned", cells, settings.materiality.recontact, tables)


def _replies(tables: Tables) -> nw.DataFrame[Any]:
    """Replies, and which are canned: read once, whatever the period."""
    columns = ("customer", "day", "month", "scope", "reply", *CUTS)
    written = collect(tables["tickets"].filter(nw.col("eligible") & ~nw.col("reply").is_null()).select(*columns))
    found = near_identical(written["reply"].to_native())
    return written.with_columns(nw.new_series("canned", found, nw.Boolean, backend="polars"))


SIGNAL = Signal("canned", (*SHARE, *RECONTACT), ("tickets.created_at", "tickets.reply"), measure)
