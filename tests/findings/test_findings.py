"""Findings say no more than their measures allow, worst first, in words that exist in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxaudit import texts
from cxaudit.findings import STATES, findings
from cxaudit.findings.claims import ACTIONS_OF_MIRAGE, CLAIMS, Claim
from cxaudit.findings.mirages import QUESTIONS, Alarm, Difference, Question, Single
from cxaudit.schema.results import Adjusted, Context, Counter, Finding, Measure, Mirage, Stake
from cxaudit.schema.settings import Settings

SETTINGS = Settings()
NOTHING = Context()
single_claims = [claim for claim in CLAIMS if isinstance(claim.rule, Single)]
gap_claims = [claim for claim in CLAIMS if isinstance(claim.rule, Difference)]


def name(claim: Claim) -> str:
    return claim.key


def figure(key: str, value: float, half: float, verdict: str, kind: str = "single", unit: str = "share") -> Measure:
    few = ("R1",) if verdict == "insufficient" else ()
    return Measure(key, unit, 1, 900, value, value - half, value + half, 900, 1.0, verdict, few, kind=kind)


def said(*measures: Measure, stakes: dict[str, Stake] | None = None) -> tuple[Finding, ...]:
    return findings({item.key: item for item in measures}, (), NOTHING, stakes or {}, SETTINGS)


def gap_of(claim: Claim, verdict: str, times: float = 3.0) -> Measure:
    assert isinstance(claim.rule, Difference)
    least = getattr(SETTINGS.materiality, claim.rule.materiality)
    return figure(claim.rule.measure, times * claim.rule.harm * least, least / 2, verdict, "difference")


def single_of(claim: Claim, verdict: str, beyond: float) -> Measure:
    assert isinstance(claim.rule, Single)
    limit = getattr(SETTINGS.targets, claim.rule.target)
    return figure(claim.rule.measure, limit * (1 + claim.rule.harm * beyond), abs(limit) * 0.05, verdict)


def words(finding: Finding) -> None:
    for lang in texts.LANGUAGES:
        assert "{" not in texts.say(finding.text, lang)
        for action in finding.actions:
            assert texts.say(f"action.{action}", lang)


@pytest.mark.parametrize("claim", gap_claims, ids=name)
@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        ("demonstrated", "demonstrated"),
        ("not demonstrated", "suspected"),
        ("withheld", "suspected"),
        ("insufficient", None),
    ],
)
def test_a_harmful_gap_is_said_as_its_verdict_allows(claim: Claim, verdict: str, state: str | None) -> None:
    found = said(gap_of(claim, verdict))
    assert [item.state for item in found] == ([state] if state else [])
    for item in found:
        words(item)
        assert item.key == claim.key and 2 <= len(item.actions) <= 3


@pytest.mark.parametrize("claim", gap_claims, ids=name)
@pytest.mark.parametrize("verdict", ["not demonstrated", "withheld"])
def test_a_gap_that_is_not_demonstrated_is_never_told_as_a_fact(claim: Claim, verdict: str) -> None:
    measure = gap_of(claim, verdict)
    wait = claim.rule.measure == "field.hard_wait.gap"
    (found,) = said(replace(measure, unit="hours") if wait else measure)
    for lang, seen, sides in (
        ("fr", "Observé, non démontré. ", ("plus souvent", "moins souvent", "plus de", "moins bonnes", "rachètent")),
        ("en", "Observed, not demonstrated. ", ("more often", "less often", "more ", "lower", "longer for", "wait ")),
    ):
        sentence = texts.say(found.text, lang)
        assert sentence.startswith(seen) and not [one for one in sides if one in sentence]
        dress = texts.hours if wait else texts.gap
        assert dress(measure.value or 0.0, lang) in sentence


@pytest.mark.parametrize("claim", single_claims, ids=name)
@pytest.mark.parametrize(
    ("verdict", "state"), [("established", "demonstrated"), ("indicative", "suspected"), ("insufficient", None)]
)
def test_a_figure_beyond_its_target(claim: Claim, verdict: str, state: str | None) -> None:
    found = said(single_of(claim, verdict, beyond=0.4))
    assert [item.state for item in found] == ([state] if state else [])
    for item in found:
        words(item)


@pytest.mark.parametrize("claim", [c for c in CLAIMS if not isinstance(c.rule, Alarm)], ids=name)
def test_the_good_side_is_said_only_when_demonstrated(claim: Claim) -> None:
    if isinstance(claim.rule, Difference):
        sure, unsure = gap_of(claim, "demonstrated", -3), gap_of(claim, "not demonstrated", -3)
    else:
        sure, unsure = single_of(claim, "established", -0.4), single_of(claim, "indicative", -0.4)
    assert said(unsure) == ()
    found = said(sure)
    assert [item.state for item in found] == (["good"] if claim.strength else [])
    for item in found:
        words(item)
        assert item.severity == "none"


def test_a_gap_under_its_materiality_is_not_said() -> None:
    assert said(gap_of(gap_claims[0], "demonstrated", 0.4)) == ()


def test_worst_first() -> None:
    first, second, third = gap_claims[:3]
    found = said(
        gap_of(first, "not demonstrated"), gap_of(second, "demonstrated", 1.6), gap_of(third, "demonstrated", 9)
    )
    assert [item.key for item in found] == [third.key, second.key, first.key]
    assert [item.severity for item in found] == ["high", "medium", "low"]


def test_a_demonstrated_amount_makes_a_finding_severe() -> None:
    claim = next(claim for claim in gap_claims if claim.stake)
    assert claim.stake is not None
    measure = gap_of(claim, "demonstrated", 1.6)
    costly = {claim.stake: Stake(claim.stake, 10.0, 5.0, 15.0, True)}
    doubtful = {claim.stake: Stake(claim.stake, 10.0, -5.0, 25.0, False)}
    assert [item.severity for item in said(measure, stakes=costly)] == ["high"]
    assert [item.severity for item in said(measure, stakes=doubtful)] == ["medium"]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_mirages_are_said_by_their_state(question: object) -> None:
    expected = {"confirmed": "demonstrated", "suspected": "suspected", "cleared": "information"}
    for state in ("confirmed", "suspected", "cleared", "open", "not green", "no target", "not computable"):
        mirage = Mirage(question.key, question.kpi, 0.93, 0.90, True, state)  # type: ignore[attr-defined]
        found = findings({}, (mirage,), NOTHING, {}, SETTINGS)
        assert [item.state for item in found] == ([expected[state]] if state in expected else [])
        for item in found:
            words(item)


def on_target(question: Question, verdict: str, half: float) -> Finding:
    """What is said of a KPI that its counter-signals leave alone, a fifth of its target on the good side."""
    target = getattr(SETTINGS.targets, question.target)
    kpi = figure(question.kpi, target - question.harm * target / 5, half * target, verdict)
    mirage = Mirage(question.key, question.kpi, kpi.value, target, True, "cleared")
    (found,) = findings({kpi.key: kpi}, (mirage,), NOTHING, {}, SETTINGS)
    words(found)
    return found


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_a_volume_or_a_pace_holds_and_is_never_a_strength(question: Question) -> None:
    holds = question.key in ("few_tickets", "handle_time", "tickets_handled", "gestures")
    found = on_target(question, "established", 0.1)
    assert (found.state, found.actions) == (("information", ()) if holds else ("good", ("keep_it",)))
    assert "tient" in texts.say(found.text, "fr") and "holds" in texts.say(found.text, "en")


def test_a_strength_is_established_wholly_on_its_target_s_good_side() -> None:
    csat = next(question for question in QUESTIONS if question.key == "csat")
    assert on_target(csat, "established", 0.19).state == "good"
    assert on_target(csat, "established", 0.21).state == "information"
    assert on_target(csat, "indicative", 0.1).state == "information"


@pytest.mark.parametrize("claim", gap_claims, ids=name)
@pytest.mark.parametrize("verdict", ["not demonstrated", "withheld"])
def test_a_gap_whose_interval_holds_zero_is_no_finding(claim: Claim, verdict: str) -> None:
    seen = gap_of(claim, verdict)
    value = seen.value or 0.0
    touching = replace(seen, low=min(0.0, 2 * value), high=max(0.0, 2 * value))
    assert said(touching) == () and [item.key for item in said(seen)] == [claim.key]


def test_a_doubt_that_chance_makes_is_weak() -> None:
    question = next(question for question in QUESTIONS if question.key == "csat")
    gap = figure("surface.csat.tone.gap", 0.036, 0.05, "withheld", "difference")
    counter = Counter(gap.key, gap.value, gap.verdict, True)
    mirage = Mirage("csat", "surface.csat", 0.93, 0.90, True, "suspected", (counter,))
    for half, severity in ((0.05, "low"), (0.01, "medium")):
        measure = replace(gap, low=0.036 - half, high=0.036 + half)
        (found,) = (
            item
            for item in findings({gap.key: measure}, (mirage,), NOTHING, {}, SETTINGS)
            if item.measures[0] == question.kpi
        )
        assert found.severity == severity


@pytest.mark.parametrize(
    ("refusals", "words_fr"),
    [
        (("R6",), ("Le ton n’a pas été vérifié",)),
        (("R5", "R7"), ("Trop peu de cas comparables", "Moins de 80")),
    ],
)
def test_what_withholds_a_verdict_is_said_beside_it(refusals: tuple[str, ...], words_fr: tuple[str, ...]) -> None:
    gap = replace(gap_of(gap_claims[0], "withheld"), refusals=refusals)
    (found,) = said(gap)
    assert all(part in texts.say(found.text, "fr") for part in words_fr)
    assert "{" not in texts.say(found.text, "en")


@pytest.mark.parametrize(
    ("half", "verdict", "n_eff", "why"),
    [
        (0.02, "established", 900.0, "L’intervalle comprend la limite fixée."),
        (0.005, "indicative", 60.0, "Trop peu de cas indépendants"),
        (0.005, "indicative", 900.0, "L’intervalle est trop large pour conclure."),
    ],
)
def test_a_figure_beyond_its_limit_says_why_that_is_not_demonstrated(
    half: float, verdict: str, n_eff: float, why: str
) -> None:
    seen = replace(
        figure("recontact.orders.30d", (SETTINGS.targets.recontact or 0.0) + 0.01, half, verdict), n_eff=n_eff
    )
    (found,) = said(seen)
    assert found.state == "suspected" and why in texts.say(found.text, "fr")


def test_every_mirage_has_actions() -> None:
    assert set(ACTIONS_OF_MIRAGE) == {question.key for question in QUESTIONS}
    actions = {action for names in ACTIONS_OF_MIRAGE.values() for action in names}
    actions |= {action for claim in CLAIMS for action in claim.actions}
    assert all(texts.known(f"action.{action}") for action in actions)


def test_a_low_contact_alarm_is_never_more_than_a_doubt() -> None:
    alarm = replace(figure("silence.contacts.weekly", 3, 1, "indicative", unit="per_100"), facts={"state": "alert"})
    found = said(alarm)
    assert [(item.key, item.state) for item in found] == [("low_contact", "suspected")]
    words(found[0])


def changed(key: str, remaining: float, verdict: str) -> Context:
    adjusted = Adjusted(key, 0.2, 0.25, 0.05, 0.2, 0.25, {}, remaining, remaining - 0.01, remaining + 0.01, verdict)
    return Context(signals={key: adjusted})


@pytest.mark.parametrize(("remaining", "state"), [(0.06, "demonstrated"), (-0.06, "good")])
def test_a_change_between_periods(remaining: float, state: str) -> None:
    measure = figure("tone.negative.share", 0.3, 0.01, "established")
    context = changed(measure.key, remaining, "demonstrated")
    found = findings({measure.key: measure}, (), context, {}, SETTINGS)
    assert [(item.key, item.state) for item in found] == [("change.tone.negative.share", state)]
    words(found[0])


def test_a_change_without_a_verdict_is_not_said() -> None:
    measure = figure("tone.negative.share", 0.3, 0.01, "established")
    for verdict in ("not demonstrated", "withheld", "insufficient"):
        assert findings({measure.key: measure}, (), changed(measure.key, 0.06, verdict), {}, SETTINGS) == ()


def test_few_answers_are_worth_knowing() -> None:
    shares = {"response": 0.11, "bound_low": 0.10, "bound_high": 0.99}
    measures = [figure(f"surface.csat.{key}", value, 0.01, "established") for key, value in shares.items()]
    found = said(*measures)
    assert [(item.key, item.state) for item in found] == [("csat_response", "information")]
    assert "99" in texts.say(found[0].text, "fr")


@pytest.mark.parametrize(("value", "state"), [(0.05, "information"), (0.4, "good")])
def test_the_listening_grid(value: float, state: str) -> None:
    found = said(figure("field.listening.predicts", value, 0.1, "established", unit="score"))
    assert [item.state for item in found] == [state]
    words(found[0])


def test_states_are_in_order() -> None:
    measures = [
        gap_of(gap_claims[0], "demonstrated"),
        gap_of(gap_claims[1], "withheld"),
        gap_of(gap_claims[2], "demonstrated", -4),
    ]
    order = [STATES.index(item.state) for item in said(*measures)]
    assert order == sorted(order)
