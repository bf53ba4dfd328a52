"""Edges that no draw is sure to meet: refusals on their threshold, scores on tickets, mapped complaints, the JSON."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from generate import tables
from handmade import at, frame, order, ticket

from cxaudit import run_audit
from cxaudit.json_record import dump
from cxaudit.schema.results import UNITS, Measure
from cxaudit.schema.settings import Settings

AS_OF = at(300).date()


def of(made: dict[str, pl.DataFrame], key: str, **settings: Any) -> Measure:
    return run_audit(made, Settings(**{"as_of": AS_OF, **settings})).measures[key]


@pytest.mark.parametrize(("days_short", "refused"), [(14, False), (15, True)])
def test_a_source_that_stops_more_than_14_days_early_is_refused(days_short: int, refused: bool) -> None:
    tickets = [ticket(300 - days_short, "A1", "c"), ticket(10, "A2", "d")]
    assert ("R9" in of({"tickets": frame(tickets)}, "recontact.orders.30d").refusals) is refused


@pytest.mark.parametrize(("linked", "refused"), [(8, False), (7, True)])
def test_under_80_percent_linked_tickets_is_refused(linked: int, refused: bool) -> None:
    tickets = [ticket(290 + n / 10, f"A{n}" if n < linked else None, None) for n in range(10)]
    found = of(
        {"tickets": frame(tickets), "orders": frame([order(f"A{n}", 1, f"c{n}") for n in range(10)])}, "surface.tickets"
    )
    assert ("R7" in found.refusals) is refused


@pytest.mark.parametrize(("mature", "refused"), [(5, False), (4, True)])
def test_under_half_mature_is_refused(mature: int, refused: bool) -> None:
    tickets = [ticket(1 if n < mature else 299, f"A{n}", f"c{n}") for n in range(10)]
    found = of({"tickets": frame(tickets)}, "recontact.orders.30d")
    assert (found.denominator, found.excluded["immature"]) == (mature, 10 - mature)
    assert ("R2" in found.refusals) is refused


def test_the_last_day_of_the_window_counts_and_the_next_does_not() -> None:
    tickets = [ticket(1.9, "A1", "c"), ticket(31.99, "A1", "c"), ticket(1.0, "A2", "d"), ticket(32, "A2", "d")]
    assert of({"tickets": frame(tickets)}, "recontact.orders.30d").numerator == 1


def test_a_unit_is_mature_on_the_day_its_window_ends() -> None:
    found = of({"tickets": frame([ticket(270.9, "A1", "c"), ticket(271, "A2", "d")])}, "recontact.orders.30d")
    assert (found.denominator, found.excluded["immature"]) == (1, 1)


def test_tickets_without_anyone_are_audited_order_by_order() -> None:
    """Each order is its own cluster: the effective sample is the number of orders."""
    tickets = [ticket(day, f"A{n}") for n in range(40) for day in ((1, 5) if n % 2 else (1,))]
    found = of({"tickets": frame(tickets)}, "recontact.orders.30d")
    assert (found.numerator, found.denominator, found.deff, found.n_eff) == (20, 40, 1.0, 40)


def test_scores_on_tickets_serve_only_without_csat_surveys() -> None:
    tickets = frame([ticket(n, f"A{n}", f"c{n}", csat=float(1 + n % 5)) for n in range(10)])
    survey = {"kind": "csat", "sent_at": at(2), "answered_at": at(3), "score": 5.0, "scale": "1-5", "customer_id": "c1"}
    assert of({"tickets": tickets}, "surface.csat").numerator == 4
    both = of({"tickets": tickets, "surveys": frame([survey])}, "surface.csat")
    assert (both.numerator, both.denominator) == (1, 1)
    nps = {**survey, "kind": "nps", "score": 9.0, "scale": "0-10"}
    assert of({"tickets": tickets, "surveys": frame([nps])}, "surface.csat").denominator == 10


def test_a_mapped_complaint_flag_speaks_louder_than_reasons() -> None:
    orders = [order("A1", 0, "c"), order("A2", 0, "d")]
    tickets = [
        ticket(5, "A1", "c", reason="Question", is_complaint=True),
        ticket(5, "A2", "d", reason="Retard de livraison", is_complaint=False),
    ]
    made = {"orders": frame(orders), "tickets": frame(tickets)}
    assert of(made, "repurchase.complainers.30d", complaint_reasons=("Retard de livraison",)).denominator == 1
    assert of(made, "repurchase.after_contact.30d").denominator == 2


def test_a_fully_refunded_order_is_no_repurchase_but_an_earlier_order_and_a_sign_of_life() -> None:
    orders = [
        order("A1", 0, "c", status="refunded"),
        order("A2", 20, "c", status="refunded"),
        order("B1", 0, "d", amount=0.0),
    ]
    mails = [{"sent_at": at(1), "customer_email": "e@x.fr", "clicked_at": at(2)}]
    made = {
        "orders": frame(orders),
        "tickets": frame([ticket(5, "A1", "c"), ticket(5, "B1", "d")]),
        "emails": frame(mails),
    }
    found = of(made, "repurchase.complainers.30d")
    assert (found.numerator, found.denominator, found.excluded["no_earlier_order"]) == (0, 1, 1)
    assert of(made, "silence.engaged.90d").numerator == 1


def test_the_json_keeps_its_shape() -> None:
    """Plain numbers or null, shares between 0 and 1, null where there is no unit, every count of what was left out."""
    audit = run_audit(tables(51, 60))
    told = json.loads(dump(audit, "fr"))
    for key, measure in told["measures"].items():
        assert measure["unit"] in UNITS, key
        assert measure["kind"] in ("single", "difference"), key
        assert measure["denominator"] is not None, key
        assert measure["denominator"] or measure["value"] is None, key
        assert all(isinstance(n, int) and n >= 0 for n in measure["excluded"].values()), key
        single = (
            measure["unit"] == "share"
            and measure["kind"] == "single"
            and not key.endswith((".gap", "predicts", "even"))
        )
        if single and measure["value"] is not None and ".predicts" not in key:
            assert 0 <= measure["value"] <= 1, key
        for point in (measure, *measure["series"], *(s for cut in measure["segments"].values() for s in cut)):
            if None not in (point["low"], point["high"], point["value"]):
                assert point["low"] <= point["value"] + 1e-12 <= point["high"] + 2e-12, key
    for key, refusal in told["not_computable"].items():
        assert set(refusal) >= {"missing", "why"} and refusal["why"], key
        assert key not in told["measures"]
