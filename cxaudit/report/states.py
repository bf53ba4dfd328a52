"""The state of a mirage as a formula on targets, thresholds and figures; checked against the audit's own state.

A counter-signal weighs 3 (bad and demonstrated), 2 (bad), 1 (too little data) or 0 (enough data, not bad). The rules
are the audit's own; where they give another state than the audit's record, the record's word is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxaudit.findings.confronted import contradicts
from cxaudit.findings.mirages import HIGH, QUESTIONS, Alarm, Difference, Question, Single, enough, whole
from cxaudit.report.live import finite
from cxaudit.schema.results import Audit, Counter, Measure, Mirage

BY_KEY: Mapping[str, Question] = {question.key: question for question in QUESTIONS}
KPI_OF_TARGET: Mapping[str, str] = {question.target: question.key for question in QUESTIONS}


@dataclass(frozen=True, slots=True)
class Rule:
    """When a counter-signal is bad: beyond a parameter on the harmful side (`sign` 1 above, -1 below)."""

    parameter: str
    sign: int
    difference: bool


def thresholds() -> tuple[str, ...]:
    """Names of the targets that counter-signals are held against and that no KPI has."""
    names = (rule.target for question in QUESTIONS for rule in question.counters if isinstance(rule, Single))
    return tuple(name for name in dict.fromkeys(names) if name not in KPI_OF_TARGET)


def rule(mirage: Mirage, counter: Counter) -> Rule | None:
    """The rule of a counter-signal, or None where no threshold decides it (an alarm, a rule of another version)."""
    question = BY_KEY.get(mirage.key)
    found = next((item for item in question.counters if item.measure == counter.measure), None) if question else None
    return held(found) if found else None


def held(found: Single | Difference | Alarm) -> Rule | None:
    """The parameter that a rule of the audit holds a figure against, or None."""
    if isinstance(found, Single):
        kpi = KPI_OF_TARGET.get(found.target)
        return Rule(f"target.{kpi}" if kpi else f"threshold.{found.target}", found.harm, False)
    return Rule(f"gap.{found.materiality}", found.harm, True) if isinstance(found, Difference) else None


def lower_is_better(mirage: Mirage) -> bool:
    """Whether a KPI does harm above its target."""
    question = BY_KEY.get(mirage.key)
    return question is not None and question.harm == HIGH


def weight(mirage: Mirage, counter: Counter, audit: Audit) -> int | None:
    """The weight that the audit gives a counter-signal; None where it could not be computed."""
    if finite(counter.value) is None or counter.bad is None:
        return None
    if counter.bad:
        return 3 if contradicts(mirage, counter, audit) else 2
    measure = audit.measures.get(counter.measure)
    return 0 if measure is None or enough(measure) else 1


def weight_by_rule(found: Rule, measure: Measure, limit: float | None) -> int | None:
    """What the formula of a counter-signal gives."""
    value = finite(measure.value)
    if value is None or limit is None:
        return None
    if found.difference:
        bad, firm = found.sign * value >= limit, measure.verdict == "demonstrated"
    else:
        edge = finite(measure.low if found.sign > 0 else measure.high)
        beyond = edge is not None and found.sign * (edge - limit) > 0
        bad, firm = found.sign * (value - limit) > 0, measure.verdict == "established" and beyond
    if bad:
        return 3 if firm else 2
    return 0 if enough(measure) else 1


def state_by_weights(mirage: Mirage, kpi: Measure | None, weights: Sequence[int | None]) -> str:
    """What the formula of a mirage gives."""
    known = [item for item in weights if item is not None]
    if finite(mirage.value) is None:
        return "not computable"
    if mirage.target is None:
        return "no target"
    if not green_by_target(mirage):
        return "not green"
    if not known:
        return "not computable"
    worst = max(known) if max(known) > 1 or kpi is None or whole(kpi) else 1
    return {3: "confirmed", 2: "suspected", 1: "open"}.get(worst, "cleared")


def green_by_target(mirage: Mirage) -> bool | None:
    """What the formula of a KPI gives."""
    value = finite(mirage.value)
    if value is None or mirage.target is None:
        return None
    return value <= mirage.target if lower_is_better(mirage) else value >= mirage.target
