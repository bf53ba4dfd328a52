"""Days that a sentence names: dates, weekdays, tomorrow; French and English, read from the day it was written.

Sentences come folded (lower case, no accents). A date without a year is the next one from the day of writing; a weekday
is the next one strictly after it. Days are numbers from 1970-01-01.
"""

from __future__ import annotations

import re
from datetime import date

from cxaudit.schema.days import day_number, day_of

_MONTHS = (
    ("janvier", "january", "jan"),
    ("fevrier", "february", "feb"),
    ("mars", "march", "mar"),
    ("avril", "april", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "july", "jul"),
    ("aout", "august", "aug"),
    ("septembre", "september", "sept", "sep"),
    ("octobre", "october", "oct"),
    ("novembre", "november", "nov"),
    ("decembre", "december", "dec"),
)
_WEEKDAYS = (
    ("lundi", "monday"),
    ("mardi", "tuesday"),
    ("mercredi", "wednesday"),
    ("jeudi", "thursday"),
    ("vendredi", "friday"),
    ("samedi", "saturday"),
    ("dimanche", "sunday"),
)
MONTHS = {name: place for place, names in enumerate(_MONTHS, start=1) for name in names}
WEEKDAYS = {name: place for place, names in enumerate(_WEEKDAYS) for name in names}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(WEEKDAYS)
DATE = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})\b\.?(?:,?\s+(?P<y>\d{{4}}))?"
    rf"|\b(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y2>\d{{4}}))?"
    r"|\b(?P<d3>\d{1,2})/(?P<m3>\d{1,2})(?:/(?P<y3>\d{4}|\d{2}))?\b"
    rf"|\b(?P<w>{_WEEKDAY})\b(?!,?\s+(?:le\s+)?(?:\d|{_MONTH}))"
    r"|\b(?P<n>demain|tomorrow)\b"
)
_NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "dix": 10,
    "quinze": 15, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "ten": 10,
}  # fmt: skip
NUMBER = "|".join([r"\d{1,3}", *sorted(_NUMBERS, key=len, reverse=True)])


def number(text: str) -> int:
    """A number in digits or words."""
    return int(text) if text.isdigit() else _NUMBERS[text]


def days_named(sentence: str, written: int) -> list[int]:
    """The day numbers that the sentence names, in order; days that do not exist are left out."""
    found = (day_meant(match, written) for match in DATE.finditer(sentence))
    return [day for day in found if day is not None]


def day_meant(match: re.Match[str], written: int) -> int | None:
    """The day of one match of `DATE`."""
    parts = match.groupdict()
    if parts["n"]:
        return written + 1
    if parts["w"]:
        return next_weekday(WEEKDAYS[parts["w"]], written)
    day = int(parts["d"] or parts["d2"] or parts["d3"])
    month = MONTHS[parts["m"] or parts["m2"]] if parts["m"] or parts["m2"] else int(parts["m3"])
    year = parts["y"] or parts["y2"] or parts["y3"]
    return _dated(day, month, None if year is None else int(year) % 100 + 2000, written)


def next_weekday(weekday: int, written: int) -> int:
    """The next such weekday (0 is Monday) strictly after the day of writing."""
    return written + (weekday - (written + 3) % 7 - 1) % 7 + 1


def _dated(day: int, month: int, year: int | None, written: int) -> int | None:
    start = day_of(written)
    years = (year,) if year is not None else (start.year, start.year + 1)
    for candidate in years:
        try:
            found = day_number(date(candidate, month, day))
        except ValueError:
            return None
        # A day just gone was meant as such ("le 12" written on the 13th), not as next year's.
        if year is not None or found >= written - 60:
            return found
    return None


def plus_days(written: int, days: int, *, closed: tuple[int, ...] = ()) -> int:
    """`days` days later, counting only weekdays outside `closed` (0 is Monday)."""
    day = written
    while days > 0:
        day += 1
        days -= (day + 3) % 7 not in closed
    return day
