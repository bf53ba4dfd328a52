"""What every signal reads: the tables on their engine, the days the audit covers, and what was given."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from cxaudit.measure.tally import Tally
from cxaudit.schema.days import day_number
from cxaudit.schema.results import Event, NotComputable, Phrase, Span

# Columns that settings and events fill; exports say the rest.
DECIDED = ("eligible", "refunded", "complaint", "scope", "amount", "cost")
DAY_US = 86_400_000_000


def month_of(key: int) -> date:
    """The first day of a month key (202601)."""
    return date(int(key) // 100, int(key) % 100, 1)


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of day numbers, both inclusive."""

    first: int
    last: int

    @classmethod
    def of(cls, span: Span) -> Days:
        return cls(day_number(span.first), day_number(span.last))


class Shared:
    """What several signals read, computed by the first that asks; safe between threads.

    `make` reads what it needs itself, and gives rows in memory, never a plan: what it read then belongs to all who ask.
    """

    def __init__(self) -> None:
        self._held: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def once(self, name: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, computed once for each `name`."""
        with self._lock:
            own = self._locks.setdefault(name, Lock())
        with own:
            if name not in self._held:
                self._held[name] = make()
            return self._held[name]


@dataclass(frozen=True)
class Tables:
    """Prepared tables as lazy frames.

    Every frame holds its canonical columns (null where not given), `customer` (the place of its pseudonym in
    `pseudonyms`, or null), `order` (the number of its normalised key, or null), `t` (µs since 1970, local clock), `day`
    (day number) and `month` (202601) of its main moment, `<moment>_t` and `<moment>_day` of its other moments, and
    `scope` (the number of its slice) on orders, tickets and episodes. Orders carry `eligible` and `refunded`; tickets
    `eligible` and `complaint`; `episodes` holds the first ticket of each episode with `tickets` (how many it chains)
    and `last_t`. An order's `amount` and a gesture's `cost` are null where in another currency than the audit's;
    `own_amount` and `own_cost` are as given.
    `starts` and `stops` are the first and the last day of each source.
    `marks` tells tables and their DECIDED columns (`orders`, `orders.eligible`) from those of other settings: the same
    mark, the same rows.
    """

    frames: Mapping[str, nw.LazyFrame[Any]]
    given: Mapping[str, frozenset[str]]
    first: int
    as_of: int
    period: Days
    blocks: tuple[Days, ...] = ()
    compared: tuple[Days, Days] | None = None
    events: tuple[Event, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    linked_share: float | None = None
    starts: Mapping[str, int] = field(default_factory=dict)
    stops: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    shared: Shared = field(default_factory=Shared, compare=False, repr=False)
    tally: Tally = field(default_factory=Tally, compare=False, repr=False)
    marks: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)
    pseudonyms: pl.Series = field(default_factory=pl.Series, compare=False, repr=False)

    def __getitem__(self, name: str) -> nw.LazyFrame[Any]:
        return self.frames[name]

    def has(self, *names: str) -> bool:
        """Whether each `table` or `table.column` was given."""
        return not self.missing(*names)

    def missing(self, *names: str) -> tuple[str, ...]:
        """Those of `table` or `table.column` (or alternatives, `table.a|b`) that were not given."""
        return tuple(name for name in names if not self._given(name))

    def undivided(self) -> Tables:
        """The same tables without the blocks of the history: for units of the period alone."""
        return replace(self, blocks=())

    def _given(self, name: str) -> bool:
        table, _, column = name.partition(".")
        if table not in self.given:
            return False
        return not column or any(option in self.given[table] for option in column.split("|"))


def not_computable(keys: tuple[str, ...], missing: tuple[str, ...], why: Phrase | None = None) -> list[NotComputable]:
    """One refusal for each key: what is missing, and why."""
    reason = why or Phrase.of("not_computable.missing", columns=missing)
    return [NotComputable(key, missing, reason) for key in keys]
