"""What replies say that can be held against what followed: delays promised, dates, amounts, decisions.

Written patterns, French and English, over folded sentences; what they do not know is not counted. Sentences come again
from reply to reply: each different one is read once (but for its figures, where a pattern asks for none), and only its
days from the moment of writing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from typing import TypeVar

import numpy as np

from cxaudit.field.moments import DATE, NUMBER, day_meant, days_named, next_weekday, number, plus_days
from cxaudit.field.words import folded
from cxaudit.markup import MARKS, readable
from cxaudit.measure.tables import DAY_US
from cxaudit.tokens import Grammar, Texts, replaced, tokens

T = TypeVar("T")
Delay = Callable[[int], int | None]  # from the moment of writing to the last at which a promise is kept, both in µs
HOUR_US = 3_600_000_000
WEEKEND, SUNDAY = (5, 6), (6,)
LONGEST = 4000
ANYTHING = "anything"
FAMILIES = {"return": "refund"}  # a return is asked for in order to be paid back
# Latin letters in either case, with or without accents: sentences are parted before they are folded.
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f"
# A sentence ends after a stop and a blank, at a line's end or a semicolon; after a figure's stop where letters follow.
_BLANK = r"[\s\x1c-\x1f]"
_ENDS = ((rf"(\d[.!?]){_BLANK}+([{_LETTER}])", "$1\n$2"), (rf"([^\d][.!?]){_BLANK}+|;", "$1\n"))
_SENTENCES = Grammar("", LONGEST, MARKS, readable, _ENDS)

_UNIT = (
    r"\s*(?P<u>h\b|heures?|hours?|hrs?\b|j\b|jours?|days?|semaines?|weeks?|business days?|working days?)"
    r"(?P<open>\s+(?:ouvres?|ouvrables?))?"
)
_AMOUNT = re.compile(
    r"(?P<a>\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,4}(?:[.,]\d{1,2})?|(?<!\d)\d++(?:[.,]\d{1,2})?)"
    r"\s*(?:€|£|eur\b|euros?\b|chf\b|francs?\b)"
    r"|(?:€|£|\$|chf)\s*(?P<b>\d+(?:[.,]\d{1,2})?)"
)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What the sentences of replies are read with, compiled once from `said.toml`."""

    objects: Mapping[str, re.Pattern[str]]
    reply: re.Pattern[str]
    delivery: re.Pattern[str]
    not_ours: re.Pattern[str]
    span: re.Pattern[str]
    by: re.Pattern[str]
    today: re.Pattern[str]
    end_of_week: re.Pattern[str]
    refused: re.Pattern[str]
    accepted: re.Pattern[str]
    committed: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    held = tomllib.loads(resources.files(__package__).joinpath("said.toml").read_text("utf-8"))
    delay, decision = held["delay"], held["decision"]
    several = rf"(?:(?:{NUMBER})\s*(?:a|-|to|ou|or|/)\s*)?(?P<n>{NUMBER})"
    return _Patterns(
        objects={name: _any(options) for name, options in held["object"].items()},
        reply=_any(held["promised"]["reply"]),
        delivery=_any(held["promised"]["delivery"]),
        not_ours=_any(held["not_ours"]["patterns"]),
        span=re.compile(rf"\b(?:{'|'.join(delay['before_span'])})\s+(?:les\s+)?{several}{_UNIT}"),
        by=re.compile(rf"\b(?:{'|'.join(delay['before_day'])})\s+(?:le\s+|ce\s+|this\s+|the\s+)?$"),
        today=_any(delay["today"]),
        end_of_week=_any(delay["end_of_week"]),
        refused=_any(decision["refused"]),
        accepted=_any(decision["accepted"]),
        committed=_any(decision["committed"]),
    )


def _any(options: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(options))


@dataclass(frozen=True, slots=True)
class Promise:
    """What a reply promised (refund, delivery or reply) and the last moment at which it is kept, in µs."""

    what: str
    deadline: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a reply, written at a moment (µs), says of an order that another may contradict."""

    written: int
    days: frozenset[int] = frozenset()
    amounts: frozenset[int] = frozenset()
    accepted: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Theme:
    """What one sentence is about, whatever its figures."""

    paid: bool
    committed: bool
    dated: bool
    decision: str | None
    matters: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one sentence says, before it is known when it was written."""

    sentence: str
    theme: _Theme
    amounts: frozenset[int]


# ---- sentences -------------------------------------------------------------------------------------------------------


def _found(texts: Texts, read: Callable[[str, str], T | None]) -> Iterator[tuple[int, T]]:
    """(place of the text, what is read) of each sentence in which anything is, in order.

    `read` takes a sentence and its shape: the same with a 0 for each figure.
    """
    cut = tokens(texts, _SENTENCES)
    shapes = replaced(cut.names, "[0-9]", "0")
    told = [read(sentence, shape) for sentence, shape in zip(cut.names, shapes, strict=True)]
    known = np.array([item is not None for item in told], bool)[cut.codes]
    text = np.repeat(np.arange(len(cut.lengths)), cut.lengths)[known]
    for place, code in zip(text.tolist(), cut.codes[known].tolist(), strict=True):
        yield place, told[code]


# ---- promises --------------------------------------------------------------------------------------------------------


def promises(texts: Texts, written: Sequence[int]) -> list[Promise | None]:
    """The first delay that each reply promises, by the moments (µs) at which they were written.

    None where a reply promises none, or asks something of the customer.
    """
    what = cache(_promised_what)
    found: list[Promise | None] = [None] * len(texts)
    for place, (kind, delay) in _found(texts, lambda sentence, shape: _promising(sentence, what(shape))):
        deadline = delay(written[place]) if found[place] is None else None
        if deadline is not None:
            found[place] = Promise(kind, deadline)
    return found


def promised(text: str, written_t: int) -> Promise | None:
    """The first delay that one reply promises."""
    return promises([text], [written_t])[0]


def _promising(sentence: str, what: str | None) -> tuple[str, Delay] | None:
    delay = _delay(folded(sentence)) if what else None
    return (what, delay) if what and delay else None


def _promised_what(written: str) -> str | None:
    """What a sentence promises; None where it promises nothing, names no delay, or asks something of the customer."""
    known, shape = _patterns(), folded(written)
    ordered = {"refund": known.objects["refund"], "reply": known.reply, "delivery": known.delivery}
    what = next((what for what, pattern in ordered.items() if pattern.search(shape)), None)
    return None if not what or not _delay(shape) or known.not_ours.search(shape) else what


def _delay(sentence: str) -> Delay | None:
    """The delay that the sentence names: to the hour for hours, to the end of the day for days."""
    known = _patterns()
    span = known.span.search(sentence)
    if span:
        return partial(_end_of_span, span)
    for match in DATE.finditer(sentence):
        if match["n"] or known.by.search(sentence[: match.start()]):
            return partial(_end_of_date, match)
    if known.today.search(sentence):
        return _end_of_day
    return _end_of_week if known.end_of_week.search(sentence) else None


def _end_of_day(written_t: int) -> int:
    return _end_of(written_t // DAY_US)


def _end_of_week(written_t: int) -> int:
    return _end_of(next_weekday(6, written_t // DAY_US - 1))


def _end_of_date(match: re.Match[str], written_t: int) -> int | None:
    written = written_t // DAY_US
    day = day_meant(match, written)
    return None if day is None or day < written else _end_of(day)


def _end_of_span(span: re.Match[str], written_t: int) -> int:
    size, unit, written = number(span["n"]), span["u"], written_t // DAY_US
    if unit.startswith("h"):
        return written_t + size * HOUR_US
    if unit.startswith(("semaine", "week")):
        return _end_of(written + 7 * size)
    opened = (span["open"] or "").strip() or unit
    closed = WEEKEND if "ouvre" in opened or "business" in opened or "working" in opened else ()
    return _end_of(plus_days(written, size, closed=SUNDAY if "ouvrable" in opened else closed))


def _end_of(day: int) -> int:
    return (day + 1) * DAY_US - 1


# ---- statements ------------------------------------------------------------------------------------------------------


def statements(texts: Texts, written: Sequence[int]) -> list[Statement]:
    """What each reply states of deliveries, refunds and decisions, by the moments (µs) at which they were written.

    Where an amount is committed to ("le remboursement sera de 20 €"), the other amounts of the reply are left out.
    """
    theme = cache(_theme)
    claims: dict[int, list[_Claim]] = {}
    for place, claim in _found(texts, lambda sentence, shape: _claim(sentence, theme(shape))):
        claims.setdefault(place, []).append(claim)
    said = ((claims.get(place), written_t) for place, written_t in enumerate(written))
    return [_stated(made, written_t) if made else Statement(written_t) for made, written_t in said]


def stated(text: str, written_t: int) -> Statement:
    """What one reply states."""
    return statements([text], [written_t])[0]


def _stated(claims: Sequence[_Claim], written_t: int) -> Statement:
    days: set[int] = set()
    amounts: dict[bool, set[int]] = {True: set(), False: set()}
    decisions: dict[str, set[str]] = {"accepted": set(), "refused": set()}
    for claim in claims:
        theme = claim.theme
        amounts[theme.committed] |= claim.amounts
        if theme.dated:
            days |= set(days_named(claim.sentence, written_t // DAY_US))
        if theme.decision:
            decisions[theme.decision] |= theme.matters
    held = amounts[True] or amounts[False]
    return Statement(written_t, frozenset(days), frozenset(held), *(frozenset(names) for names in decisions.values()))


def _claim(sentence: str, theme: _Theme) -> _Claim | None:
    """What a sentence states; None where it states nothing."""
    if not (theme.paid or theme.dated or theme.decision):
        return None
    plain = folded(sentence)
    amounts = _amounts(plain) if theme.paid else frozenset()
    return _Claim(plain, theme, amounts) if amounts or theme.dated or theme.decision else None


def _theme(written: str) -> _Theme:
    known, shape = _patterns(), folded(written)
    paid = known.objects["refund"].search(shape) is not None
    dated = not paid and bool(known.delivery.search(shape) and DATE.search(shape))
    objects = (name for name, pattern in known.objects.items() if pattern.search(shape))
    matters = frozenset(FAMILIES.get(name, name) for name in objects) or frozenset((ANYTHING,))
    return _Theme(paid, paid and bool(known.committed.search(shape)), dated, _decision(shape), matters)


def _decision(sentence: str) -> str | None:
    known = _patterns()
    if known.refused.search(sentence):
        return "refused"
    return "accepted" if known.accepted.search(sentence) else None


def _amounts(sentence: str) -> frozenset[int]:
    """Amounts in cents."""
    found = (match["a"] or match["b"] for match in _AMOUNT.finditer(sentence))
    return frozenset(round(100 * float(re.sub(r"[ \u00a0\u202f]", "", text).replace(",", "."))) for text in found)


def contradict(one: Statement, other: Statement) -> str | None:
    """In what two statements contradict each other: `date`, `amount` or `decision`; None where they do not."""
    if one.days and other.days and not one.days & other.days and not _updated(one, other):
        return "date"
    if one.amounts and other.amounts and not one.amounts & other.amounts:
        return "amount"
    opposed = _same_matter(one.accepted, other.refused) or _same_matter(one.refused, other.accepted)
    return "decision" if opposed else None


def _updated(one: Statement, other: Statement) -> bool:
    """Whether the later reply was written once the days that the earlier one named had come: it gives a new date."""
    first, second = sorted((one, other), key=lambda said: (said.written, max(said.days)))
    return second.written // DAY_US >= max(first.days)


def _same_matter(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two decisions bear on one thing; one that names nothing bears on whatever was asked."""
    return bool(one and other) and (bool(one & other) or ANYTHING in one | other)
