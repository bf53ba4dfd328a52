"""The one place that knows which engine holds the frames: Polars (default), DuckDB or PySpark, behind Narwhals.

Signals plan on `nw.LazyFrame`s and end each plan with `collect`. What a plan may use on every engine: joins, filters,
group-bys, concatenation and the two shapes below; no join_asof, no fill_null(strategy), no string or calendar work.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import polars.selectors as cs

from cxaudit.errors import UsageError

NEVER = 9_000_000_000_000_000_000
WORKERS = 2  # texts are read under the interpreter's lock, beside plans that let go of it
MANY = 10_000_000  # rows of all tables: beyond, two things made at once take more memory than a laptop has


# Spark's own defaults are a cluster's: two hundred parts of a table of a thousand rows take minutes to sort.
ON_THIS_MACHINE = {
    "spark.sql.shuffle.partitions": "4",
    "spark.driver.memory": "4g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
SUBMITTED = ("PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS", "SPARK_REMOTE", "MASTER")

Frames = Mapping[str, pl.LazyFrame]


def _on_polars(frames: Frames) -> dict[str, Any]:
    return dict(frames)


def _on_duckdb(frames: Frames) -> dict[str, Any]:
    """All tables in one database, for relations of two connections do not join; in memory, compressed."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("attach ':memory:' as held (compress)")
    connection.execute("use held")
    for name, frame in frames.items():
        connection.register("arrow_rows", frame.collect().to_arrow())
        connection.execute(f'create table "{name}" as select * from arrow_rows')
        connection.unregister("arrow_rows")
    connection.execute("checkpoint held")  # tables are compressed by their first checkpoint
    return {name: connection.table(f'"{name}"') for name in frames}


def _on_spark(frames: Frames) -> dict[str, Any]:
    """In the session at hand, or the cluster that this program was submitted to; else on this machine."""
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    chosen: dict[str, Any] = {} if any(name in os.environ for name in SUBMITTED) else ON_THIS_MACHINE
    try:
        session = SparkSession.getActiveSession() or SparkSession.builder.config(map=chosen).getOrCreate()
    except PySparkRuntimeError as error:
        if error.getCondition() != "JAVA_GATEWAY_EXITED":
            raise
        raise UsageError("error.engine.java", name="spark") from error
    plain = {name: frame.with_columns(cs.categorical().cast(pl.String)).collect() for name, frame in frames.items()}
    return {name: session.createDataFrame(frame.to_arrow()) for name, frame in plain.items()}


ENGINES: Mapping[str, Callable[[Frames], dict[str, Any]]] = {
    "polars": _on_polars,
    "duckdb": _on_duckdb,
    "spark": _on_spark,
}


def hold(frames: Frames, engine: str = "polars") -> dict[str, nw.LazyFrame[Any]]:
    """The frames as lazy frames of `engine`.

    Raises:
        UsageError: an unknown engine, one that is not installed, or one whose Java does not start.
    """
    if engine not in ENGINES:
        raise UsageError("error.engine.unknown", name=engine, known=sorted(ENGINES))
    try:
        held = ENGINES[engine](frames)
    except ImportError as error:
        raise UsageError("error.engine.missing", name=engine) from error
    return {name: nw.from_native(frame).lazy() for name, frame in held.items()}


def collect(frame: nw.LazyFrame[Any]) -> nw.DataFrame[Any]:
    """The rows of a plan, in memory; decimals, which engines make of wide sums, as plain numbers."""
    rows = frame.collect("polars").to_native()
    decimals = {name: kind for name, kind in rows.schema.items() if isinstance(kind, pl.Decimal)}
    plain = {name: pl.Float64() if kind.scale else pl.Int64() for name, kind in decimals.items()}
    return nw.from_native(rows.cast(plain) if plain else rows)


def at_once(rows: int) -> int:
    """How many things may be made at once of tables of so many rows in all."""
    return WORKERS if rows <= MANY else 1


def side_by_side(frames: Mapping[str, nw.LazyFrame[Any]], rows: int) -> int:
    """How many plans on these frames, so many rows in all, may run at once: one session or connection takes turns."""
    on_polars = all(isinstance(nw.to_native(frame), pl.LazyFrame) for frame in frames.values())
    return at_once(rows) if on_polars else 1


def settled(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The plan's rows held by its engine, for a plan that several others build on."""
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return nw.from_native(native.collect().lazy())
    if hasattr(native, "localCheckpoint"):  # a cached plan would be planned again with each that builds on it
        return nw.from_native(native.localCheckpoint())
    return nw.from_native(native.materialize()).lazy()


def stack(frames: Sequence[nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
    """The rows of all frames, one below the other; they share their columns."""
    return reduce(lambda upper, lower: nw.concat([upper, lower], how="vertical"), frames)


def next_after(
    bases: nw.LazyFrame[Any], events: nw.LazyFrame[Any], key: str = "customer", time: str = "t", name: str = "next_t"
) -> nw.LazyFrame[Any]:
    """`bases` with `name`: the first time in `events` strictly after the base's own, `NEVER` where there is none.

    Both frames need `key` and `time` (whole numbers). A far-future number stands for absence: a running minimum over
    nulls is not the same on every engine.
    """
    columns = [*bases.collect_schema().names()]
    wanted = events.select(key, time).join(bases.select(key).unique(), on=key, how="semi")
    marked = wanted.select(nw.col(key), nw.col(time), nw.col(time).alias("_event"), nw.lit(0).alias("_kind"))
    starts = bases.select(nw.col(key), nw.col(time)).unique()
    starts = starts.select(nw.col(key), nw.col(time), nw.lit(NEVER).alias("_event"), nw.lit(1).alias("_kind"))
    both = nw.concat([marked, starts], how="vertical")
    following = both.with_columns(
        nw.col("_event").cum_min(reverse=True).over(key, order_by=[time, "_kind"]).alias(name)
    ).filter(nw.col("_kind") == 1)
    return bases.join(following.select(key, time, name), on=[key, time], how="left").select(*columns, name)
