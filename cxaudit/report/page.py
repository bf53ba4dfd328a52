"""A sheet being written from top to bottom: cells, titles, tables, and what is left to the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from math import isfinite
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from cxaudit.report.book import Book, Cell, Column, Spot
from cxaudit.report.live import Live
from cxaudit.report.measuring import lines_of
from cxaudit.report.style import role
from cxaudit.report.wording import clean

DEFAULT_HEIGHT = 15.0
FIRST_YEAR = 1900  # Excel knows no earlier day
LINE = 1.32  # height of a line over its font size


def writable(value: float | str) -> bool:
    """Whether a cell can hold the value: any text, and numbers that are numbers."""
    return isinstance(value, str) or isfinite(value)


class Page:
    """A sheet being written from top to bottom."""

    def __init__(self, book: Book, key: str, sheet: Worksheet, widths: Sequence[float]) -> None:
        self.book, self.key, self.sheet, self.widths = book, key, sheet, list(widths)
        self.row = 0
        self.last = self.rightmost = len(self.widths) - 1
        self.deepest = 0
        self.printed: int | None = None
        self.heights: dict[int, float] = {}
        self.sections: list[int] = []
        for number, width in enumerate(self.widths):
            sheet.set_column(number, number, width)

    @property
    def name(self) -> str:
        return quote_sheetname(self.book.titles[self.key])

    def reference(self, row: int, column: int, absolute: bool = True) -> str:
        """The address of a cell, sheet included."""
        return f"{self.name}!{xl_rowcol_to_cell(row, column, row_abs=absolute, col_abs=absolute)}"

    def range(self, first: int, last: int, column: int) -> list[Any]:
        """A column of cells as charts take it."""
        return [self.book.titles[self.key], first, column, last, column]

    def spot(self, key: str, row: int, column: int, value: Any) -> None:
        """Remember where a figure stands, for other sheets."""
        self.book.spots[key] = Spot(self.reference(row, column), value)

    def height(self, row: int, points: float) -> None:
        """Set a row's height, and remember it for the page breaks."""
        self.heights[row] = points
        self.sheet.set_row(row, points)

    def put(self, row: int, column: int, value: Any, name: str = "plain", unit: str | None = None) -> None:
        """One value in one cell: text stays text, a formula carries its value, what is missing stays empty."""
        style = self.book.format(name, unit)
        self.deepest = max(self.deepest, row)
        if isinstance(value, Live) and writable(value.value):
            shown = clean(value.value) if isinstance(value.value, str) else value.value
            self.sheet.write_formula(row, column, value.formula, style, shown)
        elif isinstance(value, str) and value:
            self.sheet.write_string(row, column, clean(value), style)
        elif isinstance(value, datetime | date) and value.year < FIRST_YEAR:
            self.sheet.write_string(row, column, value.isoformat(), style)
        elif isinstance(value, datetime | date):
            day = datetime(value.year, value.month, value.day)
            self.sheet.write_datetime(row, column, day, self.book.format(name, unit or "day"))
        elif isinstance(value, int | float) and writable(value):
            self.sheet.write_number(row, column, value, style)
        else:
            self.sheet.write_blank(row, column, None, style)

    def title(self, text: str, lead: str = "") -> None:
        """The sheet's first rows: the way back, the title, one sentence."""
        home = self.book.titles["contents"]
        if self.key != "contents":
            target = f"internal:{quote_sheetname(home)}!A1"
            self.sheet.write_url(0, 1, target, self.book.format("link"), f"← {home}")
        self.row = 1
        self.paragraph(text, "title")
        if lead:
            self.paragraph(lead, "lead")
        self.row += 1

    def heading(self, text: str, breakable: bool = True) -> None:
        """A section's title; a printed page may break before it where it is `breakable`."""
        self.row += 1
        if breakable:
            self.sections.append(self.row)
        elif not self.sections:
            self.sections.append(0)
        self.put(self.row, 1, text, "heading")
        self.height(self.row, 22)
        self.row += 1

    def detail(self) -> None:
        """What follows is for the screen: it is not printed, and the last printed line says so."""
        if self.printed is None:
            self.row = max(self.row, self.deepest + 1)
            self.paragraph(self.book.say("screen"), "note")
            self.printed = self.row - 1

    def paragraph(self, text: str, name: str = "body", last: int | None = None) -> None:
        """A text across the page's width, its row as high as its lines."""
        if not text:
            return
        last = self.last if last is None else last
        size = role(name)["font_size"]
        lines = lines_of(text, self.room(1, last), size, bool(role(name).get("bold")))
        style = self.book.format(name)
        if last > 1:
            self.sheet.merge_range(self.row, 1, self.row, last, "", style)
        self.sheet.write_string(self.row, 1, clean(text), style)
        self.height(self.row, max(DEFAULT_HEIGHT, lines * size * LINE + 3))
        self.row += 1

    def paragraphs(self, texts: Sequence[str], name: str = "body", last: int | None = None) -> None:
        for text in texts:
            self.paragraph(text, name, last)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Any]], first: int = 1) -> tuple[int, int]:
        """A header and its rows from the current row on; returns the first and last row of the body."""
        self._header(columns, first)
        start = self.row
        for row in rows:
            self._line(columns, row, first)
        return start, max(start, self.row - 1)

    def wide_table(self, columns: Sequence[Column], rows: Sequence[Sequence[Any]], more: int) -> tuple[int, int]:
        """A table whose last column, a text, takes `more` columns of the page beside its own."""
        first, last = self.table(columns, rows)
        end = len(columns)
        lines = [
            (first - 1, columns[-1].title, "header_in"),
            *((first + n, row[-1], "aside") for n, row in enumerate(rows)),
        ]
        for at, value, name in lines:
            self.sheet.merge_range(at, end, at, end + more, "", self.book.format(name))
            self.put(at, end, value, name)
        for number, row in enumerate(rows):
            texts = ((row[0], self.widths[1]), (row[-1], self.room(end, end + more) - 2))
            tallest = max(lines_of(said, width, 10) if isinstance(said, str) else 1 for said, width in texts)
            self.height(first + number, tallest * 10 * LINE + 5)
        return first, last

    def _header(self, columns: Sequence[Column], first: int) -> None:
        lines = 1
        for number, column in enumerate(columns, start=first):
            self.put(self.row, number, column.title, _header_role(column.role))
            lines = max(lines, lines_of(column.title, self.widths[number], 9, bold=True))
        self.height(self.row, max(18.0, lines * 9 * LINE + 5))
        self.row += 1

    def _line(self, columns: Sequence[Column], row: Sequence[Any], first: int) -> None:
        height = 15.2
        for number, (column, item) in enumerate(zip(columns, row, strict=True), start=first):
            cell = item if isinstance(item, Cell) else Cell(item)
            name, unit = cell.role or column.role, cell.unit or column.unit
            self.put(self.row, number, cell.value, name, unit)
            height = max(height, self._height(cell.value, self.widths[number], name))
        self.height(self.row, height)
        self.row += 1

    @staticmethod
    def _height(value: Any, width: float, name: str) -> float:
        properties = role(name)
        text = value.value if isinstance(value, Live) else value
        size = properties["font_size"]
        if not isinstance(text, str) or not properties.get("text_wrap"):
            return float(size * LINE + 2)
        return float(min(400, lines_of(text, width, size, bool(properties.get("bold"))) * size * LINE + 5))

    def room(self, first: int, last: int) -> float:
        """The width of merged columns, in characters; each column brings five pixels of its own."""
        return sum(self.widths[first : last + 1]) + 0.7 * (last - first)

    def rows_within(self, first: int, points: float) -> int:
        """How many rows from `first` on a drawing of this height covers."""
        rows, used = 0, 0.0
        while used < points:
            used += self.heights.get(first + rows, DEFAULT_HEIGHT)
            rows += 1
        return rows

    @property
    def last_printed(self) -> int:
        """The last row of the print area."""
        return max(self.row, self.deepest, 1) if self.printed is None else self.printed

    def states(self, first: int, last: int, column: int) -> None:
        """Colour a column of states by their mark."""
        for mark, style in self.book.state_formats.items():
            rule = {"type": "text", "criteria": "begins with", "value": mark, "format": style}
            self.sheet.conditional_format(first, column, last, column, rule)


def _header_role(name: str) -> str:
    if name.endswith(("figure", "value")) or name == "input":
        return "header_right"
    return "header_in" if name in ("aside", "state", "headline_aside") else "header"
