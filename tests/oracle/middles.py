"""Medians, ratios per 100 and means whose interval is not a share's, by hand.

The definitions name none of these intervals: a median's is that of the ranks between which Wilson's limits around one
half lie, on the effective sample of "at most the median" (Woodruff); a ratio's is linearised over customers (Cochran);
a difference of medians recovers its variances from the two intervals (Zou and Donner).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from oracle import Figure, World, Z, design_effect, mean, middle, quantile, waits, wilson


def median(unit: str, values: list[tuple[Any, float]]) -> Figure:
    """(cluster, value) pairs to their median and its interval."""
    n = len(values)
    centre = middle([v for _, v in values])
    if centre is None:
        return Figure(unit, None, 0, None)
    deff = design_effect((c, float(v <= centre)) for c, v in values)
    ranked = sorted(v for _, v in values)
    low, high = (quantile(ranked, share) for share in wilson(0.5, n / deff))
    return Figure(unit, None, n, centre, low, high, n / deff, deff)


def per_100(of: Iterable[Any], among: Iterable[Any]) -> Figure:
    """Rows of one kind per 100 of another, each row by its customer."""
    y, x = Counter(of), Counter(among)
    top, bottom = sum(y.values()), sum(x.values())
    if not bottom:
        return Figure("per_100", top, 0, None)
    ratio = top / bottom
    k = len(set(y) | set(x))
    if k < 2:
        return Figure("per_100", top, bottom, 100 * ratio)
    spread = k / (k - 1) * sum((y[c] - ratio * x[c]) ** 2 for c in set(y) | set(x))
    half = Z * math.sqrt(spread) / bottom
    return Figure("per_100", top, bottom, 100 * ratio, max(0.0, 100 * (ratio - half)), 100 * (ratio + half))


def waiting(w: World) -> dict[str, Figure]:
    """First replies: their median, and the mean beside it."""
    if not w.has("tickets", "first_reply_at"):
        return {}
    tickets = [r for r in w.tickets if w.in_period(r["at"])]
    replied = [r for r in tickets if r["first_reply_at"] is not None]
    hours = [
        (r["who"] or ("row", id(r)), _hours(r["at"], r["first_reply_at"]))
        for r in replied
        if r["first_reply_at"] >= r["at"]
    ]
    total, n, value, low, high, _, _ = mean(hours)
    made = {
        "surface.first_reply_hours": median("hours", hours),
        "surface.first_reply_hours.mean": Figure("hours", total, n, value, low, high),
    }
    for figure in made.values():
        figure.excluded = {"no_reply": len(tickets) - len(replied), "before_start": len(replied) - len(hours)}
    return made


def _hours(start: Any, end: Any) -> float:
    return float((end - start).total_seconds() / 3600)


def solving(w: World) -> dict[str, Figure]:
    """Hours to the solution, by whether a ticket was transferred."""
    if not w.has("tickets", "transfers", "solved_at"):
        return {}
    sides: defaultdict[bool, list[tuple[Any, float]]] = defaultdict(list)
    for r in w.tickets:
        known = w.in_period(r["at"]) and r["transfers"] is not None and r["solved_at"] is not None
        if known and r["solved_at"] >= r["at"]:
            sides[r["transfers"] > 0].append((r["who"] or ("row", id(r)), _hours(r["at"], r["solved_at"])))
    return {
        "field.hops.solve_hours": median("hours", sides[True]),
        "field.no_hop.solve_hours": median("hours", sides[False]),
    }


def hard_and_easy(w: World) -> dict[str, Figure]:
    """How much longer the hard third of reasons waits for a reply than the easy one."""
    sides = {}
    for name, reasons in waits_sides(w).items():
        sides[name] = median(
            "hours",
            [
                (r["who"] or ("row", id(r)), _hours(r["at"], r["first_reply_at"]))
                for r in w.tickets
                if w.in_period(r["at"]) and r["reason"] in reasons and r["first_reply_at"] is not None
            ],
        )
    if not all(side.denominator for side in sides.values()) or not sides:
        return {}
    hard, easy = sides["hard"], sides["easy"]
    (a, a_low, a_high), (b, b_low, b_high) = hard.edges, easy.edges
    gap = a - b
    low = gap - math.hypot(a - a_low, b_high - b)
    high = gap + math.hypot(a_high - a, b - b_low)
    return {
        "field.hard_wait.hours": hard,
        "field.easy_wait.hours": easy,
        "field.hard_wait.gap": Figure(
            "hours", None, hard.denominator, gap, low, high, detectable=2.8 * (high - low) / 2 / Z
        ),
    }


def waits_sides(w: World) -> dict[str, list[str]]:
    """The hard and the easy third of reasons, by their median minutes of handling."""
    if not waits(w):
        return {}
    minutes: defaultdict[str, list[float]] = defaultdict(list)
    for r in w.tickets:
        if w.in_period(r["at"]) and r["reason"] and r["handle_minutes"] is not None:
            minutes[r["reason"]].append(r["handle_minutes"])
    ranked = sorted(minutes, key=lambda reason: (middle(minutes[reason]), reason))
    third = max(1, len(ranked) // 3)
    return {"hard": ranked[-third:], "easy": ranked[:third]}


def volumes(w: World) -> dict[str, Figure]:
    """Tickets per 100 orders with its interval."""
    if "tickets" not in w.given or "orders" not in w.given:
        return {}
    tickets = [r["who"] or ("ticket", id(r)) for r in w.tickets if w.in_period(r["at"])]
    orders = [r["who"] or ("order", id(r)) for r in w.orders if w.in_period(r["at"])]
    return {"surface.tickets_per_100_orders": per_100(tickets, orders)}


PARTS = (waiting, solving, hard_and_easy, volumes)
