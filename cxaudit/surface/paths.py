"""What a customer who was asked had lived: no contact, one ticket, or a recontact or a refund."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import collect
from cxaudit.measure.tables import Tables

PATHS = ("smooth", "one_ticket", "recontact")
DAYS_BEFORE, DAYS_AFTER = 90, 14


def paths(asked: nw.DataFrame[Any], tables: Tables) -> NDArray[np.int64]:
    """The place in PATHS of each survey: by its order, else by its customer from 90 days before to 14 days after."""
    rows = asked.select("order", "customer", "ticket", "day").with_row_index("_row")
    by_order = rows.filter(~nw.col("order").is_null())
    by_customer = rows.filter(nw.col("order").is_null())
    episodes = np.zeros(len(rows), np.int64)
    refunded = np.zeros(len(rows), bool)
    _count(episodes, by_order.join(_episodes(tables, "order"), on="order", how="inner"))
    _count(episodes, _around(by_customer, _episodes(tables, "customer")))
    refunded[_rows(by_order.join(_refunds(tables, "order"), on="order", how="inner"))] = True
    refunded[_rows(_around(by_customer, _refunds(tables, "customer")))] = True
    asked_on_ticket = ~by_customer["ticket"].is_null().to_numpy()
    places = _rows(by_customer)
    episodes[places] = np.maximum(episodes[places], asked_on_ticket)
    return np.where(refunded | (episodes >= 2), 2, episodes)


def _episodes(tables: Tables, by: str) -> nw.DataFrame[Any]:
    found = tables["episodes"].filter(~nw.col(by).is_null())
    return collect(found.select(by, nw.col("day").alias("at")))


def _refunds(tables: Tables, by: str) -> nw.DataFrame[Any]:
    """The orders (or their customers and days) that were paid back, wholly or in part, as far as the tables show."""
    frames = []
    if "orders" in tables.given:
        paid_back = tables["orders"].filter(
            ((nw.col("refunded_amount") > 0) | nw.col("refunded")) & ~nw.col(by).is_null()
        )
        frames.append(collect(paid_back.select(by, nw.col("day").alias("at"))))
    if "returns" in tables.given:
        moved = (nw.col("refunded_amount") > 0) | ~nw.col("refunded_at_t").is_null()
        returned = tables["returns"].filter(moved & ~nw.col(by).is_null())
        frames.append(collect(returned.select(by, nw.col("day").alias("at"))))
    found = nw.concat(frames) if frames else _episodes(tables, by).head(0)
    return found.unique([by, "at"], maintain_order=False)


def _around(rows: nw.DataFrame[Any], events: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    pairs = rows.filter(~nw.col("customer").is_null()).join(events, on="customer", how="inner")
    return pairs.filter((nw.col("at") >= nw.col("day") - DAYS_BEFORE) & (nw.col("at") <= nw.col("day") + DAYS_AFTER))


def _rows(frame: nw.DataFrame[Any]) -> NDArray[np.int64]:
    return frame["_row"].to_numpy().astype(np.int64)


def _count(counts: NDArray[np.int64], pairs: nw.DataFrame[Any]) -> None:
    np.add.at(counts, _rows(pairs), 1)
