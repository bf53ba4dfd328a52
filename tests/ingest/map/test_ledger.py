"""No row is ever lost: read = kept + folded + set aside, for any file, however dirty, alone or with others."""

from __future__ import annotations

import csv
import io
import random

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_exports import LANGUAGES, NAMES, Made, Maker

from cxaudit.ingest import Ingested, ingest
from cxaudit.ingest.read_layout import LINE
from cxaudit.ingest.sources import Sheet, read_bytes
from cxaudit.schema.tables import TABLES

JUNK = ["", "n/a", "???", "31/02/2025", "1,2,3", "-", "Total", "\u00a0", "2025-13-45", "abc@", "12 €", "oui", "NULL"]


def balanced(found: Ingested) -> bool:
    return all(e.rows_read == e.rows_kept + e.rows_folded + sum(s.rows for s in e.set_aside) for e in found.exports)


def consistent(found: Ingested) -> bool:
    """Kept rows are in the tables, set-aside rows in the list, each with its line."""
    kept = sum(export.rows_kept for export in found.exports)
    aside = sum(s.rows for export in found.exports for s in export.set_aside)
    in_tables = sum(frame.height for frame in found.tables.values())
    return kept == in_tables and aside == found.set_aside.height and found.set_aside["line"].null_count() == 0


def dirtied(made: Made, drawn: random.Random, dirt: float) -> Sheet:
    """The sheet with cells replaced by junk, rows doubled and the header repeated."""
    rows = [list(row) for row in made.sheet.frame.select(made.sheet.names).rows()]
    rows = [[drawn.choice(JUNK) or None if drawn.random() < dirt else cell for cell in row] for row in rows]
    rows += [list(drawn.choice(rows)) for _ in range(drawn.randint(0, 8))]
    rows += [list(made.sheet.names)] * drawn.randint(0, 1)
    drawn.shuffle(rows)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(made.sheet.names, pl.String), orient="row")
    frame = frame.with_columns(pl.int_range(2, len(rows) + 2, dtype=pl.Int64, eager=True).alias(LINE))
    footer = frozenset({len(rows) + 1}) if drawn.random() < 0.3 else frozenset()
    fixed = {"frame": frame, "rows": len(rows), "footer": footer, "digest": str(drawn.random())}
    return Sheet(**{**vars(made.sheet), **fixed})


@pytest.mark.parametrize("seed", range(40))
def test_no_row_is_lost_of_dirty_files_read_together(seed: int):
    drawn = random.Random(seed)
    sheets = []
    for table in drawn.sample(sorted(NAMES), 3):
        made = Maker(seed).make(table, drawn.choice(LANGUAGES), rows=drawn.randint(0, 40))
        sheets.append(dirtied(made, drawn, drawn.choice([0.0, 0.05, 0.3])))
    sheets.append(sheets[0])
    found = ingest(sheets)
    assert balanced(found)
    assert consistent(found)
    for name, frame in found.tables.items():
        for required in TABLES[name].required:
            assert frame[required].null_count() == 0


cells = st.one_of(st.sampled_from(JUNK), st.sampled_from(["A1", "A2", "a1", "#A1", "2025-03-01", "03/04/2025", "5"]))
headers = st.lists(
    st.sampled_from(["Commande", "Date", "Email", "Total", "Note", "Commentaire", "Ticket", "Motif", "Type", "xyz"]),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(headers, st.lists(st.lists(cells, min_size=0, max_size=7), max_size=12), st.sampled_from(",;\t|"))
def test_no_row_is_lost_of_any_text(names: list[str], rows: list[list[str]], delimiter: str):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([names, *rows])
    found = ingest(read_bytes("any.csv", out.getvalue().encode()))
    assert balanced(found)
    assert consistent(found)


def test_the_same_export_twice_counts_once():
    one = Maker(3).make("tickets", "fr", rows=30).sheet
    alone, twice = ingest([one]), ingest([one, one])
    assert twice.tables["tickets"].height == alone.tables["tickets"].height == 30
    assert [export.rows_folded for export in twice.exports] == [30, 0]


def test_two_periods_that_overlap_are_joined_and_the_later_export_wins():
    head = "Commande;Date;Email;Total;Statut\n"
    first = head + "".join(f"C{n};{n:02d}/06/2025;c{n}@example.com;1{n},00;En attente\n" for n in range(10, 28))
    later = head + "".join(f"C{n};{n:02d}/06/2025;c{n}@example.com;1{n},00;Payée\n" for n in range(20, 30))
    for files in ([("b_janvier-juin.csv", first), ("a_juin.csv", later)], [("1.csv", later), ("2.csv", first)]):
        found = ingest(sheet for name, text in files for sheet in read_bytes(name, text.encode()))
        orders = found.tables["orders"]
        assert orders.height == 20
        assert orders.filter(pl.col("order_id") == "C25")["status"].to_list() == ["Payée"]
        assert sum(export.rows_folded for export in found.exports) == 8
        assert balanced(found)


def test_two_answers_of_one_day_without_anyone_stay_two():
    text = "Date de réponse;NPS\n" + "03/05/2025;9\n" * 12 + "14/05/2025;10\n"
    found = ingest(read_bytes("nps.csv", text.encode()))
    assert found.tables["surveys"].height == 13


def test_several_answers_to_one_survey_of_one_ticket_are_one_the_last():
    text = "Enquête;Ticket;Répondu le;Note;Commentaire\n" + "".join(
        f"CSAT;T{n // 2};{10 + n}/05/2025;{n % 5 + 1};Un commentaire assez long {n}\n" for n in range(12)
    )
    surveys = ingest(read_bytes("csat.csv", text.encode())).tables["surveys"]
    assert surveys.height == 6
    assert surveys["score"].to_list() == [float(n % 5 + 1) for n in range(1, 12, 2)]


def test_messages_are_folded_into_their_ticket():
    text = "Ticket;Créé le;Objet;Message;Statut;Email client\n" + "".join(
        f"T{n};0{n}/05/2025 1{k}:00;Colis {n};Message numéro {k} du client;"
        f"{'Résolu' if k == 2 else 'Ouvert'};c{n}@example.com\n"
        for n in range(1, 8)
        for k in (1, 0, 2)
    )
    tickets = ingest(read_bytes("messages.csv", text.encode())).tables["tickets"]
    assert tickets.height == 7
    assert tickets["created_at"].dt.hour().to_list() == [10] * 7
    assert tickets["status"].to_list() == ["Résolu"] * 7


def test_a_missing_required_column_sets_every_row_aside_and_asks():
    text = "Ticket;Motif;Message;Email client\n" + "".join(
        f"T{n};Retard;Bonjour, mon colis {n} n'est pas arrivé;c{n}@example.com\n" for n in range(9)
    )
    found = ingest(read_bytes("tickets.csv", text.encode()))
    assert found.entries[0].table == "tickets"
    assert found.entries[0].missing_required == ("created_at",)
    assert [question.field for question in found.questions] == ["created_at"]
    assert [(s.reason, s.rows) for s in found.exports[0].set_aside] == [("set_aside.no_column", 9)]


def test_what_stands_in_a_column_of_addresses_is_never_quoted() -> None:
    lines = [f"T{n};0{1 + n}/03/2026;client{n}@exemple.fr" for n in range(9)]
    text = "\n".join(["Ticket;Créé le;E-mail", *lines, "T10;01/04/2026;Anne Durand 06 12 34 56 78", "T11;hier;a@b.fr"])
    found = ingest(list(read_bytes("tickets.csv", f"{text}\n".encode())))
    (problem,) = (one for one in found.problems if one.field == "customer_email")
    assert problem.rows == 1
    assert dict(problem.phrase.facts)["example"] == "•••• •••••• •• •• •• •• ••"
    assert not any("Durand" in str(warning) for warning in found.warnings)
