"""Files of a day and a text: customers' or the team's by their words, asked where these do not say; none is lost."""

from __future__ import annotations

from typing import Any

import pytest

from cxaudit.ingest import Ingested, ingest, inspect_sheets, mapping_json
from cxaudit.ingest.relative_dates import is_relative
from cxaudit.ingest.sources import read_bytes

CUSTOMERS = (
    "Je n'ai toujours pas reçu mon colis",
    "Très bien",
    "Pouvez-vous me rembourser ?",
    "Ma commande est arrivée cassée, je suis déçue du service client",
    "Rien à redire",
)
TEAM = (
    "Les clients demandent où est leur colis",
    "Retards du transporteur toute la semaine",
    "Plusieurs clientes rappellent après la macro",
    "J'ai eu trois clients perdus sur la page de retour",
    "Le code promo ne passe pas",
)
SILENT = ("Retard de livraison de trois jours", "Flacon cassé dans le carton", "Notice incompréhensible sur ce modèle")
ENGLISH = ("My order never arrived", "Great", "Could you send it again?", "I love it")


def file(texts: tuple[str, ...], header: str = "Date;Commentaire", name: str = "export.csv") -> tuple[str, bytes]:
    """Two of each text a day, over ten days."""
    lines = [f"{day:02}/03/2026;{text}" for day in range(15, 25) for text in texts for _ in range(2)]
    return name, "\n".join([header, *lines]).encode()


def read(given: tuple[str, bytes], mapping: list[dict[str, Any]] | None = None) -> Ingested:
    return ingest(read_bytes(*given), mapping=mapping)


def proposed(given: tuple[str, bytes]) -> list[dict[str, Any]]:
    return mapping_json(inspect_sheets(read_bytes(*given)))["files"]


@pytest.mark.parametrize(
    "header", ["Date;Commentaire", "Date;Message", "Jour;Texte", "Date;Comment", "Jour;Commentaires"]
)
@pytest.mark.parametrize(
    ("texts", "table"), [(CUSTOMERS, "reviews"), (ENGLISH, "reviews"), (TEAM, "agent_feedback")], ids=str
)
def test_words_say_who_wrote(header: str, texts: tuple[str, ...], table: str):
    found = read(file(texts, header))
    assert found.exports[0].table == table and not found.questions
    assert found.entries[0].confidence < 0.9  # likely, never certain


@pytest.mark.parametrize(("header", "cell"), [("Auteur", "Léa M."), ("Commande", "C1042"), ("Sujet", "Livraison")])
def test_a_column_that_both_may_have_does_not_say(header: str, cell: str):
    for texts, table in ((CUSTOMERS, "reviews"), (TEAM, "agent_feedback")):
        lines = [f"{cell};{day}/03/2026;{text}" for day in range(15, 25) for text in texts]
        found = read(("export.csv", "\n".join([f"{header};Date;Commentaire", *lines]).encode()))
        assert found.exports[0].table == table


def test_what_does_not_say_is_asked_and_the_answer_is_followed():
    (asked,) = read(file(SILENT)).questions
    assert asked.kind == "table" and {*asked.choices} == {"reviews", "agent_feedback", "none"}
    assert asked.choices[0] == read(file(SILENT)).exports[0].table
    for answer in ("reviews", "agent_feedback"):
        files = proposed(file(SILENT))
        files[0]["questions"][0]["answer"] = answer
        told = read(file(SILENT), files)
        assert told.exports[0].table == answer and told.exports[0].rows_kept == 60 and not told.questions
    assert read(file(SILENT), proposed(file(SILENT))).questions  # given back unanswered, it is asked again


def test_chosen_on_the_page_it_is_asked_no_more():
    chosen = [{**proposed(file(SILENT))[0], "table": "reviews", "mapping": None, "derived": None}]
    found = read(file(SILENT), chosen)
    assert found.exports[0].table == "reviews" and not found.questions


def test_a_name_says_it_before_the_words_do():
    assert read(file(CUSTOMERS, name="remarques_terrain.csv")).exports[0].table == "agent_feedback"
    assert read(file(TEAM, "Date;Avis")).exports[0].table == "reviews"
    assert read(file(CUSTOMERS, "noted_at;text")).exports[0].table == "agent_feedback"


def test_two_customers_may_write_the_same_on_one_day():
    assert (read(file(CUSTOMERS)).exports[0].rows_kept, read(file(CUSTOMERS)).exports[0].rows_folded) == (100, 0)


@pytest.mark.parametrize(("header", "cell"), [("Auteur", "Léa M."), ("Heure", "10:05")])
def test_a_row_written_twice_is_one_where_something_tells_whose(header: str, cell: str):
    lines = [f"{day:02}/03/2026;{text};{cell}" for day in range(15, 25) for text in CUSTOMERS for _ in range(2)]
    found = read(("avis.csv", "\n".join([f"Date;Avis;{header}", *lines]).encode()))
    assert (found.exports[0].rows_kept, found.exports[0].rows_folded) == (50, 50)


RELATIVE = (
    "il y a 3 mois", "Il y a un an", "il y a plus d’un mois", "hier", "Modifié il y a 2 jours", "3 months ago",
    "a week ago", "Yesterday", "an hour ago", "vor 3 Tagen", "hace 2 semanas", "2 mesi fa", "3 dagen geleden",
)  # fmt: skip


@pytest.mark.parametrize("text", RELATIVE)
def test_dates_told_from_an_unknown_day(text: str):
    assert is_relative(text)


@pytest.mark.parametrize("text", ["12/03/2025", "3 mars 2025", "il y a du retard", "Je suis venu hier", "3 mois", ""])
def test_other_texts_are_no_relative_dates(text: str):
    assert not is_relative(text)


def test_relative_dates_are_named_and_their_rows_kept():
    lines = [f"Léa {n};{1 + n % 5};{RELATIVE[n % len(RELATIVE)]};Avis {n} sur le produit reçu" for n in range(40)]
    found = read(("avis_google.csv", "\n".join(["Auteur;Étoiles;Quand;Avis", *lines]).encode()))
    (export,), (problem,) = found.exports, found.problems
    assert (export.table, export.rows_kept, export.first_day) == ("reviews", 40, None)
    assert (problem.phrase.key, problem.column, problem.rows) == ("warning.relative_dates", "Quand", 40)
    assert dict(problem.phrase.facts)["example"] == "il y a 3 mois"
    assert problem.phrase in found.warnings
    assert any(phrase.key == "recognise.relative_dates" for phrase in found.entries[0].why)
