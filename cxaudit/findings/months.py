"""What moved from one month of a share to the next: said only of months with enough units on both sides."""

from __future__ import annotations

from cxaudit.measure.verdicts import FEW
from cxaudit.schema.results import Point
from cxaudit.stats.intervals import Interval, newcombe


def enough(point: Point) -> bool:
    """Whether a month has the 30 units, effective where that is known, under which a figure is a count."""
    return (point.denominator if point.n_eff is None else point.n_eff) >= FEW


def moved(before: Point, now: Point) -> Interval | None:
    """`now` minus `before` by Newcombe on their effective units; None where a month has too few."""
    sides = [_interval(point) for point in (before, now) if enough(point)]
    known = [side for side in sides if side is not None]
    return newcombe(known[0], known[1]) if len(known) == 2 else None


def told_apart(gap: Interval) -> bool:
    """Whether a gap's interval excludes zero."""
    return gap.low > 0 or gap.high < 0


def _interval(point: Point) -> Interval | None:
    if point.value is None or point.low is None or point.high is None or point.n_eff is None:
        return None
    return Interval(point.value, point.low, point.high, point.n_eff)
