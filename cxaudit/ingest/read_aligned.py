"""Columns kept apart by spaces alone: the blanks that run down through every line."""

from __future__ import annotations

from collections.abc import Sequence

SAMPLE_LINES = 20_000
MAX_TITLES = 6


def column_starts(lines: Sequence[str]) -> tuple[int, tuple[int, ...]] | None:
    """Where the columns of whitespace-aligned text begin, and how many title lines stand above them.

    A column ends where two or more blanks run through all lines, or one blank before a word of the first line, if some
    other columns stand further apart. None where there are not two columns.
    """
    filled = [line.rstrip() for line in lines if line.strip()]
    for titles in range(min(MAX_TITLES, max(0, len(filled) - 3))):
        starts = _starts(filled[titles:])
        if len(starts) > 1:
            return titles, starts
    return None


def _starts(lines: Sequence[str]) -> tuple[int, ...]:
    if len(lines) < 3 or "\t" in lines[0]:
        return ()
    step = max(1, len(lines) // SAMPLE_LINES)
    width = max(len(line) for line in lines)
    ink = bytearray(width)
    for line in lines[::step]:
        for word_start, word_end in _words(line):
            ink[word_start:word_end] = b"\1" * (word_end - word_start)
    head = lines[0].ljust(width)
    starts = [next((position for position in range(width) if ink[position]), 0)]
    position = starts[0]
    widest = 0
    while position < width:
        blank = ink.find(0, position)
        if blank < 0:
            break
        position = ink.find(1, blank)
        if position < 0:
            break
        widest = max(widest, position - blank)
        if position - blank >= 2 or head[position] != " ":
            starts.append(position)
    named = sum(bool(cell.strip()) for cell in cut(lines[0], starts))
    return tuple(starts) if named >= len(starts) - 1 and widest >= 2 else ()


def _words(line: str) -> list[tuple[int, int]]:
    spans = []
    position = 0
    for word in line.split(" "):
        if word:
            spans.append((position, position + len(word)))
        position += len(word) + 1
    return spans


def cut(line: str, starts: Sequence[int]) -> list[str]:
    """The cells of one line."""
    ends = [*starts[1:], None]
    return [line[begin:end].strip() for begin, end in zip([0, *starts[1:]], ends, strict=True)]
