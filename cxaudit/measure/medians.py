"""Medians of units with an interval that knows their clusters, and small changes of the index.

Source: Woodruff (1952): the limits of the share ½ on the effective sample, read back on the sample's own quantiles.
"""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.measure.rates import Units, clustered, within
from cxaudit.measure.tables import Tables, month_of
from cxaudit.measure.verdicts import FEW, added, maturity_refusal, single_verdict, source_refusals
from cxaudit.schema.results import Measure, Point, Segment
from cxaudit.stats.intervals import ClusterSums, Interval, share_interval, wilson

WIDEST_OF_VALUE = 0.10


def median(key: str, unit: str, units: Units, tables: Tables) -> Measure:
    """The median of the period's mature units (column `success`), by month and by the cuts; numerator null."""
    present = within(clustered(units.frame), tables.period)
    counted = present.filter(nw.col("mature"))
    value, cluster = _arrays(counted)
    interval = median_interval(value, cluster)
    refusals = added(
        (
            *units.refusals,
            *maturity_refusal(len(counted), len(present) - len(counted)),
            *source_refusals(tables, units.sources),
        )
    )
    widest = abs(interval.value) * WIDEST_OF_VALUE
    return Measure(
        key,
        unit,
        None,
        float(len(counted)),
        *limits(interval),
        n_eff=interval.n_eff,
        deff=interval.deff,
        verdict=single_verdict(interval, refusals, widest),
        refusals=refusals if interval.n_eff >= FEW else added(refusals, "R1"),
        excluded={"immature": len(present) - len(counted), **units.excluded},
        series=tuple(_points(counted)),
        segments={cut: tuple(_segments(counted, cut)) for cut in units.cuts},
        notes=units.notes,
        facts=units.facts,
    )


def median_interval(value: NDArray[np.float64], cluster: NDArray[np.int64]) -> Interval:
    """The median of `value` with Woodruff's limits on the effective sample; nan without values."""
    if not len(value):
        return Interval(np.nan, np.nan, np.nan, 0.0)
    middle = float(np.median(value))
    _, place = np.unique(cluster, return_inverse=True)
    held = np.bincount(place).astype(float)
    share = share_interval(ClusterSums.of(held, np.bincount(place, value <= middle)))
    low, high = np.quantile(value, wilson(0.5, share.n_eff))
    return Interval(middle, float(min(low, middle)), float(max(high, middle)), share.n_eff, share.deff)


def limits(interval: Interval) -> tuple[float | None, float | None, float | None]:
    """Value, low and high, null where unknown."""
    known = (interval.value, interval.low, interval.high)
    return tuple(None if np.isnan(item) else float(item) for item in known)  # type: ignore[return-value]


def indexed_by(frame: nw.DataFrame[Any], day: str) -> nw.DataFrame[Any]:
    """The rows with their index moved to the day number `day`; rows without one are left out."""
    known = frame.filter(~nw.col(day).is_null())
    days = known[day].to_numpy().astype(np.int64)
    months = nw.new_series("month", month_keys(days), nw.Int32, backend="polars")
    return known.with_columns(nw.col(day).cast(nw.Int64).alias("day"), months)


def month_keys(days: NDArray[np.int64]) -> NDArray[np.int32]:
    """The month key (202601) of day numbers."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return ((1970 + months // 12) * 100 + months % 12 + 1).astype(np.int32)


def _arrays(frame: nw.DataFrame[Any]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    return frame["success"].to_numpy().astype(float), frame["cluster"].to_numpy().astype(np.int64)


def _points(frame: nw.DataFrame[Any]) -> list[Point]:
    parts = {key: _arrays(frame.filter(nw.col("month") == key)) for key in sorted(set(frame["month"].to_list()))}
    return [
        Point(month_of(key), None, float(len(of)), *limits(item := median_interval(of, by)), item.n_eff, _people(by))
        for key, (of, by) in parts.items()
    ]


def _people(clusters: NDArray[np.int64]) -> float:
    return float(len(np.unique(clusters)))


def _segments(frame: nw.DataFrame[Any], cut: str) -> list[Segment]:
    known = frame.filter(~nw.col(cut).is_null())
    counts = known.group_by(cut).agg(nw.len().alias("n")).rows()
    ranked = sorted(counts, key=lambda row: (-row[1], str(row[0])))
    parts = ((name, n, *_arrays(known.filter(nw.col(cut) == name))) for name, n in ranked)
    found = [(name, n, median_interval(of, by), _people(by)) for name, n, of, by in parts]
    return [
        Segment(str(name), None, float(n), *limits(i), i.n_eff, None if i.n_eff >= FEW else "insufficient", people)
        for name, n, i, people in found
    ]
