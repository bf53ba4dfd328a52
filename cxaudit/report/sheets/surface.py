"""Surface KPIs and mirages: each KPI, its target, its counter-signals, and its state by formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from cxaudit.report import states
from cxaudit.report.book import Book, Cell, Column, Page
from cxaudit.report.data import Line
from cxaudit.report.figures import figure_cells, group, month_table, remember, verdict_cell
from cxaudit.report.live import Live, finite, text
from cxaudit.report.wording import measure_name, word
from cxaudit.schema.results import Counter, Measure, Mirage

WIDTHS = (2, 40, 12, 12, 13, 11, 11, 11, 22, 11, 7, 9, 24, 10, 10, 10, 10)
THRESHOLD, SENSE, WEIGHT, STATE = 9, 10, 11, 12
SENSES = {1: "≥", -1: "≤"}
WORST_FIRST = ("confirmed", "suspected", "open", "cleared", "not green", "no target", "not computable")
CHARTED = ("surface.csat", "surface.csat.reweighted", "surface.csat.bound_low", "surface.csat.bound_high")


@dataclass(frozen=True, slots=True)
class Marks:
    """The words of green, off target and the weights, in the reader's language."""

    green: str
    off: str
    weights: Sequence[str]

    @classmethod
    def of(cls, book: Book) -> Marks:
        weights = [book.say(f"weight.{number}") for number in range(4)]
        return cls(book.say("green"), book.say("off_target"), weights)


def write(page: Page) -> None:
    """Every mirage as one KPI row and its counter-signals, then the surface figures themselves."""
    book = page.book
    page.title(book.titles["surface"], book.say("surface.lead"))
    for mirage in ranked(book.audit.mirages):
        _mirage(page, mirage, Marks.of(book))
    if not book.audit.mirages:
        page.paragraph(book.say("surface.none"))
    surface = [m for key, m in book.audit.measures.items() if key.startswith("surface.")]
    if surface:
        group(page, book.say("surface.figures"), surface)
        csat = book.audit.measures.get("surface.csat")
        if csat is not None and csat.series:
            month_table(page, csat)
    page.sheet.freeze_panes(2, 2)


def ranked(mirages: Sequence[Mirage]) -> list[Mirage]:
    """Worst first."""
    return sorted(mirages, key=lambda item: WORST_FIRST.index(item.state) if item.state in WORST_FIRST else 9)


def _mirage(page: Page, mirage: Mirage, marks: Marks) -> None:
    book = page.book
    page.heading(
        f"{word(f'mirage.{mirage.key}', 'name', book.lang)} — {word(f'mirage.{mirage.key}', 'asks', book.lang)}"
    )
    names = (
        "numerator",
        "denominator",
        "value",
        "low",
        "high",
        "n_eff",
        "verdict",
        "threshold",
        "sense",
        "weight",
        "state",
    )
    header = [
        Column(book.say("column.kpi_or_counter")),
        *(Column(book.say(f"column.{name}"), _role(name)) for name in names),
    ]
    first = page.row + 1
    counters = [
        _counter_row(page, row, mirage, item, marks) for row, item in enumerate(mirage.counter, start=first + 1)
    ]
    page.table(header, [_kpi_row(page, first, mirage, marks), *counters])
    page.states(first, first + len(counters), STATE)
    page.states(first, first, WEIGHT)
    _remember(page, mirage, first, marks)


def _role(name: str) -> str:
    return {"verdict": "cell", "state": "state", "sense": "middle", "weight": "middle"}.get(name, "figure")


def _kpi_row(page: Page, row: int, mirage: Mirage, marks: Marks) -> list[Cell]:
    book = page.book
    measure = book.audit.measures.get(mirage.kpi)
    target = book.parameter(f"target.{mirage.key}")
    unit = measure.unit if measure else "number"
    figures = _figures(page, measure, row, mirage.value)
    value, limit, green = (xl_rowcol_to_cell(row, column) for column in (4, THRESHOLD, WEIGHT))
    sense = -1 if mirage.key in states.LOWER_IS_BETTER else 1
    shown = Live(f'=IF({target}="","",{target})', mirage.target if mirage.target is not None else "")
    return [
        Cell(measure_name(mirage.kpi, book.lang), "strong"),
        *figures,
        verdict_cell(page, measure, row, "cell") if measure else Cell(None),
        Cell(shown, "figure", unit),
        Cell(SENSES[sense], "middle"),
        Cell(_green(mirage, marks, (value, limit), SENSES[sense]), "state"),
        Cell(_state(page, mirage, row, marks, (value, limit, green)), "state"),
    ]


def _figures(page: Page, measure: Measure | None, row: int, value: float | None) -> list[Cell]:
    if measure is None:
        return [Cell(None), Cell(None), Cell(finite(value), "strong_figure", "number"), *[Cell(None)] * 3]
    return figure_cells(page, Line(measure, measure, "total"), row)


def _green(mirage: Mirage, marks: Marks, cells: tuple[str, str], sense: str) -> Live | str:
    said = "" if mirage.green is None else marks.green if mirage.green else marks.off
    if states.green_by_target(mirage) != mirage.green:
        return said
    value, limit = cells
    better = "<=" if sense == "≤" else ">="
    return Live(
        f'=IF(OR({value}="",{limit}=""),"",IF({value}{better}{limit},{text(marks.green)},{text(marks.off)}))', said
    )


def _state(page: Page, mirage: Mirage, row: int, marks: Marks, cells: tuple[str, str, str]) -> Live | str:
    book = page.book
    said = word("state", mirage.state, book.lang)
    weights = [states.weight(item, book.audit.measures.get(item.measure), mirage.state) for item in mirage.counter]
    green = states.green_by_target(mirage)
    if not weights or states.state_by_weights(green, mirage.target, mirage.value, weights) != mirage.state:
        return said
    value, limit, flag = cells
    span = f"{xl_rowcol_to_cell(row + 1, WEIGHT)}:{xl_rowcol_to_cell(row + len(weights), WEIGHT)}"
    words = {key: text(word("state", key, book.lang)) for key in WORST_FIRST}
    worst = f"IF(MAX({span})=3,{words['confirmed']},IF(MAX({span})=2,{words['suspected']},IF(MAX({span})=1,{words['open']},{words['cleared']})))"
    green_or = f"IF({flag}<>{text(marks.green)},{words['not green']},{worst})"
    formula = (
        f'=IF(OR({value}="",COUNT({span})=0),{words["not computable"]},IF({limit}="",{words["no target"]},{green_or}))'
    )
    return Live(formula, said)


def _counter_row(page: Page, row: int, mirage: Mirage, counter: Counter, marks: Marks) -> list[Cell]:
    book = page.book
    measure = book.audit.measures.get(counter.measure)
    found = states.rule(counter, measure)
    weight = states.weight(counter, measure, mirage.state)
    shown: Live | int | None = weight
    limit: Live | None = None
    if found is not None and found.parameter in book.spots:
        setting = book.spots[found.parameter]
        limit = Live(
            f'=IF({setting.reference}="","",{setting.reference})', setting.value if setting.value is not None else ""
        )
        if (
            measure is not None
            and weight is not None
            and states.weight_by_rule(found, measure, setting.value) == weight
        ):
            shown = Live(_weight_formula(book, found, row), weight)
    unit = measure.unit if measure else "number"
    cell = xl_rowcol_to_cell(row, WEIGHT)
    said = book.say("weight.none") if weight is None else marks.weights[weight]
    explained = f'=IF({cell}="",{text(book.say("weight.none"))},CHOOSE({cell}+1,{",".join(text(item) for item in marks.weights)}))'
    return [
        Cell("   " + measure_name(counter.measure, book.lang)),
        *_figures(page, measure, row, counter.value),
        verdict_cell(page, measure, row) if measure else Cell(word("verdict", counter.verdict, book.lang)),
        Cell(limit, "figure", unit),
        Cell(SENSES[found.sign] if found else None, "middle"),
        Cell(shown, "middle"),
        Cell(Live(explained, said), "state"),
    ]


def _weight_formula(book: Book, found: states.Rule, row: int) -> str:
    value, low, high, n, verdict, limit = (xl_rowcol_to_cell(row, c) for c in (4, 5, 6, 7, 8, THRESHOLD))
    if found.difference:
        beyond = f"{value}>={limit}" if found.sign > 0 else f"{value}<=-{limit}"
        said = text(word("verdict", "demonstrated", book.lang))
        few = text(word("verdict", "insufficient", book.lang))
        head = f"LEFT({verdict},LEN({few}))={few}"
        return f"=IF({beyond},IF(LEFT({verdict},LEN({said}))={said},3,2),IF({head},1,0))"
    sign = ">" if found.sign > 0 else "<"
    edge = low if found.sign > 0 else high
    said = text(word("verdict", "established", book.lang))
    demonstrated = f"AND(LEFT({verdict},LEN({said}))={said},{edge}{sign}{limit})"
    return f"=IF({value}{sign}{limit},IF({demonstrated},3,2),IF({n}<{book.names.few},1,0))"


def _remember(page: Page, mirage: Mirage, row: int, marks: Marks) -> None:
    book = page.book
    said = "" if mirage.green is None else marks.green if mirage.green else marks.off
    page.spot(f"mirage.{mirage.key}.value", row, 4, finite(mirage.value))
    page.spot(f"mirage.{mirage.key}.target", row, THRESHOLD, mirage.target if mirage.target is not None else "")
    page.spot(f"mirage.{mirage.key}.green", row, WEIGHT, said)
    page.spot(f"mirage.{mirage.key}.state", row, STATE, word("state", mirage.state, book.lang))
    for number, counter in enumerate(mirage.counter, start=row + 1):
        if measure := book.audit.measures.get(counter.measure):
            remember(page, measure, number)
