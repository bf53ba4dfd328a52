"""What was learnt from names: that it is up to date, decides as people do, and stays out of what it does not know."""

from __future__ import annotations

import time

import numpy as np
import pytest

from cxaudit.ingest import inspect_sheets, learn
from cxaudit.ingest.learnt import KINDS_OF_SHEET, columns_of, learnt, shares
from cxaudit.ingest.sources import read_bytes
from cxaudit.schema.tables import TABLES


def test_the_weights_were_learnt_from_what_ships():
    with np.load(learn.Path(learn.__file__).with_name("learnt.npz")) as held:
        assert bytes(held["digest"]).decode() == learn.digest(), "run python -m cxaudit.ingest.learn"


def test_every_name_of_the_corpus_belongs_to_a_field_of_its_table():
    rows = learn.corpus()
    assert len(rows) > 10_000
    places = {(table.name, name) for table in TABLES.values() for name in (*table.names, "-")}
    assert {(table, field) for table, field, _ in rows} <= places | {("-", "-"), ("none", "-")}
    assert len(rows) == len({(table, name) for table, _, name in rows})


def test_each_softmax_has_a_class_a_field():
    assert columns_of()[""].stop == learnt().weights.shape[1]
    found = shares(["Motif", "x"])
    assert set(found) == {*TABLES, ""}
    for table, share in found.items():
        width = len(KINDS_OF_SHEET) if not table else 1 + len(TABLES[table].columns)
        assert share.shape == (2, width)
        assert np.allclose(share.sum(axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize(
    ("table", "name", "field"),
    [
        # None of them stands in the corpus as it is.
        ("tickets", "Fiche SAV n°", "ticket_id"),
        ("tickets", "Motif principal du contact client", "reason"),
        ("tickets", "dt_creation_tkt", "created_at"),
        ("orders", "MNT_CDE_TTC", "amount"),
        ("orders", "customerMailAddress", "customer_email"),
        ("surveys", "Recommanderiez-vous notre boutique à vos proches ?", "score"),
        ("returns", "Pourquoi l'article a-t-il été renvoyé ?", "reason"),
        ("calls", "Heure de fin de la communication", "ended_at"),
    ],
)
def test_names_that_nobody_listed_are_told(table: str, name: str, field: str):
    assert name not in {held for _, _, held in learn.corpus()}
    share = shares([name])[table][0]
    assert TABLES[table].names[int(share[1:].argmax())] == field
    assert share[0] < 0.5


def test_the_reason_names_the_columns_that_tell_the_table_first():
    rows = "".join(f"{n % 28 + 1:02}/03/2025;c{n}@b.fr;10{n};{n % 5},50;Lin {n}\n" for n in range(30))
    (entry,) = inspect_sheets(read_bytes("x.csv", f"Date;E-mail;N° commande;Total TTC;Article\n{rows}".encode()))
    assert entry.table == "orders"
    assert set(dict(entry.why[0].facts)["names"][:2]) == {"Total TTC", "Article"}


def test_bounces_are_not_deliveries():
    share = shares(["Bounced", "Hard bounce", "NPAI"])
    for table in ("emails", "surveys"):
        delivered = 1 + TABLES[table].names.index("delivered")
        assert share[table][:, delivered].max() < 0.5


def test_fitting_a_softmax_finds_what_tells_classes_apart():
    names = ["order id", "order date", "date of order", "id of order"] * 5
    parts = {part: i for i, part in enumerate(sorted({p for n in names for p in learn.parts_of(n)}))}
    rows = learn.as_rows(names, parts).astype(float)
    truth = np.array([0, 1, 1, 0] * 5)
    weights, starts = learn.fit(rows, truth, np.ones(20), 2)
    assert (np.asarray(rows @ weights + starts).argmax(axis=1) == truth).all()


def test_two_thousand_names_are_read_in_a_moment():
    shares(["warm"])
    begun = time.process_time()
    shares([f"Nom de la colonne {i} (valeur {i % 7})" for i in range(2_000)])
    assert time.process_time() - begun < 3
