"""Texts to folded words with exact offsets: one numpy pass over the code points of a whole batch.

Folding takes away what customers vary without meaning it: accents, case, doubled consonants ("apeler"), stretched
letters ("nuuul"), curly apostrophes, hyphens, direction marks. Every word keeps its place in the text as given.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

DROP, SPACE, LETTER, DIGIT, PUNCT, EMOJI, FOREIGN, END = range(8)
PUNCTUATION = ".,;:!?()"
CODE_POINTS = 0x110000

_EMOJI = ((0x2600, 0x27C0), (0x1F000, 0x1FB00), (0x2B50, 0x2B51), (0x2B55, 0x2B56))
_FOREIGN = (
    (0x370, 0x1AB0),
    (0x1B00, 0x1DC0),
    (0x1F00, 0x2000),
    (0x2C00, 0x2E00),
    (0x3040, 0xD800),
    (0xF900, 0xFB00),
    (0x20000, 0x30000),
)
_LATIN_LIKE = ((0x41, 0x370), (0x1E00, 0x1F00), (0x2070, 0x2190), (0xFF01, 0xFF60), (0x1D400, 0x1D800))
_DROPPED = (
    (0x00, 0x09),
    (0x0E, 0x20),
    (0x300, 0x370),
    (0x200B, 0x2010),
    (0x202A, 0x202F),
    (0x2060, 0x2070),
    (0xFE00, 0xFE10),
    (0x1F3FB, 0x1F400),
    (0xFEFF, 0xFF00),
    (0xE0000, 0xE1000),
)
_PAIRS = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ﬁ": "fi", "ﬂ": "fl"}
_SPECIAL = {"…": ".", "‼": "!", "⁉": "?", "¿": "?", "¡": "!", "ø": "o", "Ø": "o", "ł": "l", "đ": "d", "ı": "i"}
_VOWELS = np.frombuffer(b"aeiouy", np.uint8)


@dataclass(frozen=True)
class Folded:
    """A batch as tokens. Arrays have one item a token unless said otherwise."""

    words: list[bytes]  # the folded words alone, in order
    kind: NDArray[np.uint8]
    value: NDArray[np.uint32]  # the first folded character; an emoji's own code point
    start: NDArray[np.int64]  # code points of the text as given
    end: NDArray[np.int64]
    text: NDArray[np.int64]  # the text's place in the batch
    shouted: NDArray[np.bool_]  # three capitals or more and nothing else
    stretched: NDArray[np.bool_]  # a letter three times running
    foreign: NDArray[np.int64]  # letters of other scripts, one item a text
    accents: NDArray[np.int64]  # accented Latin letters, one item a text


@cache
def _capitals() -> NDArray[np.bool_]:
    table = np.zeros(CODE_POINTS, bool)
    table[:0x1F00] = [chr(point).isupper() for point in range(0x1F00)]
    return table


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    kind = np.full(CODE_POINTS, SPACE, np.uint8)
    base = np.full(CODE_POINTS, ord(" "), np.uint8)
    for low, high in _FOREIGN:
        kind[low:high] = FOREIGN
    for low, high in _LATIN_LIKE:
        for point in range(low, high):
            _place(kind, base, point, unicodedata.normalize("NFKD", chr(point))[:1])
    for low, high in _EMOJI:
        kind[low:high] = EMOJI
    for low, high in _DROPPED:
        kind[low:high] = DROP
    for char in PUNCTUATION + "0123456789":
        _place(kind, base, ord(char), char)
    for char, plain in {**_SPECIAL, **_PAIRS}.items():
        _place(kind, base, ord(char), plain[0])
    return kind, base


def _place(kind: NDArray[np.uint8], base: NDArray[np.uint8], point: int, plain: str) -> None:
    plain = plain.lower()
    if "a" <= plain <= "z":
        kind[point], base[point] = LETTER, ord(plain)
    elif plain and plain in "0123456789":
        kind[point], base[point] = DIGIT, ord(plain)
    elif plain and plain in PUNCTUATION:
        kind[point], base[point] = PUNCT, ord(plain)


def fold(texts: list[str]) -> Folded:
    """The tokens of a batch of texts. Pure; lone surrogates and control characters are taken as blanks."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    points = np.frombuffer(("\n".join(texts) + "\n").encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds, bases = _tables()
    kind, char = kinds[points], bases[points]
    ends = np.cumsum(lengths + 1) - 1
    if len(texts):
        kind[ends] = END
        char[ends] = ord("\n")
    origin = np.arange(len(points), dtype=np.int64)
    accented = (kind == LETTER) & (points > 0x7F)
    folded = _Line(points, kind, char, origin)
    folded = _split_pairs(folded)
    folded, stretches = _collapse(_keep(folded, folded.kind != DROP))
    counted = [_counted(mask, ends) for mask in (kind == FOREIGN, accented)]
    return _tokens(folded, stretches, ends - lengths, counted)


@dataclass(frozen=True)
class _Line:
    points: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    char: NDArray[np.uint8]
    origin: NDArray[np.int64]


def _keep(line: _Line, mask: NDArray[np.bool_]) -> _Line:
    if mask.all():
        return line
    return _Line(line.points[mask], line.kind[mask], line.char[mask], line.origin[mask])


def _split_pairs(line: _Line) -> _Line:
    """œ as o and e, both from the same place."""
    second = np.zeros(0, np.int64)
    tails = []
    for pair, plain in _PAIRS.items():
        found = np.flatnonzero(line.points == ord(pair)) if ord(pair) > 0x7F else second
        tails.append((found, ord(plain[1])))
    at = np.concatenate([found for found, _ in tails])
    if not len(at):
        return line
    tail = np.concatenate([np.full(len(found), plain, np.uint8) for found, plain in tails])
    return _Line(
        np.insert(line.points, at + 1, line.points[at]),
        np.insert(line.kind, at + 1, LETTER),
        np.insert(line.char, at + 1, tail),
        np.insert(line.origin, at + 1, line.origin[at]),
    )


def _collapse(line: _Line) -> tuple[_Line, NDArray[np.int64]]:
    """Doubled consonants once, vowels once from the third on; and where a letter was stretched."""
    same = np.zeros(len(line.char) + 1, bool)
    same[1:-1] = (line.char[1:] == line.char[:-1]) & (line.kind[1:] == LETTER)
    run = same[:-1] & (np.concatenate(([False], same[:-2])) | same[1:])
    vowel = _vowel_table()[line.char]
    dropped = same[:-1] & (~vowel | run)
    stretched = run & same[:-1] & np.concatenate(([False], same[:-2]))
    spots = np.cumsum(stretched, dtype=np.int64)[~dropped]
    return _keep(line, ~dropped), spots


@cache
def _vowel_table() -> NDArray[np.bool_]:
    table = np.zeros(256, bool)
    table[_VOWELS] = True
    return table


def _counted(mask: NDArray[np.bool_], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often a code point of the batch is marked, one item a text."""
    return np.bincount(np.searchsorted(ends, np.flatnonzero(mask)), minlength=len(ends))


def _tokens(
    line: _Line, stretches: NDArray[np.int64], first: NDArray[np.int64], counted: list[NDArray[np.int64]]
) -> Folded:
    word = (line.kind == LETTER) | (line.kind == DIGIT)
    before = np.concatenate(([False], word[:-1]))
    mark = (line.kind == PUNCT) & (np.concatenate(([0], line.char[:-1])) != line.char)
    at = np.flatnonzero((word & ~before) | mark | (line.kind == EMOJI) | (line.kind == END))
    kind = np.where(word[at], np.uint8(LETTER), line.kind[at])
    stop = at + 1
    stop[kind == LETTER] = np.flatnonzero(~word & before)
    closes = kind == END
    text = np.cumsum(closes) - closes
    after = np.append(line.origin, line.origin[-1:] + 1)
    upper = np.cumsum(np.append([False], _capitals()[line.points]), dtype=np.int32)
    stretch = np.append(stretches, stretches[-1:])
    size = stop - at
    return Folded(
        words=np.where(word, line.char, np.uint8(32)).tobytes().split(),
        kind=kind,
        value=np.where(kind == EMOJI, line.points[at], line.char[at]).astype(np.uint32),
        start=line.origin[at] - first[text],
        end=after[stop] - first[text],
        text=text,
        shouted=(size >= 3) & (upper[stop] - upper[at] == size) & (kind == LETTER),
        stretched=(stretch[stop] > stretch[at]) & (kind == LETTER),
        foreign=counted[0],
        accents=counted[1],
    )
