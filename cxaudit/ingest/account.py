"""What became of each sheet's rows, in figures: read, kept, folded, set aside; their sums, and the days they span."""

from __future__ import annotations

from typing import Any

import polars as pl

from cxaudit.ingest.entries import NONE, Entry
from cxaudit.ingest.grids import is_grid
from cxaudit.ingest.ledger import FILE_INDEX, LINE, Rows
from cxaudit.schema.currencies import currency_names
from cxaudit.schema.results import Export, SetAside
from cxaudit.schema.tables import TABLES


def account(rows: Rows, read: int, typed: int, table: pl.DataFrame | None, index: int) -> Export:
    """What became of the rows of a sheet: `read` in the file, `typed` of them; the table holds those of the `index`."""
    entry, mine = rows.entry, _mine(table, index)
    kept = records(entry, mine)
    counted = rows.set_aside.group_by("reason", maintain_order=True).len()
    aside = tuple(SetAside(reason, count) for reason, count in counted.iter_rows())
    first, last = _days(entry.table, mine)
    return Export(
        entry.file,
        entry.table,
        entry.platform,
        dict(entry.mapping),
        rows_read=read,
        rows_kept=kept,
        rows_folded=typed - kept,
        set_aside=aside,
        totals=_totals(entry.table, mine),
        sheet=entry.sheet,
        derived=dict(entry.derived),
        digest=entry.digest,
        first_day=first,
        last_day=last,
        amounts=_amounts(entry.table, mine),
    )


def records(entry: Entry, frame: pl.DataFrame) -> int:
    """The client's rows in a table: several rows of a listening table may be the criteria of one."""
    return frame[LINE].n_unique() if is_grid(entry) and frame.height else frame.height


def _mine(frame: pl.DataFrame | None, index: int) -> pl.DataFrame:
    if frame is None:
        return pl.DataFrame()
    mine = frame[FILE_INDEX] == index
    return frame if mine.all() else frame.filter(mine)


def _totals(table: str, frame: pl.DataFrame) -> dict[str, float]:
    if table == NONE or not frame.height:
        return {}
    amounts = [
        column.name for column in TABLES[table].columns if column.kind == "amount" and column.name in frame.columns
    ]
    return {name: float(frame[name].rechunk().sum()) for name in amounts}


def _amounts(table: str, frame: pl.DataFrame) -> dict[str, float]:
    """What orders cost by the currency that they say ("" where one says none); empty where none does."""
    if table != "orders" or not {"amount", "currency"} <= set(frame.columns):
        return {}
    words = frame["currency"].cast(pl.String).str.strip_chars().fill_null("")
    names = currency_names([word for word in words.unique().to_list() if word])
    if not names:
        return {}
    said = words.replace_strict(list(names), list(names.values()), default="", return_dtype=pl.String)
    # Each in one piece: a sum of groups by several threads is not the same twice in its last digit.
    parts = {
        name: frame["amount"].filter(said == name) for name in sorted(said.unique(), key=lambda name: (not name, name))
    }
    return {name: float(part.rechunk().sum()) for name, part in parts.items()}


def _days(table: str, frame: pl.DataFrame) -> tuple[Any, Any]:
    if table == NONE or not frame.height:
        return None, None
    moments = [
        column.name for column in TABLES[table].columns if column.kind == "moment" and column.name in frame.columns
    ]
    if not moments or frame[moments[0]].null_count() == frame.height:
        return None, None
    lowest, highest = frame[moments[0]].min(), frame[moments[0]].max()
    return lowest.date(), highest.date()  # type: ignore[union-attr]
