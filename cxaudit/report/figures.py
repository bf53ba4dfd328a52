"""The tables of figures that every sheet shares: measures, months, classes; each ratio and interval live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from cxaudit.report import charts
from cxaudit.report.book import Book, Cell, Column, Spot
from cxaudit.report.charts import Frame, TracedBar
from cxaudit.report.data import Figure, Line, denominator, effective, index, numerator
from cxaudit.report.live import Live, finite, limits, ratio, text
from cxaudit.report.page import Page
from cxaudit.report.wording import measure_name, shown, word
from cxaudit.schema.results import Measure, Segment
from cxaudit.texts import money, number, share

# B label · C numerator · D denominator · E value · F low · G high · H n_eff · I verdict · J gap · K… chart
WIDTHS = (2, 36, 12, 12, 15, 11, 11, 11, 20, 2, 11, 11, 11, 11, 11, 11, 11)
LABEL, NUMERATOR, DENOMINATOR, VALUE, LOW, HIGH, N_EFF, VERDICT = range(1, 9)
CHART_COLUMN = 10
MOST_CLASSES, PRINTED_CUTS = 15, 2
FEW, ENOUGH, WIDEST = 30, 100, 0.10


@dataclass(frozen=True, slots=True)
class Roles:
    """The dress of a row of figures."""

    label: str = "cell"
    figure: str = "muted_figure"
    value: str = "strong_figure"
    limit: str = "figure"


HEADLINE = Roles("headline", "headline_figure", "headline_value", "headline_figure")
ORDINARY = Roles()


def columns(book: Book, first: str) -> list[Column]:
    """The header of a table of figures."""
    names = ("numerator", "denominator", "value", "low", "high", "n_eff", "verdict")
    roles = ("figure", "figure", "figure", "figure", "figure", "figure", "aside")
    heads = [Column(book.say(f"column.{name}"), role) for name, role in zip(names, roles, strict=True)]
    return [Column(first), *heads]


def figure_cells(page: Page, line: Line, row: int, roles: Roles = ORDINARY) -> list[Cell]:
    """Numerator to high limit of one figure, as cells of `row` of a table that begins in column B."""
    book, measure, figure = page.book, line.measure, line.figure
    unit = display_unit(measure)
    data_row = index(book).row(measure.key, line.cut, line.name)
    at = [xl_rowcol_to_cell(row, column) for column in (NUMERATOR, DENOMINATOR, VALUE, N_EFF)]
    value = ratio(figure.numerator, figure.denominator, figure.value, measure.unit, (at[0], at[1]))
    low, high = limits(figure.value, figure.n_eff, figure.low, figure.high, (at[2], at[3]), book.names)
    small = figure.denominator == 0 and line.kind == "month"
    return [
        Cell(numerator(book, figure, data_row), roles.figure, _counting(figure.numerator)),
        Cell(book.say("few") if small else denominator(book, figure, data_row), roles.figure, "count"),
        Cell(value, roles.value, unit),
        Cell(low, roles.limit, unit),
        Cell(high, roles.limit, unit),
        Cell(effective(book, figure, data_row), roles.figure, "n_eff"),
    ]


def _counting(number: float | None) -> str:
    return "count" if number is None or float(number).is_integer() else "number"


def display_unit(measure: Measure) -> str:
    """The unit to show a figure in; differences bear their sign."""
    return f"gap.{plain_unit(measure)}" if measure.kind == "difference" else plain_unit(measure)


def plain_unit(measure: Measure | None) -> str:
    """The unit or currency of a figure, of its target and of its periods; a mean count keeps its decimals."""
    if measure is None:
        return "number"
    whole = measure.value is None or float(measure.value).is_integer()
    return "score" if measure.unit == "count" and not whole else measure.shown_unit


def verdict_cell(page: Page, measure: Measure, row: int, name: str = "aside") -> Cell:
    """The verdict in words; live on n_eff and interval for a share without a reservation."""
    book = page.book
    said, codes = verdict_text(book, measure), measure.refusals
    if codes or measure.kind == "difference" or measure.unit != "share" or measure.verdict != _single(measure):
        return Cell(said, name)
    n, low, high = (xl_rowcol_to_cell(row, column) for column in (N_EFF, LOW, HIGH))
    few, indicative, established = (
        text(word("verdict", key, book.lang)) for key in ("insufficient", "indicative", "established")
    )
    names = book.names
    wide = f"OR({n}<{names.enough},({high}-{low})/2>{names.widest})"
    return Cell(Live(f"=IF({n}<{names.few},{few},IF({wide},{indicative},{established}))", said), name)


def verdict_text(book: Book, measure: Measure) -> str:
    """The verdict and its reservations; a plain count or amount has none."""
    if measure.value is None or (measure.low is None and measure.n_eff is None):
        return " · ".join(measure.refusals)
    return " · ".join((word("verdict", measure.verdict, book.lang), *measure.refusals))


def _single(measure: Measure) -> str | None:
    n, low, high = finite(measure.n_eff), finite(measure.low), finite(measure.high)
    if n is None or low is None or high is None:
        return None
    if n < FEW:
        return "insufficient"
    return "indicative" if n < ENOUGH or (high - low) / 2 > WIDEST else "established"


def measure_table(page: Page, measures: Sequence[Measure], headline: str = "") -> Mapping[str, int]:
    """A row a measure, the headline first and large; returns the row of each key."""
    book = page.book
    ordered = sorted(measures, key=lambda item: item.key != headline)
    page_rows: dict[str, int] = {}
    row = page.row + 1
    body: list[list[Any]] = []
    for at, measure in enumerate(ordered, start=row):
        roles = HEADLINE if measure.key == headline else ORDINARY
        cells = figure_cells(page, Line(measure, measure, "total"), at, roles)
        closing = verdict_cell(page, measure, at, "headline_aside" if roles is HEADLINE else "aside")
        body.append([Cell(measure_name(measure.key, book.lang), roles.label), *cells, closing])
        page_rows[measure.key] = at
    page.table(columns(book, book.say("column.measure")), body)
    for measure in ordered:
        remember(page, measure, page_rows[measure.key])
    return page_rows


def remember(page: Page, measure: Measure, row: int) -> None:
    """Let other sheets point at a measure's figures, unless an earlier sheet shows them already."""
    if f"{measure.key}.value" in page.book.spots:
        return
    parts = (("value", VALUE, measure.value), ("low", LOW, measure.low), ("high", HIGH, measure.high))
    more = (("numerator", NUMERATOR, measure.numerator), ("denominator", DENOMINATOR, measure.denominator))
    for part, column, value in (*parts, *more, ("n_eff", N_EFF, measure.n_eff)):
        page.spot(f"{measure.key}.{part}", row, column, finite(value))
    page.spot(f"{measure.key}.verdict", row, VERDICT, verdict_text(page.book, measure) or None)


def month_table(page: Page, measure: Measure, chart_row: int | None = None) -> int:
    """The months of a measure beside their chart, which may stand higher; returns the row under the chart."""
    book = page.book
    top = page.row
    title = book.say("months.heading", name=measure_name(measure.key, book.lang))
    page.heading(title, breakable=chart_row is None)
    first = page.row + 1
    rows = [
        [Cell(point.month, "when", "month"), *figure_cells(page, Line(measure, point, "month", name=point.month), row)]
        for row, point in enumerate(measure.series, start=first)
    ]
    page.table(columns(book, book.say("column.month"))[:-1], rows)
    bottom = page.row
    if measure.series:
        span = f"{page.reference(first, VALUE)}:{xl_rowcol_to_cell(bottom - 1, VALUE, True, True)}"
        book.spots[f"{measure.key}.months"] = Spot(span, None)
    points = [_bar(page, point.month, point, row) for row, point in enumerate(measure.series, start=first)]
    start = top + 2 if chart_row is None else chart_row
    if not any(item.value is not None for item in points):
        return start
    alt = book.say("alt.trend", name=measure_name(measure.key, book.lang))
    frame = Frame(start, CHART_COLUMN, _trend_title(book, measure, points), alt)
    below = start + charts.trend(page, frame, points, display_unit(measure))
    if chart_row is None:
        page.row = max(bottom, below)
    return below


def _trend_title(book: Book, measure: Measure, points: Sequence[TracedBar]) -> str:
    known = [item for item in points if item.value is not None]
    name = measure_name(measure.key, book.lang)
    if len(known) < 2:
        return name
    first, last = known[0], known[-1]
    facts = {
        "first": amount(book, first.value, measure.shown_unit),
        "first_month": first.label,
        "last": amount(book, last.value, measure.shown_unit),
        "last_month": last.label,
    }
    return book.say("chart.trend", name=name, **facts)


def amount(book: Book, value: float | None, unit: str) -> str:
    """A figure in words, rounded for reading: titles only, never a cell that is traced."""
    if value is None:
        return "–"
    if unit == "share":
        return share(value, book.lang)
    return money(value, book.lang, unit) if unit.isupper() else number(value, book.lang)


def segment_tables(page: Page, measure: Measure) -> None:
    """Each segment of a measure: its largest classes beside their chart, the others counted; the first two printed."""
    drawn = [(cut, classes) for cut, classes in measure.segments.items() if classes]
    for place, (cut, classes) in enumerate(drawn):
        if place == PRINTED_CUTS:
            page.detail()
        _segment_table(page, measure, cut, classes)


def _segment_table(page: Page, measure: Measure, cut: str, classes: Sequence[Segment]) -> None:
    book = page.book
    name = word("word.segment", cut, book.lang)
    top = page.row
    page.heading(book.say("segments.heading", name=measure_name(measure.key, book.lang), segment=name))
    largest = sorted(classes, key=lambda item: -item.denominator)[:MOST_CLASSES]
    largest.sort(key=lambda item: -(item.value if item.value is not None else -1e9))
    first = page.row + 1
    rows = []
    for row, item in enumerate(largest, start=first):
        cells = figure_cells(page, Line(measure, item, "class", cut, item.segment), row)
        verdict = word("verdict", item.verdict, book.lang) if item.verdict else ""
        rows.append([class_label(book, item.segment), *cells, Cell(verdict, "aside")])
    page.table(columns(book, name[:1].upper() + name[1:]), rows)
    if len(classes) > len(largest):
        page.paragraph(book.say("segments.more", count=len(classes) - len(largest)), "note", VERDICT)
    bottom = page.row
    items = [_bar(page, class_label(book, item.segment), item, row) for row, item in enumerate(largest, start=first)]
    if len(items) > 1:
        title = book.say("chart.segments", name=measure_name(measure.key, book.lang), segment=name)
        frame = Frame(top + 2, CHART_COLUMN, title, book.say("alt.bars", name=title), height=90 + 26 * len(items))
        page.row = max(bottom, top + 2 + charts.bars(page, frame, items, display_unit(measure)))


def class_label(book: Book, name: str) -> str:
    """The client's own value, or the audit's word for its own classes."""
    return shown(word("word.class", word("word.table", name, book.lang), book.lang))


def _bar(page: Page, label: Any, figure: Figure, row: int) -> TracedBar:
    cells = [page.reference(row, column, absolute=False) for column in (VALUE, LOW, HIGH, LABEL)]
    return TracedBar(label, finite(figure.value), finite(figure.low), finite(figure.high), *cells)


def group(page: Page, title: str, measures: Sequence[Measure], note: str = "") -> None:
    """A small family of measures: its table beside a chart of those that share a unit."""
    book = page.book
    top = page.row
    page.heading(title)
    rows = measure_table(page, measures)
    page.paragraph(note, "note", VERDICT)
    bottom = page.row
    by_unit: dict[tuple[str, str], list[Measure]] = {}
    for measure in measures:
        by_unit.setdefault((display_unit(measure), measure.unit), []).append(measure)
    (unit, _), largest = max(by_unit.items(), key=lambda item: len(item[1]))
    items = [_bar(page, measure_name(m.key, book.lang), m, rows[m.key]) for m in largest if m.value is not None]
    if len(items) > 1:
        frame = Frame(top + 2, CHART_COLUMN, title, book.say("alt.bars", name=title), height=92 + 30 * len(items))
        page.row = max(bottom, top + 2 + charts.bars(page, frame, items, unit))
