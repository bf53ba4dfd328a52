"""Another currency, chosen while people look on: the audit is one made anew, and computes only what it touches."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import fields, replace
from datetime import date
from typing import Any

import polars as pl
import pytest
import written

from cxaudit import run_audit
from cxaudit.audit import Brief, prepare_audit
from cxaudit.follow.kept import Kept
from cxaudit.follow.live import Live
from cxaudit.measure.tables import Tables
from cxaudit.schema.results import Audit, Span
from cxaudit.schema.settings import Exclude, Settings

START = Settings(as_of=date(2026, 1, 31), period=Span(date(2025, 7, 1), date(2025, 12, 31)), minute_cost=0.5)
WALK = (
    replace(START, currency="GBP"),
    replace(START, currency="CHF"),  # which no order says
    replace(START, currency="EUR", exclude=Exclude(zero_amount=False)),
    replace(START, currency="GBP", margin_rate=0.4),
    START,
)


class Counting(Kept):
    """Results, and the names of those that were computed."""

    def __init__(self) -> None:
        super().__init__()
        self.computed: set[Hashable] = set()

    def of(self, name: Hashable, tables: Tables, settings: Settings, make: Callable[[Tables, Settings], Any]) -> Any:
        def making(told: Tables, under: Settings) -> Any:
            self.computed.add(name)
            return make(told, under)

        return super().of(name, tables, settings, making)


@pytest.fixture(scope="module")
def plain() -> dict[str, pl.DataFrame]:
    return written.world(91, 60)


@pytest.fixture(scope="module")
def mixed(plain: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Of ten orders six are in euros, three in pounds, one does not say; of three gestures one is in pounds itself."""
    words = ("EUR", "gbp", "€", "EUR", "£", "Euro", None, "EUR", "GBP", "eur")
    said = [words[n % len(words)] for n in range(len(plain["orders"]))]
    own = ["GBP" if n % 3 == 1 else None for n in range(len(plain["gestures"]))]
    return {
        **plain,
        "orders": plain["orders"].with_columns(pl.Series("currency", said, pl.String)),
        "gestures": plain["gestures"].with_columns(pl.Series("currency", own, pl.String)),
    }


def following(frames: dict[str, pl.DataFrame], results: Kept | None = None) -> Live:
    return Live(prepare_audit(frames, Brief(START)), results=results)


def test_each_currency_is_the_audit_made_anew(mixed: dict[str, pl.DataFrame]) -> None:
    live, before = following(mixed), run_audit(mixed, START)
    assert before.currency == "EUR" and set(before.currencies) == {"EUR", "GBP", ""}
    for settings in WALK:
        followed, anew = live.audit(Brief(settings)), run_audit(mixed, settings)
        for item in fields(Audit):
            assert getattr(followed, item.name) == getattr(anew, item.name), item.name
    pounds = run_audit(mixed, WALK[0])
    assert pounds.currency == "GBP"
    assert pounds.measures["gesture.cost.total"].value != before.measures["gesture.cost.total"].value


def test_a_name_for_the_same_amounts_computes_nothing(plain: dict[str, pl.DataFrame]) -> None:
    results = Counting()
    live = following(plain, results)
    live.audit(Brief(START))
    results.computed.clear()
    francs = live.audit(Brief(replace(START, currency="CHF")))
    assert (francs.currency, francs.measures["gesture.cost.total"].currency) == ("CHF", "CHF")
    assert not results.computed


def test_other_amounts_compute_what_reads_them(mixed: dict[str, pl.DataFrame]) -> None:
    results = Counting()
    live = following(mixed, results)
    live.audit(Brief(START))
    results.computed.clear()
    live.audit(Brief(replace(START, currency="GBP")))
    assert results.computed == {"repurchase", "gestures", "refund"}
