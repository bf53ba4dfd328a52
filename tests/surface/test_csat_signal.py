"""CSAT end to end: A11 through the tables, and what makes a score unfit to be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from handmade import at, frame, measured, order, ticket

from cxaudit.schema.results import Measure, NotComputable
from cxaudit.surface.csat import SIGNAL

SHAPE = (("smooth", 650, 90, 86), ("one_ticket", 200, 30, 24), ("recontact", 150, 25, 14))


def asked(number: str, answered: bool, score: float | None, day: float = 20) -> dict[str, Any]:
    return {
        "kind": "csat",
        "sent_at": at(day),
        "answered_at": at(day + 1) if answered else None,
        "score": score,
        "order_id": number,
        "customer_id": f"c{number}",
    }


def planted() -> dict[str, pl.DataFrame]:
    """1 000 customers asked, one order each, along three paths."""
    orders, tickets, surveys = [], [], []
    for path, n, answers, happy in SHAPE:
        for place in range(n):
            number = f"{path}-{place}"
            orders.append(order(number, 1, f"c{number}"))
            contacts = {"smooth": 0, "one_ticket": 1, "recontact": 2}[path]
            tickets += [ticket(5 + 3 * k, number, f"c{number}") for k in range(contacts)]
            score = (5.0 if place < happy else 2.0) if place < answers else None
            surveys.append(asked(number, place < answers, score))
    return {"orders": frame(orders), "tickets": frame(tickets), "surveys": frame(surveys)}


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, Any]]:
    yield measured(SIGNAL, planted(), 200)


def test_raw_response_and_bounds(results: dict[str, Measure]) -> None:
    assert (results["surface.csat"].numerator, results["surface.csat"].denominator) == (124, 145)
    assert results["surface.csat.response"].value == pytest.approx(0.145)
    assert results["surface.csat.bound_low"].value == pytest.approx(0.124)
    assert results["surface.csat.bound_high"].value == pytest.approx(0.979)


def test_each_path_weighs_what_it_weighs_among_those_asked(results: dict[str, Measure]) -> None:
    expected = 0.65 * 86 / 90 + 0.20 * 24 / 30 + 0.15 * 14 / 25
    found = results["surface.csat.reweighted"]
    assert found.value == pytest.approx(expected)
    assert [s.segment for s in found.segments["stratum"]] == ["smooth", "one_ticket", "recontact"]
    assert results["surface.csat.break_even"].value == pytest.approx((expected - 0.90) / 0.855)


def test_those_who_did_not_answer_beside_those_who_did(results: dict[str, Measure]) -> None:
    gap = results["surface.csat.recontact.gap"]
    assert gap.kind == "difference" and gap.value == pytest.approx(0.0)
    assert results["surface.csat.repurchase.silent"].denominator == 855


def test_a_refund_counts_as_a_bad_path() -> None:
    tables = planted()
    paid_back = pl.when(pl.col("order_id") == "smooth-0").then(5.0).otherwise(0.0).alias("refunded_amount")
    tables["orders"] = tables["orders"].with_columns(paid_back)
    found = measured(SIGNAL, tables, 200)["surface.csat.reweighted"]
    assert isinstance(found, Measure)
    assert [s.denominator for s in found.segments["stratum"]] == [89, 30, 26]


def test_recent_surveys_are_not_yet_non_response() -> None:
    rows = [asked(str(n), n < 10, 5.0 if n < 10 else None) for n in range(40)]
    late = [asked(f"l{n}", False, None, day=190) for n in range(30)]
    tables = {"surveys": frame(rows + late), "orders": frame([order("0", 1, "c0")])}
    found = measured(SIGNAL, tables, 200)["surface.csat.response"]
    assert isinstance(found, Measure)
    assert (found.numerator, found.denominator, found.excluded["immature"]) == (10, 40, 30)


def test_bounced_surveys_were_never_asked() -> None:
    rows = [asked(str(n), n < 10, 5.0 if n < 10 else None) | {"delivered": n < 30} for n in range(40)]
    found = measured(SIGNAL, {"surveys": frame(rows)}, 200)["surface.csat.response"]
    assert isinstance(found, Measure)
    assert (found.denominator, found.excluded["bounced"]) == (30, 10)


def test_an_export_of_answers_alone_has_no_response_rate() -> None:
    found = measured(SIGNAL, {"surveys": frame([asked(str(n), True, 4.0) for n in range(50)])}, 200)
    response = found["surface.csat.response"]
    assert isinstance(response, NotComputable) and response.why.key == "not_computable.answers_only"
    assert isinstance(found["surface.csat"], Measure)


def test_scores_of_tickets_stand_in_where_no_survey_is() -> None:
    rows = [ticket(n, str(n), f"c{n}", csat=5.0 if n < 30 else 1.0) for n in range(40)]
    found = measured(SIGNAL, {"tickets": frame(rows)}, 200)
    assert found["surface.csat"].value == pytest.approx(0.75)  # type: ignore[union-attr]
    assert isinstance(found["surface.csat.response"], NotComputable)


def test_constant_scores_are_said() -> None:
    rows = [asked(str(n), n < 35, 5.0 if n < 35 else None) for n in range(60)]
    found = measured(SIGNAL, {"surveys": frame(rows)}, 200)["surface.csat"]
    assert isinstance(found, Measure)
    assert [note.key for note in found.notes] == ["note.score.constant"]


def test_mixed_scales_are_said_and_each_answer_read_on_its_own() -> None:
    rows = [asked(str(n), True, 4.0) | {"scale": "1-5"} for n in range(20)]
    rows += [asked(f"t{n}", True, 4.0) | {"scale": "0-10"} for n in range(20)]
    found = measured(SIGNAL, {"surveys": frame(rows)}, 200)["surface.csat"]
    assert isinstance(found, Measure)
    assert found.value == pytest.approx(0.5)
    assert [note.key for note in found.notes] == ["note.score.mixed_scales", "note.score.constant"]


def test_a_scale_on_the_wrong_side_is_said() -> None:
    orders, tickets, surveys = [], [], []
    for place in range(200):
        troubled = place % 2 == 0
        orders.append(order(str(place), 1, f"c{place}"))
        tickets += [ticket(5 + 3 * k, str(place), f"c{place}") for k in range(2 if troubled else 0)]
        score = (5.0 if troubled else 1.0) if place < 180 else None
        surveys.append(asked(str(place), place < 180, score))
    tables = {"orders": frame(orders), "tickets": frame(tickets), "surveys": frame(surveys)}
    found = measured(SIGNAL, tables, 200)["surface.csat.reweighted"]
    assert isinstance(found, Measure)
    assert [note.key for note in found.notes] == ["note.score.wrong_side"]


def test_nothing_to_go_by() -> None:
    found = measured(SIGNAL, {"orders": frame([order("1", 1, "a")])}, 50)
    assert all(isinstance(result, NotComputable) for result in found.values())
    assert set(found) == set(SIGNAL.measures)
