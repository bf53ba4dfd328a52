"""The nine mirages: each confirmed, cleared and not computable once; the other states and their edges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxaudit.findings.mirages import HIGH, QUESTIONS, Alarm, Difference, Question, Rule, Single, mirages
from cxaudit.schema.results import Measure, Mirage
from cxaudit.schema.settings import Settings

SETTINGS = Settings()
KEYS = (
    "csat",
    "first_reply",
    "few_tickets",
    "resolution",
    "handle_time",
    "pickup",
    "tickets_handled",
    "nps",
    "gestures",
)
each = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)


def figure(key: str, value: float, low: float, high: float, verdict: str, kind: str = "single") -> Measure:
    few = ("R1",) if verdict == "insufficient" else ()
    return Measure(key, "share", None, 500, value, low, high, 500, 1.0, verdict, few, kind=kind)


def green(question: Question) -> Measure:
    target = getattr(SETTINGS.targets, question.target)
    return figure(question.kpi, target, target - 0.01, target + 0.01, "established")


def shown(rule: Rule, *, bad: bool, sure: bool = True) -> Measure:
    """A counter-signal on its harmful or harmless side, with or without a verdict."""
    if isinstance(rule, Alarm):
        state = {"state": "alert" if bad else "none"}
        return replace(figure(rule.measure, 3.0, 2.0, 4.0, "indicative"), facts=state)
    if isinstance(rule, Difference):
        least = getattr(SETTINGS.materiality, rule.materiality)
        value = rule.harm * least * (3 if bad else -3)
        verdict = "demonstrated" if sure else "not demonstrated"
        return figure(rule.measure, value, value - least, value + least, verdict, "difference")
    limit = getattr(SETTINGS.targets, rule.target)
    value = limit * (1 + 0.4 * rule.harm * (1 if bad else -1))
    half = abs(limit) * (0.1 if sure else 0.6)
    return figure(rule.measure, value, value - half, value + half, "established")


def judged(question: Question, *measures: Measure, settings: Settings = SETTINGS) -> Mirage:
    found = {measure.key: measure for measure in measures}
    return next(item for item in mirages(found, {}, settings) if item.key == question.key)


def demonstrable(question: Question) -> Rule:
    return next(rule for rule in question.counters if not isinstance(rule, Alarm))


def test_nine_in_their_order() -> None:
    found = mirages({}, {}, SETTINGS)
    assert tuple(item.key for item in found) == KEYS
    assert {item.state for item in found} == {"not computable"}


@each
def test_confirmed_by_one_demonstrated_counter_signal(question: Question) -> None:
    found = judged(question, green(question), shown(demonstrable(question), bad=True))
    assert (found.green, found.state) == (True, "confirmed")
    assert [counter.bad for counter in found.counter] == [True]


@each
def test_suspected_without_a_verdict(question: Question) -> None:
    found = judged(question, green(question), shown(demonstrable(question), bad=True, sure=False))
    assert found.state == "suspected"


@each
def test_cleared_when_none_is_bad(question: Question) -> None:
    counters = [shown(rule, bad=False) for rule in question.counters]
    found = judged(question, green(question), *counters)
    assert found.state == "cleared" and not any(counter.bad for counter in found.counter)


@each
def test_not_computable_without_kpi_or_counter_signal(question: Question) -> None:
    assert judged(question, shown(demonstrable(question), bad=True)).state == "not computable"
    alone = judged(question, green(question))
    assert (alone.state, alone.counter) == ("not computable", ())


@each
def test_not_green_beyond_its_target(question: Question) -> None:
    target = getattr(SETTINGS.targets, question.target)
    beyond = figure(question.kpi, target + question.harm * 0.2, 0, 1, "established")
    found = judged(question, beyond, shown(demonstrable(question), bad=True))
    assert (found.green, found.state) == (False, "not green")


@each
def test_no_target(question: Question) -> None:
    targets = replace(SETTINGS.targets, **{question.target: None})
    found = judged(question, green(question), settings=replace(SETTINGS, targets=targets))
    assert (found.green, found.target, found.state) == (None, None, "no target")


@each
def test_open_while_a_counter_signal_has_too_little_data(question: Question) -> None:
    rule = demonstrable(question)
    few = replace(shown(rule, bad=False), verdict="insufficient", refusals=("R1",))
    assert judged(question, green(question), few).state == "open"


def test_a_value_on_the_target_is_green() -> None:
    for question in QUESTIONS:
        assert judged(question, green(question), shown(demonstrable(question), bad=False)).green


def test_a_gap_under_its_materiality_is_not_bad_even_if_demonstrated() -> None:
    rule = Difference("gap", "default", HIGH)
    small = figure("gap", 0.02, 0.01, 0.03, "demonstrated", "difference")
    assert rule.bad(small, SETTINGS) is False and not rule.demonstrated(small, SETTINGS)
    enough = replace(small, value=0.03)
    assert rule.bad(enough, SETTINGS) is True and rule.demonstrated(enough, SETTINGS)


def test_an_established_figure_whose_interval_holds_the_target_proves_nothing() -> None:
    rule = Single("share", "silent", HIGH)
    held = figure("share", 0.52, 0.49, 0.55, "established")
    assert rule.bad(held, SETTINGS) and not rule.demonstrated(held, SETTINGS)
    assert rule.demonstrated(replace(held, low=0.51), SETTINGS)


def test_withheld_never_confirms() -> None:
    question = QUESTIONS[0]
    rule = next(rule for rule in question.counters if isinstance(rule, Difference))
    withheld = replace(shown(rule, bad=True), verdict="withheld", refusals=("R5",))
    assert judged(question, green(question), withheld).state == "suspected"


def test_an_alarm_alone_is_never_proof() -> None:
    question = next(item for item in QUESTIONS if item.key == "few_tickets")
    alarm = next(rule for rule in question.counters if isinstance(rule, Alarm))
    assert judged(question, green(question), shown(alarm, bad=True)).state == "suspected"
    unknown = replace(shown(alarm, bad=True), facts={"state": "unknown"})
    assert judged(question, green(question), unknown).state == "not computable"


def test_the_bounds_of_csat_decide_nothing() -> None:
    question = QUESTIONS[0]
    counters = [shown(rule, bad=False) for rule in question.counters]
    low = figure("surface.csat.bound_low", 0.05, 0.04, 0.06, "established")
    assert judged(question, green(question), *counters, low).state == "cleared"


def test_a_measure_without_value_is_no_counter_signal() -> None:
    question = QUESTIONS[0]
    empty = replace(shown(demonstrable(question), bad=True), value=None)
    assert judged(question, green(question), empty).state == "not computable"
