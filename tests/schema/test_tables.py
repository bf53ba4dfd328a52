"""The data dictionary is whole: names in both languages, a label, a meaning, and a kind that exists."""

from __future__ import annotations

import pytest

from cxaudit.schema.tables import KINDS, TABLES, Table
from cxaudit.texts import known


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_is_named_explained_and_of_a_known_kind(table: Table):
    assert known(f"tables.{table.name}.label")
    assert known(f"tables.{table.name}.meaning")
    assert len(set(table.names)) == len(table.columns)
    for column in table.columns:
        assert column.kind in KINDS
        assert table.client_names(column.name, "fr")
        assert table.client_names(column.name, "en")
        assert known(f"tables.{table.name}.{column.name}.label")
        assert known(f"tables.{table.name}.{column.name}.meaning")


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_keys_and_ways_to_the_customer_are_columns(table: Table):
    assert {*table.key, *table.customer, *(name for group in table.any_of for name in group)} <= set(table.names)


def test_what_is_missing_is_named_once():
    assert TABLES["surveys"].missing({"kind"}) == ("sent_at",)
    assert TABLES["surveys"].missing({"kind", "answered_at"}) == ()
    assert TABLES["returns"].missing(set()) == ("returned_at", "order_id")


def test_an_unknown_column_is_an_error():
    with pytest.raises(KeyError, match=r"orders\.prix"):
        TABLES["orders"].column("prix")
