"""What was planted, and what came out of it: counted from the generator's own records, written as TOML.

Each count follows the definition of the measure whose key it bears, with the last day of the sample as `as_of` and the
whole of the two years as the period, unless its name says otherwise.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

import numpy as np

from cxaudit.sample.answers import DATE, DELIVERY, REFUND, answer_pairs
from cxaudit.sample.calendar import (
    BASE_RECONTACT,
    DAY,
    DAYS,
    DEGRADED_FROM,
    DEGRADED_RECONTACT,
    END,
    EVENTS,
    HOUR,
    NEVER,
    START,
    day_of,
    event_days,
    normal_days,
)
from cxaudit.sample.catalogue import IRRITANT_PRODUCT, products
from cxaudit.sample.chunk import Chunk
from cxaudit.sample.contacts import NORMAL, Tickets
from cxaudit.sample.mails import DISPUTE
from cxaudit.sample.rows import next_within
from cxaudit.sample.surveys import CSAT, NPS, satisfied_after
from cxaudit.sample.voices import (
    ANGER,
    ANNOYANCE,
    CONFUSION,
    DISAPPOINTMENT,
    GRATITUDE,
    IRONY,
    LABELS,
    RELIEF,
    SATISFACTION,
    WORRY,
)
from cxaudit.sample.world import DEFAUT, REASONS, REMBOURSEMENT, World

PERIODS = {"2025Q3": (date(2025, 7, 1), date(2025, 9, 30)), "2026Q3": (date(2026, 7, 1), date(2026, 9, 30))}
NEGATIVE = (ANGER, ANNOYANCE, DISAPPOINTMENT, IRONY, WORRY, CONFUSION)
POSITIVE = (RELIEF, GRATITUDE, SATISFACTION)


@dataclass
class Counts:
    """Running successes and units by key, over the chunks."""

    tickets: int = 0
    tally: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def share(self, key: str, success: np.ndarray, unit: np.ndarray | None = None) -> None:
        """Add `success` among the rows where `unit` holds (all rows without it)."""
        chosen = success if unit is None else success[unit]
        self.tally[key][0] += int(chosen.sum())
        self.tally[key][1] += len(chosen)

    def add(self, chunk: Chunk) -> None:
        """Count one chunk."""
        self.tickets += len(chunk.tickets)
        for count in (
            count_recontact, count_repurchase, count_silence, count_surveys, count_gestures, count_tone, count_irritant,
            count_deliveries, count_closing, count_clicks, count_answers,
        ):  # fmt: skip
            count(chunk, self)


def mature(at: np.ndarray, days: int) -> np.ndarray:
    """Whether the window of `days` after `at` is over on the last day of the sample."""
    return at // DAY + days <= DAYS - 1


def _episodes(chunk: Chunk) -> Tickets:
    """Episodes on an order, as the exports show them: real tickets that carry an order number."""
    tickets = chunk.tickets
    linked = (tickets.order >= 0) & ~chunk.unlinked[tickets.order]
    return tickets.take((tickets.kind == NORMAL) & ~tickets.same_episode & linked)


def count_recontact(chunk: Chunk, counts: Counts) -> None:
    """Second episodes within 30 days of an order's first, overall, by quarter, day and kind of first reply."""
    episodes = _episodes(chunk)
    first = episodes.take(episodes.episode == 1)
    every = np.ones(len(episodes), dtype=bool)
    back = next_within(episodes.order, episodes.at, every, first.order, first.at, 30) != NEVER
    ripe, day = mature(first.at, 30), first.at // DAY
    counts.share("recontact.orders.30d", back, ripe)
    for name, (start, stop) in PERIODS.items():
        inside = ripe & (day >= day_of(start)) & (day <= day_of(stop))
        counts.share(f"recontact.orders.30d@{name}", back, inside)
        counts.share(f"recontact.orders.30d@{name}.normal_days", back, inside & normal_days()[day])
    for event in EVENTS:
        if event.recontact:
            days, touched = event_days(event), np.isin(chunk.orders.carrier[first.order], event.carriers)
            within = ripe & touched & (day >= days.start) & (day < days.stop)
            counts.share(f"recontact.orders.30d@{event.name}", back, within)
    counts.share("recontact.orders.30d@reason.Remboursement", back, ripe & (first.reason == REMBOURSEMENT))
    counts.share("recontact.orders.30d@reason.others", back, ripe & (first.reason != REMBOURSEMENT))
    counts.share("field.canned.recontact", back, ripe & first.canned)
    counts.share("field.tailored.recontact", back, ripe & ~first.canned)
    counts.share("field.hops.recontact", back, ripe & (first.transfers > 0))
    counts.share("field.no_hop.recontact", back, ripe & (first.transfers == 0))
    real = chunk.tickets.take((chunk.tickets.kind == NORMAL) & ~chunk.tickets.same_episode)
    counts.share("field.canned.share", real.canned)


def count_repurchase(chunk: Chunk, counts: Counts) -> None:
    """Orders within 90 days of a customer's first complaint, and what they would have been without it."""
    orders, complaints = chunk.orders, chunk.complaints
    since_first = np.full(len(chunk.customers), END)
    np.minimum.at(since_first, orders.customer[orders.counted], orders.at[orders.counted])
    rows = np.flatnonzero(complaints.first & (since_first[orders.customer] < complaints.at))
    rows = rows[mature(complaints.at[rows], 90)]
    since = complaints.at[rows]
    again = next_within(orders.customer, orders.at, orders.repurchase, orders.customer[rows], since, 90) != NEVER
    counts.share("repurchase.complainers.90d", again)
    counts.share("repurchase.complainers.90d@without_complaint", again | complaints.taken[rows])
    counts.share("repurchase.complainers.90d@taken_away", complaints.taken[rows])


def count_silence(chunk: Chunk, counts: Counts) -> None:
    """Customers of whom nothing is seen in the 90 days after their first order."""
    orders, tickets = chunk.orders, chunk.tickets
    rows = np.flatnonzero(orders.counted)
    customer, index = np.unique(orders.customer[rows], return_index=True)
    since = orders.at[rows[index]]
    wrote = tickets.kind == NORMAL
    signs = (
        (tickets.customer, tickets.at, wrote),
        (orders.customer, orders.returned_at, orders.returned_at != NEVER),
        (chunk.reviews.customer, chunk.reviews.at, chunk.reviews.invited),
        (chunk.surveys.customer, chunk.surveys.answered_at, chunk.surveys.answered_at != NEVER),
        (chunk.mails.customer, chunk.mails.clicked_at, chunk.mails.clicked_at != NEVER),
        (orders.customer, orders.at, orders.counted),
    )
    seen = np.zeros(len(customer), dtype=bool)
    for owner, when, holds in signs:
        seen |= next_within(owner, when, holds, customer, since, 90) != NEVER
    counts.share("silence.customers.90d", ~seen, mature(since, 90))


def count_surveys(chunk: Chunk, counts: Counts) -> None:
    """CSAT as seen and as felt by all who were asked; its response rate; NPS by journey."""
    rows = chunk.surveys
    answered = rows.answered_at != NEVER
    csat = rows.kind == CSAT
    counts.share("surface.csat", rows.score >= 4, csat & answered)
    counts.share("surface.csat@all_asked", rows.content, csat)
    counts.share("surface.csat@not_answering", rows.content, csat & ~answered)
    counts.share("surface.csat.response", answered, csat & rows.delivered & mature(rows.sent_at, 14))
    prompt = answered & (rows.answered_at // DAY <= rows.sent_at // DAY + 14)
    counts.share("silence.survey_response.14d", prompt, rows.delivered & mature(rows.sent_at, 14))
    for number, journey in enumerate(("purchase", "support", "return")):
        chosen = (rows.kind == NPS) & answered & (rows.journey == number)
        counts.share(f"cross.nps.{journey}@promoters", rows.score >= 9, chosen)
        counts.share(f"cross.nps.{journey}@detractors", rows.score <= 6, chosen)


def count_gestures(chunk: Chunk, counts: Counts) -> None:
    """Gestures after which nothing happens in 90 days."""
    rows, orders, tickets = chunk.gestures, chunk.orders, chunk.tickets
    who, since = rows.customer, rows.at
    bought = next_within(orders.customer, orders.at, orders.repurchase, who, since) != NEVER
    wrote = next_within(tickets.customer, tickets.at, tickets.kind == NORMAL, who, since) != NEVER
    replied = (rows.replied_at != NEVER) & (rows.replied_at // DAY <= since // DAY + 90)
    used = rows.redeemed_at != NEVER
    effect = bought | wrote | replied | used | satisfied_after(chunk.surveys, who, since)
    counts.share("gesture.no_effect.90d", ~effect, mature(since, 90))
    counts.share("gesture.repurchase.90d", bought, mature(since, 90))


def count_tone(chunk: Chunk, counts: Counts) -> None:
    """Labels meant, by source and for all verbatims together."""
    sources = {
        "tickets": (chunk.ticket_voices, chunk.tickets.kind == NORMAL),
        "reviews": (chunk.review_voices, np.ones(len(chunk.reviews), dtype=bool)),
        "comments": (chunk.survey_voices, chunk.commented),
    }
    for source, (voices, written) in sources.items():
        held = {name: voices.holds(number) for number, name in enumerate(LABELS)}
        held["negative"] = np.logical_or.reduce([voices.holds(label) for label in NEGATIVE])
        held["positive"] = np.logical_or.reduce([voices.holds(label) for label in POSITIVE])
        for name, holds in held.items():
            counts.share(f"tone.{name}.share", holds, written)
            counts.share(f"tone.{name}.share@{source}", holds, written)


def count_irritant(chunk: Chunk, counts: Counts) -> None:
    """The zip of one product: its share of tickets in the first and the last third of the two years."""
    tickets = _episodes(chunk)
    product = [p.name for p in products()].index(IRRITANT_PRODUCT)
    irritant = (tickets.reason == DEFAUT) & (chunk.orders.product[tickets.order] == product)
    counts.share("irritant@first_third", irritant, tickets.at < END // 3)
    counts.share("irritant@last_third", irritant, tickets.at >= END * 2 // 3)


def count_deliveries(chunk: Chunk, counts: Counts) -> None:
    """Late parcels, and tickets on the promised day or within the 14 days after it."""
    orders = chunk.orders
    rows = np.flatnonzero((orders.delivered_at != NEVER) & orders.counted & (orders.promised_day < DAYS))
    episodes = _episodes(chunk)
    promised = orders.promised_day[rows] * DAY
    every = np.ones(len(episodes), dtype=bool)
    wrote = next_within(episodes.order, episodes.at, every, rows, promised, 14) != NEVER
    late, ripe = orders.late[rows], mature(promised, 14)
    counts.share("field.late.share", late)
    counts.share("field.late.contact", wrote, late & ripe)
    counts.share("field.on_time.contact", wrote, ~late & ripe)


def count_closing(chunk: Chunk, counts: Counts) -> None:
    """Tickets closed within the hour, and the others: another on the same reason within 7 days of the close."""
    tickets = chunk.tickets
    real = tickets.take(tickets.kind == NORMAL)
    owner = real.customer * len(REASONS) + real.reason
    solved = real.solved & mature(real.solved_at, 7)
    back = next_within(owner, real.at, ~real.same_episode, owner, real.solved_at, 7) != NEVER
    quick = real.solved_at - real.at <= HOUR
    counts.share("field.quick_close.recontact", back, solved & quick)
    counts.share("field.slow_close.recontact", back, solved & ~quick)


def count_answers(chunk: Chunk, counts: Counts) -> None:
    """Orders answered by two agents, contradictions among them, and promises of a delivery or a refund kept.

    A new date given once the first has come puts the delivery off, and contradicts nothing.
    """
    tickets, answers, orders = chunk.tickets, chunk.answers, chunk.orders
    rows = np.flatnonzero(answers.replied & (tickets.order >= 0) & ~chunk.unlinked[tickets.order])
    pairs = np.unique(np.column_stack([tickets.order[rows], tickets.agent[rows]]), axis=0)
    answered, agents = np.unique(pairs[:, 0], return_counts=True)
    counts.share("field.multi_agent.share", agents > 1)
    first, second = answer_pairs(tickets, answers.replied)
    clash = (answers.stance[first] != answers.stance[second]) | (
        answers.stance_value[first] != answers.stance_value[second]
    )
    replied_on = (tickets.at[second] + tickets.first_reply[second]) // DAY
    put_off = (answers.stance[first] == DATE) & (replied_on >= answers.stance_value[first])
    clash &= ~put_off
    contradicted = np.isin(answered, tickets.order[first[clash]])
    counts.share("field.incoherent.share", contradicted, agents > 1)
    order = np.maximum(tickets.order, 0)
    for name, promise, done in (("delivery", DELIVERY, orders.delivered_at), ("refund", REFUND, orders.refunded_at)):
        kept = done[order] // DAY <= answers.promise_day
        counts.share(f"field.promises.kept@tailored.{name}", kept, answers.promise == promise)


def count_clicks(chunk: Chunk, counts: Counts) -> None:
    """Clicks on delivered mails, within 90 days after a complaint and otherwise (raw)."""
    mails, tickets = chunk.mails, chunk.tickets
    disputes = (tickets.kind == NORMAL) & tickets.complaint
    after = next_within(tickets.customer, tickets.at + 90 * DAY, disputes, mails.customer, mails.at - 1, 90) != NEVER
    after |= mails.campaign == DISPUTE
    clicked = mails.clicked_at != NEVER
    counts.share("cross.clicks.dispute", clicked, mails.delivered & after)
    counts.share("mails.clicks.others", clicked, mails.delivered & ~after)


def planted_values(world: World) -> dict[str, float]:
    """The structural value behind a key, where there is one."""
    before, after = BASE_RECONTACT, DEGRADED_RECONTACT
    by_event = {
        f"recontact.orders.30d@{event.name}": (after if event.ends_on >= DEGRADED_FROM else before) + event.recontact
        for event in EVENTS
        if event.recontact
    }
    return by_event | {
        "recontact.orders.30d@2025Q3.normal_days": before,
        "recontact.orders.30d@2026Q3.normal_days": after,
        "repurchase.complainers.90d@taken_away": -world.complaint_effect,
        "gesture.no_effect.90d": world.gesture_no_effect,
    }


_HEAD = """\
# What is planted in this sample, and what came out of it. Written by the generator, from its own records.
#
# [world]      the structural parameters
# [events]     what moves orders, deliveries and recontacts, and by how much
# [realised]   successes, units and value of each key; `planted` where one parameter fixes it
#
# A key is the measure's own (see docs/method.md); after "@" stands the part of it that is counted: a quarter, a
# quarter's normal days (no event, no aftermath), an event's days (of its carrier's orders, where it has
# one), a reason, a source of texts.
# Tone counts the labels that each text was written to carry, not what a reader or a lexicon finds in it.
# "repurchase.complainers.90d@without_complaint" is the same customers had they not complained; no audit can see it.
"""


def truth_toml(world: World, counts: Counts, rows: dict[str, int], orders: int, seed: int) -> str:
    """The text of truth.toml."""
    last_day = START.date() + timedelta(days=DAYS - 1)
    lines = [_HEAD, f"orders = {orders}", f"seed = {seed}", f"starts_on = {START.date()}", f"as_of = {last_day}", ""]
    lines += ["[rows]", *(f'"{name}" = {count}' for name, count in rows.items()), ""]
    lines += ["[world]", *(f"{name} = {_toml(value)}" for name, value in asdict(world).items())]
    lines += [f"recontact_before = {BASE_RECONTACT}", f"recontact_after = {DEGRADED_RECONTACT}"]
    lines += [f"recontact_degrades_on = {DEGRADED_FROM}", ""]
    for event in EVENTS:
        lines += [f'[events."{event.name}"]', f"starts_on = {event.starts_on}", f"ends_on = {event.ends_on}"]
        lines += [f"orders = {event.orders}", f"recontact = {event.recontact}", f"aftermath = {event.aftermath}"]
        lines += [f'carrier = "{event.carrier}"', ""] if event.carrier else [""]
    planted = planted_values(world)
    for key, (success, units) in counts.tally.items():
        lines += [f'[realised."{key}"]', f"numerator = {success}", f"denominator = {units}"]
        lines += [f"value = {success / units!r}"] if units else []
        lines += [f"planted = {planted[key]!r}"] if key in planted else []
        lines.append("")
    return "\n".join(lines)


def _toml(value: object) -> str:
    return f"[{', '.join(map(repr, value))}]" if isinstance(value, tuple) else repr(value)
