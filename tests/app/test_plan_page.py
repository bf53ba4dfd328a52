"""The plan's two views: a row or a card holds the same line, and gives it back in the order in which it was entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from conftest import Open, words
from streamlit.testing.v1 import AppTest
from test_workshop import held

from cxaudit.schema.results import Finding, Phrase
from cxaudit.schema.workshop import Action
from cxaudit.ui import figures
from cxaudit.ui.plan import edited_plan
from cxaudit.ui.session import Workshop

PLAN = (
    Action("Appeler", effort="high"),
    Action("Écrire", "Léa", effort="low", finding="mirage.csat", stake="stake.lost_repurchase"),
    Action("Relire", effort="medium"),
)
BY_EFFORT = [1, 2, 0]


@pytest.fixture
def cards(open_page: Open, workshop: Workshop) -> AppTest:
    workshop.plan = PLAN
    app = open_page("plan", workshop)
    assert len(app.data_editor) == 1
    app = app.button_group(key="plan-view").set_value("cards").run()
    assert not app.exception and not app.data_editor
    return app


def field(app: AppTest, kind: str, ending: str) -> Any:
    return next(one for one in getattr(app, kind) if str(one.key).endswith(ending))


def test_a_card_changes_its_own_line(cards: AppTest) -> None:
    field(cards, "text_input", "-0-owner").set_value(" Marc ").run()
    field(cards, "date_input", "-0-due").set_value(date(2026, 12, 1)).run()
    field(cards, "selectbox", "-1-status").set_value("doing").run()
    field(cards, "text_area", "-2-action").set_value("").run()
    first, second, third = held(cards).plan
    assert first == Action("Appeler", "Marc", date(2026, 12, 1), "high")
    assert (second.status, second.finding, second.stake) == ("doing", "mirage.csat", "stake.lost_repurchase")
    assert third == PLAN[2]
    assert cards.title[0].value == "3 actions, dont 1 sans responsable"


def test_cards_in_another_order_still_change_their_own_line(cards: AppTest) -> None:
    cards.button_group(key="plan-order").set_value("effort").run()
    assert [one.value for one in cards.text_area if one.key != "plan-new-action"] == ["Écrire", "Relire", "Appeler"]
    field(cards, "text_input", "-2-expected").set_value("moins d’appels").run()
    assert [line.expected for line in held(cards).plan] == ["", "", "moins d’appels"]


def test_a_card_is_added_and_taken_out(cards: AppTest) -> None:
    cards.text_area(key="plan-new-action").set_value("Mesurer").run()
    cards.button(key="plan-add").click().run()
    assert [line.action for line in held(cards).plan] == ["Appeler", "Écrire", "Relire", "Mesurer"]
    assert cards.text_area(key="plan-new-action").value == ""
    field(cards, "button", "-1-drop").click().run()
    assert [one.value for one in cards.text_area if one.key != "plan-new-action"] == ["Appeler", "Relire", "Mesurer"]
    assert "3 actions, encore sans responsable" in words(cards)


def test_both_views_show_what_the_other_was_given(cards: AppTest) -> None:
    field(cards, "text_input", "-0-owner").set_value("Marc").run()
    cards.button_group(key="plan-view").set_value("table").run()
    assert list(cards.data_editor[0].value["owner"]) == ["Marc", "Léa", ""]


def test_a_line_names_what_it_came_from_in_words(open_page: Open, workshop: Workshop) -> None:
    """A finding by its measure, a note by the measure of its page; what is no finding any more by nothing."""
    assert workshop.audit is not None
    text = Phrase.of("finding.late.demonstrated", value=0.1, low=0.05, high=0.15)
    late = Finding("late", "high", ("recontact.orders.7d",), "demonstrated", text, ("recount",))
    workshop.audit = replace(workshop.audit, findings=(late,))
    workshop.plan = tuple(Action(f"Action {key}", finding=key) for key in ("late", "recontact.orders.30d", "gone", ""))
    shown = open_page("plan", workshop).data_editor[0].value["finding"]
    assert list(shown) == [
        figures.name("recontact.orders.7d", "fr"),
        figures.name("recontact.orders.30d", "fr"),
        "",
        "",
    ]


def rows(**cells: list[object]) -> pd.DataFrame:
    blank = {"owner": "", "due": pd.NaT, "effort": None, "status": "todo", "expected": ""}
    return pd.DataFrame(cells).assign(**{name: value for name, value in blank.items() if name not in cells})


def test_a_sorted_table_gives_its_lines_back_as_they_were_entered() -> None:
    sorted_rows = rows(action=[PLAN[place].action for place in BY_EFFORT], effort=["low", "medium", "high"])
    assert [line.action for line in edited_plan(sorted_rows, PLAN, BY_EFFORT)] == ["Appeler", "Écrire", "Relire"]


def test_a_line_that_is_renamed_keeps_its_finding() -> None:
    renamed = rows(action=["Téléphoner", "Relire", "Appeler"])
    assert edited_plan(renamed, PLAN, BY_EFFORT)[1].finding == "mirage.csat"
    assert edited_plan(renamed, PLAN, BY_EFFORT)[1].action == "Téléphoner"


def test_a_row_taken_out_and_one_added_leave_the_others_their_findings() -> None:
    after = rows(action=["Relire", "Appeler", "Nouvelle", " "])
    after.index = pd.Index([1, 2, 3, 4])
    kept = edited_plan(after, PLAN, BY_EFFORT)
    assert [(line.action, line.finding) for line in kept] == [("Appeler", ""), ("Relire", ""), ("Nouvelle", "")]
