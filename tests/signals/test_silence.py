"""Silent customers: worked example A5, and what counts as a sign of life."""

from __future__ import annotations

import polars as pl
import pytest
from handmade import at, frame, measured, order

from cxaudit.schema.results import Measure, NotComputable
from cxaudit.signals.silence import SIGNAL

KEY = "silence.customers.90d"


def mail(sent: float, customer: str, clicked: float | None = None, opened: float | None = None) -> dict[str, object]:
    moments = {"clicked_at": clicked, "opened_at": opened}
    return {"sent_at": at(sent), "customer_id": customer} | {
        name: None if day is None else at(day) for name, day in moments.items()
    }


def a5() -> dict[str, pl.DataFrame]:
    days = [("1", 10), ("2", 20), ("3", 30), ("4", 40), ("4", 140), ("5", 60), ("6", 90), ("7", 150), ("8", 100)]
    return {
        "orders": frame([order(f"o{i}", day, name) for i, (name, day) in enumerate(days)]),
        "emails": frame([mail(49, "1", clicked=50), mail(101, "8", opened=102)]),
        "returns": frame([{"returned_at": at(45), "order_id": "o2", "customer_id": "3"}]),
        "surveys": frame(
            [{"kind": "csat", "sent_at": at(60.5), "answered_at": at(61), "score": 4.0, "customer_id": "5"}]
        ),
    }


def test_a5() -> None:
    found = measured(SIGNAL, a5(), 200)[KEY]
    assert isinstance(found, Measure)
    assert (found.numerator, found.denominator, found.excluded["immature"]) == (4, 7, 1)
    assert (found.value, found.low, found.high) == pytest.approx((0.5714, 0.2505, 0.8418), abs=1e-4)
    states = {item.segment: item.numerator for item in found.segments["state"]}
    assert states == {"engaged": 2, "only_problems": 1, "silent": 1, "unobservable": 3}
    assert sum(states.values()) == found.denominator


def test_a_refunded_order_is_a_sign_of_life_and_a_cancelled_one_is_not() -> None:
    for change, silent in (({"refunded_amount": 10.0}, 0), ({"status": "cancelled"}, 1)):
        plain = {"refunded_amount": 0.0, "status": "paid"}
        rows = [order("a", 1, "c") | plain, order("b", 20, "c") | plain | change]
        tables = {"orders": frame(rows), "emails": frame([mail(2, "c"), mail(3, "z", clicked=4)])}
        assert measured(SIGNAL, tables, 200)[KEY].numerator == silent  # type: ignore[union-attr]


def test_without_clicks_silence_is_not_computable() -> None:
    found = measured(SIGNAL, {"orders": frame([order("a", 1, "c")])}, 200)[KEY]
    assert isinstance(found, NotComputable) and found.missing == ("emails.clicked_at",)


def test_survey_response_counts_delivered_and_mature_surveys() -> None:
    rows = [
        {"kind": "csat", "sent_at": at(1), "answered_at": at(15.9), "delivered": True, "score": 5.0},
        {"kind": "csat", "sent_at": at(1), "answered_at": at(16), "delivered": True, "score": 5.0},
        {"kind": "csat", "sent_at": at(1), "answered_at": None, "delivered": False, "score": None},
        {"kind": "csat", "sent_at": at(195), "answered_at": at(196), "delivered": True, "score": 5.0},
    ]
    found = measured(SIGNAL, {"surveys": frame(rows)}, 200)["silence.survey_response.14d"]
    assert (found.numerator, found.denominator, found.excluded["immature"]) == (1, 2, 1)  # type: ignore[union-attr]
