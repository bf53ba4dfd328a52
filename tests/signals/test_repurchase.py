"""Repurchase after a complaint: worked example A3, the controls' traps, and a planted effect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from handmade import at, frame, measured, order, ticket

from cxaudit.schema.results import Measure
from cxaudit.schema.settings import Settings
from cxaudit.signals.repurchase import SIGNAL

A3 = [(0, 12), (5, None), (10, 45), (20, 80), (40, None), (60, 25), (95, 10), (110, None)]


def a3_tables() -> dict[str, pl.DataFrame]:
    orders = [order(f"o{i}", day - 3, str(i)) for i, (day, _) in enumerate(A3)]
    orders += [order(f"p{i}", day + delay, str(i), 70.0) for i, (day, delay) in enumerate(A3) if delay]
    tickets = [ticket(day, f"o{i}", str(i), is_complaint=True) for i, (day, _) in enumerate(A3)]
    return {"orders": frame(orders), "tickets": frame(tickets)}


@pytest.fixture(scope="module")
def a3() -> dict[str, Measure]:
    return measured(SIGNAL, a3_tables(), 120)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("key", "numerator", "denominator", "value", "low", "high"),
    [
        ("repurchase.complainers.30d", 2, 6, 0.3333, 0.0968, 0.7000),
        ("repurchase.complainers.90d", 3, 4, 0.75, 0.3006, 0.9544),
        ("repurchase.complainers.30d.km", 3, 8, 0.4167, 0.1559, 0.8198),
        ("repurchase.complainers.90d.km", 5, 8, 0.7083, 0.3812, 0.9577),
    ],
)
def test_a3(
    a3: dict[str, Measure], key: str, numerator: int, denominator: int, value: float, low: float, high: float
) -> None:
    found = a3[key]
    assert (found.numerator, found.denominator) == (numerator, denominator)
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=1e-4)
    assert "R1" in found.refusals


def test_a_difference_from_kaplan_meier_is_said(a3: dict[str, Measure]) -> None:
    assert [note.key for note in a3["repurchase.complainers.30d"].notes] == ["note.trend_differs"]


def test_without_an_earlier_order_it_would_be_a_first_purchase() -> None:
    tables = {
        "orders": frame([order("a", 20, "c"), order("b", 1, "d"), order("e", 30, "d")]),
        "tickets": frame([ticket(10, None, "c", is_complaint=True), ticket(10, "b", "d", is_complaint=True)]),
    }
    found = measured(SIGNAL, tables, 200)["repurchase.complainers.90d"]
    assert (found.denominator, found.excluded["no_earlier_order"]) == (1, 1)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "bought"), [({}, 1), ({"status": "cancelled"}, 0), ({"amount": 0.0}, 0), ({"refunded_amount": 10.0}, 0)]
)
def test_only_a_kept_paid_order_is_a_repurchase(change: dict[str, object], bought: int) -> None:
    plain = {"status": "paid", "refunded_amount": 0.0}
    tables = {
        "orders": frame([order("a", 1, "c") | plain, order("b", 30, "c") | plain | change]),
        "tickets": frame([ticket(10, "a", "c", is_complaint=True)]),
    }
    assert measured(SIGNAL, tables, 200)["repurchase.complainers.90d"].numerator == bought  # type: ignore[union-attr]


def test_an_id_and_an_email_of_one_customer_meet() -> None:
    bought = [(1, " Ana@X.fr "), (30, "ana@x.FR")]
    orders = frame([order(f"o{day}", day, "") | {"customer_id": None, "customer_email": name} for day, name in bought])
    tickets = frame([ticket(10, None, "77", is_complaint=True)])
    mails = pl.DataFrame({"sent_at": [at(2)], "customer_email": ["ana@x.fr"], "customer_id": ["77"]})
    found = measured(SIGNAL, {"orders": orders, "tickets": tickets, "emails": mails}, 200)
    assert found["repurchase.complainers.90d"].numerator == 1  # type: ignore[union-attr]


def world(effect: float, seed: int, customers: int = 4000) -> dict[str, pl.DataFrame]:
    """Customers who order at their own pace for 400 days; a complaint lowers the chance of each later order."""
    rng = np.random.default_rng(seed)
    orders, tickets = [], []
    for c in range(customers):
        day, pace, lowered = rng.uniform(0, 120), rng.gamma(3, 40), 1.0
        while day < 400:
            if not orders or rng.random() < lowered:
                orders.append(order(f"o{len(orders)}", day, f"c{c}", float(rng.gamma(4, 15))))
                if rng.random() < 0.12:
                    tickets.append(
                        ticket(day + rng.exponential(10), orders[-1]["order_id"], f"c{c}", is_complaint=True)
                    )
                    lowered = 1 - effect
            day += rng.exponential(pace)
    return {"orders": frame(orders), "tickets": frame(tickets)}


def test_no_effect_is_invented_by_the_index_date() -> None:
    found = measured(SIGNAL, world(0.0, seed=1), 400)["repurchase.gap.90d"]
    assert found.low < 0 < found.high  # type: ignore[union-attr, operator]
    assert abs(found.value) < 0.03  # type: ignore[union-attr, arg-type]


def test_a_planted_effect_is_found() -> None:
    found = measured(SIGNAL, world(0.5, seed=2), 400)["repurchase.gap.90d"]
    assert found.verdict == "demonstrated" and found.value < -0.05  # type: ignore[union-attr, operator]


def test_the_draw_of_lags_depends_on_no_row_order() -> None:
    tables = world(0.3, seed=3, customers=400)
    shuffled = {name: table.sample(fraction=1, shuffle=True, seed=9) for name, table in tables.items()}
    first, second = (measured(SIGNAL, t, 400)["repurchase.gap.90d"] for t in (tables, shuffled))
    assert replace(first, daily=None) == replace(second, daily=None)  # type: ignore[arg-type]


def test_reasons_settle_complaints_unless_settings_do() -> None:
    orders = frame([order("a", 1, "c"), order("b", 1, "d")])
    tickets = frame(
        [ticket(10, "a", "c", reason="Retard de livraison"), ticket(10, "b", "d", reason="Question produit")]
    )
    tables = {"orders": orders, "tickets": tickets}
    by_words = measured(SIGNAL, tables, 200)["repurchase.complainers.90d"]
    assert by_words.denominator == 1  # type: ignore[union-attr]
    chosen = Settings(complaint_reasons=("question produit", "retard de livraison"))
    assert measured(SIGNAL, tables, 200, chosen)["repurchase.complainers.90d"].denominator == 2  # type: ignore[union-attr]


@pytest.mark.parametrize("order_of_rows", [1, -1])
def test_of_two_complaints_at_one_moment_the_first_in_the_alphabet_stands(order_of_rows: int) -> None:
    """Words are held as numbers, in the order in which they are read: no figure may hang on it."""
    rows = [
        ticket(10, "a", "c", reason=reason, is_complaint=True) for reason in ("Retard", "Casse", "Manque", "Absence")
    ]
    tables = {"orders": frame([order("a", 1, "c")]), "tickets": frame(rows[::order_of_rows])}
    found = measured(SIGNAL, tables, 200)["repurchase.complainers.90d"]
    assert [segment.segment for segment in found.segments["reason"]] == ["Absence"]  # type: ignore[union-attr]
