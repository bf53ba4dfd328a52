"""What agents commit to in their replies: promises with a delay, and statements that agree or contradict each other."""

from dataclasses import dataclass

import numpy as np

from cxaudit.sample.calendar import DAY, END, NEVER
from cxaudit.sample.contacts import NORMAL, Tickets
from cxaudit.sample.draws import Rng, pick
from cxaudit.sample.orders import Orders
from cxaudit.sample.world import ABIME, DEFAUT, ECHANGE, ERREUR, REMBOURSEMENT, RETARD, RETOUR, SUIVI, World

NO_PROMISE, DELIVERY, REFUND, ANSWER = range(4)
PROMISES = ("", "delivery", "refund", "answer")
NO_STANCE, DATE, AMOUNT, ACCEPTED, REFUSED = range(5)
STANCES = ("", "date", "amount", "accepted", "refused")
FRIDAY, SUNDAY = 4, 6
FIRST_WEEKDAY = 1  # the sample begins on a Tuesday


@dataclass(frozen=True)
class Answers:
    """By ticket: whether it is answered, what is promised and by which day, which statement it makes.

    `stance_value` is the day (DATE) or the share of the goods' price (AMOUNT) that the statement names.
    """

    replied: np.ndarray
    promise: np.ndarray
    promise_form: np.ndarray
    promise_day: np.ndarray
    stance: np.ndarray
    stance_value: np.ndarray


PROMISE_FORMS = (
    "sous 24 h", "sous 48 h", "sous 72 h", "dans les 3 jours", "sous 5 jours", "sous une semaine", "d'ici vendredi",
    "avant la fin de la semaine", "d'ici demain soir", "sous 10 jours",
)  # fmt: skip
_PROMISE_DAYS = (1, 2, 3, 3, 5, 7, 0, 0, 1, 10)
_BY_FRIDAY, _BY_SUNDAY = 6, 7
_QUICK, _SLOW = (1, 3, 1, 1, 1, 0, 2, 1, 1, 0), (0, 1, 1, 1, 3, 2, 1, 1, 0, 2)


_DECIDED = (ABIME, DEFAUT, ERREUR, REMBOURSEMENT, ECHANGE, RETOUR)


def draw_answers(orders: Orders, tickets: Tickets, world: World, rng: Rng) -> Answers:
    """Promises in about half of the tailored replies to a dispute; statements on orders that two agents answered."""
    replied = (tickets.kind == NORMAL) & ~tickets.same_episode
    replied &= tickets.at + tickets.first_reply < END
    promise = _promises(orders, tickets, replied, rng)
    form = np.where(promise == REFUND, pick(_SLOW, len(tickets), rng), pick(_QUICK, len(tickets), rng))
    stance, value = _stances(orders, tickets, replied, world, rng)
    return Answers(replied, promise, form, _promise_day(tickets, form, promise), stance, value)


def _promises(orders: Orders, tickets: Tickets, replied: np.ndarray, rng: Rng) -> np.ndarray:
    reply_at = tickets.at + tickets.first_reply
    order = np.maximum(tickets.order, 0)
    delivered, refunded = orders.delivered_at[order], orders.refunded_at[order]
    may = replied & ~tickets.canned & (tickets.order >= 0) & (rng.random(len(tickets)) < 0.55)
    delivery = np.isin(tickets.reason, (RETARD, SUIVI)) & (delivered > reply_at)
    refund = np.isin(tickets.reason, (REMBOURSEMENT, RETOUR)) & (refunded > reply_at)
    answer = tickets.complaint & (rng.random(len(tickets)) < 0.3)
    return np.where(may, np.select([delivery, refund, answer], [DELIVERY, REFUND, ANSWER], NO_PROMISE), NO_PROMISE)


def _promise_day(tickets: Tickets, form: np.ndarray, promise: np.ndarray) -> np.ndarray:
    day = (tickets.at + tickets.first_reply) // DAY
    weekday = (day + FIRST_WEEKDAY) % 7
    ahead = np.array(_PROMISE_DAYS)[form]
    ahead = np.where(form == _BY_FRIDAY, (FRIDAY - weekday) % 7, ahead)
    ahead = np.where(form == _BY_SUNDAY, SUNDAY - weekday, ahead)
    return np.where(promise == NO_PROMISE, NEVER, day + ahead)


def _stances(
    orders: Orders, tickets: Tickets, replied: np.ndarray, world: World, rng: Rng
) -> tuple[np.ndarray, np.ndarray]:
    """Two statements on orders answered by two agents: contradictory on the planted share, the same on others."""
    stance, value = np.full(len(tickets), NO_STANCE), np.zeros(len(tickets))
    first, second = answer_pairs(tickets, replied)
    draw = rng.random(len(first))
    clash = draw < world.contradiction
    spoken = draw < world.contradiction + world.agreement
    first, second, clash = first[spoken], second[spoken], clash[spoken]
    size = len(first)
    reason = tickets.reason[first]
    about_date = np.isin(reason, (RETARD, SUIVI))
    about_amount = (reason == REMBOURSEMENT) & (rng.random(size) < 0.6)
    about_decision = np.isin(reason, _DECIDED)
    kind = np.select([about_date, about_amount, about_decision], [DATE, AMOUNT, ACCEPTED], NO_STANCE)
    day = tickets.at[first] // DAY + rng.integers(3, 9, size=size)
    stance[first], stance[second] = kind, np.where(clash & (kind == ACCEPTED), REFUSED, kind)
    value[first] = np.where(kind == DATE, day, 1.0)
    later = np.where(clash, day + rng.integers(3, 10, size=size), day)
    value[second] = np.where(kind == DATE, later, np.where(clash, 0.7, 1.0))
    return stance, value


def answer_pairs(tickets: Tickets, replied: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the first and second answered episodes of orders where two agents answered these."""
    place = np.full((int(tickets.order.max(initial=0)) + 1, 2), -1)
    for episode in (1, 2):
        rows = np.flatnonzero(replied & (tickets.order >= 0) & (tickets.episode == episode))
        place[tickets.order[rows], episode - 1] = rows
    pairs = place[(place >= 0).all(axis=1)]
    pairs = pairs[tickets.agent[pairs[:, 0]] != tickets.agent[pairs[:, 1]]]
    return pairs[:, 0], pairs[:, 1]
