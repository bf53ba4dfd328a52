"""Sound delimited text at full speed, checked against the count of its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cxaudit.ingest.read_charset import Buffer
from cxaudit.ingest.read_layout import LINE, reads_as_record, told_columns
from cxaudit.ingest.read_scan import Scan, widest

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
    source: bytes | Path, data: Buffer, begin: int, skipped: int, first_line: int, grammar: Grammar, seen: Scan
) -> pl.DataFrame | None:
    """The records of `source` below `skipped` lines, numbered from `first_line`; columns c0 ..., and `line` last.

    None where the number of lines, or records inside a cell, show that they were cut otherwise than they are written.
    """
    for width in (grammar.width, None):
        if width is None:
            width = widest(data, begin, grammar.delimiter, grammar.quote)
            if not grammar.width < width <= grammar.width + MOST_EXTRA:
                return None
        try:
            frame = pl.read_csv(
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
        except pl.exceptions.PolarsError:
            continue
        if frame.height + seen.inner != seen.lines or (seen.inner and _swallowed(frame, grammar)):
            return None
        frame = frame.with_columns(pl.col(LINE).cast(pl.Int64)).select(pl.exclude(LINE), LINE)
        return _with_inner_lines(frame) if seen.inner else frame
    return None


def _swallowed(frame: pl.DataFrame, grammar: Grammar) -> bool:
    """Whether two stray quotes far apart made one cell of the records between them."""
    told = told_columns(grammar.kinds)
    if len(told) < 2:
        return False
    mark = re.escape(grammar.delimiter)
    record = rf"\n(?:[^{mark}\n]*{mark}){{{min(told[-1], 40)}}}"
    suspects = frame.select(pl.exclude(LINE).filter(pl.exclude(LINE).str.contains(record)).head(SUSPECTS).implode())
    cells: Sequence[str] = [cell for name in suspects.columns for cell in suspects[name][0].to_list()]
    inner = (line.removesuffix("\r") for cell in cells for line in cell.split("\n")[1:SUSPECTS])
    return any(reads_as_record(line.split(grammar.delimiter), grammar.kinds) for line in inner)


def _with_inner_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """Lines moved on by the line ends that earlier records hold inside their cells."""
    inside = pl.sum_horizontal(pl.exclude(LINE).str.count_matches("\n", literal=True).fill_null(0)).cast(pl.Int64)
    before = frame.select(inside.cum_sum().shift(1, fill_value=0)).to_series()
    lines = (frame[LINE] + before).alias(LINE)
    # Joined column by column: columns of unlike pieces would all be copied at once by the next selection.
    for position in range(frame.width - 1):
        frame.replace_column(position, frame.to_series(position).rechunk())
    return frame.replace_column(frame.width - 1, lines.rechunk())
