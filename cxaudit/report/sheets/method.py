"""Method: how a figure is counted, what a verdict allows, what each reservation means, what was removed."""

from __future__ import annotations

from cxaudit.report.book import Column
from cxaudit.report.measuring import lines_of
from cxaudit.report.page import Page
from cxaudit.report.wording import measure_name, measure_text, word

WIDTHS = (2, 40, 58, 36, 36)
STATES = ("confirmed", "suspected", "cleared", "open", "not green", "no target", "not computable")
VERDICTS = ("established", "indicative", "insufficient", "withheld", "demonstrated", "not demonstrated")
REFUSALS = tuple(f"R{number}" for number in range(1, 10))
PRINCIPLES = (
    "clock",
    "maturity",
    "interval",
    "cluster",
    "difference",
    "context",
    "standardised",
    "money",
    "live",
    "privacy",
)


def write(page: Page) -> None:
    """Principles, verdicts, reservations, states, then the definition of every figure of this audit."""
    book = page.book
    page.title(book.titles["method"], book.say("method.lead", definitions=book.audit.definitions))
    page.heading(book.say("method.principles"))
    for key in PRINCIPLES:
        _pair(page, book.say(f"method.{key}.name"), book.say(f"method.{key}.text"))
    for heading, prefix, keys in (
        ("verdicts", "verdict", VERDICTS),
        ("refusals", "refusal", REFUSALS),
        ("states", "state", STATES),
    ):
        page.heading(book.say(f"method.{heading}"))
        for key in keys:
            name = (
                f"{key} · {word('refusal.short', key, book.lang)}"
                if prefix == "refusal"
                else word(prefix, key, book.lang)
            )
            _pair(page, name, word("refusal" if prefix == "refusal" else f"{prefix}.why", key, book.lang))
    page.detail()
    _definitions(page)
    page.sheet.freeze_panes(2, 0)


def _pair(page: Page, name: str, said: str) -> None:
    page.put(page.row, 1, name, "strong")
    page.sheet.merge_range(page.row, 2, page.row, page.last, "", page.book.format("cell"))
    page.put(page.row, 2, said, "cell")
    lines = max(lines_of(said, page.room(2, page.last), 10), lines_of(name, page.widths[1], 10, True))
    page.height(page.row, lines * 13.2 + 5)
    page.row += 1


def _definitions(page: Page) -> None:
    book = page.book
    keys = [*book.audit.measures, *book.audit.not_computable]
    if not keys:
        return
    page.heading(book.say("method.definitions"))
    columns = [Column(book.say(f"column.{name}")) for name in ("measure", "how", "numerator", "denominator")]
    parts = ("reading", "counted", "unit_of")
    page.table(
        columns,
        [[measure_name(key, book.lang), *(measure_text(key, part, book.lang) for part in parts)] for key in keys],
    )
