"""One lot of customers, simulated from their first order to their last sign of life."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from cxaudit.sample import contacts
from cxaudit.sample.answers import Answers, draw_answers
from cxaudit.sample.calendar import NEVER
from cxaudit.sample.catalogue import Customers, draw_customers
from cxaudit.sample.contacts import Tickets
from cxaudit.sample.draws import stage_rng
from cxaudit.sample.gestures import Gestures, draw_gestures
from cxaudit.sample.mails import Mails, draw_mails
from cxaudit.sample.orders import Orders, deter, draw_orders, trim
from cxaudit.sample.reviews import Reviews, draw_reviews
from cxaudit.sample.surveys import Surveys, csat_surveys, join_surveys, journey_surveys, order_cells
from cxaudit.sample.team import Calls, Listening, Remarks, draw_calls, draw_listening, draw_remarks
from cxaudit.sample.voices import Voices, opinion_voices, ticket_voices
from cxaudit.sample.world import World

MAX_LISTENED, MAX_REMARKS = 12_000, 20_000  # a team rereads and notes no more as the shop grows
TICKETS_PER_ORDER = 0.4


@dataclass(frozen=True)
class Complaints:
    """By order: whether its complaint is the customer's first, whether it took a repurchase away, and its time."""

    first: np.ndarray
    taken: np.ndarray
    at: np.ndarray


@dataclass(frozen=True)
class Chunk:
    """Everything that happened to one lot of customers."""

    customers: Customers
    orders: Orders
    complaints: Complaints
    tickets: Tickets
    cells: np.ndarray
    surveys: Surveys
    reviews: Reviews
    gestures: Gestures
    mails: Mails
    calls: Calls
    listening: Listening
    remarks: Remarks
    answers: Answers
    unlinked: np.ndarray
    ticket_voices: Voices
    review_voices: Voices
    survey_voices: Voices
    commented: np.ndarray  # survey answers that come with words


def simulate(size: int, total: int, seed: int, number: int, first_customer: int, world: World) -> Chunk:
    """Chunk `number`: `size` orders out of `total`, by customers numbered from `first_customer` on."""
    rng = partial(stage_rng, seed, number)
    candidates = draw_orders(size, world, rng(1))
    first = contacts.first_contacts(candidates, world, rng(2))
    deterred = deter(candidates, first.complained_at(), world, rng(3))
    alive = np.flatnonzero(deterred.kept)
    kept = alive[trim(candidates.take(alive), size, rng(4))]
    orders = candidates.take(kept)
    customers = draw_customers(int(candidates.customer.max()) + 1, first_customer + 1, rng(5))
    first = contacts.FirstContacts(first.reason[kept], first.at[kept])
    tickets = contacts.draw_tickets(orders, first, len(customers), world, rng(6))
    cells = order_cells(orders, tickets)
    surveys = join_surveys(
        [
            csat_surveys(orders, cells, world, rng(7)),
            *journey_surveys(orders, tickets, cells, world, rng(8)),
        ]
    )
    reviews = draw_reviews(orders, cells, world, rng(9))
    level = np.where(reviews.stars <= 2, 0, np.where(reviews.stars == 3, 1, 2))
    return Chunk(
        customers=customers,
        orders=orders,
        complaints=Complaints(deterred.first[kept], deterred.taken[kept], first.complained_at()),
        tickets=tickets,
        cells=cells,
        surveys=surveys,
        reviews=reviews,
        gestures=draw_gestures(orders, tickets, surveys, world, rng(10)),
        mails=draw_mails(customers, orders, tickets, world, rng(11)),
        calls=draw_calls(orders, tickets, world, rng(12)),
        listening=draw_listening(tickets, min(0.05, MAX_LISTENED / (total * TICKETS_PER_ORDER)), rng(13)),
        remarks=draw_remarks(tickets, min(0.06, MAX_REMARKS / (total * TICKETS_PER_ORDER)), rng(14)),
        answers=draw_answers(orders, tickets, world, rng(20)),
        unlinked=rng(15).random(len(orders)) < 0.03,
        ticket_voices=ticket_voices(tickets, world, rng(16)),
        review_voices=opinion_voices(level, world.irony_low_reviews, reviews.at, rng(17)),
        commented=(surveys.answered_at != NEVER) & (rng(19).random(len(surveys)) < world.comments),
        survey_voices=opinion_voices(survey_level(surveys), world.irony_low_comments, surveys.sent_at, rng(18)),
    )


def survey_level(surveys: Surveys) -> np.ndarray:
    top = np.array((5, 10, 7))[surveys.kind]
    return np.select([surveys.score <= top * 0.6, surveys.score < top * 0.8], [0, 1], 2)
