"""Readings of the definitions that were once missed, each by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from handmade import at, frame, order, ticket

from cxaudit import run_audit
from cxaudit.schema.results import Measure
from cxaudit.schema.settings import Settings

LATE = at(300).date()


def of(tables: dict[str, pl.DataFrame], key: str, **settings: Any) -> Measure:
    return run_audit(tables, Settings(**{"as_of": LATE, **settings})).measures[key]


def test_a_value_and_the_same_value_between_spaces_are_one_segment() -> None:
    orders = [order(f"A{n}", n, f"c{n}", product=("Sac", " Sac ")[n % 2]) for n in range(4)]
    tickets = [ticket(n + 1, f"A{n}", f"c{n}", channel=("chat", "chat ")[n % 2]) for n in range(4)]
    found = of({"orders": frame(orders), "tickets": frame(tickets)}, "recontact.orders.30d")
    assert [(item.segment, item.denominator) for item in found.segments["product"]] == [("Sac", 4)]
    assert [(item.segment, item.denominator) for item in found.segments["channel"]] == [("chat", 4)]


def test_moments_with_a_zone_are_set_on_the_clock_of_the_audit() -> None:
    """23:30 in London on 1 January is already 2 January in Paris: the window of 7 days then ends on the 9th."""
    start = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    moments = [start, datetime(2026, 1, 9, 12, 0, tzinfo=UTC)]
    tickets = pl.DataFrame({"created_at": moments, "order_id": ["A1", "A1"], "customer_id": ["c", "c"]})
    assert of({"tickets": tickets}, "recontact.orders.7d", timezone="Europe/Paris").value == 1
    assert of({"tickets": tickets}, "recontact.orders.7d", timezone="Europe/London").value == 0


def test_a_transfer_of_any_ticket_of_the_first_episode_is_a_hop() -> None:
    tickets = [
        ticket(1, "A1", "c", transfers=0, ticket_id="1"),
        ticket(1 + 10 / 1440, "A1", "c", transfers=1, ticket_id="2"),
        ticket(1, "A2", "d", transfers=0, ticket_id="3"),
    ]
    tables = {"tickets": frame(tickets)}
    assert of(tables, "field.hops.recontact").denominator == 1
    assert of(tables, "field.no_hop.recontact").denominator == 1


def _gestures(**more: Any) -> dict[str, pl.DataFrame]:
    orders = [order("A1", 0, "c")]
    return {
        "orders": frame(orders),
        "gestures": frame([{"granted_at": at(10), "customer_id": "c", "cost": 5.0, **more}]),
    }


def test_a_gestures_own_reply_counts_strictly_after_it() -> None:
    """As everywhere: a bare day stands at its midnight, and a moment is not after itself."""
    assert of(_gestures(replied_at=at(10)), "gesture.reply.14d").value == 0
    assert of(_gestures(replied_at=at(10) + timedelta(minutes=1)), "gesture.reply.14d").value == 1
    assert of(_gestures(replied_at=at(24.9)), "gesture.reply.14d").value == 1
    assert of(_gestures(replied_at=at(25)), "gesture.reply.14d").value == 0


def test_gestures_too_young_are_immature_whether_or_not_they_were_answered() -> None:
    answer = {
        "kind": "csat",
        "sent_at": at(10),
        "answered_at": at(11),
        "score": 5.0,
        "scale": "1-5",
        "customer_id": "c",
    }
    young = [{"granted_at": at(290), "customer_id": f"d{n}", "cost": 5.0} for n in range(3)]
    tables = _gestures()
    tables["gestures"] = pl.concat([tables["gestures"], frame(young)])
    tables["surveys"] = frame([answer])
    found = of(tables, "gesture.satisfied")
    assert (found.numerator, found.denominator, found.excluded["immature"]) == (1, 1, 3)
    assert "R2" in found.refusals


def test_who_is_called_what_does_not_settle_whose_order_it_is() -> None:
    """Nobody on the first ticket: the order is the first writer's, whatever the two writers are called."""
    found = []
    for names in (("ann", "bob"), ("bob", "ann"), ("x", "y"), ("y", "x")):
        tickets = [
            ticket(1, "A1", None, ticket_id="1"),
            ticket(2, "A1", names[0], ticket_id="2"),
            ticket(3, "A1", names[1], ticket_id="3"),
            ticket(9, "A2", names[0], ticket_id="4"),
        ]
        found.append(of({"tickets": frame(tickets)}, "recontact.customers.30d"))
    assert {(item.numerator, item.denominator) for item in found} == {(1, 1)}


def test_of_two_tickets_at_one_moment_the_lower_number_is_first() -> None:
    for names in (("ann", "bob"), ("bob", "ann"), ("x", "y"), ("y", "x")):
        tickets = [
            ticket(1, "A1", names[0], ticket_id="1", reason="Retard"),
            ticket(1, "A1", names[1], ticket_id="2", reason="Question"),
        ]
        found = of({"tickets": frame(tickets)}, "recontact.orders.30d")
        assert [item.segment for item in found.segments["reason"]] == ["Retard"]
