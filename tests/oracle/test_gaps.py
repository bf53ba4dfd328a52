"""The audit against the oracle: standardised figures, gaps, re-weighted scores, the low-contact chart, the stakes."""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from typing import Any

import beside
import drawn
import lagged
import promised
import pytest
import scores
import standardised
import weekly
import written
from agree import differences, near
from oracle import World

from cxaudit import run_audit
from cxaudit.schema.results import Audit, Span
from cxaudit.schema.settings import Settings

PLAIN = Settings()
SPAN = Settings(as_of=date(2026, 1, 31), period=Span(date(2025, 4, 1), date(2025, 9, 30)))
TWO = Settings(
    as_of=date(2026, 1, 31),
    period=Span(date(2025, 7, 1), date(2025, 12, 31)),
    compare=Span(date(2025, 1, 1), date(2025, 6, 30)),
)
WORLDS = ((21, 250, PLAIN), (31, 60, PLAIN), (32, 180, SPAN), (33, 260, TWO), (34, 130, TWO))
SPANNED = Settings(period=Span(date(2025, 4, 1), date(2025, 8, 31)))
LAGGED = ((1, 400, PLAIN), (2, 100, PLAIN), (3, 400, SPANNED), (4, 250, SPANNED))


@cache
def _audited(seed: int, customers: int, settings: Settings) -> tuple[World, Audit]:
    made = written.world(seed, customers)
    return World(made, settings), run_audit(made, settings)


@cache
def _lagged(seed: int, customers: int, settings: Settings) -> tuple[World, Audit]:
    made = lagged.brand(seed, customers)
    return World(made, settings), run_audit(made, settings)


@pytest.mark.parametrize(("seed", "customers", "settings"), WORLDS)
@pytest.mark.parametrize("readings", [standardised, beside, scores], ids=["standardised", "beside", "scores"])
def test_gaps_and_scores_are_the_oracles(readings: Any, seed: int, customers: int, settings: Settings) -> None:
    world, audit = _audited(seed, customers, settings)
    figures = {key: figure for part in readings.PARTS for key, figure in part(world).items()}
    assert any(figure.value is not None for figure in figures.values())
    assert not differences(figures, audit)


@pytest.mark.parametrize(("seed", "customers", "settings"), LAGGED)
def test_repurchase_and_gesture_gaps_are_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    world, audit = _lagged(seed, customers, settings)
    figures = lagged.repurchase_gap(world) | lagged.gesture_gap(world)
    assert set(figures) - {"lost"} <= set(audit.measures)
    figures.pop("lost")
    assert not differences(figures, audit)


@pytest.mark.parametrize(("seed", "customers", "settings"), WORLDS)
def test_repurchase_gaps_with_drawn_lags_are_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    world, audit = _audited(seed, customers, settings)
    figures = drawn.repurchase_gap(world)
    assert len(figures) == 4
    assert not differences(figures, audit)


@pytest.mark.parametrize(("seed", "customers", "settings"), LAGGED)
def test_stakes_are_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    world, audit = _lagged(seed, customers, settings)
    for key, (value, low, high) in lagged.stakes(world).items():
        stake = audit.stakes[key]
        assert near(value, stake.value) and near(low, stake.low) and near(high, stake.high), key
        assert low <= value <= high, key


@pytest.mark.parametrize(("seed", "customers", "linked"), [(1, 160, 0.9), (2, 50, 1.0), (3, 120, 0.5)])
def test_promises_kept_are_the_oracles(seed: int, customers: int, linked: float) -> None:
    made, told = promised.brand(seed, customers, linked)
    figure = promised.kept(World(made, PLAIN), told)
    assert 0 < (figure.numerator or 0) < figure.denominator
    assert figure.refused["R7"] is (linked == 0.5)
    assert not differences({"field.promises.kept": figure}, run_audit(made, PLAIN))


@pytest.mark.parametrize(("seed", "customers", "settings"), WORLDS)
def test_the_weekly_chart_is_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    world, audit = _audited(seed, customers, settings)
    measure = audit.measures["silence.contacts.weekly"]
    chart = weekly.chart(world)
    held = {week[0]: week[1:] for week in measure.facts["weeks"]}
    judged = [week for week, told in chart.items() if told[3] is not None]
    assert judged
    for week, told in chart.items():
        assert all(math.isclose(a, b, abs_tol=1e-7) if a is not None and b is not None else a is b
                   for a, b in zip(told, held[week], strict=True)), (week, told, held[week])  # fmt: skip
    assert measure.facts["state"] == weekly.state(chart)
