"""Contents: every sheet by name, with what it answers."""

from __future__ import annotations

from xlsxwriter.utility import quote_sheetname

from cxaudit.report.page import Page

WIDTHS = (2, 6, 34, 92)


def write(page: Page) -> None:
    """One link a sheet."""
    book = page.book
    page.title(book.titles["contents"], book.say("contents.lead"))
    others = [(key, title) for key, title in book.titles.items() if key != "contents"]
    for number, (key, title) in enumerate(others, start=1):
        page.put(page.row, 1, number, "muted_figure", "count")
        page.sheet.write_url(page.row, 2, f"internal:{quote_sheetname(title)}!A1", book.format("contents_link"), title)
        page.put(page.row, 3, book.say(f"contents.{key}"), "cell")
        page.height(page.row, 21)
        page.row += 1
