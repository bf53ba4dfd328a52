"""The cells that comparable complaints share: month of the index, value tercile of the order, reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import collect
from cxaudit.measure.nearest import nearest
from cxaudit.measure.tables import DAY_US, Days, Tables
from cxaudit.stats.standardisation import Cell, Tally

Whole = NDArray[np.int64]


def value_band(amount: NDArray[np.float64], day: NDArray[Any], period: Days) -> Whole:
    """0, 1, 2 by terciles of the amounts of the period's orders; −1 where an amount is unknown."""
    inside = amount[(day >= period.first) & (day <= period.last) & ~np.isnan(amount)]
    if not len(inside):
        return np.full(len(amount), -1)
    bounds = np.quantile(inside, [1 / 3, 2 / 3])
    return np.where(np.isnan(amount), -1, np.searchsorted(bounds, amount, side="left"))


def value_bands(tables: Tables) -> nw.DataFrame[Any]:
    """Eligible orders with a customer, by moment then number: order, customer, t, band."""
    found: nw.DataFrame[Any] = tables.shared.once("value_bands", lambda: _value_bands(tables))
    return found


def _value_bands(tables: Tables) -> nw.DataFrame[Any]:
    plan = tables["orders"].filter(nw.col("eligible") & ~nw.col("customer").is_null())
    frame = collect(plan.select("order", "customer", "t", "day", "amount")).sort("t", "order", nulls_last=True)
    band = value_band(frame["amount"].to_numpy().astype(float), frame["day"].to_numpy(), tables.period)
    return frame.with_columns(nw.new_series("band", band, nw.Int64, backend=frame.implementation))


@dataclass(frozen=True)
class Cells:
    """Complaints by moment, each with its reason and the value band of its order (its own, else the last before)."""

    customer: Whole
    t: Whole
    reason: tuple[str | None, ...]
    band: Whole

    @classmethod
    def of(cls, complaints: nw.DataFrame[Any], orders: nw.DataFrame[Any]) -> Cells:
        customer, t = (complaints[name].to_numpy().astype(np.int64) for name in ("customer", "t"))
        band = orders["band"].to_numpy()
        last = nearest(
            customer, t, *(orders[name].to_numpy().astype(np.int64) for name in ("customer", "t")), after=False
        )
        own = _last_places(complaints["order"], orders["order"])
        place = np.where(own >= 0, own, last)
        found = np.where(place >= 0, band[place] if len(band) else -1, -1)
        return cls(customer, t, tuple(complaints["reason"].to_list()), found)

    def tallies(self, place: Whole, index_t: Whole, success: NDArray[np.bool_]) -> dict[Cell, Tally]:
        """Units and successes by (month of the index, value band, reason)."""
        months = (index_t // DAY_US).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        found: dict[Cell, list[float]] = {}
        for at, month, won in zip(place, months, success, strict=True):
            cell = found.setdefault((int(month), int(self.band[at]), self.reason[at]), [0.0, 0.0])
            cell[0] += 1
            cell[1] += bool(won)
        return {cell: Tally(units, wins) for cell, (units, wins) in found.items()}


def _last_places(asked: nw.Series[Any], held: nw.Series[Any]) -> Whole:
    """The last place in `held` of each of `asked`, −1 where there is none or it is null."""
    last = held.to_frame().with_row_index("_last").drop_nulls().group_by(held.name).agg(nw.col("_last").max())
    rows = asked.to_frame().with_row_index("_row")
    placed = rows.join(last, left_on=asked.name, right_on=held.name, how="left").sort("_row")
    return placed.select(nw.coalesce(nw.col("_last").cast(nw.Int64), nw.lit(-1)).alias("_last"))["_last"].to_numpy()
