"""The names beside bars: each is there, on all its lines, and its bar is tall enough for them."""

from __future__ import annotations

from cxaudit.schema.results import Measure, Segment
from cxaudit.ui import charts
from cxaudit.ui.plot import names_axis

ONE_LINE, THREE_LINES = "Retour", "Réachat à 90 jours, litige remboursé en partie"
WHOLE = Measure("share", "share", None, 0, None)


def height(name: str, bars: int) -> int:
    rows = [Segment(name, 20, 100, 0.2, 0.1, 0.3)] * bars
    return int(charts.segments(rows, WHOLE, "", "S", "fr").spec["height"])


def test_a_bar_is_as_tall_as_the_lines_of_its_name() -> None:
    assert height(ONE_LINE, 2) - height(ONE_LINE, 1) == 42
    assert height(THREE_LINES, 2) - height(THREE_LINES, 1) == 51  # three lines of 17 pixels


def test_no_name_is_left_out_for_want_of_room() -> None:
    assert names_axis([ONE_LINE, THREE_LINES]).to_dict()["labelOverlap"] is False
