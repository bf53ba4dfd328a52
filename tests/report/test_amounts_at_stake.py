"""Amounts in the summary bear the word that their record allows: a sum compares nothing and is never demonstrated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import audits
import openpyxl
import pytest

from cxaudit.report import write_workbook
from cxaudit.schema.results import Stake
from cxaudit.texts import say

SUM = "stake.gestures_without_effect"


@pytest.mark.filterwarnings("ignore:Sparkline")
@pytest.mark.parametrize(
    ("verdict", "value", "said"),
    [("established", 2674.0, "◇ établi"), ("indicative", None, "◇ ordre de grandeur")],
)
def test_a_sum_bears_its_figures_verdict(tmp_path: Path, verdict: str, value: float | None, said: str) -> None:
    given = audits.full()
    held = {**given.stakes, SUM: Stake(SUM, 2674.0, 2412.0, 2944.0, False, {"verdict": verdict})}
    path = tmp_path / "audit.xlsx"
    write_workbook(replace(given, stakes=held), path, lang="fr")
    sheet = openpyxl.load_workbook(path, data_only=True)[say("report.sheet.summary", "fr")]
    rows = {row[1].value: [cell.value for cell in row[2:6]] for row in sheet.iter_rows()}
    assert rows[say(f"word.{SUM}", "fr")] == [value, 2412.0, 2944.0, said]
    assert rows[say("word.stake.lost_repurchase", "fr")] == [47900.0, 24600.0, 71200.0, say("state.demonstrated", "fr")]
