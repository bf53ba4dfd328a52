"""Listening grids with a column a criterion: one row a criterion, the client's rows counted once."""

from __future__ import annotations

import pytest

from cxaudit.ingest import Ingested, ingest
from cxaudit.ingest.grids import top_of
from cxaudit.ingest.memory import mapping_json
from cxaudit.ingest.sources import read_bytes

GRID = """Date;Évaluateur;Conseiller;Réf appel;Accueil (/5);Écoute active (/5);Conclusion (/10);Total /20;Commentaire
12/03/2025;Paula;Karim;A0001;4;5;8;17;bien
13/03/2025;Paula;Nora;A0002;NA;5;abc;5;à revoir
14/03/2025;Yann;Nora;A0003;;;;;coupé
15/03/2025;Yann;Karim;A0004;3;2;9;14;
16/03/2025;Yann;Karim;A0005;0;1;2;3;
Moyenne;;;;3,2;3,1;5;11;
"""


def read(name: str, text: str) -> Ingested:
    return ingest(read_bytes(name, text.encode()))


@pytest.mark.parametrize(
    ("header", "name", "top"),
    [
        ("Accueil (/5)", "Accueil", 5),
        ("Accueil /5", "Accueil", 5),
        ("Accueil [10 pts]", "Accueil", 10),
        ("Greeting (out of 20)", "Greeting", 20),
        ("Ton sur 4", "Ton", 4),
        ("Accueil", "Accueil", None),
        ("/5", "/5", None),
    ],
)
def test_a_header_may_tell_the_maximum(header: str, name: str, top: float | None):
    assert top_of(header) == (name, top)


def test_a_grid_becomes_one_row_a_criterion_and_its_rows_are_counted_once():
    found = read("grille.csv", GRID)
    (export,) = found.exports
    assert export.table == "listening"
    assert (export.rows_read, export.rows_kept, export.rows_folded) == (6, 4, 0)
    assert {part.reason: part.rows for part in export.set_aside} == {
        "set_aside.footer": 1,
        "set_aside.required_empty": 1,
    }
    table = found.tables["listening"]
    assert table.select("line", "criterion", "score", "max_score").rows()[:4] == [
        (2, "Accueil", 4.0, 5.0),
        (2, "Écoute active", 5.0, 5.0),
        (2, "Conclusion", 8.0, 10.0),
        (3, "Écoute active", 5.0, 5.0),
    ]
    assert table.height == 10
    assert table["agent"].unique().sort().to_list() == ["Karim", "Nora"]


def test_a_score_that_cannot_be_read_is_told_though_its_row_is_kept():
    (problem,) = read("grille.csv", GRID).problems
    assert (problem.rows, problem.example, problem.line) == (1, "abc", 3)


def test_words_of_a_check_are_marks_out_of_one():
    rows = "\n".join(
        f"{1 + n:02}/03/2025;Paula;Karim;{48000 + n};{('OK', 'KO', 'NA')[n % 3]};{('Oui', 'Partiel')[n % 2]};Non"
        for n in range(12)
    )
    header = "Date écoute;Superviseur;Agent;N° dossier;Présentation;Reformulation;Conclusion\n"
    table = read("controle qualité.csv", header + rows).tables["listening"]
    scores = dict(table.group_by("criterion").agg("score").iter_rows())
    assert sorted(scores["Présentation"]) == [0.0] * 4 + [1.0] * 4
    assert sorted(scores["Reformulation"]) == [0.5] * 6 + [1.0] * 6
    assert scores["Conclusion"] == [0.0] * 12
    assert table["max_score"].unique().to_list() == [1.0]


def test_a_grid_corrected_by_hand_is_read_by_what_was_corrected():
    sheets = list(read_bytes("grille.csv", GRID.encode()))
    (entry,) = mapping_json(ingest(sheets).entries)["files"]
    entry["derived"] = {name: {**rule, "from": ["Accueil (/5)"]} for name, rule in entry["derived"].items()}
    table = ingest(sheets, mapping=[entry]).tables["listening"]
    assert table["criterion"].unique().to_list() == ["Accueil"]


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("enquete.csv", "Date;Conseiller;E-mail;Accueil /5;Écoute /5;Délai /5", "{d}/03/2025;Nora;a{n}@b.fr;{m};{m};3"),
        ("equipe.csv", "Conseiller;Tickets;CSAT;DMT;Réouvertures", "Agent {n};{n};{m};{m};{n}"),
    ],
)
def test_answers_of_customers_and_reports_by_agent_are_no_grids(name: str, header: str, row: str):
    rows = [row.format(n=n, d=10 + n % 18, m=n % 6) for n in range(20)]
    (entry,) = ingest(read_bytes(name, "\n".join([header, *rows]).encode())).entries
    assert entry.table != "listening"
