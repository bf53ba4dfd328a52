"""Records of text whose quoting is broken: stray quotes, unclosed ones, lines cut short.

Slow and patient, for the few files that the fast reader cannot take: a quote opens a cell only at its beginning and
closes it only before a delimiter or a line's end; a cell that never closes keeps to its line. Nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import polars as pl

from cxaudit.ingest.read_charset import Buffer
from cxaudit.ingest.read_fast import MOST_EXTRA, Grammar, fast_records
from cxaudit.ingest.read_layout import LINE, reads_as_record
from cxaudit.ingest.read_scan import last_record_end, scan

MAX_JOINED_LINES = 2_000
BLOCKS = (1 << 23, 1 << 20, 1 << 17)
PATIENT_BLOCK = 1 << 17
MAX_JOINED = 1 << 23


IsRecord = Callable[[Sequence[str]], bool]


def mixed_records(data: Buffer, begin: int, first_line: int, grammar: Grammar) -> pl.DataFrame:
    """All records of a file that is broken somewhere: sound blocks at full speed, broken ones with patience."""
    frames = []
    line = first_line
    while begin < len(data):
        block, frame = _sound(data, begin, line, grammar) or _patient(data, begin, line, grammar)
        frames.append(frame)
        begin += len(block)
        line += block.count(b"\n")
    joined = pl.concat(frames, how="diagonal")
    return joined.select(pl.exclude(LINE), LINE)


def _sound(data: Buffer, begin: int, line: int, grammar: Grammar) -> tuple[bytes, pl.DataFrame] | None:
    """The largest sound block that begins at `begin`, and its records."""
    for size in BLOCKS:
        found = last_record_end(data, begin, size, grammar.quote)
        block = bytes(data[begin : found[0]]) if found else b""
        seen = scan(block, 0, grammar.delimiter, grammar.quote)
        if block and seen.sound:
            frame = fast_records(block, block, 0, 0, line, grammar, seen)
            if frame is not None:
                return block, frame
    return None


def _patient(data: Buffer, begin: int, line: int, grammar: Grammar) -> tuple[bytes, pl.DataFrame]:
    """The records of a smaller block, which ends before a line that is a record by itself."""
    is_record = partial(reads_as_record, kinds=grammar.kinds)
    block = bytes(data[begin : begin + PATIENT_BLOCK])
    if begin + len(block) < len(data):
        block = block[: block.rfind(b"\n") + 1] or bytes(data[begin : data.find(b"\n", begin) + 1 or len(data)])
        lines = block.split(b"\n")[:-1]
        last = next(
            (
                position
                for position in range(len(lines) - 1, 0, -1)
                if is_record(lines[position].decode("utf-8", "replace").split(grammar.delimiter))
            ),
            len(lines),
        )
        block = b"\n".join(lines[:last]) + b"\n"
    texts = [text.removesuffix("\r") for text in block.decode("utf-8", "replace").split("\n")]
    found = list(lenient_records(texts, grammar.delimiter, grammar.quote, grammar.width, line, is_record))
    width = min(max([grammar.width, *(len(cells) for _, cells in found)]), grammar.width + MOST_EXTRA)
    cells = [_fitted(row, width, grammar.delimiter) for _, row in found]
    schema = [(f"c{position}", pl.String) for position in range(width)]
    frame = pl.DataFrame(cells, schema=schema, orient="row")
    return block, frame.with_columns(pl.Series(LINE, [start for start, _ in found], dtype=pl.Int64))


def _fitted(row: list[str], width: int, delimiter: str) -> list[str | None]:
    kept = row if len(row) <= width else [*row[: width - 1], delimiter.join(row[width - 1 :])]
    return [cell or None for cell in kept] + [None] * (width - len(kept))


def lenient_records(
    lines: Sequence[str], delimiter: str, quote: str | None, width: int, first_line: int, is_record: IsRecord
) -> Iterator[tuple[int, list[str]]]:
    """Every non-blank record as (line where it starts, cells); `is_record` tells a line that is one by itself."""
    position = 0
    while position < len(lines):
        start, text = position, lines[position]
        position += 1
        if not text.strip():
            continue
        if quote is None or quote not in text:
            yield first_line + start, text.split(delimiter)
            continue
        cells, closed = split(text, delimiter, quote)
        if not closed:
            joined = _joined(lines, start, delimiter, quote, is_record)
            if joined is not None and _better(joined[0], cells, width, delimiter + quote):
                cells, position = joined
        yield first_line + start, cells


def _better(joined: Sequence[str], alone: Sequence[str], width: int, opening: str) -> bool:
    """Whether lines joined make the sounder record; an opening inside means that another record was swallowed."""
    if len(alone) == width and any(opening in cell for cell in joined):
        return False
    return len(joined) == width or len(alone) < width >= len(joined)


def _joined(
    lines: Sequence[str], start: int, delimiter: str, quote: str, is_record: IsRecord
) -> tuple[list[str], int] | None:
    """The record that begins at `start` and closes on a later line, with the position after it."""
    parts = [lines[start]]
    size = len(parts[0])
    for position in range(start + 1, min(start + MAX_JOINED_LINES, len(lines))):
        if is_record(lines[position].split(delimiter)):
            return None
        parts.append(lines[position])
        size += len(parts[-1])
        if size > MAX_JOINED:
            return None
        if quote in lines[position]:
            cells, closed = split("\n".join(parts), delimiter, quote)
            if closed:
                return cells, position + 1
    return None


def split(text: str, delimiter: str, quote: str) -> tuple[list[str], bool]:
    """The cells of one record, and whether all its quotes are closed; an unclosed cell is cut at delimiters."""
    cells: list[str] = []
    position = 0
    closed = True
    while True:
        begin = position
        while text.startswith(" ", begin):
            begin += 1
        end = _closing(text, begin + 1, delimiter, quote) if text.startswith(quote, begin) else -1
        if end >= 0:
            cells.append(text[begin + 1 : end].replace(quote * 2, quote))
            position = text.find(delimiter, end + 1)
        else:
            closed = closed and not text.startswith(quote, begin)
            stop = text.find(delimiter, position)
            cells.append(text[position:stop] if stop >= 0 else text[position:])
            position = stop
        if position < 0:
            return cells, closed
        position += len(delimiter)


def _closing(text: str, position: int, delimiter: str, quote: str) -> int:
    while True:
        position = text.find(quote, position)
        if position < 0:
            return -1
        if text.startswith(quote, position + 1):
            position += 2
            continue
        after = position + 1
        while text.startswith(" ", after) and not text.startswith(delimiter, after):
            after += 1
        if after >= len(text) or text.startswith(delimiter, after):
            return position
        position += 1
