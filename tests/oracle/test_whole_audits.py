"""Of a whole audit nothing depends on names, on the order of rows or on how many files an export came in."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import lagged
import polars as pl
import pytest
import written
from generate import tables

from cxaudit import run_audit
from cxaudit.cli import main
from cxaudit.json_record import dump
from cxaudit.schema.results import Span
from cxaudit.schema.settings import Settings

Frames = Mapping[str, pl.DataFrame]
NEAR = 1e-9
OF_FILES = ("exports", "joins", "warnings", "rows", "rules")
COMPARED = Settings(
    as_of=date(2026, 1, 31),
    period=Span(date(2025, 7, 1), date(2025, 12, 31)),
    compare=Span(date(2025, 1, 1), date(2025, 6, 30)),
)
WORLDS: dict[str, Callable[[], tuple[Frames, Settings]]] = {
    "everything": lambda: (tables(61, 100), COMPARED),
    "lagged": lambda: (lagged.brand(62, 200), Settings()),
    "ties": lambda: (_days_alone(written.world(63, 70)), COMPARED),
}


def _days_alone(frames: Frames) -> Frames:
    """Every two things of one day are a tie, and no order of rows or of names may settle it."""
    return {name: frame.with_columns(pl.selectors.datetime().dt.truncate("1d")) for name, frame in frames.items()}


@cache
def _world(name: str) -> tuple[Frames, Settings, Any]:
    frames, settings = WORLDS[name]()
    return frames, settings, _told(frames, settings)


def _told(frames: Frames, settings: Settings) -> Any:
    return json.loads(dump(run_audit(frames, settings), "fr"))


def _differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Where two JSON trees part, numbers to 1e-9."""
    if isinstance(one, dict) and isinstance(other, dict):
        if set(one) != set(other):
            yield f"{path}: keys {sorted(set(one) ^ set(other))}"
        for key in set(one) & set(other):
            yield from _differences(one[key], other[key], f"{path}/{key}")
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield f"{path}: {len(one)} and {len(other)}"
        for place, (a, b) in enumerate(zip(one, other, strict=False)):
            yield from _differences(a, b, f"{path}/{place}")
    elif isinstance(one, float) and isinstance(other, float):
        if not math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR):
            yield f"{path}: {one} and {other}"
    elif one != other:
        yield f"{path}: {one!r} and {other!r}"


def _shuffled(frames: Frames) -> Frames:
    return {name: frame.sample(fraction=1.0, shuffle=True, seed=17) for name, frame in frames.items()}


def _relabelled(frames: Frames) -> Frames:
    """Other e-mails and numbers for the same people, in another order of the alphabet."""
    name = pl.col("customer_email").str.strip_chars().str.to_lowercase()
    known = name.str.split("@").list.first()
    dress = {
        "customer_email": pl.when(name.is_not_null()).then(known.str.reverse() + ".q@" + known + ".example"),
        "customer_id": pl.lit("w") + pl.col("customer_id").str.strip_chars_start("#").str.to_lowercase().str.reverse(),
    }
    return {
        table: frame.with_columns(dress[c].alias(c) for c in dress if c in frame.columns)
        for table, frame in frames.items()
    }


@pytest.mark.parametrize("change", [_shuffled, _relabelled], ids=["shuffled", "relabelled"])
@pytest.mark.parametrize("name", WORLDS)
def test_order_and_names_change_nothing_at_all(name: str, change: Callable[[Frames], Frames]) -> None:
    frames, settings, told = _world(name)
    assert len(told["measures"]) > 20
    differences = list(_differences(told, _told(change(frames), settings)))
    assert not differences, differences[:5]


def _through_the_command_line(frames: Frames, folder: Path, pieces: int) -> Any:
    folder.mkdir()
    for table, frame in frames.items():
        size = -(-len(frame) // pieces)
        for place in range(pieces):
            frame.slice(place * size, size).write_csv(folder / f"{table}_{place}.csv")
    told = folder.parent / f"{folder.name}.json"
    assert main(["audit", str(folder), "--json", str(told)]) == 0
    return json.loads(told.read_text("utf-8"))


def test_through_the_command_line_files_rows_and_names_change_nothing(tmp_path: Path) -> None:
    """One file a table in its order; three files a table, rows shuffled, everybody under another name."""
    frames = written.world(64, 50)
    one = _through_the_command_line(frames, tmp_path / "one", 1)
    other = _through_the_command_line(_relabelled(_shuffled(frames)), tmp_path / "other", 3)
    assert len(one["measures"]) > 80
    differences = [
        line for part in sorted(set(one) - set(OF_FILES)) for line in _differences(one[part], other[part], part)
    ]
    assert not differences, differences[:5]


def test_files_are_what_the_tables_are(tmp_path: Path) -> None:
    """The figures of the exports are those of the tables in memory."""
    frames, _, told = _world("lagged")
    read = _through_the_command_line(frames, tmp_path / "files", 1)
    differences = list(_differences(told["measures"], read["measures"]))
    assert not differences, differences[:5]
