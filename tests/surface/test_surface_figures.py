"""The other figures of the client's dashboard, on tables whose answer a reader does in the head."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from handmade import at, frame, measured, order, ticket

from cxaudit.prepare import prepare
from cxaudit.schema.results import Measure, NotComputable
from cxaudit.schema.settings import Exclude, OpeningHours, Settings
from cxaudit.surface import closing, ease, granted, handling, recommendation, replies, volume
from cxaudit.surface.opening_hours import DAY_US, HOUR_US, open_hours

HOURS = OpeningHours(first_reply=True)


def answer(kind: str, score: float, customer: str, day: float = 10, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "answered_at": at(day), "score": score, "customer_id": customer, **more}


def one(results: dict[str, Any], key: str) -> Measure:
    found = results[key]
    assert isinstance(found, Measure), found
    return found


def test_a12() -> None:
    scores = [10.0] * 50 + [8.0] * 30 + [3.0] * 20
    rows = [answer("nps", score, f"c{place}") for place, score in enumerate(scores)]
    found = one(measured(recommendation.SIGNAL, {"surveys": frame(rows)}, 60), "surface.nps")
    assert (found.numerator, found.denominator, found.value) == (30, 100, pytest.approx(30.0))
    assert found.low == pytest.approx(14.7, abs=0.01) and found.high == pytest.approx(45.3, abs=0.01)


def test_nps_on_another_scale_is_left_out_and_counted() -> None:
    rows = [answer("nps", 9.0, f"c{n}", scale="0-10") for n in range(4)]
    rows += [answer("nps", 90.0, f"d{n}", scale="0-100") for n in range(3)]
    found = one(measured(recommendation.SIGNAL, {"surveys": frame(rows)}, 60), "surface.nps")
    assert (found.value, found.denominator, found.excluded["other_scale"]) == (100.0, 4, 3)


def test_ease_is_the_mean_of_one_scale() -> None:
    rows = [answer("ces", score, f"c{n}", scale="1-7") for n, score in enumerate((7.0, 5.0, 6.0))]
    rows.append(answer("ces", 5.0, "d", scale="1-5"))
    found = one(measured(ease.SIGNAL, {"surveys": frame(rows)}, 60), "surface.ces")
    assert (found.value, found.excluded["other_scale"], found.facts["scale"]) == (6.0, 1, "1-7")


def test_first_reply_is_a_median_with_its_mean_beside_it() -> None:
    hours = (1, 2, 3, 4, 50)
    rows = [ticket(n, None, f"c{n}", first_reply_at=at(n + h / 24)) for n, h in enumerate(hours)]
    rows += [ticket(6, None, "x"), ticket(7, None, "y", first_reply_at=at(6.5))]
    results = measured(replies.SIGNAL, {"tickets": frame(rows)}, 60)
    found = one(results, "surface.first_reply_hours")
    assert found.value == pytest.approx(3.0) and found.facts["mean"] == pytest.approx(12.0)
    assert one(results, "surface.first_reply_hours.mean").value == pytest.approx(12.0)
    assert (found.excluded["no_reply"], found.excluded["before_start"]) == (1, 1)
    assert found.low is not None and found.high is not None and found.low <= 3 <= found.high


def test_opening_hours_leave_nights_and_week_ends_out() -> None:
    friday_evening = np.array([1 * DAY_US + 17 * HOUR_US])  # 1970-01-02 was a Friday
    monday_morning = np.array([4 * DAY_US + 10 * HOUR_US])
    assert open_hours(friday_evening, monday_morning, HOURS) == pytest.approx([2.0])
    assert open_hours(friday_evening, monday_morning, OpeningHours()) == pytest.approx([65.0])
    sunday = np.array([3 * DAY_US + 12 * HOUR_US])
    assert open_hours(sunday, sunday + 6 * HOUR_US, HOURS) == pytest.approx([0.0])


NIGHT = OpeningHours(True, 20, 6, (1, 2, 3, 4, 5))


@pytest.mark.parametrize(
    ("asked", "replied", "hours"),
    [
        ((1, 18), (2, 7), 10),  # Monday 6 pm to Tuesday 7 am: the whole night
        ((2, 3), (2, 21), 3 + 1),  # the end of Monday's night and the first hour of Tuesday's
        ((2, 8), (2, 19), 0),
        ((5, 22), (6, 12), 8),  # Friday's night ends on Saturday
        ((6, 12), (8, 21), 1),  # no night begins on Saturday or Sunday: only Monday's first hour
        ((1, 3), (1, 5), 0),  # Monday 3 am is Sunday's night
    ],
)
def test_a_night_counts_with_the_day_it_begins_on(
    asked: tuple[int, int], replied: tuple[int, int], hours: float
) -> None:
    """Weekdays from 1 (Monday) with an hour; 8 is the Monday after."""
    start, end = (np.array([(day + 3) * DAY_US + hour * HOUR_US]) for day, hour in (asked, replied))
    assert open_hours(start, end, NIGHT) == pytest.approx([hours])


@pytest.mark.parametrize(
    "hours",
    [
        HOURS,
        NIGHT,
        OpeningHours(True, 0, 24, (7,)),
        OpeningHours(True, 24, 6, (3,)),
        OpeningHours(True, 23, 22, (1, 6)),
    ],
)
def test_open_hours_are_those_that_a_clock_strikes_while_open(hours: OpeningHours) -> None:
    """Three weeks counted hour by hour, from each hour of the first."""
    first = 4 * 24  # 1970-01-05 was a Monday

    def is_open(hour: int) -> bool:
        day, clock = divmod(hour, 24)
        begun = [(day - ago, clock + 24 * ago) for ago in (0, 1, 2)]
        return any(
            (one - 4) % 7 + 1 in hours.weekdays and hours.opens <= since < hours.opens + hours.length
            for one, since in begun
        )

    struck = np.cumsum([0, *(is_open(hour) for hour in range(first, first + 21 * 24))])
    start, end = (first + np.arange(168)) * HOUR_US, np.full(168, first + 21 * 24) * HOUR_US
    assert open_hours(start, end, hours) == pytest.approx(struck[-1] - struck[:168])


@pytest.mark.parametrize("hours", [HOURS, NIGHT])
def test_opening_hours_are_additive(hours: OpeningHours) -> None:
    draws = np.sort(np.random.default_rng(3).integers(0, 400 * DAY_US, (50, 3)), axis=1)
    whole = open_hours(draws[:, 0], draws[:, 2], hours)
    parts = open_hours(draws[:, 0], draws[:, 1], hours) + open_hours(draws[:, 1], draws[:, 2], hours)
    assert whole == pytest.approx(parts)


def test_resolution_and_what_followed() -> None:
    rows = [
        ticket(1, "A", "a", solved_at=at(2), reopens=0),
        ticket(5, "A", "a", solved_at=at(6), reopens=2),
        ticket(30, "A", "a", reopens=0),
        ticket(10, None, None, solved_at=at(11), reopens=0),
        ticket(58, "B", "b", solved_at=at(59)),
    ]
    results = measured(closing.SIGNAL, {"tickets": frame(rows)}, 60)
    assert (one(results, "surface.resolution").numerator, one(results, "surface.resolution").denominator) == (3, 4)
    week = one(results, "surface.recontact_after_close.7d")
    assert (week.numerator, week.denominator, week.excluded["no_customer"]) == (1, 2, 1)
    month = one(results, "surface.recontact_after_close.30d")
    assert (month.numerator, month.denominator) == (2, 2)
    assert one(results, "surface.reopened.share").value == pytest.approx(1 / 3)


def test_after_closing_an_anonymous_ticket_follows_its_order() -> None:
    rows = [{"created_at": at(1), "order_id": "A", "solved_at": at(2)}, {"created_at": at(4), "order_id": "A"}]
    found = one(measured(closing.SIGNAL, {"tickets": frame(rows)}, 60), "surface.recontact_after_close.7d")
    assert (found.numerator, found.denominator) == (1, 1)


def test_tickets_per_100_orders() -> None:
    orders = [order(str(n), n, f"c{n}") for n in range(20)]
    tickets = [ticket(n + 0.5, str(n), f"c{n}") for n in range(5)] + [ticket(9, None)]
    results = measured(volume.SIGNAL, {"orders": frame(orders), "tickets": frame(tickets)}, 60)
    found = one(results, "surface.tickets_per_100_orders")
    assert (found.numerator, found.denominator, found.value) == (6, 20, pytest.approx(30.0))
    assert one(results, "surface.tickets").value == 6
    assert found.daily is not None and sum(found.daily.sums) == 600 and sum(found.daily.units) == 20


def test_a_period_leaves_other_tickets_out() -> None:
    span = Settings(period=None)
    tickets = [ticket(n, None, f"c{n}") for n in range(10)]
    chosen = Settings(period=type(span)().period)
    whole = one(measured(volume.SIGNAL, {"tickets": frame(tickets)}, 20, chosen), "surface.tickets")
    assert whole.value == 10 and whole.series[0].month == date(2026, 1, 1)


def test_handled_and_episodes_per_order() -> None:
    rows = [
        ticket(1, "A", "a", status="solved"),
        ticket(4, "A", "a", first_reply_at=at(5)),
        ticket(6, "B", "b", status="open"),
    ]
    results = measured(volume.SIGNAL, {"tickets": frame(rows)}, 90)
    assert one(results, "surface.handled").value == pytest.approx(2 / 3)
    assert one(results, "surface.episodes_per_order").value == pytest.approx(1.5)


def call(day: float, customer: str | None, answered: bool = True, minutes: float = 6) -> dict[str, Any]:
    start = at(day)
    return {
        "called_at": start,
        "customer_id": customer,
        "answered_at": start if answered else None,
        "ended_at": at(day + minutes / 1440) if answered else None,
    }


def test_pickup_handle_time_of_calls_and_what_followed() -> None:
    rows = [call(1, "a"), call(4, "a", answered=False), call(10, "b", minutes=12), call(11, None)]
    results = measured(handling.SIGNAL, {"calls": frame(rows)}, 60)
    assert one(results, "surface.pickup").value == pytest.approx(0.75)
    handle = one(results, "surface.handle_minutes")
    assert handle.value == pytest.approx(8.0) and handle.facts["source"] == "calls"
    after = one(results, "surface.recontact_after_call.7d")
    assert (after.numerator, after.denominator, after.excluded["no_customer"]) == (1, 2, 1)


def calls_of_both_sides() -> list[dict[str, Any]]:
    """Three calls of customers, two answered for 6 minutes; the team calls twice, once for 60 minutes, once in vain."""
    rows = [call(1, "a"), call(10, "b"), call(20, "c", answered=False)]
    rows = [row | {"is_outbound": False} for row in rows]
    return [*rows, *(row | {"is_outbound": True} for row in (call(3, "a", minutes=60), call(12, "b", answered=False)))]


def test_calls_placed_by_the_team_are_not_calls_offered() -> None:
    tables = {"calls": frame(calls_of_both_sides())}
    results = measured(handling.SIGNAL, tables, 60)
    pickup = one(results, "surface.pickup")
    assert (pickup.numerator, pickup.denominator, pickup.excluded["outbound"]) == (2, 3, 2)
    assert one(results, "surface.handle_minutes").value == pytest.approx(6.0)
    after = one(results, "surface.recontact_after_call.7d")
    assert (after.numerator, after.denominator) == (0, 2)  # calling a customer back is no second contact of his


def test_turned_off_the_rule_lets_them_count_and_counts_them_all_the_same() -> None:
    tables = {
        "calls": frame(calls_of_both_sides()),
        "tickets": frame([ticket(1, None, "z", is_outbound=True), ticket(2, None, "z", is_outbound=False)]),
    }
    every = Settings(exclude=Exclude(outbound=False), as_of=at(60).date())
    pickup = one(measured(handling.SIGNAL, tables, 60, every), "surface.pickup")
    assert (pickup.numerator, pickup.denominator, pickup.excluded["outbound"]) == (3, 5, 0)
    for settings in (Settings(as_of=at(60).date()), every):
        assert prepare(tables, settings).tables.rules["outbound"] == 3  # two calls and a ticket


def test_calls_of_which_nothing_tells_who_placed_them_all_count() -> None:
    pickup = one(measured(handling.SIGNAL, {"calls": frame([call(1, "a"), call(2, "b")])}, 60), "surface.pickup")
    assert pickup.denominator == 2 and "outbound" not in pickup.excluded


def test_the_ticket_of_a_call_is_no_second_contact() -> None:
    tables = {"calls": frame([call(1, "a")]), "tickets": frame([ticket(1.01, None, "a"), ticket(40, None, "z")])}
    found = one(measured(handling.SIGNAL, tables, 60), "surface.recontact_after_call.7d")
    assert (found.numerator, found.denominator) == (0, 1)


def test_handle_time_of_tickets_comes_first() -> None:
    tables = {"calls": frame([call(1, "a")]), "tickets": frame([ticket(1, None, "a", handle_minutes=3.0)])}
    found = one(measured(handling.SIGNAL, tables, 60), "surface.handle_minutes")
    assert found.value == 3.0 and found.facts["source"] == "tickets"


def test_gestures_are_counted() -> None:
    rows = [{"granted_at": at(n), "customer_id": f"c{n}", "cost": 5.0} for n in range(3)]
    assert one(measured(granted.SIGNAL, {"gestures": frame(rows)}, 60), "surface.gestures").value == 3


def test_absence_is_not_zero() -> None:
    tables = {"orders": frame([order("1", 1, "a")])}
    for module in (closing, ease, granted, handling, recommendation, replies, volume):
        found = measured(module.SIGNAL, tables, 60)
        assert set(found) == set(module.SIGNAL.measures)
        assert all(isinstance(result, NotComputable) for result in found.values())
