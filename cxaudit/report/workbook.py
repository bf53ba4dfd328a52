"""Audit → workbook: which sheets, in which order, and a file that appears whole or not at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from cxaudit.report import data, figures, privacy
from cxaudit.report.book import Book, PlainSheet, Request, Spot
from cxaudit.report.page import Page
from cxaudit.report.printing import print_setup
from cxaudit.report.sheets import (
    contents,
    context,
    cover,
    groups,
    method,
    notes,
    parameters,
    plan,
    quality,
    signals,
    summary,
    surface,
)
from cxaudit.report.style import FONT
from cxaudit.report.whole import whole
from cxaudit.report.wording import clean
from cxaudit.schema.results import Audit
from cxaudit.schema.workshop import Action, Note, Quote
from cxaudit.texts import LANGUAGES


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its key, how it is written, its column widths, and its turn (figures before what points at them)."""

    key: str
    write: Callable[[Page], None]
    widths: Sequence[float]
    turn: int = 5
    optional: bool = True


# In the order of the tabs; turns: 0 chart data, 1 parameters, 2 context, 3 signals, 4 other figures, 6 overviews.
SHEETS = (
    Sheet("cover", cover.write, cover.WIDTHS, 7, False),
    Sheet("contents", contents.write, contents.WIDTHS, 8, False),
    Sheet("summary", summary.write, summary.WIDTHS, 6, False),
    *(Sheet(name, signals.sheet(name), figures.WIDTHS, 3) for name in signals.HEADLINES),
    Sheet("crosses", groups.write_crosses, figures.WIDTHS, 4),
    Sheet("context", context.write, context.WIDTHS, 2),
    Sheet("surface", surface.write, surface.WIDTHS, 4, False),
    Sheet("field", groups.write_field, figures.WIDTHS, 4),
    Sheet("plan", plan.write, plan.WIDTHS),
    Sheet("notes", notes.write, notes.WIDTHS),
    Sheet("quality", quality.write, quality.WIDTHS),
    Sheet("method", method.write, method.WIDTHS),
    Sheet("parameters", parameters.write, parameters.WIDTHS, 1, False),
    Sheet("data", data.write, data.WIDTHS, 9, False),
    Sheet("chart_data", data.write_chart_data, (2, 44, *[14] * 8), 0, False),
)
SHEET_KEYS = tuple(sheet.key for sheet in SHEETS if sheet.optional)
# What a person may leave out, by what it is for; what is in no group always stands in the workbook.
SHEET_GROUPS: Mapping[str, Sequence[str]] = {
    "signals": tuple(signals.HEADLINES),
    "depth": ("crosses", "context", "field"),
    "work": ("plan", "notes"),
    "proof": ("quality", "method"),
}


def write_workbook(
    audit: Audit,
    path: Path,
    *,
    lang: str,
    client: str = "",
    notes: Sequence[Note] = (),
    plan: Sequence[Action] = (),
    quotes: Sequence[Quote] = (),
    sheets: Sequence[str] | None = None,
    accent: str = "#1B4F8F",
    logo: bytes | None = None,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write the audit as an Excel workbook at `path`, whole or not at all.

    `sheets` are keys of `SHEET_KEYS` (None: all); `accent` is the consultant's colour as #RRGGBB and `logo` a PNG or
    JPEG; `progress` is called with the share of sheets written (0-1). Groups under five, raw rows and free text stay
    behind; verbatims are written only where `quotes` brings them.

    Raises:
        ValueError: an unknown language or sheet.
        OSError: the file cannot be written.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}; known: {', '.join(LANGUAGES)}")
    chosen = _chosen(sheets)
    request = Request(lang, client, notes, plan, quotes, accent, logo, privacy.removed_groups(audit))
    with whole(Path(path)) as draft:
        _write(privacy.fit_to_leave(audit), draft, request, chosen, progress or (lambda share: None))


def file_name(client: str, period: str, lang: str, suffix: str = ".xlsx") -> str:
    """A file's name from client, period and language: `alba-2026-07-2026-09-fr.xlsx`."""
    parts = (_slug(part) for part in (client or "audit", period, lang))
    return "-".join(part for part in parts if part) + suffix


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


def _chosen(keys: Sequence[str] | None) -> list[Sheet]:
    if keys is None:
        return list(SHEETS)
    unknown = sorted(set(keys) - set(SHEET_KEYS))
    if unknown:
        raise ValueError(f"unknown sheets {', '.join(unknown)}; known: {', '.join(SHEET_KEYS)}")
    return [sheet for sheet in SHEETS if not sheet.optional or sheet.key in keys]


def _write(
    audit: Audit, path: Path, request: Request, chosen: Sequence[Sheet], progress: Callable[[float], None]
) -> None:
    options = {"default_format_properties": {"font_name": FONT, "font_size": 10}, "strings_to_formulas": False}
    xlsx = Workbook(str(path), {**options, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"})
    book = Book(xlsx, audit, request)
    book.spots["#index"] = Spot("", data.Index(audit))
    for sheet in chosen:
        _open(book, sheet)
    for done, sheet in enumerate(sorted(chosen, key=lambda item: item.turn), start=1):
        sheet.write(book.pages[sheet.key])
        progress(done / len(chosen))
    _describe(book)
    for sheet in chosen:
        print_setup(book.pages[sheet.key])
    try:
        xlsx.close()
    except FileCreateError as error:
        [refused] = error.args
        raise refused from None


def _open(book: Book, sheet: Sheet) -> None:
    title = book.say(f"sheet.{sheet.key}")
    book.titles[sheet.key] = title
    book.pages[sheet.key] = Page(book, sheet.key, book.xlsx.add_worksheet(title, PlainSheet), sheet.widths)


def _describe(book: Book) -> None:
    """Document properties; the day of the data stands for the day of writing, so that equal audits give equal files."""
    as_of = book.audit.as_of
    properties: Mapping[str, object] = {
        "title": f"{book.say('cover.title')} {book.request.client}".strip(),
        "subject": book.say("properties.subject"),
        "author": "cxaudit",
        "company": book.request.client,
        "keywords": book.say("properties.keywords"),
        "comments": book.say("properties.comments", definitions=book.audit.definitions),
    }
    moment = {"created": datetime(as_of.year, as_of.month, as_of.day)} if as_of else {}
    book.xlsx.set_properties({**{key: clean(str(value)) for key, value in properties.items()}, **moment})
    book.xlsx.set_size(24000, 14000)
