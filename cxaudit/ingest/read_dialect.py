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
    trials = [_try(sample, mark, quote) for mark in (*SINGLE, *DOUBLE) if mark in sample]
    best = max((trial for trial in trials if trial), key=lambda trial: trial.score, default=None)
    return best.dialect if best else Dialect(None, quote, 1)


def records(text: str, delimiter: str, quote: str | None, limit: int | None = None) -> list[list[str]]:
    """Records of `text` by the standard rules, blank lines left out."""
    if len(delimiter) > 1:
        text, delimiter = text.replace(delimiter, "\x1f"), "\x1f"
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
    """Double quotes wherever some are used; single ones where they surround cells and double ones never do."""
    marks = "".join(re.escape(mark) for mark in SINGLE)
    around = {
        mark: len(re.findall(rf"(?:^|[{marks}]){mark}[^{mark}\n]*{mark}(?=[{marks}\r\n]|$)", sample, re.M))
        for mark in "\"'"
    }
    if around['"'] == 0 and around["'"] >= 2:
        opened = len(re.findall(rf"(?:^|[{marks}])'(?!')", sample, re.M))
        if around["'"] >= 0.8 * opened:
            return "'"
    return '"' if '"' in sample else None


def _mode(rows: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(row) for row in rows)
    return widths.most_common(1)[0][0] if widths else 1


def _try(sample: str, delimiter: str, quote: str | None) -> _Trial | None:
    rows = records(sample, delimiter, quote, RECORDS)
    if len(delimiter) > 1 and not _only_double(sample, delimiter):
        return None
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return None
    width = max(widths, key=lambda value: (widths[value], value))
    same = [row for row in rows if len(row) == width]
    longer = sum(len(row) > width for row in rows) if len(rows[0]) == width else 0
    share = (len(same) + 0.7 * longer) / len(rows)
    cells = [cell for row in same[:100] for cell in row[:60]]
    sound = sum(_atomic(cell) for cell in cells) / len(cells)
    before = next(index for index, row in enumerate(rows) if len(row) == width)
    score = share * (0.3 + 0.7 * sound) * 0.9 ** min(before, 6) + 0.01 * min(width, 20)
    score += 0.1 * (len(delimiter) > 1) - 0.12 * (delimiter in ":#!")
    if share < (0.34 if before == 0 and len(rows) > 3 else 0.5) or score < 0.3:
        return None
    return _Trial(Dialect(delimiter, quote, width, share=len(same) / len(rows)), score)


def _atomic(cell: str) -> bool:
    if len(cell) > 60:
        return ";" not in cell or " " in cell
    return "   " not in cell.strip() and _ATOM.fullmatch(cell) is not None


def _only_double(sample: str, delimiter: str) -> bool:
    """A longer delimiter counts only where its characters never stand alone."""
    return sample.count(delimiter[0]) <= 1.1 * sum(mark == delimiter[0] for mark in delimiter) * sample.count(delimiter)
