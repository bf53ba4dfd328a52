"""Excel's own charts: a line with its band, bars with their intervals, a waterfall. Each stands on the chart sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from cxaudit.report.book import Book
from cxaudit.report.data import chart_block
from cxaudit.report.live import Live
from cxaudit.report.measuring import text_width
from cxaudit.report.page import Page
from cxaudit.report.scale import Bar, axis, ends_of, parts
from cxaudit.report.style import BORDER, EVENT, FONT, INK, LOCALES, MINUS, MUTED, SIGNAL, number_format

WIDTH, HEIGHT = 560, 290
WIDEST_LABEL, CUT_LABEL = 290, 36
PARTS = ("label", "step", "start", "end", "hidden_up", "hidden_down", "rise_up", "rise_down", "fall_up", "fall_down")
_TEXT = {"name": FONT, "size": 9, "color": MUTED}


@dataclass(frozen=True, slots=True)
class TracedBar(Bar):
    """A figure of a chart with the cells that hold its value, its limits and its label."""

    value_cell: str = ""
    low_cell: str = ""
    high_cell: str = ""
    label_cell: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart stands and what it says."""

    row: int
    column: int
    title: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


def trend(page: Page, frame: Frame, months: Sequence[TracedBar], unit: str) -> int:
    """A line by month over its band; a month without a value is no point. Returns the rows that it covers."""
    book = page.book
    months = [item for item in months if item.value is not None]
    rows = [(item.label, _point(item.value_cell, item.value), *_band(item)) for item in months]
    headers = [book.say(f"chart.{name}") for name in ("month", "value", "low", "width")]
    data, first, last = chart_block(book, frame.title, headers, rows, unit)
    categories = data.range(first, last, 1)
    band = book.xlsx.add_chart({"type": "area", "subtype": "stacked"})
    invisible = {"fill": {"none": True}, "border": {"none": True}}
    band.add_series(
        {"categories": categories, "values": data.range(first, last, 3), "name": _name(data, first, 3), **invisible}
    )
    shade = {"fill": {"color": SIGNAL, "transparency": 78}, "border": {"none": True}}
    band.add_series(
        {"categories": categories, "values": data.range(first, last, 4), "name": _name(data, first, 4), **shade}
    )
    line = book.xlsx.add_chart({"type": "line"})
    marker = {"type": "circle", "size": 5, "fill": {"color": SIGNAL}, "border": {"color": SIGNAL}}
    line.add_series(
        {
            "categories": categories,
            "values": data.range(first, last, 2),
            "name": _name(data, first, 2),
            "line": {"color": SIGNAL, "width": 2.25},
            "marker": marker,
        }
    )
    band.combine(line)
    _dress(book, band, frame)
    step = max(1, ceil(len(months) / 7))
    band.set_x_axis(
        {
            "num_font": _TEXT,
            "num_format": number_format("month", book.lang),
            "label_position": "low",
            "date_axis": True,
            "major_unit": step,
            "major_unit_type": "months",
            "minor_unit": 1,
            "minor_unit_type": "months",
            "line": {"color": BORDER},
        }
    )
    band.set_y_axis(_value_axis(book, [*ends_of(months)], unit))
    return _insert(page, band, frame)


def bars(page: Page, frame: Frame, items: Sequence[TracedBar], unit: str) -> int:
    """Horizontal bars with their intervals, first on top; returns the rows that the chart covers."""
    book = page.book
    rows = [(_label(item), _point(item.value_cell, item.value), *_margins(item)) for item in items]
    headers = [book.say(f"chart.{name}") for name in ("label", "value", "minus", "plus")]
    data, first, last = chart_block(book, frame.title, headers, rows, unit)
    chart = book.xlsx.add_chart({"type": "bar"})
    margins = {
        "type": "custom",
        "plus_values": _absolute(data, first, last, 4),
        "minus_values": _absolute(data, first, last, 3),
        "line": {"color": INK, "width": 1.5},
    }
    chart.add_series(
        {
            "categories": data.range(first, last, 1),
            "values": data.range(first, last, 2),
            "name": _name(data, first, 2),
            "fill": {"color": SIGNAL, "transparency": 60},
            "border": {"none": True},
            "gap": 55,
            "x_error_bars": margins,
        }
    )
    _dress(book, chart, frame)
    chart.set_y_axis(
        {
            "reverse": True,
            "num_font": {**_TEXT, "color": INK},
            "line": {"color": BORDER},
            "label_position": "low",
            "crossing": "max",
        }
    )
    ends = [0.0, *ends_of(items)]
    chart.set_x_axis(_value_axis(book, ends, unit))
    return _insert(page, chart, frame)


def waterfall(page: Page, frame: Frame, steps: Sequence[TracedBar], unit: str) -> int:
    """Signed steps from zero to their sum, as stacked columns; the last bar is the sum itself."""
    book = page.book
    rows = _steps(book, steps)
    headers = [book.say(f"chart.{name}") for name in PARTS]
    data, first, last = chart_block(book, frame.title, headers, rows, unit)
    chart = book.xlsx.add_chart({"type": "column", "subtype": "stacked"})
    colours = [*[(EVENT, 45)] * (len(steps) - 2), (SIGNAL, 45), (INK, 65)]
    points = [{"fill": {"color": ink, "transparency": pale}, "border": {"none": True}} for ink, pale in colours]
    for column in (5, 6):
        hidden = {"fill": {"none": True}, "border": {"none": True}, "gap": 40}
        chart.add_series(_series(data, first, last, column) | hidden)
    for column, sign in ((7, "+"), (8, "+"), (9, MINUS), (10, MINUS)):
        font = {**_TEXT, "color": INK, "bold": True}
        labels = {"value": True, "num_format": _signed_label(unit, sign, book.lang), "font": font}
        chart.add_series(_series(data, first, last, column) | {"points": points, "data_labels": labels})
    _dress(book, chart, frame)
    chart.set_x_axis({"num_font": {**_TEXT, "color": INK}, "line": {"color": BORDER}, "label_position": "low"})
    reach = [0.0, *(float(row[3].value) for row in rows)]
    chart.set_y_axis(_value_axis(book, reach, f"gap.{unit}"))
    return _insert(page, chart, frame)


def _signed_label(unit: str, sign: str, lang: str) -> str:
    """A step's label, signed by its direction whichever side of zero it is drawn on; nothing where it is zero."""
    plain = number_format(unit, lang).split(";")[0].removeprefix(LOCALES[lang])
    return ";".join((f"{LOCALES[lang]}{sign}{plain}", f"{LOCALES[lang]}{sign}{plain}", '""'))


def _steps(book: Book, steps: Sequence[TracedBar]) -> list[list[Any]]:
    """Label, step, start, end, and the six stacked parts of each step, live from the steps themselves."""
    top = book.pages["chart_data"].row + 3
    rows: list[list[Any]] = []
    reached = 0.0
    for number, item in enumerate(steps):
        n, fresh = top + 1 + number, number in (0, len(steps) - 1)
        step = item.value or 0.0
        start = 0.0 if fresh else reached
        end = reached = start + step
        begin: Any = 0.0 if fresh else Live(f"=E{n - 1}", start)
        rows.append(
            [_label(item), _point(item.value_cell, step), begin, Live(f"=D{n}+C{n}", end), *_parts(n, start, end)]
        )
    return rows


def _parts(n: int, start: float, end: float) -> list[Live]:
    """The parts of a step by formula."""
    shows_above, shows_below = f"MAX(0,D{n},E{n})-F{n}", f"MIN(0,D{n},E{n})-G{n}"
    rises, falls = f"E{n}>=D{n}", f"E{n}<D{n}"
    formulas = (
        f"=MAX(0,MIN(D{n},E{n}))",
        f"=MIN(0,MAX(D{n},E{n}))",
        f"=IF({rises},{shows_above},0)",
        f"=IF({rises},{shows_below},0)",
        f"=IF({falls},{shows_above},0)",
        f"=IF({falls},{shows_below},0)",
    )
    return [Live(formula, part) for formula, part in zip(formulas, parts(start, end), strict=True)]


def _label(item: TracedBar) -> Any:
    """The label's own cell, pointed at; a name too long for a chart is cut."""
    if isinstance(item.label, str) and text_width(item.label, 9) > WIDEST_LABEL:
        return item.label[:CUT_LABEL].rstrip() + "…"
    return Live(f"={item.label_cell}", item.label) if item.label_cell and isinstance(item.label, str) else item.label


def _point(cell: str, value: float | None) -> Any:
    return Live(f"={cell}", value) if cell and value is not None else value


def _band(item: TracedBar) -> tuple[Any, Any]:
    if item.value is None or item.low is None or item.high is None:
        return None, None
    return Live(f"={item.low_cell}", item.low), Live(f"={item.high_cell}-{item.low_cell}", item.high - item.low)


def _margins(item: TracedBar) -> tuple[Any, Any]:
    if item.value is None or item.low is None or item.high is None:
        return 0.0, 0.0
    minus = Live(f"={item.value_cell}-{item.low_cell}", item.value - item.low)
    return minus, Live(f"={item.high_cell}-{item.value_cell}", item.high - item.value)


def _series(data: Page, first: int, last: int, column: int) -> dict[str, Any]:
    return {
        "categories": data.range(first, last, 1),
        "values": data.range(first, last, column),
        "name": _name(data, first, column),
    }


def _name(data: Page, first: int, column: int) -> str:
    return f"={data.reference(first - 1, column)}"


def _absolute(data: Page, first: int, last: int, column: int) -> str:
    letter = xl_col_to_name(column)
    return f"={data.name}!${letter}${first + 1}:${letter}${last + 1}"


def _value_axis(book: Book, ends: Sequence[float], unit: str) -> dict[str, Any]:
    low, high, step = axis(ends)
    rounded = unit.replace("share", "whole_share") if step >= 0.01 else unit
    return {
        "num_format": number_format(rounded, book.lang),
        "num_font": _TEXT,
        "major_gridlines": {"visible": True, "line": {"color": BORDER, "width": 0.5}},
        "line": {"none": True},
        "min": low,
        "max": high,
        "major_unit": step,
    }


def _dress(book: Book, chart: Any, frame: Frame) -> None:
    font = {"name": FONT, "size": 10, "bold": True, "color": INK}
    chart.set_title({"name": frame.title, "name_font": font, "overlay": False, "layout": {"x": 0.015, "y": 0.025}})
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": BORDER, "width": 0.75}, "fill": {"color": "#FFFFFF"}})
    chart.set_plotarea({"fill": {"none": True}})
    chart.set_size({"width": frame.width, "height": frame.height})
    chart.show_blanks_as("gap")


def _insert(page: Page, chart: Any, frame: Frame) -> int:
    page.sheet.insert_chart(
        frame.row, frame.column, chart, {"description": frame.alt, "object_position": 2, "x_offset": 4, "y_offset": 4}
    )
    page.book.charts += 1
    rows = page.rows_within(frame.row, (frame.height + 10) * 72 / 96)
    page.deepest = max(page.deepest, frame.row + rows)
    return rows
