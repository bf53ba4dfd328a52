"""A mapping in the making: columns by position, with what the sheet and its name say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from cxaudit.ingest.profile import Profile
from cxaudit.ingest.words import meaning


@dataclass
class Draft:
    """A mapping being made: columns by position, with what the sheet and its name say."""

    table: str
    names: Sequence[str]
    labels: Sequence[str]
    profiles: Sequence[Profile]
    frame: pl.DataFrame
    found: np.ndarray
    alike: np.ndarray
    title: str
    mapping: dict[str, int] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)
    derived: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: frozenset[int] = frozenset()

    def lacks(self, name: str) -> bool:
        return name not in self.mapping and name not in self.derived

    def free(self) -> Iterator[int]:
        """Columns that serve nothing yet."""
        used = {*self.mapping.values()}
        sources = {name for rule in self.derived.values() for name in rule.get("from", ())}
        return (i for i, name in enumerate(self.names) if i not in used and name not in sources)

    def derive(self, name: str, rule: str, *columns: int) -> None:
        self.mapping.pop(name, None)
        self.derived[name] = {"from": [self.names[column] for column in columns], "rule": rule}


def constant(draft: Draft, name: str, value: str | None) -> None:
    if value is not None:
        draft.derived[name] = {"constant": value}


def bears(draft: Draft, column: int, *concepts: str) -> bool:
    return set(concepts) <= meaning(draft.labels[column]).concepts
