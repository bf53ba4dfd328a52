"""Sound delimited text at full speed, checked against the count of its lines."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cxaudit.ingest.read_charset import Buffer
from cxaudit.ingest.read_layout import LINE, reads_as_record, told_columns
from cxaudit.ingest.read_scan import Scan, Starts, record_starts, widest

# Ragged records may make a sheet wider by so many columns; cells beyond are joined in the last one.
MOST_EXTRA = 64
SUSPECTS = 200


@dataclass(frozen=True)
class Grammar:
    """How the records of a file are written: typical width, kinds of the columns, delimiter and quote (a byte each)."""

    width: int
    kinds: tuple[str, ...]
    delimiter: str
    quote: str | None


def fast_records(
    source: bytes | Path,
    data: Buffer,
    begin: int,
    skipped: int,
    first_line: int,
    grammar: Grammar,
    seen: Scan,
    starts: Starts | None = None,
    columns: Sequence[int] | None = None,
) -> pl.DataFrame | None:
    """The records of `source` below `skipped` lines, numbered from `first_line`; columns c0 ..., and `LINE` last.

    `starts` spares looking for their beginnings again. With `columns` those alone, in ascending order; records of other
    widths are not noticed then.

    None where the number of lines, or records inside a cell, show that they were cut otherwise than they are written.
    """
    for width in (grammar.width, None):
        if width is None:
            width = widest(data, begin, grammar.delimiter, grammar.quote)
            if not grammar.width < width <= grammar.width + MOST_EXTRA:
                return None
        try:
            read = pl.scan_csv(
                source,
                separator=grammar.delimiter,
                quote_char=grammar.quote,
                has_header=False,
                skip_lines=skipped,
                schema={f"c{position}": pl.String for position in range(width)},
                null_values=[""],
                missing_columns="insert",
                row_index_name=LINE,
                row_index_offset=first_line,
            )
            frame = (read if columns is None else read.select(LINE, *(f"c{at}" for at in columns))).collect()
        except pl.exceptions.PolarsError:
            continue
        if frame.height + seen.inner != seen.lines or (seen.inner and _swallowed(frame, grammar)):
            return None
        lines = frame[LINE].cast(pl.Int64)
        if seen.inner:
            starts = starts or record_starts(data, begin, grammar.quote)
            if len(starts.lines) != frame.height:
                return None
            lines = pl.Series(LINE, starts.lines + first_line, dtype=pl.Int64)
        return frame.drop(LINE).with_columns(lines)
    return None


def least_swallowed(grammar: Grammar) -> float:
    """So many delimiters on one line of a cell may be a record that two stray quotes far apart made part of it."""
    told = told_columns(grammar.kinds)
    return min(told[-1], 40) if len(told) > 1 else math.inf


def _swallowed(frame: pl.DataFrame, grammar: Grammar) -> bool:
    """Whether two stray quotes far apart made one cell of the records between them."""
    least = least_swallowed(grammar)
    if least == math.inf:
        return False
    mark = re.escape(grammar.delimiter)
    record = rf"\n(?:[^{mark}\n]*{mark}){{{least}}}"
    cells = [cell for name in frame.columns if name != LINE for cell in _suspects(frame[name], record)]
    inner = (line.removesuffix("\r") for cell in cells for line in cell.split("\n")[1:SUSPECTS])
    return any(reads_as_record(line.split(grammar.delimiter), grammar.kinds) for line in inner)


def _suspects(column: pl.Series, record: str) -> Sequence[str]:
    """Some cells of several lines of which one is built like a record."""
    if column.null_count() == len(column):
        return ()
    several = column.filter(column.str.contains("\n", literal=True))
    return several.filter(several.str.contains(record)).head(SUSPECTS).to_list() if len(several) else ()
