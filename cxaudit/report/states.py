"""The state of a mirage as a formula on targets, thresholds and figures; checked against the audit's own state.

A counter-signal weighs 3 (bad and demonstrated), 2 (bad), 1 (too little data) or 0 (enough data, not bad). Rules are data:
what is not in them, or gives another state than the audit's, is written as the audit's own word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxaudit.report.live import finite
from cxaudit.schema.results import Counter, Measure, Mirage

LOWER_IS_BETTER = frozenset({"first_reply", "few_tickets", "handle_time", "tickets_handled"})
HARMFUL_ABOVE: Mapping[str, str] = {
    "field.canned.share": "threshold.canned",
    "surface.recontact_after_close.7d": "threshold.recontact_after_close",
    "surface.reopened.share": "threshold.reopened",
    "silence.customers.90d": "threshold.silent",
    "gesture.no_effect.90d": "threshold.no_effect",
}
HARMFUL_BELOW: Mapping[str, str] = {
    "surface.csat.response": "threshold.survey_response",
    "silence.survey_response.14d": "threshold.survey_response",
    "surface.csat.reweighted": "target.csat",
}
HARMFUL_GAP_SIGN: Mapping[str, int] = {"recontact": 1, "field": 1, "repurchase": -1, "gesture": -1, "cross": -1}


@dataclass(frozen=True, slots=True)
class Rule:
    """When a counter-signal is bad: beyond a parameter on the harmful side (`sign` 1 above, -1 below)."""

    parameter: str
    sign: int
    difference: bool


def rule(counter: Counter, measure: Measure | None) -> Rule | None:
    """The rule of a counter-signal, or None where its badness is the audit's word alone."""
    key = counter.measure
    if measure is not None and measure.kind == "difference":
        return _gap_rule(key, measure)
    if key in HARMFUL_ABOVE:
        return Rule(HARMFUL_ABOVE[key], 1, False)
    return Rule(HARMFUL_BELOW[key], -1, False) if key in HARMFUL_BELOW else None


def _gap_rule(key: str, measure: Measure) -> Rule | None:
    sign = HARMFUL_GAP_SIGN.get(key.partition(".")[0])
    if sign is None:
        return None
    kind = "gap.nps" if measure.unit == "points" else "gap.score" if measure.unit == "score" else "gap.default"
    recontact = measure.unit == "share" and sign > 0
    return Rule("gap.recontact" if recontact else kind, sign, True)


def weight(counter: Counter, measure: Measure | None, state: str) -> int | None:
    """The weight that the audit gives a counter-signal; None where it could not be computed."""
    if finite(counter.value) is None:
        return None
    if counter.bad:
        demonstrated = counter.verdict == "demonstrated" or (counter.verdict == "established" and state == "confirmed")
        return 3 if demonstrated else 2
    few = counter.verdict == "insufficient" or (measure is not None and "R1" in measure.refusals)
    return 1 if counter.bad is None or few else 0


def weight_by_rule(found: Rule, measure: Measure, limit: float | None) -> int | None:
    """What the formula of a counter-signal gives."""
    value = finite(measure.value)
    if value is None or limit is None:
        return None
    ahead = found.sign * value
    if found.difference:
        if ahead >= limit:
            return 3 if measure.verdict == "demonstrated" else 2
        return 1 if measure.verdict == "insufficient" else 0
    edge = finite(measure.low if found.sign > 0 else measure.high)
    if ahead > found.sign * limit:
        beyond = edge is not None and found.sign * edge > found.sign * limit
        return 3 if measure.verdict == "established" and beyond else 2
    return 1 if (finite(measure.n_eff) or 0) < 30 else 0


def state_by_weights(
    green: bool | None, target: float | None, value: float | None, weights: Sequence[int | None]
) -> str:
    """What the formula of a mirage gives."""
    known = [item for item in weights if item is not None]
    if finite(value) is None or not known:
        return "not computable"
    if target is None:
        return "no target"
    if not green:
        return "not green"
    return {3: "confirmed", 2: "suspected", 1: "open"}.get(max(known), "cleared")


def green_by_target(mirage: Mirage) -> bool | None:
    """What the formula of a KPI gives."""
    if finite(mirage.value) is None or mirage.target is None or mirage.value is None:
        return None
    return mirage.value <= mirage.target if mirage.key in LOWER_IS_BETTER else mirage.value >= mirage.target
