"""The low-contact alarm by hand: weeks, their normal past, and how improbable each one is."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from statistics import NormalDist

from oracle import World

BASELINE = 26
FEWEST = 10
Week = tuple[date, float, float]


def weeks(w: World) -> list[Week]:
    """(Monday, tickets, orders) of every whole week of the history."""
    tickets: Counter = Counter(monday(r["at"].date()) for r in w.tickets)
    orders: Counter = Counter(monday(r["at"].date()) for r in w.orders)
    first = min([*tickets, *orders])
    made = []
    while first + timedelta(6) <= w.as_of:
        made.append((first, float(tickets[first]), float(orders[first])))
        first += timedelta(7)
    return made


def monday(day: date) -> date:
    return day - timedelta(day.weekday())


def z_of(past: list[Week], y: float, orders: float) -> tuple[float, float] | None:
    """(expected tickets, z) of one week beside its normal past; None where the past says nothing."""
    total, all_orders = sum(t for _, t, _ in past), sum(o for _, _, o in past)
    if not total or not all_orders:
        return None
    u = total / all_orders
    expected = [u * o for _, _, o in past]
    tickets = [t for _, t, _ in past]
    n = len(past)
    alpha = max(
        0.0, sum((t - e) ** 2 - e for t, e in zip(tickets, expected, strict=True)) / sum(e * e for e in expected)
    )
    alpha *= n / (n - 1)
    ratios = [(t - e) / math.sqrt(e) for t, e in zip(tickets, expected, strict=True) if e > 0]
    middle = sum(ratios) / len(ratios)
    deviations = [r - middle for r in ratios]
    squares = sum(d * d for d in deviations)
    r1 = sum(a * b for a, b in pairwise(deviations)) / squares if squares else 0.0
    r1 = min(0.8, max(0.0, r1))
    predictive = alpha * (1 + (1 + r1) / (1 - r1) / n) + 1 / total
    return u * orders, NormalDist().inv_cdf(mid_p(y, u * orders, predictive))


def mid_p(y: float, mean: float, alpha: float) -> float:
    """P(Y < y) + ½ P(Y = y), negative binomial of that mean and dispersion."""
    size = 1 / alpha
    log_fail, log_win = math.log(size / (size + mean)), math.log(mean / (size + mean))

    def mass(k: int) -> float:
        ways = math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1)
        return math.exp(ways + size * log_fail + k * log_win)

    return sum(mass(k) for k in range(int(y))) + mass(int(y)) / 2


def chart(w: World) -> dict[date, tuple[float, float, float | None, float | None]]:
    """(tickets, orders, expected, z) of each whole week up to the end of the period.

    Normal weeks are those with an order, 26 of them before a week; where under 10 tickets are expected, four weeks
    count together, beside the same past taken by four.
    """
    found = [week for week in weeks(w) if week[0] + timedelta(6) <= min(w.last, w.as_of)]
    made: dict[date, tuple[float, float, float | None, float | None]] = {}
    for place, (start, y, orders) in enumerate(found):
        past = [week for week in found[:place] if week[2] > 0][-BASELINE:]
        made[start] = (y, orders, None, None)
        if len(past) < BASELINE:
            continue
        if sum(t for _, t, _ in past) / sum(o for _, _, o in past) * orders < FEWEST:
            _, y, orders = _together(found[place - 3 : place + 1])
            past = past[len(past) % 4 :]
            past = [_together(past[at : at + 4]) for at in range(0, len(past), 4)]
        told = z_of(past, y, orders)
        made[start] = (*made[start][:2], *(told or (None, None)))
    return made


def _together(four: list[Week]) -> Week:
    return four[0][0], sum(t for _, t, _ in four), sum(o for _, _, o in four)


def state(chart: dict[date, tuple[float, float, float | None, float | None]]) -> str:
    """`alert` with the last week at −3 or under, `watch` with two of the last three under −2."""
    last = [z for _, _, _, z in list(chart.values())[-3:]]
    if not last or last[-1] is None:
        return "unknown"
    if last[-1] <= -3:
        return "alert"
    return "watch" if sum(z is not None and z < -2 for z in last) >= 2 else "none"
