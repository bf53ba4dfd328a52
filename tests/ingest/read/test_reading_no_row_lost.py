"""Whatever the delimiter, charset, quoting and line ends: as many records come out as went in, and the same cells."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxaudit.ingest.read_layout import LINE
from cxaudit.ingest.sources import Sheet, read_bytes

NAMES = ["numéro", "créé le", "montant", "sujet", "message"]
DELIMITERS = [";", ",", "\t", "|", "^", "~", "\x1f"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
SETTINGS = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])

words = st.text("abcdefghijk éèàçôù'.-!?()/+:0123456789", max_size=25)
prose = st.text("abcdefghijk éèàçôù'.-!?()/+:;,\t|^~\"\n", max_size=60)


@st.composite
def tables(draw: st.DrawFn, text: st.SearchStrategy[str]) -> list[list[str]]:
    """Records with an id, a day, an amount and two free texts, none of them blank throughout."""
    count = draw(st.integers(1, 12))
    return [
        [
            f"A-{draw(st.integers(1, 10**6))}",
            f"2026-{draw(st.integers(1, 12)):02d}-{draw(st.integers(1, 28)):02d}",
            f"{draw(st.integers(0, 999))}.{draw(st.integers(0, 99)):02d}",
            draw(text),
            draw(text),
        ]
        for _ in range(count)
    ]


def one(name: str, data: bytes) -> Sheet:
    sheets = list(read_bytes(name, data))
    assert len(sheets) == 1
    assert isinstance(sheets[0], Sheet), sheets[0]
    return sheets[0]


def cells(sheet: Sheet) -> list[list[str]]:
    return [[cell or "" for cell in row[:-1]] for row in sheet.frame.rows()]


def written(rows: list[list[str]], delimiter: str, quoting: int, end: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerows([NAMES, *rows])
    return out.getvalue()


@SETTINGS
@given(
    rows=tables(prose),
    delimiter=st.sampled_from(DELIMITERS),
    encoding=st.sampled_from(ENCODINGS),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_quoted_text_comes_back(rows: list[list[str]], delimiter: str, encoding: str, quoting: int, end: str) -> None:
    text = written(rows, delimiter, quoting, end)
    sheet = one("export.csv", text.encode(encoding))
    assert sheet.rows == len(rows)
    assert sheet.names == tuple(NAMES)
    assert cells(sheet) == rows
    starts, line = [], 2
    for row in rows:
        starts.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    assert sheet.frame[LINE].to_list() == starts


@SETTINGS
@given(
    rows=tables(words),
    delimiter=st.sampled_from([*DELIMITERS, "||", "§", "|;|", "~~"]),
    encoding=st.sampled_from(ENCODINGS),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    last=st.booleans(),
)
def test_plain_text_comes_back(rows: list[list[str]], delimiter: str, encoding: str, end: str, last: bool) -> None:
    text = end.join(delimiter.join(row) for row in [NAMES, *rows]) + (end if last else "")
    sheet = one("export.txt", text.encode(encoding))
    assert sheet.rows == len(rows)
    assert sheet.delimiter == delimiter
    assert cells(sheet) == rows


@SETTINGS
@given(rows=tables(prose.filter(lambda text: "\n" not in text)), delimiter=st.sampled_from([";", ",", "\t", "|"]))
def test_unquoted_quotes_and_delimiters_lose_no_line(rows: list[list[str]], delimiter: str) -> None:
    """Cells written without any care: the cells may shift, the lines may not vanish."""
    text = "\n".join(delimiter.join(row) for row in [NAMES, *rows]) + "\n"
    sheet = one("export.csv", text.encode())
    assert sheet.rows == len(rows)
    assert sheet.frame[LINE].to_list() == list(range(2, len(rows) + 2))


@SETTINGS
@given(rows=tables(prose), cut=st.integers(1, 4), data=st.data())
def test_ragged_records_are_kept(rows: list[list[str]], cut: int, data: st.DataObject) -> None:
    ragged = [
        row[:cut] if data.draw(st.booleans()) else row + ["de trop"] * data.draw(st.integers(0, 2)) for row in rows
    ]
    sheet = one("export.csv", written(ragged, ";", csv.QUOTE_MINIMAL, "\n").encode())
    assert sheet.rows == len(rows)
    for got, given_row in zip(cells(sheet), ragged, strict=True):
        assert got[: len(given_row)] == given_row
        assert not any(got[len(given_row) :])


@SETTINGS
@given(rows=tables(prose), lines=st.booleans(), indent=st.sampled_from([None, 1]))
def test_json_comes_back(rows: list[list[str]], lines: bool, indent: int | None) -> None:
    records = [dict(zip(NAMES, row, strict=True)) for row in rows]
    if lines and len(rows) > 1:
        text = "\n".join(json.dumps(record) for record in records)
    else:
        text = json.dumps({"meta": {"page": 1}, "data": {"items": records}}, indent=indent, ensure_ascii=False)
    sheet = one("export.json", text.encode())
    assert sheet.rows == len(rows)
    kept = [position for position, name in enumerate(NAMES) if name in sheet.names]
    assert cells(sheet) == [[row[position] for position in kept] for row in rows]


def test_a_double_mark_inside_cells_does_not_cut_what_the_names_are_not_cut_by() -> None:
    sheet = one("export.csv", b"id;date;amount;text;end\nA-1;2026-01-01;0.00;||\nA-1;2026-01-01;0.00;;||\n")
    assert sheet.delimiter == ";"
    assert cells(sheet) == [["A-1", "2026-01-01", "0.00", "||", ""], ["A-1", "2026-01-01", "0.00", "", "||"]]


def test_a_double_mark_inside_cells_does_not_cut_names_that_commas_cut() -> None:
    sheet = one("export.csv", "numéro,créé le,montant,sujet,message\nA-1,2026-01-01,0.00,||,||:\n".encode())
    assert sheet.delimiter == ","
    assert cells(sheet) == [["A-1", "2026-01-01", "0.00", "||", "||:"]]


def test_a_title_with_commas_does_not_hide_a_double_mark() -> None:
    text = "Export, du 1er mars, au 3\nnuméro||créé le||montant\nA-1||2026-01-01||0,00\nA-2||2026-01-02||1,50\n"
    sheet = one("export.csv", text.encode())
    assert (sheet.delimiter, sheet.names) == ("||", ("numéro", "créé le", "montant"))
    assert cells(sheet) == [["A-1", "2026-01-01", "0,00"], ["A-2", "2026-01-02", "1,50"]]
