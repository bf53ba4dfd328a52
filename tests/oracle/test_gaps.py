"""The audit against the oracle: standardised figures, gaps, re-weighted scores, the low-contact chart, the stakes."""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from typing import Any

import beside
import lagged
import promised
import pytest
import scores
import standardised
import weekly
from generate import tables
from oracle import Figure, World

from cxaudit import run_audit
from cxaudit.schema.results import Audit, Span
from cxaudit.schema.settings import Settings

NEAR = 1e-9
PLAIN = Settings()
SPAN = Settings(as_of=date(2026, 1, 31), period=Span(date(2025, 4, 1), date(2025, 9, 30)))
TWO = Settings(
    as_of=date(2026, 1, 31),
    period=Span(date(2025, 7, 1), date(2025, 12, 31)),
    compare=Span(date(2025, 1, 1), date(2025, 6, 30)),
)
WORLDS = ((21, 300, PLAIN), (31, 60, PLAIN), (32, 180, SPAN), (33, 260, TWO), (34, 130, TWO))
SPANNED = Settings(period=Span(date(2025, 4, 1), date(2025, 8, 31)))
LAGGED = ((1, 400, PLAIN), (2, 100, PLAIN), (3, 400, SPANNED), (4, 250, SPANNED))


@cache
def _audited(seed: int, customers: int, settings: Settings) -> tuple[World, Audit]:
    made = tables(seed, customers)
    return World(made, settings), run_audit(made, settings)


@cache
def _lagged(seed: int, customers: int, settings: Settings) -> tuple[World, Audit]:
    made = lagged.brand(seed, customers)
    return World(made, settings), run_audit(made, settings)


def _near(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=NEAR, abs_tol=NEAR)


def _differences(figures: dict[str, Figure], audit: Audit) -> list[str]:
    """What the audit says otherwise; a figure without any unit may be said not to be computable."""
    found = []
    for key, figure in figures.items():
        measure = audit.measures.get(key)
        if measure is None:
            found += [f"{key}: no measure"] if figure.value is not None else []
            continue
        for part in ("denominator", "value", "low", "high"):
            wanted, held = getattr(figure, part), getattr(measure, part)
            if not _near(wanted, held) and not (part in ("low", "high") and wanted is None):
                found.append(f"{key}.{part}: oracle {wanted}, audit {held}")
        found += [
            f"{key}.excluded.{name}: oracle {wanted}, audit {measure.excluded.get(name)}"
            for name, wanted in figure.excluded.items()
            if measure.excluded.get(name) != wanted
        ]
    return found


@pytest.mark.parametrize(("seed", "customers", "settings"), WORLDS)
@pytest.mark.parametrize("readings", [standardised, beside, scores], ids=["standardised", "beside", "scores"])
def test_gaps_and_scores_are_the_oracles(readings: Any, seed: int, customers: int, settings: Settings) -> None:
    world, audit = _audited(seed, customers, settings)
    figures = {key: figure for part in readings.PARTS for key, figure in part(world).items()}
    assert any(figure.value is not None for figure in figures.values())
    assert not _differences(figures, audit)


@pytest.mark.parametrize(("seed", "customers", "settings"), LAGGED)
def test_repurchase_and_gesture_gaps_are_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    world, audit = _lagged(seed, customers, settings)
    figures = lagged.repurchase_gap(world) | lagged.gesture_gap(world)
    assert set(figures) - {"lost"} <= set(audit.measures)
    lost, _ = figures.pop("lost")
    assert not _differences(figures, audit)
    assert lost["r5"] == ("R5" in audit.measures["repurchase.gap.90d"].refusals)


@pytest.mark.parametrize(("seed", "customers", "settings"), LAGGED)
def test_stakes_are_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    world, audit = _lagged(seed, customers, settings)
    for key, (value, low, high) in lagged.stakes(world).items():
        stake = audit.stakes[key]
        assert _near(value, stake.value) and _near(low, stake.low) and _near(high, stake.high), key
        assert low <= value <= high, key


@pytest.mark.parametrize(("seed", "customers"), [(1, 160), (2, 50)])
def test_promises_kept_are_the_oracles(seed: int, customers: int) -> None:
    made, told = promised.brand(seed, customers)
    figure = promised.kept(World(made, PLAIN), told)
    assert 0 < (figure.numerator or 0) < figure.denominator
    assert not _differences({"field.promises.kept": figure}, run_audit(made, PLAIN))


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
