"""Each bad file gets its own sentence, none raises, none keeps the others from being read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from cxaudit.ingest.read_layout import LINE
from cxaudit.ingest.sources import Sheet, Unreadable, read_bytes, read_sources
from cxaudit.texts import say

GOOD = b"id;date\n1;2026-01-01\n2;2026-01-02\n"


def only(name: str, data: bytes) -> Sheet | Unreadable:
    found = list(read_bytes(name, data))
    assert len(found) == 1
    return found[0]


def refused(name: str, data: bytes) -> str:
    """The key of the refusal, after checking that it can be said in both languages and names the file."""
    found = only(name, data)
    assert isinstance(found, Unreadable), found
    for lang in ("fr", "en"):
        assert name in say(found.why, lang)
    return found.why.key


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("vide.csv", b"", "reading.empty"),
        ("blancs.csv", b" \r\n\r\n  \n", "reading.empty"),
        ("bom.csv", b"\xef\xbb\xbf", "reading.empty"),
        ("noms.csv", b"id;date;montant\n", "reading.header_only"),
        ("facture.csv", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "reading.foreign.pdf"),
        ("capture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "reading.foreign.image"),
        ("photo.xlsx", b"\xff\xd8\xff\xe0\0\x10JFIF", "reading.foreign.image"),
        ("base.csv", b"SQLite format 3\0" + bytes(100), "reading.foreign.database"),
        ("table.parquet", b"PAR1" + bytes(100), "reading.foreign.parquet"),
        ("export.csv.gz", b"\x1f\x8b\x08" + bytes(50), "reading.foreign.packed"),
        ("bruit.csv", bytes(range(256)) * 20, "reading.foreign.binary"),
        ("page.csv", b"<!DOCTYPE html><html><body><p>Session</p></body></html>", "reading.markup"),
        ("coupe.json", b'[{"id": 1}, {"id":', "reading.json.damaged"),
        ("sans.json", b'{"erreur": {"code": 401}}', "reading.json.no_rows"),
        ("coupe.xlsx", workbook(["id"], [1])[:2000], "reading.workbook.damaged"),
        ("vide.xlsx", workbook(), "reading.workbook.empty"),
        ("coupe.zip", packed(**{"a.csv": GOOD})[:40], "reading.archive.damaged"),
        ("vide.zip", packed(), "reading.archive.empty"),
        (
            "secret.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500),
            "reading.foreign.encrypted",
        ),
        ("formules.xlsx", workbook(["=1+1", "=2+2"], ["=3", "=4"]), "reading.workbook.formulas"),
    ],
)
def test_each_refusal_has_its_sentence(name: str, data: bytes, key: str) -> None:
    assert refused(name, data) == key


def test_a_workbook_with_only_names_says_which_sheet() -> None:
    found = only("noms.xlsx", workbook(["id", "date"]))
    assert isinstance(found, Unreadable)
    assert found.sheet == "Sheet" and found.why.key == "reading.sheet_header_only"


def test_a_bomb_is_not_inflated_and_what_stands_before_it_is_read() -> None:
    bomb = packed(**{"bon.csv": GOOD, "bombe.csv": bytes(80 << 20)})
    first, second = read_bytes("lot.zip", bomb)
    assert isinstance(first, Sheet) and first.file == "lot.zip/bon.csv"
    assert isinstance(second, Unreadable) and second.why.key == "reading.archive.bomb"


def test_a_declared_size_is_not_believed() -> None:
    honest = packed(**{"bombe.csv": bytes(80 << 20)})
    lie = honest.replace((80 << 20).to_bytes(4, "little"), (4000).to_bytes(4, "little"))
    assert lie != honest
    (found,) = read_bytes("lot.zip", lie)
    assert isinstance(found, Unreadable) and found.why.key == "reading.archive.bomb"


def test_a_workbook_bomb_is_refused_before_it_is_read() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["id", "m"], [1, 2]))) as book,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for item in book.infolist():
            blank = b" " * (80 << 20) if "sheet1" in item.filename else b""
            bomb.writestr(item.filename, book.read(item).replace(b"</worksheet>", blank + b"</worksheet>"))
    assert refused("bombe.xlsx", out.getvalue()) == "reading.workbook.bomb"


def test_a_stray_cell_in_the_last_corner_does_not_cost_the_data() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["id", "montant"], ["001", 12.5], ["002", 3]):
        sheet.append(row)
    sheet["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    found = only("loin.xlsx", out.getvalue())
    assert isinstance(found, Sheet)
    assert found.frame.rows()[:2] == [("001", "12.5", 2), ("002", "3", 3)]
    assert "reading.why.stray" in {phrase.key for phrase in found.why}


def test_formulas_without_values_are_counted_where_the_rest_is_readable() -> None:
    found = only("formules.xlsx", workbook(["id", "total"], ["a", "=1+1"], ["b", "=2+2"]))
    assert isinstance(found, Sheet) and found.rows == 2
    counts = [dict(phrase.facts)["count"] for phrase in found.why if phrase.key == "reading.why.unvalued"]
    assert counts == [2]


def test_members_keep_harmless_names_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = packed(**{"../../évasion.csv": GOOD, "C:\\x\\y.csv": GOOD, "__MACOSX/._a.csv": b"x", "lisez.md": b"x"})
    names = [sheet.file for sheet in read_bytes("lot.zip", data)]
    assert names == ["lot.zip/évasion.csv", "lot.zip/x/y.csv"]
    assert list(tmp_path.iterdir()) == []


def test_archives_within_archives_end_somewhere() -> None:
    data = packed(**{"a.csv": GOOD})
    for _ in range(2):
        data = packed(**{"lot.zip": data})
    assert isinstance(only("lot.zip", data), Sheet)
    for _ in range(3):
        data = packed(**{"lot.zip": data})
    found = only("lot.zip", data)
    assert isinstance(found, Unreadable) and found.why.key == "reading.archive.nested"


def test_two_thousand_columns_are_read_and_told() -> None:
    line = ";".join(["1"] * 2000) + "\n"
    found = only("large.csv", (";".join(f"c{i}" for i in range(2000)) + "\n" + line * 5).encode())
    assert isinstance(found, Sheet) and len(found.names) == 2000 and found.rows == 5
    assert "reading.why.wide" in {phrase.key for phrase in found.why}


@pytest.mark.parametrize("body", ["x" * 5_000_000, '"' + "x\n" * 2_500_000 + '"'])
def test_a_cell_of_five_megabytes_is_read_and_told(body: str) -> None:
    found = only("long.csv", f"id;texte\n1;court\n2;{body}\n3;fin\n".encode())
    assert isinstance(found, Sheet) and found.frame["id"].to_list() == ["1", "2", "3"]
    assert found.frame["texte"][1] == body.strip('"')
    assert "reading.why.long_cell" in {phrase.key for phrase in found.why}


def test_nul_bytes_are_removed_and_told() -> None:
    found = only("nul.csv", b"id;texte\n1;a\0b\n2;c\n")
    assert isinstance(found, Sheet) and found.frame["texte"].to_list() == ["ab", "c"]
    assert "reading.why.nul" in {phrase.key for phrase in found.why}


def test_names_that_stand_twice_are_told_apart() -> None:
    found = only("double.csv", b"date;date;;line\n1;2;3;4\n")
    assert isinstance(found, Sheet)
    assert found.names == ("date", "date (2)", "column 3", "line")


def test_a_file_cut_in_the_middle_of_a_quoted_cell_keeps_its_records() -> None:
    found = only("coupe.csv", b'id;texte\n1;"a"\n2;"b"\n3;"coup')
    assert isinstance(found, Sheet) and found.frame["id"].to_list() == ["1", "2", "3"]


def test_two_stray_quotes_far_apart_swallow_nothing() -> None:
    rows = [f"A-{i};2026-01-{1 + i % 28:02d};rien" for i in range(2000)]
    rows[100] = 'A-100;2026-01-17;"Super produit'
    rows[1900] = 'A-1900;2026-01-25;génial"'
    found = only("guillemets.csv", ("id;date;avis\n" + "\n".join(rows) + "\n").encode())
    assert isinstance(found, Sheet) and found.rows == 2000
    assert found.frame[LINE].to_list() == list(range(2, 2002))


def test_one_bad_file_leaves_the_others_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_bytes(GOOD)
    (tmp_path / "c.csv").write_bytes(b"%PDF-1.4")
    (tmp_path / "notes.md").write_text("# rien")
    (tmp_path / ".cache.csv").write_bytes(GOOD)
    found = list(read_sources([tmp_path, tmp_path / "absent.csv"]))
    assert [type(item) for item in found] == [Unreadable, Sheet, Unreadable, Unreadable]
    assert found[3].why.key == "reading.missing"  # type: ignore[union-attr]


def test_a_path_and_its_bytes_give_the_same_sheet(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_bytes(GOOD)
    (by_path,) = read_sources([path])
    by_bytes = only("b.csv", GOOD)
    assert isinstance(by_path, Sheet) and isinstance(by_bytes, Sheet)
    assert by_path.frame.equals(by_bytes.frame) and by_path.digest == by_bytes.digest
