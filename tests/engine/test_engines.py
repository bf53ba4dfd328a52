"""Every figure is the same on every engine, and `next_after` what a reader would count by hand."""

from __future__ import annotations

import math
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from engine.brand import brand
from handmade import at, frame, order, ticket

from cxaudit.audit import run_audit
from cxaudit.engine import NEVER, collect, hold, next_after
from cxaudit.errors import UsageError
from cxaudit.ingest import ingest_paths
from cxaudit.json_record import audit_json
from cxaudit.schema.settings import Settings

SAMPLE = Path(__file__).parents[2] / "sample_data"
PACKAGES = {"polars": "polars", "duckdb": "duckdb", "spark": "pyspark.sql"}  # an empty folder passes for a `pyspark`
Exports = Mapping[str, pl.DataFrame]


def needs(engine: str) -> None:
    """Skips where the engine cannot run on this machine."""
    pytest.importorskip(PACKAGES[engine], reason=f"{engine} is not installed", exc_type=ImportError)
    if engine == "spark" and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java")


@pytest.fixture(scope="module", autouse=True)
def session() -> Iterator[None]:
    """Lets go of the Spark session that the tests of this file began."""
    yield
    if "pyspark.sql" in sys.modules:
        from pyspark.sql import SparkSession

        if (begun := SparkSession.getActiveSession()) is not None:
            begun.stop()


def sample() -> Exports:
    """Every source, as platforms export them: all measures but one."""
    return ingest_paths([SAMPLE], settings=Settings()).tables


def tickets_alone() -> Exports:
    """Tickets of nobody in particular: some without a moment, an order, a text or an agent; orders written two ways."""
    rng = random.Random(8)
    rows = [ticket(rng.random() * 200, rng.choice([None, f"#{i % 30}", f"{i % 30} "])) for i in range(200)]
    more = [
        {
            "created_at": rng.choice([row["created_at"]] * 9 + [None]),
            "reason": rng.choice(["Retard", "retard ", "Réclamation", None]),
            "body": rng.choice(["Je suis furieux", "  ", "你好", None]),
            "solved_at": rng.choice([at(201), None]),
            "agent": rng.choice(["Zoé", "Éric", "alice", None]),
        }
        for row in rows
    ]
    return {"tickets": frame([row | told for row, told in zip(rows, more, strict=True)])}


def orders_of_nobody() -> Exports:
    """Orders without a customer, some without an amount, beside surveys of one kind that few answered."""
    rng = random.Random(9)
    bought = [order(f"#{i % 95}", rng.random() * 200, "", rng.random() * 90) for i in range(100)]
    emptied = [row | {"customer_id": None, "amount": rng.choice([row["amount"], None])} for row in bought]
    asked = [{"kind": "csat", "sent_at": at(2 * i), "score": rng.choice([None, None, 4.0])} for i in range(100)]
    return {"orders": frame(emptied), "surveys": frame(asked)}


def one_row_each() -> Exports:
    return {"orders": frame([order("1", 0, "ada")]), "tickets": frame([ticket(1, "1", "ada", body="Où est-il ?")])}


EXPORTS = {made.__name__: made for made in (sample, tickets_alone, orders_of_nobody, one_row_each)}


@pytest.fixture(scope="module", params=EXPORTS)
def exports(request: pytest.FixtureRequest) -> Exports:
    return EXPORTS[request.param]()


@pytest.fixture(scope="module")
def on_polars(exports: Exports) -> dict[str, Any]:
    return record(exports, "polars")


def record(exports: Exports, engine: str) -> dict[str, Any]:
    """The values of the audit's whole record by their place in it."""
    return dict(leaves(audit_json(run_audit(exports, engine=engine), "en")))


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield place, value
    else:
        yield place, len(value)
        for name, item in inner:
            yield from leaves(item, f"{place}.{name}")


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other)


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_same_figures(engine: str, exports: Exports, on_polars: dict[str, Any]) -> None:
    needs(engine)
    found = record(exports, engine)
    assert found.keys() == on_polars.keys()
    differing = {place: (on_polars[place], item) for place, item in found.items() if not same(on_polars[place], item)}
    assert not differing


def test_large_tables_one_thing_at_a_time_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    exports = brand(seed=4)
    beside = record(exports, "polars")
    monkeypatch.setattr("cxaudit.engine.MANY", 0)
    assert record(exports, "polars") == beside


def test_two_runs_are_equal() -> None:
    exports = brand(seed=4)
    assert record(exports, "polars") == record(exports, "polars")


@pytest.mark.parametrize("engine", ["polars", "duckdb", "spark"])
def test_next_after_is_strict_and_keeps_to_its_customer(engine: str) -> None:
    needs(engine)
    bases = pl.LazyFrame({"customer": [1, 1, 2, 3], "t": [10, 20, 10, 5]})
    events = pl.LazyFrame({"customer": [1, 1, 2, 9], "t": [10, 15, 9, 6]})
    held = hold({"bases": bases, "events": events}, engine)
    found = collect(next_after(held["bases"], held["events"])).sort("customer", "t")
    assert found["next_t"].to_list() == [15, NEVER, NEVER, NEVER]


@pytest.mark.parametrize("engine", ["polars", "duckdb", "spark"])
def test_sums_are_plain_numbers(engine: str) -> None:
    needs(engine)
    held = hold({"rows": pl.LazyFrame({"n": [1, 2, None], "x": [0.5, None, 1.0]})}, engine)
    found = collect(held["rows"].select(nw.col("n", "x").sum()))
    assert found.rows() == [(3, 1.5)]
    assert found.schema == {"n": nw.Int64, "x": nw.Float64}


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(UsageError):
        hold({}, "abacus")


def test_an_engine_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UsageError, match=r"error\.engine\.missing"):
        hold({"rows": pl.LazyFrame({"n": [1]})}, "spark")


def test_spark_without_java_says_so(tmp_path: Path) -> None:
    needs("spark")
    one_row_each()["tickets"].write_csv(tmp_path / "tickets.csv")
    command = [sys.executable, "-m", "cxaudit", "audit", str(tmp_path), "--engine", "spark", "--lang", "en"]
    told = subprocess.run(command, env={**os.environ, "JAVA_HOME": str(tmp_path)}, capture_output=True, text=True)
    assert told.returncode == 2
    assert "needs Java" in told.stderr
