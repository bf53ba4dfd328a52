"""The command line as other programs use it: names, shapes, exit codes, whole files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from engine.brand import brand

from cxaudit.cli import main
from cxaudit.ingest import ingest_paths

ENTRY = {
    *("file", "table", "platform", "confidence", "why", "encoding", "delimiter", "sheet", "header_row", "header_rows"),
    *("rows", "mapping", "derived", "missing_required", "date_formats", "questions"),
}
DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of exports with canonical headers, beside files that are no exports."""
    folder = tmp_path_factory.mktemp("exports")
    for name, table in brand(seed=5, orders=800).items():
        table.write_csv(folder / f"{name}.csv")
    (folder / "notes.md").write_text("Not an export: = no setting either")
    return folder


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def document(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))  # type: ignore[no-any-return]


def closed(schema: Path) -> dict[str, Any]:
    """The schema without room for keys that it does not name."""
    opened = schema.read_text("utf-8")
    return json.loads(opened.replace('"additionalProperties": true', '"additionalProperties": false'))  # type: ignore[no-any-return]


def test_audit_json_holds_to_its_schema(exports: Path, tmp_path: Path) -> None:
    assert run("audit", exports, "--json", tmp_path / "audit.json", "--lang", "en") == 0
    found = document(tmp_path / "audit.json")
    jsonschema.validate(found, closed(DOCS / "audit.schema.json"), format_checker=jsonschema.FormatChecker())
    assert not set(found["measures"]) & set(found["not_computable"])
    for export in found["exports"]:
        aside = sum(item["rows"] for item in export["set_aside"])
        assert export["rows_read"] == export["rows_kept"] + export["rows_folded"] + aside
    assert {export["table"] for export in found["exports"]} == {"orders", "tickets", "emails", "surveys", "gestures"}
    assert "@" not in json.dumps(found["measures"])


def test_two_runs_are_byte_for_byte_equal(exports: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run("audit", exports, "--json", tmp_path / name) == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_exports_are_let_go_once_they_are_prepared(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held beside the prepared tables, they would take a third more memory."""
    read = []

    def remembered(*paths: Any, **how: Any) -> Any:
        read.append(ingest_paths(*paths, **how))
        return read[-1]

    monkeypatch.setattr("cxaudit.ingest.ingest_paths", remembered)
    assert run("audit", exports, "--json", tmp_path / "audit.json") == 0
    assert len(read) == 1 and read[0].tables == {}


def test_period_settings_and_events(exports: Path, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("[exclude]\nspam = false\n[targets]\ncsat = 0.5")
    (tmp_path / "e.csv").write_text("name,kind,starts_on,ends_on\nGrève,incident,2026-05-01,2026-05-10\n")
    code = run("audit", exports, "--settings", tmp_path / "s.toml", "--events", tmp_path / "e.csv",
               "--period", "2026-04-01:2026-06-30", "--as-of", "2026-09-30", "--json", tmp_path / "a.json")  # fmt: skip
    found = document(tmp_path / "a.json")
    assert code == 0 and found["period"] == ["2026-04-01", "2026-06-30"] and found["as_of"] == "2026-09-30"
    assert [event["name"] for event in found["context"]["events"]] == ["Grève"]
    months = [point["month"] for point in found["measures"]["recontact.orders.30d"]["series"]]
    assert months == ["2026-04-01", "2026-05-01", "2026-06-01"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "Réglages\u202f: windows.recontact_days n’a aucun effet."),
        ("en", "Settings: windows.recontact_days has no effect."),
    ],
)
def test_a_setting_that_decides_nothing_is_told(
    lang: str, said: str, exports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "s.toml").write_text(f'language = "{lang}"\n[windows]\nrecontact_days = [7]')
    assert run("audit", exports / "tickets.csv", "--settings", tmp_path / "s.toml", "--json", tmp_path / "a.json") == 0
    assert said in capsys.readouterr().err
    assert [line for line in document(tmp_path / "a.json")["warnings"] if line.startswith(said)]


def test_inspect_touches_nothing_and_its_json_is_a_mapping(exports: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in exports.iterdir()}
    assert run("inspect", exports, "--json", tmp_path / "m.json") == 0
    assert {path: path.stat().st_mtime_ns for path in exports.iterdir()} == before
    entries = document(tmp_path / "m.json")["files"]
    assert {entry["table"] for entry in entries} == {"orders", "tickets", "emails", "surveys", "gestures"}
    for entry in entries:
        assert set(entry) >= ENTRY
        assert not set(entry["mapping"]) & set(entry["derived"])
    assert run("audit", exports, "--mapping", tmp_path / "m.json", "--json", tmp_path / "a.json") == 0


def test_a_corrected_mapping_is_obeyed(exports: Path, tmp_path: Path) -> None:
    run("inspect", exports, "--json", tmp_path / "m.json")
    edited = document(tmp_path / "m.json")
    for entry in edited["files"]:
        if entry["table"] == "tickets":
            del entry["mapping"]["order_id"]
    (tmp_path / "m.json").write_text(json.dumps(edited))
    assert run("audit", exports, "--mapping", tmp_path / "m.json", "--json", tmp_path / "a.json") == 0
    assert "recontact.orders.30d" in document(tmp_path / "a.json")["not_computable"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "m.json\u202f: 2 entrées de la correspondance n’ont servi à aucun fichier (appels.csv et tiquets.csv)."),
        ("en", "m.json: 2 entries of the mapping served no file (appels.csv and tiquets.csv)."),
    ],
)
def test_an_entry_of_a_mapping_that_serves_no_file_is_told(
    lang: str, said: str, exports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = [{"file": "appels.csv", "table": "calls"}, {"file": "tiquets.csv", "table": "none"}]
    (tmp_path / "m.json").write_text(json.dumps([*mapping, {"file": "tickets.csv", "table": "tickets"}]))
    asked = ("audit", exports / "tickets.csv", "--json", tmp_path / "a.json", "--lang", lang)
    assert run(*asked, "--mapping", tmp_path / "m.json") == 0
    assert said in capsys.readouterr().err
    assert [line for line in document(tmp_path / "a.json")["warnings"] if line.startswith(said)]
    (tmp_path / "m.json").write_text(json.dumps([{"file": "tickets.csv", "table": "tickets"}]))
    assert run(*asked, "--mapping", tmp_path / "m.json") == 0
    assert "m.json" not in capsys.readouterr().err + str(document(tmp_path / "a.json")["warnings"])


def test_tone(tmp_path: Path) -> None:
    lines = ['{"id": 7, "text": "Merci beaucoup, service parfait"}', '{"id": "b", "text": null}', "no json", ""]
    (tmp_path / "t.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert run("tone", tmp_path / "t.jsonl", "--json", tmp_path / "o.json") == 0
    found = document(tmp_path / "o.json")["texts"]
    assert [item["id"] for item in found] == [7, "b", None]
    assert "gratitude" in found[0]["labels"] and found[0]["polarity"] > 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["audit", "nowhere"], 2),
        (["audit", "{folder}", "--settings", "{folder}/notes.md"], 2),
        (["audit", "{folder}", "--period", "2026-01-01"], 2),
        (["audit", "{empty}"], 1),
    ],
)
def test_exit_codes(
    arguments: list[str], code: int, exports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [a.format(folder=exports, empty=tmp_path) for a in arguments]
    assert run(*filled) == code
    said = capsys.readouterr().err
    assert said.strip() and "Traceback" not in said


def test_a_finished_file_appears_whole_or_not_at_all(exports: Path, tmp_path: Path) -> None:
    target = tmp_path / "audit.json"
    target.write_text("old")
    assert run("audit", tmp_path / "nothing", "--json", target) == 2
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]


def test_one_table_alone_can_be_audited(tmp_path: Path) -> None:
    brand(seed=5, orders=200)["tickets"].select("created_at", "order_id", "reason").write_csv(tmp_path / "tickets.csv")
    assert run("audit", tmp_path / "tickets.csv", "--json", tmp_path / "a.json") == 0
    found = document(tmp_path / "a.json")
    assert "recontact.orders.30d" in found["measures"] and "silence.customers.90d" in found["not_computable"]


def test_public_door() -> None:
    import cxaudit

    tables = {name: table.to_pandas() for name, table in brand(seed=5, orders=120).items()}
    audit = cxaudit.run_audit(tables)
    direct = cxaudit.run_audit({name: pl.from_pandas(table) for name, table in tables.items()})
    assert audit.measures["recontact.orders.30d"].value == direct.measures["recontact.orders.30d"].value
