"""Large files read for the needed columns alone hold what a whole reading holds."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cxaudit.ingest import read_delimited, read_lean
from cxaudit.ingest.read_lean import Needed
from cxaudit.ingest.read_scan import look, record_starts
from cxaudit.ingest.read_sheet import Sheet
from cxaudit.ingest.sources import read_named

NAMES = ["Name", "Created at", "Total", "Notes", "Notes 2", "SKU"]


def record(draw: random.Random, number: int, inner: float) -> list[str]:
    note = "a, b" if draw.random() < 0.3 else ""
    if draw.random() < inner:
        note = "ring twice\nsecond floor, left"
    day = f"2025-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    return [f"#{1000 + number}", f"{day} 10:00:00", f"{draw.randint(500, 9000) / 100:.2f}", note, "", f"S-{number % 7}"]


def written(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([NAMES, *rows])
    return out.getvalue()


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_delimited, "LARGE", 4000)
    monkeypatch.setattr(read_lean, "BLOCK", 6000)
    monkeypatch.setattr(read_lean, "SAMPLED", 1500)


def sheets(path: Path, digest: bool) -> tuple[Sheet, Sheet]:
    """The same file read whole, and for two of its columns."""
    wanted = Needed(frozenset({"Total"}), digest=digest)
    (whole,) = read_named(path, "file.csv")
    (lean,) = read_named(path, "file.csv", choose=lambda sheet: wanted)
    assert isinstance(whole, Sheet)
    assert isinstance(lean, Sheet)
    return whole, lean


PASTED = ",".join(NAMES)
ODD = {
    "sound": "",
    "a blank line": "\n",
    "blank cells": ",,,,,\n",
    "no first cell": ",2025-03-01 10:00:00,12.00,,,S-1\n",
    "names again": PASTED + "\n",
    "cells too many": "#9,2025-03-01 10:00:00,12.00,,,S-1,more,,still more\n",
    "cells too few": "#9,2025-03-01 10:00:00\n",
    "a stray quote": '#9,2025-03-01 10:00:00,12.00,say "no,,S-1\n',
    "records swallowed": '#9,2025-03-01 10:00:00,12.00,"say\n'
    + "#10,2025-03-02 10:00:00,13.00,x,,S-1\n" * 3
    + '#11,2025-03-02 10:00:00,13.00,y",,S-1\n',
}


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("digest", [False, True], ids=["by id", "by all cells"])
@pytest.mark.parametrize("inner", [0.0, 0.2], ids=["one line a record", "lines inside cells"])
@pytest.mark.parametrize("odd", ODD)
def test_a_large_file_holds_the_same_rows(tmp_path: Path, odd: str, inner: float, digest: bool) -> None:
    draw = random.Random(7)
    lines = [written([record(draw, number, inner)]).split("\n", 1)[1] for number in range(900)]
    lines.insert(430, ODD[odd])
    path = tmp_path / "file.csv"
    path.write_text(PASTED + "\n" + "".join(lines), "utf-8")
    whole, lean = sheets(path, digest)
    shared = [name for name in lean.frame.columns if name in whole.frame.columns]
    assert {"Name", "Total"} <= {*shared}
    assert lean.frame.select(shared).equals(whole.frame.select(shared))
    assert lean.rows == whole.rows
    assert lean.footer == whole.footer
    assert lean.names == whole.names


@pytest.mark.usefixtures("small_blocks")
def test_only_the_needed_columns_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    draw = random.Random(7)
    path.write_text(written([record(draw, number, 0.1) for number in range(900)]), "utf-8")
    _, lean = sheets(path, digest=False)
    assert lean.frame.columns[:-1] == ["Name", "Total"]


def most_inside(text: str) -> int:
    """Character by character: the most delimiters inside cells on a line that begins inside one."""
    inside = begun = False
    most = count = 0
    for sign in text:
        inside ^= sign == '"'
        if sign == "\n":
            begun, count = inside, 0
        count += sign == "," and inside and begun
        most = max(most, count)
    return most


@pytest.mark.parametrize("seed", range(30))
def test_crowded_records_are_those_a_csv_reader_finds(seed: int) -> None:
    draw = random.Random(seed)
    cells = ["x", "", "a, b", 'say "no", sir', "two\nlines, here, there", "1"]
    rows = [[draw.choice(cells) for _ in range(draw.randint(1, 6))] for _ in range(draw.randint(1, 40))]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    text = out.getvalue().encode()
    starts = record_starts(text, 0, '"').bytes
    widest = max(map(len, rows))
    inner = most_inside(text.decode())
    signs = look(text, '"')
    assert not signs.crowded(",", starts, widest, inner + 1)
    assert signs.crowded(",", starts, widest - 1, np.inf)
    assert inner == 0 or signs.crowded(",", starts, widest, inner)


def test_without_quotes_every_delimiter_counts() -> None:
    text = b'a;"b;c"\nd;e\n'
    starts = record_starts(text, 0, None).bytes
    assert look(text, None).crowded(";", starts, 2, np.inf)
    assert not look(text, None).crowded(";", starts, 3, np.inf)
    assert pl.Series(starts).to_list() == [0, 8]
