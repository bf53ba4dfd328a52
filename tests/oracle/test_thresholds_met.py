"""R1 and R5 one unit below, at and above their thresholds; the refusals that a share bears, with larger numbers."""

from __future__ import annotations

from typing import Any

import pytest
from handmade import at, frame, order, ticket

from cxaudit import run_audit
from cxaudit.schema.results import Measure
from cxaudit.schema.settings import Settings

AS_OF = at(300).date()
RECONTACT, GAP = "recontact.orders.30d", "repurchase.gap.90d"


def of(key: str, **rows: list[dict[str, Any]]) -> Measure:
    frames = {name: frame(found) for name, found in rows.items()}
    return run_audit(frames, Settings(as_of=AS_OF, complaint_reasons=("Retard",))).measures[key]


def contacted(orders: int, again: int = 0, an_order: int = 1) -> list[dict[str, Any]]:
    """So many orders, each of its own customer (or `an_order` of one), of which the first `again` write twice."""
    late = [ticket(290, None, "z", reason="Suivi")]  # so that the source goes on to the end
    first = [ticket(5 + n / 100, f"A{n}", f"c{n // an_order}", reason="Suivi") for n in range(orders)]
    return [*late, *first, *(ticket(15, f"A{n}", f"c{n // an_order}", reason="Suivi") for n in range(again))]


@pytest.mark.parametrize(
    ("orders", "verdict", "refused"),
    [(29, "insufficient", True), (30, "indicative", False), (99, "indicative", False), (100, "established", False)],
)
def test_the_sample_rule_turns_at_30_and_at_100(orders: int, verdict: str, refused: bool) -> None:
    found = of(RECONTACT, tickets=contacted(orders, again=orders // 4))
    assert (found.n_eff, found.verdict, "R1" in found.refusals) == (orders, verdict, refused)


def test_what_counts_is_the_effective_sample() -> None:
    """120 orders of 40 customers, all or none of whose orders come back: a third of the orders' information."""
    alike = of(RECONTACT, tickets=contacted(120, again=60, an_order=3))
    assert alike.denominator == 120
    assert alike.deff == pytest.approx(3 * 40 / 39)
    assert alike.n_eff == pytest.approx(39)
    assert alike.verdict == "indicative"
    few = of(RECONTACT, tickets=contacted(90, again=45, an_order=3))
    assert few.n_eff == pytest.approx(29) and few.verdict == "insufficient" and "R1" in few.refusals


@pytest.mark.parametrize(("short", "refused"), [(0, False), (1, True)])
def test_half_of_the_units_ripe_is_enough(short: int, refused: bool) -> None:
    ripe = [ticket(5, f"A{n}", f"c{n}") for n in range(50 - short)]
    young = [ticket(299, f"B{n}", f"d{n}") for n in range(50 + short)]
    assert ("R2" in of(RECONTACT, tickets=[*ripe, *young]).refusals) is refused


@pytest.mark.parametrize(("linked", "refused"), [(160, False), (159, True)])
def test_four_fifths_of_the_tickets_linked_is_enough(linked: int, refused: bool) -> None:
    tickets = [ticket(290 + n / 100, f"A{n}" if n < linked else None, None) for n in range(200)]
    orders = [order(f"A{n}", 1, f"c{n}") for n in range(200)]
    assert ("R7" in of("surface.tickets", tickets=tickets, orders=orders).refusals) is refused


def complaining(cases: dict[int, int], controls: dict[int, int]) -> dict[str, list[dict[str, Any]]]:
    """First orders of one value by month (its first day): some complained of two days later, the others not."""
    orders = [order("Z", 299, "z")]
    tickets = [ticket(295, "Z", "z", reason="Suivi")]
    for day, many in cases.items():
        orders += [order(f"A{day}-{n}", day, f"a{day}-{n}") for n in range(many)]
        tickets += [ticket(day + 2, f"A{day}-{n}", f"a{day}-{n}", reason="Retard") for n in range(many)]
    for day, many in controls.items():
        orders += [order(f"B{day}-{n}", day, f"b{day}-{n}") for n in range(many)]
    return {"orders": orders, "tickets": tickets}


@pytest.mark.parametrize(("controls", "refused"), [(19, True), (20, False), (21, False)])
def test_under_two_controls_a_case_is_refused(controls: int, refused: bool) -> None:
    found = of(GAP, **complaining({3: 10}, {3: controls}))
    assert found.denominator == 10
    assert ("R5" in found.refusals) is refused


JANUARY, MARCH = 3, 62


@pytest.mark.parametrize(
    ("thin", "in_march", "refused"),
    [(3, 4, False), (4, 4, True), (4, 5, False)],
    ids=["a fifth", "more than a fifth", "five controls are no thin cell"],
)
def test_over_a_fifth_on_coarser_cells_is_refused(thin: int, in_march: int, refused: bool) -> None:
    """15 complaints in all, those of March beside so many controls; January has enough of them for everybody."""
    found = of(GAP, **complaining({JANUARY: 15 - thin, MARCH: thin}, {JANUARY: 60, MARCH: in_march}))
    assert found.denominator == 15
    assert ("R5" in found.refusals) is refused
