"""A pass over the bytes of delimited text: is the quoting sound, how many lines, how many of them inside a cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxaudit.ingest.read_charset import CHUNK, HELD, Buffer, forget

LF, CR = 10, 13


@dataclass(frozen=True)
class Scan:
    """What the bytes from the first record on hold.

    Attributes:
        lines: Physical lines.
        inner: Line ends inside quoted cells.
        sound: Every opening quote begins a cell, every closing quote ends one, and all are closed.
        openers: Quotes at the beginning of a cell.
        closers: Quotes at the end of a cell.
    """

    lines: int
    inner: int
    sound: bool
    openers: int
    closers: int


def scan(data: Buffer, start: int, delimiter: str | None, quote: str | None) -> Scan:
    """Count and check from byte `start` to the end; `delimiter` and `quote` are single bytes."""
    text = np.frombuffer(data, dtype=np.uint8)
    size = len(text)
    edges = np.zeros(256, dtype=bool)
    edges[[LF, CR]] = True
    if delimiter:
        edges[ord(delimiter)] = True
    quoted = ord(quote) if quote else None
    lines = inner = seen = openers = closers = 0
    sound = True
    for begin in range(start, size, CHUNK):
        if begin // CHUNK % (HELD // CHUNK) == 0:
            forget(data)
        part = text[begin : begin + CHUNK]
        ends = np.flatnonzero(part == LF)
        lines += len(ends)
        if quoted is None:
            continue
        quotes = np.flatnonzero(part == quoted)
        if len(quotes) == 0:
            inner += len(ends) * (seen % 2)
            continue
        inner += int(((np.searchsorted(quotes, ends) + seen) % 2).sum())
        before, after = _neighbours(text, quotes + begin, start, size, edges)
        opening = (np.arange(seen, seen + len(quotes)) % 2) == 0
        mark_before = text[np.maximum(quotes + begin - 1, 0)] == quoted
        mark_after = text[np.minimum(quotes + begin + 1, size - 1)] == quoted
        sound = sound and bool(np.where(opening, before | mark_before, after | mark_after).all())
        openers += int((before & ~after).sum())
        closers += int((after & ~before).sum())
        seen += len(quotes)
    last = size > start and text[size - 1] != LF
    return Scan(lines + int(last), inner, sound and seen % 2 == 0, openers, closers)


def _neighbours(
    text: np.ndarray, quotes: np.ndarray, start: int, size: int, edges: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    before = edges[text[np.maximum(quotes - 1, 0)]] | (quotes == start)
    after = edges[text[np.minimum(quotes + 1, size - 1)]] | (quotes == size - 1)
    return before, after


def widest(data: Buffer, start: int, delimiter: str, quote: str | None) -> int:
    """The largest number of cells of any record."""
    text = np.frombuffer(data, dtype=np.uint8)
    quoted = ord(quote) if quote else None
    seen = carried = most = 0
    for begin in range(start, len(text), CHUNK):
        part = text[begin : begin + CHUNK]
        marks = np.flatnonzero((part == ord(delimiter)) | (part == LF))
        if quoted is not None:
            quotes = np.flatnonzero(part == quoted)
            marks = marks[(np.searchsorted(quotes, marks) + seen) % 2 == 0]
            seen += len(quotes)
        ends = np.flatnonzero(part[marks] == LF)
        counts = np.diff(ends, prepend=-1, append=len(marks)) - 1
        counts[0] += carried
        carried = int(counts[-1])
        most = max(most, int(counts.max()))
    return most + 1


@dataclass(frozen=True)
class Starts:
    """Where each record begins: its byte, and how many lines stand before it."""

    bytes: np.ndarray
    lines: np.ndarray


def record_starts(data: Buffer, start: int, quote: str | None) -> Starts:
    """The beginnings of the records from byte `start` on, all quotes taken as sound."""
    text = np.frombuffer(data, dtype=np.uint8)
    quoted = ord(quote) if quote else None
    places, numbers = [np.array([start])], [np.array([0])]
    seen = lines = 0
    for begin in range(start, len(text), CHUNK):
        part = text[begin : begin + CHUNK]
        ends = np.flatnonzero(part == LF)
        outside = np.arange(len(ends))
        if quoted is not None:
            quotes = np.flatnonzero(part == quoted)
            outside = np.flatnonzero((np.searchsorted(quotes, ends) + seen) % 2 == 0)
            seen += len(quotes)
        places.append(ends[outside] + begin + 1)
        numbers.append(outside + lines + 1)
        lines += len(ends)
    found = Starts(np.concatenate(places), np.concatenate(numbers))
    inside = found.bytes < len(text)
    return Starts(found.bytes[inside], found.lines[inside])


def crowded(text: bytes, delimiter: str, quote: str | None, starts: np.ndarray, cells: int, inner: float) -> bool:
    """Whether a record holds more than `cells` cells, or a line that begins inside a cell `inner` delimiters within.

    `starts`: where the records of the whole `text` begin. All quotes are taken as sound.
    """
    held = np.frombuffer(text, dtype=np.uint8)
    marks = np.flatnonzero(held == ord(delimiter))
    quotes = np.flatnonzero(held == ord(quote)) if quote else np.array([], dtype=np.int64)
    if _more(marks, quotes, starts, cells - 1, inside=False):
        return True
    lines = np.append(0, np.flatnonzero(held == LF) + 1)
    return _more(marks, quotes, lines, inner - 1, inside=True)


def _more(marks: np.ndarray, quotes: np.ndarray, begins: np.ndarray, most: float, *, inside: bool) -> bool:
    """Whether more than `most` marks stand, inside cells or outside, between a beginning of that kind and the next.

    Where each mark stands is looked up only where there are enough of them.
    """
    counts = np.diff(np.searchsorted(marks, begins), append=len(marks))
    doubtful = counts > most
    doubtful[doubtful] = np.searchsorted(quotes, begins[doubtful]) % 2 == inside
    if not doubtful.any():
        return False
    stand = np.searchsorted(quotes, marks[np.repeat(doubtful, counts)]) % 2 == inside
    owners = np.repeat(np.arange(doubtful.sum()), counts[doubtful])
    return bool((np.bincount(owners, weights=stand) > most).any())


def last_record_end(data: Buffer, start: int, size: int, quote: str | None) -> tuple[int, int] | None:
    """Where the last record ends that closes within `size` bytes, and the line ends up to there.

    All quotes from `start` on are taken as sound; None where no record closes.
    """
    part = np.frombuffer(data, dtype=np.uint8)[start : start + size]
    ends = np.flatnonzero(part == LF)
    if start + size >= len(data):
        return len(data), len(ends)
    closing = np.arange(len(ends))
    if quote is not None:
        quotes = np.flatnonzero(part == ord(quote))
        closing = np.flatnonzero(np.searchsorted(quotes, ends) % 2 == 0)
    return (start + int(ends[closing[-1]]) + 1, int(closing[-1]) + 1) if len(closing) else None


def line_start(data: Buffer, start: int, lines: int) -> int:
    """The byte at which the line after `lines` further lines begins."""
    position = start
    for _ in range(lines):
        found = data.find(b"\n", position)
        if found < 0:
            return len(data)
        position = found + 1
    return position
