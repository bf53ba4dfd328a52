"""Shares and means of units, with clustered intervals, months, segments and daily counts.

A frame of units holds one row a unit: `customer` (null: its own cluster), `day`, `month`, `success` (or a number),
optionally `mature` (absent: always), `scope` and columns to cut by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import nan
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from scipy import stats

from cxaudit.measure.sums import class_sums
from cxaudit.measure.tables import Days, Tables, month_of
from cxaudit.measure.verdicts import FEW, added, maturity_refusal, seen_from, single_verdict, source_refusals
from cxaudit.schema.results import Daily, Measure, Phrase, Point, Segment
from cxaudit.stats.intervals import (
    ClusterSums,
    Interval,
    benjamini_hochberg,
    known,
    mean_interval,
    nps_interval,
    share_interval,
)

MOST_SEGMENTS = 500
WIDEST = {"share": 0.10, "points": 10.0}
POINTS = 100
COLUMNS = ("customer", "cluster", "day", "month", "success", "mature", "scope")


@dataclass(frozen=True)
class Units:
    """Units of one measure and what a reader must know of them."""

    frame: nw.DataFrame[Any]
    sources: tuple[str, ...]
    excluded: Mapping[str, int] = field(default_factory=dict)
    cuts: tuple[str, ...] = ()
    daily: nw.DataFrame[Any] | None = None
    refusals: tuple[str, ...] = ()
    notes: tuple[Phrase, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def share(key: str, units: Units, tables: Tables) -> Measure:
    """The share of units with success, of the period's mature units, clustered by customer."""
    return _measure(key, "share", units, tables)


def mean_share(key: str, units: Units, tables: Tables) -> Measure:
    """The mean of the units' shares of a whole (column `success`, 0-1): a mean's interval, a share's sharpness."""
    told = _measure(key, "score", units, tables)
    value, low, high = (nan if edge is None else edge for edge in (told.value, told.low, told.high))
    interval = Interval(value, low, high, told.n_eff or 0.0)
    return replace(told, unit="share", verdict=single_verdict(interval, (r for r in told.refusals if r != "R1")))


def mean(key: str, unit: str, units: Units, tables: Tables) -> Measure:
    """The mean of the units' numbers (column `success`), in `unit`."""
    return _measure(key, unit, units, tables)


def points(key: str, units: Units, tables: Tables) -> Measure:
    """An NPS: the units' scores are −1, 0, +1; the value is in points, and so are the daily sums."""
    return _measure(key, "points", units, tables)


def _measure(key: str, unit: str, units: Units, tables: Tables) -> Measure:
    everyone = clustered(units.frame.select(*_read(units)))
    present = within(everyone, tables.period)
    counted = present.filter(nw.col("mature"))
    immature = len(present) - len(counted)
    interval, sums, _ = next(estimates(counted, None, unit))
    refusals = added(
        (*units.refusals, *maturity_refusal(sums.units, immature), *source_refusals(tables, units.sources))
    )
    if not interval.n_eff >= FEW:
        refusals = added(refusals, "R1")
    return Measure(
        key,
        unit,
        sums.total,
        sums.units,
        known(interval.value),
        known(interval.low),
        known(interval.high),
        n_eff=interval.n_eff,
        deff=interval.deff,
        verdict=single_verdict(interval, (r for r in refusals if r != "R1"), widest_half(unit, interval)),
        refusals=refusals,
        excluded={"immature": immature, **units.excluded},
        series=months(counted, unit),
        segments={cut: segments(counted, cut, unit, interval) for cut in units.cuts},
        notes=units.notes,
        facts=units.facts,
        daily=_daily(key, unit, units, everyone, tables),
    )


def _read(units: Units) -> list[str]:
    """The columns of the units that a measure reads: no other is carried through the filters."""
    wanted = {*COLUMNS, *units.cuts}
    return [name for name in units.frame.columns if name in wanted]


def widest_half(unit: str, interval: Interval) -> float:
    """The half-width beyond which no verdict is given: 10 points of a share or NPS, a tenth of a mean's own value."""
    return WIDEST.get(unit, abs(interval.value) * 0.10)


def clustered(frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """The units with `cluster` (the customer, or the unit itself where anonymous) and `mature`, `scope` made good."""
    defaults = {"mature": nw.lit(True), "scope": nw.lit(0)}
    extra = [value.alias(name) for name, value in defaults.items() if name not in frame.columns]
    indexed = frame.with_columns(*extra, nw.col("success").cast(nw.Float64))
    return indexed if "cluster" in frame.columns else with_clusters(indexed)


def with_clusters(frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """The rows with `cluster` alone, for several measures of the same units: whole numbers from 0."""
    known = frame["customer"].max()
    own = nw.col("_unit").cast(nw.Int64) + (0 if known is None else known + 1)
    owner = nw.coalesce(nw.col("customer").cast(nw.Int64), own).alias("cluster")
    owners = frame.select("customer").with_row_index("_unit").select(owner)["cluster"]
    return frame.with_columns(owners)


def within(frame: nw.DataFrame[Any], days: Days) -> nw.DataFrame[Any]:
    """The units whose index day lies in `days`."""
    return frame.filter(nw.col("day").is_between(days.first, days.last))


def estimates(frame: nw.DataFrame[Any], by: str | None, unit: str) -> Iterator[tuple[Interval, ClusterSums, Any]]:
    """The estimate of each class of `by` (of the whole for None), in the order of the classes."""
    for name, sums, squares in class_sums(frame, by):
        yield _interval(unit, sums, squares), sums, name


def _interval(unit: str, sums: ClusterSums, squares: float) -> Interval:
    if unit == "share":
        return share_interval(sums)
    if unit == "points":
        return nps_interval((squares + sums.total) / 2, (squares - sums.total) / 2, sums)
    return mean_interval(sums, squares)


def months(frame: nw.DataFrame[Any], unit: str) -> tuple[Point, ...]:
    """One point a month of index day."""
    return tuple(
        Point(month_of(key), s.total, s.units, known(i.value), known(i.low), known(i.high), i.n_eff, s.clusters)
        for i, s, key in estimates(frame, "month", unit)
    )


def segments(frame: nw.DataFrame[Any], cut: str, unit: str, whole: Interval) -> tuple[Segment, ...]:
    """Each value of `cut`, most units first, up to the 500 largest; which differ from the rest at 10 % of false finds.

    A cut with more values (combinations of products) is no cut that anybody reads; the rest of a segment is all units.
    """
    classes = class_sums(frame, cut)
    total_units, total = float(classes.units.sum()), float(classes.totals.sum())
    rows = [(_interval(unit, sums, squares), sums, str(name)) for name, sums, squares in classes.largest(MOST_SEGMENTS)]
    stands = benjamini_hochberg([_against_rest(i, s, total_units, total, whole.deff, unit) for i, s, _ in rows])
    return tuple(
        replace(_segment(name, i, s, s.clusters), verdict=_segment_verdict(i, differs))
        for (i, s, name), differs in zip(rows, stands, strict=True)
    )


def _segment(name: str, i: Interval, s: ClusterSums, people: float) -> Segment:
    limits = (known(i.value), known(i.low), known(i.high))
    return Segment(name, s.total, s.units, *limits, i.n_eff, people=people)


def _segment_verdict(interval: Interval, differs: bool) -> str:
    if not interval.n_eff >= FEW:
        return "insufficient"
    return "demonstrated" if differs else "not demonstrated"


def _against_rest(i: Interval, s: ClusterSums, units: float, total: float, deff: float, unit: str) -> float:
    rest = (units - s.units) / deff
    if unit != "share" or rest < FEW or not i.n_eff >= FEW:
        return float("nan")
    p, q = total / units, (total - s.total) / (units - s.units)
    se = (p * (1 - p) * (1 / i.n_eff + 1 / rest)) ** 0.5
    return float("nan") if se == 0 else float(2 * stats.norm.sf(abs(i.value - q) / se))


def _daily(key: str, unit: str, units: Units, everyone: nw.DataFrame[Any], tables: Tables) -> Daily:
    """Mature units and their sums by index day and scope, over the history that all sources cover.

    Units without a slice of their own leave `scopes` empty: every event touches them.
    """
    frame = everyone if units.daily is None else clustered(units.daily)
    size = POINTS if unit == "points" else 1
    seen = nw.col("day") >= seen_from(tables, units.sources)
    known = frame.select("day", "scope", "success", "mature").filter(nw.col("mature") & seen)
    day, scope = (known[name].to_numpy().astype(np.int64) for name in ("day", "scope"))
    slices = int(scope.max(initial=0)) + 1
    cells, place = np.unique(day * slices + scope, return_inverse=True)
    sums = np.bincount(place, known["success"].to_numpy(), len(cells)) * size
    counted = tables.tally.count(key, cells // slices, cells % slices, np.bincount(place, minlength=len(cells)), sums)
    return counted if "scope" in units.frame.columns else replace(counted, scopes=())


def state_segments(frame: nw.DataFrame[Any], cut: str, states: Sequence[str]) -> tuple[Segment, ...]:
    """The share of all units (customers) in each state, `cut` being its place in `states`; empty ones are left out."""
    everyone = clustered(frame.with_columns(nw.lit(True).alias("success")))
    found = []
    for place, state in enumerate(states):
        within_state = everyone.with_columns((nw.col(cut) == place).cast(nw.Float64).alias("success"))
        i, s, _ = next(estimates(within_state, None, "share"))
        if s.total:
            found.append(_segment(state, i, s, s.total))
    return tuple(found)
