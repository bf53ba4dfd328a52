"""Several rows of one thing become one: line items orders, messages tickets, overlapping exports one table.

Within a sheet, the rows of one key are folded by the table's policy; over sheets, the export that reaches further in
time wins, field by field. Rows without a key are the same where everything that identifies them is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from cxaudit.ingest.doubles import doubled
from cxaudit.ingest.ledger import FILE_INDEX, LINE
from cxaudit.schema.tables import PRODUCTS_JOINED, Table

# An order's own fields stand on its first line; a ticket opens with its first message and ends with its last.
_FIRST = frozenset({"orders"})
_TICKET_LAST = frozenset(
    {"solved_at", "status", "reopens", "csat", "agent", "group", "transfers", "tags", "handle_minutes"}
)
# What makes two rows without a key recognisable as one: somebody, something, or a text.
_IDENTIFIES = ("customer_email", "customer_id", "order_id", "ticket_id", "call_id", "text", "comment", "body", "name")
_KEY = "_key"


@dataclass(frozen=True)
class Part:
    """The rows of one sheet on their way into a table.

    `copies` tells the rows that stand in the sheet already, cell for cell (None: none of them lacks a key), `summed`
    the fields that add up over the lines of a key; `generated` says that the key was made up, row by row.
    """

    frame: pl.DataFrame
    copies: pl.Series | None
    signature: str
    summed: frozenset[str] = frozenset()
    generated: bool = False


def key_of(name: str) -> pl.Expr:
    """An id as it is compared: without a leading #, spaces and case."""
    bare = pl.col(name).str.replace_all(" ", "", literal=True).str.strip_chars().str.strip_prefix("#")
    return bare.str.to_lowercase()


def fold(table: Table, folded: Sequence[Part]) -> pl.DataFrame:
    """One frame of the table's rows, each thing once, out of the sheets folded; the columns are the union of theirs."""
    order = sorted(range(len(folded)), key=lambda i: (_reach(table, folded[i].frame), i))
    together = folded[0].frame
    if len(folded) > 1:
        together = _across(table, pl.concat([_keyed(table, folded[i]) for i in order], how="diagonal_relaxed"))
    names = [name for name in table.names if name in together.columns]
    together = together.select(*names, FILE_INDEX, LINE)
    in_order = len(folded) == 1 and together[LINE].is_sorted()
    return together if in_order else together.sort(FILE_INDEX, LINE)


def _keyed(table: Table, part: Part) -> pl.DataFrame:
    """A sheet's rows with its signature and their keys: null where a row has none, absent where none has any."""
    key = _key_expression(table, part.frame, part.generated)
    frame = part.frame.with_columns(_signature=pl.lit(part.signature, dtype=pl.Categorical))
    return frame if key is None else frame.with_columns(key.alias(_KEY))


def _reach(table: Table, frame: pl.DataFrame) -> str:
    """How far in time a sheet reaches, comparable; empty where it has no moment."""
    moments = [c.name for c in table.columns if c.kind == "moment" and c.name in frame.columns]
    last = frame[moments[0]].max() if moments and frame.height else None
    return str(last or "")


def fold_sheet(table: Table, part: Part) -> pl.DataFrame:
    """One sheet's rows, folded by key, in their order; `part.frame` is put into pieces of whole columns on the way."""
    frame = part.frame
    # In place, one after the other: a new frame would hold all of them twice, once as the blocks that were read.
    for place in range(frame.width):
        frame.replace_column(place, frame.to_series(place).rechunk())
    gone = _copied(frame, part)
    key = _key_expression(table, frame, part.generated)
    if key is not None and frame.height:
        gone = None if gone is None else gone & frame.select(key.is_null()).to_series()
        several, keys = _several(frame, key)
        if len(several):
            return _merged(table, frame, several, keys, gone, part.summed)
    return frame if gone is None else frame.filter(~gone)


def _several(frame: pl.DataFrame, key: pl.Expr) -> tuple[pl.Series, pl.Series]:
    """The places of the rows whose key stands more than once, ascending, and their keys.

    By digests first: all keys of millions of rows never stand in memory.
    """
    likely = doubled(frame.lazy().select(key.hash()).collect(engine="streaming").to_series())
    alike = frame.select(key.meta.root_names()).filter(_marked(frame.height, likely))
    keys = alike.select(key.alias(_KEY)).to_series()
    again = keys.is_duplicated() & keys.is_not_null() if len(keys) else keys.is_not_null()
    return likely.filter(again), keys.filter(again)


def _marked(height: int, places: pl.Series) -> pl.Series:
    return pl.repeat(False, height, dtype=pl.Boolean, eager=True).scatter(places, True)


def _key_expression(table: Table, frame: pl.DataFrame, generated: bool) -> pl.Expr | None:
    if table.name == "surveys":
        if not {"kind", "ticket_id"} <= set(frame.columns):
            return None
        return pl.concat_str(pl.col("kind").str.to_lowercase(), key_of("ticket_id"), separator="|")
    if generated or not table.key or any(name not in frame.columns for name in table.key):
        return None
    return pl.concat_str([key_of(name) for name in table.key], separator="|")


def _merged(
    table: Table,
    frame: pl.DataFrame,
    several: pl.Series,
    keys: pl.Series,
    gone: pl.Series | None,
    summed: frozenset[str],
) -> pl.DataFrame:
    """The rows of a sheet without those `gone`, those at `several` as one row for each key, where its first one stood.

    Of a survey an answer counts more than a sending, a later answer more than an earlier.
    """
    at, order = _marked(frame.height, several), pl.int_range(len(several), eager=True)
    if table.name == "surveys" and "answered_at" in frame.columns:
        answered = frame.select(pl.col("answered_at").fill_null(datetime(1, 1, 1))).filter(at)
        order = answered.select(pl.arg_sort_by("answered_at", maintain_order=True)).to_series()
    # Codes of their own, in the order in which the keys come; they are forgotten with the frame.
    codes = keys.gather(order).cast(pl.Categorical(pl.Categories.random())).to_physical()
    first, stand = codes.is_first_distinct(), several.gather(order)
    leading, folded = stand.filter(first), _marked(frame.height, stand.filter(~first))
    keep = ~folded if gone is None else ~folded & ~gone
    one = frame.filter(keep)
    # Where the first row of each key is kept, in the order in which the keys come.
    places = _marked(frame.height, leading).filter(keep).arg_true().gather(leading.arg_sort().arg_sort())
    for name in table.names:  # one after the other: a group holds its rows twice
        # A field that the further rows of a key leave empty is the first row's: most of an order's, and of a survey's.
        if name in frame.columns and (frame[name].is_not_null() & folded).any():
            cells = pl.DataFrame([codes, frame[name].filter(at).gather(order)])
            one = one.with_columns(one[name].scatter(places, _told(table, cells, name, summed)))
    return one


def _told(table: Table, cells: pl.DataFrame, name: str, summed: frozenset[str]) -> pl.Series:
    """One value for each key of `cells`, in the order in which the keys come."""
    if table.name == "orders" and name == "product":
        once = pl.when(pl.struct(_KEY, name).is_first_distinct()).then(name)
        listed = cells.with_columns(once.alias(name)).group_by(_KEY, maintain_order=True).agg(name)
        return listed[name].list.join(PRODUCTS_JOINED, ignore_nulls=True).replace("", None)
    return cells.group_by(_KEY, maintain_order=True).agg(_policy(table, name, summed))[name]


def _policy(table: Table, name: str, summed: frozenset[str]) -> pl.Expr:
    column = pl.col(name)
    if name in summed:
        return pl.when(column.is_not_null().any()).then(column.sum())
    if table.name == "tickets" and name == "created_at":
        return column.min()
    if table.name in _FIRST or (table.name == "tickets" and name not in _TICKET_LAST):
        return column.drop_nulls().first()
    return column.drop_nulls().last()


def _copied(frame: pl.DataFrame, part: Part) -> pl.Series | None:
    """The rows that stand twice, cell for cell, and that something identifies; None where there are none.

    Two anonymous answers of one day may well be alike: they stay two. So do two orders under made-up ids, unless the
    clock tells them apart from a purchase made twice.
    """
    if part.copies is None or not part.copies.any():
        return None
    named = [name for name in _IDENTIFIES if name in frame.columns and not (part.generated and name == "order_id")]
    if not named:
        return None
    identified = frame.select(pl.any_horizontal(pl.col(named).is_not_null())).to_series()
    if part.generated:
        identified = identified & (frame["ordered_at"].dt.truncate("1d") != frame["ordered_at"]).fill_null(False)
    return part.copies & identified


def _across(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of several sheets that are one: by key the later sheet wins; without a key the same content, as often."""
    if _KEY not in frame.columns:
        return _content_once(table, frame)
    keyed, bare = frame.filter(pl.col(_KEY).is_not_null()), frame.filter(pl.col(_KEY).is_null())
    doubled = keyed[_KEY].is_duplicated() if keyed.height else pl.Series([], dtype=pl.Boolean)
    several = keyed.filter(doubled)
    if several.height:
        others = [name for name in several.columns if name != _KEY]
        latest = [
            pl.col(n).last() if n in (FILE_INDEX, LINE, "_signature") else pl.col(n).drop_nulls().last() for n in others
        ]
        several = several.group_by(_KEY, maintain_order=True).agg(latest).select(keyed.columns)
    return pl.concat([keyed.filter(~doubled), several, _content_once(table, bare)])


def _content_once(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The n-th copy of a content in one sheet is the n-th copy in another of the same layout."""
    shared = frame.select("_signature", FILE_INDEX).unique()["_signature"].is_duplicated().any()
    if not shared:  # sheets of different layouts hold no copies of one another
        return frame
    made_up = (
        frame.select(pl.col("order_id").str.starts_with("row-").all()).item() if "order_id" in frame.columns else False
    )
    content = [n for n in table.names if n in frame.columns and not (made_up and n == "order_id")] + ["_signature"]
    copy = pl.int_range(pl.len()).over([*content, FILE_INDEX])
    counted = frame.with_columns(_copy=copy)
    return counted.filter(pl.struct([*content, "_copy"]).is_first_distinct()).drop("_copy")
