"""What the team leaves behind: calls, listening grid, remarks of the front line."""

from dataclasses import dataclass

import numpy as np

from cxaudit.sample.calendar import DAY, END, HOUR, NEVER
from cxaudit.sample.contacts import NORMAL, Tickets
from cxaudit.sample.draws import Rng, pick
from cxaudit.sample.orders import Orders
from cxaudit.sample.rows import Rows
from cxaudit.sample.world import AGENTS, PHONE, World


@dataclass(frozen=True)
class Calls(Rows):
    """Calls offered: answered_at is NEVER when nobody picked up; ticket is -1 where none followed."""

    at: np.ndarray
    answered_at: np.ndarray
    ended_at: np.ndarray
    agent: np.ndarray
    customer: np.ndarray
    ticket: np.ndarray


def draw_calls(orders: Orders, tickets: Tickets, world: World, rng: Rng) -> Calls:
    """A call behind every phone ticket, and others that led to none."""
    phone = np.flatnonzero((tickets.channel == PHONE) & (tickets.kind == NORMAL))
    other = rng.integers(len(orders), size=int(len(orders) * world.calls * 0.6))
    day = (orders.at[other] // DAY + rng.integers(1, 12, size=len(other))) * DAY
    at = np.concatenate([tickets.at[phone] - rng.integers(30, 240, size=len(phone)),
                         day + rng.integers(9 * HOUR, 19 * HOUR, size=len(other))])  # fmt: skip
    ticket = np.concatenate([phone, np.full(len(other), -1)])
    customer = np.concatenate([tickets.customer[phone], orders.customer[other]])
    agent = np.concatenate([tickets.agent[phone], rng.integers(len(AGENTS), size=len(other))])
    answered = (ticket >= 0) | (rng.random(len(at)) < 0.82)
    wait = rng.gamma(1.6, 28.0, size=len(at)).astype(np.int64) + 4
    talk = rng.gamma(2.0, 170.0, size=len(at)).astype(np.int64) + 30
    keep = (at < END - HOUR) & (at >= 0)
    rows = np.flatnonzero(keep)[np.argsort(at[keep], kind="stable")]
    answered_at = np.where(answered, at + wait, NEVER)
    return Calls(at, answered_at, np.where(answered, at + wait + talk, at + wait), agent, customer, ticket).take(rows)


CRITERIA = ("Accueil", "Écoute et reformulation", "Exactitude de la réponse", "Respect de la procédure", "Conclusion")


@dataclass(frozen=True)
class Listening(Rows):
    """Listening grid: one row a criterion of one reread ticket (score out of 5)."""

    ticket: np.ndarray
    at: np.ndarray
    criterion: np.ndarray
    score: np.ndarray


def draw_listening(tickets: Tickets, share: float, rng: Rng) -> Listening:
    """Rereadings of a small share of tickets, scored on five criteria."""
    chosen = np.flatnonzero((tickets.kind == NORMAL) & tickets.solved & (rng.random(len(tickets)) < share))
    at = tickets.solved_at[chosen] + rng.integers(DAY, 9 * DAY, size=len(chosen))
    chosen, at = chosen[at < END], at[at < END]
    level = rng.normal(0, 0.7, size=len(chosen))
    size = len(CRITERIA)
    ticket, criterion = np.repeat(chosen, size), np.tile(np.arange(size), len(chosen))
    mean = np.array((4.5, 3.7, 3.6, 4.3, 4.2))[criterion] + np.repeat(level, size)
    score = np.round(mean + rng.normal(0, 0.6, size=len(ticket))).clip(1, 5).astype(np.int64)
    rows = np.argsort(np.repeat(at, size), kind="stable")
    return Listening(ticket, np.repeat(at, size), criterion, score).take(rows)


@dataclass(frozen=True)
class Remarks(Rows):
    """Remarks of the front line: `topic` indexes REMARK_TOPICS."""

    at: np.ndarray
    agent: np.ndarray
    topic: np.ndarray
    ticket: np.ndarray


REMARK_TOPICS = ("defaut", "transporteur", "remboursement", "fiche_produit", "promo", "outil", "emballage")


def draw_remarks(tickets: Tickets, share: float, rng: Rng) -> Remarks:
    """What agents note in passing; the irritant is noted early, the carrier during its strike."""
    chosen = np.flatnonzero((tickets.kind == NORMAL) & (rng.random(len(tickets)) < share))
    topic = pick((0.24, 0.18, 0.18, 0.12, 0.1, 0.1, 0.08), len(chosen), rng)
    return Remarks(tickets.at[chosen] + 1800, tickets.agent[chosen], topic, chosen)
