"""A pass over the bytes of delimited text: is the quoting sound, how many lines, how many of them inside a cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cxaudit.ingest.read_bits import (
    STEP,
    Counted,
    bits,
    count,
    earlier,
    insides,
    later,
    nowhere,
    places,
    stand,
    tallies,
)
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


@dataclass(frozen=True)
class Starts:
    """Where each record begins: its byte, and how many lines stand before it."""

    bytes: np.ndarray
    lines: np.ndarray


@dataclass(frozen=True)
class Signs:
    """Line ends and quotes of a piece of text and what of it stands inside quotes, as bits; all quotes taken as sound.

    The piece is `text[begin:end]`, `part`; `inside` is None where nothing stands inside quotes.
    """

    text: np.ndarray
    begin: int
    end: int
    quote: str | None
    ends: np.ndarray
    quotes: np.ndarray
    inside: np.ndarray | None

    @classmethod
    def of(cls, text: np.ndarray, begin: int, end: int, quote: str | None, begun: bool = False) -> Signs:
        """`begun` tells that the piece begins inside a cell."""
        part = text[begin:end]
        quotes = bits(part, ord(quote)) if quote else nowhere(part)
        inside = insides(quotes, begun) if begun or quotes.any() else None
        return cls(text, begin, end, quote, bits(part, LF), quotes, inside)

    @property
    def part(self) -> np.ndarray:
        return self.text[self.begin : self.end]

    def outside(self, words: np.ndarray) -> np.ndarray:
        return words if self.inside is None else words & ~self.inside

    def starts(self) -> Starts:
        """Where records begin after each line end outside quotes, counted from the piece's first byte and line."""
        found = places(self.outside(self.ends))
        lines = np.arange(len(found)) if self.inside is None else Counted.of(self.ends).before(found)
        return Starts(found + 1, lines + 1)

    def seen(self, start: int, delimiter: str | None) -> Scan:
        """What the piece holds of a text whose records begin at `start`; a quote left open is not told."""
        inner = 0 if self.inside is None else count(self.ends & self.inside)
        if self.inside is None or not self.quotes.any():
            return Scan(count(self.ends), inner, True, 0, 0)
        edges = self.ends | bits(self.part, CR) | (bits(self.part, ord(delimiter)) if delimiter else self.ends)
        known = {LF, CR, ord(delimiter) if delimiter else LF}
        left = None if self.begin == start else int(self.text[self.begin - 1])
        right = None if self.end == len(self.text) else int(self.text[self.end])
        mark, size = ord(self.quote or "\0"), self.end - self.begin
        opens, doubled = later(edges, left is None or left in known), later(self.quotes, left == mark)
        closes = earlier(edges, size, right is None or right in known)
        broken = self.quotes & self.inside & ~(opens | doubled)
        broken |= self.quotes & ~self.inside & ~(closes | earlier(self.quotes, size, right == mark))
        openers, closers = count(self.quotes & opens & ~closes), count(self.quotes & closes & ~opens)
        return Scan(count(self.ends), inner, not broken.any(), openers, closers)

    def crowded(self, delimiter: str, starts: np.ndarray, cells: int, inner: float) -> bool:
        """Whether a record holds more than `cells` cells, or a line that begins in a cell `inner` delimiters within.

        `starts`: where the records of the piece begin.
        """
        marks = bits(self.part, ord(delimiter))
        if _counts(self.outside(marks), starts).max() >= cells:
            return True
        if self.inside is None or not (self.ends & self.inside).any():
            return False
        ends = places(self.ends)
        counts = _counts(marks & self.inside, ends + 1)[stand(self.inside, ends)]
        return len(counts) > 0 and bool(counts.max() >= inner)


def _counts(marks: np.ndarray, begins: np.ndarray) -> np.ndarray:
    """How many marks stand between each beginning and the next."""
    return np.diff(Counted.of(marks).before(begins), append=count(marks))


def look(text: bytes, quote: str | None) -> Signs:
    """The signs of a whole text."""
    return Signs.of(np.frombuffer(text, dtype=np.uint8), 0, len(text), quote)


def _pieces(data: Buffer, start: int, quote: str | None) -> Iterator[Signs]:
    """The text from byte `start` on, piece by piece."""
    text, begun = np.frombuffer(data, dtype=np.uint8), False
    for begin in range(start, len(text), CHUNK):
        if begin // CHUNK % (HELD // CHUNK) == 0:
            forget(data)
        signs = Signs.of(text, begin, min(begin + CHUNK, len(text)), quote, begun)
        yield signs
        begun ^= bool(count(signs.quotes) % 2)


def scan(
    data: Buffer, start: int, delimiter: str | None, quote: str | None, signs: Sequence[Signs] | None = None
) -> Scan:
    """Count and check from byte `start` to the end; `delimiter` and `quote` are single bytes.

    `signs` of the same text, piece by piece, spare looking for them again.
    """
    lines = inner = quotes = openers = closers = 0
    sound = True
    for piece in signs or _pieces(data, start, quote):
        seen = piece.seen(start, delimiter)
        lines, inner, quotes = lines + seen.lines, inner + seen.inner, quotes + count(piece.quotes)
        openers, closers = openers + seen.openers, closers + seen.closers
        sound = sound and seen.sound
    last = len(data) > start and data[len(data) - 1] != LF
    return Scan(lines + int(last), inner, sound and quotes % 2 == 0, openers, closers)


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


def record_starts(data: Buffer, start: int, quote: str | None, signs: Sequence[Signs] | None = None) -> Starts:
    """The beginnings of the records from byte `start` on, all quotes taken as sound; `signs` as for `scan`."""
    begins, numbers, lines = [np.array([start])], [np.array([0])], 0
    for piece in signs or _pieces(data, start, quote):
        found = piece.starts()
        begins.append(found.bytes + piece.begin)
        numbers.append(found.lines + lines)
        lines += count(piece.ends)
    starts, before = np.concatenate(begins), np.concatenate(numbers)
    within = int(np.searchsorted(starts, len(data)))
    return Starts(starts[:within], before[:within])


def last_record_end(data: Buffer, start: int, size: int, quote: str | None) -> tuple[int, int] | None:
    """Where the last record ends that closes within `size` bytes, and the line ends up to there.

    All quotes from `start` on are taken as sound; None where no record closes.
    """
    part = np.frombuffer(data, dtype=np.uint8)[start : start + size]
    if start + size >= len(data):
        return len(data), sum(tallies(part, LF))
    ends = tallies(part, LF)
    quotes = tallies(part, ord(quote)) if quote else [0] * len(ends)
    for step in reversed(range(len(ends))):
        begin = step * STEP
        signs = Signs.of(part, begin, min(begin + STEP, len(part)), quote, bool(sum(quotes[:step]) % 2))
        found = signs.starts()
        if len(found.bytes):
            return start + begin + int(found.bytes[-1]), sum(ends[:step]) + int(found.lines[-1])
    return None


def line_start(data: Buffer, start: int, lines: int) -> int:
    """The byte at which the line after `lines` further lines begins."""
    position = start
    for _ in range(lines):
        found = data.find(b"\n", position)
        if found < 0:
            return len(data)
        position = found + 1
    return position
