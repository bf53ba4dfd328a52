"""Exports written by hand, through the command line: every file is read whole, every figure is the one counted."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from byhand import CASES, GAP, RECONTACT, REPURCHASE, Case

from cxaudit.cli import main

NEAR = 1e-9


@cache
def _audit(case: Case) -> Any:
    last = date(2026, 1, 1) + timedelta(case.as_of)
    with TemporaryDirectory() as folder:
        for name, text in case.files().items():
            (Path(folder) / name).write_text(text, "utf-8")
        told = Path(folder) / "told.json"
        assert main(["audit", folder, "--json", str(told), "--as-of", last.isoformat()]) == 0
        return json.loads(told.read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_figure_is_the_one_counted_by_hand(case: Case) -> None:
    measures = _audit(case)["measures"]
    for key, wanted in case.told.items():
        held = measures[key]["numerator"], measures[key]["denominator"], measures[key]["value"]
        assert held[2] == pytest.approx(wanted[2], abs=NEAR), key
        assert all(want is None or have == want for want, have in zip(wanted[:2], held[:2], strict=True)), (key, held)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_canonical_names_are_read_for_what_they_say(case: Case) -> None:
    """Whatever the values: order « A », customer « a », tickets numbered from 0."""
    exports = {Path(export["file"]).stem: export for export in _audit(case)["exports"]}
    for name, (header, rows) in case.tables.items():
        assert exports[name]["table"] == (name if name != "x" else "tickets")
        assert exports[name]["rows_kept"] == len(list(rows)), exports[name]["set_aside"]
        assert set(header.split(",")) - set(exports[name]["mapping"]) <= {"opened_at"}, name


def test_intervals_are_those_of_the_worked_examples() -> None:
    limits = {
        (RECONTACT, "recontact.orders.30d"): (0.1078, 0.6032),
        (REPURCHASE, "repurchase.complainers.30d"): (0.0968, 0.7000),
        (REPURCHASE, "repurchase.complainers.30d.km"): (0.1559, 0.8198),
        (REPURCHASE, "repurchase.complainers.90d.km"): (0.3812, 0.9577),
    }
    for (case, key), wanted in limits.items():
        found = _audit(case)["measures"][key]
        assert (found["low"], found["high"]) == pytest.approx(wanted, abs=1e-4), key


def test_a4_nobody_is_their_own_control() -> None:
    """Complaints two days after their order: a complainer's own order falls on the complaint itself."""
    measures = _audit(GAP)["measures"]
    control, gap = (measures[f"repurchase.{name}.30d"] for name in ("controls", "gap"))
    assert control["value"] == pytest.approx(0.30, abs=NEAR)
    assert (gap["denominator"], gap["value"]) == (100, pytest.approx(-0.07, abs=NEAR))
    assert (gap["low"], gap["high"]) == pytest.approx((-0.1575, 0.0175), abs=2e-4)
    assert gap["verdict"] == "not demonstrated"


def test_a_source_that_stops_is_named_in_words() -> None:
    told = [str(line) for line in _audit(RECONTACT)["warnings"]]
    assert any("Commandes" in line for line in told) and any("Tickets" in line for line in told), told
