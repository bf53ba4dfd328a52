"""A score when most did not answer: A11, bounds, merged classes, break-even."""

from __future__ import annotations

from math import isnan

import pytest

from cxaudit.stats.nonresponse import Stratum, bounds, merge_thin, reweight

A11 = (
    Stratum("smooth", 6500, 900, 864),
    Stratum("one_ticket", 2000, 150, 120),
    Stratum("recontact", 1500, 50, 28),
)


def test_a11() -> None:
    found = reweight(A11)
    assert found.interval.value == pytest.approx(0.8680, abs=1e-4)
    assert found.interval.low == pytest.approx(0.8423, abs=1e-4)
    assert found.interval.high == pytest.approx(0.8937, abs=1e-4)
    assert found.response == pytest.approx(0.11)
    assert found.at(0.10) == pytest.approx(0.7790) and found.at(0.20) == pytest.approx(0.6900)
    assert bounds(10000, 1100, 1012) == pytest.approx((0.1012, 0.9912))


def test_break_even_brings_the_score_to_the_target() -> None:
    found = reweight(A11)
    assert found.at(found.break_even(0.80)) == pytest.approx(0.80)
    assert isnan(reweight([Stratum("all", 50, 50, 40)]).break_even(0.8))


def test_everybody_answered_leaves_the_plain_score() -> None:
    found = reweight([Stratum("a", 60, 60, 30), Stratum("b", 40, 40, 40)])
    assert found.interval.value == pytest.approx(0.70)
    assert bounds(100, 100, 70) == (0.70, 0.70)


def test_thin_classes_are_merged_with_their_neighbour() -> None:
    merged = merge_thin([Stratum("a", 100, 50, 40), Stratum("b", 40, 19, 9), Stratum("c", 10, 30, 20)], 20)
    assert [cell.name for cell in merged] == ["a", "b+c"]
    last = merge_thin([Stratum("a", 100, 50, 40), Stratum("b", 40, 25, 9), Stratum("c", 10, 3, 1)], 20)
    assert [cell.name for cell in last] == ["a", "b+c"]
    assert sum(cell.asked for cell in last) == 150 and sum(cell.satisfied for cell in last) == 50


def test_doubling_keeps_the_score_and_narrows_the_interval() -> None:
    twice = [Stratum(c.name, 2 * c.asked, 2 * c.answered, 2 * c.satisfied) for c in A11]
    one, two = reweight(A11).interval, reweight(twice).interval
    assert two.value == pytest.approx(one.value) and two.half_width < one.half_width


def test_nobody_answered() -> None:
    assert isnan(reweight([Stratum("a", 10, 0, 0)]).interval.value)
    assert all(isnan(bound) for bound in bounds(0, 0, 0))
