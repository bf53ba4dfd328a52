"""The action plan: one line an action, lists to choose from, filters, room to write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cxaudit.findings.confronted import amount, firm
from cxaudit.report.book import Book, Cell, Column
from cxaudit.report.live import finite
from cxaudit.report.page import Page
from cxaudit.report.wording import spoken, word
from cxaudit.schema.results import Audit
from cxaudit.schema.workshop import EFFORTS, STATUSES, Action
from cxaudit.texts import known, say

WIDTHS = (2, 48, 20, 14, 12, 34, 14, 44, 16)
OWNER, DUE, EFFORT, EXPECTED, STATUS, FINDING, STAKE = range(2, 9)
EMPTY_ROWS, FEWEST_EMPTY = 15, 5


def write(page: Page) -> None:
    """The plan of the workshop, else the actions that the findings suggest, then empty lines."""
    book = page.book
    plan = book.request.plan or suggested(book.audit, book.lang)
    page.title(book.titles["plan"], book.say("plan.lead" if book.request.plan else "plan.proposed"))
    names = ("action", "owner", "due", "effort", "expected", "status", "finding", "at_stake")
    columns = [Column(book.say(f"column.{name}")) for name in names]
    rows = [_row(book, item) for item in plan] + [
        [None] * len(names) for _ in range(max(FEWEST_EMPTY, EMPTY_ROWS - len(plan)))
    ]
    header = page.row
    first, last = page.table(columns, rows)
    for row in range(first + len(plan), last + 1):
        page.put(row, DUE, None, "when", "short_day")
    page.sheet.autofilter(header, 1, last, STAKE)
    _lists(page, first, last)
    page.sheet.freeze_panes(header + 1, 2)
    page.sheet.repeat_rows(header)


def suggested(audit: Audit, lang: str) -> Sequence[Action]:
    """Each action that findings recommend, once, for the first finding that does."""
    first: dict[str, str] = {}
    for finding in audit.findings:
        for key in finding.actions:
            first.setdefault(key, finding.key)
    return [Action(action_text(key, lang), finding=finding) for key, finding in first.items()]


def action_text(key: str, lang: str) -> str:
    """An action key in words."""
    candidates = (key, f"action.{key}", f"measure.{key}.advice.1")
    return next((say(item, lang) for item in candidates if known(item)), key)


def _row(book: Book, action: Action) -> list[Any]:
    finding = next((item for item in book.audit.findings if item.key == action.finding), None)
    effort = word("word.effort", action.effort, book.lang) if action.effort else None
    return [
        action.action,
        action.owner,
        Cell(action.due, "when", "short_day"),
        effort,
        action.expected,
        word("word.status", action.status, book.lang),
        Cell(spoken(finding.text, book.lang) if finding else action.finding, "muted"),
        _stake(book, action),
    ]


def _stake(book: Book, action: Action) -> Cell:
    stake = book.audit.stakes.get(action.stake)
    if stake is None:
        return Cell(action.stake)
    if firm(stake):
        return Cell(finite(stake.value), "figure", stake.currency)
    return Cell(amount(stake, book.lang), "small")


def _lists(page: Page, first: int, last: int) -> None:
    book = page.book
    for column, prefix, names in ((EFFORT, "word.effort", EFFORTS), (STATUS, "word.status", STATUSES)):
        choices = [word(prefix, name, book.lang) for name in names]
        page.sheet.data_validation(first, column, last, column, {"validate": "list", "source": choices})
    done = book.xlsx.add_format({"font_color": "#006B4F", "bg_color": "#E4F4EE"})
    doing = book.xlsx.add_format({"font_color": "#8F5E00", "bg_color": "#FFF3DC"})
    for status, style in (("done", done), ("doing", doing)):
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": f'"{word("word.status", status, book.lang)}"',
            "format": style,
        }
        page.sheet.conditional_format(first, STATUS, last, STATUS, rule)
