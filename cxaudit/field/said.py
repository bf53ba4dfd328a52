"""What replies say that can be held against what followed: delays promised, dates, amounts, decisions.

Written patterns, French and English, over folded sentences; what they do not know is not counted. Sentences come again
from reply to reply: over many replies each different one is read once, and only its days from the moment of writing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from cxaudit.field.moments import DATE, NUMBER, day_meant, days_named, next_weekday, number, plus_days
from cxaudit.field.words import folded
from cxaudit.markup import readable
from cxaudit.measure.tables import DAY_US

HOUR_US = 3_600_000_000
WEEKEND, SUNDAY = (5, 6), (6,)
LONGEST = 4000
ANYTHING = "anything"
FAMILIES = {"return": "refund"}  # a return is asked for in order to be paid back
# Latin letters in either case, with or without accents: sentences are parted before they are folded.
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f"
_SENTENCE = re.compile(
    rf"[\s;](?:(?<=[^\d][.!?]\s)\s*|(?<=\n)\n*|(?<=;)|(?<=\d[.!?]\s)\s*(?=[{_LETTER}]))"  # opens with a set: quick
)

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
    days: frozenset[int]
    amounts: frozenset[int]
    accepted: frozenset[str]
    refused: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one sentence says, before it is known when it was written; `dated` is the sentence that names days."""

    amounts: frozenset[int]
    committed: bool
    dated: str | None
    decision: str | None
    matters: frozenset[str]


def promises(texts: Sequence[str], written: Sequence[int]) -> list[Promise | None]:
    """The first promise of each of many replies, by the moments (µs) at which they were written."""
    read = cache(_promising)
    return [promised(text, t, read) for text, t in zip(texts, written, strict=True)]


def promised(text: str, written_t: int, read: Callable[[str], tuple[str, str] | None] | None = None) -> Promise | None:
    """The first delay that a reply promises; None where it promises none, or asks something of the customer."""
    for found in filter(None, map(read or _promising, _sentences(text))):
        what, sentence = found
        deadline = _deadline(sentence, written_t)
        if deadline is not None:
            return Promise(what, deadline)
    return None


def _sentences(text: str) -> Iterable[str]:
    return filter(None, _SENTENCE.split(readable(text[:LONGEST])))


def _promising(written: str) -> tuple[str, str] | None:
    """What a sentence promises and the sentence folded; None without a promise of ours, or without any delay."""
    sentence = folded(written)
    what = _promised_what(sentence)
    if not what or not _names_delay(sentence) or _patterns().not_ours.search(sentence):
        return None
    return what, sentence


def _names_delay(sentence: str) -> bool:
    known = _patterns()
    return any(pattern.search(sentence) for pattern in (known.span, DATE, known.today, known.end_of_week))


def _promised_what(sentence: str) -> str | None:
    known = _patterns()
    ordered = {"refund": known.objects["refund"], "reply": known.reply, "delivery": known.delivery}
    return next((what for what, pattern in ordered.items() if pattern.search(sentence)), None)


def _deadline(sentence: str, written_t: int) -> int | None:
    """The end of the delay that the sentence names: to the hour for hours, to the end of the day for days."""
    known, written = _patterns(), written_t // DAY_US
    span = known.span.search(sentence)
    if span:
        return _end_of_span(span, written_t)
    for match in DATE.finditer(sentence):
        if match["n"] or known.by.search(sentence[: match.start()]):
            day = day_meant(match, written)
            return None if day is None or day < written else _end_of(day)
    if known.today.search(sentence):
        return _end_of(written)
    return _end_of(next_weekday(6, written - 1)) if known.end_of_week.search(sentence) else None


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


def statements(texts: Sequence[str], written: Sequence[int]) -> list[Statement]:
    """What each of many replies states, by the moments (µs) at which they were written."""
    read = cache(_claim)
    return [stated(text, t, read) for text, t in zip(texts, written, strict=True)]


def stated(text: str, written_t: int, read: Callable[[str], _Claim | None] | None = None) -> Statement:
    """The days of delivery, refund amounts and decisions that a reply names.

    Where an amount is committed to ("le remboursement sera de 20 €"), the other amounts of the reply are left out.
    """
    days: set[int] = set()
    amounts: dict[bool, set[int]] = {True: set(), False: set()}
    decisions: dict[str, set[str]] = {"accepted": set(), "refused": set()}
    for claim in filter(None, map(read or _claim, _sentences(text))):
        amounts[claim.committed] |= claim.amounts
        if claim.dated:
            days |= set(days_named(claim.dated, written_t // DAY_US))
        if claim.decision:
            decisions[claim.decision] |= claim.matters
    held = amounts[True] or amounts[False]
    return Statement(written_t, frozenset(days), frozenset(held), *(frozenset(names) for names in decisions.values()))


def _claim(written: str) -> _Claim | None:
    """What a sentence states; None where it states nothing."""
    known, sentence = _patterns(), folded(written)
    paid = known.objects["refund"].search(sentence) is not None
    amounts = _amounts(sentence) if paid else set()
    dated = sentence if not paid and known.delivery.search(sentence) and DATE.search(sentence) else None
    decision = _decision(sentence)
    if not (amounts or dated or decision):
        return None
    objects = (name for name, pattern in known.objects.items() if pattern.search(sentence))
    matters = frozenset(FAMILIES.get(name, name) for name in objects) or frozenset((ANYTHING,))
    return _Claim(frozenset(amounts), paid and bool(known.committed.search(sentence)), dated, decision, matters)


def _decision(sentence: str) -> str | None:
    known = _patterns()
    if known.refused.search(sentence):
        return "refused"
    return "accepted" if known.accepted.search(sentence) else None


def _amounts(sentence: str) -> set[int]:
    """Amounts in cents."""
    found = (match["a"] or match["b"] for match in _AMOUNT.finditer(sentence))
    return {round(100 * float(re.sub(r"[ \u00a0\u202f]", "", text).replace(",", "."))) for text in found}


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
