"""One sheet's rows, each kept for folding or set aside with its line, column, value and rule; none is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import polars as pl

from cxaudit.ingest.derive import make
from cxaudit.ingest.doubles import doubled
from cxaudit.ingest.entries import NONE, Entry, Question
from cxaudit.ingest.field_values import Reading, cast_field
from cxaudit.ingest.grids import is_grid, long_form
from cxaudit.ingest.read_layout import LINE as READ_LINE
from cxaudit.ingest.read_lean import CELLS
from cxaudit.ingest.relative_dates import is_relative
from cxaudit.ingest.set_aside import SET_ASIDE_SCHEMA, no_records, set_aside, unused_rows
from cxaudit.ingest.sources import Sheet
from cxaudit.ingest.timed import unit_asked
from cxaudit.schema.results import Phrase
from cxaudit.schema.tables import TABLES, Table

LINE = "line"
FILE_INDEX = "file_index"
_FAILED = {"moment": "set_aside.not_a_date", "number": "set_aside.not_a_number", "amount": "set_aside.not_a_number"}
# A repeated header is told by this many of its names at most.
_HEADER_COLUMNS = 6
# Fields that hold what somebody wrote, and fields that tell who or what beside keys and customers.
_TEXTS = frozenset({"text", "body", "comment"})
_WHOSE = frozenset({"agent", "call_id", "name"})
# What is asked of a column whose values leave it open, by how it reads, else by its kind.
_ASKED = {
    "duration": "duration",
    "score": "scale",
    "moment": "date_order",
    "number": "thousands",
    "amount": "thousands",
}
# Columns cast at once: most casts run on one core.
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """Cells of a column that could not be read and are empty now; `line` and `example` show the first."""

    file: str
    column: str
    table: str
    field: str
    rows: int
    total: int
    example: str
    line: int

    @property
    def phrase(self) -> Phrase:
        return Phrase.of(
            "warning.relative_dates" if is_relative(self.example) else "warning.unread_cells",
            file=self.file,
            column=self.column,
            field=f"tables.{self.table}.{self.field}.label",
            rows=self.rows,
            total=self.total,
            example=self._shown[:60],
            line=self.line,
        )

    @property
    def _shown(self) -> str:
        """The example as it may be told: the shape alone of an address, of what is no address, and of a sentence."""
        said = self.example
        if is_relative(said):
            return said
        personal = "@" in said or len(said.split()) > 4 or TABLES[self.table].column(self.field).kind == "email"
        return re.sub(r"\w", "•", self.example) if personal else self.example


@dataclass(frozen=True)
class Rows:
    """A sheet typed: `frame` holds the canonical columns, `file_index` and `line`; `set_aside` the other rows.

    `copies` tells, row for row of `frame`, whether an earlier row of the sheet holds the same cells; None where every
    row that is kept has a key, or where equal rows may be several people's.
    """

    entry: Entry
    frame: pl.DataFrame
    set_aside: pl.DataFrame
    copies: pl.Series | None = None
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()
    date_formats: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Cells:
    """The typed columns of a sheet while they are made, with what failed."""

    values: dict[str, pl.Series] = field(default_factory=dict)
    failed: dict[str, pl.Series] = field(default_factory=dict)
    sources: dict[str, str | None] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    date_formats: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)


def read_rows(sheet: Sheet, entry: Entry, file_index: int, reading: Reading) -> Rows:
    """Every row of a sheet by its entry: typed, or set aside with a reason."""
    if entry.table == NONE:
        return Rows(entry, pl.DataFrame(), set_aside(sheet, entry, sheet.frame, "set_aside.no_table"))
    table = TABLES[entry.table]
    if entry.missing_required:
        column = entry.missing_required[0]
        aside = set_aside(sheet, entry, sheet.frame, "set_aside.no_column").with_columns(column=pl.lit(column))
        return Rows(entry, pl.DataFrame(), aside)
    if is_grid(entry):
        return _grid_rows(sheet, entry, file_index, reading)
    structural = _structural(sheet, entry)
    body = sheet.frame if structural is None else sheet.frame.filter(structural.is_null())
    cells = _cells(table, sheet, entry, body, reading)
    frame = pl.DataFrame({name: cells.values[name] for name in table.names if name in cells.values})
    one_each = (table.name == "orders" and "order_id" in entry.mapping) or _of_anyone(table, entry, body, frame)
    copies = None if one_each else _copies(body.drop(READ_LINE))
    frame = frame.with_columns(
        pl.lit(file_index, dtype=pl.Int32).alias(FILE_INDEX), body[READ_LINE].cast(pl.Int64).alias(LINE)
    )
    frame = _identified(table, entry, body, frame, file_index)
    parts = [pl.DataFrame(schema=SET_ASIDE_SCHEMA)]
    if structural is not None:
        reasons = structural.drop_nulls().unique(maintain_order=True)
        parts += [no_records(sheet, entry, structural, why) for why in reasons]
    required, keep = _required(table, frame, cells), None
    if required is not None:
        missing, reason = required
        keep = reason.is_null()
        unused = pl.DataFrame([missing, reason, body[READ_LINE]]).with_row_index("_row").filter(~keep)
        parts.append(unused_rows(sheet, entry, body, unused, cells.sources))
    return Rows(
        entry,
        frame if keep is None else frame.filter(keep),
        pl.concat(parts),
        copies if copies is None or keep is None else copies.filter(keep),
        tuple(_problems(sheet, entry, body, cells, keep)),
        tuple(cells.questions),
        cells.date_formats,
        cells.decisions,
    )


def _grid_rows(sheet: Sheet, entry: Entry, file_index: int, reading: Reading) -> Rows:
    """The criteria of a grid; a row of the grid is set aside once, and only where none of its criteria is kept."""
    rows = read_rows(*long_form(sheet, entry), file_index, reading)
    kept = rows.set_aside[LINE].is_in(rows.frame[LINE].unique().implode())
    lost = rows.set_aside.filter(kept)
    aside = rows.set_aside.filter(~kept).unique(LINE, keep="first", maintain_order=True)
    problems = [one for one in rows.problems if not one.column.startswith("\0")]
    if lost.height:
        names = ", ".join(entry.derived["score"]["from"][:3])
        total = rows.frame.height + lost.height
        value, line = str(lost["value"][0] or ""), int(lost[LINE][0])
        problems.append(Problem(sheet.file, names, entry.table, "score", lost.height, total, value, line))
    aside = aside.with_columns(pl.col("column").str.strip_prefix("\0"))
    return replace(rows, entry=entry, set_aside=aside, problems=tuple(problems))


def _of_anyone(table: Table, entry: Entry, body: pl.DataFrame, frame: pl.DataFrame) -> bool:
    """Whether a sheet holds texts and days and nothing that tells whose: two customers may well write the same.

    A clock, a key, a name or any column that is not read (an author's) tells two rows apart, or one row written twice.
    """
    tells = {*table.key, *table.customer, *_WHOSE} & {*entry.mapping, *entry.derived}
    read = {*entry.mapping.values(), *(name for rule in entry.derived.values() for name in rule.get("from", ()))}
    others = (name for name in body.columns if name != READ_LINE and name not in read)
    if tells or not {*entry.mapping} & _TEXTS or any(body[name].null_count() < body.height for name in others):
        return False
    moments = [name for name in frame.columns if frame[name].dtype == pl.Datetime]
    return not any((frame[name].dt.truncate("1d") != frame[name]).any() for name in moments)


def _copies(cells: pl.DataFrame) -> pl.Series:
    """Whether an earlier row is the same, cell for cell."""
    digests = cells[CELLS] if CELLS in cells.columns else cells.hash_rows()
    doubtful = doubled(digests)
    again = pl.repeat(False, cells.height, dtype=pl.Boolean, eager=True)
    if not len(doubtful):
        return again
    first = cells[doubtful].to_struct("cells").is_first_distinct()
    return again.scatter(doubtful.filter(~first), True)


def _structural(sheet: Sheet, entry: Entry) -> pl.Series | None:
    """Per row, the reason why it is no record at all: a footer, or the header again; None where all are records."""
    lines = sheet.frame[READ_LINE]
    footer = lines.is_in(list(sheet.footer)).arg_true() if sheet.footer else lines.clear()
    repeated = _repeated(sheet, entry)
    if not len(footer) and not len(repeated):
        return None
    reason = pl.Series([None], dtype=pl.String).new_from_index(0, len(lines))
    return reason.scatter(footer, "set_aside.footer").scatter(repeated, "set_aside.repeated_header")


def _repeated(sheet: Sheet, entry: Entry) -> pl.Series:
    """The rows that hold the header again."""
    used = [name for name in dict.fromkeys(entry.mapping.values()) if name in sheet.names][:_HEADER_COLUMNS]
    if not sheet.header_row or len(used) < 2:
        return pl.Series([], dtype=pl.UInt32)
    # Told by the first column, so that the others are looked at where it matters alone.
    likely = sheet.frame[used[0]].str.contains(used[0], literal=True).arg_true()
    same = pl.all_horizontal((pl.col(name).str.strip_chars() == name).fill_null(False) for name in used)
    return likely.filter(sheet.frame[likely].select(same).to_series())


def _cells(table: Table, sheet: Sheet, entry: Entry, body: pl.DataFrame, reading: Reading) -> _Cells:
    cells = _Cells()
    with ThreadPoolExecutor(_AT_ONCE) as casting:
        casts = casting.map(
            lambda pair: cast_field(table.column(pair[0]), body[pair[1]], reading), entry.mapping.items()
        )
    for (name, source), cast in zip(entry.mapping.items(), casts, strict=True):
        column = table.column(name)
        cells.values[name], cells.failed[name] = cast.values.alias(name), cast.failed
        cells.sources[name], cells.decisions[name] = source, cast.decision
        if column.kind == "moment":
            cells.date_formats[name] = cast.decision
        if cast.question is not None:
            kind = _ASKED.get(column.reads) or _ASKED[column.kind]
            answer = reading.answers.get(f"{kind}:{source}")
            cells.questions.append(
                Question(sheet.file, sheet.sheet, source, name, kind, cast.question, cast.choices, answer)
            )
    for name, rule in entry.derived.items():
        if name in entry.mapping:
            continue
        made = make(table.column(name), rule, body, reading)
        cells.values[name], cells.failed[name] = made.values.alias(name), made.failed
        cells.sources[name] = next(iter(rule.get("from", ())), None)
        if (asked := unit_asked(sheet, name, rule, body, reading)) is not None:
            cells.questions.append(asked)
    return cells


def _identified(table: Table, entry: Entry, body: pl.DataFrame, frame: pl.DataFrame, file_index: int) -> pl.DataFrame:
    """Generated ids made unique over all files; a continuation line bears the id of the order above it."""
    if table.name != "orders":
        return frame
    if entry.derived.get("order_id", {}).get("rule") == "row_number" and "order_id" not in entry.mapping:
        made = pl.format("row-{}-{}", pl.lit(file_index + 1), pl.col(LINE))
        return frame.with_columns(order_id=made)
    source = entry.mapping.get("order_id")
    if source is None or "ordered_at" not in frame.columns or frame["order_id"].null_count() == 0:
        return frame
    # No row is all blank: where these two are, other cells say something.
    blank = body[source].is_null() & frame["ordered_at"].is_null()
    above = frame["order_id"].fill_null(strategy="forward")
    return frame.with_columns(order_id=above.zip_with(blank, frame["order_id"]))


def _required(table: Table, frame: pl.DataFrame, cells: _Cells) -> tuple[pl.Series, pl.Series] | None:
    """Per row, the required field that is empty and why the row is set aside; both null where it is kept.

    None where every row is kept.
    """
    empties: list[tuple[str, pl.Series, pl.Series]] = []
    for name in reversed(table.required):
        empty = _empty_for_good(table, frame, name)
        if empty.any():
            empties.append((name, empty, cells.failed[name]))
    for group in table.any_of:
        present = [name for name in group if name in frame.columns]
        empty = frame.select(pl.all_horizontal(pl.col(present).is_null())).to_series()
        if empty.any():
            masks = pl.DataFrame([cells.failed[name].alias(name) for name in present])
            empties.append((present[0], empty, masks.select(pl.any_horizontal(pl.all())).to_series()))
    if not empties:
        return None
    column = pl.Series("_column", [None], dtype=pl.String).new_from_index(0, frame.height)
    reason = pl.Series("_reason", [None], dtype=pl.String).new_from_index(0, frame.height)
    for name, empty, failed in empties:
        why = _FAILED.get(table.column(name).kind, "set_aside.not_readable")
        column = column.set(empty, name)
        reason = reason.set(empty, "set_aside.required_empty").set(empty & failed, why)
    return column, reason


def _empty_for_good(table: Table, frame: pl.DataFrame, name: str) -> pl.Series:
    """Whether a required field is empty on a row and on every other row of the same key: those are folded together."""
    empty = frame[name].is_null()
    key = [column for column in table.key if column in frame.columns and column != name]
    if not key or not empty.any():
        return empty
    anywhere = frame.select(pl.col(name).is_not_null().any().over(key) & pl.all_horizontal(pl.col(key).is_not_null()))
    return empty & ~anywhere.to_series()


def _problems(
    sheet: Sheet, entry: Entry, body: pl.DataFrame, cells: _Cells, keep: pl.Series | None
) -> Sequence[Problem]:
    problems = []
    for name, failed in cells.failed.items():
        source = cells.sources.get(name)
        rows = (failed if keep is None else failed & keep).arg_true()
        if source is None or not len(rows):
            continue
        first = int(rows[0])
        example, line = str(body[source][first]), int(body[READ_LINE][first])
        problems.append(Problem(sheet.file, source, entry.table, name, len(rows), body.height, example, line))
    return problems
