"""The audit against the oracle where people speak: tone, its volume and what follows it, medians and ratios."""

from __future__ import annotations

from datetime import date
from functools import cache

import middles
import polars as pl
import pytest
import spoken
import written
from agree import differences, near
from oracle import World

from cxaudit import run_audit
from cxaudit.prepare.verbatims import digest
from cxaudit.schema.results import Audit, Span
from cxaudit.schema.settings import Settings

PLAIN = Settings()
SUMMER = Settings(as_of=date(2026, 1, 31), period=Span(date(2025, 4, 1), date(2025, 9, 30)))
EARLY = Settings(as_of=date(2025, 12, 20))
WORLDS = ((71, 100, PLAIN), (73, 60, EARLY), (74, 7, PLAIN), (75, 160, SUMMER))
SPOKEN_KEYS = ("tone.", "cross.tone.", "surface.csat.tone.")


@cache
def _audited(seed: int, customers: int, settings: Settings) -> tuple[World, written.Heard, Audit]:
    made = written.world(seed, customers)
    return World(made, settings), written.heard(made), run_audit(made, settings)


@pytest.mark.parametrize(("seed", "customers", "settings"), WORLDS)
def test_tone_is_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    world, heard, audit = _audited(seed, customers, settings)
    figures = {key: found for part in spoken.PARTS for key, found in part(world, heard).items()}
    assert {key for key in audit.measures if key.startswith(SPOKEN_KEYS)} <= set(figures)
    assert not differences(figures, audit)


@pytest.mark.parametrize(("seed", "customers", "settings"), WORLDS)
def test_medians_and_ratios_are_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    world, _, audit = _audited(seed, customers, settings)
    figures = {key: found for part in middles.PARTS for key, found in part(world).items()}
    assert figures["surface.first_reply_hours"].low is not None
    assert not differences(figures, audit)


@cache
def _numbered() -> tuple[dict[str, pl.DataFrame], written.Heard]:
    made = written.numbered(76, 60)
    return made, written.heard(made)


@pytest.mark.parametrize(("right", "labelled"), [(0.9, 100), (0.9, 99), (0.05, 200)])
def test_a_persons_labels_correct_the_shares_from_100_texts_on(right: float, labelled: int) -> None:
    made, heard = _numbered()
    world = World(made, SUMMER)
    said = {v["text"] for v in spoken.verbatims(world)}
    told = dict([(t, names) for t, names in written.person(7, heard, right).items() if t in said][:labelled])
    audit = run_audit(made, SUMMER, labels={digest(text): labels for text, labels in told.items()})
    wanted = spoken.corrected(world, heard, told)
    assert (wanted["negative"] is None) is (labelled < 100 or right < 0.5)
    for name, value in wanted.items():
        measure = audit.measures[f"tone.{name}.share"]
        assert near(value, measure.facts.get("corrected")), name
        assert ("R6" in measure.refusals) is (labelled < 100), name
