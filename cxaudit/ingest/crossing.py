"""What files tell of each other: a column whose values stand among another table's ids is that id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from cxaudit.ingest.entries import NONE, Entry
from cxaudit.ingest.fold import key_of
from cxaudit.ingest.profile import profile_column
from cxaudit.ingest.recognise import recognise
from cxaudit.ingest.sources import Sheet, Unreadable
from cxaudit.ingest.words import meaning
from cxaudit.schema.tables import TABLES

# Short ids (1, 2, 3 …) are found in anything; a few matches may be chance.
MEETS = 0.5
LEAST_LENGTH = 4.0
LEAST_VALUES = 5
SURE = 0.9
_SAMPLE = 400
# The table in which an id is the key of a row, and the words of a name that forbid to take the column for it.
_HOME = {
    "order_id": ("orders", {"customer", "product", "ticket", "agent", "call", "amount", "zip", "phone", "when"}),
    "ticket_id": ("tickets", {"customer", "product", "order", "agent", "call", "amount", "zip", "phone", "when"}),
    "customer_id": ("orders", {"product", "order", "ticket", "agent", "call", "amount", "zip", "phone", "when"}),
}


def crossed(sheets: Sequence[Sheet | Unreadable]) -> list[Entry]:
    """Every sheet recognised, then the ids that one lacks looked for among the others'."""
    entries = [recognise(sheet) for sheet in sheets]
    known = {name: _ids(name, sheets, entries) for name in _HOME if any(_wants(entry, name) for entry in entries)}
    return [_with_ids(sheet, entry, known) for sheet, entry in zip(sheets, entries, strict=True)]


def _wants(entry: Entry, name: str) -> bool:
    """Whether an entry's table has this id and no column for it."""
    if entry.table == NONE or name not in TABLES[entry.table].names:
        return False
    return name not in entry.mapping and name not in entry.derived


def _ids(name: str, sheets: Sequence[Sheet | Unreadable], entries: Sequence[Entry]) -> tuple[pl.Series, frozenset[str]]:
    """All ids of one kind in their home table, as compared, and the files that they come from."""
    home = _HOME[name][0]
    found, files = [pl.Series(name, [], dtype=pl.String)], set()
    for sheet, entry in zip(sheets, entries, strict=True):
        if isinstance(sheet, Sheet) and entry.table == home and name in entry.mapping and entry.sure.get(name, 0) > 0.7:
            found.append(_compared(sheet.frame, entry.mapping[name]).drop_nulls().unique().alias(name))
            files.add(f"{entry.file}|{entry.sheet}")
    return pl.concat(found).unique(), frozenset(files)


def _compared(frame: pl.DataFrame, column: str) -> pl.Series:
    return frame.select(key_of(column)).to_series()


def _with_ids(sheet: Sheet | Unreadable, entry: Entry, known: Mapping[str, tuple[pl.Series, frozenset[str]]]) -> Entry:
    if entry.table == NONE or isinstance(sheet, Unreadable):
        return entry
    for name, (ids, files) in known.items():
        if _wants(entry, name) and len(ids) >= LEAST_VALUES and f"{entry.file}|{entry.sheet}" not in files:
            column = _meeting(sheet, entry, name, ids)
            if column is not None:
                entry = replace(
                    entry,
                    mapping={**entry.mapping, name: column},
                    sure={**entry.sure, name: SURE},
                    missing_required=tuple(field for field in entry.missing_required if field != name),
                    questions=tuple(question for question in entry.questions if question.field != name),
                )
    return entry


def _meeting(sheet: Sheet, entry: Entry, name: str, ids: pl.Series) -> str | None:
    """The unused column most of whose values are among `ids`."""
    taken = {*entry.mapping.values(), *(source for rule in entry.derived.values() for source in rule.get("from", ()))}
    best: tuple[float, str] | None = None
    for column in sheet.names:
        if column in taken or meaning(column).concepts & _HOME[name][1]:
            continue
        profile = profile_column(sheet.frame[column])
        if profile.digits < 0.5 or profile.words > 2 or profile.length < LEAST_LENGTH or profile.spread < LEAST_VALUES:
            continue
        values = (
            sheet.frame.select(pl.col(column).alias(name)).select(key_of(name)).to_series().drop_nulls().head(_SAMPLE)
        )
        share = values.is_in(ids.implode()).mean()
        if isinstance(share, float) and share >= MEETS and (best is None or share > best[0]):
            best = (share, column)
    return best[1] if best else None
