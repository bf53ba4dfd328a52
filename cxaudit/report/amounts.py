"""Figures in words, for titles and sentences: rounded for reading, never for a cell that is traced."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cxaudit import texts
from cxaudit.schema.results import Measure, Segment

NONE = "–"
WIDE = 0.03  # an interval beyond ± 3 points carries no tenth of a point


def amount(value: float | None, unit: str, lang: str, places: int = 1) -> str:
    """A value in its unit or its currency: 22,4 %, 5 h 20, 47 900 CHF; a dash where there is none."""
    if value is None:
        return NONE
    if unit == "share":
        return texts.share(value, lang, places)
    if unit.isupper():
        return texts.money(value, lang, unit)
    return _DRESS.get(unit, texts.number)(value, lang)


def signed(value: float | None, unit: str, lang: str) -> str:
    """A difference with its sign: +2,4 points, or in the measure's own unit."""
    if value is None:
        return NONE
    if unit == "share":
        return texts.gap(value, lang)
    return ("+" if value > 0 else "") + amount(value, unit, lang)


def shown(measure: Measure, lang: str) -> str:
    """A measure's value, with no more decimals than its interval carries."""
    if measure.kind == "difference":
        return signed(measure.value, measure.shown_unit, lang)
    return amount(measure.value, measure.shown_unit, lang, places(measure))


def interval(measure: Measure, lang: str) -> str:
    """A measure's interval in words; empty where there is none."""
    if measure.low is None or measure.high is None:
        return ""
    if measure.kind == "difference":
        return between(measure.low, measure.high, measure.shown_unit, lang)
    low, high = (amount(end, measure.shown_unit, lang, places(measure)) for end in (measure.low, measure.high))
    return texts.say("report.between", lang, low=_bare(low, measure.unit), high=high)


def between(low: float, high: float, unit: str, lang: str) -> str:
    """The interval of a difference in words: entre +1,0 et +4,3 points."""
    first = texts.bound(low, lang) if unit == "share" else _bound(low, unit, lang)
    return texts.say("report.between", lang, low=first, high=_bound(high, unit, lang))


def _bound(value: float, unit: str, lang: str) -> str:
    """An end of a difference's interval, told from zero where it is not zero."""
    return texts.told_from_zero(signed(value, unit, lang), 100 * value if unit == "share" else value, lang, signed=True)


def _bare(text: str, unit: str) -> str:
    """The first limit without the percent sign that the second one bears."""
    return text.rstrip(f"%{texts.NARROW}") if unit == "share" else text


def places(measure: Measure | Segment) -> int:
    """One decimal of a percentage, none where the interval is wide."""
    if measure.low is None or measure.high is None:
        return 1
    return 0 if (measure.high - measure.low) / 2 > WIDE else 1


def _count(value: float, lang: str) -> str:
    return texts.number(value, lang, 0 if float(value).is_integer() else 2)


_DRESS: Mapping[str, Callable[[float, str], str]] = {
    "count": _count,
    "hours": texts.hours,
    "minutes": lambda value, lang: f"{texts.number(value, lang)}{texts.HARD}min",
    "days": lambda value, lang: f"{texts.number(value, lang)}{texts.HARD}{'j' if lang == 'fr' else 'd'}",
    "points": texts.count,
    "score": texts.decimal,
}
