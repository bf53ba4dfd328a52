"""What came next for the same customer, order or reason: frames already in memory, any columns as the key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import NEVER
from cxaudit.measure.nearest import nearest
from cxaudit.measure.tables import DAY_US

Whole = NDArray[np.int64]


def next_moment(rows: nw.DataFrame[Any], events: nw.DataFrame[Any], by: Sequence[str] = ("customer",)) -> Whole:
    """The first `t` in `events` strictly after each row's `t` with the same `by`; NEVER without one, or a null key."""
    held = events.filter(~nw.col("t").is_null())
    own, others = codes(rows, held, by)
    held_t = held["t"].to_numpy().astype(np.int64)
    kept = others >= 0
    start = rows.with_columns(nw.coalesce(nw.col("t"), nw.lit(NEVER)).alias("t"))["t"].to_numpy().astype(np.int64)
    place = nearest(own, start, others[kept], held_t[kept], after=True)
    found = held_t[kept][np.maximum(place, 0)] if kept.any() else np.full(len(rows), NEVER)
    return np.where((place >= 0) & (own >= 0), found, NEVER)


def codes(rows: nw.DataFrame[Any], events: nw.DataFrame[Any], by: Sequence[str]) -> tuple[Whole, Whole]:
    """A whole number for each key of `by`, the same in both frames; −1 where a part is null."""
    known = nw.concat([rows.select(*by), events.select(*by)], how="vertical").drop_nulls().unique(maintain_order=False)
    named = known.with_row_index("_code")
    return _coded(rows, named, by), _coded(events, named, by)


def _coded(frame: nw.DataFrame[Any], named: nw.DataFrame[Any], by: Sequence[str]) -> Whole:
    placed = frame.select(*by).with_row_index("_row").join(named, on=list(by), how="left").sort("_row")
    return placed.with_columns(nw.coalesce(nw.col("_code").cast(nw.Int64), nw.lit(-1)).alias("_code"))[
        "_code"
    ].to_numpy()


def happened(rows: nw.DataFrame[Any], following: Whole, days: int) -> nw.Series[Any]:
    """`success`: whether the moment falls on one of the `days` days after each row's index `day`."""
    day = rows["day"].to_numpy().astype(np.int64)
    success = (following != NEVER) & (following // DAY_US <= day + days)
    return nw.new_series("success", success, nw.Boolean, backend="polars")
