"""How a sheet prints: A4, one page wide, numbered, ended between sections; on screen without grid lines."""

from __future__ import annotations

from cxaudit.report.page import DEFAULT_HEIGHT, Page
from cxaudit.report.sheets.signals import HEADLINES
from cxaudit.report.style import FONT
from cxaudit.report.wording import clean

PORTRAIT = ("cover", "contents")
BEHIND = ("data", "chart_data", "method", "quality", "parameters")
LATE = 0.7  # a section longer than a page begins a new one only this far down
EARLY = 0.25  # a page is never ended this far up, or a title would stand alone
A4 = 9


def print_setup(page: Page) -> None:
    """Paper, margins, header, footer, page breaks, print area, and the tab's colour."""
    book, sheet = page.book, page.sheet
    sheet.set_paper(A4)
    sheet.set_portrait() if page.key in PORTRAIT else sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.45, right=0.45, top=0.6, bottom=0.6)
    sheet.hide_gridlines(2)
    client = clean(book.request.client).replace("&", "&&")[:80]
    sheet.set_header(f'&L&"{FONT}"&8 {client}&R&"{FONT}"&8 {book.titles[page.key]}', {"margin": 0.3})
    sheet.set_footer(f'&L&"{FONT}"&8 {book.say("footer")}&R&"{FONT}"&8 &P / &N', {"margin": 0.3})
    sheet.set_h_pagebreaks(breaks(page, _room(page)))
    sheet.print_area(0, 0, page.last_printed, page.rightmost)
    if page.key in BEHIND:
        sheet.set_tab_color("#6B7885")
    elif page.key in HEADLINES:
        sheet.set_tab_color(book.request.accent)


def _room(page: Page) -> float:
    """The height of a printed page in points of the sheet, once its width fits."""
    wide, high = (7.37, 10.49) if page.key in PORTRAIT else (10.79, 7.07)
    pixels = sum(width * 7 + 5 for width in page.widths)
    return 72 * high * max(1.0, pixels / (96 * wide)) * 0.97


def breaks(page: Page, room: float) -> list[int]:
    """Rows before which a printed page of `room` points ends, so that a section that fits a page stays whole."""
    sections = [row for row in page.sections if row <= page.last_printed]
    ends = [*sections[1:], page.last_printed + 1][: len(sections)]
    found: list[int] = []
    top = 0
    for start, end in zip(sections, ends, strict=True):
        fits = _points(page, start, end - 1) <= room
        used = _points(page, top, start)
        worth = used > EARLY * room and (fits or used > LATE * room)
        if start > top and worth and _points(page, top, end - 1) > room:
            found.append(start)
            top = start
        while _points(page, top, end - 1) > room:
            top = _page_end(page, top, end, room)
            found.append(top)
    return found


def _points(page: Page, first: int, last: int) -> float:
    return sum(page.heights.get(row, DEFAULT_HEIGHT) for row in range(first, last))


def _page_end(page: Page, top: int, end: int, room: float) -> int:
    used = 0.0
    for row in range(top, end):
        used += page.heights.get(row, DEFAULT_HEIGHT)
        if used > room:
            return max(row, top + 1)
    return end
