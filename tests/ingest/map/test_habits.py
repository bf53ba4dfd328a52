"""What a mapping rests on where two columns could be one field, or values speak against a name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cxaudit.ingest import ingest, inspect_sheets
from cxaudit.ingest.entries import NONE, Entry
from cxaudit.ingest.sources import read_bytes
from cxaudit.ingest.words import meaning

ROWS = 40


def seen(file: str, header: str, *cells: str) -> Entry:
    """The entry of a file whose columns are written in turn: `cells` are f-string-like patterns of the row's number."""
    rows = [";".join(cell.format(n=n, m=n % 3, d=1 + n % 28) for cell in cells) for n in range(ROWS)]
    return inspect_sheets(read_bytes(file, "\n".join([header, *rows]).encode()))[0]


def test_of_two_names_that_mean_the_same_the_first_column_is_taken():
    found = seen(
        "commandes.csv",
        "N° commande;Date de la commande;Total TTC;Date effective",
        "C{n:05}",
        "{d:02}/03/2025",
        "{n},90",
        "{d:02}/04/2025",
    )
    assert found.mapping["ordered_at"] == "Date de la commande"


def test_a_name_of_the_list_goes_before_another_of_the_same_meaning():
    found = seen(
        "commandes.csv", "N° commande;Date;Total;state;status", "C{n:05}", "{d:02}/03/2025", "{n},90", "x{m}", "y{m}"
    )
    assert found.mapping["status"] == "status"


def test_a_telephone_number_is_no_customer_number():
    found = seen(
        "appels.csv", "Id appel;Date;Numéro client;File", "A{n:05}", "{d:02}/03/2025 09:12", "+336123456{n:02}", "F{m}"
    )
    assert found.table == "calls"
    assert "customer_id" not in found.mapping


def test_how_many_times_is_not_which_one():
    found = seen(
        "tickets.csv", "Ticket;Créé le;Statut;Interactions du client", "T{n:05}", "{d:02}/03/2025", "Clos", "{m}"
    )
    assert "customer_id" not in found.mapping


def test_words_of_a_scale_are_a_score():
    found = seen("avis.json.csv", "starRating;comment;createTime", "FIVE", "Très bien reçu, merci", "2025-03-{d:02}")
    assert found.mapping["rating"] == "starRating"


def test_classes_of_recommendation_say_which_survey_it_is():
    found = seen("reponses.csv", "Envoyé;E-mail;Score;Groupe", "{d:02}/03/2025", "a{n}@example.org", "{m}", "Promoteur")
    assert found.derived.get("kind") is None
    rows = "\n".join(
        f"{1 + n % 28:02}/03/2025;a{n}@example.org;{n % 11};{('Promoteur', 'Passif')[n % 2]}" for n in range(40)
    )
    told = inspect_sheets(read_bytes("reponses.csv", f"Envoyé;E-mail;Score;Classe\n{rows}".encode()))[0]
    assert told.derived["kind"] == {"constant": "nps"}


@pytest.mark.parametrize(
    ("file", "header", "cells"),
    [
        ("equipe.csv", "Conseiller;Tickets;DMT moyenne;Taux de réouverture", ("Agent {m}", "{n}", "{n},5", "{m},2 %")),
        (
            "jour.csv",
            "Date;Queue;Volume;Avg first response;SLA %",
            ("2025-03-{d:02}", "F{m}", "2{m}", "{n}.5", "9{m}%"),
        ),
        ("depots.csv", "Référence;Désignation;Stock;Prix d'achat", ("P{n:04}", "Lampe {m}", "{n}", "{n},50")),
    ],
)
def test_reports_and_shelves_serve_no_table(file: str, header: str, cells: tuple[str, ...]):
    found = seen(file, header, *cells)
    assert found.table == NONE
    assert found.why


def test_the_beginning_of_a_word_means_it_where_it_can_mean_nothing_else():
    assert meaning("dt_recep").concepts == {"when", "receive"}
    assert meaning("DTCLO").concepts == {"when", "close"}
    assert meaning("nb_reouv").concepts == {"count", "reopen"}
    assert meaning("conv").unknown == ("conv",)  # conversation, conversion


def test_one_who_evaluates_is_no_agent():
    assert "evaluator" in meaning("Évalué par").concepts
    assert "agent" in meaning("Traité par").concepts


def test_an_address_beside_the_agents_name_is_the_agents():
    header = "id;user.name;user.email;direction;started_at;ended_at;number.name"
    cells = (
        "{n:05}",
        "Nora {m}",
        "nora{m}@marque.fr",
        "inbound",
        "2025-03-{d:02} 10:00",
        "2025-03-{d:02} 10:05",
        "SAV",
    )
    found = seen("appels.csv", header, *cells)
    assert found.table == "calls" and found.mapping["agent"] == "user.name"
    assert "customer_email" not in found.mapping


def test_status_of_calls_says_which_were_answered():
    text = "Date;Appelant;Statut;Durée\n" + "\n".join(
        f"{1 + n % 28:02}/03/2025 10:{n:02};06 12 34 56 {n:02};{('Répondu', 'Manqué')[n % 2]};00:05:00"
        for n in range(40)
    )
    found = ingest(read_bytes("journal.csv", text.encode()))
    calls = found.tables["calls"]
    assert calls["answered_at"].null_count() == 20
    assert (calls["ended_at"] - calls["called_at"]).unique().to_list() == [timedelta(minutes=5)]


def test_a_list_without_a_date_a_customer_or_a_number_of_its_own_serves_no_table():
    found = seen("export.csv", "Référence;Catégorie;État;Prix TTC", "P{n:04}", "Déco {m}", "{m}", "{n},90")
    assert found.table == NONE
    kept = seen("export.csv", "Numéro de commande;E-mail client;Montant total", "C{n:04}", "a{n}@b.fr", "{n},90")
    assert kept.table == "orders" and kept.missing_required == ("ordered_at",)
