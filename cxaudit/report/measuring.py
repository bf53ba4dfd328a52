"""How many lines a text takes in a cell: rows of merged or wrapped cells do not grow by themselves when opened."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

PIXELS_PER_POINT = 96 / 72
# Advance widths of a face like Arial, in thousandths of its size.
_ADVANCES: Mapping[str, int] = {
    **dict.fromkeys("ijl'’‘|", 222),
    **dict.fromkeys(" ft.,;:!/\\I[]\u00a0", 280),
    **dict.fromkeys("r()-‑", 333),
    **dict.fromkeys("\u202f", 200),
    **dict.fromkeys("cksvxyzJ", 500),
    **dict.fromkeys("FTZLé", 585),
    **dict.fromkeys("mMWw%—→@", 860),
}
LOWER, UPPER, WIDE, PICTURE = 556, 700, 1000, 1400  # emoji come from another, wider face
WRAPPING = 1.04  # a line breaks before a word that does not fit


def text_width(text: str, size: float, bold: bool = False) -> float:
    """The width of a line of text in pixels."""
    em = size * PIXELS_PER_POINT / 1000
    return sum(map(_advance, text)) * em * (1.08 if bold else 1.0)


def lines_of(text: str, width: float, size: float, bold: bool = False) -> int:
    """The lines that a text takes in a column of `width` characters."""
    room = max(10.0, width * 7 - 4)
    return sum(_lines(text_width(line, size, bold), room) for line in text.split("\n"))


def _lines(pixels: float, room: float) -> int:
    return 1 if pixels <= room * 0.985 else ceil(WRAPPING * pixels / room)


def _advance(character: str) -> int:
    known = _ADVANCES.get(character)
    if known is not None:
        return known
    if ord(character) > 0x2000:
        return WIDE if ord(character) <= 0xFFFF else PICTURE
    return UPPER if character.isupper() else LOWER
