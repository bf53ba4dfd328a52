"""The page on exports names every known layout."""

from __future__ import annotations

from pathlib import Path

from cxaudit.ingest.layouts import layouts

PAGE = Path(__file__).parents[3] / "docs" / "exports.md"


def test_every_known_layout_is_documented_and_no_other():
    said = PAGE.read_text("utf-8")
    assert [layout.name for layout in layouts() if f"`{layout.name}`" not in said] == []
