"""What counts as a complaint: a mark, else reasons chosen, else the sorting; how to see it where none is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest
from conftest import Open, words

from cxaudit.schema.results import Audit, Export
from cxaudit.schema.settings import Settings
from cxaudit.ui import complaints
from cxaudit.ui.session import Workshop
from cxaudit.ui.shell import Page

REASONS = {"[Casse](x)": "complaint", "Question": "question", "Retard": "complaint"}
READ = SimpleNamespace(
    values={"tickets": {"reason": REASONS}},
    tables={"tickets": pl.DataFrame({"reason": ["Retard", "Retard", "[Casse](x)", "Question"]})},
)
Told = Callable[..., str]


@pytest.fixture
def told(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Told:
    def said(mapping: Mapping[str, str], ingested: object = READ, chosen: tuple[str, ...] = ()) -> str:
        shop = SimpleNamespace(ingested=ingested, settings=Settings(complaint_reasons=chosen))
        monkeypatch.setattr(complaints.session, "workshop", lambda: shop)
        return complaints.told(Page("signals", "fr", False, None), audit(workshop, mapping))  # type: ignore[arg-type]

    return said


def audit(workshop: Workshop, mapping: Mapping[str, str]) -> Audit:
    assert workshop.audit is not None
    return replace(workshop.audit, exports=(Export("t.csv", "tickets", None, mapping, 4, 4, 0),))


def test_the_sorting_is_told_in_the_clients_words_the_most_frequent_first(told: Told) -> None:
    said = told({"reason": "Motif"})
    assert "\u202f: Retard et \\[Casse\\](x)." in said and "Question" not in said


def test_reasons_chosen_go_before_the_sorting_and_a_mark_before_both(told: Told) -> None:
    assert "choisis dans les réglages\u202f: Casse." in told({"reason": "Motif"}, chosen=("Casse",))
    assert "(colonne Réclam. \\*)" in told({"reason": "Motif", "is_complaint": "Réclam. *"}, chosen=("Casse",))


def test_without_reasons_every_ticket_counts_and_without_exports_it_is_said_how_to_see_them(told: Told) -> None:
    assert "chaque ticket" in told({"created_at": "Créé le"})
    assert "page Exports" in told({"reason": "Motif"}, ingested=None)


def test_a_long_list_ends_with_how_many_more(told: Told) -> None:
    assert told({"reason": "Motif"}, chosen=tuple("ABCDEFGHIJKLMN")).endswith("L et 2 autres.")


def test_the_repurchase_page_says_it_and_the_recontact_page_does_not(open_page: Open, workshop: Workshop) -> None:
    workshop.audit = audit(workshop, {"is_complaint": "Réclamation"})
    app = open_page("signals", workshop)
    assert "colonne Réclamation" not in words(app)
    app.button_group(key="signal").set_value("repurchase").run()
    assert not app.exception and "colonne Réclamation" in words(app)
