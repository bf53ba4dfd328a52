"""How one date in figures is written: the format that reads it, its time zone, its clock."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cxaudit.ingest.spelled_dates import OFFSETS

# Days since 1899-12-30: 1990 to 2050; seconds since 1970: 2001 (from then on ten digits) to 2050.
SERIAL = (32874.0, 54789.0)
EPOCH = (1_000_000_000.0, 2_524_608_000.0)

_SHAPE = re.compile(
    r"""(?P<day>\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3(?:\d{4}|\d{2})|\d{8})
    (?:(?P<gap>[T\s,]+|\s*[-–]\s+|\s+(?:à|at)\s+)
       (?P<clock>\d{1,2}[:h]\d{2}(?::\d{2}(?P<fraction>\.\d{1,9})?)?)
       (?:(?P<half_gap>\s?)(?P<half>[AaPp][Mm]))?
       (?:(?P<zone_gap>\s?)(?P<zone>Z|[A-Z]{3,4}|[+-]\d{2}(?::?\d{2})?))?)?""",
    re.VERBOSE,
)
_COMPACT = {12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True)
class Shape:
    """How one value is written.

    Attributes:
        format: A strptime format, `%1` and `%2` where day and month may change places; or `epoch`, `serial`.
        zone: `offset` (read by the format), minutes east of UTC where a name stands for them, None where none is given.
        clock: Whether there is a time of day.
        scale: Units a second for `epoch`.
    """

    format: str
    zone: int | str | None = None
    clock: bool = False
    scale: int = 1

    @property
    def open(self) -> bool:
        """Whether the order of day and month must be decided."""
        return "%1" in self.format

    def ordered(self, day_first: bool) -> str:
        first, second = ("%d", "%m") if day_first else ("%m", "%d")
        return self.format.replace("%1", first).replace("%2", second)


def shape_of(value: str) -> Shape | None:
    """How a single value is written, None where it does not look like a date in figures."""
    if re.fullmatch(r"\d+([.,]\d+)?", value) and len(value) != 8:
        return _number_shape(value)
    match = _SHAPE.fullmatch(value)
    if match is None:
        return None
    if match["clock"] is None:
        return Shape(_day_format(match["day"]))
    zone: int | str | None = None
    if match["zone"]:
        zone = OFFSETS.get(match["zone"].lower(), "offset" if match["zone"][0] in "+-" else None)
        if zone is None:
            return None
    return Shape(_day_format(match["day"]) + match["gap"] + _clock_format(match, zone), zone, clock=True)


def _day_format(day: str) -> str:
    separator = next((mark for mark in "-/." if mark in day), "")
    if not separator:
        return "%Y%m%d" if 1990 <= int(day[:4]) <= 2100 else "%1%2%Y"
    parts = day.split(separator)
    if len(parts[0]) == 4:
        return separator.join(("%Y", "%m", "%d"))
    return separator.join(("%1", "%2", "%Y" if len(parts[2]) == 4 else "%y"))


def _clock_format(match: re.Match[str], zone: int | str | None) -> str:
    hours = "%I" if match["half"] else "%H"
    mark = "h" if "h" in match["clock"] else ":"
    seconds = ":%S" if match["clock"].count(":") + (mark == "h") == 2 else ""
    clock = f"{hours}{mark}%M{seconds}" + ("%.f" if match["fraction"] else "")
    if match["half"]:
        clock += match["half_gap"] + "%p"
    if zone is None:
        return clock
    return clock + match["zone_gap"] + ("%#z" if zone == "offset" else match["zone"])


def _number_shape(value: str) -> Shape | None:
    whole = re.split("[.,]", value)[0]
    number = float(value.replace(",", "."))
    if len(whole) in _COMPACT and "." not in value and 1990 <= int(value[:4]) <= 2100:
        return Shape(_COMPACT[len(whole)], clock=True)
    if SERIAL[0] <= number < SERIAL[1]:
        return Shape("serial", clock=True)
    for digits, scale in ((10, 1), (13, 1_000), (16, 1_000_000)):
        if len(whole) == digits and EPOCH[0] <= number / scale < EPOCH[1]:
            return Shape("epoch", zone=0, clock=True, scale=scale)
    return None
