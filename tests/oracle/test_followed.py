"""The audit against the oracle: what stands beside the figures, and the money at stake."""

from __future__ import annotations

from datetime import date
from functools import cache

import followed
import lagged
import pytest
from agree import near
from generate import tables
from oracle import World

from cxaudit import run_audit
from cxaudit.schema.results import Audit, Span
from cxaudit.schema.settings import Settings

PLAIN = Settings()
SUMMER = Settings(as_of=date(2026, 1, 31), period=Span(date(2025, 4, 1), date(2025, 9, 30)))
EARLY = Settings(as_of=date(2025, 12, 20))
WORLDS = ((101, 150, PLAIN), (102, 220, SUMMER), (103, 160, EARLY))


@cache
def _audited(seed: int, customers: int, settings: Settings) -> tuple[World, Audit]:
    made = tables(seed, customers)
    return World(made, settings), run_audit(made, settings)


@pytest.mark.parametrize(("seed", "customers", "settings"), WORLDS)
def test_the_curve_is_the_oracles_day_by_day(seed: int, customers: int, settings: Settings) -> None:
    world, audit = _audited(seed, customers, settings)
    wanted = followed.curve(world)
    assert len(set(wanted)) > 3
    for days in (30, 90):
        measure = audit.measures[f"repurchase.complainers.{days}d.km"]
        steps = dict(measure.facts["curve"])
        height = 0.0
        for day, share in enumerate(wanted):
            height = steps.get(day, height)
            assert near(share, height), day
        assert set(steps) <= set(range(len(wanted)))
        assert measure.facts["at_risk"] == followed.at_risk(world, days)
        assert near(measure.value, wanted[days])


@pytest.mark.parametrize(("seed", "customers", "settings"), WORLDS)
def test_the_bridge_and_the_distribution_are_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    world, audit = _audited(seed, customers, settings)
    facts = audit.measures["recontact.orders.30d"].facts
    assert facts["bridge"] == followed.bridge(world) == audit.measures["surface.tickets"].facts["bridge"]
    assert facts["distribution"] == followed.distribution(world)
    assert facts["bridge"]["raw"] > facts["bridge"]["eligible"] > facts["bridge"]["episodes"]


@pytest.mark.parametrize(("seed", "customers", "settings"), WORLDS)
def test_irritants_are_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    """Worst first by tickets × recontact."""
    world, audit = _audited(seed, customers, settings)
    held = {i.label: (i.tickets, i.share, i.growth, i.recontact) for i in audit.field_work.irritants}
    wanted = followed.irritants(world)
    assert held.keys() == wanted.keys()
    for label, told in wanted.items():
        assert all(near(a, b) for a, b in zip(told, held[label], strict=True)), (label, told, held[label])
    weights = [i.tickets * (i.recontact or 0.0) for i in audit.field_work.irritants]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize("margin", [None, 0.35])
@pytest.mark.parametrize("minute", [None, 0.8])
def test_stakes_follow_margin_and_minutes(margin: float | None, minute: float | None) -> None:
    settings = Settings(margin_rate=margin, minute_cost=minute)
    made = lagged.brand(6, 300) if minute is None else tables(104, 200)
    world, audit = World(made, settings), run_audit(made, settings)
    wanted = lagged.stakes(world) if minute is None else followed.recontact_cost(world)
    for key, told in wanted.items():
        stake = audit.stakes[key]
        assert all(near(a, b) for a, b in zip(told, (stake.value, stake.low, stake.high), strict=True)), key
    assert ("stake.recontacts" in audit.stakes) is (minute is not None)
