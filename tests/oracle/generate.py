"""Nasty small tables, drawn from a seed: ties, bare days, mixed-case e-mails, unknown ids, rows that should not count.

Values that the audit sorts into classes are few and plain, so that the oracle can sort them by a list.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import polars as pl

ORIGIN = datetime(2025, 1, 6)
DAYS = 400

COMPLAINTS = ("Retard de livraison", "Produit cassé")
QUESTIONS = ("Question produit", "Suivi")
REASONS = (*COMPLAINTS, *QUESTIONS)
MOMENTS = ("cancelled_at", "promised_at", "delivered_at", "first_reply_at", "solved_at")

Rows = list[dict[str, Any]]


class Draw:
    """One world: customers, and the tables that they leave behind."""

    def __init__(self, seed: int, customers: int = 70) -> None:
        self.random = random.Random(seed)
        self.customers = customers
        self.orders: Rows = []
        self.tickets: Rows = []

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def moment(self, day: float) -> datetime:
        """A moment of that day: often a bare day, else a whole quarter of an hour (so that ties happen)."""
        start = ORIGIN + timedelta(days=int(day))
        if self.chance(0.3):
            return start
        return start + timedelta(minutes=15 * self.random.randrange(96))

    def later(self, moment: datetime, days: int) -> datetime:
        """A moment 0 to `days` days later, sometimes minutes later, sometimes on the very edge of a window."""
        which = self.random.random()
        if which < 0.15:
            return moment + timedelta(minutes=self.random.choice((0, 10, 29, 30, 31, 45)))
        if which < 0.35:
            edge = self.random.choice((7, 14, 30, 90))
            shift = self.random.choice((0, 1))
            return self.moment((moment - ORIGIN).days + edge + shift)
        return self.moment((moment - ORIGIN).days + self.random.randrange(days + 1))

    def who(self, number: int) -> dict[str, Any]:
        """The customer as a row bears it: e-mail in any case, id only, both, or (rarely) neither."""
        email: str | None = f"c{number}@Shop.example"
        if self.chance(0.5):
            email = f" C{number}@shop.EXAMPLE "
        ident: str | None = f"#K{number:04d}" if self.chance(0.5) else f"k{number:04d}"
        if number % 11 == 0:
            return {"customer_email": None, "customer_id": ident}
        which = self.random.random()
        if which < 0.45:
            ident = None
        elif which < 0.75:
            email = None
        elif which < 0.78:
            email = ident = None
        return {"customer_email": email, "customer_id": ident}

    def order(self, number: int) -> str:
        return f"#A-{number}" if self.chance(0.5) else f"a-{number}"


def tables(seed: int, customers: int = 70) -> dict[str, pl.DataFrame]:
    """Ten canonical tables."""
    draw = Draw(seed, customers)
    made = {
        "orders": _orders(draw),
        "tickets": _tickets(draw),
        "reviews": _reviews(draw),
        "surveys": _surveys(draw),
        "gestures": _gestures(draw),
        "emails": _emails(draw),
        "returns": _returns(draw),
        "calls": _calls(draw),
        "listening": _listening(draw),
        "agent_feedback": _feedback(draw),
    }
    for rows in made.values():
        draw.random.shuffle(rows)
    return {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in made.items()}


def _orders(draw: Draw) -> Rows:
    rows: Rows = []
    for customer in range(draw.customers):
        day = draw.random.randrange(DAYS)
        for _ in range(draw.random.choice((1, 1, 2, 3, 5))):
            rows.append(_order(draw, len(rows), customer, min(day, DAYS + 5)))
            day += draw.random.choice((0, 1, 12, 30, 31, 60, 90, 120))
    draw.orders = rows
    return [{key: value for key, value in row.items() if not key.startswith("_")} for row in rows]


def _order(draw: Draw, number: int, customer: int, day: int) -> dict[str, Any]:
    at = draw.moment(day)
    amount = draw.random.choice((0.0, None, 10.0, 20.0, 35.0, 50.0, 80.0, 120.0, 35.0, 80.0, 60.0))
    status = draw.random.choice(
        ("payée",) * 12 + ("annulée", "brouillon", "remboursée", "partiellement remboursée", None)
    )
    promised = at + timedelta(days=draw.random.choice((3, 5))) if draw.chance(0.7) else None
    delivered = at + timedelta(days=draw.random.choice((2, 3, 4, 6, 9))) if draw.chance(0.8) else None
    return {
        "_customer": customer,
        "order_id": draw.order(number),
        "ordered_at": at,
        **draw.who(customer),
        "amount": amount,
        "status": status,
        "cancelled_at": at + timedelta(days=1) if draw.chance(0.03) else None,
        "is_test": draw.chance(0.03),
        "refunded_amount": amount if draw.chance(0.05) else (5.0 if draw.chance(0.05) else None),
        "product": draw.random.choice(("Sac", " Sac ", "Montre", None)),
        "country": draw.random.choice(("FR", "BE")),
        "promised_at": promised,
        "delivered_at": delivered,
    }


def _tickets(draw: Draw) -> Rows:
    rows: Rows = []
    for number, order in enumerate(draw.orders):
        if not draw.chance(0.45):
            continue
        at = draw.later(order["ordered_at"], 40)
        for _ in range(draw.random.choice((1, 1, 2, 2, 3, 5))):
            rows.append(_ticket(draw, len(rows), number, order["_customer"], at))
            at = draw.later(at, 45)
    for _ in range(len(rows) // 10):
        known = draw.chance(0.5)
        customer = draw.random.randrange(draw.customers) if known else None
        at = draw.moment(draw.random.randrange(DAYS + 10))
        rows.append(_ticket(draw, len(rows), None if draw.chance(0.7) else 90000 + len(rows), customer, at))
    draw.tickets = rows
    return [{key: value for key, value in row.items() if not key.startswith("_")} for row in rows]


def _ticket(draw: Draw, number: int, order: int | None, customer: int | None, at: datetime) -> dict[str, Any]:
    who = draw.who(customer) if customer is not None else {"customer_email": None, "customer_id": None}
    if draw.chance(0.25):
        who = {"customer_email": None, "customer_id": None}
    replied = at + timedelta(minutes=draw.random.choice((20, 90, 300, 1500, 4000))) if draw.chance(0.85) else None
    solved = at + timedelta(minutes=draw.random.choice((30, 60, 61, 600, 5000))) if draw.chance(0.8) else None
    return {
        "_customer": customer,
        "_order": order,
        "ticket_id": f"T{number:05d}",
        "created_at": at,
        "order_id": None if order is None or draw.chance(0.05) else draw.order(order),
        **who,
        "first_reply_at": replied,
        "solved_at": solved,
        "reopens": draw.random.choice((0, 0, 0, 1, 2)),
        "channel": draw.random.choice(("email", "chat", " chat", "phone")),
        "reason": draw.random.choice((*REASONS, " Suivi ", None)),
        "subject": draw.random.choice(("Bonjour",) * 15 + ("Réponse automatique : absent", "Automatic reply: away")),
        "reply": f"Bonjour, voici la réponse {draw.random.choice(('une', 'deux', 'trois'))} à votre message"
        if replied and draw.chance(0.95)
        else None,
        "status": draw.random.choice(("solved", "open", "closed", "solved", "spam" if draw.chance(0.2) else "closed")),
        "agent": draw.random.choice(("Ann", "Bob", "Cid", None)),
        "transfers": draw.random.choice((0, 0, 1, 2)),
        "handle_minutes": float(draw.random.choice((3, 5, 8, 13, 21))),
        "is_outbound": draw.chance(0.03),
        "is_spam": draw.chance(0.02),
        "merged_into": "T00001" if draw.chance(0.03) else None,
    }


def _of_some_order(draw: Draw) -> tuple[dict[str, Any], int]:
    number = draw.random.randrange(len(draw.orders))
    return draw.orders[number], number


def _reviews(draw: Draw) -> Rows:
    rows: Rows = []
    for number in range(draw.customers // 3):
        order, place = _of_some_order(draw)
        who = draw.who(order["_customer"]) if draw.chance(0.7) else {"customer_email": None, "customer_id": None}
        rows.append(
            {
                "review_id": f"R{number}",
                "created_at": draw.later(order["ordered_at"], 120),
                "order_id": draw.order(place) if draw.chance(0.6) else None,
                **who,
                "rating": draw.random.choice((1, 2, 3, 4, 5)),
                "text": draw.random.choice(("Très bien, merci", "Décevant", "Correct")),
            }
        )
    return rows


def _surveys(draw: Draw) -> Rows:
    rows: Rows = []
    scales = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
    for _ in range(draw.customers * 4):
        order, place = _of_some_order(draw)
        kind = draw.random.choice(("csat", "csat", "nps", "ces"))
        low, high = scales[kind]
        sent = draw.later(order["ordered_at"], 40)
        answered = draw.chance(0.5)
        delivered = draw.random.choice((True, True, True, None, False))
        rows.append(
            {
                "kind": kind,
                "sent_at": sent,
                "answered_at": draw.later(sent, 20) if answered and delivered is not False else None,
                "delivered": delivered,
                "score": float(draw.random.randint(low, high)) if answered and delivered is not False else None,
                "scale": f"{low}-{high}",
                "order_id": draw.order(place) if draw.chance(0.6) else None,
                **draw.who(order["_customer"]),
                "journey": draw.random.choice(("purchase", "support", "return")),
            }
        )
    return rows


def _gestures(draw: Draw) -> Rows:
    rows: Rows = []
    for number in range(draw.customers):
        order, place = _of_some_order(draw)
        granted = draw.later(order["ordered_at"], 60)
        unknown = draw.chance(0.05)
        rows.append(
            {
                "gesture_id": f"G{number}",
                "granted_at": granted,
                **({"customer_email": None, "customer_id": None} if unknown else draw.who(order["_customer"])),
                "order_id": None if unknown or draw.chance(0.4) else draw.order(place),
                "kind": draw.random.choice(("voucher", "refund", "gift")),
                "cost": draw.random.choice((5.0, 10.0, 20.0, None)),
                "redeemed_at": draw.later(granted, 120) if draw.chance(0.2) else None,
                "replied_at": draw.later(granted, 100) if draw.chance(0.2) else None,
            }
        )
    return rows


def _emails(draw: Draw) -> Rows:
    rows: Rows = []
    for _ in range(draw.customers * 4):
        order, _ = _of_some_order(draw)
        customer = order["_customer"]
        if customer % 11 == 0:
            continue
        sent = draw.later(order["ordered_at"] - timedelta(days=draw.random.choice((0, 0, 60, 90))), 100)
        rows.append(
            {
                "sent_at": sent,
                "customer_email": f"C{customer}@shop.example" if draw.chance(0.9) else f"p{len(rows)}@else.example",
                "campaign": draw.random.choice(("welcome", "news", "sale")),
                "delivered": draw.random.choice((True, True, True, None, False)),
                "opened_at": draw.later(sent, 3) if draw.chance(0.5) else None,
                "clicked_at": draw.later(sent, 10) if draw.chance(0.25) else None,
                "unsubscribed_at": draw.later(sent, 10) if draw.chance(0.06) else None,
            }
        )
    return rows


def _returns(draw: Draw) -> Rows:
    rows: Rows = []
    for _ in range(draw.customers // 3):
        order, place = _of_some_order(draw)
        rows.append(
            {
                "returned_at": draw.later(order["ordered_at"], 100),
                "order_id": draw.order(place),
                "reason": "Taille",
                "refunded_amount": draw.random.choice((None, 10.0, order["amount"])),
            }
        )
    return rows


def _calls(draw: Draw) -> Rows:
    rows: Rows = []
    for number in range(draw.customers):
        at = draw.moment(draw.random.randrange(DAYS + 10))
        customer = draw.random.randrange(draw.customers)
        rows.append(
            {
                "call_id": f"L{number}",
                "called_at": at,
                "answered_at": at + timedelta(minutes=2) if draw.chance(0.8) else None,
                "ended_at": at + timedelta(minutes=9),
                **draw.who(customer),
                "agent": draw.random.choice(("Ann", "Bob")),
            }
        )
    return rows


def _listening(draw: Draw) -> Rows:
    rows: Rows = []
    for _ in range(draw.customers // 2):
        at = draw.moment(draw.random.randrange(DAYS))
        case = draw.random.choice(draw.tickets)
        rows += [
            {
                "checked_at": at,
                "criterion": name,
                "score": float(draw.random.randint(0, 4)),
                "max_score": 4.0,
                "ticket_id": case["ticket_id"],
                "agent": case["agent"],
            }
            for name in ("Empathie", "Clarté")
        ]
    return rows


def _feedback(draw: Draw) -> Rows:
    return [
        {
            "noted_at": draw.moment(draw.random.randrange(DAYS)),
            "text": "Les clients demandent où est leur colis",
            "agent": draw.random.choice(("Ann", "Bob")),
            "topic": draw.random.choice(("livraison", "site")),
        }
        for _ in range(12)
    ]
