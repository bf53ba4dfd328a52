"""Known exports: each is known again with columns added, dropped, moved and respelled, and by what its values are."""

from __future__ import annotations

import random

import polars as pl
import pytest
from made_exports import Maker

from cxaudit.ingest import inspect_sheets
from cxaudit.ingest.derive import RULE_NAMES
from cxaudit.ingest.entries import NONE, Entry
from cxaudit.ingest.layouts import Layout, layouts
from cxaudit.ingest.read_layout import LINE
from cxaudit.ingest.sources import Sheet
from cxaudit.schema.tables import TABLES
from cxaudit.texts import known

ROWS = 30
_BY_FIELD = {"currency": "country", "country": "country"}
_BY_KIND = {
    "moment": "moment",
    "email": "email",
    "id": "ticket",
    "text": "text",
    "amount": "amount",
    "number": "rating",
}


def _sheet(layout: Layout, names: list[str], drawn: random.Random) -> Sheet:
    maker = Maker(drawn.randint(0, 999))
    maker.rows, maker.language, maker.dates = ROWS, "en", "%Y-%m-%d %H:%M:%S"
    kinds = {column: field for field, columns in layout.mapping.items() for column in columns}
    frame = {name: [_value(maker, layout, kinds.get(name), row) for row in range(ROWS)] for name in names}
    line = pl.int_range(2, ROWS + 2, dtype=pl.Int64, eager=True).alias(LINE)
    frame_of_text = pl.DataFrame(frame, schema=dict.fromkeys(names, pl.String)).with_columns(line)
    second = ("",) * len(names)
    return Sheet("x.csv", None, "utf-8", ",", 1, 1, tuple(names), second, frame_of_text, ROWS, frozenset(), (), "d")


def _value(maker: Maker, layout: Layout, field: str | None, row: int) -> str:
    if field is None or layout.table == NONE:
        return maker.random.choice(["abc", "def", "x y", "12"])
    if field in _BY_FIELD:
        return maker._one(_BY_FIELD[field], row)
    return maker._one(_BY_KIND.get(TABLES[layout.table].column(field).kind, "product"), row)


def _entry(layout: Layout, names: list[str], seed: int) -> Entry:
    return inspect_sheets([_sheet(layout, names, random.Random(seed))])[0]


def _expected(layout: Layout, names: list[str]) -> dict[str, str]:
    """Field → column, of the columns that may hold one field only (Gorgias' customer is an e-mail or an id)."""
    claims = [column for columns in layout.mapping.values() for column in columns]
    return {
        field: next(c for c in columns if c in names)
        for field, columns in layout.mapping.items()
        if any(c in names for c in columns) and field not in layout.weak and all(claims.count(c) == 1 for c in columns)
    }


def _one_each(layout: Layout) -> list[str]:
    """The layout's columns, of the core's alternatives those that its list of columns holds."""
    return list(layout.columns)


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_a_known_export_is_known_by_its_own_columns(layout: Layout):
    names = _one_each(layout)
    entry = _entry(layout, names, 1)
    assert (entry.layout, entry.table, entry.platform) == (layout.name, layout.table, layout.platform)
    if layout.table != NONE:
        found = {**entry.mapping, **dict.fromkeys(entry.derived)}
        wrong = {f: (entry.mapping.get(f), c) for f, c in _expected(layout, names).items() if f not in found}
        assert not wrong
        assert all(entry.mapping[f] == c for f, c in _expected(layout, names).items() if f in entry.mapping)


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_it_is_known_again_with_other_columns_around_in_another_order_and_spelling(layout: Layout):
    drawn = random.Random(layout.name)
    core = {alternative for column in layout.core for alternative in column.split(" | ")}
    names = [name for name in layout.columns if name in core or drawn.random() < 0.6]
    names += ["Ma colonne", "Champ libre 2"]
    drawn.shuffle(names)
    entry = _entry(layout, names, 2)
    assert (entry.layout, entry.table) == (layout.name, layout.table)
    assert {"Ma colonne", "Champ libre 2"}.isdisjoint(entry.mapping.values())


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_a_layouts_file_says_only_what_exists(layout: Layout):
    assert layout.table == NONE or layout.table in TABLES
    assert (layout.text != "") == (layout.table == NONE)
    assert not layout.text or known(layout.text)
    for field in (*layout.mapping, *layout.derived, *layout.weak):
        assert field in TABLES[layout.table].names
    for rules in layout.derived.values():
        assert all("constant" in rule or rule["rule"] in RULE_NAMES for rule in rules)
