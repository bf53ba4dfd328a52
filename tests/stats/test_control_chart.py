"""The contact chart against worked example A10, and against series in which nothing happens."""

from __future__ import annotations

import numpy as np
import pytest

from cxaudit.stats.control_chart import baseline, surprise


def test_a10_poisson_cries_wolf_and_the_negative_binomial_does_not() -> None:
    assert surprise(38, 60, 0.0) == pytest.approx(-3.016, abs=1e-3)
    assert surprise(38, 60, 0.02) == pytest.approx(-2.081, abs=1e-3)


def test_few_false_alarms_on_clustered_weeks() -> None:
    rng = np.random.default_rng(11)
    alarms = 0
    for _ in range(300):
        weeks = rng.negative_binomial(50, 50 / (50 + 60), 27)
        found = baseline(weeks[:26], np.full(26, 500.0))
        alarms += abs(surprise(weeks[26], found.rate * 500, found.dispersion)) >= 3
    assert alarms <= 6


def test_baseline_without_a_ticket_is_unknown() -> None:
    assert np.isnan(baseline([0, 0, 0], [10, 10, 10]).rate)
