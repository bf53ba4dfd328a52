"""Two months of a share: told apart only on enough units, and by Newcombe's interval."""

from __future__ import annotations

from datetime import date

import pytest

from cxaudit.findings.months import enough, moved, told_apart
from cxaudit.schema.results import Point
from cxaudit.stats.intervals import wilson


def point(y: float, n: float, month: int = 5) -> Point:
    return Point(date(2026, month, 1), y, n, y / n, *wilson(y / n, n), n)


def test_the_gap_of_a_worked_example() -> None:
    """56/70 against 48/80, Newcombe's own example: 20 points, from 5.2 to 33.4."""
    gap = moved(point(48, 80), point(56, 70, 6))
    assert gap is not None and told_apart(gap)
    assert (gap.value, gap.low, gap.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


def test_thirty_four_texts_tell_nothing_of_two_points_and_a_half() -> None:
    gap = moved(point(30, 47), point(21, 34, 6))
    assert gap is not None and not told_apart(gap)


@pytest.mark.parametrize(("before", "now"), [(29, 200), (200, 29), (2, 2)])
def test_a_month_of_few_units_is_not_compared(before: float, now: float) -> None:
    assert moved(point(1, before), point(1, now, 6)) is None
    assert [enough(point(1, n)) for n in (29, 30)] == [False, True]


def test_a_month_without_limits_is_not_compared() -> None:
    bare = Point(date(2026, 6, 1), 20, 40, 0.5)
    assert moved(point(20, 40), bare) is None
