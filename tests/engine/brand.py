"""A small brand with every source, drawn at random from a seed: what engines are compared on."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
from handmade import at, frame, order

REASONS = ("Retard de livraison", "Question produit", "Colis abîmé")
WORDS = ("Bonjour, je suis très déçu, c'est inadmissible", "Merci beaucoup pour votre aide", "Où est mon colis ?")


def brand(seed: int, orders: int = 1500) -> dict[str, pl.DataFrame]:
    """Orders over 300 days, with the tickets, mails, surveys, gestures and returns that follow some of them."""
    rng = random.Random(seed)
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("orders", "tickets", "emails", "surveys", "gestures")
    }
    for i in range(orders):
        day, customer = rng.random() * 300, f"c{rng.randrange(orders // 2)}@example.org"
        bought = order(f"#{i}", day, "", rng.random() * 100) | {"customer_id": None, "customer_email": customer}
        rows["orders"].append(bought | {"status": "paid", "refunded_amount": rng.choice([0.0, 0.0, 5.0, 200.0])})
        if rng.random() < 0.3:
            rows["tickets"] += [_ticket(rng, i, day + 1 + 8 * k, customer, k) for k in range(rng.choice([1, 1, 2, 3]))]
        rows["emails"].append(_mail(rng, day, customer))
        if rng.random() < 0.3:
            rows["surveys"].append(_survey(rng, day, customer))
        if rng.random() < 0.1:
            rows["gestures"].append(
                {"granted_at": at(day + 20), "customer_email": customer, "cost": 5.0, "kind": "bon"}
            )
    return {name: frame(found) for name, found in rows.items()}


def _ticket(rng: random.Random, number: int, day: float, customer: str, turn: int) -> dict[str, Any]:
    moment = day + rng.random() * 10
    return {
        "ticket_id": f"{number}-{turn}",
        "created_at": at(moment),
        "order_id": str(number),
        "customer_email": customer.upper(),
        "reason": rng.choice(REASONS),
        "first_reply_at": at(moment + rng.random()),
        "solved_at": at(moment + 1 + rng.random()),
        "body": rng.choice(WORDS),
        "agent": rng.choice("ab"),
        "channel": "email",
    }


def _mail(rng: random.Random, day: float, customer: str) -> dict[str, Any]:
    return {
        "sent_at": at(day + 5),
        "customer_email": customer,
        "campaign": rng.choice("xy"),
        "delivered": True,
        "clicked_at": at(day + 6) if rng.random() < 0.1 else None,
        "unsubscribed_at": at(day + 7) if rng.random() < 0.02 else None,
    }


def _survey(rng: random.Random, day: float, customer: str) -> dict[str, Any]:
    return {
        "kind": rng.choice(["nps", "ces", "csat"]),
        "sent_at": at(day + 3),
        "answered_at": at(day + 4),
        "score": float(rng.randrange(1, 8)),
        "journey": rng.choice(["achat", "support", "retour"]),
        "customer_email": customer,
    }
