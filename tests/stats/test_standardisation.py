"""Direct standardisation against worked examples A4 and A14, and its fallback."""

from __future__ import annotations

import pytest

from cxaudit.stats.standardisation import Tally, gap, standardise

A4 = [("x", 60, 9, 400, 80), ("y", 30, 9, 300, 120), ("z", 10, 5, 300, 180)]


def test_a4() -> None:
    cases = {(name,): units for name, units, *_ in A4}
    controls = {(name,): Tally(n, y) for name, _, _, n, y in A4}
    found = standardise(cases, controls, shrunk=False)
    assert found.value == pytest.approx(0.30)
    interval = gap(Tally(100, 23), found)
    assert (interval.value, interval.low, interval.high) == pytest.approx((-0.07, -0.1575, 0.0175), abs=1e-4)
    assert (interval.high - interval.value) / 1.959964 == pytest.approx(0.04467, abs=1e-5)


def test_thin_cell_drops_its_first_part_and_counts_as_fallback() -> None:
    controls = {("jan", "low"): Tally(4, 4), ("feb", "low"): Tally(16, 4), ("jan", "high"): Tally(10, 1)}
    found = standardise({("jan", "low"): 5, ("jan", "high"): 5}, controls)
    assert found.value == pytest.approx(0.5 * 8 / 20 + 0.5 * 1 / 10)
    assert found.fallback_share == 0.5


def test_cases_without_any_control_carry_no_weight() -> None:
    found = standardise({("a",): 3.0}, {})
    assert found.cases == 0 and found.unmatched == 3 and found.value != found.value


def test_fallback_cells_share_one_variance() -> None:
    """Two thin cells that fall back on the same controls are no two independent estimates."""
    controls = {("jan", "low"): Tally(1, 0), ("feb", "low"): Tally(1, 1), ("mar", "low"): Tally(18, 9)}
    found = standardise({("jan", "low"): 1, ("feb", "low"): 1}, controls, shrunk=False)
    assert found.variance == pytest.approx(0.5 * 0.5 / 20)


def test_what_is_compared_is_never_dropped_while_it_has_a_control() -> None:
    """The month and the band may go; the last part stands with one control, and all stand in only where it has none."""
    controls = {("jan", "low", 1): Tally(2, 2), ("jan", "low", 2): Tally(8, 0)}
    alone = standardise({("feb", "high", 1): 4}, controls, shrunk=False)
    assert (alone.value, alone.fallback_share) == (1.0, 1.0)
    unknown = standardise({("feb", "high", 3): 4}, controls, shrunk=False)
    assert (unknown.value, unknown.fallback_share, unknown.unmatched) == (0.2, 1.0, 0)


def test_as_many_last_parts_are_kept_as_are_compared() -> None:
    controls = {("jan", "low", 1): Tally(2, 2), ("jan", "high", 1): Tally(8, 0)}
    one, two = (standardise({("feb", "low", 1): 4}, controls, shrunk=False, kept=kept).value for kept in (1, 2))
    assert (one, two) == (0.2, 1.0)


def test_a_thin_campaign_keeps_its_own_rate() -> None:
    """A14 in small: cells of one part have nothing to drop, and do not count as fallback."""
    controls = {("retard",): Tally(2, 1), ("casse",): Tally(4, 1)}
    found = standardise({("retard",): 1, ("casse",): 3}, controls)
    assert found.value == pytest.approx(0.25 * 0.5 + 0.75 * 0.25)
    assert found.fallback_share == 0
