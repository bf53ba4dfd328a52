"""Where the names, the records and the footer are, in files as people send them."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass

import openpyxl
import pytest

from cxaudit.ingest.sources import Sheet, read_bytes


@dataclass(frozen=True)
class Expected:
    text: str
    delimiter: str | None
    names: tuple[str, ...]
    rows: int
    header_row: int = 1
    header_rows: int = 1
    footer: frozenset[int] = frozenset()


def only(name: str, data: bytes) -> Sheet:
    (found,) = read_bytes(name, data)
    assert isinstance(found, Sheet), found
    return found


NUMBERED = ("column 1", "column 2", "column 3")
FILES = {
    "decimal commas beside semicolons": Expected(
        "id;montant;frais\n1;12,50;3,20\n2;13,50;3,20\n", ";", ("id", "montant", "frais"), 2
    ),
    "no names, decimal commas": Expected("1;12,50;3,20\n2;13,50;3,20\n3;9,00;1,10\n", ";", NUMBERED, 3, 0, 0),
    "no names, words only": Expected("Paul;Lyon;payée\nAnne;Metz;payée\nLuc;Lyon;annulée\n", ";", NUMBERED, 3, 0, 0),
    "names over words only": Expected("Nom;Ville;Statut\nPaul;Lyon;Ok\nAnne;Metz;Ko\n", ";", ("Nom", "Ville", "Statut"), 2),  # noqa: E501
    "titles above, totals below": Expected(
        "Export des commandes\nPériode : janvier 2026\n\nN°;Date;Client;Montant\n1;01/02/2026;Dupont, Paul;12,5\n"
        "2;01/02/2026;Durand;13,5\n\nTotal;;;26\nNombre de lignes : 2\n",
        ";", ("N°", "Date", "Client", "Montant"), 4, 4, 1, frozenset({8, 9}),
    ),
    "a remark below": Expected(
        "id,date,note\n1,2026-01-01,5\n2,2026-01-02,4\n\nExporté le 03/01/2026 par Marie\n",
        ",", ("id", "date", "note"), 3, footer=frozenset({5}),
    ),
    "a customer called Total": Expected(
        "id;client;montant\n1;Total Énergies;12\n2;Anne;13\n3;Total;14\n", ";", ("id", "client", "montant"), 3
    ),
    "the file names its delimiter": Expected("sep=;\nid;montant\n1;2,5\n", ";", ("id", "montant"), 1, 2),
    "two header lines": Expected(
        "Respondent ID,Date Created,Quelle note ?,Pourquoi ?\n,,Response,Open-Ended Response\n"
        '118,01/31/2026 02:05:09 PM,9,"Bien, vite"\n119,01/30/2026 02:05:09 PM,3,Nul\n',
        ",", ("Respondent ID", "Date Created", "Quelle note ?", "Pourquoi ?"), 2, 1, 2,
    ),
    "three header lines": Expected(
        'StartDate,ResponseId,Q1\nStart Date,Response ID,"De 0 à 10, nous recommanderiez-vous ?"\n'
        '"{""ImportId"":""startDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}"\n'
        "2026-01-01 10:00:00,R_1,9\n2026-01-01 11:00:00,R_2,2\n",
        ",", ("StartDate", "ResponseId", "Q1"), 2, 1, 3,
    ),
    "a rule below the names": Expected(
        " id | nom  | montant\n----+------+---------\n  1 | Paul | 12.5\n  2 | Anne | 13.5\n(2 rows)\n",
        "|", ("id", "nom", "montant"), 3, 1, 2, frozenset({5}),
    ),
    "row names as R writes them": Expected(
        '"id","x"\n"1","a",2\n"2","b",3\n"3","c",3\n', ",", ("column 1", "id", "x"), 3
    ),
    "names repeated where files were pasted": Expected(
        "id;date;m\n1;01/01/2026;3\nid;date;m\n3;03/01/2026;5\n", ";", ("id", "date", "m"), 3, footer=frozenset({3})
    ),
    "a delimiter at the end of every line": Expected("a;b;\n1;2;\n3;4;\n", ";", ("a", "b"), 2),
    "one column of prose": Expected("commentaire\nTrès bien, rien à dire\nNul\nBof, bof, bof\n", None, ("commentaire",), 3),  # noqa: E501
    "single quotes": Expected("'id';'nom'\n'1';'Paul'\n'2';'Anne; B'\n", ";", ("id", "nom"), 2),
    "inches": Expected('id;texte;n\n1;écran 5" large;3\n2;tv 7" ok;4\n', ";", ("id", "texte", "n"), 2),
    "aligned by spaces": Expected(
        "id     date        montant  client\n1001   2026-03-01    12,50  Paul D\n1002   2026-03-02    13,50\n"
        "1003   2026-03-02     3,50  Anne\n",
        "space", ("id", "date", "montant", "client"), 3,
    ),
    "continuation lines of an order": Expected(
        "Name,Email,Total,Created at,Lineitem name\n#1,a@b.fr,12.50,2026-01-01 10:00:00 +0200,Robe\n"
        "#1,a@b.fr,,2026-01-01 10:00:00 +0200,Jupe\n#2,c@b.fr,2.50,2026-01-02 10:00:00 +0200,Robe\n",
        ",", ("Name", "Email", "Total", "Created at", "Lineitem name"), 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES.values(), ids=FILES.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_text_files(case: Expected, encoding: str) -> None:
    sheet = only("export.csv", case.text.encode(encoding))
    assert sheet.delimiter == case.delimiter
    assert sheet.names == case.names
    assert (sheet.header_row, sheet.header_rows) == (case.header_row, case.header_rows)
    assert sheet.rows == sheet.frame.height == case.rows
    assert sheet.footer == case.footer


def test_lines_that_were_quoted_whole_are_unwrapped() -> None:
    text = '"id,date,note"\n"1,2026-01-01,""bien, vite"""\n"2,2026-01-02,mal"\n'
    sheet = only("export.csv", text.encode())
    assert sheet.names == ("id", "date", "note")
    assert sheet.frame.rows() == [("1", "2026-01-01", "bien, vite", 2), ("2", "2026-01-02", "mal", 3)]
    prose = '"commentaire"\n"Très bien, rien à dire"\n"Nul, nul, nul"\n'
    assert only("export.csv", prose.encode()).names == ("commentaire",)


def test_second_header_lines_are_kept_beside_the_names() -> None:
    sheet = only("export.csv", FILES["three header lines"].text.encode())
    assert sheet.second_names == ("Start Date", "Response ID", "De 0 à 10, nous recommanderiez-vous ?")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("réf;été\n1;à côté\n".encode(), "utf-8"),
        ("réf;été\n1;à côté\n".encode("utf-8-sig"), "utf-8-sig"),
        ("réf;été\n1;à côté\n".encode("utf-16"), "utf-16"),
        ("réf;été\n1;à côté\n".encode("utf-16-be"), "utf-16"),
        ("réf;été\n1;à côté €\n".encode("cp1252"), "cp1252"),
        ("réf;été\n1;à côté\n".encode("mac_roman"), "mac-roman"),
        ("réf;été\n1;à côté\n".encode("cp850"), "cp850"),
    ],
)
def test_charsets(data: bytes, encoding: str) -> None:
    sheet = only("export.csv", data)
    assert sheet.encoding == encoding
    assert sheet.names == ("réf", "été")
    assert (sheet.frame["été"][0] or "").startswith("à côté")


def test_a_charset_within_another_is_mended_and_told() -> None:
    sheet = only("export.csv", ("réf;nom\n" + "1;été\n" * 30).encode() + "2;été\n".encode("cp1252"))
    assert set(sheet.frame["nom"]) == {"été"} and sheet.rows == 31
    assert "reading.why.mended" in {phrase.key for phrase in sheet.why}


def test_the_euro_sign_late_in_a_long_file_still_counts() -> None:
    sheet = only("export.csv", ("id;montant\n" + "1;2\n" * 60_000 + "2;12 €\n").encode("cp1252"))
    assert sheet.encoding == "cp1252" and sheet.frame["montant"][-1] == "12 €"


def test_json_nested_lists_and_fields() -> None:
    order = {
        "id": "001",
        "customer": {"email": "a@b.fr"},
        "tags": ["a", "b"],
        "lines": [{"sku": "x", "qty": 1}, {"sku": "y", "qty": 2}],
        "total": 12.50,
    }
    text = json.dumps({"meta": {"page": 1}, "data": {"orders": [order, {"id": "002", "paid": True}]}})
    sheet = only("export.json", text.encode())
    assert sheet.names == ("id", "customer.email", "tags", "lines.sku", "lines.qty", "total", "paid")
    assert sheet.frame.row(0) == ("001", "a@b.fr", "a, b", "x, y", "1, 2", "12.5", None, 1)
    assert sheet.frame.row(1) == ("002", None, None, None, None, None, "true", 2)


def test_json_with_two_lists_gives_two_sheets() -> None:
    text = json.dumps({"orders": [{"id": 1}, {"id": 2}], "tickets": [{"n": 1}]})
    found = [sheet for sheet in read_bytes("export.json", text.encode()) if isinstance(sheet, Sheet)]
    assert [(sheet.sheet, sheet.rows) for sheet in found] == [("orders", 2), ("tickets", 1)]


@pytest.mark.parametrize(
    "text",
    [
        '[["id", "date"], ["1", "2026-01-01"], ["2", "2026-01-02"]]',
        '{"columns": ["id", "date"], "data": [["1", "2026-01-01"], ["2", "2026-01-02"]]}',
        '{"id": ["1", "2"], "date": ["2026-01-01", "2026-01-02"]}',
        '{"id": "1", "date": "2026-01-01"}\n{"id": "2", "date": "2026-01-02"}\n',
    ],
)
def test_json_of_other_shapes(text: str) -> None:
    sheet = only("export.json", text.encode())
    assert sheet.frame.select("id", "date").rows() == [("1", "2026-01-01"), ("2", "2026-01-02")]


def test_a_broken_line_of_ndjson_is_kept_and_told() -> None:
    sheet = only("export.json", b'{"id": 1}\n{"id": 2}\n{"id": 3,}\n')
    assert sheet.rows == 3 and sheet.frame["unreadable"].to_list() == [None, None, '{"id": 3,}']


def test_html_under_an_old_workbooks_name() -> None:
    html = (
        "<html><body><table><tr><th>Id</th><th>Date</th></tr><tr><td>1</td><td>01/02/2026</td></tr>"
        "<tr><td>2</td><td>02/02/2026 &eacute;</td></tr></table></body></html>"
    )
    sheet = only("export.xls", html.encode())
    assert sheet.names == ("Id", "Date") and sheet.frame["Date"].to_list() == ["01/02/2026", "02/02/2026 é"]


def test_a_workbook_as_people_make_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Commandes"
    sheet["B3"] = "Suivi des commandes 2026"
    sheet.merge_cells("B3:F3")
    records: list[list[object]] = [
        ["N°", "Date", "Montant", "Payée", "Durée", "Note"],
        ["001", dt.datetime(2026, 3, 1, 14, 5), 12.5, True, dt.timedelta(hours=30, minutes=5), "x"],
        ["002", dt.date(2026, 3, 2), 1234567.0, False, dt.time(2, 15), dt.datetime(2026, 1, 2, 3, 4, 5)],
        ["003", "03/04/2026", 0.1 + 0.2, True, None, 3.0],
    ]
    for line, record in enumerate(records, start=5):
        for column, value in enumerate(record, start=2):
            sheet.cell(line, column, value)
    sheet["B10"], sheet["D10"] = "Total", 99
    book.create_sheet("vide")
    hidden = book.create_sheet("cachée")
    hidden.sheet_state = "hidden"
    for row in (["a", "b"], [1, 2]):
        hidden.append(row)
    out = io.BytesIO()
    book.save(out)
    orders, other = (found for found in read_bytes("suivi.xlsx", out.getvalue()) if isinstance(found, Sheet))
    assert (orders.sheet, orders.header_row, orders.names) == ("Commandes", 5, tuple(map(str, records[0])))
    assert orders.frame.rows()[:3] == [
        ("001", "2026-03-01 14:05:00", "12.5", "true", "30:05:00", "x", 6),
        ("002", "2026-03-02 00:00:00", "1234567", "false", "02:15:00", "2026-01-02 03:04:05", 7),
        ("003", "03/04/2026", "0.3", "true", None, "3", 8),
    ]
    assert orders.footer == {10} and orders.rows == 4
    assert other.sheet == "cachée" and "reading.why.hidden" in {phrase.key for phrase in other.why}
