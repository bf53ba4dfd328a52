"""The file as a reader, a viewer and a stranger's program meet it."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from math import inf, nan
from pathlib import Path
from typing import Any

import audits
import openpyxl
import pandas
import polars
import pytest
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from cxaudit.report import SHEET_KEYS, file_name, write_workbook
from cxaudit.texts import say

Written = Callable[[str, str], Path]
LANGUAGES = ("fr", "en")
NAMES = ("full", "empty", "one_month", "strange")
EVERY = tuple(product(NAMES, LANGUAGES))
HEADLINES = ("recontact.orders.30d", "repurchase.complainers.90d", "gesture.no_effect.90d", "tone.negative.share")


@cache
def load(path: Path, stored: bool = False) -> Workbook:
    """A workbook's formulas, or the values stored with them; read once for all tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl does not know sparklines
        return openpyxl.load_workbook(path, data_only=stored)


def formulas(path: Path) -> Iterator[tuple[str, Cell, Any]]:
    """Each formula cell with the value stored in it."""
    live, stored = load(path), load(path, stored=True)
    for sheet in live:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell, stored[sheet.title][cell.coordinate].value


def links_of(sheet: Worksheet) -> Iterator[str]:
    """The sheets that a sheet links to."""
    for row in sheet.iter_rows():
        yield from (c.hyperlink.location.split("!")[0].strip("'") for c in row if c.hyperlink)


def parts(path: Path, pattern: str) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name).decode("utf-8") for name in archive.namelist() if re.search(pattern, name)]


def text_of(path: Path) -> str:
    return "\n".join(parts(path, r"\.(xml|rels)$"))


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_opens_everywhere_with_every_sheet(written: Written, name: str, lang: str) -> None:
    path = written(name, lang)
    book = load(path)
    assert len(book.sheetnames) == 19
    assert all(sheet.sheet_state == "visible" for sheet in book)
    assert set(pandas.read_excel(path, sheet_name=None, header=None)) == set(book.sheetnames)
    assert len(polars.read_excel(path, sheet_id=0, has_header=False, raise_if_empty=False)) == 19


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_are_live_and_charts_are_native(written: Written, lang: str) -> None:
    path = written("full", lang)
    found = list(formulas(path))
    assert len(found) >= 60
    charts = parts(path, r"xl/charts/chart")
    assert len(charts) >= 8
    for drawing in parts(path, r"xl/drawings/drawing"):
        frames = re.findall(r"<xdr:cNvPr [^>]*>", drawing)
        assert frames and all('descr="' in frame for frame in frames)


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_no_formula_lacks_its_value_or_fails(written: Written, name: str, lang: str) -> None:
    for sheet, cell, value in formulas(written(name, lang)):
        assert value is not None or '""' in cell.value, (sheet, cell.coordinate, cell.value)
        assert not str(value).startswith("#"), (sheet, cell.coordinate, value)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", HEADLINES)
def test_headline_shares_are_formulas_near_their_counts(written: Written, key: str, lang: str) -> None:
    measure = audits.full().measures[key]
    path = written("full", lang)
    stored = load(path, stored=True)
    hits = 0
    for sheet, cell, value in formulas(path):
        if value != measure.value:
            continue
        near = [stored[sheet].cell(cell.row, max(1, cell.column + step)).value for step in range(-8, 9)]
        hits += measure.numerator in near and measure.denominator in near
    assert hits


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_links_lead_somewhere_inside(written: Written, name: str, lang: str) -> None:
    path = written(name, lang)
    book = load(path)
    links = {sheet.title: list(links_of(sheet)) for sheet in book}
    assert {target for targets in links.values() for target in targets} <= set(book.sheetnames)
    home = say("report.sheet.contents", lang)
    assert set(links[home]) == set(book.sheetnames) - {home}
    assert all(home in targets for title, targets in links.items() if title != home)
    assert 'TargetMode="External"' not in text_of(path)
    assert not parts(path, "externalLink|vbaProject")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_client_text_stays_text(written: Written, lang: str) -> None:
    path = written("strange", lang)
    book = load(path)
    shown = {c.value for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "s"}
    for hostile in ('=HYPERLINK("http://x.y";"z")', "+1+1", "@SUM(A1)", "-2+3", "{=1}", "http://example.org/a"):
        assert any(isinstance(value, str) and hostile in value for value in shown), hostile
    for sheet, cell, _ in formulas(path):
        source = cell.value if isinstance(cell.value, str) else cell.value.text
        assert "HYPERLINK" not in source and "aaaa" not in source, (sheet, cell.coordinate)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_holds_no_personal_data_and_no_small_group(written: Written, lang: str) -> None:
    text = text_of(written("full", lang))
    for personal in ("Camille Durand", "marie.petit", "client.fr", "ana@mail.fr", "/home/jean", "Cas isolé"):
        assert personal not in text, personal
    assert "a3f29c1d" in text and "Agent 1" in text
    data = load(written("full", lang))[say("report.sheet.data", lang)]
    assert "chat" not in {cell.value for column in data.iter_cols() for cell in column}


def test_quotes_only_where_asked(tmp_path: Path, written: Written) -> None:
    assert "grand art" in text_of(written("full", "fr"))
    write_workbook(audits.full(), tmp_path / "silent.xlsx", lang="fr")
    assert "grand art" not in text_of(tmp_path / "silent.xlsx")


def test_quoted_words_are_marked(written: Written) -> None:
    book = openpyxl.load_workbook(written("full", "fr"), rich_text=True)
    rich = [c.value for row in book["Ton"].iter_rows() for c in row if type(c.value).__name__ == "CellRichText"]
    strong = [block.text for text in rich for block in text if getattr(getattr(block, "font", None), "b", False)]
    assert strong == ["Encore bravo", "du grand art"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_prints_one_page_wide_with_numbers(written: Written, lang: str) -> None:
    for sheet in load(written("full", lang)):
        assert sheet.page_setup.fitToWidth in (None, 1) and int(sheet.page_setup.fitToHeight) == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and int(sheet.page_setup.paperSize) == 9
        assert sheet.print_area and "&P" in sheet.oddFooter.right.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_details_stay_on_the_sheet_and_out_of_print(written: Written, lang: str) -> None:
    """Every figure stands on the data sheet; one page of it is printed, and other sheets say where print ends."""
    book = load(written("strange", lang))
    data = book[say("report.sheet.data", lang)]
    keys = {row[1].value for row in data.iter_rows(min_row=5)}
    assert set(audits.strange().measures) <= keys
    assert data.max_row > 300 and last_printed(data) < 60
    for key in ("crosses", "context", "quality", "method"):
        sheet = book[say(f"report.sheet.{key}", lang)]
        last = last_printed(sheet)
        assert last < sheet.max_row
        assert sheet.cell(last, 2).value == say("report.screen", lang)


def last_printed(sheet: Worksheet) -> int:
    return int(re.findall(r"\d+", str(sheet.print_area))[-1])


def test_what_is_not_a_number_is_not_written(tmp_path: Path) -> None:
    audit = audits.full()
    broken = {key: replace(item, value=nan, low=nan, numerator=inf, n_eff=nan) for key, item in audit.measures.items()}
    signals = {k: replace(a, raw_a=nan, remaining=inf, lines={"peak": nan}) for k, a in audit.context.signals.items()}
    export = replace(audit.exports[0], first_day=date(1, 1, 1), totals={"amount": nan})
    mirages = tuple(replace(item, value=nan) for item in audit.mirages)
    context = replace(audit.context, signals=signals)
    odd = replace(audit, measures=broken, context=context, exports=(export,), mirages=mirages)
    write_workbook(odd, tmp_path / "r.xlsx", lang="fr")
    assert not re.search(r"<v>-?(nan|inf)", "".join(parts(tmp_path / "r.xlsx", "worksheets/sheet")), re.IGNORECASE)
    assert all(value is not None or '""' in str(cell.value) for _, cell, value in formulas(tmp_path / "r.xlsx"))


def test_a_difference_beside_the_headlines_is_drawn_where_none_of_those_can_be(tmp_path: Path) -> None:
    audit = audits.full()
    found = replace(audit.context.signals["recontact.orders.30d"], key="repurchase.complainers.30d", verdict="withheld")
    context = replace(audit.context, signals={found.key: found})
    write_workbook(replace(audit, context=context), tmp_path / "r.xlsx", lang="fr")
    sheet = load(tmp_path / "r.xlsx")[say("report.sheet.context", "fr")]
    held = [cell.value for row in sheet.iter_rows() for cell in row]
    assert say("word.event.remaining", "fr") in held


def test_plan_offers_lists_and_filters(written: Written) -> None:
    plan = load(written("full", "fr"))[say("report.sheet.plan", "fr")]
    lists = [rule.formula1 for rule in plan.data_validations.dataValidation]
    assert '"à faire,en cours,fait,abandonné"' in lists and plan.auto_filter.ref


def test_the_same_audit_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(audits.full(), tmp_path / name, lang="fr")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_failed_report_leaves_the_former_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"former")

    def fail(share: float) -> None:
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        write_workbook(audits.full(), path, lang="fr", progress=fail)
    assert path.read_bytes() == b"former" and [item.name for item in tmp_path.iterdir()] == ["report.xlsx"]


def test_chosen_sheets_and_progress(tmp_path: Path) -> None:
    seen: list[float] = []
    write_workbook(audits.full(), tmp_path / "r.xlsx", lang="en", sheets=("recontact", "plan"), progress=seen.append)
    names = load(tmp_path / "r.xlsx").sheetnames
    assert "Recontact" in names and "Action plan" in names and "Tone" not in names and "Data" in names
    assert seen == sorted(seen) and seen[-1] == 1


@pytest.mark.parametrize("left_out", SHEET_KEYS)
def test_any_sheet_can_be_left_out(tmp_path: Path, left_out: str) -> None:
    rest = [key for key in SHEET_KEYS if key != left_out]
    write_workbook(audits.full(), tmp_path / "r.xlsx", lang="fr", sheets=rest)
    gone = re.escape(say(f"report.sheet.{left_out}", "fr"))
    source = "\n".join(parts(tmp_path / "r.xlsx", r"worksheets/sheet|charts/chart|workbook\.xml$"))
    assert not re.search(rf"(?:'{gone}'|[>=(+*/,-]{gone})!", source)


def test_unknown_language_or_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="language"):
        write_workbook(audits.full(), tmp_path / "r.xlsx", lang="de")
    with pytest.raises(ValueError, match="unknown sheets none"):
        write_workbook(audits.full(), tmp_path / "r.xlsx", lang="fr", sheets=("none",))


def test_file_name_is_plain() -> None:
    assert file_name("Maison Élba & Cie", "2026-07 2026-09", "fr") == "maison-elba-cie-2026-07-2026-09-fr.xlsx"
    assert file_name("", "2026", "en") == "audit-2026-en.xlsx"
