"""The cells that comparable complaints share: month, value tercile of the order, reason, and the order's rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import collect
from cxaudit.measure.nearest import nearest
from cxaudit.measure.tables import DAY_US, Days, Tables
from cxaudit.stats.intervals import ClusterSums, share_interval
from cxaudit.stats.standardisation import Cell, Tally

Whole = NDArray[np.int64]
REFUND_CENT = 0.005  # a refund that lacks less than a cent is whole


def value_band(amount: NDArray[np.float64], day: NDArray[Any], period: Days) -> Whole:
    """0, 1, 2 by terciles of the amounts of the period's orders; −1 where an amount is unknown."""
    inside = amount[(day >= period.first) & (day <= period.last) & ~np.isnan(amount)]
    if not len(inside):
        return np.full(len(amount), -1)
    bounds = np.quantile(inside, [1 / 3, 2 / 3])
    return np.where(np.isnan(amount), -1, np.searchsorted(bounds, amount, side="left"))


def value_bands(tables: Tables) -> nw.DataFrame[Any]:
    """Eligible orders with a customer, by moment then number.

    Holds place (from 0), order, customer, t, day, month, amount, elsewhere (it is known, in another currency than the
    audit's), refunded, band, rank (1, 2, 3 or more).
    """
    found: nw.DataFrame[Any] = tables.shared.once("value_bands", lambda: _value_bands(tables))
    return found


def _value_bands(tables: Tables) -> nw.DataFrame[Any]:
    elsewhere = nw.col("amount").is_null() & ~nw.col("own_amount").is_null()
    columns = ("order", "customer", "t", "day", "month", "amount", elsewhere.alias("elsewhere"), "refunded")
    frame = collect(tables["orders"].filter(nw.col("eligible")).select(*columns))
    band = value_band(frame["amount"].to_numpy().astype(float), frame["day"].to_numpy(), tables.period)
    valued = frame.with_columns(nw.new_series("band", band.astype(np.int8), nw.Int8, backend=frame.implementation))
    placed = valued.filter(~nw.col("customer").is_null()).sort("t", "order", nulls_last=True).with_row_index("place")
    rank = nw.new_series("rank", _ranks(placed["customer"].to_numpy()), nw.Int8, backend=frame.implementation)
    return placed.with_columns(rank)


def _ranks(customer: NDArray[np.int32]) -> NDArray[np.int8]:
    """1, 2 or 3 (or more): which of its customer's rows each row is, in their order."""
    order = np.argsort(customer, kind="stable")
    starts = np.flatnonzero(np.diff(customer[order], prepend=-1))
    rank = np.full(len(customer), 3, np.int8)
    for nth in (2, 1):
        held = starts[np.diff(starts, append=len(order)) >= nth] + nth - 1
        rank[order[held]] = nth
    return rank


@dataclass(frozen=True)
class Cells:
    """Complaints by moment, each with its reason and of its order (its own, else the last before) band, rank, moment.

    Where there is no such order the band is −1, the rank 0 and the moment the complaint's own.
    """

    customer: Whole
    t: Whole
    reason: tuple[str | None, ...]
    band: Whole
    rank: Whole
    ordered: Whole

    @classmethod
    def of(cls, complaints: nw.DataFrame[Any], orders: nw.DataFrame[Any]) -> Cells:
        customer, t = (complaints[name].to_numpy().astype(np.int64) for name in ("customer", "t"))
        buyer, bought, band, rank = (
            orders[name].to_numpy().astype(np.int64) for name in ("customer", "t", "band", "rank")
        )
        own = _last_places(complaints["order"], orders["order"])
        place = np.where(own >= 0, own, nearest(customer, t, buyer, bought, after=False))

        def of_order(values: Whole, none: Whole | int) -> Whole:
            return np.where(place >= 0, values[place] if len(values) else none, none)

        reasons = tuple(complaints["reason"].to_list())
        return cls(customer, t, reasons, of_order(band, -1), of_order(rank, 0), of_order(bought, t))

    def deff(self, place: Whole, success: NDArray[np.bool_]) -> float:
        """The design effect of those complaints' outcomes: one customer may have several."""
        _, cluster = np.unique(self.customer[place], return_inverse=True)
        return share_interval(ClusterSums.of(np.bincount(cluster), np.bincount(cluster, success))).deff

    def tallies(self, place: Whole, index_t: Whole, success: NDArray[np.bool_]) -> dict[Cell, Tally]:
        """Units and successes by (month of the index, value band, reason)."""
        cells = [
            (month, int(self.band[at]), self.reason[at]) for month, at in zip(_months(index_t), place, strict=True)
        ]
        return _counted(cells, success)

    def tallies_by_order(self, place: Whole, success: NDArray[np.bool_]) -> dict[Cell, Tally]:
        """Units and successes by (month of the order, value band, rank, reason): the cells of S3 and the reason."""
        months = _months(self.ordered[place])
        cells = [
            (month, int(self.band[at]), int(self.rank[at]), self.reason[at])
            for month, at in zip(months, place, strict=True)
        ]
        return _counted(cells, success)


def _months(t: Whole) -> list[int]:
    found: list[int] = (t // DAY_US).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64).tolist()
    return found


def _counted(cells: Sequence[Cell], success: NDArray[np.bool_]) -> dict[Cell, Tally]:
    units = Counter(cells)
    wins = Counter(cell for cell, won in zip(cells, success, strict=True) if won)
    return {cell: Tally(float(n), float(wins[cell])) for cell, n in units.items()}


def _last_places(asked: nw.Series[Any], held: nw.Series[Any]) -> Whole:
    """The last place in `held` of each of `asked`, −1 where there is none or it is null."""
    last = held.to_frame().with_row_index("_last").drop_nulls().group_by(held.name).agg(nw.col("_last").max())
    rows = asked.to_frame().with_row_index("_row")
    placed = rows.join(last, left_on=asked.name, right_on=held.name, how="left").sort("_row")
    return placed.select(nw.coalesce(nw.col("_last").cast(nw.Int64), nw.lit(-1)).alias("_last"))["_last"].to_numpy()
