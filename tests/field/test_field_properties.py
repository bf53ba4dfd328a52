"""Properties of all surface and field figures: order, names and doubling change nothing that they should not."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from engine.brand import brand
from handmade import frame

from cxaudit import field, surface
from cxaudit.field import field_work
from cxaudit.measure.anatomy import discover
from cxaudit.prepare import prepare
from cxaudit.schema.results import Measure
from cxaudit.schema.settings import Settings

SIGNALS = (*discover(surface), *discover(field))
Tables = Mapping[str, pl.DataFrame]


def figures(tables: Tables, key: bytes = b"one", on: str = "polars") -> dict[str, tuple[float | None, ...]]:
    held = prepare(tables, Settings(), key=key, engine=on).tables
    found = [result for signal in SIGNALS for result in signal(held, Settings()) if isinstance(result, Measure)]
    return {item.key: (item.value, item.low, item.high, item.denominator) for item in found}


REPLIES = (
    "Bonjour, votre remboursement de {} € sera effectué sous 3 jours.",
    "Votre colis sera livré le {} mars.",
    "Nous ne pouvons pas accepter ce retour.",
    "Votre demande de remboursement est acceptée, dossier {}.",
    "Je reviens vers vous sous 48 h à propos de la facture {}.",
)


def told(rng: random.Random, row: dict[str, Any]) -> dict[str, Any]:
    reply = rng.choice(REPLIES).format(rng.randrange(1, 28)) if rng.random() < 0.9 else None
    spent = {
        "transfers": rng.choice([0, 0, 1]),
        "reopens": rng.choice([0, 0, 0, 1]),
        "handle_minutes": rng.random() * 20,
    }
    return row | spent | {"reply": reply, "group": rng.choice("NS"), "csat": rng.choice([None, 2.0, 5.0])}


def dated(rng: random.Random, row: dict[str, Any]) -> dict[str, Any]:
    promised = row["ordered_at"] + timedelta(days=4)
    return row | {"promised_at": promised, "delivered_at": promised + timedelta(days=rng.choice([-1, 0, 2]))}


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The small brand with all that the field's figures need."""
    rng, base = random.Random(3), brand(seed=21, orders=900)
    tickets = [told(rng, row) for row in base["tickets"].to_dicts()]
    checks = [
        {"checked_at": row["created_at"], "criterion": name, "score": float(rng.randrange(6)), "max_score": 5.0}
        | {"ticket_id": row["ticket_id"]}
        for row in tickets[::3]
        for name in ("accueil", "solution")
    ]
    calls = [
        {"called_at": row["created_at"], "customer_email": row["customer_email"], "call_id": row["ticket_id"]}
        | {"answered_at": row["created_at"] if rng.random() < 0.9 else None}
        for row in tickets[::4]
    ]
    more = {"listening": frame(checks), "calls": frame(calls), "tickets": frame(tickets)}
    return base | more | {"orders": frame([dated(rng, row) for row in base["orders"].to_dicts()])}


@pytest.fixture(scope="module")
def known(tables: Tables) -> dict[str, tuple[float | None, ...]]:
    found = figures(tables)
    assert len(found) > 55
    return found


def same(one: Mapping[str, tuple[float | None, ...]], other: Mapping[str, tuple[float | None, ...]]) -> None:
    assert set(one) == set(other)
    for key, values in one.items():
        assert other[key] == pytest.approx(values, nan_ok=True), key


def test_row_order_changes_nothing(tables: Tables, known: dict[str, tuple[float | None, ...]]) -> None:
    same(known, figures({name: rows.sample(fraction=1, shuffle=True, seed=4) for name, rows in tables.items()}))


def test_customers_pseudonyms_change_nothing(tables: Tables, known: dict[str, tuple[float | None, ...]]) -> None:
    same(known, figures(tables, key=b"another"))


def test_another_engine_changes_nothing(tables: Tables, known: dict[str, tuple[float | None, ...]]) -> None:
    pytest.importorskip("duckdb")
    same(known, figures(tables, on="duckdb"))


def test_two_clients_in_one_file_keep_the_shares_and_narrow_the_intervals(
    tables: Tables, known: dict[str, tuple[float | None, ...]]
) -> None:
    again = figures({name: pl.concat([rows, _renamed(rows)], how="vertical_relaxed") for name, rows in tables.items()})
    for key in ("surface.resolution", "surface.recontact_after_close.7d", "field.late.share", "field.late.contact"):
        (value, low, high, n), (twice, lower, higher, more) = known[key], again[key]
        assert twice == pytest.approx(value) and more == 2 * n
        assert None not in (low, high, lower, higher)
        assert higher - lower < high - low  # type: ignore[operator]


def _renamed(rows: pl.DataFrame) -> pl.DataFrame:
    ids = [
        name for name in ("order_id", "ticket_id", "customer_id", "customer_email", "call_id") if name in rows.columns
    ]
    return rows.with_columns(pl.concat_str(pl.col(name), pl.lit("z")).alias(name) for name in ids)


def test_irritants_do_not_depend_on_row_order(tables: Tables) -> None:
    shuffled = {name: rows.sample(fraction=1, shuffle=True, seed=8) for name, rows in tables.items()}
    one, other = (field_work(prepare(held, Settings()).tables, Settings()) for held in (tables, shuffled))
    assert one.irritants and one == other
