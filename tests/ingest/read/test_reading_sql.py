"""Dumps of databases: every row that is put into a table comes out, under the table's own names."""

from __future__ import annotations

import time

import pytest

from cxaudit.ingest import inspect_sheets
from cxaudit.ingest.read_layout import LINE
from cxaudit.ingest.read_sql import looks_like_sql
from cxaudit.ingest.sources import Sheet, Unreadable, read_bytes

DUMP = """-- phpMyAdmin SQL Dump
SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `sav`;
CREATE TABLE IF NOT EXISTS `sav` (
  `id_dossier` int(11) NOT NULL,
  `dt_creation` datetime DEFAULT NULL,
  `email` varchar(80),
  `message` text,
  PRIMARY KEY (`id_dossier`)
) ENGINE=InnoDB;
INSERT INTO `sav` VALUES
(48210, '2025-03-01 10:00:00', 'a@example.org', 'Où est (encore) mon colis ; l\\'autre ?'),
(48211, '2025-03-02 11:00:00', NULL, 'Il a dit ''non'', puis\\nplus rien'),
(48212, '2025-03-03 12:00:00', 'c@example.org', '-- perdu');
INSERT INTO `cde` (`no_cde`, `montant`) VALUES (1001, -12.50), (1002, 8.00);
INSERT INTO `sav` VALUES (48213, '2025-03-04 12:00:00', 'd@example.org', 'Cassé');
"""
COPIED = """--
-- PostgreSQL database dump
--
SET statement_timeout = 0;
COPY public.avis (id, note, texte, depose_le) FROM stdin;
1\t5\tTrès bien\t2025-03-01
2\t\\N\tRien reçu\t2025-03-02
\\.
"""


def sheets(text: str) -> list[Sheet]:
    found = list(read_bytes("dump.sql", text.encode()))
    assert all(isinstance(sheet, Sheet) for sheet in found)
    return found  # type: ignore[return-value]


def test_every_row_of_every_table_comes_out():
    sav, orders = sheets(DUMP)
    assert (sav.sheet, orders.sheet) == ("sav", "cde")
    assert sav.names == ("id_dossier", "dt_creation", "email", "message")
    assert sav.frame.select(sav.names).rows()[:2] == [
        ("48210", "2025-03-01 10:00:00", "a@example.org", "Où est (encore) mon colis ; l'autre ?"),
        ("48211", "2025-03-02 11:00:00", None, "Il a dit 'non', puis\nplus rien"),
    ]
    assert sav.frame[LINE].to_list() == [13, 14, 15, 17]
    assert orders.frame.select(orders.names).rows() == [("1001", "-12.50"), ("1002", "8.00")]


def test_rows_copied_from_standard_input_come_out():
    (sheet,) = sheets(COPIED)
    assert sheet.names == ("id", "note", "texte", "depose_le")
    assert sheet.frame.rows() == [("1", "5", "Très bien", "2025-03-01", 6), ("2", None, "Rien reçu", "2025-03-02", 7)]


def test_a_dump_is_recognised_as_any_export():
    rows = ",\n".join(
        f"({1000 + n}, '2025-03-{1 + n % 28:02} 10:00:00', 'c{n}@example.org', {20 + n}.5)" for n in range(30)
    )
    dump = f"INSERT INTO ps_orders (id_commande, date_commande, email, total_ttc) VALUES\n{rows};\n"
    (entry,) = inspect_sheets(read_bytes("dump.sql", dump.encode()))
    assert entry.table == "orders"
    assert entry.mapping["amount"] == "total_ttc"
    assert entry.rows == 30


def test_a_dump_without_rows_says_so():
    (found,) = read_bytes("dump.sql", b"CREATE TABLE a (id int);\n")
    assert isinstance(found, Unreadable)
    assert found.why.key == "reading.sql.empty"


@pytest.mark.parametrize("text", ["date;montant\n", "-- notes --\na;b\n", "Insert;into\n1;2\n", "select a from b"])
def test_other_text_is_no_dump(text: str):
    assert not looks_like_sql(text)


def test_rows_of_dashes_take_no_time():
    begun = time.process_time()
    assert not looks_like_sql("-" * 20_000 + "\n" + "/*" * 10_000)
    assert time.process_time() - begun < 2
