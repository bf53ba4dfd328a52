"""Every signal has the same anatomy, delivers just what it declares, and is written up in the method page."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest
from engine.brand import brand

from cxaudit import texts
from cxaudit.audit import all_signals
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.tables import Tables
from cxaudit.method import method
from cxaudit.prepare import prepare
from cxaudit.schema.results import DIFFERENCE_VERDICTS, SINGLE_VERDICTS, UNITS, Measure
from cxaudit.schema.settings import Settings

SIGNALS = all_signals()
LABELS = ("Measures:", "Unit:", "Needs:", "Excludes:", "Null:", "Blind to:", "Source:")
each = pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.key)


@pytest.fixture(scope="module")
def full() -> Tables:
    return prepare(brand(seed=8, orders=600), Settings()).tables


@pytest.fixture(scope="module")
def bare() -> Tables:
    return prepare({"reviews": pl.DataFrame({"rating": [4.0], "created_at": [None]})} | _one_order(), Settings()).tables


def _one_order() -> dict[str, pl.DataFrame]:
    return {"orders": brand(seed=8, orders=4)["orders"].head(1)}


@each
def test_docstring(signal: Signal) -> None:
    doc = sys.modules[signal.measure.__module__].__doc__ or ""
    assert not [label for label in LABELS if label not in doc]


@each
def test_every_declared_measure_comes_once(signal: Signal, full: Tables, bare: Tables) -> None:
    for tables in (full, bare):
        found = [result.key for result in signal(tables, Settings())]
        assert sorted(found) == sorted(set(found))
        assert set(found) <= set(signal.measures)
        assert set(signal.measures) - set(found) <= {"tone.verbatims.per_100_orders"}


@each
def test_figures_are_well_formed(signal: Signal, full: Tables) -> None:
    for found in signal(full, Settings()):
        if isinstance(found, Measure):
            assert found.unit in UNITS
            assert found.verdict in (SINGLE_VERDICTS if found.kind == "single" else DIFFERENCE_VERDICTS)
            assert found.value is None or found.value == found.value
            if found.unit == "share" and found.kind == "single" and found.value is not None:
                assert -1 <= (found.low or 0) <= found.value + 1e-12
            if found.series and found.unit == "share":
                assert sum(point.numerator or 0 for point in found.series) == pytest.approx(found.numerator)
                assert sum(point.denominator for point in found.series) == found.denominator


@each
def test_words(signal: Signal) -> None:
    assert not [key for key in signal.measures if not texts.known(f"measure.{key}.name")]
    assert texts.known(f"signal.{signal.key}")


def test_keys_are_unique() -> None:
    keys = [key for signal in SIGNALS for key in signal.measures]
    assert len(keys) == len(set(keys))


def test_method_page_is_what_the_docstrings_say() -> None:
    page = Path(__file__).parent.parent / "docs" / "method.md"
    assert page.read_text("utf-8") == method()
