"""What a single cell looks like, and what most cells of a column look like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cxaudit.ingest.date_shapes import shape_of

TYPED = ("number", "date", "email", "link", "mark")

_NUMBER = re.compile(r"[-+(−]?\s?[€$£]?\s?\d[\d\s.,'’\u00a0\u202f]*\s?[€$£%)]?(?:\s?[A-Z]{3})?|[A-Z]{3}\s\d[\d.,]*")
_WORD_DATE = re.compile(
    r"(?i).{0,20}?\b\d{1,2}(?:er|st|nd|rd|th)?[\s.-]+[a-zéû]{3,9}\.?[\s.-]+\d{4}\b.{0,20}|[a-z]{3,9}\.?\s\d{1,2},\s\d{4}\b.{0,20}"
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}")
_CODE = re.compile(r"#?[A-Za-z]{0,6}[-_#/]?\d[\w#/-]*")


def kind_of(cell: str) -> str:
    """What a single cell looks like: empty, number, date, email, link, code, mark, word or text."""
    cell = cell.strip()
    if not cell:
        return "empty"
    if len(cell) > 60:
        return "text"
    if _EMAIL.fullmatch(cell):
        return "email"
    if cell.startswith(("http://", "https://", "www.")):
        return "link"
    if _NUMBER.fullmatch(cell):
        return "date" if re.search(r"\d[-/.]\d{1,2}[-/.]\d", cell) and shape_of(cell) else "number"
    shape = shape_of(cell)
    if (shape is not None and shape.format not in ("serial", "epoch")) or _WORD_DATE.fullmatch(cell):
        return "date"
    if re.fullmatch(r"\d{1,3}:\d{2}(?::\d{2})?|[★☆⭐]+|true|false|TRUE|FALSE|VRAI|FAUX", cell):
        return "mark"
    if _CODE.fullmatch(cell):
        return "code"
    return "word"


def common_kind(kinds: Sequence[str]) -> str:
    """The kind of most cells, blank ones left out; "word" where none is the kind of 60 %."""
    counts = Counter(kind for kind in kinds if kind != "empty")
    if not counts:
        return "empty"
    kind, count = counts.most_common(1)[0]
    return kind if count >= 0.6 * counts.total() else "word"
