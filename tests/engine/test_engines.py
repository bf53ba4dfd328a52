"""Every signal gives the same figures on every engine, and `next_after` what a reader would count by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from engine.brand import brand

from cxaudit.audit import all_signals
from cxaudit.engine import NEVER, collect, hold, next_after
from cxaudit.errors import UsageError
from cxaudit.prepare import prepare
from cxaudit.schema.results import Measure, Result
from cxaudit.schema.settings import Settings


def results(engine: str) -> dict[str, Result]:
    tables = prepare(brand(seed=4), Settings(), engine=engine).tables
    return {result.key: result for signal in all_signals() for result in signal(tables, Settings())}


@pytest.fixture(scope="module")
def on_polars() -> dict[str, Result]:
    return results("polars")


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_same_figures(engine: str, on_polars: dict[str, Result]) -> None:
    pytest.importorskip({"duckdb": "duckdb", "spark": "pyspark"}[engine], reason=f"{engine} is not installed")
    found = results(engine)
    assert found.keys() == on_polars.keys()
    for key, expected in on_polars.items():
        assert type(found[key]) is type(expected), key
        if isinstance(expected, Measure):
            assert plain(found[key]) == pytest.approx(plain(expected), rel=1e-9, abs=1e-12, nan_ok=True), key


def plain(measure: Any) -> list[float]:
    """Value, limits and counts, of the whole, its months and its segments."""
    parts = [measure, *measure.series, *(item for cut in sorted(measure.segments) for item in measure.segments[cut])]
    names = ("numerator", "denominator", "value", "low", "high", "n_eff")
    return [float("nan") if (item := getattr(part, name)) is None else float(item) for part in parts for name in names]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_next_after_is_strict_and_keeps_to_its_customer(engine: str) -> None:
    pytest.importorskip("duckdb")
    bases = pl.LazyFrame({"customer": [1, 1, 2, 3], "t": [10, 20, 10, 5]})
    events = pl.LazyFrame({"customer": [1, 1, 2, 9], "t": [10, 15, 9, 6]})
    held = hold({"bases": bases, "events": events}, engine)
    found = collect(next_after(held["bases"], held["events"])).sort("customer", "t")
    assert found["next_t"].to_list() == [15, NEVER, NEVER, NEVER]


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(UsageError):
        hold({}, "abacus")


def test_two_runs_are_equal(on_polars: dict[str, Result]) -> None:
    again = results("polars")
    for key, first in on_polars.items():
        if isinstance(first, Measure):
            assert replace(first, daily=None) == replace(again[key], daily=None)  # type: ignore[type-var]
