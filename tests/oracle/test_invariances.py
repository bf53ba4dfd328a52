"""Whole audits through the command line: what must not change when exports are sent twice, later, dearer, bigger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import written
from agree import near
from oracle import wilson

from cxaudit.cli import main

Frames = Mapping[str, pl.DataFrame]
AS_OF = "2026-01-20"
YEAR = 364  # whole weeks
NUMBERS = ("numerator", "denominator", "value", "low", "high", "n_eff", "deff", "verdict", "unit", "excluded")


@pytest.fixture(scope="module")
def frames() -> Frames:
    return written.world(71, 40)


@pytest.fixture(scope="module")
def told(frames: Frames, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return audited(frames, tmp_path_factory.mktemp("base"))


def audited(
    frames: Frames, folder: Path, *arguments: str, as_of: str = AS_OF, more: Callable[[Path], object] = lambda _: None
) -> dict[str, Any]:
    """The JSON of an audit of one file a table, after `more` was done to their folder."""
    exports = folder / "exports"
    exports.mkdir(parents=True)
    for table, frame in frames.items():
        frame.write_csv(exports / f"{table}.csv")
    more(exports)
    out = folder / "audit.json"
    assert main(["audit", str(exports), "--as-of", as_of, "--json", str(out), *arguments]) == 0
    return json.loads(out.read_text("utf-8"))


def differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Where two JSON trees part, numbers to 1e-9."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in set(one) | set(other):
            yield from differences(one.get(key), other.get(key), f"{path}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from differences(a, b, f"{path}/{place}")
    elif not near(one, other):
        yield f"{path}: {one!r} and {other!r}"


def figures(found: Mapping[str, Any]) -> dict[str, Any]:
    """All that is computed: no word, no ledger."""
    measures = {
        key: {part: value for part, value in measure.items() if part != "notes"}
        for key, measure in found["measures"].items()
    }
    refused = {key: refusal["missing"] for key, refusal in found["not_computable"].items()}
    context = {part: found["context"][part] for part in ("comparison", "rung", "signals", "events")}
    concluded = [{part: item[part] for part in ("key", "severity", "measures", "state")} for item in found["findings"]]
    rest = {part: found[part] for part in ("as_of", "period", "mirages", "field", "stakes")}
    return {"measures": measures, "refused": refused, "context": context, "findings": concluded, **rest}


def test_the_language_changes_words_alone(frames: Frames, told: dict[str, Any], tmp_path: Path) -> None:
    english = audited(frames, tmp_path, "--lang", "en")
    assert not list(differences(figures(told), figures(english)))
    assert [item["text"] for item in told["findings"]] != [item["text"] for item in english["findings"]]


def _twice(exports: Path) -> None:
    for path in list(exports.glob("*.csv")):
        (exports / f"again_{path.name}").write_bytes(path.read_bytes())


def test_an_export_sent_twice_counts_once_where_its_rows_bear_a_number(
    frames: Frames, told: dict[str, Any], tmp_path: Path
) -> None:
    """The same file under another name: every row of it is folded into its twin."""
    doubled = audited(frames, tmp_path, more=_twice)
    assert not list(differences(figures(told), figures(doubled)))
    read = {export["table"]: 0 for export in told["exports"]}
    for export in doubled["exports"]:
        read[export["table"]] += export["rows_kept"]
    assert read == {export["table"]: export["rows_kept"] for export in told["exports"]}


def _strangers(exports: Path) -> None:
    (exports / "annuaire.csv").write_text("prenom,nom,telephone,ville\nA,B,0102030405,Lyon\nC,D,0102030406,Nice\n")
    (exports / "stocks.csv").write_text("sku,entrepot,quantite\nX1,Lyon,3\nX2,Nice,4\n")
    (exports / "notes.md").write_text("# created_at, order_id\n")


def test_a_file_that_serves_nothing_changes_nothing(frames: Frames, told: dict[str, Any], tmp_path: Path) -> None:
    more = audited(frames, tmp_path, more=_strangers)
    assert not list(differences(figures(told), figures(more)))
    assert {export["file"].rpartition("/")[2] for export in more["exports"] if export["table"] == "none"} == {
        "annuaire.csv",
        "stocks.csv",
    }


def _moved(frames: Frames, days: int) -> dict[str, pl.DataFrame]:
    shift = pl.selectors.datetime() + timedelta(days=days)
    return {name: frame.with_columns(shift) for name, frame in frames.items()}


def test_rows_after_the_last_day_change_nothing(frames: Frames, told: dict[str, Any], tmp_path: Path) -> None:
    """Everything once more, two years later, by the same customers under other numbers."""
    later = {}
    for name, frame in _moved(frames, 2 * YEAR).items():
        ids = [column for column in frame.columns if column.endswith("_id") and column != "customer_id"]
        renumbered = frame.with_columns(
            (pl.lit("late") + pl.col(column).str.strip_prefix("#")).alias(column) for column in ids
        )
        later[name] = pl.concat([frames[name], renumbered])
    found = audited(later, tmp_path)
    assert not list(differences(figures(told), figures(found)))
    assert len(found["warnings"]) > len(told["warnings"])


def test_a_year_of_whole_weeks_later_everything_is_as_it_was(
    frames: Frames, told: dict[str, Any], tmp_path: Path
) -> None:
    """364 days on only months are others, and what is standardised on them."""
    found = audited(_moved(frames, YEAR), tmp_path, as_of="2027-01-19")
    by_month = ("gap", ".controls.", ".standardised", "weekly", "stake")
    totals = [
        {
            key: {part: m[part] for part in NUMBERS}
            for key, m in each["measures"].items()
            if not any(w in key for w in by_month)
        }
        for each in (told, found)
    ]
    assert len(totals[0]) > 70
    assert not list(differences(totals[0], totals[1]))
    cuts = [{key: m["segments"] for key, m in each["measures"].items() if key in totals[0]} for each in (told, found)]
    assert not list(differences(cuts[0], cuts[1]))
    assert found["field"] == told["field"] or not list(
        differences(told["field"]["irritants"], found["field"]["irritants"])
    )


def test_ten_times_dearer_is_ten_times_the_money_and_the_same_shares(
    frames: Frames, told: dict[str, Any], tmp_path: Path
) -> None:
    money = ("amount", "refunded_amount", "cost")
    dearer = {
        name: frame.with_columns(pl.col(column) * 10 for column in money if column in frame.columns)
        for name, frame in frames.items()
    }
    found = audited(dearer, tmp_path)
    amounts = {key for key, measure in told["measures"].items() if measure["unit"] == "eur"}
    assert amounts
    for key, before in told["measures"].items():
        after = found["measures"][key]
        factor = 10 if key in amounts else 1
        for part in ("value", "low", "high"):
            assert after[part] is before[part] is None or near(after[part], before[part] * factor), (key, part)
        assert (after["denominator"], after["verdict"]) == (before["denominator"], before["verdict"]), key
    for key, stake in told["stakes"].items():
        assert stake["value"] is None or near(found["stakes"][key]["value"], stake["value"] * 10), key


def test_everyone_twice_is_as_good_as_twice_the_sample(frames: Frames, told: dict[str, Any], tmp_path: Path) -> None:
    """Same shares; where units are one a customer, Wilson's interval on twice the effective sample."""
    doubled = {name: pl.concat([frame, _twin(frame)]) for name, frame in frames.items()}
    found = audited(doubled, tmp_path)
    seen = 0
    for key, before in told["measures"].items():
        after = found["measures"][key]
        if (
            before["unit"] != "share"
            or before["kind"] != "single"
            or before["numerator"] is None
            or not before["denominator"]
        ):
            continue
        if ".km" in key or "controls" in key or not near(after["denominator"], 2 * before["denominator"]):
            continue
        assert near(after["value"], before["value"]), key
        if before["deff"] == after["deff"] == 1:
            low, high = wilson(after["value"], 2 * before["n_eff"])
            assert (
                near(after["n_eff"], 2 * before["n_eff"]) and near(after["low"], low) and near(after["high"], high)
            ), key
            seen += 1
    assert seen > 10


def _twin(frame: pl.DataFrame) -> pl.DataFrame:
    ids = [column for column in frame.columns if column.endswith(("_id", "_email"))]
    return frame.with_columns((pl.lit("twin") + pl.col(column).str.strip_chars(" #")).alias(column) for column in ids)


def test_numbers_that_differ_by_their_zeros_are_different_orders(tmp_path: Path) -> None:
    """Three orders, two tickets each, ten days apart: read as numbers, they would be one order with six."""
    rows = [(number, f"2026-01-{day:02d} 10:00:00") for number in ("7", "07", "007") for day in (3, 13)]
    frame = pl.DataFrame(rows, schema=["order_id", "created_at"], orient="row")
    found = audited({"tickets": frame}, tmp_path, as_of="2026-03-31")
    measure = found["measures"]["recontact.orders.30d"]
    assert (measure["numerator"], measure["denominator"]) == (3, 3)
