"""The audit against the oracle: the same definitions, read twice, must give the same figures on nasty tables."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest
import written
from agree import differences
from generate import tables
from oracle import Figure, figures

from cxaudit import run_audit
from cxaudit.schema.results import Measure, Span
from cxaudit.schema.settings import EXCLUSION_RULES, Exclude, Settings

NO_RULES = Exclude(**{rule: False for rules in EXCLUSION_RULES.values() for rule in rules})
SUMMER = Span(date(2025, 4, 1), date(2025, 9, 30))

PLAIN = Settings()
EARLY = Settings(as_of=date(2025, 12, 20))
PERIOD = Settings(as_of=date(2026, 1, 31), period=SUMMER)
ALL_ROWS = Settings(exclude=NO_RULES)
QUESTIONS = Settings(complaint_reasons=("Suivi", "Question produit"))
CASES = [
    pytest.param(written.world if name == "odd" else tables, seed, customers, settings, id=f"{name}-{seed}")
    for seed, customers, name, settings in (
        (11, 70, "plain", PLAIN),
        (14, 90, "early", EARLY),
        (16, 110, "period", PERIOD),
        (17, 60, "all rows", ALL_ROWS),
        (19, 70, "questions", QUESTIONS),
        (20, 6, "few", PLAIN),
        (21, 250, "many", PLAIN),
        (23, 180, "odd", PERIOD),
        (24, 60, "odd", EARLY),
    )
]


@cache
def _both(world: Any, seed: int, customers: int, settings: Settings) -> tuple[dict[str, Figure], Any]:
    made = world(seed, customers)
    return figures(made, settings), run_audit(made, settings)


@pytest.mark.parametrize(("world", "seed", "customers", "settings"), CASES)
def test_every_figure_is_the_oracles(world: Any, seed: int, customers: int, settings: Settings) -> None:
    expected, audit = _both(world, seed, customers, settings)
    assert len(expected) > 30
    assert not differences(expected, audit)


def test_the_oracle_disagrees_with_a_figure_that_is_off() -> None:
    expected, audit = _both(tables, 11, 70, PLAIN)
    figure = expected["recontact.orders.30d"]
    figure_off = Figure("share", (figure.numerator or 0) + 1, figure.denominator, figure.value)
    assert differences({"recontact.orders.30d": figure_off}, audit)
    assert isinstance(audit.measures["recontact.orders.30d"], Measure)
