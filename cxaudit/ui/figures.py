"""Figures in words: a value by its unit, its interval, the names of measures; no figure is computed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cxaudit import texts
from cxaudit.schema.results import Measure, Point, Segment

DASH = "–"
_WIDE = 0.03


def figure(value: float | None, unit: str, lang: str, decimals: int | None = None) -> str:
    """A value in the dress of its unit or its currency: 22,4 %, 3 h 10, 47 900 CHF; a dash where there is none."""
    if value is None:
        return DASH
    if unit == "share":
        return texts.share(value, lang, 1 if decimals is None else decimals)
    if unit == "hours":
        return duration(value * 60, lang)
    if unit == "minutes":
        return duration(value, lang)
    if unit.isupper():
        return texts.money(value, lang, unit)
    return _DRESS.get(unit, _plain)(value, lang)


def of(measure: Measure, lang: str) -> str:
    """A measure's value, with no more decimals than its interval carries; a difference is signed, in points."""
    if measure.kind == "difference":
        return short_difference(measure.value, measure.shown_unit, lang)
    return figure(measure.value, measure.shown_unit, lang, decimals(measure))


def loud(measure: Measure, lang: str) -> str:
    """What stands in large type: on too few cases their count, « 0 sur 2 » rather than 0 %."""
    if measure.verdict != "insufficient" or measure.value is None:
        return of(measure, lang)
    if measure.kind == "difference":
        return DASH
    if measure.unit == "share" and measure.numerator is not None:
        return texts.say("ui.of_cases", lang, y=measure.numerator, n=measure.denominator)
    return texts.say("ui.cases", lang, n=measure.denominator)


def decimals(measure: Measure | Point | Segment) -> int:
    """One decimal of a percentage, none where the interval is wider than ± 3 points."""
    if measure.low is None or measure.high is None:
        return 1
    return 0 if (measure.high - measure.low) / 2 > _WIDE else 1


def between(low: float | None, high: float | None, unit: str, lang: str, places: int | None = None) -> str:
    """An interval in words: entre 21,1 et 23,7 %; empty where there is none."""
    if low is None or high is None:
        return ""
    first, last = (figure(bound, unit, lang, places) for bound in (low, high))
    if unit in ("share", "days", "per_100"):
        first = _bare(first)
    elif unit.isupper():
        first = first.removesuffix(texts.around(unit, lang)[1])
    return texts.say("ui.between", lang, low=first, high=last)


def interval(measure: Measure, lang: str) -> str:
    """A measure's interval in words."""
    if measure.kind == "difference":
        return between_differences(measure.low, measure.high, measure.shown_unit, lang)
    return between(measure.low, measure.high, measure.shown_unit, lang, decimals(measure))


def difference(value: float | None, unit: str, lang: str) -> str:
    """A signed difference: +2,4 points, or in the measure's own unit."""
    if value is None:
        return DASH
    if unit == "share":
        return texts.gap(value, lang)
    text = figure(value, unit, lang)
    return f"+{text}" if value > 0 else text


def between_differences(low: float | None, high: float | None, unit: str, lang: str) -> str:
    """The interval of a difference in words: entre +0,9 et +3,9 points; empty where there is none."""
    if low is None or high is None:
        return ""
    first = texts.bound(low, lang) if unit == "share" else _bound(low, unit, lang)
    return texts.say("ui.between", lang, low=first, high=_bound(high, unit, lang))


def _bound(value: float, unit: str, lang: str) -> str:
    """An end of a difference's interval, told from zero where it is not zero."""
    scale = 100 if unit == "share" else 60 if unit == "hours" else 1
    return texts.told_from_zero(difference(value, unit, lang), scale * value, lang, signed=True)


def short_difference(value: float | None, unit: str, lang: str) -> str:
    """A signed difference where room is short: +2,4 pt."""
    if value is None or unit != "share":
        return difference(value, unit, lang)
    return texts.say("ui.pts", lang, points=texts.points(value, lang))


def duration(minutes: float, lang: str) -> str:
    """Minutes as hours and minutes: 3 h 10, 45 min, 2 j 4 h."""
    total = round(minutes)
    days, rest = divmod(total, 1440)
    hours, left = divmod(rest, 60)
    if total >= 2880:
        return texts.say("ui.duration.days", lang, days=days, hours=hours)
    if total >= 60:
        part = "hours" if left else "just_hours"
        return texts.say(f"ui.duration.{part}", lang, hours=total // 60, minutes=f"{left:02d}")
    return texts.say("ui.duration.minutes", lang, minutes=texts.number(minutes, lang, 0))


def measure_text(key: str, part: str, lang: str, default: str = "") -> str:
    """One text of a measure (name, question, counted, unit_of, reading …); `default` where the catalogue has none."""
    full = f"measure.{key}.{part}"
    return texts.say(full, lang) if texts.known(full) else default


def name(key: str, lang: str) -> str:
    """A measure's name; its key where it has none."""
    return measure_text(key, "name", lang, key)


def numbered(key: str, part: str, lang: str) -> list[str]:
    """The texts `part.1`, `part.2` … of a measure."""
    found: list[str] = []
    while texts.known(full := f"measure.{key}.{part}.{len(found) + 1}"):
        found.append(texts.say(full, lang))
    return found


def _bare(text: str) -> str:
    """A dressed figure without its unit, for the first bound of an interval."""
    return text.rstrip(f"%{texts.NARROW}{texts.HARD}dj ").removesuffix(" /100").removesuffix("/ 100")


def _plain(value: float, lang: str) -> str:
    return texts.number(value, lang, 1)


_DRESS: Mapping[str, Callable[[float, str], str]] = {
    "count": lambda value, lang: texts.number(value, lang, 0 if value == round(value) else 2),
    "points": lambda value, lang: texts.number(value, lang, 0),
    "score": lambda value, lang: texts.number(value, lang, 2),
    "days": lambda value, lang: texts.say("ui.duration.just_days", lang, days=texts.number(value, lang, 1)),
    "per_100": lambda value, lang: texts.say("ui.per_100", lang, value=texts.number(value, lang, 1)),
}


def good_when_higher(key: str) -> bool:
    """Whether a rise of the measure is good news for the customer."""
    return key.startswith(_BETTER_HIGHER)


_BETTER_HIGHER = (
    "repurchase.",
    "tone.positive",
    "tone.gratitude",
    "tone.satisfaction",
    "tone.relief",
    "silence.engaged",
    "silence.survey_response",
    "gesture.reply",
    "gesture.satisfied",
    "gesture.repurchase",
    "gesture.gap",
    "surface.csat",
    "surface.nps",
    "surface.ces",
    "surface.pickup",
    "surface.resolution",
    "effort.",
    "cross.nps",
    "cross.clicks",
    "cross.refund",
    "cross.tone.repurchase",
    "field.promises",
    "field.listening",
)
