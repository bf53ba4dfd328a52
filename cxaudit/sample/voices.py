"""The tone meant by each text, drawn before the words: the record that truth.toml counts."""

from dataclasses import dataclass

import numpy as np

from cxaudit.sample.contacts import Tickets
from cxaudit.sample.draws import Rng, balanced, pick_rows
from cxaudit.sample.world import World

LABELS = (
    "anger", "annoyance", "disappointment", "irony", "worry", "confusion", "relief", "gratitude", "satisfaction",
    "neutral",
)  # fmt: skip

ANGER, ANNOYANCE, DISAPPOINTMENT, IRONY, WORRY, CONFUSION, RELIEF, GRATITUDE, SATISFACTION, NEUTRAL = range(10)

NONE = -1

# first messages of a complaint, of a question; a complaint that comes back (irony is set apart, by its planted share)
_COMPLAINT = (14, 22, 18, 0, 14, 7, 0, 1, 0, 24)

_QUESTION = (1, 5, 2, 0, 9, 13, 0, 4, 9, 57)

_AGAIN = (32, 30, 14, 0, 8, 5, 1, 2, 0, 8)

_PARTNER = {ANGER: DISAPPOINTMENT, ANNOYANCE: CONFUSION, DISAPPOINTMENT: ANNOYANCE, IRONY: ANGER, WORRY: CONFUSION}


@dataclass(frozen=True)
class Voices:
    """The tone meant by each text: a label, and sometimes a second one (NONE)."""

    first: np.ndarray
    second: np.ndarray

    def holds(self, label: int) -> np.ndarray:
        """Which texts are meant to carry the label."""
        return (self.first == label) | (self.second == label)


def _with_partner(first: np.ndarray, share: float, rng: Rng) -> Voices:
    partner = np.array([_PARTNER.get(label, NONE) for label in range(len(LABELS))])
    return Voices(first, np.where(rng.random(len(first)) < share, partner[first], NONE))


def ticket_voices(tickets: Tickets, world: World, rng: Rng) -> Voices:
    """The tone of each ticket: complaints sharper than questions, returns of a complaint sharper still."""
    complaint = tickets.complaint
    weights = np.where(
        complaint[:, None],
        np.where((tickets.episode > 1)[:, None], np.array(_AGAIN, float), np.array(_COMPLAINT, float)),
        np.array(_QUESTION, float),
    )
    first = pick_rows(weights, rng)
    ironic = balanced(np.full(len(tickets), world.irony_complaints), complaint * 1, tickets.at, rng) & complaint
    return _with_partner(np.where(ironic, IRONY, first), 0.2, rng)


def opinion_voices(level: np.ndarray, irony: float, at: np.ndarray, rng: Rng) -> Voices:
    """The tone of opinions by level: 0 bad, 1 mixed, 2 good; irony takes its share of the bad ones."""
    weights = np.array(((25, 18, 38, 0, 4, 5, 0, 0, 0, 10), (0, 18, 30, 0, 2, 5, 3, 0, 20, 22),
                        (0, 0, 0, 0, 0, 0, 5, 18, 65, 12)), dtype=float)[level]  # fmt: skip
    first = pick_rows(weights, rng)
    bad = level == 0
    ironic = balanced(np.full(len(level), irony), bad * 1, at, rng) & bad
    return _with_partner(np.where(ironic, IRONY, first), 0.12, rng)
