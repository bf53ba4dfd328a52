"""Parameters: targets and thresholds as named cells; the states of the whole workbook follow them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from cxaudit.report.book import Column, Spot
from cxaudit.report.page import Page
from cxaudit.report.states import thresholds
from cxaudit.report.wording import word
from cxaudit.schema.results import Audit
from cxaudit.schema.settings import Materiality, Settings, Targets
from cxaudit.stats.intervals import Z95

WIDTHS = (2, 46, 16, 28, 70)
NUMBERS = ("episodes_per_order",)
SCORES = ("nps", "score", "wait_hours")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named cell."""

    key: str
    section: str
    label: str
    value: float | None
    unit: str


def parameters(audit: Audit, lang: str) -> Iterator[Parameter]:
    """All parameters of the workbook with the values of the audit."""
    settings = audit.settings if isinstance(audit.settings, Settings) else Settings()
    for mirage in audit.mirages:
        name = word(f"mirage.{mirage.key}", "name", lang)
        kpi = audit.measures.get(mirage.kpi)
        yield Parameter(f"target.{mirage.key}", "target", name, mirage.target, kpi.unit if kpi else "number")
    for key in thresholds():
        unit = "score" if key in NUMBERS else "share"
        yield Parameter(f"threshold.{key}", "threshold", "", _of(settings.targets, key), unit)
    for item in fields(Materiality):
        unit = "number" if item.name in SCORES else "share"
        yield Parameter(f"gap.{item.name}", "gap", "", getattr(settings.materiality, item.name), unit)
    for key, value, unit in (
        ("few", 30, "count"),
        ("enough", 100, "count"),
        ("widest", 0.10, "share"),
        ("z", Z95, "exact"),
    ):
        yield Parameter(key, "sample", "", value, unit)


def _of(targets: Targets, key: str) -> float | None:
    value = getattr(targets, key)
    return float(value) if value is not None else None


def write(page: Page) -> None:
    """Parameters, section by section, each in a named cell that a person may change."""
    book = page.book
    page.title(book.titles["parameters"], book.say("parameters.lead"))
    found = list(parameters(book.audit, book.lang))
    for section in ("target", "threshold", "gap", "sample"):
        chosen = [item for item in found if item.section == section]
        if not chosen:
            continue
        page.heading(book.say(f"parameters.{section}"))
        columns = [Column(book.say(f"column.{name}")) for name in ("parameter", "setting", "cell", "effect")]
        columns[1] = Column(columns[1].title, "input")
        columns[2] = Column(columns[2].title, "aside")
        start = page.row + 1
        page.table(columns, [_row(page, item) for item in chosen])
        for row, item in enumerate(chosen, start=start):
            page.put(row, 2, item.value, "input", item.unit)
            book.xlsx.define_name(book.parameter(item.key), f"={page.reference(row, 2)}")
            book.spots[item.key] = Spot(book.parameter(item.key), item.value)
    page.sheet.freeze_panes(2, 0)


def _row(page: Page, item: Parameter) -> list[object]:
    book = page.book
    label = item.label or word("report.parameter", item.key, book.lang)
    return [label, item.value, book.parameter(item.key), book.say(f"parameters.effect.{item.section}")]
