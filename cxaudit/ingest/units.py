"""Which unit durations are counted in, where neither their column's name nor their values say so.

Judged over the whole column by what lasts that long: nobody spends two hours on the median call, many spend 450
seconds. What two units explain alike stays open, and is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

# What is timed: a talk on the telephone, work on a case, or the wait until something happens.
TALK, WORK, DELAY = "talk", "work", "delay"
# So few durations show no shape.
LEAST_JUDGED = 20
# Minutes: nobody's median case takes longer, and all but a few take less than twice as long in the right unit.
LONGEST_WORK = 120.0
LONGEST_TALK = 180.0
# Seconds: the median of what people do takes longer.
SHORTEST_WORK = 20.0
# Minutes: ten days, beyond which the median wait is none that a service keeps customers in.
LONGEST_DELAY = 14_400.0
# Durations written by hand are round minutes; a counter of seconds stops anywhere.
ROUND_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, and whether no other explains the durations."""

    name: str
    sure: bool = False


def unit_of_numbers(numbers: pl.Series, of: str) -> Unit:
    """The unit of plain numbers that time `of` (TALK, WORK or DELAY); those that are 0 or less say nothing."""
    told = numbers.filter((numbers > 0).fill_null(False))
    if not len(told):
        return Unit("minutes")
    middle, most = float(told.median() or 0.0), float(told.quantile(0.95) or 0.0)  # type: ignore[arg-type]
    judged = _of_delay(middle) if of == DELAY else _of_work(told, middle, most, of)
    return judged if len(told) >= LEAST_JUDGED else Unit(judged.name)


def _of_delay(middle: float) -> Unit:
    """A wait lasts seconds or weeks: only what no service keeps to tells a unit."""
    if middle <= LONGEST_DELAY:
        return Unit("minutes" if middle >= 1 else "hours")
    if middle <= LONGEST_DELAY * 60:
        return Unit("seconds", sure=True)
    return Unit("milliseconds")


def _of_work(numbers: pl.Series, middle: float, most: float, of: str) -> Unit:
    if middle > LONGEST_WORK * 60:
        return Unit("milliseconds")
    if middle > LONGEST_WORK:
        return Unit("seconds", sure=most <= LONGEST_WORK * 60)
    if middle >= SHORTEST_WORK:
        if of == TALK:
            return Unit("seconds", sure=most > LONGEST_TALK)
        return Unit("minutes", sure=most <= LONGEST_TALK and float((numbers % 5 == 0).mean() or 0.0) >= ROUND_SHARE)  # type: ignore[arg-type]
    if middle >= 2:
        return Unit("minutes", sure=True)
    return Unit("minutes" if middle > SHORTEST_WORK / 60 else "hours")


def unit_of_pairs(hours: pl.Series, of: str) -> Unit:
    """Whether `05:30` is `hh:mm` or `mm:ss`, by the minutes of the first reading."""
    told = hours.filter((hours > 0).fill_null(False))
    middle = float(told.median() or 0.0)  # type: ignore[arg-type]
    sure = len(told) >= LEAST_JUDGED and of != DELAY
    if of != DELAY and middle > LONGEST_WORK and len(told) >= LEAST_JUDGED:
        return Unit("mm:ss", sure)
    return Unit("hh:mm", sure and middle < SHORTEST_WORK)
