"""The known exports: one TOML each in `platforms/`, matched by a core of names and by what their values are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from cxaudit.ingest.entries import NONE
from cxaudit.ingest.fit import suits
from cxaudit.ingest.profile import Profile
from cxaudit.ingest.words import normal
from cxaudit.schema.tables import TABLES

# A layout is met when this share of its core is there: tools drop and rename a column each year.
CORE_SHARE = 0.7


@dataclass(frozen=True)
class Layout:
    """One known export.

    Attributes:
        name: The file's stem.
        platform: Slug of the tool; `brand` its name for the reader.
        core: Names of which most must be there; each may give alternatives joined by ` | `.
        without: Names that tell a cousin apart: with one of them this layout is not met.
        mapping: Field → the columns that may hold it, best first.
        derived: Field → rule with the columns that it starts from, or a constant; the first that its columns allow.
        columns: Every name known of the layout: those that serve no field are left alone.
        text: For an export that serves no table, the key of the sentence that says why and what to ask for.
        utc: Moment columns that say nothing of being UTC but are.
        weak: Fields whose usual column is second best: a custom column that says the field plainly goes first.
        least: The share of the core that must be there.
    """

    name: str
    platform: str
    brand: str
    table: str
    core: tuple[str, ...]
    without: tuple[str, ...] = ()
    mapping: Mapping[str, Sequence[str]] = field(default_factory=dict)
    derived: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    text: str = ""
    utc: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    least: float = CORE_SHARE


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout that ships with the package, by name."""
    folder = resources.files(__package__).joinpath("platforms")
    found = [
        _layout(item.name.removesuffix(".toml"), tomllib.loads(item.read_text("utf-8")))
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda layout: layout.name))


def _layout(name: str, given: Mapping[str, Any]) -> Layout:
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    derived = {key: rules if isinstance(rules, list) else [rules] for key, rules in given.get("derived", {}).items()}
    return Layout(**{**plain, "name": name, "derived": derived})


def match(names: Sequence[str], profiles: Sequence[Profile]) -> tuple[Layout, float] | None:
    """The known export whose core is best met, with the share of it that is; None where none is."""
    present = {normal(name): index for index, name in reversed(list(enumerate(names)))}
    met = [(layout, share) for layout in layouts() if (share := _share(layout, present)) >= layout.least]
    met = [pair for pair in met if _values_agree(pair[0], present, profiles)]
    return max(met, key=lambda pair: (len(pair[0].core) * pair[1] ** 2, pair[0].name), default=None)


def _share(layout: Layout, present: Mapping[str, int]) -> float:
    if any(normal(name) in present for name in layout.without):
        return 0.0
    return sum(any(normal(n) in present for n in core.split(" | ")) for core in layout.core) / len(layout.core)


def _values_agree(layout: Layout, present: Mapping[str, int], profiles: Sequence[Profile]) -> bool:
    """Most of the required fields' columns hold what they should."""
    if layout.table == NONE:
        return True
    table = TABLES[layout.table]
    found = {name: column for name, column in _columns(layout, present) if name in (*table.required, "text", "rating")}
    good = sum(suits(table.name, table.column(name), profiles[column]) > 0 for name, column in found.items())
    return good * 2 >= len(found)


def _columns(layout: Layout, present: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for name, choices in layout.mapping.items():
        for choice in choices:
            if normal(choice) in present:
                yield name, present[normal(choice)]
                break


def known_mapping(layout: Layout, names: Sequence[str], profiles: Sequence[Profile]) -> dict[str, int]:
    """Field → column position by the layout, a column whose values cannot be the field's left out."""
    present = {normal(name): index for index, name in reversed(list(enumerate(names)))}
    table = TABLES[layout.table]
    found: dict[str, int] = {}
    for name, choices in layout.mapping.items():
        columns = [column for choice in choices if (column := present.get(normal(choice))) is not None]
        fit = [column for column in columns if suits(table.name, table.column(name), profiles[column]) > 0]
        if fit:
            found[name] = next((column for column in fit if profiles[column].seen), fit[0])
    return found


def known_columns(layout: Layout, names: Sequence[str]) -> frozenset[int]:
    """Positions of the columns that the layout knows, used or not."""
    known = {normal(name) for name in (*layout.columns, *(c for core in layout.core for c in core.split(" | ")))}
    known |= {normal(choice) for choices in layout.mapping.values() for choice in choices}
    return frozenset(index for index, name in enumerate(names) if normal(name) in known)
