"""The settings of an audit: one record, read from one TOML, each with its default.

The reason for each default stands in `docs/settings.md`; a test holds the two lists against each other.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from cxaudit.errors import UsageError
from cxaudit.schema.currencies import currency_of
from cxaudit.schema.results import Span

LANGUAGES = ("fr", "en")
# Years that a day may lie in: windows and calendars reach back and forth from it.
FIRST_YEAR, LAST_YEAR = 1900, 2200

EXCLUSION_RULES = {
    "orders": ("cancelled", "test", "draft", "zero_amount", "refunded"),
    "tickets": ("spam", "merged", "auto_reply", "outbound"),
    "calls": ("outbound",),
}


@dataclass(frozen=True, slots=True)
class Windows:
    """Lengths of time, in the unit that the name says."""

    episode_minutes: int = 30
    silence_days: int = 90
    survey_response_days: int = 14
    gesture_reply_days: int = 14
    gesture_effect_days: int = 90
    unsubscribe_days: int = 30
    quick_close_hours: float = 1.0
    resolution_days: int = 7


@dataclass(frozen=True, slots=True)
class Exclude:
    """Which rules leave rows out; turning one off lets its rows count again."""

    cancelled: bool = True
    test: bool = True
    draft: bool = True
    zero_amount: bool = True
    refunded: bool = True
    spam: bool = True
    merged: bool = True
    auto_reply: bool = True
    outbound: bool = True


@dataclass(frozen=True, slots=True)
class Targets:
    """What the client aims at, and the thresholds beyond which a counter-signal is bad."""

    csat: float | None = 0.90
    nps: float | None = 30.0
    ces: float | None = 5.5
    first_reply_hours: float | None = 24.0
    resolution: float | None = 0.90
    pickup: float | None = 0.85
    handle_minutes: float | None = 10.0
    survey_response: float | None = 0.20
    tickets_per_100_orders: float | None = 15.0
    canned: float | None = 0.20
    recontact_after_close: float | None = 0.10
    reopened: float | None = 0.05
    silent: float | None = 0.50
    no_effect: float | None = 0.50
    handled: float | None = 0.90
    gestures: float | None = 1.0
    recontact: float | None = 0.20
    episodes_per_order: float | None = 1.25
    late: float | None = 0.10
    promises_kept: float | None = 0.90
    incoherent: float | None = 0.05


@dataclass(frozen=True, slots=True)
class Materiality:
    """The smallest difference worth a verdict, as a 0-1 share; NPS and scores in their own unit."""

    recontact: float = 0.01
    default: float = 0.03
    nps: float = 3.0
    score: float = 0.1
    wait_hours: float = 1.0


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Opening hours for reply times; closed hours do not count when `first_reply` is true.

    A closing before the opening is the next morning's, on whatever weekday: a night counts with the day it begins on.
    """

    first_reply: bool = False
    opens: int = 9
    closes: int = 18
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)

    @property
    def length(self) -> int:
        """How many hours in a row are open, from 0 to 24."""
        return self.closes - self.opens + (24 if self.closes < self.opens else 0)

    @property
    def ever(self) -> bool:
        """Whether a week has an open hour."""
        return self.length > 0 and len(self.weekdays) > 0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a person may decide about an audit."""

    as_of: date | None = None
    period: Span | None = None
    compare: Span | None = None
    timezone: str = "Europe/Paris"
    currency: str = ""
    language: str = "fr"
    complaint_reasons: tuple[str, ...] = ()
    windows: Windows = field(default_factory=Windows)
    exclude: Exclude = field(default_factory=Exclude)
    targets: Targets = field(default_factory=Targets)
    materiality: Materiality = field(default_factory=Materiality)
    opening_hours: OpeningHours = field(default_factory=OpeningHours)
    margin_rate: float | None = None
    minute_cost: float | None = None
    holidays_country: str = "FR"
    tone_model: str = ""
    seed: int = 20260101


_RECORDS = {
    "windows": Windows,
    "exclude": Exclude,
    "targets": Targets,
    "materiality": Materiality,
    "opening_hours": OpeningHours,
}

# Settings once, on which nothing ever depended: the measures' names say these windows. Files may still hold them.
_FIXED_WINDOWS = ("recontact_days", "repurchase_days")

_MOST = sys.float_info.max
_SHARES = (
    *("targets." + name for name in ("csat", "resolution", "pickup", "survey_response", "canned", "silent", "late")),
    *("targets." + name for name in ("recontact_after_close", "reopened", "no_effect", "handled", "recontact")),
    *("targets." + name for name in ("promises_kept", "incoherent")),
    *("materiality.recontact", "materiality.default", "margin_rate"),
)
# The least and the most of a setting, else of its section; what is not listed is any number.
_LIMITS: Mapping[str, tuple[float, float]] = {
    "windows": (0, 3660),
    "materiality": (0, _MOST),
    "minute_cost": (0, _MOST),
    "seed": (0, 2**63 - 1),
    "opening_hours": (0, 24),
    "opening_hours.weekdays": (1, 7),
    **dict.fromkeys(_SHARES, (0, 1)),
}


def read_settings(text: str) -> Settings:
    """Settings from the text of a TOML file.

    Raises:
        UsageError: not TOML, an unknown name, or a value of the wrong type.
    """
    return settings_from(parsed(text))


def parsed(text: str) -> dict[str, Any]:
    """The plain values of a TOML file.

    Raises:
        UsageError: not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError("error.settings.toml", detail=str(error)) from error


def without_effect(given: Mapping[str, Any]) -> tuple[str, ...]:
    """The names in a document of settings that are accepted and decide nothing."""
    windows = given.get("windows")
    return tuple(f"windows.{name}" for name in _FIXED_WINDOWS if isinstance(windows, Mapping) and name in windows)


def effective(given: Mapping[str, Any]) -> dict[str, Any]:
    """A document of settings without what decides nothing."""
    if not without_effect(given):
        return dict(given)
    return {**given, "windows": {name: value for name, value in given["windows"].items() if name not in _FIXED_WINDOWS}}


def settings_from(given: Mapping[str, Any]) -> Settings:
    """Settings from the plain values of a TOML or JSON document; what is absent keeps its default."""
    values = effective(given)
    for name, record in _RECORDS.items():
        if name in values:
            values[name] = _fill(record(), values[name], f"{name}.")
    read: Settings = _fill(Settings(), values, "")
    hours = read.opening_hours
    if not hours.ever:
        raise UsageError("error.settings.closed", opens=hours.opens, closes=hours.closes, days=len(hours.weekdays))
    return read


def _fill(record: Any, values: Any, path: str) -> Any:
    if not isinstance(values, Mapping):
        raise UsageError("error.settings.section", name=path.rstrip("."))
    names = {item.name for item in fields(record)}
    for name in values:
        if name not in names:
            raise UsageError("error.settings.unknown", name=f"{path}{name}", known=sorted(names))
    return replace(record, **{name: _value(record, name, value, path) for name, value in values.items()})


def _value(record: Any, name: str, value: Any, path: str) -> Any:
    if name in _RECORDS:
        return value
    if name in ("period", "compare"):
        return read_span(value)
    if name == "as_of":
        return None if value is None else read_day(value)
    if value is None or _fits(path + name, getattr(record, name), value):
        return tuple(value) if isinstance(value, list) else value
    raise UsageError("error.settings.value", name=f"{path}{name}", value=str(value))


def _fits(name: str, default: Any, value: Any) -> bool:
    """Whether a value is of its default's kind and may be meant; what is off by default is a number."""
    if isinstance(default, tuple):
        item = default[0] if default else ""
        return isinstance(value, list | tuple) and all(_fits(name, item, one) for one in value)
    if isinstance(default, bool | str) or isinstance(value, bool | str):
        return type(value) is type(default) and _known(name, value)
    whole = isinstance(default, int)
    low, high = _LIMITS.get(name) or _LIMITS.get(name.partition(".")[0]) or (-_MOST, _MOST)
    return isinstance(value, int if whole else int | float) and low <= value <= high


def _known(name: str, value: Any) -> bool:
    if name == "timezone":
        return value in available_timezones()
    if name == "currency":
        return not value or currency_of(value) is not None
    return name != "language" or value in LANGUAGES


def read_day(value: Any) -> date:
    """A day from a day, a moment or its ISO text.

    Raises:
        UsageError: no day, or one that no export is of (windows reach back and forth from it).
    """
    try:
        day = value if isinstance(value, date) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise UsageError("error.settings.day", value=str(value)) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageError("error.settings.day", value=str(value))
    return day.date() if isinstance(day, datetime) else day


def read_span(value: Any) -> Span | None:
    """A period from `A:B`, two ISO days, both inclusive; a `Span` passes through.

    Raises:
        UsageError: not two days, or the second before the first.
    """
    if value is None or isinstance(value, Span):
        return value
    ends = value.split(":") if isinstance(value, str) else value
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        raise UsageError("error.settings.period", value=str(value))
    first, last = read_day(ends[0]), read_day(ends[1])
    if last < first:
        raise UsageError("error.settings.period", value=str(value))
    return Span(first, last)
