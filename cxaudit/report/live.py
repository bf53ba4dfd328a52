"""Formulas that carry our own value: live where a figure follows from what stands beside it, plain where it does not.

A formula is only written when what it computes is our figure (to 1e-10); a Kaplan-Meier share, a standardised gap or a
median, which no cell beside them could give, are written as values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose, isfinite

from cxaudit.stats import intervals

SCALES: Mapping[str, int] = {"points": 100, "per_100": 100}
TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class Live:
    """A formula and the value that it gives."""

    formula: str
    value: float | str


Shown = Live | float | None


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the parameter cells that intervals and verdicts stand on."""

    z: str
    few: str
    enough: str
    widest: str


def finite(value: float | None) -> float | None:
    """The number, or None where it is missing, infinite or not a number."""
    return value if value is not None and isfinite(value) else None


def same(a: float | None, b: float | None) -> bool:
    """Whether two figures are one, to rounding."""
    return a is not None and b is not None and isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def ratio(numerator: float | None, denominator: float, value: float | None, unit: str, cells: tuple[str, str]) -> Shown:
    """The quotient of two cells, times 100 for points; the plain value where it is no quotient."""
    value, numerator = finite(value), finite(numerator)
    if value is None or numerator is None or not denominator:
        return value
    scale = SCALES.get(unit, 1)
    if not same(scale * numerator / denominator, value):
        return value
    factor = f"{scale}*" if scale != 1 else ""
    return Live(f"={factor}{cells[0]}/{cells[1]}", value)


def wilson(p: float | None, n: float | None, low: float | None, high: float | None) -> bool:
    """Whether `low` and `high` are the Wilson limits of `p` on `n` effective units."""
    if p is None or not n or not 0 <= p <= 1:
        return False
    expected = intervals.wilson(p, n)
    return same(expected[0], low) and same(expected[1], high)


def limits(
    p: float | None, n: float | None, low: float | None, high: float | None, cells: tuple[str, str], names: Names
) -> tuple[Shown, Shown]:
    """Both limits as Wilson formulas on the cells of p and n_eff, or as values where they are other limits."""
    p, n, low, high = finite(p), finite(n), finite(low), finite(high)
    if low is None or high is None or not wilson(p, n, low, high):
        return low, high
    share, size = cells
    z = names.z
    shrink = f"(1+{z}^2/{size})"
    centre = f"({share}+{z}^2/(2*{size}))/{shrink}"
    half = f"{z}*SQRT({share}*(1-{share})/{size}+{z}^2/(4*{size}^2))/{shrink}"
    return Live(f"=MAX(0,{centre}-{half})", low), Live(f"=MIN(1,{centre}+{half})", high)


def text(value: str) -> str:
    """A string literal of a formula."""
    return '"' + value.replace('"', '""') + '"'
