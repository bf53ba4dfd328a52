"""One sheet a signal: headline, months with their interval, segments, how to read, what it is blind to, what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cxaudit.report.book import Book
from cxaudit.report.figures import (
    LABEL,
    NUMERATOR,
    VALUE,
    VERDICT,
    group,
    measure_table,
    month_table,
    segment_tables,
)
from cxaudit.report.page import Page
from cxaudit.report.reading import left_out, reading
from cxaudit.report.sheets.verbatims import write_quote
from cxaudit.report.wording import measure_name, measure_text, spoken, word
from cxaudit.schema.results import Measure, NotComputable

HEADLINES: Mapping[str, str] = {
    "recontact": "recontact.orders.30d",
    "tone": "tone.negative.share",
    "repurchase": "repurchase.complainers.90d",
    "silence": "silence.customers.90d",
    "gestures": "gesture.no_effect.90d",
}
FAMILIES: Mapping[str, str] = {"gestures": "gesture"}


def family(book: Book, name: str) -> list[Measure]:
    """All measures of a signal."""
    prefix = FAMILIES.get(name, name) + "."
    return [measure for key, measure in book.audit.measures.items() if key.startswith(prefix)]


def sheet(name: str) -> Callable[[Page], None]:
    """The sheet of one of the five signals."""

    def write(page: Page) -> None:
        write_signal(page, name)

    return write


def write_signal(page: Page, name: str) -> None:
    book, key = page.book, HEADLINES[name]
    headline = book.audit.measures.get(key)
    page.title(measure_text(key, "question", book.lang) or measure_name(key, book.lang), lead(book, key))
    measures = family(book, name)
    side = page.row
    if headline is None:
        missing(page, book.audit.not_computable.get(key), key)
        side = page.row
    if measures:
        measure_table(page, [item for item in measures if not named_tone(item.key)] or measures, key)
        adjusted(page, key)
    if headline is not None and headline.series:
        side = month_table(page, headline, side)
    if headline is not None:
        left_out(page, headline)
    page.row = max(page.row, reading(page, key, headline, side))
    if name == "tone":
        labels(page, measures)
    if headline is not None:
        segment_tables(page, headline)
    page.sheet.freeze_panes(2, 0)


def named_tone(key: str) -> bool:
    """Whether a measure is one tone of the ten, shown apart from the negative and the positive ones."""
    parts = key.split(".")
    return parts[0] == "tone" and parts[-1] == "share" and parts[1] not in ("negative", "positive")


def lead(book: Book, key: str) -> str:
    """What the audit said first about a figure, whatever its limits are now: its finding, else how it counts."""
    said = [spoken(finding.text, book.lang) for finding in book.audit.findings if key in finding.measures]
    told = book.say("summary.audited", said=" ".join(said[:2])) if said else ""
    return told or measure_text(key, "reading", book.lang) or ""


def missing(page: Page, absent: NotComputable | None, key: str) -> None:
    """A figure that cannot be computed: its state, why, and the columns that would unlock it."""
    book = page.book
    page.put(page.row, 1, word("state", "not computable", book.lang), "state")
    page.states(page.row, page.row, 1)
    page.row += 1
    if absent is None:
        page.paragraph(book.say("missing.unknown"))
        return
    page.paragraph(spoken(absent.why, book.lang))
    if absent.missing:
        page.paragraph(book.say("missing.columns", columns=[column_name(book, item) for item in absent.missing]))


def column_name(book: Book, column: str) -> str:
    """A canonical column as a reader meets it: table, then field."""
    table, _, field = column.partition(".")
    return f"{word('word.table', table, book.lang)} : {field}" if field else word("word.table", table, book.lang)


def adjusted(page: Page, key: str) -> None:
    """The figure in normal conditions, pointed at on the context sheet."""
    book = page.book
    found = book.audit.context.signals.get(key)
    if found is None or found.adjusted_b is None or f"adjusted.{key}" not in book.spots:
        return
    spot = book.spots[f"adjusted.{key}"]
    measure = book.audit.measures.get(key)
    apart = book.audit.compared_apart
    label = book.say("adjusted.apart", when=(apart.first, apart.last)) if apart else book.say("adjusted.b")
    page.put(page.row, LABEL, label, "strong")
    for column in range(NUMERATOR, VERDICT):
        page.put(page.row, column, None, "figure")
    page.put(page.row, VALUE, spot.live(), "strong_figure", measure.unit if measure else "share")
    page.put(page.row, VERDICT, word("verdict", found.verdict, book.lang), "aside")
    page.row += 1


def labels(page: Page, measures: Sequence[Measure]) -> None:
    """The tones one by one, as a chart, then the verbatims that were chosen."""
    book = page.book
    named = [item for item in measures if named_tone(item.key)]
    if len(named) > 1:
        ranked = sorted(named, key=lambda item: -(item.value or 0))
        group(page, book.say("tone.labels"), ranked)
    quotes(page)


def quotes(page: Page) -> None:
    """Verbatims with their telling words in bold, only where they were asked for."""
    book = page.book
    page.heading(book.say("quotes.heading"))
    if not book.request.quotes:
        page.paragraph(book.say("quotes.none"))
        return
    page.paragraph(book.say("quotes.lead"), "note")
    for quote in book.request.quotes:
        write_quote(page, quote)
