"""The variance by weeks: held against what a reader works out by hand for two groups of weeks."""

import numpy as np
import pytest

from cxaudit.context.cells import week_of
from cxaudit.context.errors import Residuals, _by_weeks

WEEKS = 10


def two_groups(values: np.ndarray, days: int) -> tuple[Residuals, np.ndarray, np.ndarray]:
    """`values` in the order of days, `days` rows a week, the first ten weeks against the last ten."""
    day = np.concatenate([4 + 7 * week + np.arange(days) for week in range(2 * WEEKS)])
    late = week_of(day) > WEEKS
    design = np.column_stack([~late, late]).astype(float)
    gap = values - design @ (design.T @ values / design.sum(axis=0))
    return Residuals(gap, np.ones(day.size), design, day), np.diag(1 / design.sum(axis=0)), np.array([-1.0, 1.0])


def test_one_row_a_week_is_the_variance_of_a_difference_of_means() -> None:
    values = np.random.default_rng(1).normal(0, [1.0] * WEEKS + [3.0] * WEEKS)
    rows, inverse, contrast = two_groups(values, days=1)
    weeks, variance, freedom = _by_weeks(rows, inverse, inverse @ contrast)
    early, late = values[:WEEKS], values[WEEKS:]
    assert weeks == 2 * WEEKS
    assert variance == pytest.approx(early.var(ddof=1) / WEEKS + late.var(ddof=1) / WEEKS)
    assert freedom == pytest.approx(2 * (WEEKS - 1))


def test_days_that_share_their_weeks_luck_count_as_weeks() -> None:
    """Seven equal days a week are one draw: the variance is that of the weeks' means."""
    means = np.random.default_rng(2).normal(0, 1, 2 * WEEKS)
    rows, inverse, contrast = two_groups(np.repeat(means, 7), days=7)
    _, variance, freedom = _by_weeks(rows, inverse, inverse @ contrast)
    expected = means[:WEEKS].var(ddof=1) / WEEKS + means[WEEKS:].var(ddof=1) / WEEKS
    assert variance == pytest.approx(expected, rel=1e-9)
    assert freedom == pytest.approx(2 * (WEEKS - 1), rel=0.05)


def test_a_week_that_alone_bears_a_coefficient_adds_nothing() -> None:
    values = np.random.default_rng(3).normal(0, 1, 2 * WEEKS)
    rows, inverse, contrast = two_groups(values, days=1)
    alone = np.zeros((2 * WEEKS + 1, 3))
    alone[:-1, :2], alone[-1, 2] = rows.design, 1.0
    assert rows.day is not None
    day = np.append(rows.day, rows.day[-1] + 70)
    more = Residuals(np.append(rows.gap, 0.0), np.ones(day.size), alone, day)
    wide = np.diag([*np.diag(inverse), 1.0])
    with_it = _by_weeks(more, wide, wide @ np.append(contrast, 0.0))
    assert with_it[1] == pytest.approx(_by_weeks(rows, inverse, inverse @ contrast)[1])
    assert np.isfinite(with_it[2])


def test_no_residual_at_all_leaves_freedom_open() -> None:
    rows, inverse, contrast = two_groups(np.ones(2 * WEEKS), days=1)
    assert _by_weeks(rows, inverse, inverse @ contrast)[1:] == (0.0, float("inf"))
