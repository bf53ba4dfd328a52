"""Notes taken in the workshop, page by page."""

from __future__ import annotations

from cxaudit.report.book import Cell, Column
from cxaudit.report.page import Page
from cxaudit.report.wording import word

WIDTHS = (2, 24, 18, 100)


def write(page: Page) -> None:
    """Every note as it was typed."""
    book = page.book
    page.title(book.titles["notes"], book.say("notes.lead" if book.request.notes else "notes.none"))
    columns = [Column(book.say(f"column.{name}")) for name in ("page", "written", "note")]
    rows = [
        [word("report.page", note.page, book.lang), Cell(note.created, "when", "short_day"), note.text]
        for note in book.request.notes
    ]
    page.table(columns, rows or [[None, None, None] for _ in range(12)])
    page.sheet.freeze_panes(2, 0)
