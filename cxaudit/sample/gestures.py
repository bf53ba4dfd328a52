"""Commercial gestures, and what comes of them."""

from dataclasses import dataclass

import numpy as np

from cxaudit.sample.calendar import DAY, DAYS, END, HOUR, NEVER
from cxaudit.sample.contacts import NORMAL, Tickets, in_office
from cxaudit.sample.draws import Rng, balanced, pick
from cxaudit.sample.orders import Orders
from cxaudit.sample.rows import EFFECT_DAYS, Rows, next_within
from cxaudit.sample.surveys import Surveys, satisfied_after
from cxaudit.sample.world import World


@dataclass(frozen=True)
class Gestures(Rows):
    """Commercial gestures: kind is an index into GESTURES."""

    order: np.ndarray
    customer: np.ndarray
    ticket: np.ndarray
    at: np.ndarray
    kind: np.ndarray
    cost: np.ndarray
    redeemed_at: np.ndarray
    replied_at: np.ndarray


GESTURES = ("Bon d'achat", "Remboursement partiel", "Livraison offerte", "Cadeau")

VOUCHER = 0


def draw_gestures(orders: Orders, tickets: Tickets, surveys: Surveys, world: World, rng: Rng) -> Gestures:
    """Gestures after complaints, some used, some answered; the planted share shows no effect at all."""
    chosen = np.flatnonzero(
        (tickets.kind == NORMAL) & ~tickets.same_episode & tickets.complaint & (tickets.order >= 0)
        & (rng.random(len(tickets)) < world.gesture_on_complaint)
    )  # fmt: skip
    at = in_office(
        tickets.at[chosen] + tickets.first_reply[chosen] + rng.integers(HOUR, 30 * HOUR, size=len(chosen)), rng
    )
    keep = at < END
    chosen, at = chosen[keep], at[keep]
    by_time = np.argsort(at, kind="stable")
    chosen, at = chosen[by_time], at[by_time]
    size, customer = len(chosen), tickets.customer[chosen]
    kind = pick((0.5, 0.2, 0.2, 0.1), size, rng)
    cost = np.select([kind == 0, kind == 1, kind == 2], [5.0 * (1 + pick((3, 4, 2, 1), size, rng)),
                     np.round(rng.uniform(6, 35, size=size), 2), np.full(size, 4.9)], 9.0)  # fmt: skip
    bought = next_within(orders.customer, orders.at, orders.repurchase, customer, at)
    used = (kind == VOUCHER) & (bought != NEVER) & (rng.random(size) < 0.7)
    wrote = next_within(tickets.customer, tickets.at, tickets.kind == NORMAL, customer, at)
    satisfied = satisfied_after(surveys, customer, at)
    acted = (bought != NEVER) | (wrote != NEVER) | satisfied
    mature = at // DAY + EFFECT_DAYS < DAYS
    quiet = max(float((~acted[mature]).mean()) if mature.any() else 1.0, world.gesture_no_effect)
    answers = balanced(np.full(size, 1 - world.gesture_no_effect / quiet), mature * 2 + acted, at, rng)
    replied_at = np.where(answers, at + (rng.beta(1.0, 6.0, size=size) * 80 * DAY).astype(np.int64) + HOUR, NEVER)
    return Gestures(
        order=tickets.order[chosen],
        customer=customer,
        ticket=chosen,
        at=at,
        kind=kind,
        cost=cost,
        redeemed_at=np.where(used, bought, NEVER),
        replied_at=np.where(replied_at < END, replied_at, NEVER),
    )
