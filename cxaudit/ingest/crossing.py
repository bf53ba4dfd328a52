"""What files tell of each other: a column whose values stand among another table's ids is that id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

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
    "ticket_id": (
        "tickets",
        {"customer", "product", "order", "agent", "call", "amount", "zip", "phone", "when", "reply", "survey"},
    ),
    "customer_id": ("orders", {"product", "order", "ticket", "agent", "call", "amount", "zip", "phone", "when"}),
}


@dataclass
class Known:
    """The ids that stand in their home tables, gathered sheet by sheet."""

    columns: dict[str, list[pl.Series]] = field(default_factory=dict)
    places: dict[str, set[tuple[str, str | None]]] = field(default_factory=dict)

    def add(self, sheet: Sheet, entry: Entry) -> None:
        """The ids of a recognised sheet, if it is the home of any."""
        for name, (home, _) in _HOME.items():
            if entry.table == home and name in entry.mapping and entry.sure.get(name, 0) > 0.7:
                self.columns.setdefault(name, []).append(sheet.frame[entry.mapping[name]])
                self.places.setdefault(name, set()).add(entry.place)

    def ids(self, name: str) -> pl.Series:
        """All ids of one kind, each once, as they are compared."""
        found = [_compared(column, name).drop_nulls().unique() for column in self.columns.get(name, ())]
        return pl.concat([pl.Series(name, [], dtype=pl.String), *found]).unique()


def crossed(sheets: Sequence[Sheet | Unreadable]) -> list[Entry]:
    """Every sheet recognised, then the ids that one lacks looked for among the others'."""
    entries = [recognise(sheet) for sheet in sheets]
    known = Known()
    for sheet, entry in zip(sheets, entries, strict=True):
        if isinstance(sheet, Sheet):
            known.add(sheet, entry)
    return completed(sheets, entries, known)


def completed(sheets: Sequence[Sheet | Unreadable], entries: Sequence[Entry], known: Known) -> list[Entry]:
    """The entries with the ids that their sheets hold under names that do not say so."""
    ids = cache(known.ids)
    found = []
    for sheet, entry in zip(sheets, entries, strict=True):
        for name in _HOME:
            if isinstance(sheet, Sheet) and entry.place not in known.places.get(name, ()):
                entry = _with_id(sheet, entry, name, ids) if _wants(entry, name) else entry
        found.append(entry)
    return found


def open_columns(sheet: Sheet, entry: Entry) -> frozenset[str]:
    """The columns that may turn out to be ids of other files."""
    return frozenset(column for name in _HOME if _wants(entry, name) for column in _candidates(sheet, entry, name))


def _wants(entry: Entry, name: str) -> bool:
    """Whether an entry's table has this id and no column for it."""
    if entry.table == NONE or name not in TABLES[entry.table].names:
        return False
    return name not in entry.mapping and name not in entry.derived


def _compared(column: pl.Series, name: str) -> pl.Series:
    return column.to_frame(name).select(key_of(name)).to_series()


def _with_id(sheet: Sheet, entry: Entry, name: str, ids: Callable[[str], pl.Series]) -> Entry:
    column = _meeting(sheet, entry, name, ids)
    if column is None:
        return entry
    return replace(
        entry,
        mapping={**entry.mapping, name: column},
        sure={**entry.sure, name: SURE},
        missing_required=tuple(field for field in entry.missing_required if field != name),
        questions=tuple(question for question in entry.questions if question.field != name),
    )


def _candidates(sheet: Sheet, entry: Entry, name: str) -> Iterator[str]:
    """The unused columns that look like this id and are not named otherwise."""
    taken = {*entry.mapping.values(), *(source for rule in entry.derived.values() for source in rule.get("from", ()))}
    for column in sheet.names:
        said = meaning(column).concepts
        if column in taken or said & _HOME[name][1]:
            continue
        profile = profile_column(sheet.evidence[column])
        if said == {"id"} and profile.distinct == 1.0:
            continue  # « ID » alone, other on every row, is the row's own
        if profile.digits < 0.5 or profile.words > 2 or profile.length < LEAST_LENGTH or profile.spread < LEAST_VALUES:
            continue
        yield column


def _meeting(sheet: Sheet, entry: Entry, name: str, ids: Callable[[str], pl.Series]) -> str | None:
    """The unused column most of whose values are among the ids."""
    best: tuple[float, str] | None = None
    for column in _candidates(sheet, entry, name):
        if len(ids(name)) < LEAST_VALUES:
            return None
        values = _compared(sheet.evidence[column].drop_nulls().head(_SAMPLE), name).drop_nulls()
        share = values.is_in(ids(name).implode()).mean()
        if isinstance(share, float) and share >= MEETS and (best is None or share > best[0]):
            best = (share, column)
    return best[1] if best else None
