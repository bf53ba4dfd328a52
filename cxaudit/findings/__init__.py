"""What is said: measures and mirages become findings, worst first, each with a state no stronger than its verdict.

A finding's text is `finding.<key>.<state>` (of `finding.change.*`, by unit; of a KPI that holds,
`finding.mirage.<key>.holds`), its actions `action.<name>`; a gap that is not demonstrated is told by
`finding.gap.suspected.<unit>`, from what it compares, and with what withholds the verdict. A gap whose interval holds
zero is no finding at all: chance alone makes such gaps. The rules are data: what a figure is held against, and what to
do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from cxaudit.findings.claims import ACTIONS_OF_IRRITANT, ACTIONS_OF_MIRAGE, CLAIMS, OTHER_SIDES, Claim
from cxaudit.findings.mirages import HIGH, QUESTIONS, Alarm, Difference, Question, Rule, Single, enough
from cxaudit.measure.verdicts import ENOUGH
from cxaudit.schema.currencies import EURO
from cxaudit.schema.results import Adjusted, Context, Field, Finding, Irritant, Measure, Mirage, Phrase, Stake
from cxaudit.schema.settings import Settings

STATES = ("demonstrated", "suspected", "information", "good")
SEVERITIES = ("high", "medium", "low", "none")
STATE_OF_MIRAGE = {"confirmed": "demonstrated", "suspected": "suspected", "cleared": "good"}
# A harm of at least twice its threshold, interval included, is severe.
SEVERE = 2.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """A finding and how much demonstrated harm it bears, for the order."""

    finding: Finding
    harm: float


GOOD_ACTIONS = ("keep_it",)
CHANGE_ACTIONS = ("look_at_change", "call_twenty")
SHARES = ("share",)
TOLD_UNITS = (*SHARES, "minutes", "hours", "points")  # of a change; others stand in the measure's name
NO_FIELD = Field()
MOST_IRRITANTS = 3  # of each kind: the worst, not a catalogue
STAKE_OF: Mapping[str, str] = {claim.key: claim.stake for claim in CLAIMS if claim.stake}


def findings(
    measures: Mapping[str, Measure],
    mirages: Iterable[Mirage],
    context: Context,
    stakes: Mapping[str, Stake],
    settings: Settings,
    field_work: Field = NO_FIELD,
    currency: str = EURO,
) -> tuple[Finding, ...]:
    """Everything worth saying, by state, severity, then demonstrated harm."""
    found = [
        *_of_mirages(mirages, measures, settings),
        *_of_claims(measures, stakes, settings),
        *_of_context(context, measures, settings),
        *_of_answers(measures, settings),
        *_of_listening(measures),
        *_of_irritants(field_work, settings, currency),
    ]
    return tuple(item.finding for item in sorted(found, key=_order))


def _order(item: Weighed) -> tuple[int, int, float, str]:
    finding = item.finding
    return STATES.index(finding.state), SEVERITIES.index(finding.severity), -item.harm, finding.key


# ---- mirages --------------------------------------------------------------------------------------------------------


def _of_mirages(mirages: Iterable[Mirage], measures: Mapping[str, Measure], settings: Settings) -> Iterator[Weighed]:
    questions = {question.key: question for question in QUESTIONS}
    for mirage in mirages:
        state = STATE_OF_MIRAGE.get(mirage.state)
        if state is not None:
            yield _of_mirage(mirage, state, questions[mirage.key], measures, settings)


def _of_mirage(
    mirage: Mirage, state: str, question: Question, measures: Mapping[str, Measure], settings: Settings
) -> Weighed:
    if state == "good" and not _strong(question, measures, settings):
        state = "information"
    told = [counter.measure for counter in mirage.counter if counter.bad or mirage.state == "cleared"]
    rules = {rule.measure: rule for rule in question.counters}
    harm = max((harm_of(rules[key], measures[key], settings) for key in told if key in measures), default=0.0)
    # A doubt that rests on too few cases alone, or on what chance makes, is the weakest thing that can be said.
    firm = any(enough(measures[key]) and not by_chance(rules[key], measures[key]) for key in told if key in measures)
    severity = {"demonstrated": "high", "suspected": "medium" if firm else "low"}.get(state, "none")
    wording = "holds" if mirage.state == "cleared" else state
    text = Phrase.of(f"finding.mirage.{mirage.key}.{wording}", value=mirage.value, target=mirage.target)
    actions = {"good": GOOD_ACTIONS, "information": ()}.get(state, ACTIONS_OF_MIRAGE[mirage.key])
    return Weighed(Finding(f"mirage.{mirage.key}", severity, (mirage.kpi, *told), state, text, actions), harm)


def _strong(question: Question, measures: Mapping[str, Measure], settings: Settings) -> bool:
    """Whether a KPI on target is good for customers, and established wholly on its target's good side."""
    kpi = measures.get(question.kpi)
    rule = Single(question.kpi, question.target, question.harm)
    return question.strength and kpi is not None and enough(kpi) and _favourable(rule, kpi, settings)


# ---- single figures and differences ---------------------------------------------------------------------------------


def _of_claims(measures: Mapping[str, Measure], stakes: Mapping[str, Stake], settings: Settings) -> Iterator[Weighed]:
    for claim in CLAIMS:
        measure = measures.get(claim.rule.measure)
        state = None if measure is None else state_of(claim.rule, measure, settings)
        if measure is not None and state is not None and (claim.strength or state != "good"):
            yield _of_claim(claim, measure, state, stakes, settings)


def state_of(rule: Rule, measure: Measure, settings: Settings) -> str | None:
    """What may be said of a figure: demonstrated or suspected harm, good, or nothing."""
    bad = rule.bad(measure, settings)
    if bad is None or not enough(measure):
        return None
    if bad:
        if rule.demonstrated(measure, settings):
            return "demonstrated"
        return None if by_chance(rule, measure) else "suspected"
    return "good" if _favourable(rule, measure, settings) else None


def by_chance(rule: Rule, measure: Measure) -> bool:
    """Whether a gap's interval holds zero, so that it gives nothing to suspect."""
    return isinstance(rule, Difference) and _holds(0.0, measure.low, measure.high)


def _holds(value: float, low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and low <= value <= high


def _favourable(rule: Rule, measure: Measure, settings: Settings) -> bool:
    """A difference demonstrated on the good side, or an established figure wholly on its target's good side."""
    if isinstance(rule, Alarm) or measure.value is None:
        return False
    if isinstance(rule, Difference):
        return measure.verdict == "demonstrated" and rule.harm * measure.value < 0
    farthest = measure.high if rule.harm == HIGH else measure.low
    limit = getattr(settings.targets, rule.target)
    return measure.verdict == "established" and farthest is not None and rule.harm * (farthest - limit) <= 0


def harm_of(rule: Rule, measure: Measure, settings: Settings) -> float:
    """How far the nearer end of the interval lies beyond the threshold, in thresholds; 0 where it does not."""
    nearest = measure.low if not isinstance(rule, Alarm) and rule.harm == HIGH else measure.high
    if isinstance(rule, Alarm) or nearest is None:
        return 0.0
    if isinstance(rule, Difference):
        return max(0.0, rule.harm * nearest / getattr(settings.materiality, rule.materiality))
    limit = getattr(settings.targets, rule.target)
    return max(0.0, rule.harm * (nearest - limit) / abs(limit)) if limit else 0.0


def _of_claim(claim: Claim, measure: Measure, state: str, stakes: Mapping[str, Stake], settings: Settings) -> Weighed:
    harm = harm_of(claim.rule, measure, settings) if state != "good" else 0.0
    costly = claim.stake is not None and claim.stake in stakes and stakes[claim.stake].demonstrated
    severe = "high" if costly or harm >= SEVERE else "medium"
    severity = {"demonstrated": severe, "suspected": "low", "good": "none"}[state]
    facts: dict[str, Any] = {"value": measure.value, "low": measure.low, "high": measure.high}
    if isinstance(claim.rule, Single):
        facts["target"] = getattr(settings.targets, claim.rule.target)
    wording = f"finding.{claim.key}.{state}"
    if state == "suspected":
        facts["why"] = _whys(measure, facts.get("target"))
    if state == "suspected" and isinstance(claim.rule, Difference):  # what was compared, never which side has more
        wording = f"finding.gap.suspected.{'hours' if measure.unit == 'hours' else 'share'}"
        facts["compared"] = f"finding.{claim.key}.compared"
    text = Phrase.of(wording, **({} if isinstance(claim.rule, Alarm) else facts))
    actions = GOOD_ACTIONS if state == "good" else claim.actions
    return Weighed(Finding(claim.key, severity, (measure.key,), state, text, actions), harm)


def _whys(measure: Measure, target: float | None) -> tuple[str, ...]:
    """Keys of what keeps a figure from being demonstrated: the limit in its interval, its reservations, its width."""
    whys = ["finding.why.limit"] if target is not None and _holds(target, measure.low, measure.high) else []
    whys += [f"refusal.{code}" for code in measure.refusals]
    few = measure.n_eff is not None and measure.n_eff < ENOUGH
    usual = "refusal.R1" if few else "finding.why.wide" if measure.verdict == "indicative" else "finding.why.data"
    return tuple(whys) or (usual,)


# ---- between two periods --------------------------------------------------------------------------------------------


def _of_context(context: Context, measures: Mapping[str, Measure], settings: Settings) -> Iterator[Weighed]:
    sides = _harmful_sides()
    for key, adjusted in context.signals.items():
        if adjusted.verdict == "demonstrated" and key in sides and key in measures and adjusted.remaining is not None:
            yield _change(adjusted, sides[key], measures[key].unit, settings)


def _harmful_sides() -> dict[str, int]:
    """The side on which each figure that has a target does harm."""
    kpis = {question.kpi: question.harm for question in QUESTIONS}
    singles = {claim.rule.measure: claim.rule.harm for claim in CLAIMS if isinstance(claim.rule, Single)}
    return {**OTHER_SIDES, **kpis, **singles}


def _change(adjusted: Adjusted, side: int, unit: str, settings: Settings) -> Weighed:
    worse = side * (adjusted.remaining or 0.0) > 0
    state = "demonstrated" if worse else "good"
    text = Phrase.of(
        f"finding.change.{unit if unit in TOLD_UNITS else 'number'}.{state}",
        name=f"measure.{adjusted.key}.name",
        remaining=adjusted.remaining,
        low=adjusted.low,
        high=adjusted.high,
    )
    near = adjusted.low if side == HIGH else adjusted.high
    least = settings.materiality.default if unit in SHARES else abs(adjusted.raw_a or 1.0) / 10
    harm = max(0.0, side * (near or 0.0) / least) if worse else 0.0
    severity = "none" if not worse else "high" if harm >= SEVERE else "medium"
    actions = CHANGE_ACTIONS if worse else GOOD_ACTIONS
    return Weighed(Finding(f"change.{adjusted.key}", severity, (adjusted.key,), state, text, actions), harm)


# ---- facts without a verdict ----------------------------------------------------------------------------------------


def _of_answers(measures: Mapping[str, Measure], settings: Settings) -> Iterator[Weighed]:
    """How few answered, and the bounds that leaves: always worth knowing, never a verdict."""
    keys = ("surface.csat.response", "surface.csat.bound_low", "surface.csat.bound_high")
    known = [measures[key] for key in keys if key in measures and measures[key].value is not None]
    limit = settings.targets.survey_response
    if len(known) < len(keys) or limit is None or not enough(known[0]) or (known[0].value or 0.0) >= limit:
        return
    response, low, high = (item.value for item in known)
    text = Phrase.of("finding.csat_response.information", value=response, bound_low=low, bound_high=high)
    yield Weighed(Finding("csat_response", "none", keys, "information", text, ("publish_response", "ask_silent")), 0.0)


def _of_listening(measures: Mapping[str, Measure]) -> Iterator[Weighed]:
    """Whether the listening grid goes along with what customers say, once enough cases bear both."""
    link = measures.get("field.listening.predicts")
    if link is None or link.value is None or link.low is None or link.high is None or link.verdict != "established":
        return
    state = "good" if link.low > 0 else "information"
    text = Phrase.of(f"finding.listening.{state}", value=link.value, low=link.low, high=link.high)
    actions = GOOD_ACTIONS if state == "good" else ("revise_grid",)
    yield Weighed(Finding("listening", "none", (link.key,), state, text, actions), 0.0)


# ---- irritants ------------------------------------------------------------------------------------------------------


def _of_irritants(work: Field, settings: Settings, currency: str) -> Iterator[Weighed]:
    """The worst of the irritants that grow, and of those that customers return for, each by its own interval."""
    least = settings.materiality.recontact
    for kind in ACTIONS_OF_IRRITANT:
        largest = sorted(work.irritants, key=lambda item: -(item.facts.get(kind) or 0.0))
        found = [item for irritant in largest if (item := _of_irritant(kind, irritant, least, currency))]
        yield from sorted(found, key=lambda item: _order(item)[:3])[:MOST_IRRITANTS]


def _of_irritant(kind: str, irritant: Irritant, least: float, currency: str) -> Weighed | None:
    """What may be said of one irritant; nothing below the threshold or on too few tickets."""
    value, low, high, verdict = (irritant.facts.get(f"{kind}{part}") for part in ("", "_low", "_high", "_verdict"))
    if value is None or low is None or value < least or verdict == "insufficient":
        return None
    state = "demonstrated" if verdict == "demonstrated" else "suspected"
    refusals = irritant.facts.get(f"{kind}_refusals") or ()
    if state == "suspected" and (_holds(0.0, low, high) or "R1" in refusals):
        return None
    harm = max(0.0, low / least) if state == "demonstrated" else 0.0
    severity = "low" if state == "suspected" else "high" if harm >= SEVERE else "medium"
    facts: dict[str, Any] = {"value": value, "low": low, "high": high, "label": irritant.label}
    facts |= {"tickets": irritant.tickets, "recontact": irritant.recontact}
    if state == "suspected":
        facts["why"] = tuple(f"refusal.{code}" for code in refusals) or ("finding.why.chance",)
    cost = irritant.facts.get("cost")
    facts |= {"cost": cost, "currency": currency}
    text = Phrase.of(f"finding.irritant.{kind}.{state}{'' if cost is None else '_cost'}", **facts)
    key = f"irritant.{kind}.{crc32(irritant.label.encode('utf-8', 'replace')):08x}"
    return Weighed(Finding(key, severity, (), state, text, ACTIONS_OF_IRRITANT[kind]), harm)
