"""Data quality: files, rows kept, folded and set aside, mapping, joins, exclusions; every ledger adds up live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cxaudit.report.book import Book, Cell, Column
from cxaudit.report.live import Live
from cxaudit.report.page import Page
from cxaudit.report.sheets.signals import column_name
from cxaudit.report.wording import file_label, measure_name, spoken, stripped, word
from cxaudit.schema.currencies import CODES
from cxaudit.schema.results import Export, Join
from cxaudit.texts import known, say

WIDTHS = (2, 44, 24, 28, 13, 13, 13, 13, 13, 14, 14)


def write(page: Page) -> None:
    """The ledger of files, then what joins, what was left out, what is missing, how columns were read."""
    book = page.book
    page.title(book.titles["quality"], book.say("quality.lead"))
    _files(page)
    _set_aside(page)
    _totals(page)
    _joins(page)
    _rules(page)
    _warnings(page)
    page.detail()
    _missing(page)
    _mapping(page)
    page.sheet.freeze_panes(2, 0)


def _files(page: Page) -> None:
    book = page.book
    page.heading(book.say("quality.files"))
    names = (
        "file",
        "table",
        "platform",
        "rows_read",
        "rows_kept",
        "rows_folded",
        "set_aside",
        "balance",
        "first_day",
        "last_day",
    )
    columns = [
        Column(book.say(f"column.{name}"), "cell" if n < 3 else "figure", "count") for n, name in enumerate(names)
    ]
    exports = book.audit.exports
    if not exports:
        page.paragraph(book.say("quality.no_files"))
        return
    first, last = page.table(columns, [_file(book, item, page.row + 1 + n) for n, item in enumerate(exports)])
    sums = [sum(getattr(item, name) for item in exports) for name in ("rows_read", "rows_kept", "rows_folded")]
    sums.append(sum(_aside(item) for item in exports))
    page.put(page.row, 1, book.say("total"), "strong")
    for column in (2, 3, *range(8, 11)):
        page.put(page.row, column, None, "cell")
    for column, total in zip(range(4, 8), sums, strict=True):
        letter = "ABCDEFGHIJK"[column]
        page.put(
            page.row, column, Live(f"=SUM({letter}{first + 1}:{letter}{last + 1})", total), "strong_figure", "count"
        )
    page.row += 1
    page.paragraph(book.say("quality.balance"), "note")


def _file(book: Book, item: Export, row: int) -> list[Any]:
    n = row + 1
    aside = _aside(item)
    balance = Live(f"=E{n}-F{n}-G{n}-H{n}", item.rows_read - item.rows_kept - item.rows_folded - aside)
    name = file_label(item.file) + (f" · {stripped(item.sheet)}" if item.sheet else "")
    days = [Cell(day, "figure", "short_day") for day in (item.first_day, item.last_day)]
    table = word("word.table", item.table, book.lang)
    return [name, table, item.platform or "–", item.rows_read, item.rows_kept, item.rows_folded, aside, balance, *days]


def _aside(item: Export) -> int:
    return sum(part.rows for part in item.set_aside)


def _set_aside(page: Page) -> None:
    book = page.book
    rows = [
        [file_label(item.file), word("word.table", item.table, book.lang), reason(book, part.reason), part.rows]
        for item in book.audit.exports
        for part in item.set_aside
    ]
    _listed(page, "quality.set_aside", ("file", "table", "reason", "rows"), "count", rows)


def reason(book: Book, key: str) -> str:
    """Why rows were set aside, in words."""
    candidates = (key, f"set_aside.{key}", f"rule.{key}", f"reading.{key}")
    found = next((item for item in candidates if known(item)), None)
    try:
        return say(found, book.lang) if found else key
    except KeyError:
        return key


def _totals(page: Page) -> None:
    book = page.book
    rows = [
        [file_label(item.file), word("word.table", item.table, book.lang), field, Cell(total, unit=currency)]
        for item in book.audit.exports
        for field, total, currency in _sums(item)
    ]
    _listed(page, "quality.totals", ("file", "table", "field", "sum"), "number", rows)


def _listed(page: Page, heading: str, names: Sequence[str], unit: str, rows: Sequence[Sequence[Any]]) -> None:
    """A table whose last column is a figure; nothing where there is no row."""
    if rows:
        tell, last = page.book.say, names[-1]
        page.heading(tell(heading))
        columns = [Column(tell(f"column.{name}"), "figure" if name == last else "cell", unit) for name in names]
        page.table(columns, rows)


def _sums(export: Export) -> Iterator[tuple[str, float, str]]:
    """Field, sum and dress of each sum of a file; what orders cost apart for each currency that they say."""
    for field, total in export.totals.items():
        apart = export.amounts if field == "amount" and export.amounts else {"": total}
        for currency, part in apart.items():
            yield field, part, currency if currency in CODES else "number"


def _joins(page: Page) -> None:
    book = page.book
    if not book.audit.joins:
        return
    page.heading(book.say("quality.joins"))
    names = ("origin", "target_table", "by", "matched", "total_rows", "share")
    columns = [
        Column(book.say(f"column.{name}"), "cell" if n < 3 else "figure", "count") for n, name in enumerate(names)
    ]
    page.table(columns, [_join(book, item, page.row + 1 + n) for n, item in enumerate(book.audit.joins)])


def _join(book: Book, item: Join, row: int) -> list[Any]:
    share: Any = Live(f"=E{row + 1}/F{row + 1}", item.share) if item.share is not None else None
    tables = [word("word.table", name, book.lang) for name in (item.origin, item.target)]
    return [
        *tables,
        word("word.key", item.by, book.lang),
        item.matched,
        item.total,
        Cell(share, "strong_figure", "share"),
    ]


def _rules(page: Page) -> None:
    book = page.book
    rules = {rule: rows for rule, rows in book.audit.rules.items() if rows}
    if rules:
        page.heading(book.say("quality.rules"))
        columns = [Column(book.say("column.rule")), Column(book.say("column.rows"), "figure", "count")]
        page.table(columns, [[rule_name(book, rule), rows] for rule, rows in rules.items()])


def rule_name(book: Book, rule: str) -> str:
    """An exclusion rule in words; `orders.cancelled` and `cancelled` are one rule."""
    return word("rule", rule if known(f"rule.{rule}") else rule.rpartition(".")[2], book.lang)


def _warnings(page: Page) -> None:
    book = page.book
    if book.audit.warnings:
        page.heading(book.say("quality.warnings"))
        page.paragraphs([f"▲ {stripped(spoken(item, book.lang))}" for item in book.audit.warnings])


def _missing(page: Page) -> None:
    book = page.book
    absent = list(book.audit.not_computable.values())
    if not absent:
        return
    page.heading(book.say("quality.missing"))
    for item in absent:
        columns = ", ".join(column_name(book, name) for name in item.missing)
        page.put(page.row, 1, measure_name(item.key, book.lang), "cell")
        style = book.format("muted")
        page.sheet.merge_range(page.row, 2, page.row, page.last, "", style)
        page.put(page.row, 2, columns or spoken(item.why, book.lang), "muted")
        page.height(page.row, 28 if len(measure_name(item.key, book.lang)) > 44 or len(columns) > 130 else 16.5)
        page.row += 1


def _mapping(page: Page) -> None:
    book = page.book
    rows = list(_mapped(book))
    if rows:
        page.heading(book.say("quality.mapping"))
        page.table([Column(book.say(f"column.{name}")) for name in ("file", "field", "column")], rows)


def _mapped(book: Book) -> Iterator[list[Any]]:
    for item in book.audit.exports:
        for field, column in item.mapping.items():
            if column:
                yield [file_label(item.file), field, stripped(str(column))]
        for field in item.derived:
            yield [file_label(item.file), field, book.say("quality.derived")]
