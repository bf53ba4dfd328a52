"""The names of events on a time axis: none over another, whatever the width of the chart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from cxaudit.schema.results import Event
from cxaudit.ui import bands

START, END = date(2024, 10, 1), date(2026, 9, 30)
EVENTS = [
    Event(f"{name} {year}", "promotion", date(year, month, day), date(year, month, day) + timedelta(days=20))
    for year in (2025, 2026)
    for name, month, day in (("Soldes d’hiver", 1, 8), ("Soldes d’été", 6, 25), ("Grève du transporteur", 7, 6))
]


def reach(row: dict[str, Any], pixels: int) -> tuple[float, float]:
    """Where a name begins and ends, in pixels, letters taken at seven."""
    at = (date.fromisoformat(row["x"][:10]) - START).days / (END - START).days * pixels
    long = 7 * len(row["name"])
    return (at, at + long) if row["align"] == "left" else (at - long, at)


@pytest.mark.parametrize("beside", [0, 200])
@pytest.mark.parametrize("least", bands._WIDTHS)
def test_names_do_not_run_into_one_another(least: int, beside: int) -> None:
    rows = bands._lanes(EVENTS, START, END, least - beside)
    assert rows
    for lane in {row["lane"] for row in rows}:
        spans = sorted(reach(row, least - beside) for row in rows if row["lane"] == lane)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        assert spans[-1][1] <= least - beside


def test_an_incident_is_named_before_all_others() -> None:
    struck = [replace(event, kind="incident") if "Grève" in event.name else event for event in EVENTS]
    assert "Grève du transporteur 2026" in {row["name"] for row in bands._lanes(struck, START, END, 330)}
    assert "Grève du transporteur 2026" not in {row["name"] for row in bands._lanes(EVENTS, START, END, 330)}


def test_a_name_is_shown_at_one_place_at_most_at_any_width() -> None:
    labels = [chart.to_dict(validate=False) for chart in bands.bands(EVENTS, START, END, "fr")[1:]]
    rows = [row for label in labels for row in label["data"]["values"]]
    assert {(row["least"], row["below"]) for row in rows} == {(600, 800), (800, 1130), (1130, bands._WIDEST)}
    seen = [(row["name"], row["least"]) for row in rows]
    assert len(seen) == len(set(seen))
