"""Records of text whose quoting is broken: stray quotes, unclosed ones, lines cut short.

Slow and patient, for the few files that the fast reader cannot take: a quote opens a cell only at its beginning and
closes it only before a delimiter or a line's end; a cell that never closes keeps to its line. Nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

MAX_JOINED_LINES = 2_000
MAX_JOINED = 1 << 23


IsRecord = Callable[[Sequence[str]], bool]


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
