"""Where the audit says otherwise than the second reading: one line a difference, figures to 1e-9."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from oracle import Figure

from cxaudit.schema.results import Audit, Measure

NEAR = 1e-9
ALWAYS = ("denominator", "value")
WHERE_READ = ("unit", "numerator", "low", "high", "n_eff", "deff", "verdict", "detectable")


def differences(figures: Mapping[str, Figure], audit: Audit) -> list[str]:
    """A figure without any unit may be said not to be computable; what a figure leaves at None was not read."""
    return [line for key, figure in figures.items() for line in _of(key, figure, audit.measures.get(key))]


def near(wanted: Any, held: Any) -> bool:
    if isinstance(wanted, int | float) and isinstance(held, int | float):
        return math.isclose(wanted, held, rel_tol=NEAR, abs_tol=NEAR)
    return bool(wanted == held)


def _of(key: str, figure: Figure, measure: Measure | None) -> Iterator[str]:
    if measure is None:
        if figure.denominator:
            yield f"{key}: the oracle has {figure.value} of {figure.denominator}, the audit no measure"
        return
    for part in (*ALWAYS, *WHERE_READ):
        wanted, held = getattr(figure, part), getattr(measure, part)
        if wanted == "established" and set(measure.refusals) - {"R1", "R2"}:
            wanted = "indicative"  # which refusals stand is read in refused.py
        if not (wanted is None and part in WHERE_READ) and not near(wanted, held):
            yield f"{key}.{part}: oracle {wanted!r}, audit {held!r}"
    for name, count in figure.excluded.items():
        if measure.excluded.get(name) != count:
            yield f"{key}.excluded.{name}: oracle {count}, audit {measure.excluded.get(name)}"
    for code, stands in figure.refused.items():
        if stands is not (code in measure.refusals):
            yield f"{key}: oracle {'has' if stands else 'has no'} {code}, audit {measure.refusals}"
    yield from _parts(f"{key} month", figure.series, {point.month: point for point in measure.series})
    for cut, groups in figure.segments.items():
        yield from _parts(f"{key} {cut}", groups, {part.segment: part for part in measure.segments.get(cut, ())})


def _parts(name: str, wanted: Mapping[Any, tuple], held: Mapping[Any, Any]) -> Iterator[str]:
    if wanted and set(wanted) != set(held):
        yield f"{name}: oracle {sorted(wanted)}, audit {sorted(held)}"
    for label in set(wanted) & set(held):
        part = held[label]
        told = (part.numerator, part.denominator, part.value, part.low, part.high)[: len(wanted[label])]
        if not all(near(a, b) for a, b in zip(wanted[label], told, strict=True)):
            yield f"{name} {label}: oracle {wanted[label]}, audit {told}"
