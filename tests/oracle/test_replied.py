"""The audit against the oracle: replies from templates, replies that contradict each other, channels, listening."""

from __future__ import annotations

from datetime import date

import listened
import pytest
import replied
import written
from agree import differences, near
from oracle import World

from cxaudit import run_audit
from cxaudit.schema.results import Span
from cxaudit.schema.settings import Settings

PLAIN = Settings()
SPRING = Settings(as_of=date(2025, 8, 31), period=Span(date(2025, 4, 1), date(2025, 6, 30)))
SUMMER = Settings(as_of=date(2026, 1, 31), period=Span(date(2025, 4, 1), date(2025, 9, 30)))
REPLIED = ((1, 160, PLAIN), (2, 120, SPRING), (3, 40, PLAIN))
LISTENED = ((91, 100, PLAIN), (92, 160, SUMMER), (93, 30, PLAIN))


@pytest.mark.parametrize(("seed", "customers", "settings"), REPLIED)
def test_replies_are_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    made, told = replied.brand(seed, customers)
    world = World(made, settings)
    figures = {key: found for part in replied.PARTS for key, found in part(world, told).items()}
    assert 0 < (figures["field.canned.share"].value or 0) < 1
    assert not differences(figures, run_audit(made, settings))


def test_a_manufacturer_refuses_nothing() -> None:
    """Words that end as another begins ("fabricant", "délai de remboursement") are not that other word."""
    made, _ = replied.brand(5, 30)
    replies = {"Ann": "Le fabricant examine votre lampe. Le délai de remboursement est court.", "Bob": "Accordé."}
    said = made["tickets"].get_column("agent").replace_strict({**replies, "Cid": "Bonjour."}, default=None)
    audit = run_audit({"tickets": made["tickets"].with_columns(said.alias("reply"))}, PLAIN)
    assert audit.measures["field.incoherent.share"].denominator > 0
    assert audit.measures["field.incoherent.share"].numerator == 0


@pytest.mark.parametrize(("seed", "customers", "settings"), LISTENED)
def test_listening_is_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    made = listened.dressed(written.world(seed, customers), seed)
    world, audit = World(made, settings), run_audit(made, settings)
    figures = {key: found for part in listened.PARTS for key, found in part(world).items()}
    assert figures["field.listening.mean"].low is not None
    assert not differences(figures, audit)
    told = {c.criterion: (c.checks, c.value, c.low, c.high) for c in audit.field_work.criteria}
    wanted = figures["field.listening.mean"].segments["criterion"]
    assert told.keys() == wanted.keys()
    assert all(near(a, b) for name in told for a, b in zip(wanted[name][1:], told[name], strict=True))
