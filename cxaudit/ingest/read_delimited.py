"""Delimited and aligned text: decided on a sample, read whole at full speed, checked against the count of lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import polars as pl

from cxaudit.ingest.read_aligned import column_starts, cut
from cxaudit.ingest.read_broken import lenient_records, mixed_records
from cxaudit.ingest.read_charset import Buffer, Decoded, forget
from cxaudit.ingest.read_dialect import RECORDS, UNIT, Dialect, decide_dialect, reader_of, records, visible
from cxaudit.ingest.read_fast import Grammar, fast_records
from cxaudit.ingest.read_layout import Row, column_kinds, read_layout, reads_as_record
from cxaudit.ingest.read_lean import LARGE, Chooser, lean_sheet
from cxaudit.ingest.read_scan import line_start, scan
from cxaudit.ingest.read_sheet import Sheet, Unreadable, finish, sheet_of_rows, under
from cxaudit.schema.results import Phrase

SAMPLE = 1 << 17
LARGEST_SAMPLE = 1 << 24
HEAD_ROWS = 150


@dataclass(frozen=True)
class Text:
    """Text ready to be read: bytes to look at, what the reader opens, the dialect and the first rows."""

    data: Buffer
    source: bytes | Path
    start: int
    dialect: Dialect
    rows: tuple[Row, ...]


def read_delimited(file: str, decoded: Decoded, digest: str, choose: Chooser | None = None) -> Sheet | Unreadable:
    """The one sheet of a text file; of a large one, with `choose`, the needed columns alone."""
    sample = _sample(decoded)
    if not sample.strip():
        return Unreadable(file, None, Phrase.of("reading.empty", file=file))
    dialect = decide_dialect(sample)
    aligned = _aligned(file, decoded, sample, dialect, digest)
    if aligned is not None:
        return aligned
    unwrapped = _unwrapped(decoded, sample, dialect)
    if unwrapped is not None:
        return read_delimited(file, unwrapped, digest)
    text = _text(decoded, sample, dialect)
    layout = read_layout(text.rows)
    if layout.first >= len(text.rows):
        return Unreadable(file, None, Phrase.of("reading.header_only", file=file, names=list(layout.names[:8])))
    why = (*decoded.why, *dialect.why(), *layout.why)
    unread = pl.DataFrame()
    sheet = under(
        layout, file, None, unread, digest=digest, why=why, encoding=decoded.encoding, delimiter=dialect.delimiter
    )
    return _filled(sheet, text, text.rows[layout.first :], choose)


def _unwrapped(decoded: Decoded, sample: str, dialect: Dialect) -> Decoded | None:
    """The text without the quotes around every whole line, as when a CSV was opened as one column and saved again."""
    if dialect.delimiter is not None or dialect.quote is None:
        return None
    lines = [row[0] for row in records(sample, UNIT, dialect.quote, RECORDS)]
    inner = decide_dialect("\n".join(lines))
    if len(lines) < 2 or any("\n" in line for line in lines) or inner.delimiter is None or inner.share < 0.9:
        return None
    if inner.width < 3 or lines[0].count(inner.delimiter) + 1 != inner.width:
        return None
    content = bytes(decoded.data[decoded.start :]).decode("utf-8", "replace")
    cells = (row[0] if row else "" for row in reader_of(content, UNIT, dialect.quote))
    data = "\n".join(cells).encode()
    return Decoded(decoded.encoding, data, data, 0, (*decoded.why, Phrase.of("reading.why.unwrapped")))


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


def _filled(sheet: Sheet, text: Text, records: tuple[Row, ...], choose: Chooser | None) -> Sheet:
    """The sheet with all its records from the first one on, as text, with their lines."""
    first_line = records[0].line
    begin = line_start(text.data, text.start, first_line - 1)
    grammar = Grammar(len(sheet.names), column_kinds(records), text.dialect.delimiter or UNIT, text.dialect.quote)
    lean = _lean(sheet, text, begin, records, grammar, choose)
    if lean is not None:
        return lean
    seen = scan(text.data, begin, grammar.delimiter, grammar.quote)
    forget(text.data)
    why: tuple[Phrase, ...] = ()
    if not seen.sound and not (seen.openers and seen.closers):
        grammar = replace(grammar, quote=None)
        why = (Phrase.of("reading.why.no_quotes"),)
        lean = _lean(replace(sheet, why=(*sheet.why, *why)), text, begin, records, grammar, choose)
        if lean is not None:
            return lean
        seen = scan(text.data, begin, grammar.delimiter, None)
    frame = None
    if seen.sound:
        frame = fast_records(text.source, text.data, begin, first_line - 1, first_line, grammar, seen)
    if frame is None:
        frame = mixed_records(text.data, begin, first_line, grammar)
        why = (Phrase.of("reading.why.broken_quotes"),)
    return finish(replace(sheet, frame=frame, why=(*sheet.why, *why)), records)


def _lean(
    sheet: Sheet, text: Text, begin: int, records: tuple[Row, ...], grammar: Grammar, choose: Chooser | None
) -> Sheet | None:
    """The needed columns of a large file; None where it is small, or must be read as a whole."""
    if choose is None or len(text.data) - begin <= LARGE:
        return None
    return lean_sheet(sheet, text.data, begin, records[0].line, grammar, records, choose)


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
