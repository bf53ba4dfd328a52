"""Context: declared events, and each comparison raw and in normal conditions, its lines summed live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from cxaudit.report import charts
from cxaudit.report.book import Book, Cell, Column
from cxaudit.report.charts import Frame, TracedBar
from cxaudit.report.figures import plain_unit
from cxaudit.report.live import Live, finite, same
from cxaudit.report.page import Page
from cxaudit.report.sheets.signals import HEADLINES
from cxaudit.report.wording import measure_name, spoken, stripped, word
from cxaudit.schema.results import Adjusted, Event, Suggestion
from cxaudit.texts import known, period, say, scope

WIDTHS = (2, 38, 13, 13, 13, 14, 14, 13, 13, 28)
EVENT_COLUMNS = (
    ("event", "cell"),
    ("event_kind", "cell"),
    ("from", "figure"),
    ("to", "figure"),
    ("days", "figure"),
    ("scope", "aside"),
)
SUGGESTED_COLUMNS = (*EVENT_COLUMNS[:4], ("ratio", "figure"), ("why", "aside"))
STEP_COLUMN = 2
MOST_CHARTS, MOST_SUGGESTED = 5, 40
NOTHING = 1e-6


def write(page: Page) -> None:
    """Periods, events, the comparisons that count and their waterfalls; then all others, and open questions."""
    book, context = page.book, page.book.audit.context
    page.title(book.titles["context"], _periods(book))
    _events(page)
    if context.signals:
        first = [key for key in context.signals if _counts(context.signals[key])]
        headlines = [key for key in HEADLINES.values() if key in context.signals]
        drawn = _drawn(context.signals)
        keys = tuple(dict.fromkeys((*headlines, *first, *drawn)))
        _comparisons(page, "comparisons", keys)
        for key in drawn:
            _waterfall(page, context.signals[key])
        page.detail()
        _comparisons(page, "other_comparisons", [key for key in context.signals if key not in keys])
    else:
        page.paragraph(book.say("context.none"))
    _questions(page)
    page.sheet.freeze_panes(2, 0)


def _counts(item: Adjusted) -> bool:
    return item.verdict == "demonstrated"


def _periods(book: Book) -> str:
    context = book.audit.context
    if context.a is None or context.b is None:
        return book.say("context.no_periods")
    a, b = (period((span.first, span.last), book.lang) for span in (context.a, context.b))
    key = f"context.rung.{context.rung}"
    rung = say(key, book.lang) if known(key) else ""
    return f"{book.say('context.periods', a=a, b=b)} {rung}".strip()


def _events(page: Page) -> None:
    book = page.book
    page.heading(book.say("context.events"))
    events = book.audit.context.events
    if not events:
        page.paragraph(book.say("context.no_events"))
        return
    columns = [Column(book.say(f"column.{name}"), role) for name, role in EVENT_COLUMNS]
    page.wide_table(columns, [_event(book, item, page.row + 1 + n) for n, item in enumerate(events)], 3)


def _event(book: Book, event: Event, row: int) -> list[Any]:
    days = Live(f"=E{row + 1}-D{row + 1}+1", (event.ends_on - event.starts_on).days + 1)
    ends = [Cell(day, "figure", "short_day") for day in (event.starts_on, event.ends_on)]
    return [
        stripped(event.name),
        word("word.event", event.kind, book.lang),
        *ends,
        Cell(days, "figure", "count"),
        stripped(_scope(book, event)),
    ]


def _scope(book: Book, event: Event) -> str:
    """Whom an event touches, in words."""
    if event.unanswered:
        return book.say("context.scope_unanswered", scope=event.scope_given)
    return scope(event.scope, book.lang)


def _comparisons(page: Page, heading: str, keys: Sequence[str]) -> None:
    book, signals = page.book, page.book.audit.context.signals
    if not keys:
        return
    page.heading(book.say(f"context.{heading}"))
    names = (
        "signal",
        "raw_a",
        "raw_b",
        "raw_diff",
        "adjusted_a",
        "adjusted_b",
        "remaining_low",
        "remaining_high",
        "verdict",
    )
    columns = [
        Column(book.say(f"column.{name}"), "cell" if name == "signal" else "aside" if name == "verdict" else "figure")
        for name in names
    ]
    first = page.row + 1
    ordered = [(key, signals[key]) for key in keys]
    page.table(columns, [_comparison(book, item, first + n) for n, (_, item) in enumerate(ordered)])
    for number, (key, item) in enumerate(ordered):
        page.spot(f"adjusted.{key}", first + number, 6, finite(item.adjusted_b))
        page.spot(f"raw_diff.{key}", first + number, 4, finite(item.raw_diff))


def _unit(book: Book, key: str) -> str:
    measure = book.audit.measures.get(key)
    return plain_unit(measure) if measure else "share"


def _comparison(book: Book, item: Adjusted, row: int) -> list[Any]:
    unit = _unit(book, item.key)
    a, b = (xl_rowcol_to_cell(row, column) for column in (2, 3))
    diff: Any = finite(item.raw_diff)
    raw_a, raw_b = finite(item.raw_a), finite(item.raw_b)
    if raw_a is not None and raw_b is not None and same(raw_b - raw_a, diff):
        diff = Live(f"={b}-{a}", diff)
    codes = "".join(f" · {code}" for code in item.refusals)
    plain = [Cell(finite(value), "figure", unit) for value in (item.raw_a, item.raw_b)]
    normal = [Cell(finite(value), "figure", unit) for value in (item.adjusted_a, item.adjusted_b)]
    ends = [Cell(finite(value), "figure", f"gap.{unit}") for value in (item.low, item.high)]
    verdict = word("verdict", item.verdict, book.lang) + codes
    return [
        measure_name(item.key, book.lang),
        *plain,
        Cell(diff, "strong_figure", f"gap.{unit}"),
        *normal,
        *ends,
        verdict,
    ]


def _drawn(signals: Mapping[str, Adjusted]) -> list[str]:
    """The differences whose lines are drawn: of the headlines, else of the first that has any."""
    whole = [key for key in signals if _told(signals[key])]
    chosen = [key for key in HEADLINES.values() if key in whole] or whole[:1]
    return chosen[:MOST_CHARTS]


def _told(item: Adjusted) -> bool:
    """Whether the lines of a difference say something: a remainder, and an event that moved the figure."""
    return finite(item.remaining) is not None and any(abs(part) > NOTHING for part in item.lines.values())


def _waterfall(page: Page, item: Adjusted) -> None:
    """The lines of one difference, the remainder by subtraction, the sum by addition."""
    book = page.book
    unit = _unit(book, item.key)
    name = measure_name(item.key, book.lang)
    top = page.row
    page.heading(book.say("context.lines", name=name))
    first = page.row + 1
    steps = _steps(book, item, first)
    columns = [Column(book.say("column.line")), Column(book.say("column.points"), "figure", f"gap.{unit}")]
    page.table(columns, steps)
    page.paragraph(book.say("context.remaining"), "note", 3)
    bottom = page.row
    bars = [
        TracedBar(
            str(label),
            _value(value),
            value_cell=page.reference(first + n, STEP_COLUMN, False),
            label_cell=page.reference(first + n, 1, False),
        )
        for n, (label, value) in enumerate(steps)
    ]
    frame = Frame(top + 2, 4, book.say("chart.waterfall", name=name), book.say("alt.waterfall", name=name), 660, 250)
    page.row = max(bottom, top + 2 + charts.waterfall(page, frame, bars, unit))


def _value(value: Any) -> float | None:
    return value.value if isinstance(value, Live) else value  # type: ignore[return-value]


def _steps(book: Book, item: Adjusted, first: int) -> list[list[Any]]:
    lines = [(word("word.event", kind, book.lang), part) for kind, part in item.lines.items()]
    rows: list[list[Any]] = [[label, part] for label, part in lines]
    last = first + len(rows)
    remaining: Any = finite(item.remaining)
    spot = book.spots[f"raw_diff.{item.key}"]
    total = sum(part for _, part in lines) + (remaining or 0.0)
    if same(total, item.raw_diff) and rows:
        remaining = Live(f"={spot.reference}-SUM(C{first + 1}:C{last})", remaining)
    rows.append([word("word.event", "remaining", book.lang), remaining])
    rows.append([book.say("context.total"), Live(f"=SUM(C{first + 1}:C{last + 1})", total)])
    return rows


def _questions(page: Page) -> None:
    """Events that the data or a calendar suggest: questions, never causes."""
    book = page.book
    suggested = book.audit.context.suggested
    if not suggested:
        return
    page.heading(book.say("context.suggested"))
    page.paragraph(book.say("context.suggested_lead"), "note")
    columns = [Column(book.say(f"column.{name}"), role) for name, role in SUGGESTED_COLUMNS]
    page.wide_table(columns, [_suggestion(book, item) for item in suggested[:MOST_SUGGESTED]], 3)


def _suggestion(book: Book, item: Suggestion) -> list[Any]:
    ends = [Cell(day, "figure", "short_day") for day in (item.starts_on, item.ends_on)]
    why = spoken(item.why, book.lang) if item.why else ""
    ratio = Cell(finite(item.ratio), "figure", "score")
    return [f"▲ {stripped(item.name)}", word("word.event", item.kind, book.lang), *ends, ratio, why]
