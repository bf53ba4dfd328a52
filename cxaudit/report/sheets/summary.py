"""The confrontation on one page: what the client follows beside what the audit finds; then signals and stakes."""

from __future__ import annotations

from typing import Any

from cxaudit.findings.confronted import STAKES, amount, firm, leading, standing
from cxaudit.report import following
from cxaudit.report.book import Book, Cell, Column
from cxaudit.report.figures import display_unit, plain_unit
from cxaudit.report.live import Live, finite, ratio, text
from cxaudit.report.measuring import lines_of
from cxaudit.report.page import Page
from cxaudit.report.sheets.signals import HEADLINES
from cxaudit.report.sheets.surface import ranked
from cxaudit.report.wording import measure_name, spoken, word
from cxaudit.schema.results import Mirage, Stake

WIDTHS = (2, 26, 12, 12, 15, 24, 44, 34, 11, 11, 11, 18, 17)
CONFRONTATION = (
    ("kpi", "strong"),
    ("value", "strong_figure"),
    ("target", "figure"),
    ("followed", "state"),
    ("state", "state"),
    ("hides", "cell"),
    ("evidence_then", "cell"),
    ("value", "strong_figure"),
    ("low", "figure"),
    ("high", "figure"),
    ("verdict", "aside"),
    ("stake", "strong_figure"),
)
STATE = 5
COUNTED = ("confirmed", "suspected", "open", "cleared")


def write(page: Page) -> None:
    """Summary: mirages worst first, the five signals, money, findings."""
    book = page.book
    page.title(book.titles["summary"], book.say("summary.lead"))
    tally_row = page.row - 1
    first, last = _confrontation(page)
    _tally(page, tally_row, first, last)
    _signals(page)
    _stakes(page)
    _findings(page)
    page.sheet.freeze_panes(2, 2)


def _confrontation(page: Page) -> tuple[int, int]:
    book = page.book
    page.heading(book.say("summary.confrontation"))
    columns = [Column(book.say(f"column.{name}"), role) for name, role in CONFRONTATION]
    mirages = ranked(book.audit.mirages)
    if not mirages:
        page.paragraph(book.say("surface.none"))
        return page.row, page.row
    first, last = page.table(columns, [_row(book, mirage) for mirage in mirages])
    page.states(first, last, STATE)
    page.states(first, last, 4)
    return first, last


def _row(book: Book, mirage: Mirage) -> list[Any]:
    kpi = book.audit.measures.get(mirage.kpi)
    unit = plain_unit(kpi)
    spots = {part: book.spots[f"mirage.{mirage.key}.{part}"] for part in ("value", "target", "green", "state")}
    counter = leading(mirage, book.audit)
    proof = book.audit.measures.get(counter.measure) if counter else None
    own = display_unit(proof) if proof else "number"
    evidence = [_at(book, proof.key, part) for part in ("value", "low", "high", "verdict")] if proof else [None] * 4
    return [
        word(f"mirage.{mirage.key}", "name", book.lang),
        Cell(spots["value"].live(), unit=unit),
        Cell(spots["target"].live(), unit=unit),
        spots["green"].live() if spots["green"].value else None,
        spots["state"].live(),
        following.hides(book, mirage),
        measure_name(counter.measure, book.lang) if counter else "",
        *(Cell(item, unit=own) for item in evidence[:3]),
        evidence[3],
        _stake_of(book, mirage),
    ]


def _stake_of(book: Book, mirage: Mirage) -> Cell:
    """The money at stake behind a KPI, whatever its state: its value where it is firm, else the app's own words."""
    stake = book.audit.stakes.get(STAKES.get(mirage.key, ""))
    if stake is not None and firm(stake):
        return Cell(finite(stake.value), unit=stake.currency)
    return Cell(amount(stake, book.lang), "small")


def _at(book: Book, key: str, part: str) -> Live | None:
    spot = book.spots.get(f"{key}.{part}")
    return spot.live() if spot else None


def _tally(page: Page, row: int, first: int, last: int) -> None:
    """How many KPIs hold and how many do not: live, so that a changed target changes it."""
    book = page.book
    if not book.audit.mirages:
        return
    span = f"$F${first + 1}:$F${last + 1}"
    parts, said = [], []
    for state in COUNTED:
        name = word("state", state, book.lang)
        count = sum(item.state == state for item in book.audit.mirages)
        counted = book.say("summary.tally", state=name)
        parts.append(f"{text(counted)}&COUNTIF({span},{text(name)})")
        said.append(f"{counted}{count}")
    live = Live("=" + '&"    "&'.join(parts), "    ".join(said))
    page.sheet.merge_range(row, 1, row, page.last, "", book.format("tally"))
    page.put(row, 1, live, "tally")
    page.height(row, 26)
    page.spot("tally", row, 1, live.value)


def _signals(page: Page) -> None:
    book = page.book
    page.heading(book.say("summary.signals"))
    names = ("signal", "numerator", "denominator", "value", "verdict", "reading", "adjusted", "low", "high", "n_eff")
    roles = (
        "strong",
        "muted_figure",
        "muted_figure",
        "strong_figure",
        "state",
        "cell",
        "figure",
        "figure",
        "figure",
        "muted_figure",
    )
    titles = {name: book.say(f"column.{name}") for name in names}
    if apart := book.audit.compared_apart:
        titles["adjusted"] = book.say("adjusted.apart", when=(apart.first, apart.last))
    columns = [Column(titles[name], role) for name, role in zip(names, roles, strict=True)]
    columns.append(Column(book.say("column.trend"), "aside"))
    top = page.row
    first, last = page.table(
        columns, [_signal_row(book, name, top + 1 + number) for number, name in enumerate(HEADLINES)]
    )
    page.states(first, last, STATE)
    for number, key in enumerate(HEADLINES.values()):
        _sparkline(page, first + number, key)


def _signal_row(book: Book, name: str, row: int) -> list[Any]:
    key = HEADLINES[name]
    measure = book.audit.measures.get(key)
    if measure is None:
        absent = book.audit.not_computable.get(key)
        said = spoken(absent.why, book.lang) if absent else book.say("missing.unknown")
        return [
            measure_name(key, book.lang),
            None,
            None,
            None,
            word("state", "not computable", book.lang),
            said,
            *[None] * 5,
        ]
    unit = display_unit(measure)
    cells = {part: _at(book, key, part) for part in ("numerator", "denominator", "low", "high", "n_eff", "verdict")}
    value: Any = finite(measure.value)
    if value is not None and isinstance(_ratio(book, key), Live):
        value = Live(f"=C{row + 1}/D{row + 1}", value)
    adjusted = book.spots.get(f"adjusted.{key}")
    return [
        measure_name(key, book.lang),
        Cell(cells["numerator"], unit="count"),
        Cell(cells["denominator"], unit="count"),
        Cell(value, unit=unit),
        cells["verdict"],
        following.reading(book, key),
        Cell(adjusted.live() if adjusted else None, unit=unit),
        Cell(cells["low"], unit=unit),
        Cell(cells["high"], unit=unit),
        Cell(cells["n_eff"], unit="n_eff"),
        None,
    ]


def _ratio(book: Book, key: str) -> Live | float | None:
    measure = book.audit.measures[key]
    return ratio(measure.numerator, measure.denominator, measure.value, measure.unit, ("C1", "D1"))


def _sparkline(page: Page, row: int, key: str) -> None:
    book = page.book
    measure = book.audit.measures.get(key)
    span = book.spots.get(f"{key}.months")
    if measure is not None and span is not None and len(measure.series) > 1:
        page.sheet.add_sparkline(row, 11, {"range": span.reference, "series_color": "#1B6BB5", "weight": 1.5})


def _stakes(page: Page) -> None:
    book = page.book
    page.heading(book.say("summary.stakes"))
    stakes = book.audit.stakes
    if not stakes:
        page.paragraph(word("word.stake", "none", book.lang))
        return
    names = ("stake", "value", "low", "high", "stake_state")
    roles = ("strong", "strong_figure", "figure", "figure", "state")
    columns = [
        Column(book.say(f"column.{name}"), role, book.audit.currency) for name, role in zip(names, roles, strict=True)
    ]
    first, last = page.table(columns, [_stake_row(book, item) for item in stakes.values()])
    page.states(first, last, STATE)
    page.paragraph(book.say("summary.stakes_note"), "note")
    for warning in book.audit.warnings:
        if warning.key.startswith("warning.currency."):
            page.paragraph(spoken(warning, book.lang), "note")


def _stake_row(book: Book, stake: Stake) -> list[Any]:
    """An amount that is not firm is shown by its interval alone."""
    name = word("word.stake", stake.key.removeprefix("stake."), book.lang)
    verdict = standing(stake)
    said = {
        "demonstrated": word("state", "demonstrated", book.lang),
        "not demonstrated": book.say("not_demonstrated"),
    }.get(verdict, book.say("seen", verdict=word("verdict", verdict, book.lang)))
    value = finite(stake.value) if firm(stake) else None
    return [name, value, finite(stake.low), finite(stake.high), said]


def _findings(page: Page) -> None:
    book = page.book
    if not book.audit.findings:
        return
    page.heading(book.say("summary.findings"))
    page.paragraph(book.say("summary.findings_note"), "note")
    mirages = {f"mirage.{mirage.key}": mirage for mirage in book.audit.mirages}
    for finding in book.audit.findings:
        mirage = mirages.get(finding.key)
        if mirage is not None:  # the KPI's own state: live, as in the table above
            now = book.spots[f"mirage.{mirage.key}.state"].live()
            _finding(page, now, following.confronted(book, mirage, finding), None)
        else:
            mark = following.changed(book, finding)
            _finding(page, word("state", finding.state, book.lang), spoken(finding.text, book.lang), mark)


def _finding(page: Page, state: Live | str | None, said: Live | str, mark: Live | None) -> None:
    """A state, its sentence across the page, and at the right end the mark of what has changed since."""
    page.put(page.row, 1, state, "state")
    page.states(page.row, page.row, 1)
    for first, last, value, role in ((2, page.last - 2, said, "cell"), (page.last - 1, page.last, mark, "strong")):
        page.sheet.merge_range(page.row, first, page.row, last, "", page.book.format(role))
        page.put(page.row, first, value, role)
    shown = said.value if isinstance(said, Live) else said
    lines = lines_of(str(shown), page.room(2, page.last - 2), 10)
    page.height(page.row, lines * 13.2 + 5)
    page.row += 1
