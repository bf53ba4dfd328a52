"""How long customers wait for the first reply.

Measures: surface.first_reply_hours (median) · surface.first_reply_hours.mean.
Unit: an eligible ticket with a first reply, indexed by its creation; hours between the two, opening hours only where
`opening_hours.first_reply` is set.
Needs: tickets.first_reply_at.
Excludes: tickets never replied to (`excluded.no_reply`), replies dated before the ticket (`excluded.before_start`).
Null: no ticket with a reply in the period.
Blind to: whether the reply was an answer; tickets still waiting for one.
Source: Woodruff (1952) for the median's interval.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.medians import median
from cxaudit.measure.rates import Units, mean, within
from cxaudit.measure.tables import Tables
from cxaudit.schema.results import Result
from cxaudit.schema.settings import OpeningHours, Settings
from cxaudit.surface.opening_hours import open_hours

KEYS = ("surface.first_reply_hours", "surface.first_reply_hours.mean")
CUTS = ("reason", "channel", "group")
COLUMNS = ("customer", "t", "day", "month", "scope", "first_reply_at_t", *CUTS)


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Median and mean hours to the first reply."""
    tickets = collect(tables["tickets"].filter(nw.col("eligible")).select(*COLUMNS))
    replied = tickets.filter(~nw.col("first_reply_at_t").is_null())
    frame = waiting(replied, settings.opening_hours)
    present, answered, kept = (len(within(rows, tables.period)) for rows in (tickets, replied, frame))
    excluded = {"no_reply": present - answered, "before_start": answered - kept}
    cuts = tuple(cut for cut in CUTS if tables.has(f"tickets.{cut}"))
    facts: dict[str, Any] = {"opening_hours": settings.opening_hours.first_reply}
    average = mean(KEYS[1], "hours", Units(frame, ("tickets",), excluded, cuts, facts=facts), tables)
    facts = {**facts, "mean": average.value, "mean_low": average.low, "mean_high": average.high}
    middle = median(KEYS[0], "hours", Units(frame, ("tickets",), excluded, cuts, facts=facts), tables)
    return [middle, average]


def waiting(replied: nw.DataFrame[Any], hours: OpeningHours) -> nw.DataFrame[Any]:
    """Tickets with the hours they waited as `success`; replies dated before their ticket are left out."""
    known = replied.filter(nw.col("first_reply_at_t") >= nw.col("t"))
    start, end = (known[name].to_numpy().astype(np.int64) for name in ("t", "first_reply_at_t"))
    return known.with_columns(nw.new_series("success", open_hours(start, end, hours), nw.Float64, backend="polars"))


SIGNAL = Signal("first_reply", KEYS, ("tickets.created_at", "tickets.first_reply_at"), measure)
