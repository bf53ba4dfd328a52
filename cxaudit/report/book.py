"""The workbook being written: its sheets, formats, names, and where each figure stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cxaudit.report.live import Live, Names
from cxaudit.report.style import STATES, number_format, role
from cxaudit.schema.results import Audit
from cxaudit.schema.workshop import Action, Note, Quote
from cxaudit.texts import known, say

if TYPE_CHECKING:
    from cxaudit.report.page import Page


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked of the report beside the audit itself."""

    lang: str
    client: str = ""
    notes: Sequence[Note] = ()
    plan: Sequence[Action] = ()
    quotes: Sequence[Quote] = ()
    accent: str = "#1B4F8F"
    logo: bytes | None = None
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of another sheet and the value that it shows."""

    reference: str
    value: Any

    def live(self) -> Live | None:
        """A formula that points here; an empty text stays empty instead of turning to zero."""
        if self.value == "":
            return Live(f'=IF({self.reference}="","",{self.reference})', "")
        return Live(f"={self.reference}", self.value) if self.value is not None else None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its own role and unit, where a table's column does not fit all rows."""

    value: Any
    role: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its title, the role of its cells, their unit."""

    title: str
    role: str = "cell"
    unit: str | None = None


@dataclass
class Book:
    """One workbook under way; sheets write into it and leave behind where their figures stand."""

    xlsx: Workbook
    audit: Audit
    request: Request
    titles: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)
    charts: int = 0
    formats: dict[tuple[str, str | None], Format] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        return self.request.lang

    def say(self, key: str, **facts: Any) -> str:
        """A sentence of the report."""
        return say(f"report.{key}", self.lang, **facts)

    def format(self, name: str, unit: str | None = None) -> Format:
        """The cell format of a role, with a unit's number format."""
        if (name, unit) not in self.formats:
            properties = role(name, self.request.accent)
            if unit:
                properties["num_format"] = number_format(unit, self.lang)
            self.formats[name, unit] = self.xlsx.add_format(properties)
        return self.formats[name, unit]

    def rich_format(self, bold: bool) -> Format:
        """The format of a fragment of rich text."""
        return self.format("telling" if bold else "plain")

    @cached_property
    def state_formats(self) -> Mapping[str, Format]:
        """The conditional format of each state, by its mark."""
        return {
            mark: self.xlsx.add_format({"font_color": ink, "bg_color": paper}) for mark, (ink, paper) in STATES.items()
        }

    def parameter(self, key: str) -> str:
        """The defined name of a parameter's cell."""
        return self.say(f"cell.{key}") if known(f"report.cell.{key}") else key.replace(".", "_")

    @cached_property
    def names(self) -> Names:
        return Names(*(self.parameter(key) for key in ("z", "few", "enough", "widest")))


class PlainSheet(Worksheet):
    """A worksheet whose formulas use no function newer than Excel 2016: thirty searches a formula are left out."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")
