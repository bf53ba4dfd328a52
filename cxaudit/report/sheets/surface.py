"""Surface KPIs and mirages: each KPI, its target, its counter-signals, and its state by formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from cxaudit.report import states
from cxaudit.report.book import Book, Cell, Column
from cxaudit.report.data import Line
from cxaudit.report.figures import (
    HIGH,
    LOW,
    VALUE,
    VERDICT,
    figure_cells,
    group,
    month_table,
    plain_unit,
    remember,
    verdict_cell,
)
from cxaudit.report.live import Live, finite, text
from cxaudit.report.page import Page
from cxaudit.report.wording import measure_name, word
from cxaudit.schema.results import Counter, Measure, Mirage

WIDTHS = (2, 42, 12, 12, 13, 11, 11, 11, 22, 13, 15, 17, 26, 24)
THRESHOLD, SENSE, WEIGHT, STATE = 9, 10, 11, 12
WORST_FIRST = ("confirmed", "suspected", "open", "cleared", "not green", "no target", "not computable")
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "csat_gaps": ("surface.csat.recontact.", "surface.csat.repurchase.", "surface.csat.tone."),
    "csat": ("surface.csat",),
    "resolution": ("surface.resolution", "surface.recontact_after", "surface.reopened"),
    "replies": ("surface.first_reply", "surface.handle", "surface.pickup"),
}


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

    def display(self, mirage: Mirage) -> str:
        """How a KPI shows on the client's own dashboard."""
        return "" if mirage.green is None else self.green if mirage.green else self.off


def write(page: Page) -> None:
    """Every mirage as one KPI row and its counter-signals, then the surface figures themselves."""
    book = page.book
    page.title(book.titles["surface"], book.say("surface.lead"))
    for mirage in ranked(book.audit.mirages):
        _mirage(page, mirage, Marks.of(book))
    if not book.audit.mirages:
        page.paragraph(book.say("surface.none"))
    _families(page)
    csat = book.audit.measures.get("surface.csat")
    if csat is not None and csat.series:
        page.detail()
        month_table(page, csat)
    page.sheet.freeze_panes(2, 2)


def _families(page: Page) -> None:
    """The surface figures themselves, by what they speak of."""
    book = page.book
    families: dict[str, list[Measure]] = {name: [] for name in (*FAMILIES, "other")}
    for key, measure in book.audit.measures.items():
        if key.startswith("surface."):
            families[next((name for name, starts in FAMILIES.items() if key.startswith(starts)), "other")].append(
                measure
            )
    for name, members in families.items():
        if members:
            group(page, book.say(f"surface.{name}"), members)


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
    return {"verdict": "aside", "state": "state", "sense": "aside", "weight": "state"}.get(name, "figure")


def _kpi_row(page: Page, row: int, mirage: Mirage, marks: Marks) -> list[Cell]:
    book = page.book
    measure = book.audit.measures.get(mirage.kpi)
    target = book.parameter(f"target.{mirage.key}")
    unit = plain_unit(measure)
    value, limit = (xl_rowcol_to_cell(row, column) for column in (VALUE, THRESHOLD))
    sense = "≤" if states.lower_is_better(mirage) else "≥"
    shown = Live(f'=IF({target}="","",{target})', mirage.target if mirage.target is not None else "")
    return [
        Cell(measure_name(mirage.kpi, book.lang), "strong"),
        *_figures(page, measure, row, mirage.value),
        verdict_cell(page, measure, row) if measure else Cell(None),
        Cell(shown, "figure", unit),
        Cell(book.say("good_if", sense=sense), "aside"),
        Cell(_green(mirage, marks, (value, limit), sense), "state"),
        Cell(_state(page, mirage, row, marks), "state"),
    ]


def _figures(page: Page, measure: Measure | None, row: int, value: float | None) -> list[Cell]:
    if measure is None:
        return [Cell(None), Cell(None), Cell(finite(value), "strong_figure", "number"), *[Cell(None)] * 3]
    return figure_cells(page, Line(measure, measure, "total"), row)


def _green(mirage: Mirage, marks: Marks, cells: tuple[str, str], sense: str) -> Live | str:
    said = marks.display(mirage)
    if states.green_by_target(mirage) != mirage.green:
        return said
    value, limit = cells
    better = "<=" if sense == "≤" else ">="
    words = f"{text(marks.green)},{text(marks.off)}"
    return Live(f'=IF(OR({value}="",{limit}=""),"",IF({value}{better}{limit},{words}))', said)


def _state(page: Page, mirage: Mirage, row: int, marks: Marks) -> Live | str:
    """The state by formula, in the order in which the audit decides it."""
    book = page.book
    said = word("state", mirage.state, book.lang)
    kpi = book.audit.measures.get(mirage.kpi)
    weights = [states.weight(mirage, item, book.audit) for item in mirage.counter]
    if states.state_by_weights(mirage, kpi, weights) != mirage.state:
        return said
    value, limit, flag = (xl_rowcol_to_cell(row, column) for column in (VALUE, THRESHOLD, WEIGHT))
    words = {key: text(word("state", key, book.lang)) for key in WORST_FIRST}
    judged = words["not computable"]
    if weights:
        span = f"{xl_rowcol_to_cell(row + 1, WEIGHT)}:{xl_rowcol_to_cell(row + len(weights), WEIGHT)}"
        doubt = f"IF(OR(MAX({span})=1,{_few(book, row)},{_partial(row)}),{words['open']},{words['cleared']})"
        worst = f"IF(MAX({span})=3,{words['confirmed']},IF(MAX({span})=2,{words['suspected']},{doubt}))"
        judged = f"IF(COUNT({span})=0,{words['not computable']},{worst})"
    shown = f"IF({flag}<>{text(marks.green)},{words['not green']},{judged})"
    formula = f'=IF({value}="",{words["not computable"]},IF({limit}="",{words["no target"]},{shown}))'
    return Live(formula, said)


def _partial(row: int) -> str:
    """Whether the verdict of a row bears the reservation of a source that is missing for a while."""
    return f'ISNUMBER(SEARCH("R9",{xl_rowcol_to_cell(row, VERDICT)}))'


def _few(book: Book, row: int) -> str:
    """Whether the verdict of a row says that there are too few cases."""
    verdict = xl_rowcol_to_cell(row, VERDICT)
    few = text(word("verdict", "insufficient", book.lang))
    return f'OR(LEFT({verdict},LEN({few}))={few},ISNUMBER(SEARCH("R1",{verdict})))'


def _counter_row(page: Page, row: int, mirage: Mirage, counter: Counter, marks: Marks) -> list[Cell]:
    book = page.book
    measure = book.audit.measures.get(counter.measure)
    found = states.rule(mirage, counter)
    weight = states.weight(mirage, counter, book.audit)
    shown: Live | int | None = weight
    limit: Live | None = None
    if found is not None and found.parameter in book.spots:
        name, setting = book.spots[found.parameter].reference, book.spots[found.parameter].value
        limit = Live(f'=IF({name}="","",{name})', setting if setting is not None else "")
        if measure is not None and weight is not None and states.weight_by_rule(found, measure, setting) == weight:
            shown = Live(_weight_formula(book, found, row), weight)
    none = book.say("weight.none")
    cell = xl_rowcol_to_cell(row, WEIGHT)
    choices = ",".join(text(item) for item in marks.weights)
    said = Live(
        f'=IF({cell}="",{text(none)},CHOOSE({cell}+1,{choices}))', none if weight is None else marks.weights[weight]
    )
    return [
        Cell("   " + measure_name(counter.measure, book.lang)),
        *_figures(page, measure, row, counter.value),
        verdict_cell(page, measure, row) if measure else Cell(word("verdict", counter.verdict, book.lang)),
        Cell(limit, "figure", plain_unit(measure)),
        Cell(book.say("bad_if", sense=_sense(found)) if found else None, "aside"),
        Cell(shown, "middle"),
        Cell(said, "state"),
    ]


def _sense(found: states.Rule) -> str:
    if found.difference:
        return "≥" if found.sign > 0 else "≤ −"
    return ">" if found.sign > 0 else "<"


def _weight_formula(book: Book, found: states.Rule, row: int) -> str:
    value, low, high, verdict, limit = (xl_rowcol_to_cell(row, c) for c in (VALUE, LOW, HIGH, VERDICT, THRESHOLD))
    if found.difference:
        bad = f"{value}>={limit}" if found.sign > 0 else f"{value}<=-{limit}"
        firm = _says(book, verdict, "demonstrated")
    else:
        sign, edge = (">", low) if found.sign > 0 else ("<", high)
        bad = f"{value}{sign}{limit}"
        firm = f"AND({_says(book, verdict, 'established')},{edge}{sign}{limit})"
    return f'=IF({limit}="","",IF({bad},IF({firm},3,2),IF({_few(book, row)},1,0)))'


def _says(book: Book, cell: str, verdict: str) -> str:
    said = text(word("verdict", verdict, book.lang))
    return f"LEFT({cell},LEN({said}))={said}"


def _remember(page: Page, mirage: Mirage, row: int, marks: Marks) -> None:
    book = page.book
    page.spot(f"mirage.{mirage.key}.value", row, VALUE, finite(mirage.value))
    page.spot(f"mirage.{mirage.key}.target", row, THRESHOLD, mirage.target if mirage.target is not None else "")
    page.spot(f"mirage.{mirage.key}.green", row, WEIGHT, marks.display(mirage))
    page.spot(f"mirage.{mirage.key}.state", row, STATE, word("state", mirage.state, book.lang))
    for number, counter in enumerate(mirage.counter, start=row + 1):
        if measure := book.audit.measures.get(counter.measure):
            remember(page, measure, number)
