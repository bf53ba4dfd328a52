"""The audit against the oracle: the same definitions, read twice, must give the same figures on nasty tables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from generate import tables
from oracle import Figure, figures

from cxaudit import run_audit
from cxaudit.schema.results import Measure, Span
from cxaudit.schema.settings import EXCLUSION_RULES, Exclude, Settings

NEAR = 1e-9
PARTS = ("unit", "numerator", "denominator", "value", "low", "high", "n_eff", "deff", "verdict")
OPTIONAL = ("low", "high", "n_eff", "deff", "verdict")
NO_RULES = Exclude(**{rule: False for rules in EXCLUSION_RULES.values() for rule in rules})
SUMMER = Span(date(2025, 4, 1), date(2025, 9, 30))

PLAIN = Settings()
EARLY = Settings(as_of=date(2025, 12, 20))
PERIOD = Settings(as_of=date(2026, 1, 31), period=SUMMER)
ALL_ROWS = Settings(exclude=NO_RULES)
QUESTIONS = Settings(complaint_reasons=("Suivi", "Question produit"))
CASES = [
    pytest.param(seed, customers, settings, id=f"{name}-{seed}")
    for seed, customers, name, settings in (
        (11, 70, "plain", PLAIN),
        (12, 70, "plain", PLAIN),
        (13, 40, "early", EARLY),
        (14, 90, "early", EARLY),
        (15, 70, "period", PERIOD),
        (16, 110, "period", PERIOD),
        (17, 60, "all rows", ALL_ROWS),
        (18, 80, "all rows", ALL_ROWS),
        (19, 70, "questions", QUESTIONS),
        (20, 6, "few", PLAIN),
        (21, 300, "many", PLAIN),
        (22, 200, "period", PERIOD),
    )
]


@cache
def _both(seed: int, customers: int, settings: Settings) -> tuple[dict[str, Figure], Any]:
    made = tables(seed, customers)
    return figures(made, settings), run_audit(made, settings)


@pytest.mark.parametrize(("seed", "customers", "settings"), CASES)
def test_every_figure_is_the_oracles(seed: int, customers: int, settings: Settings) -> None:
    expected, audit = _both(seed, customers, settings)
    assert len(expected) > 30
    differences = [line for key, figure in expected.items() for line in _differences(key, figure, audit)]
    assert not differences, f"{len(differences)} differences; the first: {differences[0]}"


def _differences(key: str, figure: Figure, audit: Any) -> Iterator[str]:
    measure = audit.measures.get(key)
    if measure is None:
        if figure.denominator:
            yield f"{key}: the oracle has {figure.numerator}/{figure.denominator}, the audit no measure"
        return
    for part in PARTS:
        wanted, found = getattr(figure, part), getattr(measure, part)
        if not (wanted is None and part in OPTIONAL) and not _same(wanted, found):
            yield f"{key}.{part}: oracle {wanted!r}, audit {found!r}"
    for name, wanted in figure.excluded.items():
        if measure.excluded.get(name) != wanted:
            yield f"{key}.excluded.{name}: oracle {wanted}, audit {measure.excluded.get(name)}"
    for code, stands in (("R1", figure.r1), ("R2", figure.r2)):
        if stands is not None and stands != (code in measure.refusals):
            yield f"{key}: oracle {'has' if stands else 'has no'} {code}, audit {measure.refusals}"
    yield from _parts(f"{key} month", figure.series, {point.month: point for point in measure.series})
    for cut, groups in figure.segments.items():
        found = {segment.segment: segment for segment in measure.segments.get(cut, ())}
        yield from _parts(f"{key} {cut}", groups, found)


def _parts(name: str, wanted: dict[Any, tuple], found: dict[Any, Any]) -> Iterator[str]:
    if wanted and set(wanted) != set(found):
        yield f"{name}: oracle {sorted(wanted)}, audit {sorted(found)}"
    for label in set(wanted) & set(found):
        part = found[label]
        held = (part.numerator, part.denominator, part.value, part.low, part.high)[: len(wanted[label])]
        if not all(_same(a, b) for a, b in zip(wanted[label], held, strict=True)):
            yield f"{name} {label}: oracle {wanted[label]}, audit {held}"


def _same(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        return math.isclose(wanted, found, rel_tol=NEAR, abs_tol=NEAR)
    return bool(wanted == found)


def test_the_oracle_disagrees_with_a_figure_that_is_off() -> None:
    expected, audit = _both(11, 70, PLAIN)
    figure = expected["recontact.orders.30d"]
    figure_off = Figure("share", (figure.numerator or 0) + 1, figure.denominator, figure.value)
    assert list(_differences("recontact.orders.30d", figure_off, audit))
    assert isinstance(audit.measures["recontact.orders.30d"], Measure)
