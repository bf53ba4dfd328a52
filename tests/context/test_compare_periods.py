"""Whole measures between two periods: planted truth, scope, the ladder, refusals, bad input."""

import time
from dataclasses import astuple, replace
from datetime import date, timedelta
from itertools import chain
from typing import Any

import numpy as np
import pytest
from context_days import FIRST, LAST, event, measure, spread
from hypothesis import given, settings
from hypothesis import strategies as st

from cxaudit.context import compare
from cxaudit.context.cells import LINES
from cxaudit.schema.days import day_number
from cxaudit.schema.results import Adjusted, Daily, Event, Measure, Span
from cxaudit.schema.settings import Settings

STRIKE = (date(2026, 8, 3), date(2026, 8, 14))
Q3 = (date(2026, 7, 1), date(2026, 9, 30))


def run(
    one: Measure, *events: Event, chosen: Settings | None = None, first: date = FIRST, as_of: date = LAST
) -> Adjusted:
    context = compare({one.key: one}, events, chosen or Settings(), as_of=as_of, data_first=first)
    return context.signals[one.key]


def numbers(record: Adjusted) -> list[float]:
    every = chain(astuple(record)[1:6], record.lines.values(), (record.remaining, record.low, record.high))
    return [value for value in every if value is not None]


def sums(record: Adjusted) -> bool:
    assert record.raw_diff is not None and record.remaining is not None
    return abs(sum(record.lines.values()) + record.remaining - record.raw_diff) < 1e-9


def test_the_comparison_and_its_rung_stand_in_the_context() -> None:
    one = spread(seed=1)
    context = compare({one.key: one}, [], Settings(), as_of=LAST, data_first=FIRST)
    assert context.a == Span(date(2025, 7, 1), date(2025, 9, 30))
    assert context.b == Span(*Q3)
    assert context.rung == "F1"
    assert list(context.signals) == [one.key]


def test_a_planted_strike_is_found_and_leaves_nothing() -> None:
    record = run(spread([(*STRIKE, 0.45)], seed=2), event("incident", *STRIKE))
    assert record.rung == "F1" and record.refusals == ()
    # 12 of 92 days at +25 points
    assert record.lines["incident"] == pytest.approx(0.25 * 12 / 92, abs=0.012)
    assert abs(record.remaining or 1) < 0.015
    assert record.verdict == "not demonstrated"
    assert sums(record)


def test_raw_figures_are_those_of_the_days() -> None:
    record = run(spread([(*STRIKE, 0.45)]), event("incident", *STRIKE))
    assert record.raw_a == pytest.approx(0.2, abs=1e-12)
    assert record.raw_b == pytest.approx(0.2 + 0.25 * 12 / 92, abs=1e-12)
    assert record.adjusted_b == pytest.approx(0.2, abs=1e-6)


def test_a_planted_rise_is_demonstrated() -> None:
    record = run(spread([(*Q3, 0.26)], seed=3))
    assert record.verdict == "demonstrated"
    assert record.low is not None and 0 < record.low < 0.06 < (record.high or 0)
    assert not any(record.lines[line] for line in ("peak", "launch", "incident", "promotion"))


def test_a_gap_under_materiality_is_not_demonstrated() -> None:
    one = spread([(*Q3, 0.206)], units=20000, seed=4)
    record = run(one)
    assert record.low is not None and record.low > 0
    assert record.verdict == "not demonstrated"
    assert run(replace(one, key="silence.customers.90d")).facts["materiality"] == 0.03


def test_season_inside_the_quarter_does_not_leak_into_an_event() -> None:
    """September is always higher; the strike of September must not be paid for it."""
    high = [(date(year, 9, 1), date(year, 9, 30), 0.30) for year in (2025, 2026)]
    strike = (date(2026, 9, 7), date(2026, 9, 18))
    record = run(spread([*high, (*strike, 0.40)]), event("incident", *strike))
    assert record.remaining == pytest.approx(0.0, abs=0.003)
    assert record.lines["incident"] == pytest.approx(0.10 * 12 / 92, abs=0.003)


def test_weekdays_have_their_line() -> None:
    """Sundays are bad in both years; B has twice their share of the volume."""
    days = np.arange(day_number(FIRST), day_number(LAST) + 1)
    sunday = (days + 3) % 7 == 6
    units = np.where(sunday & (days >= day_number(Q3[0])), 300.0, 100.0)
    rate = np.where(sunday, 0.4, 0.2)
    one = measure(Daily(tuple(days.tolist()), tuple(units.tolist()), tuple((units * rate).tolist())))
    record = run(one)
    assert record.remaining == pytest.approx(0.0, abs=1e-6)
    assert record.lines["weekday"] == pytest.approx(record.raw_diff)
    assert (record.raw_diff or 0) > 0.02


def test_a_mean_is_adjusted_in_its_own_unit() -> None:
    days = tuple(range(day_number(FIRST), day_number(LAST) + 1))
    hours = [30.0 if day_number(STRIKE[0]) <= day <= day_number(STRIKE[1]) else 10.0 for day in days]
    daily = Daily(days, tuple(50.0 for _ in days), tuple(50 * value for value in hours))
    record = run(measure(daily, key="surface.first_reply_hours", unit="hours"), event("incident", *STRIKE))
    assert record.raw_b == pytest.approx(10 + 20 * 12 / 92)
    assert record.adjusted_b == pytest.approx(10, abs=1e-6)
    assert record.lines["incident"] == pytest.approx(20 * 12 / 92, abs=1e-6)
    assert sums(record)


def test_the_fortnight_after_an_incident_is_in_its_line() -> None:
    after = (STRIKE[1] + timedelta(1), STRIKE[1] + timedelta(14))
    record = run(spread([(*STRIKE, 0.4), (*after, 0.3)]), event("incident", *STRIKE))
    assert record.lines["incident"] == pytest.approx((0.2 * 12 + 0.1 * 14) / 92, abs=1e-5)


# Scope


def _two_carriers() -> Measure:
    """Half of the units are of the carrier on strike; theirs alone go to 60 % during it."""
    rows = []
    for day in range(day_number(FIRST), day_number(LAST) + 1):
        striking = day_number(STRIKE[0]) <= day <= day_number(STRIKE[1])
        rows += [(day, 50.0, 10.0, 0), (day, 50.0, 30.0 if striking else 10.0, 1)]
    return measure(Daily(*zip(*rows, strict=True)))  # type: ignore[arg-type]


def test_a_scoped_event_touches_only_its_units() -> None:
    record = run(_two_carriers(), event("incident", *STRIKE, scope="carrier=Colis+"))
    assert record.adjusted_b == pytest.approx(0.2, abs=1e-6)
    # half of 12 days' units at +40 points
    assert record.lines["incident"] == pytest.approx(0.4 * 6 / 92, abs=1e-6)


def test_a_scope_that_nothing_falls_under_changes_nothing() -> None:
    elsewhere = event("incident", *STRIKE, scope="carrier=Autre")
    mine = event("promotion", date(2026, 7, 6), date(2026, 7, 12), scope="country=BE")
    one = _two_carriers()
    assert one.daily is not None
    shifted = replace(one, daily=replace(one.daily, scopes=tuple(mask << 1 for mask in one.daily.scopes)))
    record = run(shifted, elsewhere, event("launch", date(2024, 1, 1), date(2024, 1, 5)), mine)
    assert record.lines["incident"] == 0.0


def test_a_measure_that_knows_no_scope_takes_the_event_whole() -> None:
    one = spread([(*STRIKE, 0.45)])
    whole, scoped = run(one, event("incident", *STRIKE)), run(one, event("incident", *STRIKE, scope="carrier=X"))
    assert scoped.lines == whole.lines


def _two_levels(during: float = 0.4, units: float = 50.0, many: float = 1.0, since: date = FIRST) -> Measure:
    """The carrier on strike has 40 % at all times, the other 10 %; in the strike it has `many` times its units."""
    rows = []
    for day in range(day_number(FIRST), day_number(LAST) + 1):
        striking = day_number(STRIKE[0]) <= day <= day_number(STRIKE[1])
        own, rate = (units * many, during) if striking else (units, 0.4)
        rows.append((day, units, 0.1 * units, 0))
        if day >= day_number(since):
            rows.append((day, own, rate * own, 1))
    return measure(Daily(*zip(*rows, strict=True)))  # type: ignore[arg-type]


SCOPED = event("incident", *STRIKE, scope="carrier=Colis+")


def test_a_scopes_usual_level_is_not_what_its_event_does() -> None:
    record = run(_two_levels(), SCOPED)
    assert (record.adjusted_a, record.adjusted_b) == (pytest.approx(0.25, abs=1e-6), pytest.approx(0.25, abs=1e-6))
    assert all(abs(line) < 1e-6 for line in record.lines.values())


def test_the_units_that_an_event_brings_to_its_scope_are_its_own() -> None:
    """Twelve days of 100 cases at 70 % where 50 at 40 % are usual."""
    record = run(_two_levels(0.7, many=2), SCOPED)
    b = (92 * 50 * 0.1 + 80 * 50 * 0.4 + 12 * 100 * 0.7) / (92 * 100 + 12 * 50)
    assert record.raw_b == pytest.approx(b) and record.adjusted_b == pytest.approx(0.25, abs=1e-6)
    assert record.lines["incident"] == pytest.approx(b - 0.25, abs=1e-6)
    assert record.remaining == pytest.approx(0, abs=1e-6)


def test_few_units_keep_their_scope_apart_by_weeks_too() -> None:
    record = run(_two_levels(0.7, units=2.0), SCOPED)
    assert record.facts["model"] == "weekly"
    assert record.adjusted_b == pytest.approx(0.25, abs=1e-6) and record.lines["weekday"] == pytest.approx(0, abs=1e-9)


def test_a_shift_between_scopes_that_no_event_explains_remains() -> None:
    """The carrier comes in with B's year: a quarter of B would be higher without any event."""
    record = run(_two_levels(since=date(2026, 1, 1)), SCOPED)
    assert (record.adjusted_a, record.adjusted_b) == (pytest.approx(0.1, abs=1e-6), pytest.approx(0.25, abs=1e-6))
    assert record.remaining == pytest.approx(0.15, abs=1e-6)


def test_a_scope_that_is_there_on_event_days_alone_has_no_other_level() -> None:
    """A product sold in its launch only: what its cases have beyond the others is the launch's."""
    one = _two_levels(since=STRIKE[0])
    kept = [row for row in zip(*_columns(one), strict=True) if not row[3] or row[0] <= day_number(STRIKE[1])]
    record = run(measure(Daily(*zip(*kept, strict=True))), event("launch", *STRIKE, scope="product=Atelier"))  # type: ignore[arg-type]
    assert record.adjusted_b == pytest.approx(0.1, abs=1e-6)
    assert record.lines["launch"] == pytest.approx(12 * 50 * 0.3 / (92 * 50 + 12 * 50), abs=1e-6)


def _columns(one: Measure) -> tuple[Any, ...]:
    assert one.daily is not None
    return one.daily.days, one.daily.units, one.daily.sums, one.daily.scopes


# The ladder and the refusals


@pytest.mark.parametrize(
    ("first", "rung", "refusals"),
    [(date(2024, 10, 1), "F1", ()), (date(2025, 4, 1), "F1", ()), (date(2025, 6, 1), "F2", ("R4",))],
)
def test_history_sets_the_rung(first: date, rung: str, refusals: tuple[str, ...]) -> None:
    record = run(spread([(*Q3, 0.3)], first=first, seed=5), first=first)
    assert (record.rung, record.refusals) == (rung, refusals)
    assert record.verdict == ("withheld" if refusals else "demonstrated")


def test_six_months_refuse() -> None:
    first = date(2026, 4, 1)
    chosen = Settings(compare=Span(first, date(2026, 6, 30)), period=Span(*Q3))
    record = run(spread([(*Q3, 0.3)], first=first, seed=6), first=first, chosen=chosen)
    assert (record.rung, record.verdict) == ("F3", "withheld")
    assert "R4" in record.refusals
    assert not compare({"a": spread(first=first)}, [], Settings(), as_of=LAST, data_first=first).signals


def test_before_and_after_a_dated_change_may_be_judged_within_a_year() -> None:
    first = date(2026, 2, 1)
    before, after = Span(date(2026, 7, 7), date(2026, 8, 17)), Span(date(2026, 8, 18), date(2026, 9, 28))
    one = spread([(after.first, LAST, 0.3)], first=first, seed=7)
    record = run(one, first=first, chosen=Settings(compare=before, period=after))
    assert (record.rung, record.refusals, record.verdict) == ("F3", ("R4",), "demonstrated")
    longer = Settings(compare=Span(date(2026, 6, 1), before.last), period=after)
    assert run(one, first=first, chosen=longer).verdict == "withheld"


def test_other_months_than_the_year_before_are_not_judged() -> None:
    chosen = Settings(compare=Span(date(2026, 4, 1), date(2026, 6, 30)))
    record = run(spread([(*Q3, 0.3)], seed=8), chosen=chosen)
    assert (record.refusals, record.verdict) == (("R4",), "withheld")


@pytest.mark.parametrize(("units", "model"), [(2.0, "none"), (2.5, "weekly"), (4.5, "weekly"), (5.5, "daily")])
def test_fewer_units_make_weeks_and_then_no_model(units: float, model: str) -> None:
    """Two a day are under 200 in a quarter; under five a day the rows are weeks."""
    record = run(spread([(*STRIKE, 0.5)], units=units), event("incident", *STRIKE))
    assert record.facts["model"] == model
    assert record.rung == ("F4" if model == "none" else "F1")
    assert record.adjusted_b == pytest.approx(0.2, abs=0.01)
    assert record.lines["incident"] == pytest.approx(0.3 * 12 / 92, abs=0.01)
    assert sums(record)
    if model == "none":
        assert (record.refusals, record.verdict) == (("R1",), "withheld")
        assert record.lines["incident"] == pytest.approx(record.raw_diff)


def test_a_quiet_year_before_makes_weeks() -> None:
    days = np.arange(day_number(FIRST), day_number(LAST) + 1)
    one = measure(
        Daily(tuple(days.tolist()), tuple(np.where(days < days[500], 4.0, 9.0)), tuple(np.full(days.size, 1.0)))
    )
    assert run(one).facts["model"] == "weekly"


def test_too_few_units_say_so() -> None:
    record = run(spread(units=0.25))
    assert record.verdict == "insufficient"
    assert "R1" in record.refusals


def test_an_event_over_most_of_a_period_is_refused() -> None:
    record = run(spread([(*Q3, 0.3)], seed=9), event("incident", Q3[0], Q3[0] + timedelta(75)))
    assert "R3" in record.refusals and record.verdict == "withheld"
    assert "F6" in record.facts["steps"]
    assert sums(record)


def test_an_event_over_most_of_a_period_is_refused_where_units_are_rare_under_it() -> None:
    """Three quarters of the days, of which the figure has units on one in five."""
    whole = spread([(*Q3, 0.3)], seed=9).daily
    start, end = day_number(Q3[0]), day_number(Q3[0] + timedelta(70))
    kept = [at for at, day in enumerate(whole.days) if not start <= day <= end or day % 5 == 0]
    one = measure(Daily(*(tuple(column[at] for at in kept) for column in (whole.days, whole.units, whole.sums))))
    share = sum(start <= one.daily.days[at] <= end for at in range(len(kept))) / sum(
        start <= day <= day_number(Q3[1]) for day in one.daily.days
    )
    assert share < 0.7
    assert "R3" in run(one, event("incident", Q3[0], Q3[0] + timedelta(70))).refusals


def test_an_event_that_leaves_under_14_normal_days_is_refused() -> None:
    chosen = Settings(period=Span(date(2026, 9, 1), date(2026, 9, 30)))
    held = run(spread(seed=10), event("promotion", date(2026, 9, 1), date(2026, 9, 17)), chosen=chosen)
    free = run(spread(seed=10), event("promotion", date(2026, 9, 1), date(2026, 9, 16)), chosen=chosen)
    assert held.refusals == ("R3",) and free.refusals == ()


def test_a_change_of_tool_is_refused() -> None:
    one = spread([(*Q3, 0.3)], seed=11)
    assert run(one, event("tool_change", date(2026, 3, 1), date(2026, 3, 1))).refusals == ("R8",)
    assert run(one, event("tool_change", date(2025, 3, 1), date(2025, 3, 1))).refusals == ()


def test_a_change_of_tool_in_a_scope_counts_where_the_scope_has_units() -> None:
    change = event("tool_change", date(2026, 3, 1), date(2026, 3, 1), scope="channel=chat")
    assert "R8" in run(_two_carriers(), change).refusals
    one = spread(seed=12)
    assert one.daily is not None
    nowhere = replace(one, daily=replace(one.daily, scopes=tuple(0 for _ in one.daily.days)))
    assert run(nowhere, change).refusals == ()


def test_refusals_of_the_figure_itself_stand() -> None:
    record = run(spread([(*Q3, 0.3)], seed=13, refusals=("R2", "R6")))
    assert (record.refusals, record.verdict) == (("R6",), "withheld")


def test_a_period_half_immature_is_refused() -> None:
    assert run(spread(last=date(2026, 8, 10), seed=14)).refusals == ("R2",)
    assert run(spread(last=date(2026, 8, 31), seed=14)).refusals == ()


# Bad input


def test_no_units_in_a_period() -> None:
    record = run(spread(first=date(2026, 1, 1)))
    assert (record.raw_a, record.raw_diff, record.remaining) == (None, None, None)
    assert (record.verdict, record.refusals) == ("insufficient", ("R1",))
    assert set(record.lines) == set(LINES)


def test_measures_without_days_are_passed_over() -> None:
    bare = Measure("stake", "eur", None, 0, None)
    empty = measure(Daily((), (), ()), key="empty")
    early = spread(first=date(2024, 10, 1), last=date(2024, 12, 1), key="early")
    context = compare({m.key: m for m in (bare, empty, early)}, [], Settings(), as_of=LAST, data_first=FIRST)
    assert context.signals == {}


def test_days_without_units_and_days_after_the_end() -> None:
    one = spread(seed=15)
    assert one.daily is not None
    holes = Daily(
        (*one.daily.days, day_number(LAST) + 1),
        tuple(0.0 if place % 9 == 0 else n for place, n in enumerate((*one.daily.units, 500.0))),
        tuple(0.0 if place % 9 == 0 else y for place, y in enumerate((*one.daily.sums, 500.0))),
    )
    record = run(measure(holes))
    assert record.raw_b is not None and record.raw_b < 0.25
    assert sums(record)


def test_an_event_without_days_of_data_adds_nothing() -> None:
    gap = (date(2026, 8, 1), date(2026, 8, 5))
    one = spread(seed=16)
    assert one.daily is not None
    kept = [row for row in zip(one.daily.days, one.daily.units, one.daily.sums, strict=True)
            if not day_number(gap[0]) <= row[0] <= day_number(gap[1])]  # fmt: skip
    record = run(measure(Daily(*zip(*kept, strict=True))), event("launch", *gap))  # type: ignore[arg-type]
    assert record.lines["launch"] == 0.0
    assert sums(record)


def test_periods_that_overlap_have_no_model() -> None:
    chosen = Settings(compare=Span(date(2026, 6, 1), date(2026, 8, 31)), period=Span(*Q3))
    record = run(spread(seed=17), chosen=chosen)
    assert record.rung == "F4" and record.verdict == "withheld"
    assert sums(record)


def test_a_rate_of_zero_all_along_a_period() -> None:
    record = run(spread([(*Q3, 0.0)]), event("incident", *STRIKE))
    assert (record.rung, record.raw_b) == ("F4", 0.0)
    assert np.isfinite(numbers(record)).all() and sums(record)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_rate_of_0_or_1_on_sundays_or_outside_both_periods(rate: float) -> None:
    one = spread(seed=22)
    assert one.daily is not None
    rows = list(zip(one.daily.days, one.daily.units, one.daily.sums, strict=True))
    sundays = [(day, n, rate * n if (day + 3) % 7 == 6 else y) for day, n, y in rows]
    july = (day_number(date(2025, 7, 1)), day_number(date(2025, 9, 30)), day_number(Q3[0]))
    outside = [(day, n, y if july[0] <= day <= july[1] or day >= july[2] else rate * n) for day, n, y in rows]
    for made in (sundays, outside):
        record = run(measure(Daily(*zip(*made, strict=True))), event("incident", *STRIKE))  # type: ignore[arg-type]
        assert (record.rung, record.verdict) == ("F1", "not demonstrated")
        assert np.isfinite(numbers(record)).all() and sums(record)
        assert abs(record.remaining or 1) < 0.02


def test_a_day_that_nothing_explains_comes_back_as_a_question() -> None:
    odd = date(2026, 3, 14)
    assert run(spread([(odd, odd, 0.8)], seed=18)).questions == (odd,)
    assert run(spread([(odd, odd, 0.8)], seed=18), event("incident", odd, odd + timedelta(4))).questions == (odd,)


KINDS = ("peak", "launch", "incident", "promotion", "season", "tool_change")


@st.composite
def _events(draw: Any) -> list[Event]:
    made = []
    for _ in range(draw(st.integers(0, 6))):
        start = FIRST + timedelta(draw(st.integers(-40, 760)))
        kind = draw(st.sampled_from(KINDS))
        made.append(
            event(kind, start, start + timedelta(draw(st.integers(0, 120))), draw(st.sampled_from(["", "s=1"])))
        )
    return made


@settings(max_examples=60, deadline=None)
@given(
    events=_events(),
    usual=st.sampled_from([0.0, 0.02, 0.5, 1.0]),
    units=st.sampled_from([1, 8, 60]),
    unit=st.sampled_from(["share", "score"]),
)
def test_whatever_the_events_lines_sum_and_nothing_is_nan(
    events: list[Event], usual: float, units: int, unit: str
) -> None:
    one = spread(usual=usual, units=units, seed=units)
    assert one.daily is not None
    scoped = sum(bool(e.scope) for e in events)
    masks = tuple(day % (1 << scoped) for day in one.daily.days)
    record = run(replace(one, unit=unit, daily=replace(one.daily, scopes=masks)), *events)
    assert np.isfinite(numbers(record)).all()
    assert sums(record)
    assert record.low is None or record.low <= (record.remaining or 0) + 1e-12
    assert set(record.lines) == set(LINES)


def test_rows_in_any_order_give_the_same_figures() -> None:
    one = spread([(*STRIKE, 0.4)], seed=19)
    assert one.daily is not None
    order = np.random.default_rng(1).permutation(len(one.daily.days))
    shuffled = Daily(*(tuple(column[i] for i in order) for column in (one.daily.days, one.daily.units, one.daily.sums)))
    left, right = run(one, event("incident", *STRIKE)), run(measure(shuffled), event("incident", *STRIKE))
    assert numbers(left) == pytest.approx(numbers(right), abs=1e-9)


def test_swapped_periods_flip_the_signs() -> None:
    one = spread([(*STRIKE, 0.4)], seed=20)
    before = Span(date(2025, 7, 1), date(2025, 9, 30))
    there = run(one, event("incident", *STRIKE))
    back = run(one, event("incident", *STRIKE), chosen=Settings(compare=Span(*Q3), period=before))
    assert back.remaining == pytest.approx(-(there.remaining or 0), abs=1e-9)
    assert back.lines["incident"] == pytest.approx(-there.lines["incident"], abs=1e-9)
    assert (back.low, back.high) == pytest.approx((-(there.high or 0), -(there.low or 0)), abs=1e-9)
    assert back.verdict == there.verdict


@pytest.mark.parametrize("rate", [0.0, 1.0])
@pytest.mark.parametrize("kind", ["incident", "peak", "promotion", "launch"])
def test_a_rate_of_0_or_1_within_an_event(kind: str, rate: float) -> None:
    """The event's days leave the fit: what was seen on them is the event's line, and nothing of it remains."""
    record = run(spread([(*STRIKE, rate)], seed=23), event(kind, *STRIKE))
    assert np.isfinite(numbers(record)).all() and sums(record)
    assert record.lines[kind] == pytest.approx((rate - 0.2) * 12 / 92, abs=0.01)
    assert "F5" in record.facts["steps"]


def test_events_that_overlap_share_what_their_days_brought() -> None:
    longer = (STRIKE[0] - timedelta(4), STRIKE[1] + timedelta(3))
    record = run(spread([(*STRIKE, 0.45)], seed=24), event("incident", *STRIKE), event("promotion", *longer))
    assert np.isfinite(numbers(record)).all() and sums(record)
    assert record.lines["incident"] + record.lines["promotion"] == pytest.approx(0.25 * 12 / 92, abs=0.012)


def test_an_event_on_days_without_a_unit_and_one_outside_the_data_change_nothing() -> None:
    one = spread(seed=25)
    far = event("peak", date(2031, 1, 1), date(2031, 1, 9))
    assert numbers(run(one, far)) == pytest.approx(numbers(run(one)))


def test_forty_signals_in_five_segments_take_under_two_seconds() -> None:
    events = [
        event("peak", date(2025, 7, 20), date(2025, 7, 27)),
        event("launch", date(2026, 7, 5), date(2026, 7, 18)),
        event("incident", *STRIKE),
        event("promotion", date(2026, 9, 1), date(2026, 9, 20)),
    ]
    one = spread([(*STRIKE, 0.4)], seed=21)
    many = {f"{place}": replace(one, key=f"{place}") for place in range(200)}
    start = time.process_time()
    compare(many, events, Settings(), as_of=LAST, data_first=FIRST)
    assert time.process_time() - start < 2.0
