"""Rows after the last day are left out of every figure, and counted aloud."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from cxaudit import texts
from cxaudit.prepare import prepare
from cxaudit.schema.results import Phrase
from cxaudit.schema.settings import Settings


def frames(order_days: list[int], ticket_days: list[int]) -> dict[str, pl.DataFrame]:
    orders = {"order_id": [f"C{n}" for n in order_days], "ordered_at": [datetime(2026, 5, n) for n in order_days]}
    tickets = {"ticket_id": [f"T{n}" for n in ticket_days], "created_at": [datetime(2026, 5, n) for n in ticket_days]}
    return {"orders": pl.DataFrame(orders), "tickets": pl.DataFrame(tickets)}


def told(found: dict[str, pl.DataFrame], settings: Settings) -> list[Phrase]:
    return [one for one in prepare(found, settings).warnings if one.key == "warning.after_last_day"]


def test_each_table_tells_how_many_rows_come_after_the_last_order() -> None:
    found = frames([1, 5, 10], [2, 10, 11, 12])
    [phrase] = told(found, Settings())
    assert dict(phrase.facts) == {"table": "tables.tickets.label", "rows": 2, "day": date(2026, 5, 10)}
    assert prepare(found, Settings()).tables.rows["tickets"] == 2
    said = texts.say(phrase, "fr")
    assert said == ("Tickets\u202f: 2 lignes datées après le dernier jour (10 mai 2026) n’entrent dans aucun chiffre.")


def test_an_earlier_last_day_leaves_more_out_and_no_row_is_lost() -> None:
    found = frames([1, 5, 10], [2, 10, 11, 12])
    prepared = prepare(found, Settings(as_of=date(2026, 5, 4)))
    later = {str(dict(one.facts)["table"]): dict(one.facts)["rows"] for one in prepared.warnings}
    assert later == {"tables.orders.label": 2, "tables.tickets.label": 3}
    assert {name: len(frame) for name, frame in found.items()} == {
        name: rows + later[f"tables.{name}.label"] for name, rows in prepared.tables.rows.items()
    }


def test_nothing_is_said_where_nothing_is_left_out() -> None:
    assert told(frames([1, 12], [2, 12]), Settings()) == []
