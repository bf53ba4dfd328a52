"""Commercial gestures: worked example A6."""

from __future__ import annotations

from handmade import at, frame, measured, order, ticket

from cxaudit.schema.results import Measure
from cxaudit.signals.gestures import SIGNAL


def test_a6() -> None:
    gestures = [
        {"granted_at": at(10), "customer_id": str(i), "cost": cost} for i, cost in enumerate([10.0, 15.0, 20.0, 5.0])
    ]
    gestures.append({"granted_at": at(180), "customer_id": "9", "cost": 30.0})
    orders = [order(f"o{c}", 2, c) for c in ("0", "1", "2", "3", "9")] + [order("p", 50, "2")]
    tables = {"gestures": frame(gestures), "orders": frame(orders), "tickets": frame([ticket(12, "o0", "0")])}
    found = measured(SIGNAL, tables, 200)
    idle = found["gesture.no_effect.90d"]
    assert isinstance(idle, Measure)
    assert (idle.numerator, idle.denominator, idle.excluded["immature"]) == (2, 4, 1)
    assert found["gesture.cost.total"].value == 50  # type: ignore[union-attr]
    assert found["gesture.cost.no_effect"].value == 20  # type: ignore[union-attr]
    assert found["gesture.reply.14d"].numerator == 1  # type: ignore[union-attr]
    assert found["gesture.repurchase.90d"].numerator == 1  # type: ignore[union-attr]


def test_satisfied_looks_at_the_first_answer_and_gives_bounds() -> None:
    answer = {"kind": "csat", "sent_at": at(11), "customer_id": "0"}
    tables = {
        "gestures": frame([{"granted_at": at(10), "customer_id": c, "cost": 1.0} for c in "01"]),
        "surveys": frame([answer | {"answered_at": at(d), "score": s} for d, s in ((20, 2.0), (30, 5.0))]),
        "orders": frame([order("o", 2, "0")]),
    }
    found = measured(SIGNAL, tables, 200)["gesture.satisfied"]
    assert (found.numerator, found.denominator) == (0, 1)  # type: ignore[union-attr]
    assert (found.facts["bound_low"], found.facts["bound_high"]) == (0, 0.5)  # type: ignore[union-attr]
