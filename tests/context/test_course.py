"""Weeks, months and any days of a figure; what a stretch of days brought against its usual."""

from datetime import date

import pytest
from context_days import FIRST, spread

from cxaudit.context.course import counted, course, happened, over
from cxaudit.schema.days import day_number
from cxaudit.schema.results import Daily, Daybook, Span

MONDAY = date(2026, 1, 5)


def days(values: list[tuple[float, float]], first: date = MONDAY) -> Daily:
    start = day_number(first)
    return Daily(tuple(range(start, start + len(values))), *(tuple(column) for column in zip(*values, strict=True)))


def test_weeks_run_from_monday_and_carry_their_wilson_interval() -> None:
    first, second = course(days([(1.0, 0.0)] * 4 + [(1.0, 1.0)] * 3 + [(2.0, 1.0)]), "share", 1.0, "week")
    assert first.span == Span(MONDAY, date(2026, 1, 11))
    assert (first.units, first.value) == (7.0, pytest.approx(3 / 7))
    assert (first.low, first.high) == (pytest.approx(0.1582, abs=1e-4), pytest.approx(0.7495, abs=1e-4))
    assert (second.units, second.value) == (2.0, 0.5)


def test_the_design_effect_widens_the_interval() -> None:
    daily = days([(10.0, 3.0)] * 7)
    (narrow,), (wide,) = course(daily, "share", 1.0, "week"), course(daily, "share", 4.0, "week")
    assert wide.high is not None and narrow.high is not None and wide.high > narrow.high
    assert wide.value == narrow.value


def test_a_mean_is_as_sure_as_its_days_agree() -> None:
    """Two weeks of days at 9 and 11 about 10: one unit a day, variance 14/12 a unit, seven units."""
    alternating = [9.0, 11.0, 9.0, 11.0, 9.0, 11.0, 10.0]
    first, _ = course(days([(1.0, value) for value in alternating * 2]), "hours", 1.0, "week")
    assert first.value == pytest.approx(10.0)
    assert first.high == pytest.approx(10.0 + 1.959964 * (1.0 / 7) ** 0.5)


def test_one_day_of_a_mean_has_no_interval() -> None:
    (only,) = course(days([(3.0, 30.0)]), "hours", 1.0, "week")
    assert (only.value, only.low, only.high) == (10.0, None, None)


def test_months_and_scoped_rows_add_up() -> None:
    one = spread(units=10)
    assert one.daily is not None
    found = course(one.daily, "share", 1.0, "month")
    assert found[0].span == Span(FIRST, date(2024, 10, 31)) and len(found) == 24
    twice = Daily(one.daily.days * 2, one.daily.units * 2, one.daily.sums * 2, (0,) * 730 + (1,) * 730)
    assert course(twice, "share", 1.0, "month")[0].units == 2 * found[0].units


def test_counts_show_whole_weeks_only() -> None:
    friday = day_number(date(2026, 1, 2))
    found = counted([1] * 20, friday, "week")
    assert [(one.span.first, one.value) for one in found] == [(MONDAY, 7.0), (date(2026, 1, 12), 7.0)]


def test_any_days_of_a_figure() -> None:
    daily = days([(10.0, 1.0)] * 7 + [(10.0, 4.0)] * 7)
    found = over(daily, "share", 1.0, Span(date(2026, 1, 10), date(2026, 1, 13)))
    assert found is not None and (found.units, found.value) == (40.0, pytest.approx(0.25))
    assert over(daily, "share", 1.0, Span(date(2025, 1, 1), date(2025, 1, 2))) is None


def book(last_week: int, weeks: int = 9) -> Daybook:
    """Two delays on Mondays and none elsewhere; `last_week` of them on the last Monday."""
    delays = ([2, 0, 0, 0, 0, 0, 0] * (weeks - 1)) + [last_week, 0, 0, 0, 0, 0, 0]
    return Daybook(day_number(MONDAY), (10,) * len(delays), (5,) * len(delays), {"Retard": tuple(delays)})


def test_a_reason_rises_against_the_same_weekdays() -> None:
    monday = date(2026, 3, 2)
    brought = happened(book(9), Span(monday, monday))
    (delay,) = brought.reasons
    assert (delay.name, delay.count, delay.usual) == ("Retard", 9, 2.0)
    assert brought.orders is not None and (brought.orders.count, brought.orders.usual) == (10, 10.0)
    assert happened(book(4), Span(monday, monday)).reasons == ()


def test_a_week_is_compared_with_weeks_before_it_alone() -> None:
    monday = date(2026, 2, 23)
    brought = happened(book(9), Span(monday, date(2026, 3, 8)))
    assert brought.tickets is not None and (brought.tickets.count, brought.tickets.usual) == (70, 70.0)
    assert brought.reasons[0].count == 11 and brought.reasons[0].usual == 4.0


def test_the_first_weeks_have_no_usual() -> None:
    brought = happened(book(9), Span(MONDAY, MONDAY))
    assert brought.orders is not None and brought.orders.usual is None
    assert brought.reasons == ()
    assert happened(Daybook(0), Span(MONDAY, MONDAY)).orders is None


def test_days_outside_the_data_count_nothing() -> None:
    brought = happened(book(9), Span(date(2030, 1, 1), date(2030, 1, 7)))
    assert brought.orders is not None and (brought.orders.count, brought.reasons) == (0, ())
