"""Francs in the workbook and on the slides: each amount in its cell's format, and no euro beside it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import audits
import openpyxl
import pytest
from openpyxl.cell import Cell
from pptx import Presentation

from cxaudit.report import write_workbook
from cxaudit.report.deck import write_deck
from cxaudit.schema.results import Audit
from cxaudit.schema.workshop import Action

HARD = "\u00a0"
FRANCS = {"fr": f'#,##0"{HARD}CHF"', "en": f'"CHF{HARD}"#,##0'}
PLAN = (Action("Rappeler", stake="stake.lost_repurchase"), Action("Relire", stake="stake.gestures_without_effect"))


def francs() -> Audit:
    """The audit of a Swiss shop, one export of which holds some orders in euros."""
    given = audits.full()
    measures = {key: replace(one, currency="CHF" if one.unit == "eur" else "") for key, one in given.measures.items()}
    stakes = {key: replace(one, currency="CHF") for key, one in given.stakes.items()}
    orders = replace(given.exports[0], amounts={"CHF": 2_800_000.0, "EUR": 41_234.5})
    exports = (orders, *given.exports[1:])
    return replace(given, measures=measures, stakes=stakes, exports=exports, currency="CHF")


def cells(path: Path) -> Iterator[Cell]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl does not know sparklines
        book = openpyxl.load_workbook(path, data_only=True)
    for sheet in book:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_amount_is_in_francs(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "audit.xlsx"
    write_workbook(francs(), path, lang=lang, client="Maison Alba", plan=PLAN)
    held = list(cells(path))
    for amount in (2850.5, 7420.0, 47900.0, 24600.0, 71200.0, 2_800_000.0):
        formats = {cell.number_format for cell in held if cell.value == amount}
        assert formats and all(FRANCS[lang] in one for one in formats), (amount, formats)
    euros = {cell.value for cell in held if "€" in cell.number_format}
    assert euros == {41_234.5}
    said = [
        str(cell.value) for cell in held if isinstance(cell.value, str) and ("€" in cell.value or "CHF" in cell.value)
    ]
    assert said and not [text for text in said if "€" in text]
    doubt = {
        "fr": f"entre \u221210{HARD}CHF et 5\u202f000{HARD}CHF",
        "en": f"between \u2212CHF{HARD}10 and CHF{HARD}5,000",
    }
    assert any(text.startswith(doubt[lang]) for text in said)


@pytest.mark.parametrize(("lang", "amount"), [("fr", f"47\u202f900{HARD}CHF"), ("en", f"CHF{HARD}47,900")])
def test_the_slides_say_francs(tmp_path: Path, lang: str, amount: str) -> None:
    path = tmp_path / "audit.pptx"
    write_deck(francs(), path, lang=lang, client="Maison Alba", plan=PLAN)
    said = []
    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            said += [shape.text_frame.text] if shape.has_text_frame else []
            said += [cell.text for row in shape.table.rows for cell in row.cells] if shape.has_table else []
    assert any(amount in text for text in said) and not any("€" in text for text in said)
