"""Workbooks of hand-built audits, written once for all tests of the report."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import audits

from cxaudit.report import write_workbook

LANGUAGES = ("fr", "en")


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """The workbook of a hand-built audit in a language."""
    folder = tmp_path_factory.mktemp("workbooks")

    def write(name: str, lang: str) -> Path:
        path = folder / f"{name}-{lang}.xlsx"
        if not path.exists():
            room = {"notes": audits.NOTES, "plan": audits.PLAN, "quotes": audits.QUOTES}
            write_workbook(getattr(audits, name)(), path, lang=lang, client="Maison Alba & Cie", **room)
        return path

    return write
