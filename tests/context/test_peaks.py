import numpy as np
import pytest

from cxaudit.context.peaks import Run, dips, level, peaks

WEEK = np.array([120, 110, 100, 100, 100, 80, 60])


def _orders(days: int = 400, factor: float = 1.0) -> np.ndarray:
    """Orders a day by weekday, from a Monday, with a little regular unrest."""
    place = np.arange(days)
    return np.round(WEEK[place % 7] * factor * np.exp(0.03 * np.sin(place * 2.4)))


def _found(counts: np.ndarray) -> tuple[Run, ...]:
    known = level(counts.astype(float), weekday_of_first=0)
    assert known is not None
    return peaks(known)


def test_ordinary_weeks_have_no_peak_and_no_dip() -> None:
    known = level(_orders().astype(float), weekday_of_first=0)
    assert known is not None
    assert peaks(known) == () and dips(known) == ()


def test_a_peak_is_found_with_its_days_and_its_size() -> None:
    orders = _orders()
    orders[200:206] *= 2
    (run,) = _found(orders)
    assert (run.first, run.last) == (200, 205)
    assert run.ratio == pytest.approx(2.0, abs=0.15)


def test_a_dip_is_a_peak_turned_over() -> None:
    orders = _orders()
    orders[100:104] = orders[100:104] // 3
    known = level(orders.astype(float), weekday_of_first=0)
    assert known is not None
    (run,) = dips(known)
    assert (run.first, run.last) == (100, 103)
    assert run.ratio < 0.4
    assert peaks(known) == ()


def test_a_single_great_day_does_not_carry_its_neighbours() -> None:
    orders = _orders()
    orders[150] *= 4
    assert [(run.first, run.last) for run in _found(orders)] == [(150, 150)]


def test_days_two_apart_are_one_peak_three_apart_are_two() -> None:
    near, far = _orders(), _orders()
    near[[150, 151, 154, 155]] *= 2
    far[[150, 151, 156, 157]] *= 2
    assert [(run.first, run.last) for run in _found(near)] == [(150, 155)]
    assert [(run.first, run.last) for run in _found(far)] == [(150, 151), (156, 157)]


def test_a_small_lift_at_great_volume_is_no_peak() -> None:
    orders = _orders(factor=200.0)
    orders[150:157] *= 1.12
    assert _found(orders) == ()


def test_growth_and_season_are_no_peaks() -> None:
    place = np.arange(730)
    orders = np.round(_orders(730) * np.exp(0.001 * place + 0.25 * np.cos(2 * np.pi * place / 365)))
    assert _found(orders) == ()


def test_a_fortnight_has_no_level() -> None:
    assert level(np.ones(14), weekday_of_first=0) is None
    assert level(np.ones(15), weekday_of_first=0) is not None


@pytest.mark.parametrize("per_day", [2, 13, 60])
def test_luck_alone_makes_about_one_peak_or_dip_a_year(per_day: int) -> None:
    luck = np.random.default_rng(4)
    runs = 0
    for _ in range(10):
        known = level(luck.poisson(per_day, 365).astype(float), weekday_of_first=0)
        assert known is not None
        runs += len(peaks(known)) + len(dips(known))
    assert runs <= 12


def test_precision_and_recall_at_a_hundred_a_day() -> None:
    right = wrong = missed = 0
    for seed in range(12):
        luck = np.random.default_rng(seed)
        place = np.arange(540)
        mean = WEEK[place % 7] * np.exp(0.2 * np.cos(2 * np.pi * place / 365) + luck.normal(0, 0.08, 540))
        truth = [(start, start + int(luck.integers(0, 10))) for start in (60, 180, 300, 420)]
        for first, last in truth:
            mean[first : last + 1] *= luck.uniform(1.6, 2.5)
        runs = _found(luck.poisson(mean))
        hit = [any(run.first <= last and run.last >= first for run in runs) for first, last in truth]
        good = [any(run.first <= last and run.last >= first for first, last in truth) for run in runs]
        right, wrong, missed = right + sum(good), wrong + good.count(False), missed + hit.count(False)
    assert right / (right + wrong) >= 0.9
    assert missed / 48 <= 0.3
