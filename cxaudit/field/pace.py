"""Speed bought with quality? Handle time and what follows it.

Measures: field.handle_time.fast.recontact · field.handle_time.slow.recontact · field.handle_time.gap ·
field.handle_time.recontact.
Unit: an order's first episode with minutes of handling; fast = the shortest third of the period; success as
recontact.orders.30d. The gap (fast − the rest) is standardised on the fast ones' reasons. The last measure holds all of
them, by team, and by agent pseudonym where an agent has at least 100 effective cases; `facts.minutes` holds the mean
minutes of each of those segments.
Needs: tickets.handle_minutes, order numbers.
Excludes: first episodes without minutes (`excluded.no_minutes`).
Null: no such order in the period.
Blind to: the difficulty of a case within its reason. It says nothing of any person.
Source: SIGNALS §3; direct standardisation (Rothman).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from cxaudit.field.compare import side_by_side
from cxaudit.field.pseudonyms import pseudonyms
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.contacted import contacted_orders, recontacted
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import Tables
from cxaudit.measure.verdicts import ENOUGH
from cxaudit.schema.results import Measure, Result, Segment
from cxaudit.schema.settings import Settings

SIDES = ("field.handle_time.fast.recontact", "field.handle_time.slow.recontact", "field.handle_time.gap")
WHOLE = ("field.handle_time.recontact",)
DAYS = 30


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Recontact after the shortest third of handlings beside the rest, then by team and by pseudonym."""
    firsts = recontacted(contacted_orders(tables), DAYS, tables.as_of)
    known = firsts.filter(nw.col("handle_minutes") >= 0)
    limit = shortest_third(within(known.filter(nw.col("mature")), tables.period))
    frame = known.with_columns((nw.col("handle_minutes") < limit).alias("fast"))
    excluded = {"no_minutes": len(within(firsts, tables.period)) - len(within(known, tables.period))}
    cells = ("reason",) if tables.has("tickets.reason") else ()
    units = Units(frame, ("tickets",), excluded, cells)
    yield from side_by_side(SIDES, units, "fast", cells, settings.materiality.recontact, tables)
    yield _by_team(replace(units, cuts=()), tables)


def shortest_third(frame: nw.DataFrame[Any]) -> float:
    """The minutes under which a handling is among the shortest third, never more than a third."""
    minutes = np.sort(frame["handle_minutes"].to_numpy().astype(float))
    return float(minutes[len(minutes) // 3]) if len(minutes) else 0.0


def _by_team(units: Units, tables: Tables) -> Measure:
    names = pseudonyms(units.frame["agent"].drop_nulls().to_list()) if tables.has("tickets.agent") else {}
    frame = units.frame
    if names:
        hidden = [names.get(name) for name in frame["agent"].to_list()]
        frame = frame.with_columns(nw.new_series("agent", hidden, nw.String, backend="polars"))
    cuts = tuple(cut for cut in ("group", "agent") if tables.has(f"tickets.{cut}"))
    found = share(WHOLE[0], replace(units, frame=frame, cuts=cuts), tables)
    shown = {cut: _fit_to_show(cut, found.segments[cut]) for cut in cuts}
    minutes = {cut: _minutes(within(frame, tables.period), cut, shown[cut]) for cut in cuts}
    return replace(found, segments=shown, facts={"minutes": minutes})


def _fit_to_show(cut: str, segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Teams as they are; agents only from 100 effective cases, in the order of their pseudonyms: no ranking."""
    if cut != "agent":
        return segments
    kept = [segment for segment in segments if (segment.n_eff or 0.0) >= ENOUGH]
    return tuple(sorted(kept, key=lambda segment: segment.segment))


def _minutes(frame: nw.DataFrame[Any], cut: str, segments: tuple[Segment, ...]) -> Mapping[str, float]:
    means = dict(frame.filter(~nw.col(cut).is_null()).group_by(cut).agg(nw.col("handle_minutes").mean()).rows())
    return {segment.segment: float(means[segment.segment]) for segment in segments if segment.segment in means}


SIGNAL = Signal("pace", (*SIDES, *WHOLE), ("tickets.created_at", "tickets.order_id", "tickets.handle_minutes"), measure)
