"""The last moment that counts in each window, and the first that does not."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from handmade import at, frame, order, ticket

from cxaudit import run_audit
from cxaudit.schema.settings import Settings

AS_OF = at(400).date()
LAST, NEXT = 0.999, 1.0  # of the window's last day; midnight of the day after


def _value(made: dict[str, list[dict[str, Any]]], key: str) -> float | None:
    tables = {name: frame(rows) for name, rows in made.items()}
    return run_audit(tables, Settings(as_of=AS_OF)).measures[key].value


def _after(key: str, end: float) -> dict[str, list[dict[str, Any]]]:
    """One unit, indexed on day 10 at noon (a promise: at midnight), and what follows it on the day `end`."""
    bought = [order("A1", 0, "c"), order("B1", 0, "d")]
    mail = {"sent_at": at(1), "customer_id": "c", "customer_email": "c@x.fr", "clicked_at": None}
    if key.startswith("repurchase"):
        return {"orders": [*bought, order("A2", end, "c")], "tickets": [ticket(10.5, "A1", "c")]}
    if key.startswith("gesture"):
        gift = [{"granted_at": at(10.5), "customer_id": "c", "cost": 5.0}]
        return {"orders": bought, "gestures": gift, "tickets": [ticket(end, "A1", "c"), ticket(1, "B1", "d")]}
    if key.startswith("silence.return"):
        late = [order("A1", 10.5, "c"), order("A2", end, "c"), order("B1", 10.5, "d")]
        return {"orders": late, "emails": [{**mail, "clicked_at": at(0.5)}], "tickets": [ticket(11, "B1", "d")]}
    if key.startswith("silence.survey"):
        asked = {"kind": "csat", "sent_at": at(10.5), "answered_at": at(end), "score": 5.0, "scale": "1-5"}
        return {"surveys": [{**asked, "customer_id": "c"}]}
    if key.startswith("unsubscribe"):
        gone = {**mail, "unsubscribed_at": at(end)}
        return {"orders": [order("A1", 10.5, "c")], "emails": [gone]}
    if key.startswith("field.late"):
        held = order("A1", 5, "c", promised_at=at(10), delivered_at=at(12))
        return {"orders": [held], "tickets": [ticket(end, "A1", "c")]}
    closed = ticket(9, "A1", "c", solved_at=at(10.5))
    return {"tickets": [closed, ticket(end, "A1", "c", solved_at=None)]}


ENDS = {
    "repurchase.complainers.30d": 40,
    "repurchase.complainers.90d": 100,
    "gesture.reply.14d": 24,
    "silence.return.180d": 190,
    "silence.survey_response.14d": 24,
    "unsubscribe.30d": 40,
    "field.late.contact": 24,
    "surface.recontact_after_close.7d": 17,
    "surface.recontact_after_close.30d": 40,
}


@pytest.mark.parametrize(("key", "day"), ENDS.items())
def test_the_last_day_counts_whole_and_the_next_midnight_does_not(key: str, day: int) -> None:
    inside, outside = _value(_after(key, day + LAST), key), _value(_after(key, day + NEXT), key)
    assert inside == 1 and outside == 0, (inside, outside)


@pytest.mark.parametrize("key", [key for key in ENDS if not key.startswith(("silence", "field.late"))])
def test_what_comes_at_the_very_moment_of_the_index_does_not_follow_it(key: str) -> None:
    assert _value(_after(key, 10.5), key) == 0


@pytest.mark.parametrize(("day", "counted"), [(100.999, False), (101, True)])
def test_what_the_silent_do_later_begins_on_the_day_after_their_silence(day: float, counted: bool) -> None:
    """An order on day 90 after the first is a sign of life: nobody was silent."""
    assert _value(_after("silence.return.180d", day), "silence.return.180d") == (1 if counted else None)


def test_orders_of_nobody_take_part_in_the_thirds_of_value() -> None:
    """Dear orders of nobody make all others cheap: 24 of them, and nobody is their own control."""
    known = [order(f"K{n}", 1, f"k{n}", amount=20.0 if n < 12 else 40.0) for n in range(24)]
    again = [order(f"R{n}", 20, f"k{n}", amount=20.0) for n in range(12, 24)]
    dear = [{**order(f"N{n}", 1, "", amount=500.0), "customer_id": None} for n in range(40)]
    told = [order("C1", 1, "c", amount=20.0)]
    made = {"orders": [*known, *again, *told, *dear], "tickets": [ticket(3, "C1", "c")]}
    tables = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in made.items()}
    controls = run_audit(tables, Settings(as_of=AS_OF)).measures["repurchase.controls.30d"]
    assert controls.value == pytest.approx(12 / 24)
