"""Plain counts of a table's rows in the period: no interval, since nothing is sampled."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.tables import Tables, month_of
from cxaudit.measure.verdicts import ENOUGH, FEW, added, source_refusals
from cxaudit.schema.results import Measure, Point


def count(key: str, rows: nw.LazyFrame[Any], source: str, tables: Tables) -> Measure:
    """How many of `rows` (with `day`, `month`) lie in the period, by month; null where none does."""
    inside = nw.col("day").is_between(tables.period.first, tables.period.last)
    months = collect(rows.filter(inside).group_by("month").agg(nw.len().cast(nw.Float64).alias("n"))).sort("month")
    total = float(sum(months["n"].to_list()))
    refusals = source_refusals(tables, (source,))
    firm = total >= ENOUGH and not refusals
    return Measure(
        key,
        "count",
        total,
        total,
        total if total else None,
        n_eff=total,
        deff=1.0,
        verdict="insufficient" if total < FEW else "established" if firm else "indicative",
        refusals=refusals if total >= FEW else added(refusals, "R1"),
        series=tuple(Point(month_of(key), n, n, n) for key, n in months.rows()),
        facts=tables.facts,
    )
