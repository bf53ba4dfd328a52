"""Two shares side by side (Newcombe), and the plain shares that stand beside the headline ones."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from oracle import (
    SOLVED,
    Figure,
    Unit,
    World,
    agents,
    asked_for_csat,
    detectable,
    late,
    mean,
    midnight,
    replied_to,
    waits,
    within,
)
from standardised import first_episodes


def newcombe(a: Figure, b: Figure) -> Figure:
    """a − b of two shares with Wilson limits."""
    if a.value is None or b.value is None or None in (a.low, a.high, b.low, b.high):
        return Figure("share", None, a.denominator, None)
    gap = a.value - b.value
    low = gap - math.hypot(a.value - a.low, b.high - b.value)  # type: ignore[operator]
    high = gap + math.hypot(a.high - a.value, b.value - b.low)  # type: ignore[operator]
    found = Figure("share", None, a.denominator, gap, low, high)
    if a.numerator is not None and b.numerator is not None and a.deff and b.deff:
        pooled = (a.numerator + b.numerator) / (a.denominator + b.denominator)
        found.detectable = detectable(pooled, a.denominator, b.denominator, max(a.deff, b.deff))
    return found


def _pair(made: dict[str, Figure], key: str, first: str, second: str) -> None:
    if first in made and second in made and made[first].value is not None and made[second].value is not None:
        made[key] = newcombe(made[first], made[second])


def known_pairs(w: World) -> dict[str, Figure]:
    """Gaps of shares that the oracle has already."""
    made = {**late(w), **agents(w), **waits(w)}
    _pair(made, "field.late.gap", "field.late.contact", "field.on_time.contact")
    _pair(made, "field.multi_agent.gap", "field.multi_agent.recontact", "field.same_agent.recontact")
    _pair(made, "field.hard_transfer.gap", "field.hard_transfer.share", "field.easy_transfer.share")
    return made


def late_repurchase(w: World) -> dict[str, Figure]:
    """Buying again within 90 days after the promised day, by whether the promise was kept."""
    if not w.has("orders", "promised_at", "delivered_at"):
        return {}
    sides: dict[bool, list[Unit]] = {True: [], False: []}
    waiting = {True: 0, False: 0}
    for o in w.orders:
        promised, delivered = o["promised_at"], o["delivered_at"]
        if not o["who"] or promised is None or delivered is None or not w.in_period(promised):
            continue
        side = delivered.date() > promised.date()
        if not w.mature(promised, 90):
            waiting[side] += 1
            continue
        bought = any(
            b["who"] == o["who"] and b["repurchase"] and within(b["at"], midnight(promised), 90) for b in w.orders
        )
        sides[side].append(Unit(o["who"], promised, bought))
    made = {
        "field.late.repurchase.90d": w.share(sides[True], waiting[True]),
        "field.on_time.repurchase.90d": w.share(sides[False], waiting[False]),
    }
    _pair(made, "field.late.repurchase.gap", *made)
    return made


def csat_and_after(w: World) -> dict[str, Figure]:
    """Recontact and repurchase of those who answered a CSAT survey, and of those who did not."""
    if not w.has("surveys", "score", "kind", "sent_at"):
        return {}
    asked = [r for r in asked_for_csat(w) if r["who"]]
    starts: defaultdict[Any, list[datetime]] = defaultdict(list)
    for e in w.episodes():
        starts[e["who"]].append(e["at"])
    bought: defaultdict[Any, list[datetime]] = defaultdict(list)
    for o in w.orders:
        if o["repurchase"]:
            bought[o["who"]].append(o["at"])
    made: dict[str, Figure] = {}
    for name, table, moments, days in (("recontact", "tickets", starts, 30), ("repurchase", "orders", bought, 90)):
        if table not in w.given:
            continue
        for side, wanted in (("answered", True), ("silent", False)):
            rows = [r for r in asked if replied_to(r) is wanted]
            ripe = [r for r in rows if w.mature(r["sent_at"], days)]
            units = [
                Unit(r["who"], r["sent_at"], any(within(t, r["sent_at"], days) for t in moments[r["who"]]))
                for r in ripe
            ]
            made[f"surface.csat.{name}.{side}"] = w.share(units, len(rows) - len(ripe))
        _pair(made, f"surface.csat.{name}.gap", f"surface.csat.{name}.silent", f"surface.csat.{name}.answered")
    return made


def plain(w: World) -> dict[str, Figure]:
    """Handled tickets, reopened ones by transfers, orders on several channels, episodes an order, used gestures."""
    made: dict[str, Figure] = {}
    tickets = [r for r in w.tickets if w.in_period(r["at"])]

    def of_tickets(
        key: str, wanted: Callable[[dict[str, Any]], bool], success: Callable[[dict[str, Any]], bool]
    ) -> None:
        rows = [r for r in tickets if wanted(r)]
        made[key] = w.share([Unit(r["who"] or ("row", id(r)), r["at"], success(r)) for r in rows], None)

    if w.has("tickets", "status", "solved_at", "first_reply_at"):
        of_tickets(
            "surface.handled",
            lambda r: True,
            lambda r: r["first_reply_at"] is not None or r["solved_at"] is not None or r["status"] in SOLVED,
        )
    if w.has("tickets", "transfers", "reopens"):
        for name, hop in (("hops", True), ("no_hop", False)):
            of_tickets(
                f"field.{name}.reopened",
                lambda r, hop=hop: (
                    r["transfers"] is not None and r["reopens"] is not None and (r["transfers"] > 0) is hop
                ),  # type: ignore[misc]
                lambda r: r["reopens"] > 0,
            )
    if w.has("tickets", "order_id"):
        ripe = [(who, f) for _, who, f in first_episodes(w) if w.mature(f[0]["at"], 30)]
        total, n, value, low, high, _, _ = mean([(who, float(len(f))) for who, f in ripe])
        made["surface.episodes_per_order"] = Figure("count", total, n, value, low, high)
    if w.has("gestures", "redeemed_at"):
        known = [g for g in w["gestures"] if g["who"] and w.in_period(g["at"])]
        ripe_gestures = [g for g in known if w.mature(g["at"], 90)]
        units = [Unit(g["who"], g["at"], within(g["redeemed_at"], g["at"], 90)) for g in ripe_gestures]
        made["gesture.redeemed.90d"] = w.share(units, len(known) - len(ripe_gestures))
    if w.has("calls", "answered_at"):
        made["surface.recontact_after_call.7d"] = _after_calls(w)
    return made


def _after_calls(w: World) -> Figure:
    """Another call or a new episode; a contact within half an hour is that call (docs/decisions/007)."""
    starts: defaultdict[Any, list[datetime]] = defaultdict(list)
    for e in w.episodes():
        starts[e["who"]].append(e["at"])
    for c in w["calls"]:
        starts[c["who"]].append(c["at"])
    answered = [c for c in w["calls"] if c["answered_at"] is not None and c["who"] and w.in_period(c["at"])]
    ripe = [c for c in answered if w.mature(c["at"], 7)]
    units = [
        Unit(
            c["who"],
            c["at"],
            any(within(t, c["at"], 7) and t > c["at"] + timedelta(minutes=30) for t in starts[c["who"]]),
        )
        for c in ripe
    ]
    return w.share(units, len(answered) - len(ripe))


def unsubscribed(w: World) -> dict[str, Figure]:
    """Half of the mailed buyers have left after so many days; nothing while over half stay."""
    if not w.has("emails", "unsubscribed_at") or not w.has("orders"):
        return {}
    first: dict[str, datetime] = {}
    for o in w.orders:
        if o["who"] and w.in_period(o["at"]):
            first.setdefault(o["who"], o["at"])
    spells = []
    for who, t0 in first.items():
        mails = [r for r in w["emails"] if r["who"] == who]
        start, end = t0.date() - timedelta(90), t0.date() + timedelta(30)
        if not any(start <= r["at"].date() <= end for r in mails):
            continue
        left = min((r["unsubscribed_at"] for r in mails if r["unsubscribed_at"] is not None), default=None)
        if left is None:
            spells.append(((w.as_of - t0.date()).days, False))
        elif left > t0:
            spells.append(((left.date() - t0.date()).days, True))
    stay, median = 1.0, None
    for day in sorted({d for d, event in spells if event}):
        stay *= 1 - sum(event and d == day for d, event in spells) / sum(d >= day for d, _ in spells)
        if median is None and stay <= 0.5:
            median = float(day)
    return {"unsubscribe.median_days.km": Figure("days", None, len(spells), median)}


PARTS = (known_pairs, late_repurchase, csat_and_after, plain, unsubscribed)
