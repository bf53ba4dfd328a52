"""Plain counts of a table's rows in the period: no interval, since nothing is sampled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.tables import Tables, month_of
from cxaudit.measure.verdicts import ENOUGH, FEW, added, source_refusals
from cxaudit.schema.results import Measure, Point


def count(
    key: str, rows: nw.LazyFrame[Any], source: str, tables: Tables, facts: Mapping[str, Any] | None = None
) -> Measure:
    """How many of `rows` (with `day`, `month`) lie in the period, by month; null where none does."""
    months = collect(rows.filter(_inside(tables)).group_by("month").agg(nw.len().cast(nw.Float64).alias("n"))).sort(
        "month"
    )
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
        facts=facts or {},
    )


def bridge(tables: Tables) -> dict[str, int]:
    """The period's tickets as they came (`raw`), those that count (`eligible`), and the `episodes` they chain into."""
    found: dict[str, int] = tables.shared.once("bridge", lambda: _bridge(tables))
    return found


def _bridge(tables: Tables) -> dict[str, int]:
    raw = tables["tickets"]
    steps = {"raw": raw, "eligible": raw.filter(nw.col("eligible")), "episodes": tables["episodes"]}
    lengths = {name: collect(rows.filter(_inside(tables)).select(nw.len().alias("n"))) for name, rows in steps.items()}
    return {name: int(found["n"][0]) for name, found in lengths.items()}


def _inside(tables: Tables) -> nw.Expr:
    return nw.col("day").is_between(tables.period.first, tables.period.last)
