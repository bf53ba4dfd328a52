"""What a chart needs before it is drawn: its figures, round steps of an axis, stacked parts of a waterfall's step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure of a chart: its label, its value, its interval where it has one."""

    label: str | date
    value: float | None
    low: float | None = None
    high: float | None = None


def ends_of(items: Sequence[Bar]) -> list[float]:
    """All that an axis must hold of some figures: their values and the limits of their intervals."""
    return [end for item in items for end in (item.value, item.low, item.high) if end is not None]


def axis(ends: Sequence[float]) -> tuple[float, float, float]:
    """Lowest mark, highest mark and step of an axis that holds `ends`."""
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    step = _step(high - low or abs(high) or 1.0)
    return step * floor(low / step + 1e-9), step * ceil(high / step - 1e-9) or step, step


def _step(span: float) -> float:
    """A round step that cuts a span in about four."""
    size: float = 10.0 ** floor(log10(span / 4))
    return next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor * 4 >= span * 0.95)


def parts(start: float, end: float) -> tuple[float, float, float, float, float, float]:
    """Hidden base above and below zero, then what shows: rising above and below zero, falling above and below."""
    up, down = max(0.0, min(start, end)), min(0.0, max(start, end))
    above, below = max(0.0, start, end) - up, min(0.0, start, end) - down
    return (up, down, above, below, 0.0, 0.0) if end >= start else (up, down, 0.0, 0.0, above, below)
