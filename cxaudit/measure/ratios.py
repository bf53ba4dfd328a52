"""Rows of one table per 100 of another, over the customers who left either.

Source: ratio estimator with the linearised variance over customers (Cochran 1977, §6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isnan, nan, sqrt
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import collect, stack
from cxaudit.measure.medians import limits
from cxaudit.measure.rates import with_clusters, within
from cxaudit.measure.tables import Tables, month_of
from cxaudit.measure.verdicts import FEW, added, seen_from, single_verdict, source_refusals
from cxaudit.schema.results import Daily, Measure, Point
from cxaudit.stats.intervals import ClusterSums, Interval, normal_interval

PER = 100
COLUMNS = ("customer", "day", "month", "scope")


def per_100(key: str, of: nw.LazyFrame[Any], among: nw.LazyFrame[Any], sources: tuple[str, ...], t: Tables) -> Measure:
    """Rows of `of` in the period per 100 rows of `among` in it, by month; a row of nobody is its own cluster."""
    marked = [
        frame.select(*COLUMNS, nw.lit(m, nw.Int8).alias("m"), nw.lit(1 - m, nw.Int8).alias("y"))
        for m, frame in ((1, among), (0, of))
    ]
    everyone = with_clusters(collect(stack(marked)))
    present = within(everyone, t.period)
    sums, interval = ratio(*_arrays(present))
    refusals = source_refusals(t, sources)
    return Measure(
        key,
        "per_100",
        sums.total,
        sums.units,
        *limits(interval),
        n_eff=interval.n_eff,
        deff=interval.deff,
        verdict=single_verdict(interval, refusals, abs(interval.value) / 10),
        refusals=refusals if interval.n_eff >= FEW else added(refusals, "R1"),
        series=tuple(_months(present)),
        daily=_daily(key, everyone, seen_from(t, sources), t),
    )


def ratio(
    cluster: NDArray[np.int64], among: NDArray[np.float64], of: NDArray[np.float64]
) -> tuple[ClusterSums, Interval]:
    """The ratio and its interval; the design effect is held against rows that fall at random."""
    _, place = np.unique(cluster, return_inverse=True)
    sums = ClusterSums.of(np.bincount(place, among), np.bincount(place, of))
    if not sums.units:
        return sums, Interval(nan, nan, nan, 0.0)
    variance = sums.cluster_variance if sums.clusters > 1 else nan
    simple = sums.mean / sums.units
    deff = max(1.0, variance / simple) if simple > 0 and not isnan(variance) else 1.0
    found = normal_interval(PER * sums.mean, PER * sqrt(variance), sums.units / deff, deff)
    return sums, replace(found, low=max(0.0, found.low))


def _arrays(frame: nw.DataFrame[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    return frame["cluster"].to_numpy(), frame["m"].to_numpy().astype(float), frame["y"].to_numpy().astype(float)


def _months(frame: nw.DataFrame[Any]) -> Iterator[Point]:
    for key in frame["month"].unique().sort().to_list():
        sums, interval = ratio(*_arrays(frame.filter(nw.col("month") == key)))
        yield Point(month_of(key), sums.total, sums.units, *limits(interval), interval.n_eff, sums.clusters)


def _daily(key: str, frame: nw.DataFrame[Any], seen: int, tables: Tables) -> Daily:
    known = frame.filter(nw.col("day") >= seen)
    days = known.group_by("day", "scope").agg(nw.col("m").sum(), nw.col("y").sum() * PER).sort("day", "scope")
    return tables.tally.count(key, *(days[name].to_numpy() for name in ("day", "scope", "m", "y")))
