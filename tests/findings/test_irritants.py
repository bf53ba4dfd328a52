"""Irritants that grow, and those that customers return for: said by their own interval, the worst of each kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cxaudit import texts
from cxaudit.field.apart import Tickets, excess, growth, judged
from cxaudit.findings import MOST_IRRITANTS, findings
from cxaudit.schema.results import Context, Field, Finding, Irritant
from cxaudit.schema.settings import Settings
from cxaudit.stats.intervals import Interval, newcombe, wilson


def irritant(label: str = "Retard", **facts: Any) -> Irritant:
    return Irritant(label, ("colis",), 200, 0.2, facts.get("growth"), 0.31, facts)


def apart(kind: str, value: float, half: float, verdict: str) -> dict[str, Any]:
    return {kind: value, f"{kind}_low": value - half, f"{kind}_high": value + half, f"{kind}_verdict": verdict}


def said(*irritants: Irritant) -> tuple[Finding, ...]:
    return findings({}, (), Context(), {}, Settings(), Field(irritants))


@pytest.mark.parametrize("kind", ["growth", "excess"])
@pytest.mark.parametrize(
    ("value", "verdict", "state", "severity"),
    [
        (0.06, "demonstrated", "demonstrated", "high"),
        (0.025, "demonstrated", "demonstrated", "medium"),
        (0.06, "not demonstrated", "suspected", "low"),
        (0.06, "withheld", "suspected", "low"),
        (0.06, "insufficient", None, None),
        (0.005, "not demonstrated", None, None),
        (-0.06, "demonstrated", None, None),
    ],
)
def test_an_irritant_is_said_as_its_interval_allows(
    kind: str, value: float, verdict: str, state: str | None, severity: str | None
) -> None:
    found = said(irritant(**apart(kind, value, 0.01, verdict)))
    assert [(item.state, item.severity) for item in found] == ([(state, severity)] if state else [])
    for item in found:
        assert len(item.actions) == 2 and all(texts.known(f"action.{name}") for name in item.actions)
        for lang in texts.LANGUAGES:
            sentence = texts.say(item.text, lang)
            assert "Retard" in sentence and "{" not in sentence
            assert ("Observé" in sentence or "Observed" in sentence) == (state == "suspected")
            told = ("prend plus", "réécrivent plus", "takes up more", "more often")
            assert any(words in sentence for words in told) == (state == "demonstrated")


def test_an_irritant_that_is_not_demonstrated_says_why() -> None:
    """One of many compared says so; a reservation is named; what chance makes is not said."""
    seen = apart("growth", 0.06, 0.01, "not demonstrated")
    (many,) = said(irritant(**seen))
    assert "Parmi tous les irritants comparés" in texts.say(many.text, "fr")
    (held,) = said(irritant(**seen | {"growth_verdict": "withheld", "growth_refusals": ["R7"]}))
    assert "Moins de 80" in texts.say(held.text, "fr") and "Fewer than 80%" in texts.say(held.text, "en")
    assert said(irritant(**apart("growth", 0.06, 0.07, "not demonstrated"))) == ()


def test_money_is_told_only_where_a_minute_has_a_price() -> None:
    gap = apart("excess", 0.06, 0.01, "demonstrated")
    with_price, without = (texts.say(said(irritant(**gap, **more))[0].text, "fr") for more in ({"cost": 1234.0}, {}))
    assert "1\u202f234\u00a0€" in with_price and "€" not in without


def test_the_worst_of_each_kind_alone_and_each_under_its_own_key() -> None:
    many = [irritant(f"r{n}", **apart("growth", 0.02 + n / 100, 0.005, "demonstrated")) for n in range(9)]
    found = said(*many)
    assert len(found) == MOST_IRRITANTS and len({item.key for item in found}) == MOST_IRRITANTS
    assert [dict(item.text.facts)["label"] for item in found] == ["r8", "r7", "r6"]
    assert [item.key for item in said(*reversed(many))] == [item.key for item in found]


def test_an_audit_without_irritants_says_nothing_of_them() -> None:
    assert said() == () and said(irritant()) == ()


# ---- the differences themselves ------------------------------------------------------------------------------------


def tickets(thirds: list[int], again: list[float]) -> Tickets:
    """One customer a ticket."""
    return Tickets(np.arange(len(thirds)), np.array(thirds), np.array(again, float))


def test_growth_is_the_last_third_against_the_first() -> None:
    """2 of 10 tickets first, 5 of 10 last: +30 points, Newcombe on Wilson's limits."""
    held = tickets([0] * 10 + [1] * 4 + [2] * 10, [0.0] * 24)
    found = growth(np.array([0, 1, 10, 14, 15, 16, 17, 18]), held)
    a, b = (Interval(p, *wilson(p, 10.0), 10.0) for p in (0.2, 0.5))
    assert found is not None and found.value == pytest.approx(0.3)
    assert (found.low, found.high) == pytest.approx((newcombe(a, b).low, newcombe(a, b).high))


def test_excess_is_against_all_other_tickets_and_leaves_out_what_is_too_early_to_say() -> None:
    """Own: 3 of 4 mature; others: 1 of 5."""
    nan = float("nan")
    held = tickets([1] * 11, [1, 1, 1, 0, nan, 1, 0, 0, 0, 0, nan])
    found = excess(np.arange(5), held)
    assert found is not None and found.value == pytest.approx(0.75 - 0.2)


def test_one_customer_who_writes_often_weighs_less() -> None:
    again = [1.0] * 10 + [0.0] * 30
    alone = excess(np.arange(20), tickets([1] * 40, again))
    same = Tickets(np.array([0] * 10 + [1] * 10 + list(range(2, 22))), np.array([1] * 40), np.array(again))
    assert alone is not None and (found := excess(np.arange(20), same)) is not None
    assert found.high - found.low > alone.high - alone.low


def test_nothing_to_compare_with_is_no_difference() -> None:
    held = tickets([1, 1], [1.0, float("nan")])
    assert growth(np.array([0]), held) is None and excess(np.array([0]), held) is None
    assert judged("growth", [None], 0.01, ()) == [{}]


def test_irritants_are_judged_together() -> None:
    """Twenty intervals that barely exclude zero: alone each stands, among many none does."""
    barely = Interval(0.05, 0.001, 0.099, 400.0)
    sure = Interval(0.05, 0.03, 0.07, 400.0)
    assert judged("growth", [barely], 0.01, ())[0]["growth_verdict"] == "demonstrated"
    many = judged("growth", [sure, *[Interval(0.0, -0.05, 0.05, 400.0)] * 20, barely], 0.01, ())
    assert [many[n]["growth_verdict"] for n in (0, -1)] == ["demonstrated", "not demonstrated"]


def test_a_refusal_withholds_the_verdict() -> None:
    sure = Interval(0.05, 0.03, 0.07, 400.0)
    found = judged("excess", [sure], 0.01, ("R7",))[0]
    assert (found["excess_verdict"], found["excess_refusals"]) == ("withheld", ["R7"])
