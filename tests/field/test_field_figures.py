"""What the front line knows, on tables whose answer a reader does in the head."""

from __future__ import annotations

from typing import Any

import pytest
from handmade import at, frame, measured, order, ticket

from cxaudit.field import agents, canned, closes, hops, late, listening, pace, promises, waits
from cxaudit.field.pseudonyms import pseudonyms
from cxaudit.schema.results import Measure, NotComputable, Span
from cxaudit.schema.settings import Settings


def one(results: dict[str, Any], key: str) -> Measure:
    found = results[key]
    assert isinstance(found, Measure), found
    return found


def counts(results: dict[str, Any], key: str) -> tuple[float | None, float]:
    found = one(results, key)
    return found.numerator, found.denominator


# ---- canned replies --------------------------------------------------------------------------------------------------

TEMPLATE = "Bonjour {}, votre demande du {} mars est bien prise en compte par notre équipe."
OWN = (
    "Le tissu vient du Portugal et se lave à froid.",
    "J'ai retrouvé votre colis derrière le comptoir du relais.",
    "Votre banque nous a renvoyé le virement, pouvez-vous vérifier le compte ?",
    "La couturière a repris l'ourlet, il repart jeudi.",
    "Bonne nouvelle : la lampe est de nouveau en rayon.",
)


def replied() -> dict[str, Any]:
    rows = []
    for n in range(6):
        rows.append(ticket(n, f"A{n}", f"a{n}", reply=TEMPLATE.format("Anne", n + 1), reason="retard"))
        if n < 3:
            rows.append(ticket(n + 5, f"A{n}", f"a{n}", reason="retard"))
    rows += [ticket(n, f"B{n}", f"b{n}", reply=text, reason="retard") for n, text in enumerate(OWN)]
    return {"tickets": frame(rows)}


def test_canned_replies_and_what_follows() -> None:
    results = measured(canned.SIGNAL, replied(), 90)
    assert counts(results, "field.canned.share") == (6, 11)
    assert one(results, "field.canned.share").excluded["no_reply"] == 3
    assert counts(results, "field.canned.recontact") == (3, 6)
    assert counts(results, "field.tailored.recontact") == (0, 5)
    assert one(results, "field.canned.gap").value == pytest.approx(0.5)


def test_only_the_tailored_of_the_same_reasons_stand_beside_canned_ones() -> None:
    tables = replied()
    others = [ticket(n, f"C{n}", f"c{n}", reply=f"{text} Bien vu {n}", reason="facture") for n, text in enumerate(OWN)]
    again = [ticket(n + 4, f"C{n}", f"c{n}", reason="facture") for n in range(5)]
    tables["tickets"] = frame([*tables["tickets"].to_dicts(), *others, *again])
    results = measured(canned.SIGNAL, tables, 90)
    assert one(results, "field.tailored.recontact").value == pytest.approx(0.5)
    assert one(results, "field.canned.gap").value == pytest.approx(0.5)


# ---- closings --------------------------------------------------------------------------------------------------------


def test_quick_and_slow_closings() -> None:
    rows = [
        ticket(1, "A", "a", reason="retard", solved_at=at(1.01)),
        ticket(4, "A", "a", reason="retard", solved_at=at(6)),
        ticket(5, "B", "b", reason="retard", solved_at=at(5.02)),
        ticket(8, "B", "b", reason="facture"),
        ticket(9, "C", "c", reason="retard", solved_at=at(12)),
        ticket(9, None, None, reason="retard", solved_at=at(12)),
        ticket(88, "D", "d", reason="retard", solved_at=at(88.01)),
    ]
    results = measured(closes.SIGNAL, {"tickets": frame(rows)}, 90)
    assert counts(results, "field.quick_close.recontact") == (1, 2)
    assert counts(results, "field.slow_close.recontact") == (0, 2)
    quick = one(results, "field.quick_close.recontact")
    assert (quick.excluded["immature"], quick.excluded["no_customer"]) == (1, 1)


# ---- late orders -----------------------------------------------------------------------------------------------------


def delivered(number: str, promised: float, came: float | None, **more: Any) -> dict[str, Any]:
    came_at = None if came is None else at(came)
    return order(number, promised - 3, f"c{number}", promised_at=at(promised), delivered_at=came_at, **more)


def test_late_orders_and_contact_after_them() -> None:
    orders = [delivered("1", 10, 12), delivered("2", 10, 15), delivered("3", 10, 10.6), delivered("4", 10, None)]
    tickets = [ticket(11, "1"), ticket(30, "2"), ticket(9, "3")]
    results = measured(late.SIGNAL, {"orders": frame(orders), "tickets": frame(tickets)}, 120)
    assert counts(results, "field.late.share") == (2, 3)
    assert one(results, "field.late.share").excluded["no_delivery"] == 1
    assert counts(results, "field.late.contact") == (1, 2)
    assert counts(results, "field.on_time.contact") == (0, 1)
    assert one(results, "field.late.gap").value == pytest.approx(0.5)


def test_a_delivery_on_the_promised_day_is_on_time() -> None:
    results = measured(late.SIGNAL, {"orders": frame([delivered("1", 10, 10.9), delivered("2", 10, 11)])}, 120)
    assert counts(results, "field.late.share") == (1, 2)
    assert isinstance(results["field.late.contact"], NotComputable)


def test_the_promised_day_counts_whole_and_whatever_its_hour() -> None:
    """Promised for 18 h: a ticket at 9 h that day, or late on the 14th day after it, counts; one the day before not."""
    orders = [delivered(str(n), 10.75, 12) for n in range(4)]
    tickets = [ticket(10.375, "0"), ticket(24.9, "1"), ticket(9.9, "2"), ticket(25, "3")]
    results = measured(late.SIGNAL, {"orders": frame(orders), "tickets": frame(tickets)}, 120)
    assert counts(results, "field.late.contact") == (2, 4)


def test_late_orders_by_carrier() -> None:
    rows = [delivered(str(n), 10, 12 if n < 2 else 9, carrier="Lent" if n < 3 else "Vif") for n in range(5)]
    found = one(measured(late.SIGNAL, {"orders": frame(rows)}, 120), "field.late.share")
    told = {part.segment: (part.numerator, part.denominator) for part in found.segments["carrier"]}
    assert told == {"Lent": (2, 3), "Vif": (0, 2)}


# ---- hand-overs ------------------------------------------------------------------------------------------------------


def test_hops() -> None:
    rows = [
        ticket(1, "A", "a", transfers=2, reopens=1, solved_at=at(2)),
        ticket(5, "A", "a", transfers=0, reopens=0),
        ticket(1, "B", "b", transfers=0, reopens=0, solved_at=at(1.5)),
        ticket(1, "C", "c", transfers=None, reopens=0),
    ]
    results = measured(hops.SIGNAL, {"tickets": frame(rows)}, 90)
    mean = one(results, "field.hops.mean")
    assert (mean.value, mean.denominator, mean.excluded["unknown_transfers"]) == (pytest.approx(2 / 3), 3, 1)
    assert counts(results, "field.hops.recontact") == (1, 1)
    assert counts(results, "field.no_hop.recontact") == (0, 1)
    assert counts(results, "field.hops.reopened") == (1, 1)
    assert one(results, "field.hops.solve_hours").value == pytest.approx(24.0)
    assert one(results, "field.no_hop.solve_hours").value == pytest.approx(12.0)


# ---- several agents --------------------------------------------------------------------------------------------------


def spoken(day: float, number: str, agent: str, reply: str | None = "Bien noté.", **more: Any) -> dict[str, Any]:
    return ticket(day, number, f"c{number}", agent=agent, reply=reply, **more)


def test_several_agents_and_a_third_contact() -> None:
    rows = [
        *(spoken(day, "A", who) for day, who in ((1, "x"), (5, "y"), (9, "y"))),
        *(spoken(day, "B", who) for day, who in ((1, "x"), (5, "x"), (50, "x"))),
        *(spoken(day, "C", who) for day, who in ((1, "x"), (45, "y"))),
        spoken(1, "D", "x"),
        spoken(6, "D", "y", reply=None),
    ]
    results = measured(agents.SIGNAL, {"tickets": frame(rows)}, 120)
    assert counts(results, "field.multi_agent.share") == (2, 4)
    assert counts(results, "field.multi_agent.recontact") == (1, 1)
    assert counts(results, "field.same_agent.recontact") == (0, 1)
    assert one(results, "field.multi_agent.recontact").excluded["no_agent"] == 1


def test_replies_that_contradict_each_other() -> None:
    paid, refused = "Nous vous remboursons 40 €.", "Votre demande de remboursement est refusée."
    rows = [
        spoken(1, "A", "x", paid), spoken(3, "A", "y", refused),
        spoken(1, "B", "x", paid), spoken(3, "B", "y", "Le remboursement sera de 25 €."),
        spoken(1, "C", "x", paid), spoken(3, "C", "y", "Le montant remboursé est de 40 €."),
        spoken(1, "D", "x", paid), spoken(3, "D", "x", refused),
        spoken(1, "E", "x", "Livraison le 12 mars."), spoken(3, "E", "y", "Votre colis arrivera le 19 mars."),
    ]  # fmt: skip
    found = one(measured(agents.SIGNAL, {"tickets": frame(rows)}, 120), "field.incoherent.share")
    assert (found.numerator, found.denominator) == (3, 4)
    assert found.facts["kinds"] == {"decision": 1, "amount": 1, "date": 1}


def test_a_delivery_put_off_once_its_day_has_come_is_no_contradiction() -> None:
    """Two agents say "tomorrow" of one delivery, on two days: the second day the first delivery had not come."""
    soon = "Votre colis sera livré demain."
    rows = [
        spoken(1, "A", "x", soon), spoken(2, "A", "y", soon),
        spoken(1, "B", "x", soon), spoken(9, "B", "y", soon),
        spoken(1, "C", "x", "Votre colis sera livré le 8 janvier."), spoken(3, "C", "y", soon),
    ]  # fmt: skip
    found = one(measured(agents.SIGNAL, {"tickets": frame(rows)}, 120), "field.incoherent.share")
    assert (found.numerator, found.denominator, found.facts["kinds"]) == (1, 3, {"date": 1})


def test_one_agent_hides_all_of_this() -> None:
    rows = [spoken(day, "A", "x") for day in (1, 5, 9)]
    results = measured(agents.SIGNAL, {"tickets": frame(rows)}, 120)
    refused = results["field.multi_agent.share"]
    assert isinstance(refused, NotComputable) and refused.why.key == "not_computable.one_agent"


def test_without_a_reply_column_an_agent_answered_where_there_is_one() -> None:
    rows = [ticket(1, "A", "a", agent="x"), ticket(4, "A", "a", agent="y"), ticket(1, "B", "b")]
    results = measured(agents.SIGNAL, {"tickets": frame(rows)}, 120)
    assert counts(results, "field.multi_agent.share") == (1, 2)
    assert isinstance(results["field.incoherent.share"], NotComputable)


# ---- promises --------------------------------------------------------------------------------------------------------


SOON, PAY = "Votre colis sera livré sous 48 h.", "Votre remboursement sera effectué sous 3 jours."


def said(day: float, number: str | None, reply: str, **more: Any) -> dict[str, Any]:
    return ticket(day, number, f"c{number}", first_reply_at=at(day), reply=reply, **more)


def shipped(came: dict[str, float | None], ordered: float = 0) -> list[dict[str, Any]]:
    return [
        order(number, ordered, f"c{number}", delivered_at=None if day is None else at(day))
        for number, day in came.items()
    ]


def kept(orders: list[dict[str, Any]], tickets: list[dict[str, Any]], settings: Settings | None = None) -> Measure:
    tables = {"orders": frame(orders), "tickets": frame(tickets)}
    return one(measured(promises.SIGNAL, tables, 200, settings), "field.promises.kept")


def test_what_the_exports_cannot_show_is_no_broken_promise() -> None:
    """Delivered in time, late, never; a ticket without an order, and one whose order no table knows."""
    orders = shipped({"1": 11, "2": 20, "3": None, "4": 11, "5": 11})
    found = kept(orders, [said(10, number, SOON) for number in ("1", "2", "3", None, "404")])
    assert (found.numerator, found.denominator, found.excluded["unseen"]) == (1, 3, 2)


@pytest.mark.parametrize(("unlinked", "refused"), [(1, False), (2, True)])
def test_promises_wait_for_a_verdict_where_over_a_fifth_has_no_known_outcome(unlinked: int, refused: bool) -> None:
    orders = shipped({str(n): 11 for n in range(4)})
    found = kept(orders, [said(10, name, SOON) for name in ("0", "1", "2", "3", *[None] * unlinked)])
    assert (found.denominator, "R7" in found.refusals) == (4, refused)


def test_no_promise_can_be_judged_without_an_order() -> None:
    tickets = frame([said(10, None, SOON) for _ in range(5)]).drop("order_id")
    tables = {"orders": frame(shipped({"1": 11})), "tickets": tickets}
    refused = measured(promises.SIGNAL, tables, 60)["field.promises.kept"]
    assert isinstance(refused, NotComputable) and refused.missing == ("tickets.order_id",)


@pytest.mark.parametrize(("recorded", "computed"), [(7, False), (8, True)])
def test_a_delivery_without_a_day_is_missing_only_where_others_have_theirs(recorded: int, computed: bool) -> None:
    orders = shipped({str(n): 11 if n < recorded else None for n in range(10)})
    tables = {"orders": frame(orders), "tickets": frame([said(10, "0", SOON), said(10, "9", SOON)])}
    found = measured(promises.SIGNAL, tables, 60)["field.promises.kept"]
    if computed:
        assert isinstance(found, Measure) and (found.numerator, found.denominator) == (1, 2)
    else:
        assert isinstance(found, NotComputable) and found.why.key == "not_computable.unseen"


def test_deliveries_are_judged_beside_those_of_their_age() -> None:
    """Nobody wrote deliveries down before day 100: of order 1, placed before, nothing is known; order 9 lacks its."""
    old = shipped({"1": None, "2": None})
    new = shipped({**{str(n): 103 for n in range(3, 9)}, "9": None}, ordered=100)
    found = kept([*old, *new], [said(1, "1", SOON), said(101, "9", SOON), said(102, "3", SOON)])
    assert (found.numerator, found.denominator, found.excluded["unseen"]) == (1, 2, 1)


def test_refunds_are_judged_from_the_first_that_was_written_down() -> None:
    orders = [order("1", 0, "c1"), order("2", 0, "c2", refunded_at=at(52)), order("3", 0, "c3")]
    found = kept(orders, [said(10, "1", PAY), said(50, "2", PAY), said(50, "3", PAY)])
    assert (found.numerator, found.denominator, found.excluded["unseen"]) == (1, 2, 1)


@pytest.mark.parametrize(("reply", "stands"), [(SOON, True), ("Je reviens vers vous sous 48 h.", False)])
def test_orders_that_stop_early_hold_back_what_they_alone_would_show(reply: str, stands: bool) -> None:
    tickets = [said(10, "1", reply, solved_at=at(11)), said(199, "1", "Bonne journée.")]
    found = kept(shipped({"1": 11}), tickets)
    assert (found.denominator, "R9" in found.refusals) == (1, stands)


def test_promises_left_out_are_those_of_the_period() -> None:
    orders = shipped({"1": 11, "2": 5})
    tickets = [said(10, "1", SOON), said(10, "2", SOON), said(10, None, SOON), said(90, None, SOON)]
    found = kept(orders, tickets, Settings(period=Span(at(0).date(), at(50).date())))
    assert (found.denominator, found.excluded["unseen"], found.excluded["before_start"]) == (1, 1, 1)


def test_promises_kept() -> None:
    orders = [
        order("1", 0, "c1", refunded_at=at(11)),
        order("2", 0, "c2", refunded_at=at(20)),
        order("3", 0, "c3"),
        order("4", 0, "c4", refunded_at=at(5)),
        order("9", 60, "c9"),
    ]
    rows = [
        *(said(10, number, PAY) for number in ("1", "2", "3", "4")),
        said(10, "5", "Je reviens vers vous sous 48 h.", solved_at=at(11)),
        said(10, "6", "Je reviens vers vous sous 48 h.", solved_at=at(15)),
        said(10, "7", SOON),
        said(10, "8", "Bonne journée."),
        said(59, "9", "Je reviens vers vous sous 5 jours."),
    ]
    tables = {"orders": frame(orders), "tickets": frame(rows)}
    found = one(measured(promises.SIGNAL, tables, 60), "field.promises.kept")
    assert (found.numerator, found.denominator) == (2, 5)
    assert (found.excluded["unseen"], found.excluded["before_start"], found.excluded["immature"]) == (1, 1, 1)
    kinds = {s.segment: (s.numerator, s.denominator) for s in found.segments["promise"]}
    assert kinds == {"refund": (1, 3), "reply": (1, 2)}


# ---- hard and easy reasons -------------------------------------------------------------------------------------------


def test_hard_reasons_wait_and_are_handed_on() -> None:
    minutes = {"litige": 30.0, "défaut": 20.0, "retard": 10.0, "taille": 6.0, "facture": 3.0, "suivi": 2.0}
    rows = [
        ticket(
            n, None, f"{reason}{n}", reason=reason, handle_minutes=spent, transfers=int(spent >= 20),
            first_reply_at=at(n + spent / 24),
        )
        for reason, spent in minutes.items()
        for n in range(3)
    ]  # fmt: skip
    results = measured(waits.SIGNAL, {"tickets": frame(rows)}, 90)
    assert one(results, "field.hard_wait.hours").facts == {"hard": ("défaut", "litige"), "easy": ("suivi", "facture")}
    assert one(results, "field.hard_wait.hours").value == pytest.approx(25.0)
    assert one(results, "field.easy_wait.hours").value == pytest.approx(2.5)
    gap = one(results, "field.hard_wait.gap")
    assert (gap.unit, gap.value, gap.verdict) == ("hours", pytest.approx(22.5), "insufficient")
    assert one(results, "field.hard_transfer.gap").value == pytest.approx(1.0)


def test_one_reason_is_neither_hard_nor_easy() -> None:
    assert waits.thirds({"retard": 3.0}) == ((), ())
    assert waits.thirds({"a": 1.0, "b": 2.0}) == (("b",), ("a",))


# ---- pace ------------------------------------------------------------------------------------------------------------


def test_the_shortest_third_beside_the_rest() -> None:
    rows = [ticket(1, str(n), f"c{n}", handle_minutes=float(n), reason="retard", agent="Zoé") for n in range(9)]
    rows += [ticket(5, str(n), f"c{n}", reason="retard") for n in range(2)]
    results = measured(pace.SIGNAL, {"tickets": frame(rows)}, 90)
    assert counts(results, "field.handle_time.fast.recontact") == (2, 3)
    assert counts(results, "field.handle_time.slow.recontact") == (0, 6)
    assert one(results, "field.handle_time.gap").value == pytest.approx(2 / 3)


def test_no_agent_is_named_and_few_cases_are_not_shown() -> None:
    rows = [ticket(n % 50, str(n), f"c{n}", handle_minutes=5.0, agent="Zoé" if n < 120 else "Ali") for n in range(150)]
    found = one(measured(pace.SIGNAL, {"tickets": frame(rows)}, 90), "field.handle_time.recontact")
    shown = [segment.segment for segment in found.segments["agent"]]
    assert len(shown) == 1 and shown[0].startswith("Agent 0")
    assert "Zoé" not in repr(found)
    assert set(pseudonyms(["Zoé", "Ali", "Zoé"]).values()) == {"Agent 01", "Agent 02"}


# ---- listening -------------------------------------------------------------------------------------------------------


def check(number: str, criterion: str, score: float, **more: Any) -> dict[str, Any]:
    return {"checked_at": at(20), "ticket_id": number, "criterion": criterion, "score": score, **more}


def test_listening_scores_and_what_they_go_along_with() -> None:
    rows = [check(f"T{n}", name, float(n), max_score=10.0) for n in range(1, 9) for name in ("accueil", "solution")]
    cases = [ticket(n, f"O{n}", f"c{n}", ticket_id=f"#t{n}", csat=float((n + 1) // 2)) for n in range(1, 9)]
    results = measured(listening.SIGNAL, {"listening": frame(rows), "tickets": frame(cases)}, 90)
    mean = one(results, "field.listening.mean")
    assert (mean.unit, mean.value) == ("share", pytest.approx(0.45))
    assert len(mean.segments["criterion"]) == 2 and mean.n_eff == pytest.approx(8.0, abs=1)
    link = one(results, "field.listening.predicts")
    assert link.value == pytest.approx(0.9759, abs=1e-3) and link.denominator == 8
    constant = results["field.listening.predicts.no_recontact"]
    assert isinstance(constant, NotComputable) and constant.why.key == "not_computable.constant_score"


def test_two_listeners_of_one_case() -> None:
    rows = [
        check("1", "accueil", 4.0),
        check("1", "accueil", 4.5),
        check("2", "accueil", 1.0),
        check("2", "accueil", 5.0),
    ]
    results = measured(listening.SIGNAL, {"listening": frame(rows)}, 90)
    assert counts(results, "field.listening.agreement") == (1, 2)


def test_scores_beyond_their_maximum_are_left_out_and_counted() -> None:
    rows = [check("1", "accueil", 4.0, max_score=5.0), check("2", "accueil", 40.0, max_score=5.0)]
    found = one(measured(listening.SIGNAL, {"listening": frame(rows)}, 90), "field.listening.mean")
    assert (found.value, found.excluded["out_of_scale"]) == (pytest.approx(0.8), 1)


@pytest.mark.parametrize("module", [agents, canned, closes, hops, late, listening, pace, promises, waits])
def test_absence_is_not_zero(module: Any) -> None:
    found = measured(module.SIGNAL, {"orders": frame([order("1", 1, "a")])}, 60)
    assert set(found) == set(module.SIGNAL.measures)
    assert all(isinstance(result, NotComputable) for result in found.values())
