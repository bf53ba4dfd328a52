"""The first page: whose audit, of what, until when; five figures; what was given, what was not, what was removed."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from xlsxwriter.utility import quote_sheetname

from cxaudit.report.book import Book, Cell, Column
from cxaudit.report.figures import display_unit
from cxaudit.report.logo import scale_within
from cxaudit.report.page import Page
from cxaudit.report.sheets.signals import HEADLINES
from cxaudit.report.wording import measure_name, word
from cxaudit.schema.results import Audit
from cxaudit.schema.tables import TABLES
from cxaudit.texts import day, period, say

WIDTHS = (2, 44, 16, 13, 13, 26, 30)
LOGO_WIDTH, LOGO_HEIGHT = 240.0, 56.0  # pixels, right of the title
SHEET_OF = {name: name for name in HEADLINES}


def write(page: Page) -> None:
    """Title, one minute of reading, then the frame of the audit."""
    book = page.book
    _logo(page)
    page.row = max(page.row, 1)
    page.paragraph(book.say("cover.title"), "big")
    page.height(page.row - 1, 44)
    if book.request.client:
        page.paragraph(book.request.client, "client")
    page.row += 1
    _minute(page)
    page.heading(book.say("cover.frame"))
    for name, said in frame(book.audit, book.lang, book.request.client):
        page.put(page.row, 1, name, "strong")
        page.sheet.merge_range(page.row, 2, page.row, page.last, "", book.format("cell"))
        page.put(page.row, 2, said, "cell")
        page.row += 1
    _given(page)
    page.heading(book.say("cover.marks"))
    page.paragraph(book.say("cover.marks_text"))
    page.heading(book.say("cover.removed"))
    page.paragraph(book.say("cover.removed_text", count=book.request.removed))
    page.row += 1
    home = quote_sheetname(book.titles["contents"])
    page.sheet.write_url(page.row, 1, f"internal:{home}!A1", book.format("link"), book.say("cover.open"))


def _logo(page: Page) -> None:
    logo = page.book.request.logo
    if logo:
        scale = scale_within(logo, LOGO_WIDTH, LOGO_HEIGHT)
        options = {"image_data": BytesIO(logo), "description": page.book.say("alt.logo"), "object_position": 3}
        page.sheet.insert_image(0, 5, "logo.png", {**options, "x_scale": scale, "y_scale": scale, "y_offset": 6})


def _minute(page: Page) -> None:
    book = page.book
    page.heading(book.say("cover.minute"))
    if "tally" in book.spots:
        page.sheet.merge_range(page.row, 1, page.row, page.last, "", book.format("tally"))
        page.put(page.row, 1, book.spots["tally"].live(), "tally")
        page.height(page.row, 28)
        page.row += 1
    names = ("signal", "value", "low", "high", "verdict")
    roles = ("strong", "strong_figure", "figure", "figure", "state")
    columns = [Column(book.say(f"column.{name}"), role) for name, role in zip(names, roles, strict=True)]
    first, last = page.table(columns, [_signal(book, key) for key in HEADLINES.values()])
    page.states(first, last, 5)
    _reservations(page)
    for row, name in zip(range(first, last + 1), HEADLINES, strict=False):
        target = book.titles.get(SHEET_OF[name])
        if target:
            url = f"internal:{quote_sheetname(target)}!A1"
            page.sheet.write_url(row, 6, url, book.format("link"), f"→ {target}")


def _reservations(page: Page) -> None:
    """What the reservations beside the five figures mean."""
    measures = page.book.audit.measures
    codes = sorted({code for key in HEADLINES.values() if key in measures for code in measures[key].refusals})
    page.paragraphs([f"{code} · {word('refusal', code, page.book.lang)}" for code in codes], "note")


def _signal(book: Book, key: str) -> list[Any]:
    measure = book.audit.measures.get(key)
    name = measure_name(key, book.lang)
    if measure is None:
        return [name, None, None, None, word("state", "not computable", book.lang)]
    cells = [book.spots.get(f"{key}.{part}") for part in ("value", "low", "high")]
    verdict = book.spots.get(f"{key}.verdict")
    shown = [Cell(spot.live() if spot else None, unit=display_unit(measure)) for spot in cells]
    return [name, *shown, verdict.live() if verdict else word("verdict", measure.verdict, book.lang)]


def frame(audit: Audit, lang: str, client: str = "") -> list[tuple[str, str]]:
    """Whose audit, of which days, compared with which, up to when, by which definitions: names and words."""
    rows = [("client", client)] if client else []
    if audit.period:
        rows.append(("period", period((audit.period.first, audit.period.last), lang)))
    if audit.context.a and audit.context.b:
        rows.append(("compare", period((audit.context.a.first, audit.context.a.last), lang)))
    if audit.as_of:
        rows.append(("as_of", day(audit.as_of, lang)))
    rows.append(("definitions", f"{audit.definitions} (cxaudit {audit.cxaudit})"))
    return [(say(f"report.cover.{name}", lang), said) for name, said in rows]


def _given(page: Page) -> None:
    """Tables given with their rows, and tables that were not given."""
    book = page.book
    given: dict[str, int] = {}
    for export in book.audit.exports:
        if export.table in TABLES:
            given[export.table] = given.get(export.table, 0) + export.rows_kept
    page.heading(book.say("cover.given"))
    columns = [Column(book.say("column.table")), Column(book.say("column.rows_kept"), "figure", "count")]
    if given:
        page.table(columns, [[word("word.table", name, book.lang), rows] for name, rows in given.items()])
    else:
        page.paragraph(book.say("cover.nothing_given"))
    absent = [word("word.table", name, book.lang) for name in TABLES if name not in given and name != "events"]
    if absent:
        page.paragraph(book.say("cover.not_given", tables=absent), "note")
