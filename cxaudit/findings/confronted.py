"""The confrontation beyond its record, the same on every face: which counter-signal leads, what else speaks, in words.

A counter-signal that is not demonstrated contradicts nothing: it is told apart, as observed. An amount that is neither
demonstrated nor, as a sum, established is told by its interval alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

from cxaudit import texts
from cxaudit.findings.mirages import QUESTIONS, Rule
from cxaudit.schema.results import Audit, Counter, Measure, Mirage, NotComputable, Stake
from cxaudit.schema.settings import Settings

# The amount that belongs beside a KPI; the others have no defensible one.
STAKES: Mapping[str, str] = {
    "resolution": "stake.lost_repurchase",
    "gestures": "stake.gestures_without_effect",
    "tickets_handled": "stake.recontacts",
}
_FIRM = ("demonstrated", "established")
_MOST_WHYS = 2


def contradicts(mirage: Mirage, counter: Counter, audit: Audit) -> bool:
    """Whether a counter-signal is bad and its verdict demonstrates it."""
    measure = audit.measures.get(counter.measure)
    rule = next((rule for rule in _rules(mirage) if rule.measure == counter.measure), None)
    if not counter.bad or rule is None or measure is None:
        return False
    return rule.demonstrated(measure, audit.settings or Settings())


def leading(mirage: Mirage, audit: Audit) -> Counter | None:
    """The counter-signal that decides: one that contradicts, else a bad one, else the one with the firmest verdict."""
    with_value = [one for one in mirage.counter if one.value is not None and isfinite(one.value)]
    return min(
        with_value,
        key=lambda one: (not contradicts(mirage, one, audit), not one.bad, one.verdict not in _FIRM),
        default=None,
    )


def others(mirage: Mirage, audit: Audit) -> tuple[list[Counter], list[Counter]]:
    """The bad counter-signals beside the leading one: those that contradict, and those that are merely observed."""
    first = leading(mirage, audit)
    bad = [one for one in mirage.counter if one.bad and one is not first]
    firm = [one for one in bad if contradicts(mirage, one, audit)]
    return firm, [one for one in bad if one not in firm]


def amount(stake: Stake | None, lang: str) -> str:
    """An amount at stake in words: its value where it is firm, else its interval and what its verdict is."""
    if stake is None or stake.value is None:
        return texts.say("word.stake.none", lang)
    if firm(stake):
        return texts.money(stake.value, lang, stake.currency)
    if stake.low is None or stake.high is None:
        return texts.say("word.stake.none", lang)
    verdict = f"verdict.{standing(stake)}"
    facts = {"low": stake.low, "high": stake.high, "currency": stake.currency, "verdict": verdict}
    return texts.say("word.stake.doubtful", lang, **facts)


def firm(stake: Stake) -> bool:
    """Whether an amount may be shown by itself."""
    return standing(stake) in _FIRM


def standing(stake: Stake) -> str:
    """The verdict on an amount: a gap's is demonstrated or not; a sum, which compares nothing, has its figure's."""
    verdict: str = stake.facts.get("verdict", "not demonstrated")
    return "demonstrated" if stake.demonstrated else verdict


def why(mirage: Mirage, audit: Audit, lang: str) -> str:
    """What a quiet state means; where nothing can be computed, whether the KPI or what it is held against, and why."""
    if mirage.state != "not computable":
        return texts.label(f"state.why.{mirage.state}", lang)
    if mirage.value is None:
        return texts.say("state.missing.kpi", lang, why=missing(_result(audit, mirage.kpi), lang))
    found = [_result(audit, rule.measure) for rule in _rules(mirage)]
    whys = list(dict.fromkeys(missing(one, lang) for one in found))[:_MOST_WHYS]
    return texts.say("state.missing.counter", lang, why=" ".join(whys))


def missing(result: Measure | NotComputable | None, lang: str) -> str:
    """Why a measure has no value, in one sentence."""
    if isinstance(result, NotComputable):
        if result.missing:
            return texts.say("ui.signals.needs", lang, columns=columns(result.missing, lang))
        return texts.say(result.why, lang)
    return texts.say("ui.no_unit" if result else "ui.not_part", lang)


def columns(names: Sequence[str], lang: str) -> str:
    """Canonical columns in words: e-mails (clicked at); where one of several would do, all of them."""
    named = []
    for name in names:
        table, _, field = name.partition(".")
        word = texts.label(f"word.table.{table}", lang)
        fields = " / ".join(field_name(table, one, lang) for one in field.split("|"))
        named.append(f"{word} ({fields})" if field else word)
    return texts.listed(named, lang)


def field_name(table: str, field: str, lang: str) -> str:
    """A canonical field in words."""
    key = f"tables.{table}.{field}.label"
    return texts.say(key, lang) if texts.known(key) else field.replace("_", " ")


def _rules(mirage: Mirage) -> list[Rule]:
    """What a KPI is held against, those rules included for which this audit has no figure."""
    return [rule for question in QUESTIONS if question.key == mirage.key for rule in question.counters]


def _result(audit: Audit, key: str) -> Measure | NotComputable | None:
    return audit.measures.get(key) or audit.not_computable.get(key)
