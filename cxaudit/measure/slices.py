"""Slices: rows with the same values in every field that an event's scope may name, whatever events there are.

Each order and each ticket bears the number of its slice in the column `scope`; a ticket has its own values and those of
its order. Which slices a scope touches is looked up among the slices, never among the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cxaudit.schema.tables import PRODUCTS_JOINED

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SCOPE_FIELDS = ("country", "channel", "product", "category", "carrier")
SLICE = pl.Int32  # what each row bears
MOST_SCOPES = 62  # what one number holds a bit for
NOTHING = pl.DataFrame({"slice": pl.Series([0], dtype=pl.Int64)})


@dataclass(frozen=True, slots=True)
class Slices:
    """The slices of an audit.

    Attributes:
        fields: the fields that were told apart, those without a value included.
        frame: row n is slice n, `<table>.<field>` its value in lower case; slice 0 has none.
    """

    fields: frozenset[str] = frozenset(SCOPE_FIELDS)
    frame: pl.DataFrame = field(default_factory=lambda: NOTHING)
    _asked: dict[str, Bools] = field(default_factory=dict, compare=False, repr=False)

    def touched(self, scope: str) -> Bools:
        """Whether each slice falls under `field=value`, or `field=one|other`; a product counts beside others too."""
        if scope not in self._asked:
            self._asked[scope] = self._touched(scope)
        return self._asked[scope]

    def _touched(self, scope: str) -> Bools:
        name, _, wanted = scope.partition("=")
        options = [option.strip().lower() for option in wanted.split("|")]
        held = [column for column in self.frame.columns if column.rpartition(".")[2] == name.strip()]
        told = self.frame.select(pl.any_horizontal([_is_one(column, options) for column in held] or [pl.lit(False)]))
        return np.resize(told.to_series().fill_null(False).to_numpy(), len(self.frame)).astype(bool)

    def masks(self, scopes: Sequence[str]) -> Ints:
        """By slice, the scopes that touch it: bit n for the n-th."""
        bits = (self.touched(scope).astype(np.int64) << place for place, scope in enumerate(scopes[:MOST_SCOPES]))
        return reduce(np.bitwise_or, bits, np.zeros(len(self.frame), dtype=np.int64))


def sliced(frames: Mapping[str, pl.DataFrame], fields: Iterable[str] = ()) -> tuple[dict[str, pl.DataFrame], Slices]:
    """Orders and tickets with their slice as `scope`; `fields` are told apart besides the usual ones."""
    told = frozenset((*SCOPE_FIELDS, *fields))
    cut, known = dict(frames), NOTHING
    if "orders" in cut:
        cut["orders"], known = _numbered(cut["orders"], _values(cut["orders"], "orders", told), known)
    if "tickets" in cut:
        values = _values(cut["tickets"], "tickets", told)
        if "orders" in cut:
            values = values.with_columns(_order_slice(cut["tickets"], cut["orders"]))
        cut["tickets"], known = _numbered(cut["tickets"], values, known)
    return cut, Slices(told, known)


def _order_slice(tickets: pl.DataFrame, orders: pl.DataFrame) -> pl.Series:
    of_order = orders.select("order", slice="scope").drop_nulls().unique("order", keep="first")
    joined = tickets.select("order").join(of_order, on="order", how="left", maintain_order="left")
    return joined["slice"].cast(pl.Int64).fill_null(0)


def _numbered(frame: pl.DataFrame, values: pl.DataFrame, known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with their slice, and all slices: `values` are a known slice and a row's own values beside it."""
    own = values.columns[1:]
    if not own:
        return frame.with_columns(values["slice"].cast(SLICE).alias("scope")), known
    distinct = values.unique().filter(~pl.all_horizontal(pl.col(own).is_null())).sort(values.columns, nulls_last=True)
    new = distinct.with_row_index("new", offset=len(known)).with_columns(pl.col("new").cast(pl.Int64))
    met = values.join(new, on=values.columns, how="left", nulls_equal=True, maintain_order="left")
    made = new.join(known, on="slice", how="left", maintain_order="left").drop("slice").rename({"new": "slice"})
    scope = pl.coalesce(met["new"], values["slice"]).cast(SLICE).alias("scope")
    return frame.with_columns(pl.select(scope).to_series()), pl.concat([known, made], how="diagonal")


def _is_one(column: str, options: Sequence[str]) -> pl.Expr:
    held = pl.col(column)
    if not column.endswith(".product"):
        return held.is_in(options)
    each = pl.concat_str(pl.lit(PRODUCTS_JOINED), held, pl.lit(PRODUCTS_JOINED))
    ones = [each.str.contains(f"{PRODUCTS_JOINED}{option}{PRODUCTS_JOINED}", literal=True) for option in options]
    return held.is_in(options) | pl.any_horizontal(ones)


def _values(frame: pl.DataFrame, table: str, fields: frozenset[str]) -> pl.DataFrame:
    """`slice` 0, and the fields that hold a value, as they are compared: trimmed, in lower case."""
    held = [name for name in sorted(fields) if name in frame.columns and frame[name].null_count() < len(frame)]
    dressed = (pl.col(name).cast(pl.String).str.strip_chars().str.to_lowercase() for name in held)
    own = {f"{table}.{name}": column for name, column in zip(held, dressed, strict=True)}
    return frame.select(slice=pl.repeat(0, pl.len(), dtype=pl.Int64), **own)
