"""Who writes, why, when, and how often: the first contact of an order, then everything that follows it."""

from dataclasses import dataclass, fields, replace

import numpy as np

from cxaudit.sample.calendar import DAY, DAYS, END, EVENTS, HOUR, NEVER, event_days, recontact_target
from cxaudit.sample.catalogue import IRRITANT_PRODUCT, products
from cxaudit.sample.draws import Rng, balanced, pick, pick_rows
from cxaudit.sample.orders import Orders
from cxaudit.sample.rows import Rows
from cxaudit.sample.world import (
    ABIME,
    AGENT_PACE,
    AGENTS,
    CHAT,
    DEFAUT,
    ECHANGE,
    ERREUR,
    FACTURE,
    MAIL,
    MODIFICATION,
    PHONE,
    PROMO,
    QUESTION,
    REASONS,
    REMBOURSEMENT,
    RETARD,
    RETOUR,
    SUIVI,
    World,
)

MINUTE = 60
NORMAL, SPAM, MERGED, AUTO_REPLY, OUTBOUND = range(5)
KINDS = ("normal", "spam", "merged", "auto_reply", "outbound")
MAX_EPISODES = 5


@dataclass(frozen=True)
class FirstContacts:
    """For each order: the reason of its first contact and its time (NEVER where nobody wrote)."""

    reason: np.ndarray
    at: np.ndarray

    def complained_at(self) -> np.ndarray:
        """Time of the complaint, NEVER where the contact was none."""
        complaint = np.array([reason.complaint for reason in REASONS])
        return np.where(complaint[self.reason] & (self.at != NEVER), self.at, NEVER)


def irritant_probability(day: np.ndarray, world: World) -> np.ndarray:
    """Share of the irritant product's orders that come back with its fault, growing over the two years."""
    return world.irritant_first + (world.irritant_last - world.irritant_first) * day / DAYS


def reason_weights(orders: Orders, world: World) -> np.ndarray:
    """Probability of a first contact for each reason (rows: orders; the rest is silence)."""
    catalogue = products()
    late = orders.late
    returned = orders.returned_at != NEVER
    fragile = np.array([p.fragile for p in catalogue])[orders.product]
    sized = np.array([len(p.sizes) > 1 for p in catalogue])[orders.product]
    irritant = np.array([p.name == IRRITANT_PRODUCT for p in catalogue])[orders.product]
    sale = np.zeros(DAYS, dtype=bool)
    for event in EVENTS:
        sale[event_days(event)] |= event.kind in ("peak", "promotion")
    weights = np.zeros((len(orders), len(REASONS)))
    weights[:, RETARD] = np.where(late, world.late_contact, 0.004)
    weights[:, ABIME] = np.where(fragile, 0.032, 0.007)
    weights[:, DEFAUT] = np.where(irritant, irritant_probability(orders.day, world), 0.009)
    weights[:, ERREUR] = 0.011
    weights[:, REMBOURSEMENT] = np.where(returned, 0.26, np.where(orders.cancelled_at != NEVER, 0.3, 0.002))
    weights[:, ECHANGE] = np.where(sized, 0.018, 0.004)
    weights[:, RETOUR] = np.where(returned, 0.2, 0.004)
    weights[:, QUESTION] = 0.016
    weights[:, FACTURE] = 0.015
    weights[:, PROMO] = np.where(sale[orders.day], 0.026, 0.009)
    weights[:, MODIFICATION] = 0.017
    weights[:, SUIVI] = np.where(late, 0.05, world.on_time_worry)
    weights[orders.test | orders.zero] = 0
    return weights


def first_contacts(orders: Orders, world: World, rng: Rng) -> FirstContacts:
    """Draw, for each order, whether somebody writes, why and when."""
    weights = reason_weights(orders, world)
    silence = (1 - weights.sum(axis=1)).clip(min=0)
    reason = pick_rows(np.column_stack([weights, silence]), rng)
    wrote = reason < len(REASONS)
    reason = np.where(wrote, reason, QUESTION)
    at = _contact_time(orders, reason, rng)
    return FirstContacts(reason, np.where(wrote & (at < END), at, NEVER))


def _contact_time(orders: Orders, reason: np.ndarray, rng: Rng) -> np.ndarray:
    size = len(orders)
    wait = rng.gamma(1.4, 1.0, size=size)
    promised = orders.promised_day * DAY
    received = np.where(orders.delivered_at == NEVER, promised + DAY, orders.delivered_at)
    back = np.where(orders.returned_at == NEVER, np.maximum(orders.cancelled_at, received), orders.returned_at)
    overdue = (
        promised + 10 * HOUR + (rng.random(size) ** 1.3 * np.maximum(received - promised, 8 * HOUR)).astype(np.int64)
    )
    start = np.select(
        [
            reason == RETARD,
            np.isin(reason, (ABIME, ERREUR, ECHANGE, RETOUR)),
            reason == DEFAUT,
            reason == REMBOURSEMENT,
            reason == SUIVI,
        ],
        [overdue, received, received + 2 * DAY, back + 5 * DAY, promised - DAY],
        orders.at + HOUR,
    )
    days = np.select([reason == RETARD, reason == DEFAUT], [wait * 0.0, wait * 6.0], wait * 1.6)
    return office_time(np.maximum(start, orders.at + HOUR) + (days * DAY).astype(np.int64), rng)


def office_time(at: np.ndarray, rng: Rng) -> np.ndarray:
    """The same day at an hour when people write; never earlier than asked."""
    return np.maximum(
        at, (at // DAY) * DAY + pick(_WRITING_HOURS, len(at), rng) * HOUR + rng.integers(HOUR, size=len(at))
    )


OPENS, CLOSES = 9, 19


def in_office(at: np.ndarray, rng: Rng) -> np.ndarray:
    """The same time within opening hours, else the next morning."""
    day, hour = at // DAY, at % DAY // HOUR
    morning = (day + (hour >= CLOSES)) * DAY + OPENS * HOUR + rng.integers(2 * HOUR, size=len(at))
    return np.where((hour < OPENS) | (hour >= CLOSES), morning, at)


_WRITING_HOURS = (0, 0, 0, 0, 0, 0, 0, 2, 5, 9, 10, 9, 7, 6, 8, 8, 7, 7, 7, 6, 5, 4, 2, 0)


@dataclass(frozen=True)
class Tickets(Rows):
    """Tickets of a chunk: arrays of one length. `order` is -1 where the ticket has none."""

    order: np.ndarray
    customer: np.ndarray
    at: np.ndarray
    reason: np.ndarray
    channel: np.ndarray
    agent: np.ndarray
    first_reply: np.ndarray
    solved_at: np.ndarray
    canned: np.ndarray
    transfers: np.ndarray
    reopens: np.ndarray
    left_open: np.ndarray  # never solved, however old
    handle_minutes: np.ndarray
    episode: np.ndarray  # 1 for the first of its order, 2 for the second …
    same_episode: np.ndarray  # a second message within half an hour
    kind: np.ndarray

    @property
    def solved(self) -> np.ndarray:
        """True where the ticket is solved by the last day."""
        return (self.solved_at < END) & ~self.left_open & (self.kind != SPAM)

    @property
    def complaint(self) -> np.ndarray:
        """True where the reason is one of a dispute."""
        return np.array([reason.complaint for reason in REASONS])[self.reason]


def stack(parts: list[Tickets]) -> Tickets:
    """Several lots of tickets as one."""
    return Tickets(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Tickets)))


def handled(
    order: np.ndarray, customer: np.ndarray, at: np.ndarray, reason: np.ndarray, episode: int, world: World, rng: Rng
) -> Tickets:
    """Tickets with how the team handled each: channel, agent, delays, canned or tailored reply, transfers."""
    size = len(at)
    channel = pick((0.56, 0.2, 0.12, 0.12), size, rng)
    hour = at % DAY // HOUR
    channel = np.where((channel == PHONE) & ((hour < OPENS) | (hour >= CLOSES)), MAIL, channel)
    agent = rng.integers(len(AGENTS), size=size)
    hours = np.array([r.hours for r in REASONS])[reason] * rng.lognormal(0, 0.8, size=size)
    quick = np.isin(channel, (CHAT, PHONE))
    first_reply = np.where(
        channel == PHONE, 0, np.where(channel == CHAT, rng.integers(1, 9, size=size) * MINUTE, hours * HOUR)
    ).astype(np.int64)
    closed_fast = rng.random(size) < np.where(quick, 0.62, 0.10)
    replied_at = in_office(at + first_reply, rng)
    first_reply = np.where(quick, first_reply, replied_at - at)
    first_reply = np.where(closed_fast & ~quick, rng.integers(6, 35, size=size) * MINUTE, first_reply)
    first_reply = np.where(first_reply >= MINUTE, first_reply // MINUTE * MINUTE, np.where(channel == PHONE, 0, MINUTE))
    slow = np.maximum(rng.gamma(1.3, 22.0, size=size) * HOUR, HOUR + 5 * MINUTE).astype(np.int64)
    slow = in_office(at + first_reply + slow, rng) - at
    solving = np.where(closed_fast, first_reply + rng.integers(3, 22, size=size) * MINUTE, slow)
    pace = np.array(AGENT_PACE)[agent]
    minutes = np.array([r.handle_minutes for r in REASONS])[reason] * pace * rng.lognormal(0, 0.45, size=size)
    hard = minutes > 10
    complaint = np.array([r.complaint for r in REASONS])[reason]
    return Tickets(
        order=order,
        customer=customer,
        at=at,
        reason=reason,
        channel=channel,
        agent=agent,
        first_reply=first_reply,
        solved_at=at + solving,
        canned=rng.random(size) < np.where(complaint, world.canned * 1.15, world.canned * 0.8),
        transfers=np.where(rng.random(size) < np.where(hard, 0.3, 0.08), 1 + pick((0.75, 0.25), size, rng), 0),
        left_open=~closed_fast & (rng.random(size) < world.left_open),
        reopens=np.where(rng.random(size) < 0.035, 1, 0),
        handle_minutes=np.round(minutes, 1),
        episode=np.full(size, episode),
        same_episode=np.zeros(size, dtype=bool),
        kind=np.full(size, NORMAL),
    )


def recontact_odds(tickets: Tickets, world: World) -> np.ndarray:
    """How much more or less than the day's rate a first contact comes back, before rescaling."""
    reason = np.array([r.recontact for r in REASONS])[tickets.reason]
    quick = tickets.solved_at - tickets.at <= HOUR
    slow = tickets.first_reply > 8 * HOUR
    pace = np.array(AGENT_PACE)[tickets.agent] ** -0.35
    return (
        reason
        * pace
        * np.where(tickets.canned, world.canned_recontact, 1.0)
        * np.where(quick, world.quick_recontact, 1.0)
        * np.where(tickets.transfers > 0, world.hop_recontact, 1.0)
        * np.where(slow, world.slow_recontact, 1.0)
    )


def draw_recontacts(tickets: Tickets, orders: Orders, world: World, rng: Rng) -> np.ndarray:
    """Which first contacts come back within 30 days, at the planted rate of their day and carrier."""
    target = recontact_target()[tickets.at // DAY, orders.carrier[tickets.order]]
    odds = recontact_odds(tickets, world)
    _, group = np.unique(np.round(target, 6), return_inverse=True)
    mean_odds = np.bincount(group, weights=odds) / np.bincount(group)
    return balanced((target * odds / mean_odds[group]).clip(max=0.92), group, tickets.at, rng)


def chain(orders: Orders, first: FirstContacts, world: World, rng: Rng) -> list[Tickets]:
    """All order-linked tickets: first contacts, recontacts within 30 days, later ones, chats split in two."""
    wrote = np.flatnonzero(first.at != NEVER)
    wrote = wrote[np.argsort(first.at[wrote], kind="stable")]
    level = handled(wrote, orders.customer[wrote], first.at[wrote], first.reason[wrote], 1, world, rng)
    parts = [level]
    again = draw_recontacts(level, orders, world, rng)
    late = ~again & (rng.random(len(level)) < world.late_recontact_share)
    parts.append(_next(level.take(late), 31.5, 85.0, 2, world, rng))
    for episode in range(2, MAX_EPISODES + 1):
        before = level.take(again)
        level = _next(before, 0.2, 29.0, episode, world, rng)
        parts.append(level)
        again = rng.random(len(level)) < np.where(level.agent != before.agent, 0.40, 0.27)
    return parts


def _next(before: Tickets, low_days: float, high_days: float, episode: int, world: World, rng: Rng) -> Tickets:
    """The contact after `before`, soon after a quick close, on the same subject four times in five."""
    size = len(before)
    quick = before.solved_at - before.at <= HOUR
    spread = (high_days - low_days) * rng.beta(np.where(quick, 0.9, 1.1), np.where(quick, 6.0, 2.8), size=size)
    at = before.at + ((low_days + spread) * DAY).astype(np.int64)
    awake = at // DAY * DAY + pick(_WRITING_HOURS, size, rng) * HOUR + rng.integers(HOUR, size=size)
    at = np.where(at // DAY > before.at // DAY, awake, at)
    same = rng.random(size) < 0.82
    # a question never turns into a complaint: the planted effect of complaints hangs on first contacts
    other = np.where(rng.random(size) < 0.5, np.where(before.complaint, REMBOURSEMENT, RETOUR), SUIVI)
    after = handled(before.order, before.customer, at, np.where(same, before.reason, other), episode, world, rng)
    return replace(after, agent=np.where(rng.random(size) < 0.4, before.agent, after.agent))


def _copies(tickets: Tickets, kind: int, low: int, high: int, rng: Rng) -> Tickets:
    """Copies of `tickets`, between `low` and `high` seconds later, that are no contact of their own."""
    size = len(tickets)
    shift = rng.integers(low, high, size=size)
    return replace(
        tickets, at=tickets.at + shift, solved_at=tickets.solved_at + shift, kind=np.full(size, kind),
        same_episode=np.full(size, kind == NORMAL),
    )  # fmt: skip


def draw_tickets(orders: Orders, first: FirstContacts, customers: int, world: World, rng: Rng) -> Tickets:
    """Every ticket of the chunk, sorted by time: contacts on orders, questions without an order, and the noise."""
    linked = stack(chain(orders, first, world, rng))
    parts = [linked, _without_order(customers, len(linked) // 14, world, rng)]
    chats = linked.take((linked.channel == CHAT) & (rng.random(len(linked)) < 0.2))
    parts.append(_copies(chats, NORMAL, 4 * MINUTE, 25 * MINUTE, rng))
    for kind, share in ((MERGED, 0.02), (AUTO_REPLY, 0.012), (OUTBOUND, 0.02)):
        parts.append(_copies(linked.take(rng.random(len(linked)) < share), kind, 2 * HOUR, 5 * DAY, rng))
    spam = _without_order(customers, len(linked) // 60, world, rng)
    parts.append(replace(spam, kind=np.full(len(spam), SPAM), channel=np.full(len(spam), MAIL)))
    everything = stack(parts)
    everything = everything.take(everything.at < END)
    return everything.take(np.argsort(everything.at, kind="stable"))


def _without_order(customers: int, size: int, world: World, rng: Rng) -> Tickets:
    at = rng.integers(0, DAYS, size=size) * DAY + pick(_WRITING_HOURS, size, rng) * HOUR + rng.integers(HOUR, size=size)
    reason = np.array((QUESTION, PROMO, MODIFICATION))[pick((0.7, 0.25, 0.05), size, rng)]
    nobody = np.full(size, -1)
    return handled(nobody, rng.integers(customers, size=size), at, reason, 1, world, rng)
