"""Brands whose complaints all come one lag after their order, and gestures one lag after the complaint.

There the lag that controls draw is always the same, so that repurchase gaps can be computed without the draw; a
complaint at the pseudo-index itself makes its customer no control. Nobody orders more than three times, so that no
customer has two orders in one cell.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta
from statistics import mean, stdev
from typing import Any

import polars as pl
from oracle import Figure, Row, World, gestures, within
from standardised import Cell, Z, control_figure, gap_figure, order_ranks, standardised, tercile_of

LAG = timedelta(days=6, hours=1)
GRANTED = timedelta(days=2)
START = datetime(2025, 2, 3, 9)
REASONS = ("Retard de livraison", "Produit cassé", "Suivi")


def brand(seed: int, customers: int) -> dict[str, pl.DataFrame]:
    draw = random.Random(seed)
    orders: list[Row] = []
    tickets: list[Row] = []
    gestures: list[Row] = []
    for number in range(customers):
        at = START + timedelta(days=draw.randrange(150), minutes=draw.randrange(600))
        loyal = draw.random() < 0.5
        for _ in range(draw.choice((1, 2, 3))):
            name = f"A{len(orders)}"
            who = {"customer_email": f"c{number}@shop.example"}
            status = "remboursée" if draw.random() < 0.05 else "payée"
            amount = draw.choice((10.0, 20.0, 30.0, 45.0, 70.0, None))
            orders.append({"order_id": name, "ordered_at": at, **who, "amount": amount, "status": status})
            if draw.random() < (0.2 if loyal else 0.35):
                told = {"created_at": at + LAG, "order_id": name, **who, "reason": draw.choice(REASONS)}
                tickets.append({"ticket_id": f"T{len(tickets)}", **told})
                if told["reason"] != "Suivi" and draw.random() < 0.45:
                    cost = draw.choice((5.0, 10.0, None))
                    gestures.append({"granted_at": at + LAG + GRANTED, **who, "cost": cost})
            at += timedelta(days=draw.choice((7, 15, 25, 40, 60, 85, 110) if loyal else (40, 100, 150, 200)))
    last = START + timedelta(days=330)
    tickets.append({"ticket_id": "last", "created_at": last, "reason": "Suivi", "order_id": None})
    rows: dict[str, list[Row]] = {"orders": orders, "tickets": tickets, "gestures": gestures}
    for held in rows.values():
        draw.shuffle(held)
    return {name: pl.DataFrame(held, infer_schema_length=None) for name, held in rows.items()}


def _bought(w: World, who: str, t0: datetime, days: int) -> list[Row]:
    return [o for o in w.orders if o["who"] == who and o["repurchase"] and within(o["at"], t0, days)]


def repurchase_gap(w: World) -> dict[str, Any]:
    """Controls and gaps at 30 and 90 days; under "lost" the first reorder baskets and complainers of the 90 days."""
    band, rank = tercile_of(w), order_ranks(w)

    def cell(o: Row) -> Cell:
        return o["at"].replace(day=1).date(), band(o["amount"]), rank[id(o)]

    complaints = [r for r in w.tickets if r["complaint"] and r["who"]]
    first: dict[str, Row] = {}
    for r in complaints:
        if w.in_period(r["at"]):
            first.setdefault(r["who"], r)
    ever: dict[str, datetime] = {}
    for r in complaints:
        ever.setdefault(r["who"], r["at"])
    made: dict[str, Any] = {}
    for days in (30, 90):
        treated, baskets = [], []
        for who, r in first.items():
            before = [o for o in w.orders if o["who"] == who and o["at"] < r["at"]]
            if not before or not w.mature(r["at"], days):
                continue
            own = next((o for o in before if o["order"] == r["order"]), before[-1])
            later = _bought(w, who, r["at"], days)
            treated.append((cell(own), who, bool(later)))
            baskets += [o["amount"] for o in later[:1] if o["amount"] is not None]
        controls = []
        for o in w.orders:
            t0 = o["at"] + LAG
            clean = o["who"] and not (o["who"] in ever and ever[o["who"]] <= t0)
            if clean and w.in_period(t0) and w.mature(t0, days):
                controls.append((cell(o), object(), bool(_bought(w, o["who"], t0, days))))
        found = standardised(treated, controls)
        made[f"repurchase.controls.{days}d"] = control_figure(found)
        made[f"repurchase.gap.{days}d"] = gap_figure(found)
        made["lost"] = (found, baskets)
    return made


def gesture_gap(w: World) -> dict[str, Figure]:
    """Repurchase after a gesture on a complaint against complaints that never got one."""
    band = tercile_of(w)
    complaints: defaultdict[str, list[Row]] = defaultdict(list)
    for r in w.tickets:
        if r["complaint"] and r["who"]:
            complaints[r["who"]].append(r)

    def unit(r: Row, t0: datetime) -> tuple[Cell, str, bool]:
        before = [o for o in w.orders if o["who"] == r["who"] and o["at"] < r["at"]]
        own = next((o for o in w.orders if o["order"] == r["order"]), before[-1] if before else None)
        value = band(own["amount"]) if own else None
        return (t0.replace(day=1).date(), value, r["reason"]), r["who"], bool(_bought(w, r["who"], t0, 90))

    treated, controls = [], []
    for g in w["gestures"]:
        before = [r for r in complaints[g["who"]] if r["at"] <= g["at"]]
        if before and w.in_period(g["at"]) and w.mature(g["at"], 90):
            treated.append(unit(before[-1], g["at"]))
    for who, found in complaints.items():
        after = [
            r
            for r in found
            if not any(g["who"] == who and g["at"] >= r["at"] for g in w["gestures"])
            and w.in_period(r["at"] + GRANTED)
            and w.mature(r["at"] + GRANTED, 90)
        ]
        if after:
            controls.append(unit(after[0], after[0]["at"] + GRANTED))
    return {"gesture.gap.90d": gap_figure(standardised(treated, controls))}


def stakes(w: World) -> dict[str, tuple[float, float, float]]:
    """(value, low, high) in euros: lost repurchase, and gestures without effect."""
    found, baskets = repurchase_gap(w)["lost"]
    basket, error = mean(baskets), stdev(baskets) / len(baskets) ** 0.5
    margin = 1.0 if w.settings.margin_rate is None else w.settings.margin_rate
    value = -found["gap"] * found["n"] * basket * margin
    half = Z * found["n"] * margin * ((found["se"] * basket) ** 2 + (found["gap"] * error) ** 2) ** 0.5
    share = gestures(w)["gesture.no_effect.90d"]
    cost = gestures(w)["gesture.cost.no_effect"].value or 0.0
    low, high = (edge / share.value * cost for edge in (share.low, share.high))  # type: ignore[operator]
    return {
        "stake.lost_repurchase": (value, value - half, value + half),
        "stake.gestures_without_effect": (cost, low, high),
    }
