"""The formulas of states give what the audit itself decides, whatever the figures."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from cxaudit.findings.mirages import QUESTIONS, Alarm, Difference, Question, Rule, mirages
from cxaudit.report import states
from cxaudit.schema.results import Audit, Measure, Mirage
from cxaudit.schema.settings import Settings, Targets

SETTINGS = Settings()
# Verdict, half-width of the interval, reservations, and how far beyond the limit on the harmful side.
SHADES = (
    ("established", 0.001, (), 0.05),
    ("established", 0.2, (), 0.05),
    ("indicative", 0.001, ("R6",), 0.05),
    ("insufficient", 0.4, ("R1",), 0.05),
    ("established", 0.001, (), -0.05),
    ("insufficient", 0.4, ("R1",), -0.05),
)
GAPS = ("demonstrated", "not demonstrated", "withheld", "insufficient")


def kpi(question: Question, green: bool, verdict: str) -> Measure:
    target = getattr(SETTINGS.targets, question.target)
    value = target + (-1 if green else 1) * question.harm * 0.01
    refusals = ("R1",) if verdict == "insufficient" else ()
    return Measure(question.kpi, "share", None, 100, value, value, value, 100.0, 1.0, verdict, refusals)


def counter(rule: Rule, shade: int) -> Measure:
    verdict, half, refusals, beyond = SHADES[shade % len(SHADES)]
    if isinstance(rule, Alarm):
        return Measure(rule.measure, "per_100", 10, 100, 10.0, verdict="established", facts={"state": "alert"})
    if isinstance(rule, Difference):
        limit = rule.harm * getattr(SETTINGS.materiality, rule.materiality)
        value, verdict = limit + rule.harm * beyond, GAPS[shade % len(GAPS)]
        refusals = ("R1",) if verdict == "insufficient" else ()
        return Measure(rule.measure, "share", None, 100, value, verdict=verdict, refusals=refusals, kind="difference")
    value = getattr(SETTINGS.targets, rule.target) + rule.harm * beyond
    return Measure(rule.measure, "share", None, 100, value, value - half, value + half, 100.0, 1.0, verdict, refusals)


def judged(measures: dict[str, Measure], settings: Settings, key: str) -> Mirage:
    return next(item for item in mirages(measures, {}, settings) if item.key == key)


def audit(measures: dict[str, Measure]) -> Audit:
    return Audit("", "", None, None, measures=measures, settings=SETTINGS)


def by_formula(mirage: Mirage, measures: dict[str, Measure]) -> str:
    weights = [states.weight(mirage, item, audit(measures)) for item in mirage.counter]
    return states.state_by_weights(mirage, measures.get(mirage.kpi), weights)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda item: item.key)
def test_states_and_weights_are_the_audits_own(question: Question) -> None:
    seen = set()
    for green, verdict, shade in product((True, False), ("established", "insufficient"), range(12)):
        rules = question.counters[: 1 + shade % len(question.counters)]
        found = [kpi(question, green, verdict), *(counter(rule, shade + n) for n, rule in enumerate(rules))]
        measures = {item.key: item for item in found}
        mirage = judged(measures, SETTINGS, question.key)
        assert by_formula(mirage, measures) == mirage.state
        assert states.green_by_target(mirage) == mirage.green
        for item in mirage.counter:
            rule = states.rule(mirage, item)
            if rule is not None:
                name = rule.parameter.partition(".")[2]
                limit = _limit(rule.parameter, name, mirage)
                assert states.weight_by_rule(rule, measures[item.measure], limit) == states.weight(
                    mirage, item, audit(measures)
                )
        seen.add(mirage.state)
    assert {"not green"} < seen


def _limit(parameter: str, name: str, mirage: Mirage) -> float:
    if parameter.startswith("gap."):
        return float(getattr(SETTINGS.materiality, name))
    return float(getattr(SETTINGS.targets, states.BY_KEY[name].target if parameter.startswith("target.") else name))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda item: item.key)
def test_no_figure_no_target_no_counter(question: Question) -> None:
    found = kpi(question, True, "established")
    alone = {found.key: found}
    for settings, measures in (
        (SETTINGS, {}),
        (SETTINGS, alone),
        (replace(SETTINGS, targets=replace(Targets(), **{question.target: None})), alone),
    ):
        mirage = judged(measures, settings, question.key)
        assert by_formula(mirage, measures) == mirage.state
