"""Mails to customers and what these do with them."""

from dataclasses import dataclass

import numpy as np

from cxaudit.sample.calendar import DAY, END, HOUR, NEVER
from cxaudit.sample.catalogue import Customers
from cxaudit.sample.contacts import NORMAL, Tickets
from cxaudit.sample.draws import Rng
from cxaudit.sample.orders import Orders
from cxaudit.sample.rows import EFFECT_DAYS, Rows, next_within
from cxaudit.sample.world import World


@dataclass(frozen=True)
class Mails(Rows):
    """Mails to one customer each: `campaign` indexes CAMPAIGNS."""

    customer: np.ndarray
    at: np.ndarray
    campaign: np.ndarray
    delivered: np.ndarray
    opened_at: np.ndarray
    clicked_at: np.ndarray
    unsubscribed_at: np.ndarray


TRANSACTIONAL = (
    ("Confirmation de commande", "commande"),
    ("Expédition de commande", "commande"),
    ("Suivi de réclamation", "litige"),
)  # fmt: skip

CONFIRMATION, SHIPPING, DISPUTE = range(3)

NEWSLETTERS = tuple(
    (f"{name} {year}-{month:02d}", "marketing")
    for year, months in ((2024, range(10, 13)), (2025, range(1, 13)), (2026, range(1, 10)))
    for month in months
    for name in ("Lettre du mois", "Nouveautés")
)

CAMPAIGNS = TRANSACTIONAL + NEWSLETTERS


def draw_mails(customers: Customers, orders: Orders, tickets: Tickets, world: World, rng: Rng) -> Mails:
    """Order mails, dispute mails and a sample of the newsletters, with clicks that drop after a dispute."""
    live = np.flatnonzero(~orders.test)
    sent = np.flatnonzero(orders.shipped_at != NEVER)
    disputes = np.flatnonzero((tickets.kind == NORMAL) & tickets.complaint & (tickets.order >= 0))
    owner, at, campaign = _newsletters(customers, orders, world, rng)
    customer = np.concatenate([orders.customer[live], orders.customer[sent], tickets.customer[disputes], owner])
    when = np.concatenate([orders.at[live] + 120, orders.shipped_at[sent] + 600, tickets.at[disputes] + 15 * 60, at])
    kind = np.concatenate(
        [np.full(len(live), CONFIRMATION), np.full(len(sent), SHIPPING), np.full(len(disputes), DISPUTE), campaign]
    )
    keep = when < END
    customer, when, kind = customer[keep], when[keep], kind[keep]
    order = np.argsort(when, kind="stable")
    return _reactions(customers, tickets, disputes, customer[order], when[order], kind[order], world, rng)


def _newsletters(
    customers: Customers, orders: Orders, world: World, rng: Rng
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    size = int(len(orders) * world.campaign_mails * 0.8)
    buyers = orders.customer[~orders.test]
    owner = buyers[rng.integers(max(len(buyers), 1), size=size if len(buyers) else 0)]
    size = len(owner)
    campaign = rng.integers(len(NEWSLETTERS), size=size)
    month = np.datetime64("2024-10") + campaign // 2
    first_day = (month.astype("datetime64[D]") - np.datetime64("2024-10-01")).astype(np.int64)
    at = (first_day + np.where(campaign % 2 == 0, 4, 18)) * DAY + 9 * HOUR + rng.integers(2 * HOUR, size=size)
    since = np.full(len(customers), END, dtype=np.int64)
    np.minimum.at(since, orders.customer, orders.at)
    pairs = owner * len(NEWSLETTERS) + campaign
    keep = np.zeros(size, dtype=bool)
    keep[np.unique(pairs, return_index=True)[1]] = True
    keep &= customers.opted_in[owner] & (at > since[owner])
    return owner[keep], at[keep], campaign[keep] + len(TRANSACTIONAL)


def _reactions(
    customers: Customers, tickets: Tickets, disputes: np.ndarray, customer: np.ndarray, at: np.ndarray,
    campaign: np.ndarray, world: World, rng: Rng,
) -> Mails:  # fmt: skip
    size = len(customer)
    recent = next_within(
        tickets.customer, tickets.at + EFFECT_DAYS * DAY,
        np.isin(np.arange(len(tickets)), disputes), customer, at - 1,
    )  # fmt: skip
    after_dispute = (recent != NEVER) | (campaign == DISPUTE)
    delivered = rng.random(size) < 0.975
    p_click = world.click * customers.clicker[customer] * np.where(after_dispute, world.click_after_dispute, 1.0)
    clicked = delivered & (rng.random(size) < p_click.clip(max=0.6))
    opened = delivered & (clicked | (rng.random(size) < 0.42))
    open_at = at + (rng.exponential(9 * HOUR, size=size)).astype(np.int64) + 60
    newsletter = campaign >= len(TRANSACTIONAL)
    leaves = delivered & newsletter & (rng.random(size) < np.where(after_dispute, 0.02, 0.006))
    leave_at = open_at + 45
    gone = np.full(len(customers), END, dtype=np.int64)
    np.minimum.at(gone, customer[leaves], leave_at[leaves])
    keep = ~newsletter | (at <= gone[customer])
    leaves &= leave_at == gone[customer]
    return Mails(
        customer=customer,
        at=at,
        campaign=campaign,
        delivered=delivered,
        opened_at=_seen(opened | leaves, open_at),
        clicked_at=_seen(clicked, open_at + 20),
        unsubscribed_at=_seen(leaves, leave_at),
    ).take(keep)


def _seen(happened: np.ndarray, when: np.ndarray) -> np.ndarray:
    return np.where(happened & (when < END), when, NEVER)
