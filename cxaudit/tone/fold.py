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

from cxaudit.tone.keys import spelt

DROP, SPACE, FOREIGN, LETTER, DIGIT, PUNCT, EMOJI, END = range(8)
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
_VOWELS = np.isin(np.arange(256), list(b"aeiouy"))
# A code point as one number: its folded character, what else must be known of it, its kind on top.
_CAPITAL, _ACCENTED, _PAIRED, _KIND = 1 << 8, 1 << 9, 1 << 10, 13


@dataclass(frozen=True)
class Folded:
    """A batch as tokens. Arrays have one item a token unless said otherwise."""

    kind: NDArray[np.uint8]
    value: NDArray[np.uint32]  # the first folded character; an emoji's own code point
    start: NDArray[np.int64]  # code points of the text as given
    end: NDArray[np.int64]
    text: NDArray[np.int64]  # the text's place in the batch
    shouted: NDArray[np.bool_]  # three capitals or more and nothing else
    stretched: NDArray[np.bool_]  # a letter three times running
    foreign: NDArray[np.int64]  # letters of other scripts, one item a text
    accents: NDArray[np.int64]  # accented Latin letters, one item a text
    line: NDArray[np.uint8]  # the folded characters of all texts
    opens: NDArray[np.int64]  # where each word (words alone) begins and ends in `line`
    closes: NDArray[np.int64]

    @property
    def words(self) -> list[bytes]:
        """The folded words alone, in order."""
        return self.written(np.arange(len(self.opens)))

    def written(self, which: NDArray[np.int64]) -> list[bytes]:
        """Some of the words, by their places among words."""
        line = self.line.tobytes()
        places = zip(self.opens[which].tolist(), self.closes[which].tolist(), strict=True)
        return [line[opens:closes] for opens, closes in places]

    def keys(self) -> NDArray[np.uint64]:
        """The number of each word."""
        return spelt(self.line, self.opens, self.closes)


@cache
def _table() -> NDArray[np.uint16]:
    """By code point: folded character, marks, kind."""
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
    table = base.astype(np.uint16)
    table |= kind.astype(np.uint16) << _KIND
    table[:0x1F00] |= np.where([chr(point).isupper() for point in range(0x1F00)], np.uint16(_CAPITAL), np.uint16(0))
    table[0x80:][kind[0x80:] == LETTER] |= _ACCENTED
    table[[ord(pair) for pair in _PAIRS]] |= _PAIRED
    return table


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
    points = np.array(["\n".join(texts) + "\n"]).view(np.uint32)
    seen = _table().take(points)
    ends = np.cumsum(lengths + 1) - 1
    if len(texts):
        seen[ends] = END << _KIND | ord("\n")
    counted = [
        np.diff(np.searchsorted(np.flatnonzero(mask), ends), prepend=0)
        for mask in (seen >> _KIND == FOREIGN, seen & _ACCENTED != 0)
    ]
    # One place more than the line has, so that a token also knows where what follows it begins.
    seen, origin = _without_drops(*_split_pairs(points, seen, np.arange(len(points) + 1, dtype=np.int32)))
    seen, origin, stretches = _collapse(seen, origin)
    return _tokens(points, seen, origin, stretches, ends - lengths, counted)


def _split_pairs(
    points: NDArray[np.uint32], seen: NDArray[np.uint16], origin: NDArray[np.int32]
) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """œ as o and e, both from the same place."""
    at = np.flatnonzero(seen & _PAIRED != 0)
    if not len(at):
        return seen, origin
    tails = np.array([ord(_PAIRS[chr(point)][1]) for point in points[at].tolist()], np.uint16)
    tails |= np.uint16(LETTER << _KIND) | seen[at] & _CAPITAL
    return np.insert(seen, at + 1, tails), np.insert(origin, at + 1, origin[at])


def _without_drops(seen: NDArray[np.uint16], origin: NDArray[np.int32]) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    dropped = np.flatnonzero(seen < SPACE << _KIND)
    return _without(dropped, seen, origin) if len(dropped) else (seen, origin)


def _without(
    gone: NDArray[np.int64], seen: NDArray[np.uint16], origin: NDArray[np.int32]
) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    kept = np.ones(len(origin), bool)
    kept[gone] = False
    return seen[kept[:-1]], origin[kept]


def _collapse(
    seen: NDArray[np.uint16], origin: NDArray[np.int32]
) -> tuple[NDArray[np.uint16], NDArray[np.int32], NDArray[np.int64]]:
    """Doubled consonants once, vowels once from the third on; and the places of letters that were stretched."""
    char = seen.astype(np.uint8)
    same = np.flatnonzero(char[1:] == char[:-1]) + 1
    same = same[seen[same] >> _KIND == LETTER]
    third = np.diff(same, prepend=-1) == 1
    run = third | np.append(third[1:], False)
    gone = same[run | ~_VOWELS[char[same]]]
    stretched = same[third]
    return *_without(gone, seen, origin), stretched - np.searchsorted(gone, stretched, "right")


def _tokens(
    points: NDArray[np.uint32],
    seen: NDArray[np.uint16],
    origin: NDArray[np.int32],
    stretches: NDArray[np.int64],
    first: NDArray[np.int64],
    counted: list[NDArray[np.int64]],
) -> Folded:
    line = seen.astype(np.uint8)
    spelt = (seen >= LETTER << _KIND) & (seen < PUNCT << _KIND)
    begins = seen >= PUNCT << _KIND
    begins[0] |= spelt[0]
    begins[1:] |= spelt[1:] & ~spelt[:-1]
    at = np.flatnonzero(begins)
    kind = (seen[at] >> _KIND).astype(np.uint8)
    again = (kind == PUNCT) & (line[at] == line[at - 1])
    at, kind = at[~again], kind[~again]
    is_word = kind < PUNCT
    kind[is_word] = LETTER
    opens, closes = at[is_word], np.flatnonzero(spelt[:-1] & ~spelt[1:]) + 1
    stop = at + 1
    stop[is_word] = closes
    is_end = kind == END
    text = np.cumsum(is_end) - is_end
    value = line[at].astype(np.uint32)
    emoji = np.flatnonzero(kind == EMOJI)
    value[emoji] = points[origin[at[emoji]]]
    stretched = np.zeros(len(at), bool)
    stretched[np.searchsorted(at, stretches, "right") - 1] = True
    return Folded(
        kind=kind,
        value=value,
        start=origin[at] - first[text],
        end=origin[stop] - first[text],
        text=text,
        shouted=_shouted(seen, at, stop),
        stretched=stretched,
        foreign=counted[0],
        accents=counted[1],
        line=line,
        opens=opens,
        closes=closes,
    )


def _shouted(seen: NDArray[np.uint16], at: NDArray[np.int64], stop: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which tokens are three capitals or more and nothing else."""
    capital = seen & _CAPITAL != 0
    capitals = np.flatnonzero(capital)
    asked = np.flatnonzero((stop - at >= 3) & capital[at])
    held = np.searchsorted(capitals, stop[asked]) - np.searchsorted(capitals, at[asked])
    shouted = np.zeros(len(at), bool)
    shouted[asked[held == (stop - at)[asked]]] = True
    return shouted
