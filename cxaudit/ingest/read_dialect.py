"""Delimiter and quote of a text file, by how well each candidate explains a sample of its lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cxaudit.schema.results import Phrase

SINGLE = (";", ",", "\t", "|", "^", "~", "§", "¤", "\x1f", "\x01", "#", ":", "!")
DOUBLE = ("||", "::", "~~", "^^", ";;", "##", "|;|", "~|~", "|~|", "@@", "%%", "$$")
UNIT = "\x1f"
# Marks that prose hardly ever holds twice in a line.
STRONG = frozenset(";\t|\x1f")
RECORDS = 300
_ATOM = re.compile(
    r"""\s*(?:[-+(]?[€$£]?\s?\d[\d\s.,'’\u00a0\u202f]*\s?[€$£%)]?(?:\s?[A-Z]{3})?   # numbers and amounts
    |\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T\s]+\d{1,2}[:h]\d{2}.{0,18})?              # dates
    |\d{1,2}:\d{2}(?::\d{2})?|[^\s@;,|]+@[^\s@;,|]+\.\w+|https?://\S+                # clocks, e-mails, links
    |(?:[^;,|\t^~§:]|,\s|:\s|\s:)*)\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Dialect:
    """How lines fall into cells.

    Attributes:
        delimiter: None where each line is one cell.
        quote: The quote in use, None where there is none.
        width: Cells of a typical record.
        told: Whether the file itself names its delimiter (`sep=;`).
        share: Part of the sampled records that have `width` cells.
    """

    delimiter: str | None
    quote: str | None
    width: int
    told: bool = False
    share: float = 1.0

    def why(self) -> tuple[Phrase, ...]:
        if self.told:
            return (Phrase.of("reading.why.told", delimiter=visible(self.delimiter)),)
        if self.delimiter is None:
            return (Phrase.of("reading.why.single"),)
        facts = {"delimiter": visible(self.delimiter), "share": self.share, "width": self.width}
        return (Phrase.of("reading.why.delimiter", **facts),)


def visible(delimiter: str | None) -> str:
    """A delimiter as it can be shown."""
    return {"\t": "tab", " ": "space", "\x1f": "U+001F", "\x01": "U+0001", None: ""}.get(delimiter, delimiter or "")


@dataclass(frozen=True)
class _Trial:
    dialect: Dialect
    score: float


def decide_dialect(sample: str) -> Dialect:
    """The delimiter that cuts most records into the same number of sound cells."""
    told = re.match(r'"?sep=(.)"?\r?\n', sample, re.IGNORECASE)
    quote = _quote(sample)
    if told:
        rows = records(sample[told.end() :], told[1], quote, RECORDS)
        return Dialect(told[1], quote, _mode(rows), told=True)
    # Delimiters of several bytes are replaced by the unit separator, which must then be free.
    marks = SINGLE if UNIT in sample else (*SINGLE, *DOUBLE)
    trials = [_try(sample, mark, quote) for mark in marks if mark in sample]
    best = max((trial for trial in trials if trial), key=lambda trial: trial.score, default=None)
    return best.dialect if best else Dialect(None, quote, 1)


def records(text: str, delimiter: str, quote: str | None, limit: int | None = None) -> list[list[str]]:
    """Records of `text` by the standard rules, blank lines left out."""
    if len(delimiter) > 1:
        text, delimiter = text.replace(delimiter, UNIT), UNIT
    rows = []
    for row in reader_of(text, delimiter, quote):
        if any(cell.strip() for cell in row):
            rows.append(row)
            if limit and len(rows) >= limit:
                break
    return rows


def reader_of(text: str, delimiter: str, quote: str | None) -> Iterator[list[str]]:
    """Records by the standard rules of quoting, with cells of any size."""
    csv.field_size_limit(1 << 30)
    lines = io.StringIO(text, newline="")
    if quote is None:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote)


def _quote(sample: str) -> str | None:
    """Double quotes wherever some are used; single ones where they surround a cell or more of every line."""
    if '"' in sample:
        return '"'
    marks = "".join(re.escape(mark) for mark in SINGLE)
    around = re.compile(rf"(?:^|[{marks}])'[^'\n]+'(?=[{marks}\r]|$)")
    lines = [line for line in sample.split("\n")[:RECORDS] if line.strip()]
    return "'" if len(lines) > 1 and all(around.search(line) for line in lines[:-1]) else None


def _mode(rows: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(row) for row in rows)
    return widths.most_common(1)[0][0] if widths else 1


def _try(sample: str, delimiter: str, quote: str | None) -> _Trial | None:
    rows = records(sample, delimiter, quote, RECORDS)
    if not rows or (len(delimiter) > 1 and (not _only_double(sample, delimiter) or _cut_otherwise(rows))):
        return None
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return None
    strong = delimiter in STRONG
    width = max(widths, key=lambda value: (widths[value], value))
    if 2 * widths[len(rows[0])] >= widths[width]:
        width = len(rows[0])
    same = [row for row in rows if len(row) == width]
    longer = sum(len(row) > width for row in rows) if len(rows[0]) == width else 0
    share = (len(same) + 0.7 * longer) / len(rows)
    cells = [cell for row in same[:100] for cell in row[:60]]
    sound = sum(_atomic(cell) for cell in cells) / len(cells)
    before = next(index for index, row in enumerate(rows) if len(row) == width or (strong and len(row) > 2))
    if before and delimiter.strip(":#!;@%$^") == "" and delimiter != ";":
        return None  # Marks of prose and clocks: the names must be cut by them as well.
    score = share * (0.3 + 0.7 * sound) * 0.9 ** min(before, 6) + 0.01 * min(width, 20)
    score += 0.8 * (len(delimiter) > 1) + 0.3 * (strong and len(rows[0]) > 2) - 0.12 * (delimiter in ":#!")
    if share < _least_share(rows, width, delimiter) or score < 0.2:
        return None
    return _Trial(Dialect(delimiter, quote, width, share=len(same) / len(rows)), score)


def _least_share(rows: Sequence[Sequence[str]], width: int, delimiter: str) -> float:
    """How many records must agree: fewer under a first line that reads as names, fewest for marks prose has not."""
    if any(len(cell) > 40 for cell in rows[0]):
        return 0.5
    if len(rows[0]) > 2 and delimiter in STRONG:
        return 0.1
    return 0.34 if len(rows[0]) == width else 0.5


def _atomic(cell: str) -> bool:
    if len(cell) > 60:
        return ";" not in cell or " " in cell
    return "   " not in cell.strip() and _ATOM.fullmatch(cell) is not None


def _cut_otherwise(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a line of names left in one piece holds marks that cut names, or commas that cut most records too."""
    if len(rows[0]) > 1:
        return False
    names, records = rows[0][0], rows[1:]
    commas = names.count(",")
    cut = sum(sum(cell.count(",") for cell in row) >= commas for row in records)
    return any(names.count(mark) > 1 for mark in STRONG) or (commas > 1 and 2 * cut >= len(records))


def _only_double(sample: str, delimiter: str) -> bool:
    """A longer delimiter counts only where its characters never stand alone."""
    return sample.count(delimiter[0]) <= 1.1 * sum(mark == delimiter[0] for mark in delimiter) * sample.count(delimiter)
