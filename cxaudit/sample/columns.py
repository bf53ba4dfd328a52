"""Columns of text: times, amounts, ids, as every export of the sample writes them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from cxaudit.sample.calendar import NEVER, START
from cxaudit.sample.contacts import Tickets
from cxaudit.sample.orders import Orders

STAMP = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Numbers:
    """First numbers of the chunk: what ids start from."""

    order: int
    customer: int
    ticket: int


def moments(seconds: np.ndarray) -> pl.Series:
    """Seconds of the sample as local datetimes, null where NEVER."""
    start = int((START - START.__class__(1970, 1, 1)).total_seconds())
    values = pl.Series(seconds.astype(np.int64), dtype=pl.Int64)
    return pl.select(
        pl.when(values != NEVER).then((values + start) * 1000).otherwise(None).cast(pl.Datetime("ms"))
    ).to_series()


def stamps(seconds: np.ndarray, form: str = STAMP, zone: str | None = None) -> pl.Series:
    """Times as text, null where NEVER; with `zone`, given an offset ("Europe/Paris") or converted ("UTC")."""
    local = moments(seconds)
    if zone:
        local = local.dt.replace_time_zone("Europe/Paris", ambiguous="earliest", non_existent="null")
        local = local.dt.convert_time_zone(zone)
    return local.dt.to_string(form)


def money(amount: np.ndarray) -> pl.Series:
    """Euros with two decimals and a dot."""
    return pl.Series(np.char.mod("%.2f", amount))


def text_frame(columns: Mapping[str, pl.Series | np.ndarray | list[str]]) -> pl.DataFrame:
    """Columns of text as a frame, blanks as nulls; the types hold where there are no rows at all."""
    series = [
        values.alias(name) if isinstance(values, pl.Series) else pl.Series(name, list(values), dtype=pl.String)
        for name, values in columns.items()
    ]
    return pl.DataFrame(series).with_columns(pl.col(pl.String).replace("", None))


def order_names(orders: Orders, first: int) -> np.ndarray:
    """Order names by time within the chunk: #MA10001, #MA10002 …"""
    rank = np.empty(len(orders), dtype=np.int64)
    rank[np.argsort(orders.at, kind="stable")] = np.arange(len(orders))
    return np.array([f"#MA{10_000 + first + r}" for r in rank], dtype=object)


def ticket_ids(tickets: Tickets, first: int) -> np.ndarray:
    """Ticket ids, in order of creation within the chunk."""
    return 20_000 + first + np.arange(len(tickets))
