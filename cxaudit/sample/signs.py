"""Everything else customers leave behind: survey answers, reviews, gestures, mails, calls, listening, remarks."""

from dataclasses import dataclass, fields, replace
from typing import NamedTuple, Self

import numpy as np

from cxaudit.sample.calendar import DAY, DAYS, END, HOUR, NEVER
from cxaudit.sample.catalogue import Customers
from cxaudit.sample.contacts import NORMAL, Tickets, in_office
from cxaudit.sample.draws import Rng, balanced, pick
from cxaudit.sample.orders import Orders
from cxaudit.sample.world import AGENTS, PHONE, World

CSAT, NPS, CES = range(3)
PURCHASE, SUPPORT, RETURN = range(3)
SMOOTH, ONE_CONTACT, TROUBLED = range(3)
EFFECT_DAYS = 90


class _Rows:
    """Rows as arrays of one length."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]

    def take(self, rows: np.ndarray) -> Self:
        """The rows at `rows` (a mask or positions)."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})  # type: ignore[type-var, arg-type]


@dataclass(frozen=True)
class Surveys(_Rows):
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
    talked = np.flatnonzero((tickets.kind == NORMAL) & ~tickets.same_episode)
    nobody = lambda rows: np.full(len(rows), -1)  # noqa: E731
    bases = (
        (NPS, PURCHASE, bought, nobody(bought), orders.customer[bought], orders.delivered_at[bought] + 12 * DAY),
        (NPS, SUPPORT, tickets.order[talked], talked, tickets.customer[talked], tickets.solved_at[talked] + DAY),
        (NPS, RETURN, back, nobody(back), orders.customer[back], orders.refunded_at[back] + 2 * DAY),
        (CES, SUPPORT, tickets.order[talked], talked, tickets.customer[talked], tickets.solved_at[talked] + 2 * HOUR),
    )
    return [_journey(Asked(*base), cells, rng) for base in bases]


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


@dataclass(frozen=True)
class Reviews(_Rows):
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


@dataclass(frozen=True)
class Gestures(_Rows):
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
    wrote = next_within(tickets.customer, tickets.at, customer_wrote(tickets), customer, at)
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


def customer_wrote(tickets: Tickets) -> np.ndarray:
    """Tickets that are a customer's own message."""
    return tickets.kind == NORMAL


def satisfied_after(surveys: Surveys, customer: np.ndarray, at: np.ndarray, days: int = EFFECT_DAYS) -> np.ndarray:
    """Whether the customer's first survey answer within `days` after `at` is in the satisfied class."""
    answered = surveys.answered_at != NEVER
    good = np.select(
        [surveys.kind == CSAT, surveys.kind == NPS], [surveys.score >= 4, surveys.score >= 8], surveys.score >= 6
    )
    any_answer = next_within(surveys.customer, surveys.answered_at, answered, customer, at, days)
    good_answer = next_within(surveys.customer, surveys.answered_at, answered & good, customer, at, days)
    return (good_answer != NEVER) & (good_answer == any_answer)


def next_within(
    owner: np.ndarray,
    when: np.ndarray,
    counts: np.ndarray,
    customer: np.ndarray,
    since: np.ndarray,
    days: int = EFFECT_DAYS,
) -> np.ndarray:
    """Time of the first row of `owner` that counts, after `since` and at most `days` days later; else NEVER."""
    rows = np.flatnonzero(counts)
    key = owner[rows].astype(np.int64) * (4 * END) + when[rows]
    key.sort()
    position = np.searchsorted(key, customer.astype(np.int64) * (4 * END) + since, side="right")
    found = np.append(key, np.iinfo(np.int64).max)[position]
    same = found // (4 * END) == customer
    time = np.where(same, found - customer.astype(np.int64) * (4 * END), NEVER)
    return np.where(same & (time // DAY <= since // DAY + days), time, NEVER)


@dataclass(frozen=True)
class Mails(_Rows):
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
    seen = lambda flag, when: np.where(flag & (when < END), when, NEVER)  # noqa: E731
    return Mails(customer, at, campaign, delivered, seen(opened | leaves, open_at), seen(clicked, open_at + 20),
                 seen(leaves, leave_at)).take(keep)  # fmt: skip


@dataclass(frozen=True)
class Calls(_Rows):
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
class Listening(_Rows):
    """Listening grid: one row a criterion of one reread ticket (score out of 5)."""

    ticket: np.ndarray
    at: np.ndarray
    criterion: np.ndarray
    score: np.ndarray


def draw_listening(tickets: Tickets, share: float, rng: Rng) -> Listening:
    """Rereadings of a small share of tickets, scored on five criteria."""
    chosen = np.flatnonzero((tickets.kind == NORMAL) & (rng.random(len(tickets)) < share))
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
class Remarks(_Rows):
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
