"""How well each table suits a sheet.

A table is told by the columns that suit it and few others: a date and an e-mail suit every table and say nothing; a
criterion speaks for listening alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from cxaudit.ingest.mapping import OWN, assign_table, field_rows
from cxaudit.ingest.seen import Seen
from cxaudit.ingest.speaking import spoken_for, tells_calls
from cxaudit.ingest.words import meaning
from cxaudit.schema.tables import TABLES

# At least one of a table's anchors must be mapped: without it the table would be guessed from a date alone.
ANCHORS: Mapping[str, tuple[str, ...]] = {
    "orders": ("order_id", "amount", "product"),
    "tickets": ("ticket_id", "subject", "body", "reason", "status", "first_reply_at", "solved_at", "csat"),
    "reviews": ("rating", "text"),
    "surveys": ("score", "sent_at", "kind"),
    "gestures": ("cost", "kind", "code", "gesture_id"),
    "emails": ("campaign", "opened_at", "clicked_at", "unsubscribed_at", "delivered"),
    "returns": ("order_id",),
    "calls": ("call_id", "answered_at", "ended_at", "queue"),
    "listening": ("criterion",),
    "agent_feedback": ("text",),
    "events": ("starts_on",),
}


# A column that bears the table's own key in its name (call_id) and tells its rows apart.
# An order's or a ticket's number stands in other tables too, where it may be unique as well.
KEY_BONUS: Mapping[str, float] = {"orders": 0.6, "tickets": 0.6}


KEY_BONUS_ELSE = 1.2


# What these hold is a text under any name: it is looked for before the table is chosen.
TOLD_BY_TEXT = frozenset({"reviews", "surveys"})
# Candidates so far below the first are not looked at again.
WORTH_FILLING = 3.0


# What only came near a field counts that much less.
NEAR_DISCOUNT = 0.8


MISSING_COST = 2.2


NO_ANCHOR_COST = 1.5


# The only date there is may stand for the moment that a table cannot do without.
LONE_MOMENT_COST = 0.4


# What can often be derived costs less when no column holds it.
DERIVABLE = {("orders", "order_id"): 0.7, ("surveys", "kind"): 0.3}


# A table of customers' doings without a way to any customer is seldom one.
NOBODY_COST = 1.6

Columns = Mapping[str, tuple[int, float]]


@dataclass(frozen=True)
class Choice:
    """One table as a candidate: its score and the columns that it would take."""

    table: str
    score: float
    columns: Mapping[str, tuple[int, float]]


def anchored(choice: Choice, seen: Seen) -> bool:
    """Whether something tells the table apart: one of its anchors, or values that only it has."""
    if choice.table == "calls" and tells_calls(seen):
        return True
    if choice.table == "emails" and any(meaning(label).concepts & _OF_MAILS for label in seen.labels):
        return True  # « Cliqué : oui » is derived later
    return any(name in choice.columns for name in ANCHORS[choice.table])


_OF_MAILS = frozenset({"click", "unsubscribe", "bounce"})


def rank(seen: Seen, fill: Callable[[str, Columns], Columns] | None = None) -> list[Choice]:
    """Every table as a candidate, best first.

    The candidates that come near the first are weighed again with what `fill` maps of what they lack.
    """
    best = np.stack([seen.found[:, list(field_rows(table))].max(axis=1) for table in TABLES], axis=1)
    rarity = np.log((len(TABLES) + 1) / (1 + best.sum(axis=1))) / math.log(2)
    said = spoken_for(seen)
    choices = [_choice(seen, table, assign_table(table, seen.found), rarity, said) for table in TABLES]
    if fill is not None:
        near = max(choice.score for choice in choices) - WORTH_FILLING
        choices = [
            _weighed_again(seen, one, fill(one.table, one.columns), rarity, said)
            if one.score > near and (one.table in TOLD_BY_TEXT or _noted(one))
            else one
            for one in choices
        ]
    return sorted(choices, key=lambda choice: -choice.score)


def _noted(one: Choice) -> bool:
    """Whether someone of the team noted what a candidate for remarks holds."""
    return one.table == "agent_feedback" and "agent" in one.columns


def _weighed_again(seen: Seen, one: Choice, filled: Columns, rarity: np.ndarray, said: Mapping[str, float]) -> Choice:
    """A candidate by all that it would map; what only came near counts less."""
    again = _choice(seen, one.table, filled, rarity, said)
    near = sum(sure * float(rarity[column]) for name, (column, sure) in filled.items() if name not in one.columns)
    return replace(again, score=again.score - NEAR_DISCOUNT * near)


def _choice(seen: Seen, table: str, columns: Columns, rarity: np.ndarray, said: Mapping[str, float]) -> Choice:
    score = sum(sure * float(rarity[column]) for column, sure in columns.values()) + said[table]
    for name in TABLES[table].missing(columns):
        lone = 1.0 if _lone_moment(seen, table, name, columns) is None else LONE_MOMENT_COST
        score -= MISSING_COST * DERIVABLE.get((table, name), lone)
    score += KEY_BONUS.get(table, KEY_BONUS_ELSE) * _keyed(seen, table, columns)
    if table == "calls" and tells_calls(seen):
        return Choice(table, score, columns)  # anonymous calls are calls
    if not any(name in columns for name in ANCHORS[table]):
        score -= NO_ANCHOR_COST
    leads = {*TABLES[table].customer, *TABLES[table].key}
    if leads and not leads & columns.keys():
        score -= NOBODY_COST
    return Choice(table, score, columns)


def _lone_moment(seen: Seen, table: str, name: str, columns: Mapping[str, tuple[int, float]]) -> int | None:
    """The only column of moments, where a table lacks just its own moment."""
    if table != "surveys" or TABLES[table].column(name).kind != "moment":
        return None
    taken = {column for column, _ in columns.values()}
    moments = [c for c, p in enumerate(seen.profiles) if p.share("moment") > 0.8 and p.filled > 0.9]
    return moments[0] if len(moments) == 1 and moments[0] not in taken else None


def _keyed(seen: Seen, table: str, columns: Mapping[str, tuple[int, float]]) -> bool:
    key = [columns[name] for name in TABLES[table].key if name in columns]
    named = [column for column, sure in key if sure > 0.9 and meaning(seen.labels[column]).concepts & OWN[table]]
    return any(seen.profiles[column].distinct > 0.9 for column in named)
