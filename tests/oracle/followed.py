"""What a figure is told with: curves day by day, how many tickets an order has, from rows to episodes, and irritants.

What the definitions leave open: an irritant's recontact is the share of its tickets that another episode of the same
order (of the same customer, where there is no order) follows within 30 days; the thirds of a period are thirds of its
days; a stake of two factors carries the errors of both, each read off its interval.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from oracle import Row, World, _spell, kaplan_meier, operations, recontact, within
from standardised import first_episodes

CURVE_DAYS = 180


def complaint_spells(w: World) -> list[tuple[int, bool]]:
    """Whole days from each complainer's first complaint to the next purchase, or to the last day."""
    first: dict[str, Any] = {}
    for r in w.tickets:
        if r["who"] and r["complaint"] and w.in_period(r["at"]):
            first.setdefault(r["who"], r["at"])
    spells = []
    for who, t0 in first.items():
        own = [o for o in w.orders if o["who"] == who]
        if any(o["at"] < t0 for o in own):
            spells.append(_spell(w, t0, [o["at"] for o in own if o["repurchase"]]))
    return spells


def curve(w: World) -> list[float]:
    """1 − S at the end of each day from 0 to 180."""
    spells = complaint_spells(w)
    return [kaplan_meier(spells, day)[0] for day in range(CURVE_DAYS + 1)] if spells else []


def at_risk(w: World, day: int) -> int:
    """How many are followed for at least so many days without having bought before."""
    return sum(spell >= day for spell, _ in complaint_spells(w))


def distribution(w: World) -> dict[str, int]:
    """Contacted orders of the period by their number of eligible tickets."""
    sizes = Counter(min(4, sum(len(e["_tickets"]) for e in found)) for _, _, found in first_episodes(w))
    return {name: sizes[n] for n, name in enumerate(("1", "2", "3", "4+"), start=1)}


def bridge(w: World) -> dict[str, int]:
    """The period's tickets as they came, those that count, the episodes they make."""
    steps = {"raw": w["tickets"], "eligible": w.tickets, "episodes": w.episodes()}
    return {name: sum(w.in_period(r["at"]) for r in rows) for name, rows in steps.items()}


def irritants(w: World) -> dict[str, tuple[int, float, float, float | None]]:
    """(tickets, share, growth, recontact) by reason, where there is nothing but reasons to tell them by."""
    tickets = [r for r in w.tickets if w.in_period(r["at"])]
    first, last = _days(w)
    third = ((last - first).days + 1) / 3
    outer = [
        [r for r in tickets if (r["at"].date() - first).days < third],
        [r for r in tickets if (last - r["at"].date()).days < third],
    ]
    starts: defaultdict[Any, list[datetime]] = defaultdict(list)
    for e in w.episodes():
        starts[("order", e["order"])].append(e["at"])
        starts[("who", e["who"])].append(e["at"])

    def back(r: Row) -> bool:
        key = ("order", r["order"]) if r["order"] else ("who", r["who"])
        return any(within(t, r["at"], 30) for t in starts[key])

    ripe = [r for r in tickets if w.mature(r["at"], 30) and (r["order"] or r["who"])]
    made = {}
    for reason in {r["reason"] for r in tickets if r["reason"]}:
        n = sum(r["reason"] == reason for r in tickets)
        early, late = (sum(r["reason"] == reason for r in rows) / len(rows) for rows in outer)
        own = [back(r) for r in ripe if r["reason"] == reason]
        made[reason] = (n, n / len(tickets), late - early, sum(own) / len(own) if own else None)
    return made


def _days(w: World) -> tuple[date, date]:
    """The period's days, else from the first row of any table to the last day."""
    if w.settings.period:
        return w.first, min(w.last, w.as_of)
    return min(r["at"].date() for rows in w.rows.values() for r in rows), w.as_of


def recontact_cost(w: World) -> dict[str, tuple[float, float, float]]:
    """Orders contacted again within 30 days × the mean minutes of a ticket × the cost of a minute."""
    share = recontact(w)["recontact.orders.30d"]
    minutes = operations(w)["surface.handle_minutes"]
    rate = w.settings.minute_cost
    if rate is None:
        return {}
    (p, p_low, p_high), (each, least, most) = share.edges, minutes.edges
    worth = share.denominator * rate
    value = worth * p * each
    half = worth * math.hypot((p_high - p_low) / 2 * each, (most - least) / 2 * p)
    return {"stake.recontacts": (value, value - half, value + half)}
