from datetime import date

import numpy as np
import pytest
from context_days import event

from cxaudit.context import suggest
from cxaudit.schema.days import day_number
from cxaudit.schema.results import Event, Suggestion
from cxaudit.schema.settings import Settings
from cxaudit.texts import say

FIRST, LAST = date(2025, 1, 6), date(2026, 3, 31)
SIZE = (LAST - FIRST).days + 1
WEEK = np.array([120, 110, 100, 100, 100, 80, 60])


def _count(*lifts: tuple[date, date, float], share: float = 1.0) -> tuple[list[int], list[float]]:
    place = np.arange(SIZE)
    counts = WEEK[place % 7] * share * np.exp(0.03 * np.sin(place * 2.4))
    for first, last, factor in lifts:
        counts[(first - FIRST).days : (last - FIRST).days + 1] *= factor
    return [day_number(FIRST) + int(day) for day in place], [float(round(count)) for count in counts]


def _seen(
    orders: object, tickets: object, *events: Event, settings: Settings | None = None, as_of: date = LAST
) -> list[Suggestion]:
    found = suggest(orders, tickets, events, settings or Settings(), as_of)  # type: ignore[arg-type]
    return [one for one in found if one.source.startswith("data.")]


MAY = (date(2025, 5, 12), date(2025, 5, 18))


def test_a_peak_of_orders_is_proposed_with_its_size_and_reason() -> None:
    (one,) = _seen(_count((*MAY, 1.8)), None)
    assert (one.kind, one.source, one.starts_on, one.ends_on) == ("peak", "data.orders", *MAY)
    assert one.name == "Pic de commandes 12/05/2025"
    assert one.ratio == pytest.approx(1.8, abs=0.1)
    assert one.why is not None
    assert dict(one.why.facts)["percent"] == pytest.approx(0.8, abs=0.1)
    assert "au‑dessus de leur niveau habituel (7\u00a0j)" in say(one.why, "fr")
    assert "usual level" in say(one.why, "en")


def test_a_detected_black_friday_bears_its_name_and_is_proposed_once() -> None:
    week = (date(2025, 11, 24), date(2025, 12, 1))
    found = suggest(_count((*week, 2.5)), None, (), Settings(), LAST)
    fridays = [one for one in found if one.name == "Black Friday"]
    assert [(one.source, one.starts_on) for one in fridays] == [("data.orders", week[0])]


def test_a_dip_is_an_incident_to_confirm() -> None:
    (one,) = _seen(_count((*MAY, 0.4)), None)
    assert (one.kind, one.source) == ("incident", "data.dip")
    assert one.ratio is not None and one.ratio < 0.5


def test_a_closed_public_holiday_is_no_dip() -> None:
    armistice = date(2025, 11, 11)
    assert _seen(_count((armistice, armistice, 0.2)), None) == []


def test_more_tickets_per_order_without_a_peak_may_be_an_incident() -> None:
    (one,) = _seen(_count(), _count((*MAY, 2.0), share=0.3))
    assert (one.kind, one.source) == ("incident", "data.tickets")
    assert abs((one.starts_on - MAY[0]).days) <= 1


def test_tickets_that_follow_a_peak_of_orders_are_not_asked_about() -> None:
    after = (date(2025, 5, 14), date(2025, 5, 24))
    found = _seen(_count((*MAY, 2.0)), _count((*after, 2.5), share=0.3))
    assert [one.source for one in found] == ["data.orders"]


def test_tickets_alone_are_watched_too() -> None:
    (one,) = _seen(None, _count((*MAY, 2.0)))
    assert one.why is not None and one.why.key == "context.why.tickets"


def test_what_is_declared_is_not_suggested_again() -> None:
    orders = _count((*MAY, 1.8))
    assert _seen(orders, None, event("peak", date(2025, 5, 17), date(2025, 5, 20))) == []
    assert len(_seen(orders, None, event("launch", *MAY))) == 1
    assert len(_seen(orders, None, event("peak", date(2025, 5, 19), date(2025, 5, 20)))) == 1
    christmas = event("peak", date(2025, 12, 10), date(2025, 12, 20))
    found = suggest(orders, None, [christmas], Settings(), LAST)
    assert "calendar.christmas" not in {one.source for one in found}


def test_days_after_the_end_are_not_looked_at() -> None:
    assert _seen(_count((*MAY, 1.8)), None, as_of=date(2025, 5, 1)) == []


def test_the_calendar_is_that_of_the_data_and_the_settings() -> None:
    found = suggest(_count(), None, (), Settings(language="en", holidays_country="BE"), LAST)
    assert {one.source for one in found} == {"calendar.public", "calendar.black_friday", "calendar.christmas"}
    assert all(one.ends_on >= FIRST and one.starts_on <= LAST for one in found)
    assert [one.starts_on for one in found] == sorted(one.starts_on for one in found)


def test_nothing_given_nothing_suggested() -> None:
    assert suggest(None, None, (), Settings(), LAST) == ()
    assert suggest(([], []), None, (), Settings(), LAST) == ()
    assert _seen(([day_number(FIRST)], [3.0]), None) == []
