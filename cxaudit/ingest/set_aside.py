"""Rows that are not kept, as they can be downloaded: file, line, column, value, reason."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cxaudit.ingest.entries import Entry
from cxaudit.ingest.read_layout import LINE
from cxaudit.ingest.sources import Sheet

SET_ASIDE_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "file": pl.String,
    "sheet": pl.String,
    "line": pl.Int64,
    "table": pl.String,
    "column": pl.String,
    "value": pl.String,
    "reason": pl.String,
}


def set_aside(sheet: Sheet, entry: Entry, rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    """Rows set aside for one reason, no cell of theirs named."""
    return rows.select(
        file=pl.lit(sheet.file),
        sheet=pl.lit(sheet.sheet, dtype=pl.String),
        line=pl.col(LINE).cast(pl.Int64),
        table=pl.lit(entry.table),
        column=pl.lit(None, dtype=pl.String),
        value=pl.lit(None, dtype=pl.String),
        reason=pl.lit(reason),
    )


def no_records(sheet: Sheet, entry: Entry, structural: pl.Series, reason: str) -> pl.DataFrame:
    """The rows that are no records for this reason, each with its first text."""
    rows = sheet.frame.filter((structural == reason).fill_null(False))
    # The sample of a large file has its last rows, where footers stand, with every column.
    cells = sheet.evidence.filter(pl.col(LINE).is_in(rows[LINE].implode()))
    cells = cells if cells.height == rows.height else rows
    first = pl.coalesce(pl.exclude(LINE)).alias("value")
    return set_aside(sheet, entry, rows, reason).with_columns(cells.select(first))


def unused_rows(
    sheet: Sheet, entry: Entry, body: pl.DataFrame, unused: pl.DataFrame, sources: Mapping[str, str | None]
) -> pl.DataFrame:
    """The rows set aside for a required field, each with the text that stood there."""
    parts = [pl.DataFrame(schema=SET_ASIDE_SCHEMA)]
    for name in unused["_column"].unique(maintain_order=True):
        rows = unused.filter(pl.col("_column") == name)
        source = sources.get(name)
        value = body[source].gather(rows["_row"]) if source else pl.Series([None], dtype=pl.String)
        found = set_aside(sheet, entry, rows, "").with_columns(
            rows["_reason"].alias("reason"), value.alias("value"), pl.lit(source or name).alias("column")
        )
        parts.append(found.select(list(SET_ASIDE_SCHEMA)))
    return pl.concat(parts)
