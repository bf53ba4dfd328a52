import numpy as np
import pytest
import statsmodels.api as sm

from cxaudit.context.glm import expit, fit


def _drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    luck = np.random.default_rng(seed)
    period = luck.integers(0, 3, 60)
    design = np.column_stack([period == 0, period == 1, period == 2, luck.random(60) < 0.3, luck.normal(size=60)])
    units = luck.integers(20, 300, 60).astype(float)
    eta = design.astype(float) @ np.array([-1.5, -1.2, -1.4, 0.6, 0.2])
    return design.astype(float), units, luck.binomial(units.astype(int), expit(eta)).astype(float)


@pytest.mark.parametrize("seed", range(3))
def test_logit_agrees_with_statsmodels(seed: int) -> None:
    design, units, sums = _drawn(seed)
    ours = fit(design, units, sums, logit=True, periods=3)
    theirs = sm.GLM(np.column_stack([sums, units - sums]), design, family=sm.families.Binomial()).fit(tol=1e-12)
    assert ours.coefficients == pytest.approx(theirs.params, abs=1e-7)
    assert ours.inverse == pytest.approx(theirs.cov_params(), abs=1e-7)
    assert ours.means == pytest.approx(theirs.mu, abs=1e-8)


def test_least_squares_agree_with_statsmodels() -> None:
    design, units, sums = _drawn(7)
    ours = fit(design, units, sums, logit=False, periods=3)
    theirs = sm.WLS(sums / units, design, weights=units).fit()
    assert ours.coefficients == pytest.approx(theirs.params, abs=1e-8)
    assert ours.inverse == pytest.approx(theirs.normalized_cov_params, abs=1e-8)


def test_a_group_without_a_success_stays_finite() -> None:
    design = np.array([[1.0, 0.0], [1.0, 1.0]])
    found = fit(design, np.array([100.0, 50.0]), np.array([20.0, 0.0]), logit=True, periods=1)
    assert np.isfinite(found.coefficients).all()
    assert found.means == pytest.approx([0.2, 0.0], abs=1e-6)


def test_each_period_is_reproduced_exactly() -> None:
    design, units, sums = _drawn(11)
    found = fit(design, units, sums, logit=True, periods=3)
    for period in range(3):
        rows = design[:, period] == 1
        assert (found.means * units)[rows].sum() == pytest.approx(sums[rows].sum(), abs=1e-8)
