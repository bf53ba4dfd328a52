import numpy as np
import pytest

from cxaudit.context.shapley import shapley


def test_a9_two_factors_share_what_they_do_together() -> None:
    peak, incident = shapley([18.0, 22.0, 24.0, 30.0])
    assert (peak, incident) == (5.0, 7.0)


def test_shares_sum_to_the_whole_for_five_factors() -> None:
    values = np.random.default_rng(5).normal(size=32)
    assert shapley(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-12)


def test_a_factor_that_changes_nothing_gets_nothing() -> None:
    values = [0.0, 3.0, 0.0, 3.0]  # the second player adds nothing, alone or with the first
    assert shapley(values).tolist() == [3.0, 0.0]


def test_no_factor_no_share() -> None:
    assert shapley([4.0]).size == 0


def test_a_value_must_stand_for_each_subset() -> None:
    with pytest.raises(ValueError, match="each subset"):
        shapley([1.0, 2.0, 3.0])
