"""Beside a signal's figures: how to read them, what they are blind to, what one may do, what was left out."""

from __future__ import annotations

from collections.abc import Sequence

from cxaudit.report.book import Book, Column
from cxaudit.report.figures import CHART_COLUMN, verdict_text
from cxaudit.report.measuring import lines_of
from cxaudit.report.page import Page
from cxaudit.report.wording import measure_text, measure_texts, spoken, word
from cxaudit.schema.results import Measure


def reading(page: Page, key: str, measure: Measure | None, row: int) -> int:
    """Beside the tables: how to read a figure, what it is blind to, what one may do; returns the row after."""
    book = page.book
    said = [measure_text(key, "reading", book.lang) or ""]
    if measure is not None:
        said += [sentence(book, measure), _allows(book, measure), *reservations(book, measure)]
    row = _beside(page, row, book.say("reading.heading"), said)
    for part in ("blind", "advice"):
        lines = [f"• {line}" for line in measure_texts(key, part, book.lang)]
        row = _beside(page, row, book.say(f"{part}.heading"), lines)
    return row


def _beside(page: Page, row: int, title: str, texts: Sequence[str]) -> int:
    """A heading and its sentences in the columns of the charts; a sentence takes as many rows as it has lines."""
    if not any(texts):
        return row
    page.put(row, CHART_COLUMN, title, "heading")
    row += 1
    style = page.book.format("body")
    room = page.room(CHART_COLUMN, page.last)
    for said in filter(None, texts):
        lines = lines_of(said, room, 10)
        page.sheet.merge_range(row, CHART_COLUMN, row + lines - 1, page.last, "", style)
        page.put(row, CHART_COLUMN, said, "body")
        row += lines
    page.deepest = max(page.deepest, row)
    return row + 1


def _allows(book: Book, measure: Measure) -> str:
    return word("verdict.why", measure.verdict, book.lang) if verdict_text(book, measure) else ""


def sentence(book: Book, measure: Measure) -> str:
    """A share in plain words: how many, of how many, between what and what; counts follow their names, one or many."""
    if measure.unit != "share" or measure.kind == "difference" or measure.numerator is None or measure.low is None:
        return ""
    counted, unit_of = (measure_text(measure.key, part, book.lang) for part in ("counted", "unit_of"))
    if not counted or not unit_of or measure.high is None or not float(measure.numerator).is_integer():
        return ""
    numbers = {"numerator": measure.numerator, "denominator": measure.denominator}
    named = {"counted": counted[:1].upper() + counted[1:], "unit_of": unit_of[:1].upper() + unit_of[1:]}
    return book.say("reading.share", **named, low=measure.low, high=measure.high, **numbers)


def reservations(book: Book, measure: Measure) -> list[str]:
    """The refusals and notes of a measure, in words."""
    refusals = [f"{code} · {word('refusal', code, book.lang)}" for code in measure.refusals]
    return [*refusals, *(spoken(note, book.lang) for note in measure.notes)]


def left_out(page: Page, measure: Measure) -> None:
    """What was left out of a figure, counted by rule."""
    counted = {rule: rows for rule, rows in measure.excluded.items() if rows}
    if not counted:
        return
    book = page.book
    page.heading(book.say("excluded.heading"))
    header = [Column(book.say("column.rule")), Column(book.say("column.count"), "figure", "count")]
    page.table(header, [[word("rule", rule, book.lang), rows] for rule, rows in counted.items()])
