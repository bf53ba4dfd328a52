"""Durations in minutes: clocks, words, ISO 8601 and plain numbers whose unit the header tells, or else their sizes."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from cxaudit.ingest.casting import SPACES, Cast, judged
from cxaudit.ingest.numbers import to_number
from cxaudit.ingest.units import WORK, Unit, unit_of_numbers, unit_of_pairs
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
    ("seconds", r"\b(?:sec|secs|seconds?|secondes?)\b"),
    ("hours", r"\b(?:hr|hrs|hours?|heures?)\b"),
    ("days", r"\b(?:days?|jours?)\b"),
)
# A letter alone is a unit in brackets or at the end of a name: « Délai (h) », wait_s; not in « Temps d'attente ».
_LETTERS: Mapping[str, str] = {"s": "seconds", "h": "hours", "j": "days", "d": "days"}
_LETTER = r"(?:[(\[]\s*([shjd])\.?\s*[)\]]|(?<=[\s_\W])([shjd])\W*$)"
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
    cut = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", hint or "").lower()
    words = re.sub(r"[_\W]+", " ", cut)
    letter = re.search(_LETTER, cut.replace("_", " "))
    told = (unit for unit, pattern in _HINTS if re.search(pattern, words))
    return next(told, _LETTERS[letter[1] or letter[2]] if letter else None)


def to_duration(column: pl.Series, unit_hint: str | None = None, of: str = WORK) -> Cast:
    """Durations as minutes, Float64.

    `unit_hint` is a unit (`seconds`, `minutes`, `hours`, `days`), the header it may be read from, or the answer to an
    earlier question (`hh:mm`, `mm:ss`). Without one, what is timed (`of`: TALK, WORK, DELAY) and the durations of the
    whole column tell the unit; where they leave it open, `question` asks, its first choice the one assumed.
    """
    text = column.str.strip_chars(SPACES).str.to_lowercase()
    told = unit_of(unit_hint)
    clock, pairs = _paired(text, unit_hint, told, of)
    spoken = _spoken(text).zip_with(clock.is_null(), clock)
    rest = spoken.is_null() & text.is_not_null()
    plain, unit = spoken, None
    if rest.any():
        number = to_number(text.zip_with(rest, pl.repeat(None, len(text), dtype=pl.String, eager=True))).values
        if number.null_count() < len(number):
            unit = Unit(told, sure=True) if told else unit_of_numbers(number, of)
            plain = spoken.zip_with(~rest, number * MINUTES[unit.name])
    decision = " | ".join(one.name for one in (pairs, unit) if one is not None) or "no duration"
    question, choices = _question(column, pairs, unit)
    return judged(column, plain, decision, question, choices)


def _paired(text: pl.Series, hint: str | None, unit: str | None, of: str) -> tuple[pl.Series, Unit | None]:
    """Clocks, and whether `75:30` is minutes and seconds: told, or what such things last."""
    clock, pairs = _clocks(text, hint == "mm:ss" or (hint not in CHOICES and unit in ("seconds", "minutes")))
    if pairs not in CHOICES or hint in CHOICES or unit is not None:
        return clock, Unit(pairs, sure=True) if pairs else None
    read = unit_of_pairs(clock, of)
    return _clocks(text, read.name == "mm:ss")[0], read


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


def _question(column: pl.Series, pairs: Unit | None, unit: Unit | None) -> tuple[Phrase | None, tuple[str, ...]]:
    if pairs is not None and not pairs.sure:
        example = column.filter(column.str.contains(r"^\s*\d+:\d\d\s*$")).first()
        phrase = Phrase.of("reading.question.clock", column=column.name, example=str(example))
        return phrase, first_choice(pairs.name, CHOICES)
    if unit is not None and not unit.sure:
        phrase = Phrase.of("reading.question.unit", column=column.name, unit=f"ui.choice.{unit.name}")
        return phrase, first_choice(unit.name, tuple(MINUTES))
    return None, ()


def first_choice(assumed: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    """The choices with the one assumed before the others."""
    return (assumed, *(choice for choice in choices if choice != assumed))
