from datetime import date

import pytest
from context_days import event

from cxaudit.context.comparison import (
    before_after,
    blocks,
    default_comparison,
    history_rung,
    last_quarter,
    months_before,
    same_months,
    tool_changes,
)
from cxaudit.schema.results import Span
from cxaudit.schema.settings import Settings


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


Q3, Q3_BEFORE = span("2026-07-01", "2026-09-30"), span("2025-07-01", "2025-09-30")


@pytest.mark.parametrize(
    ("as_of", "quarter"),
    [
        ("2026-09-30", Q3),
        ("2026-09-29", span("2026-04-01", "2026-06-30")),
        ("2026-11-15", Q3),
        ("2026-12-31", span("2026-10-01", "2026-12-31")),
        ("2027-01-01", span("2026-10-01", "2026-12-31")),
    ],
)
def test_last_quarter_is_the_last_one_that_is_over(as_of: str, quarter: Span) -> None:
    assert last_quarter(date.fromisoformat(as_of)) == quarter


def test_by_default_the_last_quarter_against_the_same_a_year_before() -> None:
    found = default_comparison(Settings(), as_of=date(2026, 10, 20), data_first=date(2025, 1, 1))
    assert found == (Q3_BEFORE, Q3)


@pytest.mark.parametrize(("first", "reaches"), [("2025-07-01", True), ("2025-07-05", True), ("2025-08-01", False)])
def test_no_comparison_where_the_data_do_not_reach(first: str, reaches: bool) -> None:
    found = default_comparison(Settings(), as_of=date(2026, 10, 20), data_first=date.fromisoformat(first))
    assert found == ((Q3_BEFORE, Q3) if reaches else (None, None))


def test_periods_that_are_set_are_taken() -> None:
    may, june = span("2026-05-01", "2026-05-31"), span("2026-06-01", "2026-06-30")
    days = {"as_of": date(2026, 10, 20), "data_first": date(2026, 4, 1)}
    assert default_comparison(Settings(period=june, compare=may), **days) == (may, june)
    assert default_comparison(Settings(period=june), **days) == (None, june)
    assert default_comparison(Settings(compare=may), **days) == (may, Q3)


def test_a_period_that_is_set_meets_its_own_months_a_year_before() -> None:
    february = span("2025-02-01", "2025-02-28")
    found = default_comparison(Settings(period=february), as_of=date(2025, 6, 1), data_first=date(2023, 1, 1))
    assert found == (span("2024-02-01", "2024-02-29"), february)


def test_leap_days_stay_in_their_month() -> None:
    assert months_before(span("2024-02-29", "2024-03-31"), 12) == span("2023-02-28", "2023-03-31")


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (Q3_BEFORE, Q3, True),
        (Q3, Q3_BEFORE, True),
        (span("2024-07-01", "2024-09-30"), Q3, True),
        (span("2025-07-02", "2025-10-01"), Q3, True),
        (span("2025-06-01", "2025-08-31"), Q3, False),
        (span("2025-07-01", "2025-08-31"), Q3, False),
        (span("2026-04-01", "2026-06-30"), Q3, False),
        (Q3, Q3, False),
    ],
)
def test_same_calendar_months(a: Span, b: Span, same: bool) -> None:
    assert same_months(a, b) is same


def test_before_and_after_meet_and_are_short() -> None:
    before, after = span("2026-05-01", "2026-06-11"), span("2026-06-12", "2026-07-23")
    assert before_after(before, after) and before_after(after, before)
    assert not before_after(before, span("2026-06-13", "2026-07-23"))
    assert not before_after(before, span("2026-06-12", "2026-07-24"))


def test_blocks_cut_the_history_at_both_periods() -> None:
    found = blocks(Q3_BEFORE, Q3, date(2024, 10, 1), date(2026, 10, 20))
    assert found == (
        span("2024-10-01", "2025-06-30"),
        Q3_BEFORE,
        span("2025-10-01", "2026-06-30"),
        Q3,
        span("2026-10-01", "2026-10-20"),
    )


def test_blocks_leave_no_empty_part() -> None:
    assert blocks(Q3_BEFORE, Q3, date(2025, 7, 1), date(2026, 9, 30))[0] == Q3_BEFORE
    assert len(blocks(Q3_BEFORE, Q3, date(2025, 7, 1), date(2026, 9, 30))) == 3
    assert blocks(None, None, date(2025, 7, 1), date(2026, 9, 30)) == (span("2025-07-01", "2026-09-30"),)
    assert blocks(None, Q3, date(2026, 8, 1), date(2026, 8, 31)) == (span("2026-08-01", "2026-08-31"),)
    assert blocks(None, None, date(2026, 8, 1), date(2026, 7, 31)) == ()


@pytest.mark.parametrize(
    ("first", "rung"),
    [("2025-04-01", "F1"), ("2025-04-12", "F2"), ("2025-10-01", "F2"), ("2025-11-01", "F3"), ("2026-08-01", "F4")],
)
def test_rung_by_history(first: str, rung: str) -> None:
    assert history_rung(date.fromisoformat(first), date(2026, 9, 30)) == rung


@pytest.mark.parametrize(
    ("first", "last", "inside"),
    [
        ("2025-07-01", "2025-07-01", False),
        ("2025-07-02", "2025-07-02", True),
        ("2026-01-15", "2026-01-15", True),
        ("2025-06-01", "2025-06-30", False),
        ("2025-06-01", "2025-07-10", True),
        ("2026-09-30", "2026-10-05", True),
        ("2026-10-01", "2026-10-05", False),
    ],
)
def test_a_tool_changed_between_the_first_and_the_last_day_compared(first: str, last: str, inside: bool) -> None:
    change = event("tool_change", date.fromisoformat(first), date.fromisoformat(last))
    assert bool(tool_changes([change], Q3_BEFORE, Q3)) is inside
    assert not tool_changes([event("launch", change.starts_on, change.ends_on)], Q3_BEFORE, Q3)
