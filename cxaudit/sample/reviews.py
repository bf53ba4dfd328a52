"""Public reviews of orders."""

from dataclasses import dataclass

import numpy as np

from cxaudit.sample.calendar import DAY, END, HOUR, NEVER
from cxaudit.sample.draws import Rng
from cxaudit.sample.orders import Orders
from cxaudit.sample.rows import Rows
from cxaudit.sample.world import World


@dataclass(frozen=True)
class Reviews(Rows):
    """Public reviews of orders."""

    order: np.ndarray
    customer: np.ndarray
    at: np.ndarray
    stars: np.ndarray
    replied_at: np.ndarray
    invited: np.ndarray  # with the order number and the customer's mail; the others are anonymous


def draw_reviews(orders: Orders, cells: np.ndarray, world: World, rng: Rng) -> Reviews:
    """Reviews after delivery; the unhappy write more often in public than in surveys."""
    cell = cells
    often = np.array((0.9, 1.0, 2.0))[cell] * world.reviews
    at = orders.delivered_at + rng.integers(DAY, 25 * DAY, size=len(orders))
    wrote = (orders.delivered_at != NEVER) & orders.counted & (at < END) & (rng.random(len(orders)) < often)
    rows = np.flatnonzero(wrote)
    rows = rows[np.argsort(at[rows], kind="stable")]
    weights = np.array(((3, 3, 6, 22, 66), (22, 15, 16, 22, 25), (48, 20, 14, 9, 9)), dtype=float)[cell[rows]]
    edges = np.cumsum(weights, axis=1)
    stars = 1 + ((rng.random(len(rows)) * edges[:, -1])[:, None] >= edges).sum(axis=1)
    replied = rng.random(len(rows)) < np.where(stars < 3, 0.5, 0.15)
    replied_at = np.where(replied, at[rows] + rng.integers(3 * HOUR, 4 * DAY, size=len(rows)), NEVER)
    invited = rng.random(len(rows)) < 0.88
    replied_at = np.where(replied_at < END, replied_at, NEVER)
    return Reviews(rows, orders.customer[rows], at[rows], stars, replied_at, invited)
