"""Irritants worst first, remarks by topic, criteria lowest first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from handmade import at, frame, order, ticket

from cxaudit.field.listening import SIGNAL as LISTENING
from cxaudit.field.work import criteria, field_work
from cxaudit.measure.tables import Tables
from cxaudit.prepare import prepare
from cxaudit.schema.results import Field, Measure
from cxaudit.schema.settings import Settings


def prepared(**tables: list[dict[str, Any]]) -> tuple[Tables, Settings]:
    settings = replace(Settings(), as_of=at(90).date(), minute_cost=0.5)
    return prepare({name: frame(rows) for name, rows in tables.items()}, settings).tables, settings


def work(**tables: list[dict[str, Any]]) -> Field:
    held, settings = prepared(**tables)
    return field_work(held, settings)


def test_reasons_alone_where_there_are_no_texts() -> None:
    rows = [ticket(n * 3, f"A{n}", f"a{n}", reason="Retard", handle_minutes=10.0) for n in range(10)]
    rows += [ticket(n * 3 + 2, f"A{n}", f"a{n}", reason="Retard") for n in range(5)]
    rows += [ticket(80 - n, f"B{n}", f"b{n}", reason="Facture") for n in range(20)]
    first, second = work(tickets=rows, orders=[order("A1", 0, "a1"), order("zz", 90, "z")]).irritants
    assert (first.label, first.terms, first.tickets) == ("Retard", (), 15)
    assert first.share == pytest.approx(15 / 35) and first.recontact == pytest.approx(5 / 15)
    assert first.facts["minutes"] == pytest.approx(150) and first.facts["cost"] == pytest.approx(75)
    assert (second.label, second.growth) == ("Facture", pytest.approx(1.0))
    assert first.growth is not None and first.growth < 0


def test_texts_split_a_reason_into_what_customers_say() -> None:
    zips = (
        "la fermeture est cassée",
        "le zip est bloqué",
        "fermeture éclair hors service",
        "zip cassé, fermeture morte",
    )
    stains = ("une tache sur le tissu", "tissu taché à la livraison", "grosse tache sur le plaid", "le plaid est taché")
    rows = [
        ticket(n, f"O{n}", f"c{n}", reason="Défaut", body=(zips if n % 2 else stains)[n // 2 % 4]) for n in range(80)
    ]
    found = work(tickets=rows).irritants
    assert all(item.label.startswith("Défaut") for item in found)
    assert sum(item.tickets for item in found) == 80
    assert any({"fermeture", "zip"} & set(" ".join(item.terms).split()) for item in found)


def test_nothing_to_sort_by() -> None:
    assert work(tickets=[ticket(1, "A", "a")]) == Field()
    assert work(orders=[order("1", 1, "a")]) == Field()


def remark(day: float, text: str, topic: str | None = None) -> dict[str, Any]:
    return {"noted_at": at(day), "text": text, "topic": topic}


def test_remarks_by_their_topic() -> None:
    rows = [remark(9, "encore", "Transporteur"), remark(4, "retards", "Transporteur"), remark(6, "lent", "Outil")]
    tickets = [ticket(n, None, f"c{n}", reason="Transporteur") for n in range(3)] + [
        ticket(5, None, "x", reason="Autre")
    ]
    first, second = work(agent_feedback=rows, tickets=tickets).remarks
    assert (first.topic, first.first_seen, first.remarks, first.tickets) == ("Transporteur", at(4).date(), 2, 3)
    assert (second.topic, second.remarks, second.tickets) == ("Outil", 1, 0)


def test_few_remarks_without_a_topic_are_kept_by_what_they_speak_of() -> None:
    rows = [
        remark(2, "Le colis arrive souvent ouvert"),
        remark(5, "livraison encore en retard"),
        remark(3, "bug du logiciel"),
    ]
    found = work(agent_feedback=rows).remarks
    assert sum(item.remarks for item in found) == 3
    assert max(item.remarks for item in found) == 2


def test_criteria_come_lowest_first() -> None:
    checks = [
        {"checked_at": at(3), "criterion": name, "score": score, "max_score": 5.0, "ticket_id": str(n)}
        for n in range(4)
        for name, score in (("accueil", 5.0), ("solution", 2.0))
    ]
    held, settings = prepared(listening=checks)
    measures = {item.key: item for item in LISTENING(held, settings) if isinstance(item, Measure)}
    found = criteria(measures)
    assert [(item.criterion, item.checks, item.value) for item in found] == [("solution", 4, 0.4), ("accueil", 4, 1.0)]
