"""From export files to typed tables, every row accounted for.

    sheets (text) ─ recognise ─> entries (what is what) ─ ledger ─> rows, typed or set aside ─ fold ─> tables

`inspect_sheets` touches nothing; `ingest` follows its proposals or a person's corrected ones. Rows read are kept,
folded or set aside with a reason: `Export.rows_read = rows_kept + rows_folded + Σ set_aside`, always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from cxaudit.ingest.account import account, records
from cxaudit.ingest.crossing import Known, completed, crossed, open_columns
from cxaudit.ingest.derive import SUMMED
from cxaudit.ingest.entries import NONE, Entry, Question
from cxaudit.ingest.field_values import Reading
from cxaudit.ingest.fold import Part, fold, fold_sheet
from cxaudit.ingest.layouts import layouts
from cxaudit.ingest.ledger import Problem, Rows, read_rows
from cxaudit.ingest.memory import corrected, mapping_json
from cxaudit.ingest.read_lean import Needed
from cxaudit.ingest.recognise import recognise
from cxaudit.ingest.scales import scaled
from cxaudit.ingest.set_aside import SET_ASIDE_SCHEMA
from cxaudit.ingest.sources import Sheet, Unreadable, read_named, read_sources
from cxaudit.schema.results import Export, Phrase
from cxaudit.schema.settings import Settings
from cxaudit.schema.tables import TABLES
from cxaudit.schema.values import CLASSES, RULES, classify

__all__ = [
    "Entry",
    "Ingested",
    "Problem",
    "Question",
    "glance_file",
    "ingest",
    "ingest_paths",
    "inspect_sheets",
    "mapping_json",
    "read_file",
]


@dataclass(frozen=True)
class Ingested:
    """The tables of an audit and what became of every row.

    Attributes:
        tables: Canonical columns that exist, typed, with `file_index` (position in `exports`) and `line`.
        exports: One a sheet; rows_read = rows_kept + rows_folded + all set aside.
        set_aside: file, sheet, line, table, column, value, reason (a text key).
        values: Table → field → the client's value → class; a person's corrections over the defaults.
        questions: What the data did not settle, with the answer where one was given.
        problems: Columns of which cells could not be read: they are empty, their rows are kept.
    """

    tables: dict[str, pl.DataFrame]
    exports: tuple[Export, ...]
    entries: tuple[Entry, ...]
    set_aside: pl.DataFrame
    values: Mapping[str, Mapping[str, Mapping[str, str]]]
    questions: tuple[Question, ...] = ()
    warnings: tuple[Phrase, ...] = ()
    problems: tuple[Problem, ...] = ()
    decisions: tuple[Mapping[str, str], ...] = field(default_factory=tuple)


def inspect_sheets(
    sheets: Iterable[Sheet | Unreadable],
    *,
    mapping: Sequence[Mapping[str, Any]] | None = None,
    timezone: str = "Europe/Paris",
) -> tuple[Entry, ...]:
    """What each sheet is and how it would be mapped; nothing is read into tables.

    `mapping`: entries saved earlier (`inspect`'s JSON); what they say of the same file or the same layout is proposed.
    """
    held = list(sheets)
    entries = corrected(crossed(held), held, mapping or ())
    return tuple(_with_dates(entry, sheet, timezone) for entry, sheet in zip(entries, held, strict=True))


# Dates are judged over whole columns when rows are read; an inspection looks at this many rows.
_INSPECTED_ROWS = 20_000


def _with_dates(entry: Entry, sheet: Sheet | Unreadable, timezone: str) -> Entry:
    if entry.table == NONE or entry.missing_required or isinstance(sheet, Unreadable):
        return entry
    part = replace(sheet, frame=sheet.frame.head(_INSPECTED_ROWS))
    rows = read_rows(part, entry, 0, _reading(entry, timezone))
    rows, asked = scaled(rows)
    return replace(entry, date_formats=rows.date_formats, questions=(*entry.questions, *rows.questions, *asked))


def ingest_paths(
    paths: Iterable[Path | str], *, mapping: Sequence[Mapping[str, Any]] | None = None, settings: Settings | None = None
) -> Ingested:
    """`ingest` of the files and folders at `paths`; large files are read for the columns that they are mapped by."""
    sheets = read_sources([Path(path) for path in paths], choose=lambda sheet: _needed(sheet, mapping or ()))
    return ingest(sheets, mapping=mapping, settings=settings)


def read_file(
    path: Path, name: str, *, mapping: Sequence[Mapping[str, Any]] | None = None
) -> Iterator[Sheet | Unreadable]:
    """Every sheet of the file at `path`, known as `name`; a large one is read for the columns that it is mapped by."""
    return read_named(path, name, choose=lambda sheet: _needed(sheet, mapping or ()))


def glance_file(path: Path, name: str) -> Iterator[Sheet | Unreadable]:
    """Every sheet of the file at `path`, known as `name`; of a large one the records that it is recognised by."""
    for sheet in read_named(path, name, choose=lambda sheet: Needed(frozenset(), digest=False)):
        yield replace(sheet, frame=sheet.evidence) if isinstance(sheet, Sheet) else sheet


def _needed(sheet: Sheet, mapping: Sequence[Mapping[str, Any]]) -> Needed:
    """The columns by which a sheet may be mapped, here and once the other files are known."""
    entry = recognise(sheet)
    (told,) = corrected([entry], [sheet], mapping)
    columns = {*open_columns(sheet, entry), *open_columns(sheet, told)}
    for one in (entry, told):
        columns |= {*one.mapping.values()} | {name for rule in one.derived.values() for name in rule.get("from", ())}
    return Needed(frozenset(columns), digest=told.table != "orders" or "order_id" not in told.mapping)


def ingest(
    sheets: Iterable[Sheet | Unreadable],
    *,
    mapping: Sequence[Mapping[str, Any]] | None = None,
    settings: Settings | None = None,
    entries: Sequence[Entry] | None = None,
) -> Ingested:
    """The tables that the sheets hold.

    `mapping` is the `files` list of `inspect`'s JSON, edited: it overrides what would be proposed for the same file, or
    else for the same layout. `entries`, parallel to the sheets, spare a second recognition.
    """
    settings = settings or Settings()
    read = _Intake(settings, mapping or (), entries).read(sheets)
    rows = [sheet.rows for sheet in read]
    tables = _tables(read)
    read = [replace(sheet, folded=None) for sheet in read]
    values = _values(tables, [typed.entry for typed in rows])
    asked = tuple(question for typed in rows for question in (*typed.entry.questions, *typed.questions))
    problems = tuple(problem for typed in rows for problem in typed.problems)
    exports = tuple(
        account(one.rows, one.read, one.typed, tables.get(one.rows.entry.table), index)
        for index, one in enumerate(read)
    )
    return Ingested(
        tables,
        exports,
        tuple(replace(typed.entry, date_formats=typed.date_formats) for typed in rows),
        pl.concat([pl.DataFrame(schema=SET_ASIDE_SCHEMA), *(typed.set_aside for typed in rows)]),
        values,
        asked,
        (*(problem.phrase for problem in problems), *_unanswered(asked), *_unused(rows)),
        problems,
        tuple(typed.decisions for typed in rows),
    )


def _reading(entry: Entry, timezone: str) -> Reading:
    utc = next((layout.utc for layout in layouts() if layout.name == entry.layout), ())
    return Reading(timezone, entry.answers, frozenset(utc))


@dataclass(frozen=True)
class _Read:
    """A sheet typed and folded in itself: `rows` without its frame, which `folded` replaces."""

    rows: Rows
    read: int = 0
    typed: int = 0
    folded: pl.DataFrame | None = None


@dataclass
class _Intake:
    """Sheets typed as they come, so that the text of one is let go before the next is read.

    Only a sheet that may turn out to hold another file's ids waits until all have been seen.
    """

    settings: Settings
    mapping: Sequence[Mapping[str, Any]]
    entries: Sequence[Entry] | None = None
    known: Known = field(default_factory=Known)
    waiting: dict[int, tuple[Sheet, Entry]] = field(default_factory=dict)
    done: dict[int, _Read] = field(default_factory=dict)

    def read(self, sheets: Iterable[Sheet | Unreadable]) -> list[_Read]:
        """One a sheet, in their order."""
        coming, place = iter(sheets), 0
        # No name for a sheet here: it would hold the text of one while the next is read.
        while self._take(place, next(coming, None)):
            self._fold(place)
            place += 1
        for place in list(self.waiting):
            self._complete(place)
            self._fold(place)
        return [self.done[place] for place in sorted(self.done)]

    def _take(self, place: int, sheet: Sheet | Unreadable | None) -> bool:
        if sheet is None:
            return False
        if self.entries is not None:
            self._type(place, sheet, self.entries[place])
            return True
        entry = recognise(sheet)
        if isinstance(sheet, Sheet):
            self.known.add(sheet, entry)
            if open_columns(sheet, entry):
                self.waiting[place] = (sheet, entry)
                return True
        self._type(place, sheet, *corrected([entry], [sheet], self.mapping))
        return True

    def _complete(self, place: int) -> None:
        sheet, entry = self.waiting.pop(place)
        completes = completed([sheet], [entry], self.known)
        self._type(place, sheet, *corrected(completes, [sheet], self.mapping))

    def _type(self, place: int, sheet: Sheet | Unreadable, entry: Entry) -> None:
        if isinstance(sheet, Unreadable):
            self.done[place] = _Read(Rows(entry, pl.DataFrame(), pl.DataFrame(schema=SET_ASIDE_SCHEMA)))
            return
        rows, asked = scaled(read_rows(sheet, entry, place, _reading(entry, self.settings.timezone)))
        rows = replace(rows, questions=(*rows.questions, *asked))
        self.done[place] = _Read(rows, sheet.frame.height, records(entry, rows.frame))

    def _fold(self, place: int) -> None:
        """Fold a typed sheet, by now without its text."""
        read = self.done.pop(place, None)
        if read is None:
            return
        rows, folded = read.rows, None
        if rows.entry.table != NONE and rows.frame.width:
            folded = fold_sheet(TABLES[rows.entry.table], _part(rows))
        self.done[place] = replace(read, rows=replace(rows, frame=pl.DataFrame(), copies=None), folded=folded)


def _tables(read: Sequence[_Read]) -> dict[str, pl.DataFrame]:
    parts: dict[str, list[Part]] = {}
    for sheet in read:
        if sheet.folded is not None:
            parts.setdefault(sheet.rows.entry.table, []).append(replace(_part(sheet.rows), frame=sheet.folded))
    return {name: fold(TABLES[name], parts.pop(name)) for name in TABLES if name in parts}


def _part(typed: Rows) -> Part:
    derived = {name: rule.get("rule") for name, rule in typed.entry.derived.items() if name not in typed.entry.mapping}
    summed = frozenset(name for name, rule in derived.items() if rule in SUMMED)
    generated = derived.get("order_id") == "row_number"
    return Part(typed.frame, typed.copies, typed.entry.signature, summed, generated)


def _values(tables: Mapping[str, pl.DataFrame], entries: Sequence[Entry]) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for table, name in RULES:
        frame = tables.get(table)
        if frame is not None and name in frame.columns:
            seen = frame[name].drop_nulls().unique().sort().to_list()
            found.setdefault(table, {})[name] = classify(table, name, seen)
    for entry in entries:
        for name, classes in entry.values.items():
            known = found.get(entry.table, {}).get(name)
            if known is not None:
                allowed = CLASSES[entry.table, name]
                known.update({value: kind for value, kind in classes.items() if value in known and kind in allowed})
    return found


def _unanswered(questions: Iterable[Question]) -> list[Phrase]:
    return [question.phrase for question in questions if question.answer is None]


def _unused(rows: Iterable[Rows]) -> list[Phrase]:
    return [
        Phrase.of("warning.none", file=typed.entry.file)
        for typed in rows
        if typed.entry.table == NONE and typed.entry.rows
    ]
