"""Quoted verbatims: the client's text as text, its telling words in bold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cxaudit.report.measuring import lines_of
from cxaudit.report.page import LINE, Page
from cxaudit.report.wording import clean, measure_name, stripped, word
from cxaudit.schema.workshop import Quote
from cxaudit.texts import known, month

LONGEST = 1500
TEXT_COLUMN, LAST_COLUMN = 2, 8


def write_quote(page: Page, quote: Quote) -> None:
    """Where it comes from on the left, the text on the right."""
    book = page.book
    when = month(quote.month, book.lang) if quote.month else ""
    origin = " · ".join(
        part for part in (tone_name(quote.label, book.lang), word("word.table", quote.source, book.lang), when) if part
    )
    page.put(page.row, 1, origin, "muted")
    style = book.format("cell")
    page.sheet.merge_range(page.row, TEXT_COLUMN, page.row, LAST_COLUMN, "", style)
    fragments = list(rich(page, quote))
    if len(fragments) > 2:
        page.sheet.write_rich_string(page.row, TEXT_COLUMN, *fragments, style)
    else:
        page.sheet.write_string(page.row, TEXT_COLUMN, _fit(quote.text), style)
    lines = lines_of(_fit(quote.text), page.room(TEXT_COLUMN, LAST_COLUMN), 10)
    page.height(page.row, min(400.0, lines * 10 * LINE + 6))
    page.row += 1


def tone_name(label: str, lang: str) -> str:
    """The name of a tone label."""
    return measure_name(f"tone.{label}.share", lang) if known(f"measure.tone.{label}.share.name") else label


def rich(page: Page, quote: Quote) -> Iterator[Any]:
    """Format and text in turn, as a rich string takes them; nothing where the marks no longer fit the text."""
    text = quote.text
    if _fit(text) != text:
        return
    plain = page.book.rich_format(bold=False)
    strong = page.book.rich_format(bold=True)
    at = 0
    for start, end in sorted((max(0, a), min(len(text), b)) for a, b, *_ in quote.spans):
        if start < at or end <= start:
            continue
        if start > at:
            yield from (plain, text[at:start])
        yield from (strong, text[start:end])
        at = end
    if at < len(text):
        yield from (plain, text[at:])


def _fit(text: str) -> str:
    kept = clean(stripped(text))
    return kept if len(kept) <= LONGEST else kept[:LONGEST].rstrip() + "…"
