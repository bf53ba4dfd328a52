"""The model on bare groups: the worked examples, then kinds of event that the data cannot carry."""

import numpy as np
import pytest
from context_days import cells

from cxaudit.context.cells import LINES, A, B
from cxaudit.context.model import Adjustment, adjust

PT = 0.0001  # 0.01 point


def _line(found: Adjustment, name: str) -> float:
    return float(found.lines[LINES.index(name)])


def test_a7_incident_in_b_only() -> None:
    found = adjust(cells([(A, (), 1000, 180), (B, (), 800, 160), (B, ["incident"], 200, 60)]), logit=True)
    assert found is not None
    assert (found.raw_a, found.raw_b) == pytest.approx((0.18, 0.22))
    assert (found.adjusted_a, found.adjusted_b) == pytest.approx((0.18, 0.20), abs=PT)
    assert _line(found, "incident") == pytest.approx(0.02, abs=PT)
    assert found.remaining == pytest.approx(0.02, abs=PT)
    low, high = found.interval
    assert (high - low) / 2 == pytest.approx(0.0365, abs=PT)


def test_a8_peak_in_both() -> None:
    rows = cells([(A, (), 900, 162), (A, ["peak"], 100, 30), (B, (), 600, 126), (B, ["peak"], 400, 138)])
    found = adjust(rows, logit=True)
    assert found is not None
    assert (found.raw_a, found.raw_b) == pytest.approx((0.192, 0.264))
    assert [found.coefficients[name] for name in ("a", "b", "peak")] == pytest.approx(
        [-1.51781, -1.32298, 0.67974], abs=1e-5
    )
    assert (found.adjusted_a, found.adjusted_b) == pytest.approx((0.17978, 0.21032), abs=PT)
    assert found.remaining == pytest.approx(0.03054, abs=PT)
    assert _line(found, "peak") == pytest.approx(0.04146, abs=PT)


def test_no_event_no_line() -> None:
    found = adjust(cells([(A, (), 1000, 180), (B, (), 1000, 220)]), logit=True)
    assert found is not None
    assert not found.lines.any()
    assert found.remaining == pytest.approx(0.04)


def test_doubled_counts_narrow_the_interval_and_move_nothing() -> None:
    rows = [(A, (), 900, 162), (A, ["peak"], 100, 30), (B, (), 600, 126), (B, ["peak"], 400, 138)]
    once = adjust(cells(rows), logit=True)
    twice = adjust(cells([(p, t, 2 * n, 2 * y) for p, t, n, y in rows]), logit=True)
    assert once is not None and twice is not None
    assert twice.remaining == pytest.approx(once.remaining, abs=1e-8)
    assert twice.uncertainty.error < once.uncertainty.error


def test_rows_in_any_order() -> None:
    rows = [(A, (), 900, 162), (A, ["peak"], 100, 30), (B, (), 600, 126), (B, ["peak"], 400, 138)]
    one, other = adjust(cells(rows), logit=True), adjust(cells(rows[::-1]), logit=True)
    assert one is not None and other is not None
    assert other.lines == pytest.approx(one.lines, abs=1e-10)
    assert other.uncertainty.error == pytest.approx(one.uncertainty.error, abs=1e-10)


def test_swapped_periods_flip_the_signs() -> None:
    rows = [(A, (), 900, 162), (A, ["peak"], 100, 30), (B, (), 600, 126), (B, ["peak"], 400, 138)]
    one = adjust(cells(rows), logit=True)
    other = adjust(cells([(1 - p, t, n, y) for p, t, n, y in rows]), logit=True)
    assert one is not None and other is not None
    assert other.lines == pytest.approx(-one.lines, abs=1e-9)
    assert other.remaining == pytest.approx(-one.remaining, abs=1e-9)
    assert other.interval == pytest.approx((-one.interval[1], -one.interval[0]), abs=1e-9)


@pytest.mark.parametrize("sums", [0, 200])
def test_an_incident_of_rate_0_or_1_is_set_aside_and_keeps_its_line(sums: int) -> None:
    found = adjust(cells([(A, (), 1000, 180), (B, (), 800, 160), (B, ["incident"], 200, sums)]), logit=True)
    assert found is not None
    assert found.folding.aside == (2,)
    assert found.adjusted_b == pytest.approx(0.20, abs=1e-9)
    # the incident's line is all that its days add: (160 + sums) / 1000 against the 20 % of the other days
    assert _line(found, "incident") == pytest.approx((160 + sums) / 1000 - 0.20, abs=1e-9)
    assert found.lines.sum() + found.remaining == pytest.approx(found.raw_b - found.raw_a, abs=1e-12)


def test_one_success_in_a_launch_moves_a_rare_rate_by_what_it_is() -> None:
    found = adjust(cells([(A, (), 4000, 8), (B, (), 3900, 8), (B, ["launch"], 100, 1)]), logit=True)
    assert found is not None
    assert found.folding.aside == (1,)
    assert _line(found, "launch") == pytest.approx(9 / 4000 - 8 / 3900, abs=1e-9)


def test_a_thin_promotion_joins_the_peaks() -> None:
    rows = [(A, (), 900, 162), (A, ["promotion"], 20, 6), (B, (), 600, 126), (B, ["peak"], 400, 138)]
    found = adjust(cells(rows), logit=True)
    assert found is not None
    assert found.folding.merged == (("promotion", "peak"),)
    assert found.coefficients["promotion"] == found.coefficients["peak"]
    assert _line(found, "promotion") < 0 < _line(found, "peak")


def test_two_kinds_on_the_same_days_share_their_effect() -> None:
    both = ["peak", "promotion"]
    found = adjust(cells([(A, (), 1000, 180), (B, (), 800, 160), (B, both, 200, 60)]), logit=True)
    assert found is not None
    assert _line(found, "peak") == pytest.approx(0.01, abs=1e-8)
    assert _line(found, "promotion") == pytest.approx(0.01, abs=1e-8)


def test_an_event_that_is_the_whole_period_explains_nothing() -> None:
    found = adjust(cells([(A, (), 1000, 180), (B, ["incident"], 1000, 300)]), logit=True)
    assert found is not None
    assert found.folding.unknown == ("incident",)
    assert not found.lines.any()
    assert found.remaining == pytest.approx(0.12)


@pytest.mark.parametrize("sums", [0, 1000])
def test_a_period_of_rate_0_or_1_has_no_model(sums: int) -> None:
    assert adjust(cells([(A, (), 1000, sums), (B, (), 1000, 220)]), logit=True) is None


def test_means_add_up_in_their_own_unit() -> None:
    rows = [(A, (), 100, 800.0), (B, (), 80, 720.0), (B, ["incident"], 40, 800.0)]
    found = adjust(cells(rows), logit=False)
    assert found is not None
    assert (found.raw_a, found.adjusted_b) == pytest.approx((8.0, 9.0))
    assert _line(found, "incident") == pytest.approx(1520 / 120 - 9.0)
    assert found.remaining == pytest.approx(1.0)


def test_a_larger_design_effect_widens_the_interval() -> None:
    rows = cells([(A, (), 1000, 180), (B, (), 1000, 220)])
    plain, clustered = adjust(rows, logit=True), adjust(rows, logit=True, least_dispersion=4.0)
    assert plain is not None and clustered is not None
    assert clustered.uncertainty.error == pytest.approx(2 * plain.uncertainty.error)


def test_random_groups_always_sum() -> None:
    luck = np.random.default_rng(3)
    for _ in range(40):
        rows = []
        for _ in range(int(luck.integers(2, 12))):
            terms = [t for t in ("peak", "launch", "incident", "promotion", "after_incident") if luck.random() < 0.3]
            units = int(luck.integers(1, 200))
            rows.append((int(luck.integers(0, 3)), terms, units, int(luck.integers(0, units + 1))))
        rows += [(A, (), 50, 10), (B, (), 60, 20)]
        found = adjust(cells(rows), logit=True)
        assert found is not None
        assert found.lines.sum() + found.remaining == pytest.approx(found.raw_b - found.raw_a, abs=1e-9)
        assert np.isfinite([*found.lines, found.adjusted_a, found.adjusted_b, found.uncertainty.error]).all()
