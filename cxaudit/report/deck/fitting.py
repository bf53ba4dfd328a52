"""Text that stays in its box: broken into lines, set smaller, and at the last shortened with an ellipsis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cxaudit.report.measuring import text_width

LEADING = 1.2  # height of a line over its font size
CAUTION = 1.04  # a viewer's own face may run a little wider than ours
PIXELS = 96 / 72
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text as it is written, and the size that it is written in."""

    text: str
    size: float


def lines(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The lines of `text` in a box of `width` points, broken between words, or within a word wider than the box."""
    return [line for part in text.split("\n") for line in _wrapped(part, width, size, bold)]


def height(text: str, width: float, size: float, bold: bool = False) -> float:
    """The height in points that a text takes."""
    return len(lines(text, width, size, bold)) * size * LEADING


def fitted(text: str, width: float, room: float, sizes: Sequence[float], bold: bool = False) -> Fitted:
    """The text in the largest of `sizes` (largest first) that holds it in `room` points, else shortened in the last."""
    for size in sizes:
        if height(text, width, size, bold) <= room:
            return Fitted(text, size)
    return Fitted(shortened(text, width, max(1, int(room / (sizes[-1] * LEADING))), sizes[-1], bold), sizes[-1])


def shortened(text: str, width: float, most: int, size: float, bold: bool = False) -> str:
    """The text in at most `most` lines; cut between words, never within a number, where it does not fit."""
    found = lines(text, width, size, bold)
    if len(found) <= most:
        return text
    kept = " ".join(found[:most]).rstrip()
    while kept and len(lines(_cut(kept), width, size, bold)) > most:
        shorter = kept.rpartition(" ")[0].rstrip()
        kept = shorter if shorter else kept[:-1]
    return _cut(kept)


def _cut(text: str) -> str:
    return text.rstrip(" ,;:.·\u202f\u00a0") + ELLIPSIS


def _wrapped(text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if _wide(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            yield line
        *whole, line = _pieces(word, width, size, bold)
        yield from whole
    yield line


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    """A word cut where it is wider than the box."""
    found = [""]
    for letter in word:
        if found[-1] and _wide(found[-1] + letter, size, bold) > width:
            found.append("")
        found[-1] += letter
    return found


def _wide(text: str, size: float, bold: bool) -> float:
    """The width of a line in points."""
    return text_width(text, size, bold) / PIXELS * CAUTION
