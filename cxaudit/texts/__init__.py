"""Every sentence, French and English side by side, and the dress of numbers and dates in each language.

A text is an entry of a TOML file of this folder, `[area.key]` with `fr` and `en`. Placeholders are `{fact}` or
`{fact:dress}`, where dress is one of `count`, `share` (0.125 → 12,5 %), `points` (0.024 → +2,4), `gap` (0.024 →
+2,4 points), `hours` (9.1 → 9 h 06), `money` (in the currency that the fact `currency` names, euros without one),
`number`, `decimal` (two places), `difference` (the same, signed), `bound` and `difference_bound` (points and signed
differences that never read as zero where they are not), `day`, `month`, `period` (a pair of days), `span` (the same by
months), `scope` (carrier=Colissimo → Colissimo (transporteur)), `label` (the fact is itself a text key), `labels`
(several, one sentence after another), `list` (joined by commas and "et"/"and") or `names` (a list of a client's own
names, each between quotation marks).
`{count:~client|clients}` writes the word that agrees with the number.
"""

from __future__ import annotations

import math
import re
import string
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from cxaudit.schema.currencies import EURO, SIGNS
from cxaudit.schema.phrase import Phrase

LANGUAGES = ("fr", "en")
NARROW = "\u202f"
HARD = "\u00a0"
MINUS = "\u2212"
AGREES = "~"  # before the two forms of a word that agrees with a number
FINEST = 6  # decimals beyond which what is not zero is a rounding error
MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
SHORT_MONTHS = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}


def say(key: str | Phrase, lang: str, **facts: Any) -> str:
    """The sentence of `key` in `lang`, its facts dressed for the language.

    Raises:
        KeyError: the key or a placeholder's fact is unknown.
    """
    phrase = key if isinstance(key, Phrase) else Phrase.of(key, **facts)
    told = dict(phrase.facts)
    return _Dresser(lang, told.get("currency") or EURO).vformat(_entry(phrase.key)[lang], (), told)


def known(key: str) -> bool:
    """Whether `key` has a text."""
    return key in catalogue()


def label(key: str, lang: str) -> str:
    """The text of `key`, or the last part of the key itself where there is none (a client's own value)."""
    return say(key, lang) if known(key) else key.rpartition(".")[2]


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All texts by dotted key.

    Raises:
        ValueError: a key stands twice.
    """
    texts: dict[str, Mapping[str, str]] = {}
    for entry in sorted(resources.files(__name__).iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            for key, text in _file(entry.name).items():
                if key in texts:
                    raise ValueError(f"text {key} stands twice")
                texts[key] = text
    return texts


def _entry(key: str) -> Mapping[str, str]:
    """The text of `key`: a command that needs its own file's texts alone reads no other."""
    own = _file(f"{key.partition('.')[0]}.toml")
    return own[key] if key in own else catalogue()[key]


@cache
def _file(name: str) -> Mapping[str, Mapping[str, str]]:
    """The texts of one file by dotted key, none where there is no such file."""
    path = resources.files(__name__) / name
    return dict(_leaves(tomllib.loads(path.read_text("utf-8")))) if path.is_file() else {}


def _leaves(node: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    for name, child in node.items():
        key = f"{path}.{name}" if path else name
        if isinstance(child, dict) and set(child) == set(LANGUAGES) and all(isinstance(v, str) for v in child.values()):
            yield key, child
        elif isinstance(child, dict):
            yield from _leaves(child, key)
        else:
            raise ValueError(f"text {key} needs exactly fr and en")


def labels(keys: list[str] | tuple[str, ...], lang: str) -> str:
    """The sentences of several keys, one after another."""
    return " ".join(label(key, lang) for key in keys)


def number(value: float, lang: str, decimals: int = 1) -> str:
    """A number with the language's separators and a true minus: 12 345,6 or 12,345.6."""
    text = f"{abs(value):,.{decimals}f}"
    if lang == "fr":
        text = text.replace(",", NARROW).replace(".", ",")
    return (MINUS if value < 0 and float(f"{value:.{decimals}f}") != 0 else "") + text


def decimal(value: float, lang: str) -> str:
    """A number with two decimals: 1,25 or 1.25."""
    return number(value, lang, 2)


def count(value: float, lang: str) -> str:
    """A whole number: 12 345 or 12,345."""
    return number(value, lang, 0)


def share(value: float, lang: str, decimals: int = 1) -> str:
    """A 0-1 share as a percentage: 12,5 % or 12.5%."""
    return number(100 * value, lang, decimals) + (f"{NARROW}%" if lang == "fr" else "%")


def points(value: float, lang: str, decimals: int = 1) -> str:
    """A 0-1 difference in signed points: +2,4."""
    text = number(100 * value, lang, decimals)
    return f"+{text}" if float(f"{100 * value:.{decimals}f}") > 0 else text


def gap(value: float, lang: str) -> str:
    """A 0-1 difference with its word: +2,4 points, but +0,8 point in French, where the plural begins at two."""
    one = lang == "fr" and float(f"{abs(100 * value):.1f}") < 2
    return f"{points(value, lang)} {'point' if one else 'points'}"


def told_from_zero(text: str, value: float, lang: str, *, signed: bool = False) -> str:
    """`text`, which dresses `value`, with as many decimals as tell the value from zero: +0,04 rather than 0,0.

    For the ends of intervals: one that reads as zero would belie the verdict beside it.
    """
    shown = re.search(r"\d(?:[\d.,\u202f]*\d)?", text)
    if not value or shown is None or shown.group().strip("0.,"):
        return text
    decimals = -math.floor(math.log10(abs(value)))
    if decimals > FINEST:
        return text
    sign = MINUS if value < 0 else "+" if signed else ""
    before = text[: shown.start()].lstrip(f"+{MINUS}")
    return f"{sign}{before}{number(abs(value), lang, decimals)}{text[shown.end() :]}"


def bound(value: float, lang: str) -> str:
    """An end of an interval of differences, in signed points: +2,4, but +0,04."""
    return told_from_zero(points(value, lang), 100 * value, lang, signed=True)


def difference(value: float, lang: str) -> str:
    """A signed number with two decimals: +0,34 or −1,25."""
    text = decimal(value, lang)
    return f"+{text}" if float(f"{value:.2f}") > 0 else text


def difference_bound(value: float, lang: str) -> str:
    """An end of an interval of differences with two decimals: +1,25, but +0,004."""
    return told_from_zero(difference(value, lang), value, lang, signed=True)


def hours(value: float, lang: str) -> str:
    """Hours as they are said: 9 h 06 or 45 min in French, 9.1 hours in English."""
    if lang != "fr":
        return told_from_zero(f"{number(value, lang)} hours", value, lang)
    whole, minutes = divmod(round(abs(value) * 60), 60)
    sign = MINUS if value < 0 and (whole or minutes) else ""
    if not whole:
        return told_from_zero(f"{sign}{minutes}{HARD}min", 60 * value, lang)
    return f"{sign}{count(whole, lang)}{HARD}h" + (f"{HARD}{minutes:02d}" if minutes else "")


def money(value: float, lang: str, currency: str = EURO) -> str:
    """An amount without cents: 47 900 € or €47,900; of a currency without a sign 47 900 CHF or CHF 47,900."""
    text = number(value, lang, 0)
    before, after = around(currency, lang)
    minus = MINUS if text.startswith(MINUS) else ""
    return f"{minus}{before}{text.removeprefix(MINUS)}{after}"


def around(currency: str, lang: str) -> tuple[str, str]:
    """What stands before an amount of a currency, and what after it."""
    if lang == "fr":
        return "", f"{HARD}{sign(currency)}"
    return (sign(currency) if currency in SIGNS else f"{currency}{HARD}"), ""


def sign(currency: str) -> str:
    """A currency as it stands beside an amount: its sign where it has one, else its code."""
    return SIGNS.get(currency, currency)


def day(value: date, lang: str) -> str:
    """A day in words: 3 avril 2026 (1er for the first) or 3 April 2026."""
    first = "1er" if lang == "fr" and value.day == 1 else str(value.day)
    return f"{first} {MONTHS[lang][value.month - 1]} {value.year}"


def month(value: date, lang: str) -> str:
    """A month in words: avril 2026."""
    return f"{MONTHS[lang][value.month - 1]} {value.year}"


def period(value: tuple[date, date], lang: str) -> str:
    """Two days in words: du 1er juillet au 30 septembre 2026, du 8 au 21 juin 2026; one day: le 8 juin 2026."""
    first, last = value
    if first == last:
        return f"le {day(first, lang)}" if lang == "fr" else day(first, lang)
    start = day(first, lang)
    if (first.year, first.month) == (last.year, last.month):
        start = start.removesuffix(f" {month(first, lang)}")
        return f"du {start} au {day(last, lang)}" if lang == "fr" else f"{start}–{day(last, lang)}"
    if first.year == last.year:
        start = start.removesuffix(f" {first.year}")
    return f"du {start} au {day(last, lang)}" if lang == "fr" else f"{start} to {day(last, lang)}"


def span(value: tuple[date, date], lang: str) -> str:
    """Two days by their months, where room is short: juil.–sept. 2026."""
    first, last = value
    end = f"{SHORT_MONTHS[lang][last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    start = SHORT_MONTHS[lang][first.month - 1]
    return f"{start}–{end}" if first.year == last.year else f"{start} {first.year}–{end}"


def scope(value: str, lang: str) -> str:
    """Whom an event touches: Colissimo (transporteur) of carrier=Colissimo; a client's own words as they are."""
    field, equals, name = value.partition("=")
    return f"{name} ({label(f'word.segment.{field}', lang)})" if equals and known(f"word.segment.{field}") else value


def listed(value: list[str] | tuple[str, ...], lang: str) -> str:
    """Names in a row: a, b et c."""
    names = [str(item) for item in value]
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + (" et " if lang == "fr" else " and ") + names[-1]


def names(value: list[str] | tuple[str, ...], lang: str) -> str:
    """A client's own names in a row, each between quotation marks: « a » et « b »."""
    marks = (f"«{NARROW}", f"{NARROW}»") if lang == "fr" else ('"', '"')
    return listed([f"{marks[0]}{one}{marks[1]}" for one in value], lang)


def singular(n: float, lang: str) -> bool:
    """Whether a number takes the singular: below two in French, nought included; one alone in English."""
    return abs(n) < 2 if lang == "fr" else n == 1


_DRESS: Mapping[str, Callable[[Any, str], str]] = {
    "count": count,
    "share": share,
    "points": points,
    "gap": gap,
    "hours": hours,
    "number": number,
    "decimal": decimal,
    "bound": bound,
    "difference": difference,
    "difference_bound": difference_bound,
    "day": day,
    "month": month,
    "period": period,
    "span": span,
    "scope": scope,
    "label": label,
    "labels": labels,
    "list": listed,
    "names": names,
}


class _Dresser(string.Formatter):
    def __init__(self, lang: str, currency: str) -> None:
        self.lang, self.currency = lang, currency

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "money":
            return money(value, self.lang, self.currency)
        if format_spec in _DRESS:
            return _DRESS[format_spec](value, self.lang)
        if format_spec.startswith(AGREES):
            one, many = format_spec.removeprefix(AGREES).split("|")
            return one if singular(value, self.lang) else many
        if isinstance(value, datetime | date):
            return day(value, self.lang)
        return super().format_field(value, format_spec)
