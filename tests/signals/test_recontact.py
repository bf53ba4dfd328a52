"""Recontact on the same order: worked example A1, and each trap by name."""

from __future__ import annotations

import polars as pl
import pytest
from handmade import frame, measured, order, ticket

from cxaudit.schema.results import Measure, NotComputable
from cxaudit.schema.settings import Exclude, Settings
from cxaudit.signals.recontact import SIGNAL

KEY = "recontact.orders.30d"


def of(tables: dict[str, pl.DataFrame], key: str = KEY, as_of: int = 200, **more: object) -> Measure:
    found = measured(SIGNAL, tables, as_of, **more)[key]  # type: ignore[arg-type]
    assert isinstance(found, Measure)
    return found


def test_a1() -> None:
    counts = [1, 1, 1, 2, 1, 3, 1, 1, 2, 1]
    rows = [ticket(i + 5 * k, f"#{i}", f"c{i}") for i, n in enumerate(counts) for k in range(n)]
    found = of({"tickets": frame(rows)})
    assert (found.numerator, found.denominator, found.value) == (3, 10, 0.3)
    assert (found.low, found.high) == pytest.approx((0.1078, 0.6032), abs=1e-4)
    assert found.verdict == "insufficient" and "R1" in found.refusals
    assert found.facts["distribution"] == {"1": 7, "2": 2, "3": 1, "4+": 0}


def test_half_an_hour_is_one_episode_and_chains() -> None:
    minutes = [0, 29, 58, 120]
    found = of({"tickets": frame([ticket(1 + m / 1440, "a", "c") for m in minutes])}, "recontact.orders.any")
    assert (found.numerator, found.facts["bridge"]["episodes"]) == (1, 2)


def test_an_excluded_ticket_does_not_chain() -> None:
    rows = [ticket(1 + m / 1440, "a", "c", is_spam=m == 29) for m in (0, 29, 58)]
    assert of({"tickets": frame(rows)}).numerator == 1


def test_the_window_ends_with_its_last_day() -> None:
    rows = [ticket(1.9, "a", "c"), ticket(31.99, "a", "c"), ticket(1.9, "b", "d"), ticket(32.0, "b", "d")]
    assert of({"tickets": frame(rows)}).numerator == 1


def test_immature_orders_are_counted_apart() -> None:
    rows = [ticket(10, "a", "c"), ticket(80, "b", "d"), ticket(81, "b", "d")]
    found = of({"tickets": frame(rows)}, as_of=100)
    assert (found.numerator, found.denominator, found.excluded["immature"]) == (0, 1, 1)


def test_order_numbers_meet_without_hash_space_and_case() -> None:
    rows = [ticket(1, "#AB 12", "c"), ticket(5, "ab12", "c")]
    assert of({"tickets": frame(rows)}).numerator == 1


def test_an_order_of_two_writers_is_one_unit() -> None:
    rows = [ticket(1, "a", "c"), ticket(1.001, "a", "d"), ticket(9, "e", "d")]
    found = of({"tickets": frame(rows)})
    assert (found.numerator, found.denominator) == (1, 2)


def test_tickets_without_an_order_are_counted() -> None:
    rows = [ticket(1, None, "c"), ticket(2, "a", "c")]
    found = of({"tickets": frame(rows)})
    assert (found.denominator, found.excluded["no_order"]) == (1, 1)


def test_a_cancelled_order_still_counts() -> None:
    tables = {
        "orders": frame([order("a", 0, "c", status="cancelled"), order("b", 0, "d", status="paid")]),
        "tickets": frame([ticket(1, "a"), ticket(5, "a"), ticket(2, "b")]),
    }
    assert of(tables).denominator == 2


def test_customers_and_topics() -> None:
    rows = [
        ticket(1, "a", "c", reason="Retard"),
        ticket(5, "b", "c", reason="Retard "),
        ticket(9, "b", "c", reason="Facture"),
    ]
    found = measured(SIGNAL, {"tickets": frame(rows)}, 200)
    assert found["recontact.customers.30d"].value == 1  # type: ignore[union-attr]
    topic = found["recontact.topic.30d"]
    assert (topic.numerator, topic.denominator) == (1, 2)  # type: ignore[union-attr]


def test_turning_a_rule_off_lets_its_rows_count() -> None:
    rows = [ticket(1, "a", "c"), ticket(5, "a", "c", is_spam=True)]
    assert of({"tickets": frame(rows)}).numerator == 0
    assert of({"tickets": frame(rows)}, settings=Settings(exclude=Exclude(spam=False))).numerator == 1


def test_tickets_without_order_numbers_are_not_computable_never_zero() -> None:
    found = measured(SIGNAL, {"tickets": frame([ticket(1, None, "c"), ticket(2, None, "c")])}, 200)[KEY]
    assert isinstance(found, NotComputable) and found.missing == ("tickets.order_id",)


def test_row_order_and_customer_names_change_nothing() -> None:
    rows = [
        ticket(i % 40 + 3 * k, f"o{i}", f"c{i % 7}", reason="xy"[i % 2]) for i in range(60) for k in range(i % 3 + 1)
    ]
    orders = frame([order(f"o{i}", i % 40 - 1, f"c{i % 7}") for i in range(60)])
    tables = {"tickets": frame(rows), "orders": orders}
    other_name = pl.format("zz{}", 100 - pl.col("customer_id").str.slice(1).cast(int))
    renamed = {name: table.with_columns(other_name.alias("customer_id")) for name, table in tables.items()}
    shuffled = {n: t.sample(fraction=1, shuffle=True, seed=5) for n, t in renamed.items()}
    first, second = of(tables), of(shuffled)
    assert (first.value, first.n_eff, first.series) == (second.value, second.n_eff, second.series)
    assert first.segments == second.segments
