"""The documents of the command line have the shape that the contract writes, and what `inspect` says can be kept."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import written
import xlsxwriter

from cxaudit.cli import main

ENTRY: dict[str, type | tuple[type | None, ...]] = {
    "file": str,
    "table": str,
    "platform": (str, type(None)),
    "confidence": (int, float),
    "why": list,
    "encoding": (str, type(None)),
    "delimiter": (str, type(None)),
    "sheet": (str, type(None)),
    "header_row": int,
    "header_rows": int,
    "rows": int,
    "mapping": dict,
    "derived": dict,
    "missing_required": list,
    "date_formats": dict,
    "questions": list,
}
AUDIT = {
    *("cxaudit", "definitions", "as_of", "period", "exports", "joins", "measures", "not_computable", "context"),
    *("mirages", "field", "findings", "stakes", "warnings"),
}
PARTS = {
    "exports": {"file", "table", "platform", "mapping", "rows_read", "rows_kept", "rows_folded", "set_aside", "totals"},
    "joins": {"from", "to", "by", "matched", "total", "share"},
    "mirages": {"key", "kpi", "value", "target", "green", "state", "counter"},
    "findings": {"key", "severity", "measures", "state", "text", "actions"},
}
MEASURE = {
    *("unit", "numerator", "denominator", "value", "low", "high", "n_eff", "deff", "verdict", "refusals", "excluded"),
    *("series", "segments"),
}
SIGNAL = {
    *("raw_a", "raw_b", "raw_diff", "adjusted_a", "adjusted_b", "lines", "remaining", "low", "high", "verdict"),
    "refusals",
}
LINES = {"peak", "launch", "incident", "promotion", "weekday"}
MIRAGES = {
    *(
        "csat",
        "first_reply",
        "few_tickets",
        "resolution",
        "handle_time",
        "pickup",
        "tickets_handled",
        "nps",
        "gestures",
    ),
}
ORDERS = "order_id,ordered_at,customer_email,amount\n" + "".join(
    f"A{n},2026-01-{n % 28 + 1:02d} 10:00:00,c{n}@x.example,{n}.50\n" for n in range(40)
)
TICKETS = "Ticket;Créé le;Commande;Motif\n" + "".join(
    f"T{n};{n % 28 + 1:02d}/02/2026 09:00;A{n};Délai dépassé\n" for n in range(40)
)


def document(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str | None], dict[str, Any]]:
    """One of each: a text in each encoding, an archive, a workbook of two sheets, a directory, what is no export."""
    folder = tmp_path_factory.mktemp("exports")
    (folder / "orders.csv").write_bytes(ORDERS.encode("utf-8"))
    (folder / "marked.csv").write_bytes(ORDERS.encode("utf-8-sig"))
    (folder / "wide.csv").write_bytes(ORDERS.encode("utf-16"))
    (folder / "tickets.csv").write_bytes(TICKETS.encode("cp1252"))
    (folder / "titled.csv").write_text("Export du 3 mars\n\n" + ORDERS, "utf-8")
    (folder / "clients.csv").write_text("prenom,nom,ville\nA,B,Lyon\nC,D,Nice\n", "utf-8")
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 this is no workbook")
    (folder / "notes.md").write_text("no export")
    with zipfile.ZipFile(folder / "sent.zip", "w") as archive:
        archive.writestr("in/orders.csv", ORDERS)
        archive.writestr("readme.md", "no export")
    frame = pl.read_csv(ORDERS.encode())
    with xlsxwriter.Workbook(folder / "two.xlsx") as book:
        for name in ("janvier", "février"):
            sheet = book.add_worksheet(name)
            for row, values in enumerate([frame.columns, *frame.rows()]):
                sheet.write_row(row, 0, values)
    out = folder.parent / "inspected.json"
    assert main(["inspect", str(folder), "--json", str(out)]) == 0
    found = document(out)
    assert set(found) == {"files"}
    return {(entry["file"].split(f"{folder.name}/")[-1], entry["sheet"]): entry for entry in found["files"]}


def test_there_is_an_entry_for_each_file_sheet_and_member(inspected: dict[tuple[str, str | None], Any]) -> None:
    assert set(inspected) == {
        *(
            (name, None)
            for name in ("orders.csv", "marked.csv", "wide.csv", "tickets.csv", "titled.csv", "clients.csv")
        ),
        ("broken.xlsx", None),
        ("sent.zip/in/orders.csv", None),
        ("two.xlsx", "janvier"),
        ("two.xlsx", "février"),
    }


def test_every_entry_has_the_shape_that_is_written(inspected: dict[tuple[str, str | None], Any]) -> None:
    for place, entry in inspected.items():
        wrong = [name for name, kind in ENTRY.items() if not isinstance(entry.get(name, ...), kind)]  # type: ignore[arg-type]
        assert not wrong, (place, wrong)
        assert not set(entry["mapping"]) & set(entry["derived"])
        assert 0 <= entry["confidence"] <= 1
        for rule in entry["derived"].values():
            assert "constant" in rule or ("rule" in rule and isinstance(rule.get("from", []), list))


def test_entries_say_how_a_file_was_read(inspected: dict[tuple[str, str | None], Any]) -> None:
    encodings = {place[0]: entry["encoding"] for place, entry in inspected.items() if entry["table"] != "none"}
    assert encodings == {
        "orders.csv": "utf-8",
        "marked.csv": "utf-8-sig",
        "wide.csv": "utf-16",
        "tickets.csv": "cp1252",
        "titled.csv": "utf-8",
        "sent.zip/in/orders.csv": "utf-8",
        "two.xlsx": None,
    }
    tickets, titled, broken = (inspected[name, None] for name in ("tickets.csv", "titled.csv", "broken.xlsx"))
    assert (tickets["table"], tickets["delimiter"], tickets["rows"]) == ("tickets", ";", 40)
    assert (titled["header_row"], titled["header_rows"], titled["rows"]) == (3, 1, 40)
    assert broken["table"] == "none" and broken["why"]
    assert inspected["clients.csv", None]["table"] == "none" and inspected["clients.csv", None]["why"]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("audited")
    for table, frame in written.world(73, 40).items():
        frame.write_csv(folder / f"{table}.csv")
    (folder / "events.csv").write_text("name,kind,starts_on,ends_on\nGrève,incident,2025-07-01,2025-07-09\n")
    out = folder.parent / "a.json"
    periods = ("--period", "2025-07-01:2025-12-31", "--compare", "2025-01-06:2025-06-30", "--as-of", "2026-01-31")
    assert main(["audit", str(folder), *periods, "--json", str(out)]) == 0
    found: dict[str, Any] = document(out)
    return found


def test_an_audit_has_the_shape_that_is_written(audited: dict[str, Any]) -> None:
    assert set(audited) >= AUDIT
    for part, names in PARTS.items():
        assert audited[part], part
        for item in audited[part]:
            assert set(item) >= names, part
    assert (audited["as_of"], audited["period"]) == ("2026-01-31", ["2025-07-01", "2025-12-31"])
    assert {item["key"] for item in audited["mirages"]} == MIRAGES
    assert set(audited["field"]) >= {"irritants", "remarks", "criteria"}
    for item in audited["field"]["irritants"]:
        assert set(item) >= {"label", "terms", "tickets", "share", "growth", "recontact"}
    assert {"stake.lost_repurchase", "stake.gestures_without_effect"} <= set(audited["stakes"]) | set(
        audited["not_computable"]
    )


def test_measures_and_comparisons_have_the_shape_that_is_written(audited: dict[str, Any]) -> None:
    assert len(audited["measures"]) > 70
    for key, measure in audited["measures"].items():
        assert set(measure) >= MEASURE, key
        for point in measure["series"]:
            assert set(point) >= {"month", "numerator", "denominator", "value", "low", "high"}, key
        for classes in measure["segments"].values():
            assert all(set(item) >= {"segment", "numerator", "denominator", "value", "low", "high"} for item in classes)
    context = audited["context"]
    assert context["comparison"] == {"a": ["2025-01-06", "2025-06-30"], "b": ["2025-07-01", "2025-12-31"]}
    assert [event["name"] for event in context["events"]] == ["Grève"] and isinstance(context["suggested"], list)
    assert len(context["signals"]) > 50
    for key, signal in context["signals"].items():
        assert set(signal) >= SIGNAL and set(signal["lines"]) >= LINES, key


def _quiet(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_what_inspect_says_can_be_kept_and_given_back(tmp_path: Path) -> None:
    """Its own output as the mapping: the same audit of all files together, and of each file that can stand alone."""
    sample, kept, one, two = (tmp_path / name for name in ("sample", "kept.json", "one.json", "two.json"))
    assert _quiet("sample", sample, "--orders", "60", "--seed", "11") == 0
    alone = (
        "appels.csv",
        "enquete_csat.csv",
        "gestes_commerciaux.xlsx",
        "shopify_commandes.csv",
        "zendesk_tickets.csv",
    )
    for path in (sample, *(sample / name for name in alone)):
        assert _quiet("inspect", path, "--json", kept) == 0
        assert _quiet("audit", path, "--json", one) == 0
        assert _quiet("audit", path, "--mapping", kept, "--json", two) == 0
        assert document(one) == document(two), path.name
