"""Ten million orders as a warehouse would export them: orders, tickets and mails, few columns each, no texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

PEOPLE, TICKETS, MAILS = 0.55, 0.25, 0.5  # an order
FIRST, DAYS = np.datetime64("2024-07-01T00:00:00", "us"), 730
HOUR, DAY = np.timedelta64(1, "h"), np.timedelta64(1, "D")
REASONS = ("Livraison en retard", "Produit défectueux", "Remboursement", "Question produit", "Facture", "Retour")


def write_narrow(folder: Path, orders: int, seed: int = 7) -> None:
    """Three CSV files, about 136 bytes an order in all, that hold no effect: what is measured is time and memory."""
    rng = np.random.default_rng(seed)
    buyer = rng.integers(0, int(orders * PEOPLE), orders)
    bought = FIRST + np.sort(rng.integers(0, DAYS * 86_400, orders)).astype("timedelta64[s]")
    _written(
        folder / "commandes.csv",
        {
            "Name": _named("#{}", np.arange(orders)),
            "Email": _named("client{}@exemple.fr", buyer),
            "Created at": bought,
            "Total": rng.gamma(3, 20, orders).round(2),
            "Currency": pl.repeat("EUR", orders, eager=True),
            "Shipping Country": rng.choice(["FR", "BE", "DE", "ES"], orders, p=[0.7, 0.1, 0.1, 0.1]),
            "Source": rng.choice(["web", "pos", "ios"], orders),
            "Cancelled at": _sometimes(rng, bought + HOUR, 0.03),
        },
        "Created at",
    )
    place = np.sort(rng.integers(0, orders, int(orders * TICKETS)))
    wrote = bought[place] + _later(rng, len(place), 30)
    replied = wrote + _later(rng, len(place), 3)
    _written(
        folder / "tickets.csv",
        {
            "Ticket ID": np.arange(len(place)),
            "Created at": wrote,
            "Requester email": _named("client{}@exemple.fr", buyer[place]),
            "Order number": _named("#{}", place),
            "Reason": rng.choice(REASONS, len(place)),
            "Channel": rng.choice(["email", "chat", "phone"], len(place)),
            "First reply at": replied,
            "Solved at": replied + _later(rng, len(place), 3),
            "Status": pl.repeat("closed", len(place), eager=True),
            "Agent": rng.choice(["A1", "A2", "A3", "A4"], len(place)),
        },
        "Created at",
    )
    place = np.sort(rng.integers(0, orders, int(orders * MAILS)))
    sent = bought[place] + _later(rng, len(place), 60)
    _written(
        folder / "emails.csv",
        {
            "Email": _named("client{}@exemple.fr", buyer[place]),
            "Sent at": sent,
            "Campaign": rng.choice(["Bienvenue", "Soldes", "Avis"], len(place)),
            "Status": pl.repeat("delivered", len(place), eager=True),
            "Clicked at": _sometimes(rng, sent + HOUR, 0.1),
            "Unsubscribed at": _sometimes(rng, sent + 2 * HOUR, 0.01),
        },
        "Sent at",
    )


def _written(path: Path, columns: dict[str, object], moment: str) -> None:
    """The rows up to the last day of the orders."""
    known = pl.col(moment) < pl.lit(FIRST + DAYS * DAY)
    pl.DataFrame(columns).filter(known).write_csv(path, datetime_format="%Y-%m-%d %H:%M:%S")


def _named(pattern: str, numbers: np.ndarray) -> pl.Series:
    return pl.select(pl.format(pattern, pl.lit(pl.Series(numbers)))).to_series()


def _later(rng: np.random.Generator, rows: int, days: int) -> np.ndarray:
    return rng.integers(3_600, days * 86_400, rows).astype("timedelta64[s]")


def _sometimes(rng: np.random.Generator, moments: np.ndarray, share: float) -> np.ndarray:
    return np.where(rng.random(len(moments)) < share, moments, np.datetime64("NaT"))
