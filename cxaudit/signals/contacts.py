"""S4 (second sign) Abnormally low contact: disengagement, a real improvement, or a broken form or export?

Measures: silence.contacts.weekly.
Unit: a Monday-to-Sunday week; eligible tickets per 100 eligible orders. The value is the last complete week's of the
period; `facts` hold the state (`alert`, `watch`, `none`, `unknown`) and every week with its expectation and z.
Needs: orders and tickets with their moments.
Excludes: weeks touched by a declared event are no baseline; where under 10 tickets a week are expected, weeks are
grouped by four.
Null: no complete week with an order.
Blind to: contacts outside the tool; it says that contact is low, never why.
Source: negative-binomial control chart on the 26 latest normal weeks before each week (`stats.control_chart`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.measure.verdicts import source_refusals
from cxaudit.schema.days import day_number, day_of
from cxaudit.schema.results import Event, Measure, Phrase, Result
from cxaudit.schema.settings import Settings
from cxaudit.stats.control_chart import BASELINE_WEEKS, baseline, surprise

KEY = ("silence.contacts.weekly",)
MONDAY = 4  # 1970-01-05, the first Monday, is day 4
FEWEST_EXPECTED = 10
GROUPED = 4
ALERT, WATCH = -3.0, -2.0
Counts = NDArray[np.float64]


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The weekly contact rate and whether it is abnormally low."""
    first, last = _complete_weeks(tables)
    if last < first:
        return not_computable(KEY, (), Phrase.of("not_computable.no_complete_week"))
    tickets, orders = (_weekly(tables, name, first, last) for name in ("tickets", "orders"))
    present = np.flatnonzero(orders > 0)
    if not len(present):
        return not_computable(KEY, (), Phrase.of("not_computable.no_complete_week"))
    at = int(present[-1])
    refusals = source_refusals(tables, ("orders", "tickets"))
    told = Measure(
        KEY[0], "per_100", float(tickets[at]), float(orders[at]), float(100 * tickets[at] / orders[at]),
        refusals=refusals,
    )  # fmt: skip
    days = [day_of(MONDAY + 7 * week) for week in range(first, last + 1)]
    return [_judged(told, days, tickets, orders, tables.events)]


def expected(measures: Mapping[str, Measure], events: Sequence[Event]) -> dict[str, Measure]:
    """The measures with the weeks judged anew beside other events, from the weeks that the measure holds."""
    told = measures.get(KEY[0])
    if told is None or "weeks" not in told.facts:
        return dict(measures)
    days, tickets, orders = zip(*(week[:3] for week in told.facts["weeks"]), strict=True)
    return {**measures, told.key: _judged(told, days, np.array(tickets, float), np.array(orders, float), events)}


def _judged(told: Measure, days: Sequence[date], tickets: Counts, orders: Counts, events: Sequence[Event]) -> Measure:
    chart = judge(tickets, orders, _normal(days, events))
    state = _state([z for _, z in chart])
    weeks = tuple(
        (day, float(held), float(among), *found)
        for day, held, among, found in zip(days, tickets, orders, chart, strict=True)
    )
    verdict = "insufficient" if state == "unknown" else "indicative"
    return replace(told, verdict=verdict, facts={"state": state, "weeks": weeks})


def _complete_weeks(tables: Tables) -> tuple[int, int]:
    """The first and last week numbers that the data cover from Monday to Sunday."""
    first = -(-(tables.first - MONDAY) // 7)
    last = (min(tables.as_of, tables.period.last) + 1 - MONDAY) // 7 - 1
    return first, last


def _weekly(tables: Tables, name: str, first: int, last: int) -> Counts:
    week = ((nw.col("day") - MONDAY) // 7).alias("week")
    found = collect(
        tables[name].filter(nw.col("eligible")).with_columns(week).group_by("week").agg(nw.len().alias("n"))
    )
    counts = dict(zip(found["week"].to_list(), found["n"].to_list(), strict=True))
    return np.array([counts.get(week, 0) for week in range(first, last + 1)], float)


def _normal(days: Sequence[date], events: Sequence[Event]) -> NDArray[np.bool_]:
    """Whether each week, by its Monday, is free of declared events."""
    first, normal = (day_number(days[0]) - MONDAY) // 7, np.ones(len(days), bool)
    for event in events:
        start, end = ((day_number(day) - MONDAY) // 7 - first for day in (event.starts_on, event.ends_on))
        normal[max(0, start) : max(0, end + 1)] = False
    return normal


def judge(tickets: Counts, orders: Counts, normal: NDArray[np.bool_]) -> list[tuple[float | None, float | None]]:
    """(expected, z) of each week against the 26 latest normal weeks before it; None without such a baseline."""
    return [_week(place, tickets, orders, normal) for place in range(len(tickets))]


def _week(place: int, tickets: Counts, orders: Counts, normal: NDArray[np.bool_]) -> tuple[float | None, float | None]:
    usable = np.flatnonzero(normal[:place] & (orders[:place] > 0))[-BASELINE_WEEKS:]
    if len(usable) < BASELINE_WEEKS:
        return None, None
    found = baseline(tickets[usable], orders[usable])
    if found.rate * orders[place] < FEWEST_EXPECTED:
        return _grouped(place, tickets, orders, usable)
    expected = found.rate * orders[place]
    return expected, _known(surprise(tickets[place], expected, found.dispersion))


def _grouped(
    place: int, tickets: Counts, orders: Counts, usable: NDArray[np.int64]
) -> tuple[float | None, float | None]:
    """The last four weeks together, against the baseline's weeks taken by four."""
    if place + 1 < GROUPED:
        return None, None
    whole = usable[len(usable) % GROUPED :].reshape(-1, GROUPED)
    found = baseline(tickets[whole].sum(axis=1), orders[whole].sum(axis=1))
    window = slice(place + 1 - GROUPED, place + 1)
    expected = found.rate * orders[window].sum()
    return _known(expected), _known(surprise(tickets[window].sum(), expected, found.dispersion))


def _state(z: list[float | None]) -> str:
    """`alert` with the last week at −3 or lower, `watch` with two of the last three below −2."""
    last = [item for item in z[-3:] if item is not None]
    if not last or z[-1] is None:
        return "unknown"
    if z[-1] <= ALERT:
        return "alert"
    return "watch" if sum(item < WATCH for item in last) >= 2 else "none"


def _known(value: Any) -> float | None:
    return None if value is None or np.isnan(value) else float(value)


SIGNAL = Signal("contacts", KEY, ("orders.ordered_at", "tickets.created_at"), measure)
