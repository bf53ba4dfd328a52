"""Durations in minutes: clocks, words, ISO 8601 and plain numbers whose unit the header tells."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from cxaudit.ingest.casting import SPACES, Cast, judged
from cxaudit.ingest.numbers import to_number
from cxaudit.schema.results import Phrase

CHOICES = ("hh:mm", "mm:ss")
MINUTES: Mapping[str, float] = {
    "seconds": 1 / 60,
    "minutes": 1.0,
    "hours": 60.0,
    "days": 1440.0,
    "milliseconds": 1 / 60_000,
}
_HINTS = (
    ("milliseconds", r"\b(?:ms|millis(?:econds?)?|millisecondes?)\b"),
    ("minutes", r"\b(?:min|mins|mn|mns|minutes?)\b"),
    ("seconds", r"\b(?:s|sec|secs|seconds?|secondes?)\b"),
    ("hours", r"\b(?:h|hr|hrs|hours?|heures?)\b"),
    ("days", r"\b(?:d|j|days?|jours?)\b"),
)
_UNITS = (
    (10080.0, r"(?:semaines?|sem\.?|weeks?|wks?|w)"),
    (1440.0, r"(?:jours?|days?|j|d)"),
    (60.0, r"(?:heures?|hours?|hrs?|h)"),
    (1.0, r"(?:minutes?|mins?|mns?|m|')"),
    (1 / 60_000, r"(?:millisecondes?|milliseconds?|ms)"),
    (1 / 60, r"(?:secondes?|seconds?|secs?|s|\"|'')"),
)
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_CLOCK = (
    r"^(?P<minus>-)?(?:(?P<days>\d+)(?:\.|\s*(?:j|jours?|d|days?),?\s+))?"
    r"(?P<a>\d+):(?P<b>\d{1,2})(?::(?P<c>\d{1,2}(?:[.,]\d+)?))?$"
)


def unit_of(hint: str | None) -> str | None:
    """The unit that a header names ("First reply time (min)", "délai_heures"), None where it names none."""
    words = re.sub(r"[_\W]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", hint or "")).lower()
    return next((unit for unit, pattern in _HINTS if re.search(pattern, words)), None)


def to_duration(column: pl.Series, unit_hint: str | None = None) -> Cast:
    """Durations as minutes, Float64.

    `unit_hint` is a unit (`seconds`, `minutes`, `hours`, `days`), the header it may be read from, or the answer to an
    earlier question (`hh:mm`, `mm:ss`). Plain numbers without any hint are minutes, and `question` says so.
    """
    text = column.str.strip_chars(SPACES).str.to_lowercase()
    unit = unit_of(unit_hint)
    clock, pairs = _clocks(text, _pairs_are_minutes(text, unit_hint, unit))
    spoken = _spoken(text).zip_with(clock.is_null(), clock)
    rest = spoken.is_null() & text.is_not_null()
    if not rest.any():
        plain, plain_count = spoken, 0
    else:
        number = to_number(text.zip_with(rest, pl.repeat(None, len(text), dtype=pl.String, eager=True))).values
        plain_count = len(number) - number.null_count()
        plain = spoken.zip_with(~rest, number * MINUTES[unit or "minutes"])
    decision = " | ".join(filter(None, (pairs, (unit or "minutes") if plain_count else ""))) or "no duration"
    question, choices = _question(column, pairs, plain_count, unit, unit_hint)
    return judged(column, plain, decision, question, choices)


def _pairs_are_minutes(text: pl.Series, unit_hint: str | None, unit: str | None) -> bool:
    """Whether `75:30` is minutes and seconds: told, or hours that no delay below a day would have."""
    if unit_hint in CHOICES:
        return unit_hint == "mm:ss"
    return unit in ("seconds", "minutes")


def _clocks(text: pl.Series, minutes_first: bool) -> tuple[pl.Series, str]:
    parts = text.str.extract_groups(_CLOCK).struct.unnest().lazy()
    number = {name: pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False) for name in "abc"}
    hours = number["a"] * 60 + number["b"] + number["c"].fill_null(0) / 60
    two = number["a"] + number["b"] / 60 if minutes_first else hours
    days = pl.col("days").cast(pl.Float64, strict=False).fill_null(0) * 1440
    size = days + pl.when(number["c"].is_null()).then(two).otherwise(hours)
    signed = pl.when(pl.col("minus").is_not_null()).then(-size).otherwise(size)
    read = parts.select(minutes=signed, two=number["a"].is_not_null() & number["c"].is_null()).collect()
    minutes = read["minutes"]
    if minutes.null_count() == len(minutes):
        return minutes, ""
    if not read["two"].any():
        return minutes, "hh:mm:ss"
    return minutes, "mm:ss" if minutes_first else "hh:mm"


def _spoken(text: pl.Series) -> pl.Series:
    """`3 j 4 h`, `2h15`, `1 day 2 hours`, `PT2H15M`: every part a number and a unit, largest first."""
    plain = text.str.replace(r"^p((?:\d+[wd])*)t?(\d|$)", "$1$2").str.replace_all(r"\b(?:et|and)\b|,\s", " ")
    plain = plain.str.replace(r"(\d)\s*h\s*(\d{1,2})$", "${1}h${2}min")
    whole = r"^\s*" + "".join(rf"(?:{_NUMBER}\s*{unit}\s*)?" for _, unit in _ORDERED) + "$"
    parts = plain.str.extract_groups(whole).struct.unnest().lazy()
    sizes = [size for size, _ in _ORDERED]
    terms = [
        pl.nth(position).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False) * size
        for position, size in enumerate(sizes)
    ]
    found = pl.any_horizontal([term.is_not_null() for term in terms])
    total = pl.sum_horizontal([term.fill_null(0) for term in terms])
    return parts.select(pl.when(found).then(total).alias("minutes")).collect()["minutes"]


_ORDERED = sorted(_UNITS, key=lambda item: -item[0])


def _question(
    column: pl.Series, pairs: str, plain: int, unit: str | None, hint: str | None
) -> tuple[Phrase | None, tuple[str, ...]]:
    if pairs in CHOICES and hint not in CHOICES and unit is None:
        example = column.filter(column.str.contains(r"^\s*\d+:\d\d\s*$")).first()
        return Phrase.of("reading.question.clock", column=column.name, example=str(example)), CHOICES
    if plain and unit is None:
        return Phrase.of("reading.question.unit", column=column.name), ("minutes", "seconds", "hours", "days")
    return None, ()
