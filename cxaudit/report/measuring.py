"""How many lines a text takes in a cell: rows of merged or wrapped cells do not grow by themselves when opened."""

from __future__ import annotations

from math import ceil

PIXELS_PER_POINT = 96 / 72
_NARROW = frozenset("iljt.,;:'’!|()[]fI \u202f\u00a0-‑")
_WIDE = frozenset("mwMW@%—→●▲■◇○")


def text_width(text: str, size: float, bold: bool = False) -> float:
    """The width of a line of text in pixels, in a face like Arial."""
    em = size * PIXELS_PER_POINT
    return sum(_advance(character) for character in text) * em * (1.07 if bold else 1.0)


def lines_of(text: str, width: float, size: float, bold: bool = False) -> int:
    """The lines that a text takes in a column of `width` characters; words are not measured one by one, 6 % is added."""
    room = max(10.0, width * 7 - 3)
    return sum(max(1, ceil(1.06 * text_width(line, size, bold) / room)) for line in text.split("\n"))


def _advance(character: str) -> float:
    if character in _NARROW:
        return 0.30
    if character in _WIDE or ord(character) > 0x2E80:
        return 0.95
    return 0.70 if character.isupper() else 0.545
