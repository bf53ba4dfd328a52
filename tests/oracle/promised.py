"""Brands whose agents promise a delivery or a reply within so many days, and what became of it.

Of a ticket that bears no order, or one that nobody knows, no delivery can be seen: its promise is neither kept nor
broken.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from oracle import Figure, Row, Unit, World, norm, within

START = datetime(2025, 3, 3, 9)
SPANS = {"sous 3 jours": 3, "d'ici 5 jours": 5, "within 2 days": 2}
WORDS = {
    "delivery": {"fr": "Bonjour, votre colis sera livré {span}.", "en": "Hello, your parcel will be delivered {span}."},
    "reply": {"fr": "Bonjour, nous vous répondrons {span}.", "en": "Hello, we will reply {span}."},
    None: {"fr": "Bonjour, merci de votre message.", "en": "Hello, thank you for your message."},
}


def brand(seed: int, customers: int, linked: float) -> tuple[dict[str, pl.DataFrame], dict[str, tuple[str, int]]]:
    """The tables, and what each ticket promised: the object and the days."""
    draw = random.Random(seed)
    orders: list[Row] = []
    tickets: list[Row] = []
    told: dict[str, tuple[str, int]] = {}
    for number in range(customers):
        at = START + timedelta(days=draw.randrange(90), minutes=15 * draw.randrange(40))
        who = {"customer_email": f"c{number}@shop.example"}
        replied = at
        for _ in range(draw.choice((1, 1, 2))):
            replied = at + timedelta(hours=draw.choice((1, 5, 26)))
            kind = draw.choice(("delivery", "delivery", "reply", None))
            span = draw.choice(tuple(SPANS))
            language = "en" if span.startswith("within") else "fr"
            name = f"T{len(tickets)}"
            if kind:
                told[norm(name) or ""] = (kind, SPANS[span])
            order = f"A{number}" if draw.random() < linked else draw.choice((None, f"Z{number}"))
            solved = replied + timedelta(days=draw.choice((1, 2, 3, 5, 6, 9)), hours=draw.randrange(12))
            tickets.append(
                {
                    "ticket_id": name,
                    "created_at": at,
                    "order_id": order,
                    **who,
                    "first_reply_at": replied,
                    "solved_at": solved if draw.random() < 0.7 else None,
                    "reply": WORDS[kind][language].format(span=span),
                }
            )
            at = replied + timedelta(days=draw.choice((1, 2, 4, 7)))
        came = replied + timedelta(days=draw.choice((-2, 1, 2, 3, 5, 6, 12)), hours=draw.randrange(12))
        orders.append(
            {
                "order_id": f"A{number}",
                "ordered_at": START - timedelta(days=5),
                **who,
                "delivered_at": came if draw.random() < 0.9 else None,
            }
        )
    last = {"order_id": "last", "ordered_at": START + timedelta(days=92), "customer_email": "last@shop.example"}
    orders.append({**last, "delivered_at": None})
    draw.shuffle(tickets)
    rows = {"orders": orders, "tickets": tickets}
    return {name: pl.DataFrame(held, infer_schema_length=None) for name, held in rows.items()}, told


def kept(w: World, told: dict[str, tuple[str, int]]) -> Figure:
    """Promises whose delay is over: what was promised came after the reply and within the days that it named."""
    came = {o["order"]: o["delivered_at"] for o in w["orders"]}
    replies: defaultdict[Any, list[tuple[str, datetime]]] = defaultdict(list)
    for r in w.tickets:
        for whose in (r["order"], r["who"]):
            if r["first_reply_at"] is not None:
                replies[whose].append((r["ticket_id"], r["first_reply_at"]))
    units, immature, before, unseen, every = [], 0, 0, 0, 0
    for r in w.tickets:
        promise, t0 = told.get(norm(r["ticket_id"]) or ""), r["first_reply_at"]
        if promise is None or t0 is None or not w.in_period(t0):
            continue
        every += 1
        kind, days = promise
        if kind == "delivery" and r["order"] not in came:
            unseen += 1
            continue
        found = [came[r["order"]]] if kind == "delivery" else [r["solved_at"]]
        if kind == "reply":
            found += [t for name, t in replies[r["order"] or r["who"]] if name != r["ticket_id"]]
        if kind == "delivery" and found[0] is not None and found[0] <= t0:
            before += 1
        elif not w.mature(t0, days):
            immature += 1
        else:
            units.append(Unit(r["who"], t0, any(within(t, t0, days) for t in found)))
    figure = w.share(units, immature, before_start=before, unseen=unseen)
    figure.refused["R7"] = unseen > 0.2 * every
    return figure
