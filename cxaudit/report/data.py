"""The data sheets: one line a figure (total, month, class of a segment), and the small tables under the charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from cxaudit.report.book import Book
from cxaudit.report.live import Live, limits, ratio
from cxaudit.report.page import Page
from cxaudit.report.wording import measure_name, word
from cxaudit.schema.results import Audit, Measure, Point, Segment
from cxaudit.texts import sign

FIRST_ROW = 4
PRINTED_LINES = 40  # the sheets of data are for the screen: one page shows what they hold
COLUMNS = (
    *("key", "name", "kind", "cut", "class", "month"),
    *("numerator", "denominator", "n_eff", "value", "low", "high", "unit"),
)
KEY, NAME, KIND, CUT, CLASS, MONTH, NUMERATOR, DENOMINATOR, N_EFF, VALUE, LOW, HIGH, UNIT = range(1, 14)
LETTERS = tuple(xl_col_to_name(column) for column in (NUMERATOR, DENOMINATOR, N_EFF, VALUE))
WIDTHS = (2, 30, 38, 11, 14, 34, 12, 12, 12, 11, 11, 11, 11, 11)
Figure = Measure | Point | Segment


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the data sheet."""

    measure: Measure
    figure: Figure
    kind: str
    cut: str = ""
    name: str | date = ""


def lines(audit: Audit) -> Iterator[Line]:
    """All figures of an audit, measure after measure: its total, its months, its segments."""
    for measure in audit.measures.values():
        yield Line(measure, measure, "total")
        yield from (Line(measure, point, "month", name=point.month) for point in measure.series)
        for cut, classes in measure.segments.items():
            yield from (Line(measure, item, "class", cut, item.segment) for item in classes)


class Index:
    """Where each figure stands on the data sheet."""

    def __init__(self, audit: Audit) -> None:
        self.lines = list(lines(audit))
        self.rows = {
            (line.measure.key, line.cut, line.name): number for number, line in enumerate(self.lines, start=FIRST_ROW)
        }

    def row(self, key: str, cut: str = "", name: str | date = "") -> int:
        return self.rows[key, cut, name]


def write(page: Page) -> None:
    """Data: every numerator and denominator once; every other sheet points here."""
    book = page.book
    page.title(book.titles["data"], book.say("data.lead"))
    page.row = FIRST_ROW - 1
    for number, column in enumerate(COLUMNS, start=1):
        name = "header_right" if NUMERATOR <= number <= HIGH else "header_in" if number == UNIT else "header"
        page.put(page.row, number, book.say(f"column.{column}"), name)
    page.row = FIRST_ROW
    page.printed = FIRST_ROW + PRINTED_LINES
    words = _words(book)
    for line in index(book).lines:
        _write_line(page, line, words)
        page.row += 1
    page.sheet.freeze_panes(FIRST_ROW, 3)
    page.sheet.autofilter(FIRST_ROW - 1, 1, max(FIRST_ROW, page.row - 1), UNIT)
    page.sheet.repeat_rows(FIRST_ROW - 1)


def index(book: Book) -> Index:
    """The workbook's data index, made once."""
    found = book.spots.get("#index")
    if found is None:
        raise LookupError("the data index is made before any sheet is written")
    return found.value


def numerator(book: Book, figure: Figure, row: int) -> Live | None:
    """The numerator of a figure, pointed at."""
    return _pointed(book, row, NUMERATOR, figure.numerator)


def denominator(book: Book, figure: Figure, row: int) -> Live | None:
    return _pointed(book, row, DENOMINATOR, figure.denominator)


def effective(book: Book, figure: Figure, row: int) -> Live | None:
    return _pointed(book, row, N_EFF, figure.n_eff)


def _pointed(book: Book, row: int, column: int, value: float | None) -> Live | None:
    return Live(f"={book.pages['data'].reference(row, column)}", value) if value is not None else None


def _words(book: Book) -> dict[str, str]:
    kinds = {kind: book.say(f"kind.{kind}") for kind in ("total", "month", "class")}
    shown = {measure.shown_unit for measure in book.audit.measures.values()}
    units = {unit: sign(unit) if unit.isupper() else word("word.unit", unit, book.lang) for unit in shown}
    cuts = {cut: word("word.segment", cut, book.lang) for m in book.audit.measures.values() for cut in m.segments}
    names = {key: measure_name(key, book.lang) for key in book.audit.measures}
    return {**kinds, **{f"unit.{k}": v for k, v in units.items()}, **{f"cut.{k}": v for k, v in cuts.items()}, **names}


def _write_line(page: Page, line: Line, words: dict[str, str]) -> None:
    row, measure, figure = page.row, line.measure, line.figure
    n, (y, d, e, p) = row + 1, LETTERS
    unit = f"gap.{measure.shown_unit}" if measure.kind == "difference" else measure.shown_unit
    cells = (f"{y}{n}", f"{d}{n}")
    value = ratio(figure.numerator, figure.denominator, figure.value, measure.unit, cells)
    low, high = limits(figure.value, figure.n_eff, figure.low, figure.high, (f"{p}{n}", f"{e}{n}"), page.book.names)
    texts: Sequence[tuple[int, Any]] = (
        (KEY, measure.key),
        (NAME, words[measure.key]),
        (KIND, words[line.kind]),
        (CUT, words[f"cut.{line.cut}"] if line.cut else None),
        (CLASS, line.name if line.kind == "class" else None),
        (UNIT, words[f"unit.{measure.shown_unit}"]),
    )
    for column, text in texts:
        if text:
            page.put(row, column, text, "plain_aside" if column == UNIT else "plain")
    if line.kind == "month":
        page.put(row, MONTH, line.name, "plain_when", "month")
    for column, number in ((NUMERATOR, figure.numerator), (DENOMINATOR, figure.denominator), (N_EFF, figure.n_eff)):
        if number is not None:
            page.put(row, column, number, "plain", "count" if float(number).is_integer() else "number")
    for column, shown in ((VALUE, value), (LOW, low), (HIGH, high)):
        if shown is not None:
            page.put(row, column, shown, "plain", unit)


def write_chart_data(page: Page) -> None:
    """Chart data: the head of the sheet; the tables come with the charts."""
    page.title(page.book.titles["chart_data"], page.book.say("chart_data.lead"))
    page.printed = PRINTED_LINES * 2 // 3
    page.sheet.freeze_panes(2, 0)


def chart_block(
    book: Book, title: str, headers: Sequence[str], rows: Sequence[Sequence[Any]], unit: str
) -> tuple[Page, int, int]:
    """A small table on the chart sheet: labels first, then figures; returns the sheet, first and last row."""
    page = book.pages["chart_data"]
    page.row += 1
    page.put(page.row, 1, title, "heading")
    page.row += 1
    for number, header in enumerate(headers, start=1):
        page.put(page.row, number, header, "header" if number == 1 else "header_right")
    page.height(page.row, 27)
    first = page.row = page.row + 1
    for row in rows:
        for number, value in enumerate(row, start=1):
            own = "month" if isinstance(value, date) else unit if number > 1 else None
            page.put(page.row, number, value, "plain_when" if own == "month" else "plain", own)
        page.row += 1
    return page, first, page.row - 1
