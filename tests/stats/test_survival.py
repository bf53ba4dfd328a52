"""Kaplan-Meier against worked example A3 and against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from cxaudit.stats.survival import kaplan_meier

A3 = [(0, 12), (5, None), (10, 45), (20, 80), (40, None), (60, 25), (95, 10), (110, None)]


def test_a3() -> None:
    followed = [120 - day for day, _ in A3]
    durations = [min(next_ or 999, left) for (_, next_), left in zip(A3, followed, strict=True)]
    curve = kaplan_meier(durations, [next_ is not None for _, next_ in A3])
    assert [curve.at(day)[0] for day in (10, 12, 25)] == pytest.approx([0.875, 0.72917, 0.58333], abs=1e-5)
    assert curve.event_share(30) == pytest.approx((0.4167, 0.1559, 0.8198), abs=1e-4)
    assert curve.event_share(90) == pytest.approx((0.7083, 0.3812, 0.9577), abs=1e-4)


def test_agrees_with_statsmodels() -> None:
    rng = np.random.default_rng(3)
    durations, happened = rng.integers(0, 60, 300), rng.random(300) < 0.4
    curve, other = kaplan_meier(durations, happened), SurvfuncRight(durations, happened)
    assert curve.days.tolist() == other.surv_times.tolist()
    np.testing.assert_allclose(curve.survival, other.surv_prob, atol=1e-12)
    np.testing.assert_allclose(curve.survival**2 * curve.greenwood, other.surv_prob_se**2, atol=1e-12)


def test_event_comes_before_censoring_on_a_tie() -> None:
    assert kaplan_meier([5, 5], [True, False]).at(5)[0] == 0.5


def test_median_is_none_while_the_curve_stays_above_half() -> None:
    assert kaplan_meier([1, 2, 9, 9, 9], [True, True, False, False, False]).median() is None
    assert kaplan_meier([1, 2], [True, True]).median() == 1
