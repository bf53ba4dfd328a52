"""Delimited and aligned text: decided on a sample, read whole at full speed, checked against the count of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import polars as pl

from cxaudit.ingest.read_aligned import column_starts, cut
from cxaudit.ingest.read_broken import lenient_records
from cxaudit.ingest.read_charset import Buffer, Decoded, forget
from cxaudit.ingest.read_dialect import RECORDS, UNIT, Dialect, decide_dialect, reader_of, visible
from cxaudit.ingest.read_layout import LINE, Layout, Row, column_kinds, read_layout, reads_as_record, told_columns
from cxaudit.ingest.read_scan import Scan, line_start, scan, widest
from cxaudit.ingest.read_sheet import Sheet, Unreadable, finish, sheet_of_rows
from cxaudit.schema.results import Phrase

SAMPLE = 1 << 17
LARGEST_SAMPLE = 1 << 24
HEAD_ROWS = 150
BATCH = 50_000
# Ragged records may make a sheet wider by so many columns; cells beyond are joined in the last one.
MOST_EXTRA = 64
SUSPECTS = 200


@dataclass(frozen=True)
class Text:
    """Text ready to be read: bytes to look at, what the reader opens, the dialect and the first rows."""

    data: Buffer
    source: bytes | Path
    start: int
    dialect: Dialect
    rows: tuple[Row, ...]


def read_delimited(file: str, decoded: Decoded, digest: str) -> Sheet | Unreadable:
    """The one sheet of a text file."""
    sample = _sample(decoded)
    if not sample.strip():
        return Unreadable(file, None, Phrase.of("reading.empty", file=file))
    dialect = decide_dialect(sample)
    aligned = _aligned(file, decoded, sample, dialect, digest)
    if aligned is not None:
        return aligned
    text = _text(decoded, sample, dialect)
    layout = read_layout(text.rows)
    if layout.first >= len(text.rows):
        return Unreadable(file, None, Phrase.of("reading.header_only", file=file, names=list(layout.names[:8])))
    frame, why = _records(text, layout)
    sheet = Sheet(
        file=file,
        sheet=None,
        encoding=decoded.encoding,
        delimiter=dialect.delimiter,
        header_row=layout.header_row,
        header_rows=layout.header_rows,
        names=layout.names,
        second_names=layout.second_names,
        frame=frame,
        rows=frame.height,
        footer=frozenset(),
        why=(*decoded.why, *dialect.why(), *layout.why, *why),
        digest=digest,
    )
    return finish(sheet, text.rows[layout.first :])


def _sample(decoded: Decoded) -> str:
    """The beginning of the text up to a line's end; longer where one cell fills it."""
    size = SAMPLE
    while True:
        piece = bytes(decoded.data[decoded.start : decoded.start + size])
        whole = decoded.start + size >= len(decoded.data)
        end = len(piece) if whole else piece.rfind(b"\n") + 1
        if whole or size >= LARGEST_SAMPLE or piece.count(b"\n", 0, end) >= 8:
            return piece[: end or len(piece)].decode("utf-8", "replace")
        size *= 4


def _text(decoded: Decoded, sample: str, dialect: Dialect) -> Text:
    data, source, start = decoded.data, decoded.source, decoded.start
    delimiter = dialect.delimiter
    if delimiter is not None and len(delimiter.encode()) > 1:
        data = source = bytes(data[start:]).replace(delimiter.encode(), UNIT.encode())
        start, sample, dialect = 0, sample.replace(delimiter, UNIT), replace(dialect, delimiter=UNIT)
    return Text(data, source, start, dialect, _head_rows(sample, dialect))


def _head_rows(sample: str, dialect: Dialect) -> tuple[Row, ...]:
    """The first records with the line each starts on; by the patient rules where the sample's quotes are broken."""
    skipped = 1 if dialect.told else 0
    text = sample.split("\n", 1)[1] if skipped and "\n" in sample else sample
    lines = text.split("\n")
    sound = dialect.quote is None or scan(text.encode(), 0, dialect.delimiter, dialect.quote).sound
    if not sound:
        plain = [line.removesuffix("\r") for line in lines]
        delimiter = dialect.delimiter or UNIT
        apart = [
            Row(0, tuple(line.split(delimiter)))
            for line in plain[1:HEAD_ROWS]
            if line.count(delimiter) + 1 == dialect.width
        ]
        is_record = partial(reads_as_record, kinds=column_kinds(apart))
        found = lenient_records(plain, delimiter, dialect.quote, dialect.width, skipped + 1, is_record)
        return tuple(Row(line, tuple(cells)) for line, cells in islice(found, HEAD_ROWS))
    reader = reader_of(text, dialect.delimiter or UNIT, dialect.quote)
    rows: list[Row] = []
    line = 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append(Row(skipped + line + 1, tuple(cells)))
        line = line + 1 + sum(cell.count("\n") for cell in cells)
        if len(rows) >= RECORDS:
            break
    return tuple(rows)


def _records(text: Text, layout: Layout) -> tuple[pl.DataFrame, tuple[Phrase, ...]]:
    """All records from the first one on, as text, with their lines."""
    first_line = text.rows[layout.first].line
    begin = line_start(text.data, text.start, first_line - 1)
    delimiter, quote = text.dialect.delimiter, text.dialect.quote
    seen = scan(text.data, begin, delimiter, quote)
    forget(text.data)
    why: tuple[Phrase, ...] = ()
    if not seen.sound and not (seen.openers and seen.closers):
        quote, seen = None, scan(text.data, begin, delimiter, None)
        why = (Phrase.of("reading.why.no_quotes"),)
    frame = None
    if seen.sound:
        frame = _fast(text, layout, quote, begin, seen)
    if frame is None:
        frame = _patient(text, layout, begin)
        why = (Phrase.of("reading.why.broken_quotes"),)
    return frame, why


def _fast(text: Text, layout: Layout, quote: str | None, begin: int, seen: Scan) -> pl.DataFrame | None:
    """The records by Polars; None where the number of lines shows that it read them otherwise."""
    delimiter = text.dialect.delimiter or UNIT
    names, records = layout.names, text.rows[layout.first :]
    first_line, kinds = records[0].line, column_kinds(records)
    for width in (len(names), None):
        if width is None:
            width = widest(text.data, begin, delimiter, quote)
            if not len(names) < width <= len(names) + MOST_EXTRA:
                return None
        try:
            frame = pl.read_csv(
                text.source,
                separator=delimiter,
                quote_char=quote,
                has_header=False,
                skip_lines=first_line - 1,
                schema={f"c{position}": pl.String for position in range(width)},
                null_values=[""],
                missing_columns="insert",
                row_index_name=LINE,
                row_index_offset=first_line,
            )
        except pl.exceptions.PolarsError:
            continue
        if frame.height + seen.inner != seen.lines or (seen.inner and _swallowed(frame, delimiter, kinds)):
            return None
        frame = frame.with_columns(pl.col(LINE).cast(pl.Int64)).select(pl.exclude(LINE), LINE)
        return _with_inner_lines(frame) if seen.inner else frame
    return None


def _swallowed(frame: pl.DataFrame, delimiter: str, kinds: Sequence[str]) -> bool:
    """Whether two stray quotes far apart made one cell of the records between them."""
    told = told_columns(kinds)
    if len(told) < 2:
        return False
    mark = re.escape(delimiter)
    record = rf"\n(?:[^{mark}\n]*{mark}){{{min(told[-1], 40)}}}"
    suspects = frame.select(pl.exclude(LINE).filter(pl.exclude(LINE).str.contains(record)).head(SUSPECTS).implode())
    cells = [cell for name in suspects.columns for cell in suspects[name][0].to_list()]
    inner = (line.removesuffix("\r") for cell in cells for line in cell.split("\n")[1:SUSPECTS])
    return any(reads_as_record(line.split(delimiter), kinds) for line in inner)


def _with_inner_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """Lines moved on by the line ends that earlier records hold inside their cells."""
    inside = pl.sum_horizontal(pl.exclude(LINE).str.count_matches("\n", literal=True).fill_null(0)).cast(pl.Int64)
    before = frame.select(inside.cum_sum().shift(1, fill_value=0)).to_series()
    lines = (frame[LINE] + before).alias(LINE)
    # Joined column by column: columns of unlike pieces would all be copied at once by the next selection.
    for position in range(frame.width - 1):
        frame.replace_column(position, frame.to_series(position).rechunk())
    return frame.replace_column(frame.width - 1, lines.rechunk())


def _patient(text: Text, layout: Layout, begin: int) -> pl.DataFrame:
    content = bytes(text.data[begin:]).decode("utf-8", "replace")
    lines = [line.removesuffix("\r") for line in content.split("\n")]
    delimiter = text.dialect.delimiter or UNIT
    names, records = layout.names, text.rows[layout.first :]
    is_record = partial(reads_as_record, kinds=column_kinds(records))
    found = lenient_records(lines, delimiter, text.dialect.quote, len(names), records[0].line, is_record)
    frames = []
    while batch := list(islice(found, BATCH)):
        width = min(max(len(names), *(len(cells) for _, cells in batch)), len(names) + MOST_EXTRA)
        cells = [_fitted(row, width, delimiter) for _, row in batch]
        frame = pl.DataFrame(cells, schema=[(f"c{position}", pl.String) for position in range(width)], orient="row")
        frames.append(frame.with_columns(pl.Series("line", [line for line, _ in batch], dtype=pl.Int64)))
    frame = pl.concat(frames, how="diagonal")
    return frame.select(*(name for name in frame.columns if name != "line"), "line")


def _fitted(row: list[str], width: int, delimiter: str) -> list[str | None]:
    kept = row if len(row) <= width else [*row[: width - 1], delimiter.join(row[width - 1 :])]
    return [cell or None for cell in kept] + [None] * (width - len(kept))


def _aligned(file: str, decoded: Decoded, sample: str, dialect: Dialect, digest: str) -> Sheet | Unreadable | None:
    """The sheet of whitespace-aligned text, None where a delimiter explains the lines better."""
    lines = sample.split("\n")
    if dialect.told or (dialect.delimiter is not None and "  " not in lines[0].strip()):
        return None
    if column_starts([line.removesuffix("\r").rstrip() for line in lines]) is None:
        return None
    content = bytes(decoded.data[decoded.start :]).decode("utf-8", "replace")
    lines = [line.removesuffix("\r").rstrip() for line in content.split("\n")]
    found = column_starts(lines)
    if found is None:
        return None
    _, starts = found
    rows = tuple(Row(number, tuple(cut(line, starts))) for number, line in enumerate(lines, start=1) if line.strip())
    why = (*decoded.why, Phrase.of("reading.why.aligned", count=len(starts)))
    return sheet_of_rows(file, None, rows, digest=digest, encoding=decoded.encoding, delimiter=visible(" "), why=why)
