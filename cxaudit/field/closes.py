"""Closed fast, then back?

Measures: field.quick_close.recontact · field.slow_close.recontact · field.quick_close.gap.
Unit: a solved ticket, index = `solved_at`; quick = solved within an hour of its creation (setting); success = another
episode of the same customer and reason within 7 days. The gap is standardised on the quick ones' reasons.
Needs: tickets.solved_at, a customer; a reason where there is one.
Excludes: tickets of nobody we know (`excluded.no_customer`), without a reason (`excluded.no_reason`), immature ones.
Null: no such ticket in the period.
Blind to: closings that the tool makes by itself.
Source: SIGNALS §3; direct standardisation (Rothman).
"""

from __future__ import annotations

from collections.abc import Iterable

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.field.compare import side_by_side
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import happened, next_moment
from cxaudit.measure.rates import Units, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings
from cxaudit.surface.closing import closed_tickets

KEYS = ("field.quick_close.recontact", "field.slow_close.recontact", "field.quick_close.gap")
COLUMNS = ("customer", "t", "day", "month", "scope", "reason", "solved_at_t", "solved_at_day")
HOUR_US = 3_600_000_000
DAYS = 7


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """What follows quick and slow closings."""
    closed = closed_tickets(collect(tables["tickets"].filter(nw.col("eligible")).select(*COLUMNS)))
    by = ("customer", "reason") if tables.has("tickets.reason") else ("customer",)
    known = closed.filter(~nw.col("customer").is_null())
    named = known.drop_nulls(list(by))
    if not len(named):
        return not_computable(KEYS, ("tickets.customer_email", "tickets.customer_id"))
    following = next_moment(named, collect(tables["episodes"].select(*by, "t")), by)
    frame = named.with_columns(
        happened(named, following, DAYS),
        (nw.col("day") + DAYS <= tables.as_of).alias("mature"),
        (nw.col("t") - nw.col("opened_t") <= int(settings.windows.quick_close_hours * HOUR_US)).alias("quick"),
    )
    counts = [len(within(rows, tables.period)) for rows in (closed, known, named)]
    excluded = {"no_customer": counts[0] - counts[1], "no_reason": counts[1] - counts[2]}
    units = Units(frame, ("tickets",), excluded, by[1:])
    return side_by_side(KEYS, units, "quick", by[1:], settings.materiality.recontact, tables)


SIGNAL = Signal("quick_close", KEYS, ("tickets.created_at", "tickets.solved_at"), measure)
