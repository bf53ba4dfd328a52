"""How well each table suits a sheet.

What names and values lean to (`evidence`) decides; the columns that a table would take, what it lacks, the file's name
and values that only one table has weigh in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cxaudit.ingest.mapping import assign_table, field_rows
from cxaudit.ingest.seen import Seen
from cxaudit.ingest.speaking import spoken_for, tells_calls
from cxaudit.ingest.words import meaning
from cxaudit.schema.tables import TABLES

# At least one of a table's anchors must be mapped where names do not say plainly that it is a table.
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
# What names and values lean to weighs more than all else; one column's say is bounded.
LEARNT_WEIGHS = 2.0
MOST_AGAINST = 5.0
MISSING_COST = 1.0
# What can often be derived costs less when no column holds it.
DERIVABLE = {("orders", "order_id"): 0.7, ("surveys", "kind"): 0.3}
# A table of customers' doings without a way to any customer is seldom one.
NOBODY_COST = 1.6

Columns = Mapping[str, tuple[int, float]]


@dataclass(frozen=True)
class Choice:
    """One table as a candidate.

    Attributes:
        columns: Those that it would take: field → column and confidence.
        none: How much rather the sheet is no table at all, in logarithms: negative where it is this one.
    """

    table: str
    score: float
    columns: Columns
    none: float = 0.0


def anchored(choice: Choice, seen: Seen) -> bool:
    """Whether something tells the table apart: one of its anchors, or values that only it has."""
    if choice.table == "calls" and tells_calls(seen):
        return True
    if choice.table == "emails" and any(meaning(label).concepts & _OF_MAILS for label in seen.labels):
        return True  # « Cliqué : oui » is derived later
    return any(name in choice.columns for name in ANCHORS[choice.table])


_OF_MAILS = frozenset({"click", "unsubscribe", "bounce"})


def rank(seen: Seen) -> list[Choice]:
    """Every table as a candidate, best first."""
    best = np.stack([seen.found[:, list(field_rows(table))].max(axis=1) for table in TABLES], axis=1)
    rarity = np.log((len(TABLES) + 1) / (1 + best.sum(axis=1))) / math.log(2)
    leaning = np.maximum(seen.evidence.leaning, -MOST_AGAINST).sum(axis=0).tolist()
    said = spoken_for(seen)
    choices = []
    for table, lean in zip(TABLES, leaning[:-1], strict=True):
        columns = assign_table(table, seen.found)
        against = LEARNT_WEIGHS * (max(leaning[:-1]) - lean)
        score = said[table] - against + _suits(table, columns, rarity, tells_calls(seen))
        choices.append(Choice(table, score, columns, leaning[-1] - lean - said[table] / LEARNT_WEIGHS))
    return sorted(choices, key=lambda choice: -choice.score)


def _suits(table: str, columns: Columns, rarity: np.ndarray, anonymous: bool) -> float:
    """What a table would take, those columns most that few tables want, less what it would lack."""
    score = sum(sure * float(rarity[column]) for column, sure in columns.values())
    score -= MISSING_COST * sum(DERIVABLE.get((table, name), 1.0) for name in TABLES[table].missing(columns))
    leads = {*TABLES[table].customer, *TABLES[table].key}
    nobody = bool(leads) and not leads & columns.keys() and not (table == "calls" and anonymous)
    return score - NOBODY_COST * nobody
