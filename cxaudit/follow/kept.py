"""Results kept beside what they were made from, so that a change of settings costs only what it touches.

What a signal reads is written down while it computes: settings by name, facts of the tables, tables, and of their
columns that settings decide (`DECIDED`) those that its plans did use. Where all of these are as they were, so is the
result. Nothing is declared, so nothing can be forgotten. For tables held by Polars.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import narwhals.stable.v2 as nw
import polars as pl

from cxaudit.measure.tables import DECIDED, Shared, Tables
from cxaudit.measure.tally import Column, Counts, Ints, Tally, with_days
from cxaudit.schema.results import Daily, Measure
from cxaudit.schema.settings import Settings

T = TypeVar("T")
Question = tuple[str, ...]
MOST = 3  # results of one name: now, before, and before that
_FACTS = frozenset(item.name for item in fields(Tables)) - {"frames", "shared", "tally", "marks"}
_SECTIONS = tuple(type(part) for item in fields(Settings) if is_dataclass(part := getattr(Settings(), item.name)))


class Anew:
    """Keeps nothing: everything is computed, as a single audit wants it."""

    def of(self, name: Hashable, tables: Tables, settings: Settings, make: Callable[[Tables, Settings], T]) -> T:
        return make(tables, settings)


@dataclass(frozen=True, slots=True)
class Entry:
    """A result, what it read with the answers, and what it counted by day and slice under which scopes."""

    read: Mapping[Question, Any]
    result: Any
    counts: Mapping[str, Counts]
    scopes: tuple[str, ...] = ()


class Kept(Anew):
    """The latest results by name; safe between threads as long as no two compute one name at a time."""

    def __init__(self, held: Mapping[Hashable, tuple[Entry, ...]] | None = None) -> None:
        self._held = dict(held or {})

    @property
    def begun(self) -> bool:
        """Whether it holds a result."""
        return bool(self._held)

    def twin(self) -> Kept:
        """Another that begins with the same results."""
        return Kept(self._held)

    def of(self, name: Hashable, tables: Tables, settings: Settings, make: Callable[[Tables, Settings], T]) -> T:
        """What `make` gives of these tables under these settings: kept, where all that it read is as it was."""
        entry = self.find(name, tables, settings)
        if entry is None:
            log = Log(self, tables, settings)
            made = make(log.tables(), log.settings())
            entry = self.keep(name, Entry(dict(log.read), made, log.counts, tables.tally.scopes))
        else:
            entry = self.keep(name, _counted(entry, tables.tally))
        return cast(T, entry.result)

    def find(self, name: Hashable, tables: Tables, settings: Settings) -> Entry | None:
        return next((entry for entry in self._held.get(name, ()) if unchanged(entry.read, settings, tables)), None)

    def keep(self, name: Hashable, entry: Entry) -> Entry:
        others = (one for one in self._held.get(name, ()) if one.read != entry.read)
        self._held[name] = (entry, *others)[:MOST]
        return entry


def _counted(entry: Entry, tally: Tally) -> Entry:
    """The entry with its counts left in this audit's tally, and its days under this audit's scopes."""
    days = {key: tally.take(key, held) for key, held in entry.counts.items()}
    if not days or entry.scopes == tally.scopes:
        return entry
    told = [with_days(one, days[one.key]) if isinstance(one, Measure) and one.key in days else one
            for one in entry.result]  # fmt: skip
    return replace(entry, result=told, scopes=tally.scopes)


def answer(question: Question, tables: Tables | None, settings: Settings) -> Any:
    """What is now where `question` was read."""
    place, *path = question
    if tables is not None and place == "marks":
        return tables.marks.get(path[0])
    found: Any = settings if place == "settings" else tables
    for name in path:
        found = getattr(found, name)
    return found


def unchanged(read: Mapping[Question, Any], settings: Settings, tables: Tables | None = None) -> bool:
    """Whether all that was read is as it was."""
    return all(_same(known, answer(one, tables, settings)) for one, known in read.items())


def watched(settings: Settings, read: list[tuple[Question, Any]]) -> Settings:
    """These settings, which write into `read` what of them is read."""
    return cast(Settings, _Section(settings, ("settings",), read))


def _same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and bool(one == other))


class Log:
    """What one computation reads, in the order of reading, and what it counts."""

    def __init__(self, kept: Kept, tables: Tables, settings: Settings) -> None:
        self.kept, self._tables, self._settings = kept, tables, settings
        self.read: list[tuple[Question, Any]] = []
        self.counts: dict[str, Counts] = {}

    def tables(self) -> Tables:
        known = self._tables
        parts = {item.name: getattr(known, item.name) for item in fields(Tables)}
        parts |= {"frames": _Frames(self, known), "shared": _Sharing(self, known), "tally": _Counting(self, known)}
        return Seen(**parts)

    def settings(self) -> Settings:
        return watched(self._settings, self.read)

    def note(self, question: Question) -> None:
        self.read.append((question, answer(question, self._tables, self._settings)))

    def shared(self, name: Hashable, make: Callable[[], Any], shared: Shared) -> Any:
        """What is shared was read by everyone who asks for it, whoever made it."""
        entry: Entry = shared.once(name, lambda: self._sharing(("shared", name), make))
        self.read.extend(entry.read.items())
        return entry.result

    def _sharing(self, name: Hashable, make: Callable[[], Any]) -> Entry:
        found = self.kept.find(name, self._tables, self._settings)
        if found is not None:
            return self.kept.keep(name, found)
        begun, made = len(self.read), make()
        return self.kept.keep(name, Entry(dict(self.read[begun:]), made, {}))


class _Section:
    """A record that writes down each field that is read; a section within it does likewise."""

    __slots__ = ("_of", "_path", "_read")

    def __init__(self, of: Any, path: Question, read: list[tuple[Question, Any]]) -> None:
        self._of, self._path, self._read = of, path, read

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value, path = getattr(self._of, name), (*self._path, name)
        if isinstance(value, _SECTIONS):
            return _Section(value, path, self._read)
        self._read.append((path, value))
        return value

    def __eq__(self, other: object) -> bool:
        self._read.append((self._path, self._of))
        return bool(self._of == other)

    __hash__ = None  # type: ignore[assignment]


class Seen(Tables):
    """Tables that write down what is asked of them."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in _FACTS:
            frames = super().__getattribute__("frames")
            frames.log.note(("tables", name))
        return value

    def undivided(self) -> Tables:
        """As its own, without reading everything that a copy holds."""
        parts = {item.name: object.__getattribute__(self, item.name) for item in fields(Tables)}
        return Seen(**{**parts, "blocks": ()})


class _Frames(Mapping[str, Any]):
    """The tables by name; whoever takes one has read it, and of its decided columns those that its plans use."""

    def __init__(self, log: Log, tables: Tables) -> None:
        self.log, self._tables = log, tables

    def __getitem__(self, name: str) -> nw.LazyFrame[Any]:
        self.log.note(("marks", name))
        native = cast(pl.LazyFrame, nw.to_native(self._tables.frames[name]))
        schema = native.collect_schema()
        decided = (column for column in DECIDED if column in schema)
        wired = (
            pl.col(column).map_batches(self._wire(f"{name}.{column}"), return_dtype=schema[column])
            for column in decided
        )
        return nw.from_native(native.with_columns(*wired)).lazy()

    def __iter__(self) -> Iterator[str]:
        self.log.note(("tables", "given"))
        return iter(self._tables.frames)

    def __len__(self) -> int:
        return len(self._tables.frames)

    def _wire(self, column: str) -> Callable[[pl.Series], pl.Series]:
        """Passes a column on, and says that it did: an engine computes no column that a plan does not need."""

        def passed(values: pl.Series) -> pl.Series:
            self.log.note(("marks", column))
            return values

        return passed


class _Sharing(Shared):
    def __init__(self, log: Log, tables: Tables) -> None:
        self._log_of, self._of = log, tables.shared

    def once(self, name: Hashable, make: Callable[[], Any]) -> Any:
        return self._log_of.shared(name, make, self._of)


class _Counting(Tally):
    def __init__(self, log: Log, tables: Tables) -> None:
        self._log, self._of = log, tables.tally

    def count(self, key: str, days: Ints, slices: Ints, units: Column, sums: Column) -> Daily:
        daily = self._of.count(key, days, slices, units, sums)
        self._log.counts[key] = self._of.of(key)
        return daily
