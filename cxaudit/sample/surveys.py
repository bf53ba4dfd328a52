"""Surveys sent and answered: satisfaction after delivery, NPS by journey, effort."""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from cxaudit.sample.calendar import DAY, END, HOUR, NEVER
from cxaudit.sample.contacts import NORMAL, Tickets
from cxaudit.sample.draws import Rng, balanced, pick
from cxaudit.sample.orders import Orders
from cxaudit.sample.rows import EFFECT_DAYS, Rows, next_within
from cxaudit.sample.world import World

CSAT, NPS, CES = range(3)

PURCHASE, SUPPORT, RETURN = range(3)

SMOOTH, ONE_CONTACT, TROUBLED = range(3)


@dataclass(frozen=True)
class Surveys(Rows):
    """Surveys sent: `score` is 0 where nobody answered (`answered_at` NEVER); `content` is the latent satisfaction."""

    kind: np.ndarray
    journey: np.ndarray
    order: np.ndarray
    ticket: np.ndarray
    customer: np.ndarray
    sent_at: np.ndarray
    delivered: np.ndarray
    answered_at: np.ndarray
    score: np.ndarray
    content: np.ndarray
    cell: np.ndarray


def order_cells(orders: Orders, tickets: Tickets) -> np.ndarray:
    """What happened to each order: smooth, one contact, or troubled (several contacts, or a refund)."""
    real = tickets.take((tickets.kind == NORMAL) & (tickets.order >= 0) & ~tickets.same_episode)
    contacts = np.bincount(real.order, minlength=len(orders))
    troubled = (contacts > 1) | (orders.refund_share > 0)
    return np.where(troubled, TROUBLED, np.where(contacts == 1, ONE_CONTACT, SMOOTH))


def csat_surveys(orders: Orders, cells: np.ndarray, world: World, rng: Rng) -> Surveys:
    """The satisfaction survey after delivery: many asked, few answer, the content ones more readily."""
    sent_at = (orders.delivered_at // DAY + 6) * DAY + 10 * HOUR + rng.integers(HOUR, size=len(orders))
    asked = (
        (orders.delivered_at != NEVER) & orders.counted & (sent_at < END) & (rng.random(len(orders)) < world.csat_asked)
    )
    rows = np.flatnonzero(asked)
    cell, when = cells[rows], sent_at[rows]
    content = balanced(np.array(world.csat_satisfied)[cell], cell, when, rng)
    answers = np.where(
        content, np.array(world.csat_answers_if_satisfied)[cell], np.array(world.csat_answers_if_not)[cell]
    )
    delivered = rng.random(len(rows)) < 0.97
    answered = balanced(np.where(delivered, answers, 0), cell * 2 + content, when, rng)
    score = np.where(content, 4 + pick((0.42, 0.58), len(rows), rng), 1 + pick((0.3, 0.25, 0.45), len(rows), rng))
    return _answered(CSAT, PURCHASE, rows, np.full(len(rows), -1), orders.customer[rows], when, delivered, answered,
                     score, content, cell, rng)  # fmt: skip


def _answered(
    kind: int, journey: int, order: np.ndarray, ticket: np.ndarray, customer: np.ndarray, sent_at: np.ndarray,
    delivered: np.ndarray, answered: np.ndarray, score: np.ndarray, content: np.ndarray, cell: np.ndarray, rng: Rng,
) -> Surveys:  # fmt: skip
    size = len(order)
    wait = (rng.exponential(1.8, size=size) * DAY).astype(np.int64).clip(5 * 60, 13 * DAY)
    tardy = rng.random(size) < 0.03
    answered_at = sent_at + np.where(tardy, 16 * DAY, wait)
    answered = answered & (answered_at < END)
    return Surveys(
        kind=np.full(size, kind),
        journey=np.full(size, journey),
        order=order,
        ticket=ticket,
        customer=customer,
        sent_at=sent_at,
        delivered=delivered,
        answered_at=np.where(answered, answered_at, NEVER),
        score=np.where(answered, score, 0),
        content=content,
        cell=cell,
    )


# share of detractors, passives, promoters by journey (purchase, support, return), and how many answer
_NPS = ((0.10, 0.28, 0.62), (0.34, 0.30, 0.36), (0.42, 0.30, 0.28))

_NPS_ASKED, _NPS_ANSWER = (0.22, 0.32, 0.6), (0.12, 0.16, 0.22)


def journey_surveys(orders: Orders, tickets: Tickets, cells: np.ndarray, world: World, rng: Rng) -> list[Surveys]:
    """NPS after a purchase, a contact and a return; CES after a contact."""
    bought = np.flatnonzero((orders.delivered_at != NEVER) & orders.counted)
    back = np.flatnonzero(orders.refunded_at != NEVER)
    talked = np.flatnonzero((tickets.kind == NORMAL) & ~tickets.same_episode & tickets.solved)
    buyers, returners = orders.customer[bought], orders.customer[back]
    talks, talkers, solved_at = tickets.order[talked], tickets.customer[talked], tickets.solved_at[talked]
    bases = (
        Asked(NPS, PURCHASE, bought, np.full(len(bought), -1), buyers, orders.delivered_at[bought] + 12 * DAY),
        Asked(NPS, SUPPORT, talks, talked, talkers, solved_at + DAY),
        Asked(NPS, RETURN, back, np.full(len(back), -1), returners, orders.refunded_at[back] + 2 * DAY),
        Asked(CES, SUPPORT, talks, talked, talkers, solved_at + 2 * HOUR),
    )
    return [_journey(base, cells, rng) for base in bases]


class Asked(NamedTuple):
    """Whom one journey's survey may be sent to, and when."""

    kind: int
    journey: int
    order: np.ndarray
    ticket: np.ndarray
    customer: np.ndarray
    when: np.ndarray


def _journey(base: Asked, cells: np.ndarray, rng: Rng) -> Surveys:
    kind, journey, order, ticket, customer, when = base
    asked_share, answer = _NPS_ASKED[journey], _NPS_ANSWER[journey]
    chosen = (rng.random(len(order)) < asked_share) & (when < END - 2 * DAY)
    order, ticket, customer, when = order[chosen], ticket[chosen], customer[chosen], when[chosen]
    size = len(order)
    delivered = rng.random(size) < 0.97
    answered = balanced(np.where(delivered, answer, 0), np.zeros(size), when, rng)
    cell = np.where(order >= 0, cells[order], ONE_CONTACT)
    if kind == NPS:
        level = np.zeros(size, dtype=np.int64)
        rank = np.argsort(~answered, kind="stable")
        level[rank] = pick(_NPS[journey], size, rng)
        score = np.select(
            [level == 0, level == 1], [pick((3, 1, 1, 2, 2, 4, 4), size, rng), 7 + pick((1, 1), size, rng)],
            9 + pick((0.45, 0.55), size, rng),
        )  # fmt: skip
        content = level == 2
    else:
        content = rng.random(size) < np.where(cell == TROUBLED, 0.35, 0.68)
        score = np.where(content, 5 + pick((0.35, 0.4, 0.25), size, rng), 1 + pick((2, 2, 3, 3), size, rng))
    return _answered(kind, journey, order, ticket, customer, when, delivered, answered, score, content, cell, rng)


def join_surveys(parts: list[Surveys]) -> Surveys:
    """Several lots of surveys as one, sorted by sending."""
    rows = Surveys(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Surveys)))
    return rows.take(np.argsort(rows.sent_at, kind="stable"))


def satisfied_after(surveys: Surveys, customer: np.ndarray, at: np.ndarray, days: int = EFFECT_DAYS) -> np.ndarray:
    """Whether a survey answer of the customer within `days` after `at` is in the satisfied class."""
    answered = surveys.answered_at != NEVER
    good = np.select(
        [surveys.kind == CSAT, surveys.kind == NPS], [surveys.score >= 4, surveys.score >= 8], surveys.score >= 6
    )
    return next_within(surveys.customer, surveys.answered_at, answered & good, customer, at, days) != NEVER
