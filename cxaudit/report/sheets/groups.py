"""Crosses and the field: families of measures, each a table beside its chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from cxaudit.report import charts
from cxaudit.report.book import Cell, Column
from cxaudit.report.charts import Frame, TracedBar
from cxaudit.report.figures import group, month_table
from cxaudit.report.live import finite
from cxaudit.report.page import Page
from cxaudit.report.wording import measure_name, measure_text, shown, word
from cxaudit.schema.results import Field, Measure
from cxaudit.texts import known

OWN_SHEETS = ("recontact", "tone", "repurchase", "silence", "gesture", "surface", "field")
FIELD_GROUPS: Mapping[str, str] = {
    "canned": "canned",
    "tailored": "canned",
    "quick_close": "quick_close",
    "slow_close": "quick_close",
    "late": "late",
    "on_time": "late",
    "promises": "late",
    "hops": "hops",
    "no_hop": "hops",
    "multi_agent": "agents",
    "same_agent": "agents",
    "incoherent": "agents",
    "hard_wait": "hard",
    "easy_wait": "hard",
    "hard_transfer": "hard",
    "easy_transfer": "hard",
    "listening": "listening",
}


def write_crosses(page: Page) -> None:
    """Crosses: refund, journeys, clicks, reply speed, tone, effort, unsubscription."""
    book = page.book
    page.title(book.titles["crosses"], book.say("crosses.lead"))
    measures = [m for key, m in book.audit.measures.items() if key.partition(".")[0] not in OWN_SHEETS]
    _groups(page, "crosses", measures, _cross_name)
    _not_computable(page, lambda key: key.partition(".")[0] not in OWN_SHEETS)
    page.detail()
    for key in ("cross.nps.purchase", "cross.nps.support", "cross.nps.return", "unsubscribe.30d"):
        if (measure := book.audit.measures.get(key)) is not None and len(measure.series) > 1:
            month_table(page, measure)
    page.sheet.freeze_panes(2, 0)


def write_field(page: Page) -> None:
    """The field: irritants, remarks, criteria, then the figures of the front line."""
    book, work = page.book, page.book.audit.field_work
    page.title(book.titles["field"], book.say("field.lead"))
    _irritants(page, work)
    _remarks(page, work)
    _criteria(page, work)
    measures = [m for key, m in book.audit.measures.items() if key.startswith("field.")]
    _groups(page, "field", measures, lambda key: FIELD_GROUPS.get(key.split(".")[1], "other"))
    _not_computable(page, lambda key: key.startswith("field."))
    page.sheet.freeze_panes(2, 0)


def _cross_name(key: str) -> str:
    parts = key.split(".")
    return parts[1] if parts[0] == "cross" and len(parts) > 1 else parts[0]


def _groups(page: Page, sheet: str, measures: Sequence[Measure], name: Callable[[str], str]) -> None:
    book = page.book
    families: dict[str, list[Measure]] = {}
    for measure in measures:
        families.setdefault(name(measure.key), []).append(measure)
    if not measures:
        page.paragraph(book.say(f"{sheet}.none"))
    for family, members in families.items():
        title = f"{sheet}.{family}"
        name_of = book.say(title) if known(f"report.{title}") else measure_name(members[0].key, book.lang)
        group(page, name_of, members, measure_text(members[0].key, "reading", book.lang) or "")


def _not_computable(page: Page, chosen: Callable[[str], bool]) -> None:
    book = page.book
    absent = [item for key, item in book.audit.not_computable.items() if chosen(key)]
    if absent:
        page.heading(book.say("missing.heading"))
        said = word("state.mark", "not computable", book.lang)
        page.paragraphs([f"{said} {measure_name(item.key, book.lang)}" for item in absent], last=8)


def _irritants(page: Page, work: Field) -> None:
    if not work.irritants:
        return
    book = page.book
    top = page.row
    page.heading(book.say("field.irritants"))
    names = ("irritant", "tickets", "share", "growth", "recontact", "terms")
    units = (None, "count", "share", "gap.share", "share", None)
    columns = [
        Column(book.say(f"column.{name}"), "figure" if unit else "aside" if name == "terms" else "cell", unit)
        for name, unit in zip(names, units, strict=True)
    ]
    first = page.row + 1
    largest = work.irritants[:20]
    rows = [
        [shown(item.label), item.tickets, item.share, finite(item.growth), finite(item.recontact), _terms(item.terms)]
        for item in largest
    ]
    page.wide_table(columns, rows, 2)
    bars = [
        TracedBar(
            shown(item.label),
            float(item.tickets),
            value_cell=page.reference(first + n, 2, False),
            label_cell=page.reference(first + n, 1, False),
        )
        for n, item in enumerate(largest[:12])
    ]
    _draw(page, top, book.say("field.irritants"), bars, "count")


def _terms(terms: Iterable[str]) -> str:
    return ", ".join(shown(term) for term in list(terms)[:6])


def _remarks(page: Page, work: Field) -> None:
    if not work.remarks:
        return
    book = page.book
    page.heading(book.say("field.remarks"))
    names = ("topic", "first_seen", "remarks", "tickets")
    columns = [Column(book.say(f"column.{name}"), "cell" if name == "topic" else "figure", "count") for name in names]
    rows = [
        [shown(item.topic), Cell(item.first_seen, "figure", "short_day"), item.remarks, item.tickets]
        for item in work.remarks
    ]
    page.table(columns, rows)


def _criteria(page: Page, work: Field) -> None:
    if not work.criteria:
        return
    book = page.book
    top = page.row
    page.heading(book.say("field.criteria"))
    names = ("criterion", "checks", "value", "low", "high")
    columns = [Column(book.say(f"column.{name}"), "cell" if name == "criterion" else "figure") for name in names]
    first = page.row + 1
    rows = [
        [
            shown(item.criterion),
            Cell(item.checks, unit="count"),
            *(Cell(finite(v), unit="share") for v in (item.value, item.low, item.high)),
        ]
        for item in work.criteria
    ]
    page.table(columns, rows)
    bars = [
        TracedBar(
            shown(item.criterion), finite(item.value), finite(item.low), finite(item.high), *_addresses(page, first + n)
        )
        for n, item in enumerate(work.criteria[:12])
    ]
    _draw(page, top, book.say("field.criteria"), bars, "share")


def _draw(page: Page, top: int, title: str, bars: Sequence[TracedBar], unit: str) -> None:
    """The bars of the table that begins at `top`, beside it; a lone bar is not drawn."""
    if len(bars) > 1:
        frame = Frame(top + 2, 10, title, page.book.say("alt.bars", name=title), height=100 + 26 * len(bars))
        page.row = max(page.row, top + 2 + charts.bars(page, frame, bars, unit))


def _addresses(page: Page, row: int) -> list[str]:
    return [page.reference(row, column, False) for column in (3, 4, 5, 1)]
