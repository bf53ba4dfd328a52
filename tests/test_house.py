"""Who may import what, and other rules of the house that a reader could otherwise only hope for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "cxaudit").rglob("*.py"))
PURE = ("stats", "measure", "signals", "crosses", "surface", "field", "context", "schema")
MATHS = {"numpy", "scipy", "statsmodels", "narwhals"}
BACKENDS = {"polars", "pandas", "duckdb", "pyspark", "pyarrow"}

# What each room may import of the house itself; rooms not named here may import anything.
MAY_IMPORT = {
    "stats": {"stats"},
    "schema": {"schema", "errors"},
    "measure": {"measure", "stats", "schema", "engine", "errors"},
    "signals": {"signals", "measure", "stats", "schema", "engine"},
    "crosses": {"crosses", "measure", "stats", "schema", "engine"},
    "surface": {"surface", "measure", "stats", "schema", "engine"},
    "field": {"field", "surface", "measure", "stats", "schema", "engine", "tokens", "markup"},
    "context": {"context", "measure", "stats", "schema", "errors"},
    "ingest": {"ingest", "schema", "errors", "texts"},
    "tone": {"tone", "schema", "errors", "markup"},
    "texts": {"texts", "schema"},
    "prepare": {"prepare", "context", "tone", "measure", "schema", "engine", "errors"},
    "findings": {"findings", "measure", "stats", "schema", "texts"},
    "report": {"report", "findings", "schema", "texts", "errors", "stats", "tone"},
}


def room(path: Path) -> str:
    parts = path.relative_to(ROOT / "cxaudit").parts
    return parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "cxaudit")


def identify(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_rooms_import_one_way(path: Path) -> None:
    allowed = MAY_IMPORT.get(room(path))
    own = {name.split(".")[1] for name in imports(path) if name.startswith("cxaudit.") and name.count(".") >= 1}
    if allowed is not None:
        assert own - {"__version__"} <= allowed


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_only_the_ui_knows_streamlit_and_only_the_report_writes_workbooks(path: Path) -> None:
    named = {name.split(".")[0] for name in imports(path)}
    if room(path) != "ui":
        assert "streamlit" not in named
    if room(path) not in ("report", "templates", "sample"):
        assert "xlsxwriter" not in named


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room(p) in ("signals", "crosses", "surface", "field")], ids=identify
)
def test_signals_know_no_backend(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & BACKENDS


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) in PURE], ids=identify)
def test_domain_has_no_clock_randomness_or_files(path: Path) -> None:
    source = path.read_text("utf-8")
    for forbidden in ("datetime.now", "date.today", "time.time", "import random", "import secrets", "open(", "print("):
        assert forbidden not in source


def test_no_machine_path_and_no_registry_host_is_committed() -> None:
    tracked = [
        p for p in ROOT.rglob("*") if p.suffix in (".py", ".toml", ".md", ".txt", ".yml") and ".venv" not in p.parts
    ]
    # Written in pieces, so that this file does not accuse itself.
    forbidden = ("/work" + "/main", "/ro" + "ot/", "pypi" + ".org", "deb.debian" + ".org", "registry.npmjs" + ".org")
    for path in tracked:
        text = path.read_text("utf-8", errors="ignore")
        assert not [word for word in forbidden if word in text], path


def test_pages_are_scripts_without_arithmetic_on_frames() -> None:
    for page in sorted((ROOT / "pages").glob("*.py")):
        named = {name.split(".")[0] for name in imports(page)}
        assert not named & (BACKENDS | MATHS), page
