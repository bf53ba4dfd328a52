"""What LibreOffice computes from the formulas alone is what the workbook stores; printed pages are whole."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cxaudit.texts import say

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed: nothing recalculates")
Written = Callable[[str, str], Path]
CASES = (
    ("fr-FR", "full", "en"),
    ("fr-FR", "strange", "fr"),
    ("en-US", "full", "fr"),
    ("en-US", "one_month", "en"),
)
TOLERANCE = 1e-9
DESKTOP = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>{}</value></prop></item></oor:items>"""


def convert(paths: list[Path], target: str, out: Path, desktop: str = "fr-FR") -> None:
    """Convert with a profile of its own, whose desktop speaks `desktop`."""
    (out / "profile" / "user").mkdir(parents=True)
    (out / "profile" / "user" / "registrymodifications.xcu").write_text(DESKTOP.format(desktop), "utf-8")
    profile = f"-env:UserInstallation=file://{out}/profile"
    command = [str(SOFFICE), "--headless", profile, "--convert-to", target, "--outdir", str(out), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)


def strip(path: Path, target: Path, changes: dict[str, float] | None = None) -> None:
    """The workbook without any stored value of a formula, named cells changed on the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    for name, value in (changes or {}).items():
        sheet, cell = next(iter(book.defined_names[name].destinations))
        book[sheet][cell.replace("$", "")].value = value
    book.save(target)


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory, written: Written) -> Path:
    """Stripped workbooks recalculated on a French and on an English desktop; `changed` has other targets."""
    folder = tmp_path_factory.mktemp("recalculated")
    for desktop in dict.fromkeys(case[0] for case in CASES):
        sources = folder / desktop / "stripped"
        sources.mkdir(parents=True)
        for name, lang in (case[1:] for case in CASES if case[0] == desktop):
            strip(written(name, lang), sources / f"{name}-{lang}.xlsx")
        if desktop == "fr-FR":
            strip(written("full", "fr"), sources / "changed.xlsx", {"cible_csat": 0.99, "seuil_rouverts": 0.01})
            strip(written("full", "fr"), sources / "cautious.xlsx", {"cas_minimum": 5000})
        convert(sorted(sources.iterdir()), "xlsx:Calc MS Excel 2007 XML", folder / desktop, desktop)
    return folder


def stored(path: Path) -> Iterator[tuple[str, str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        live, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    for sheet in live:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, values[sheet.title][cell.coordinate].value


def equal(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) <= TOLERANCE * max(1.0, abs(ours))
    return ("" if ours is None else ours) == ("" if theirs is None else theirs)


@pytest.mark.parametrize(("desktop", "name", "lang"), CASES)
def test_every_formula_gives_our_value(
    recalculated: Path, written: Written, name: str, lang: str, desktop: str
) -> None:
    computed = openpyxl.load_workbook(recalculated / desktop / f"{name}-{lang}.xlsx", data_only=True)
    differing = [
        (sheet, cell, value, computed[sheet][cell].value)
        for sheet, cell, value in stored(written(name, lang))
        if not equal(value, computed[sheet][cell].value)
    ]
    assert not differing[:5]


def test_a_changed_target_changes_the_states(recalculated: Path) -> None:
    book = openpyxl.load_workbook(recalculated / "fr-FR" / "changed.xlsx", data_only=True)
    summary = book[say("report.sheet.summary", "fr")]
    states = {row[1].value: row[5].value for row in summary.iter_rows() if row[1].value}
    assert states["Satisfaction (CSAT)"] == say("state.not green", "fr")
    assert states["Appels décrochés"] == say("state.cleared", "fr")
    assert states["Résolution"] == say("state.confirmed", "fr")
    surface = book[say("report.sheet.surface", "fr")]
    reopened = [row[11].value for row in surface.iter_rows() if str(row[1].value).strip() == "Tickets rouverts"]
    assert reopened[0] == 3
    tally = next(str(c.value) for row in summary.iter_rows(max_row=8) for c in row if "●" in str(c.value))
    assert "● Contredit\u202f: 1" in tally and "▲ En doute\u202f: 1" in tally


def rows(path: Path) -> list[list[str]]:
    """The texts of the summary, row by row."""
    summary = openpyxl.load_workbook(path, data_only=True)[say("report.sheet.summary", "fr")]
    return [[str(cell.value or "") for cell in row] for row in summary.iter_rows()]


def test_no_sentence_belies_a_changed_target(recalculated: Path, written: Written) -> None:
    """A KPI's finding follows its target and its state; any other says that what it stands on has changed."""
    mark = say("report.summary.changed", "fr")
    before, after = (rows(path) for path in (written("full", "fr"), recalculated / "fr-FR" / "changed.xlsx"))
    met = "Le CSAT affiché, 94,7\u202f%, atteint sa cible"
    off = say("state.why.not green", "fr")
    assert [row[1] for row in before if row[2].startswith(met)] == [say("state.confirmed", "fr")]
    assert not [row for row in after if any(met in cell for cell in row)]
    assert [row[1] for row in after if row[2] == f"Satisfaction (CSAT). {off}"] == [say("state.not green", "fr")]
    assert [row[6] for row in after if row[1] == "Satisfaction (CSAT)"] == [off]
    marked = [[row[2].split(" ")[0] for row in part if mark in row] for part in (before, after)]
    assert marked == [[], ["Seulement"]]


def test_no_reading_belies_a_changed_rule_of_caution(recalculated: Path, written: Written) -> None:
    """With 5 000 cases asked for, what rested on fewer says so in the same row, finding or not."""
    few, mark = say("verdict.insufficient", "fr"), say("report.summary.changed", "fr")
    before, after = (rows(path) for path in (written("full", "fr"), recalculated / "fr-FR" / "cautious.xlsx"))
    changed = [row for row in after if row[5] == few]
    shares = ("recontact.orders.30d", "gesture.no_effect.90d")
    assert {say(f"measure.{key}.name", "fr") for key in shares} <= {row[1] for row in changed}
    assert {row[6] for row in changed} == {say("verdict.why.insufficient", "fr")}
    assert say("verdict.why.insufficient", "fr") not in {row[6] for row in before}
    assert mark in next(row for row in after if row[2].startswith("Un ticket clos compte"))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed: printed pages are not read")
def test_no_printed_page_is_blank(tmp_path: Path, written: Written) -> None:
    convert([written("full", "fr")], "pdf", tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "full-fr.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.split("\f")[:-1]
    assert 20 < len(pages) <= 40
    thin = [
        number for number, page in enumerate(pages, 1) if len([line for line in page.splitlines() if line.strip()]) < 4
    ]
    assert not thin
