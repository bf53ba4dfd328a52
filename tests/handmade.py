"""Small tables written by hand: days counted from one origin, one line a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from cxaudit.measure.anatomy import Signal
from cxaudit.prepare import prepare
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

ORIGIN = datetime(2026, 1, 1)


def at(days: float) -> datetime:
    """The moment `days` after the origin."""
    return ORIGIN + timedelta(days=days)


def frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """A table from rows as dictionaries."""
    return pl.DataFrame(list(rows), infer_schema_length=None)


def order(number: str, day: float, customer: str, amount: float = 10.0, **more: Any) -> dict[str, Any]:
    return {"order_id": number, "ordered_at": at(day), "customer_id": customer, "amount": amount, **more}


def ticket(day: float, number: str | None, customer: str | None = None, **more: Any) -> dict[str, Any]:
    return {"created_at": at(day), "order_id": number, "customer_id": customer, **more}


def measured(
    signal: Signal, tables: Mapping[str, pl.DataFrame], as_of: int, settings: Settings | None = None, **more: Any
) -> dict[str, Result]:
    """The signal's results by key, on tables whose last day is `as_of` days after the origin."""
    chosen = replace(settings or Settings(), as_of=at(as_of).date())
    prepared = prepare(tables, chosen, **more)
    return {result.key: result for result in signal(prepared.tables, chosen)}
