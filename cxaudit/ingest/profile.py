"""What a column's values look like: shapes and ranges over a spread sample, never the whole column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

import polars as pl

from cxaudit.ingest.casting import EMPTY_WORDS
from cxaudit.ingest.numbers import DASHES, TAX
from cxaudit.ingest.relative_dates import is_relative
from cxaudit.ingest.scores import is_score_word
from cxaudit.ingest.words import lexicon
from cxaudit.schema.values import plain

SAMPLE = 160
# Wider sheets are sampled more thinly, so that 2 000 columns take no longer than a hundred.
WIDE = 300
_EMPTY = frozenset(EMPTY_WORDS)

_MONTHS = (
    r"jan|feb|fev|f[eé]v|mar|m[aä]r|apr|avr|abr|mai|may|mei|mag|mayo|jun|juin|giu|jul|juil|lug|aug|ao[uû]|ago|sep|set|oct|okt|ott|out"
    r"|nov|dec|d[eé]c|dez|dic|ene|gen|maa|mrt"
)
_DAY = re.compile(
    r"^\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?:[ T,][^\d\n]*\d.*+)?\s*+$"
)
_COMPACT = re.compile(r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?P<clock>[T ]?\d{4,6}Z?)?$")
_WORDY = re.compile(
    rf"(?:\b\d{{1,2}}(?:er|st|nd|rd|th|\.)?\b.*\b(?:{_MONTHS})|\b(?:{_MONTHS})\w*\.?\s+\d{{1,2}}\b)", re.I
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_EPOCH = re.compile(r"^1[0-9]\d{8}(?:\d{3})?(?:\.\d+)?$")
_CLOCK = re.compile(r"^\d{1,3}(?::\d{2}){1,2}(?:[.,]\d+)?(?:\s*[ap]m)?$|^\d{1,2}\s?h\s?\d{0,2}$", re.I)
_SPAN = re.compile(
    r"^(?:\d+(?:[.,]\d+)?\s*(?:j|d|h|hr|hrs|hours?|heures?|m|mn|min|mins|minutes?|s|sec|secondes?|seconds?)\.?\s*)+$",
    re.I,
)
_EMAIL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]{2,}$|<[^@\s<]*[^@\s]@[^@\s]+>$")
_NUMBER = re.compile(
    r"^\(?[-+−]?\s*(?:(?:[€$£]|[A-Z]{2,3}|[Ff]r\.)\s*)?[-+−]?\d[\d\s.,’'\u00a0\u202f]*"
    rf"(?:[.,][{DASHES}]+\s*)?(?:(?:[€$£%]|[A-Za-z]{{2,4}})(?:\s*\(?{TAX}\)?)?|{TAX})?\)?-?$"
)
_MONEY = re.compile(r"[€$£]|\b(?:EUR|USD|GBP|CHF|CAD)\b|\d[.,]\d{2}\)?\s*(?:[€$£]|[A-Z]{3})?$" rf"|\d[.,][{DASHES}]")


_PHONE = re.compile(r"^\+\d[\d .()-]{8,16}$|^0[1-9](?:[ .-]?\d{2}){4}$")


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0-1) of a sample's values that have a shape, with ranges; `filled` is the share of all rows with a value.

    Attributes:
        distinct: Distinct values over values in the sample.
        few: The values themselves, without case or accents, where there are at most 40 different ones.
        low, high: Range of the numbers, None without numbers.
        whole: Share of the numbers that are whole.
        digits: Share of values that hold a digit.
        words: Mean number of words.
        names: Share of values of two or three capitalised words without digits (people).
    """

    rows: int
    filled: float
    seen: int
    distinct: float
    length: float
    words: float
    shapes: Mapping[str, float] = field(default_factory=dict)
    few: frozenset[str] = frozenset()
    low: float | None = None
    high: float | None = None
    whole: float = 0.0
    digits: float = 0.0
    names: float = 0.0
    spread: int = 0

    def share(self, shape: str) -> float:
        return self.shapes.get(shape, 0.0)


def profile_column(column: pl.Series, sample: int = SAMPLE) -> Profile:
    """The profile of a column of text."""
    present = column.drop_nulls()
    if len(present) > sample:
        present = present.gather_every(max(1, len(present) // sample))[:sample]
    cells = (value.strip().lstrip("'") for value in present.to_list())
    values = [value for value in cells if value.casefold() not in _EMPTY]  # « NULL » says nothing of a column
    filled = 1 - column.null_count() / len(column) if len(column) else 0.0
    if not values:
        return Profile(len(column), 0.0, 0, 0.0, 0.0, 0.0)
    return _describe(values, len(column), filled)


def _describe(values: Sequence[str], rows: int, filled: float) -> Profile:
    count = len(values)
    different = set(values)
    numbers = [number for value in values if (number := read_number(value)) is not None]
    return Profile(
        rows=rows,
        filled=filled,
        seen=count,
        distinct=len(different) / count,
        length=sum(map(len, values)) / count,
        words=sum(len(value.split()) for value in values) / count,
        shapes={name: sum(map(test, values)) / count for name, test in _SHAPES.items()},
        few=frozenset(map(plain, different)) if len(different) <= 40 else frozenset(),
        low=min(numbers, default=None),
        high=max(numbers, default=None),
        whole=sum(number == int(number) for number in numbers) / len(numbers) if numbers else 0.0,
        digits=sum(any(c.isdigit() for c in value) for value in values) / count,
        names=sum(map(_is_person, values)) / count,
        spread=len(different),
    )


def read_number(text: str) -> float | None:
    """A number out of one cell of a sample, decimal comma or point alike; None where it is none."""
    if not _NUMBER.match(text):
        return None
    bare = re.sub(r"[^\d.,-]", "", text.replace("−", "-"))
    negative = text.lstrip().startswith(("-", "(", "−"))
    bare = bare.strip("-.,")
    cut = max(bare.rfind(","), bare.rfind("."))
    if cut >= 0 and len(bare) - cut - 1 in (1, 2):
        bare = re.sub(r"[.,]", "", bare[:cut]) + "." + bare[cut + 1 :]
    elif cut >= 0 and bare.count(bare[cut]) == 1 and len(bare) - cut - 1 > 3:
        bare = bare.replace(",", ".")
    else:
        bare = re.sub(r"[.,]", "", bare)
    try:
        number = -float(bare) if negative else float(bare)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _is_moment(text: str) -> bool:
    if _DAY.match(text) or _COMPACT.match(text):
        return True
    return len(text) <= 60 and bool(_YEAR.search(text)) and bool(_WORDY.search(text))


def _is_timed(text: str) -> bool:
    return ":" in text or bool(re.search(r"\d\s?h\s?\d\d", text))


def _is_person(text: str) -> bool:
    parts = text.split()
    return 2 <= len(parts) <= 4 and not any(c.isdigit() for c in text) and all(p[:1].isupper() for p in parts)


_SHAPES: Mapping[str, Callable[[str], bool]] = {
    "email": lambda text: bool(_EMAIL.search(text)),
    "moment": _is_moment,
    "relative": is_relative,
    "timed": _is_timed,
    "compact": lambda text: bool(_COMPACT.match(text)),
    "epoch": lambda text: bool(_EPOCH.match(text)),
    "clock": lambda text: bool(_CLOCK.match(text)),
    "span": lambda text: bool(_SPAN.match(text)),
    "number": lambda text: read_number(text) is not None,
    "money": lambda text: bool(_MONEY.search(text)) and read_number(text) is not None,
    "phone": lambda text: bool(_PHONE.match(text)),
    "flag": lambda text: text.casefold() in lexicon().values["flags"],
    "rated": lambda text: plain(text) in lexicon().values["rated"] or is_score_word(text),
    "hash": lambda text: bool(re.match(r"#[A-Za-z]{0,4}-?\d{3,}$", text)),
    "token": lambda text: " " not in text and len(text) >= 3,
}


def profile_frame(frame: pl.DataFrame, names: Sequence[str]) -> tuple[Profile, ...]:
    """The profile of each column named, in order; thinner samples where there are very many."""
    sample = SAMPLE if len(names) <= WIDE else max(20, SAMPLE * WIDE // len(names))
    return tuple(profile_column(frame[name], sample) for name in names)
