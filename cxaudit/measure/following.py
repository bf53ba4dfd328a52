"""What came next for the same customer, order or reason, among rows already in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import NEVER, collect
from cxaudit.measure.nearest import nearest
from cxaudit.measure.tables import DAY_US

Whole = NDArray[np.int64]


def next_moment(rows: nw.DataFrame[Any], events: nw.DataFrame[Any], by: Sequence[str] = ("customer",)) -> Whole:
    """The first `t` in `events` strictly after each row's `t` with the same `by`; NEVER without one, or a null key."""
    asked = rows.select("t", *by).with_row_index("_row").drop_nulls()
    held = events.select("t", *by).drop_nulls()
    whole = len(by) == 1 and asked[by[0]].dtype.is_integer() and held[by[0]].dtype.is_integer()
    own, others = (asked[by[0]].to_numpy(), held[by[0]].to_numpy()) if whole else _codes(asked, held, by)
    start, held_t = (frame["t"].to_numpy().astype(np.int64) for frame in (asked, held))
    place = nearest(own, start, others, held_t, after=True)
    met = place >= 0
    following = np.full(len(rows), NEVER)
    following[asked["_row"].to_numpy()[met]] = held_t[place[met]]
    return following


def next_of_firsts(index: nw.DataFrame[Any], events: nw.LazyFrame[Any], start: str = "t") -> Whole:
    """The first `t` in `events` strictly after each unit's `start`, NEVER without one; for units of `indexed.firsts`.

    A customer is one unit of a span at most, so that no row need be sorted.
    """
    own, span, begun = (index[name].to_numpy() for name in ("customer", "span", start))
    people = int(own.max(initial=-1)) + 1
    known = ~nw.col("t").is_null() & (nw.col("customer") < people)
    held = collect(events.filter(known).select("customer", "t"))
    who, t = held["customer"].to_numpy(), held["t"].to_numpy()
    following = np.full(len(index), NEVER)
    for place in np.unique(span):
        rows = np.flatnonzero(span == place)
        after, first = np.full((2, people), NEVER)  # nothing comes after the index of who has none
        after[own[rows]] = begun[rows]
        later = np.flatnonzero(t > after[who])
        np.minimum.at(first, who[later], t[later])
        following[rows] = first[own[rows]]
    return following


def _codes(asked: nw.DataFrame[Any], held: nw.DataFrame[Any], by: Sequence[str]) -> tuple[Whole, Whole]:
    """A whole number for each key of `by`, the same in both frames."""
    keys = nw.concat([asked.select(*by), held.select(*by)], how="vertical").with_row_index("_at")
    firsts = keys.group_by(*by).agg(nw.col("_at").min().alias("_code"))
    codes = keys.join(firsts, on=list(by), how="left").sort("_at")["_code"].to_numpy().astype(np.int64)
    return codes[: len(asked)], codes[len(asked) :]


def happened(rows: nw.DataFrame[Any], following: Whole, days: int) -> nw.Series[Any]:
    """`success`: whether the moment falls on one of the `days` days after each row's index `day`."""
    day = rows["day"].to_numpy().astype(np.int64)
    success = (following != NEVER) & (following // DAY_US <= day + days)
    return nw.new_series("success", success, nw.Boolean, backend="polars")
