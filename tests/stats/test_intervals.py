"""Intervals against the worked examples A1, A2 and A12, and their limiting cases."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxaudit.stats.intervals import (
    ClusterSums,
    Interval,
    benjamini_hochberg,
    detectable_gap,
    fisher_interval,
    mean_interval,
    newcombe,
    nps_interval,
    share_interval,
    wilson,
)


def single(successes: int, units: int) -> Interval:
    return share_interval(ClusterSums.of([1] * units, [1] * successes + [0] * (units - successes)))


def test_a1_one_customer_each_is_plain_wilson() -> None:
    found = single(3, 10)
    assert (found.value, found.n_eff, found.deff) == (0.3, 10, 1)
    assert found.low == pytest.approx(0.1078, abs=1e-4)
    assert found.high == pytest.approx(0.6032, abs=1e-4)


def test_a1_clusters_widen_the_interval() -> None:
    sums = ClusterSums.of([1, 1, 1, 2, 2, 3], [0, 0, 1, 2, 0, 0])
    found = share_interval(sums)
    assert sums.cluster_variance == pytest.approx(0.0456, abs=1e-4)
    assert found.deff == pytest.approx(2.1714, abs=1e-4)
    assert found.n_eff == pytest.approx(4.605, abs=1e-3)
    assert (found.low, found.high) == pytest.approx((0.0688, 0.7131), abs=1e-4)


def test_a2_difference_of_two_months() -> None:
    january, february = single(20, 50), single(33, 60)
    assert (january.low, january.high) == pytest.approx((0.2761, 0.5382), abs=1e-4)
    assert (february.low, february.high) == pytest.approx((0.4249, 0.6691), abs=1e-4)
    gap = newcombe(january, february)
    assert (gap.value, gap.low, gap.high) == pytest.approx((0.15, -0.0364, 0.3219), abs=1e-4)


def test_a12_nps() -> None:
    found = nps_interval(50, 20, ClusterSums.of([1] * 100, [1] * 50 + [0] * 30 + [-1] * 20))
    assert found.value == 30
    assert (found.low, found.high) == pytest.approx((14.7, 45.3), abs=0.05)


def test_no_unit_is_nan_never_zero() -> None:
    nothing = share_interval(ClusterSums.of([], []))
    assert isnan(nothing.value) and isnan(nothing.low) and nothing.n_eff == 0


@pytest.mark.parametrize("totals", [[0, 0, 0], [2, 3, 1]])
def test_certain_shares_have_no_design_effect(totals: list[int]) -> None:
    assert share_interval(ClusterSums.of([2, 3, 1], totals)).deff == 1


def test_one_customer_alone_counts_as_one() -> None:
    assert share_interval(ClusterSums.of([8], [4])).n_eff == 1


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), min_size=3, max_size=30))
def test_doubling_every_cluster_keeps_the_share_and_narrows_the_interval(pairs: list[tuple[int, int]]) -> None:
    units = [m for m, _ in pairs]
    wins = [min(m, y) for m, y in pairs]
    once, twice = share_interval(ClusterSums.of(units, wins)), share_interval(ClusterSums.of(units * 2, wins * 2))
    assert twice.value == pytest.approx(once.value)
    assert twice.half_width <= once.half_width + 1e-12
    assert 0 <= once.low <= once.value <= once.high <= 1 or once.value in (0, 1)


def test_mean_is_student_on_clusters() -> None:
    scores = [4.0, 5.0, 3.0, 4.0]
    found = mean_interval(ClusterSums.of([1] * 4, scores), sum(s * s for s in scores))
    se = np.std(scores, ddof=1) / 2
    assert found.value == 4
    assert found.high - found.value == pytest.approx(3.182446 * se, abs=1e-5)


def test_wilson_of_nothing() -> None:
    assert all(isnan(limit) for limit in wilson(0.5, 0))


def test_detectable_gap_by_hand() -> None:
    assert detectable_gap(0.5, 100, 100) == pytest.approx(2.8 * (0.25 * 0.02) ** 0.5)


def test_benjamini_hochberg_by_hand() -> None:
    assert benjamini_hochberg([0.01, 0.04, 0.20, float("nan")]) == [True, True, False, False]


def test_fisher_interval_holds_its_value() -> None:
    low, high = fisher_interval(0.3, 100)
    assert -1 < low < 0.3 < high < 1
