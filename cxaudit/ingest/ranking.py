"""How well each table suits a sheet.

A table is told by the columns that suit it and few others: a date and an e-mail suit every table and say nothing; a
criterion speaks for listening alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np

from cxaudit.ingest.fit import MAILED, reads_as_score, says_pickup
from cxaudit.ingest.mapping import (
    OWN,
    assign_table,
    confidences,
    field_rows,
    is_question,
    is_unnamed,
    says_nothing,
    similarity,
)
from cxaudit.ingest.profile import Profile, profile_frame
from cxaudit.ingest.sources import Sheet
from cxaudit.ingest.words import meaning, normal, spelled
from cxaudit.schema.tables import TABLES

# Words of columns that no field holds and that still speak for one table.
SPEAKS: Mapping[str, frozenset[str]] = {
    "orders": frozenset(
        {"order", "payment", "shippingfee", "shippingmethod", "quantity", "unit", "tax", "subtotal", "ship", "price"}
        | {"incl", "excl", "store"}
    ),
    "tickets": frozenset({"ticket", "support", "priority", "complaint", "merge", "reopen", "transfer", "subject"}),
    "reviews": frozenset({"review", "verified", "publish", "sentiment", "mention", "social"}),
    "surveys": frozenset({"survey", "nps", "ces", "satisfaction", "scale", "invite", "question"}),
    "gestures": frozenset({"gesture", "voucher", "granted", "redeem", "expire"}),
    "emails": frozenset({"campaign", "click", "unsubscribe", "bounce"}),
    "returns": frozenset({"return"}),
    "calls": frozenset({"call", "pickup", "hangup", "queue", "abandon", "telephony"}),
    "listening": frozenset({"criterion", "check", "evaluator", "max"}),
    "agent_feedback": frozenset({"remark", "noted", "reported"}),
    "events": frozenset({"event", "scope"}),
}


# Words of a file's or sheet's name alone.
TITLES: Mapping[str, frozenset[str]] = {
    "orders": frozenset({"order"}),
    "tickets": frozenset({"ticket", "support", "complaint"}),
    "reviews": frozenset({"review", "mention"}),
    "surveys": frozenset({"survey", "nps", "ces", "satisfaction", "question"}),
    "gestures": frozenset({"gesture", "voucher"}),
    "emails": frozenset({"campaign", "send"}),
    "returns": frozenset({"return"}),
    "calls": frozenset({"call", "telephony"}),
    "listening": frozenset({"check", "evaluator", "criterion"}),
    "agent_feedback": frozenset({"remark", "noted", "reported"}),
    "events": frozenset({"event"}),
}
# What the other tables are about.
OCCASIONS = frozenset({"orders", "tickets", "calls"})


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


NEAR_DISCOUNT = 0.8


NAME_BONUS = 1.3


COLUMN_BONUS = 0.35


COLUMN_BONUS_MOST = 1.2


# A column in which all is voice (a tool of several channels, exported for its calls), or states of a mail.
VALUES_BONUS = 2.5
_NETWORKS = frozenset(
    """facebook instagram x twitter tiktok linkedin youtube google tripadvisor trustpilot pinterest threads reddit
    yelp snapchat""".split()
)
_VOICE = frozenset({"voice", "phone", "telephone", "call", "appel", "voix", "tel", "voip", "phone call", "pstn"})


# Calls of which nothing speaks are somebody's hours.
UNSPOKEN_COST = 1.5
# A question to « vous » that is answered by a score.
ASKED_BONUS = 1.5
_ADDRESSED = re.compile(r"\b(vous|votre|vos|tu|ton|you|your)\b")


MISSING_COST = 2.2


NO_ANCHOR_COST = 1.5


# What can often be derived costs less when no column holds it.
# The only date there is may stand for the moment that a table cannot do without.
LONE_MOMENT_COST = 0.4


DERIVABLE = {("orders", "order_id"): 0.7, ("surveys", "kind"): 0.3}


# A table of customers' doings without a way to any customer is seldom one.
NOBODY_COST = 1.6


# Parts of a dotted name (data.attributes.email, hits.0._source.email) that only say how records are packed.
_WRAPPERS = frozenset(
    """data attributes attribute node nodes edges edge fields field properties property payload relationships included
    object embedded source hits records record results result items item rows row list entry entries meta value
    values""".split()
)


# What needs the parts before it to be told whose or which: customer.email, firstReply.createdAt.
_GENERIC = frozenset(
    {"id", "when", "name", "email", "amount", "status", "type", "code", "create", "update", "country", "phone", "total"}
    | {"channel", "title", "start", "end", "first", "last", "address", "city", "zip", "count", "duration", "category"}
    | {"firstname", "lastname", "fullname", "body", "comment", "source", "currency", "related", "language", "url"}
    | {"customer", "agent", "evaluator", "order", "ticket", "product", "store"}
)


# A name may end with the answers that are possible: Type (avoir / remboursement), Clos (O/N).
_CHOICES = re.compile(r"\s*\((?:[^()/]*[^()/\d\s][^()/]*/)+[^()/]*\)\s*$|\s*\((?:ex|e\.g|par ex)[. :][^()]*\)\s*$")


# Zendesk ends the names of custom fields with their type.
_TYPED = re.compile(r"\s*\[(?:list|txt|flg|int|dec|date|msel|multi|regexp|lookup)\]$")


@dataclass(frozen=True)
class Seen:
    """A sheet as the recogniser sees it: names and labels of its columns, and what their values look like."""

    sheet: Sheet
    labels: tuple[str, ...]
    profiles: tuple[Profile, ...]
    found: np.ndarray
    alike: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        return self.sheet.names

    @property
    def title(self) -> str:
        path = PurePath(self.sheet.file)
        return f"{path.stem} {self.sheet.sheet or ''}"


Columns = Mapping[str, tuple[int, float]]


@dataclass(frozen=True)
class Choice:
    """One table as a candidate: its score and the columns that it would take."""

    table: str
    score: float
    columns: Mapping[str, tuple[int, float]]


def look(sheet: Sheet) -> Seen:
    """Profiles and confidences of a sheet's columns."""
    labels = tuple(_label(name, second) for name, second in _labelled(sheet))
    profiles = profile_frame(sheet.evidence, sheet.names)
    alike = similarity(labels, profiles)
    return Seen(sheet, labels, profiles, confidences(labels, profiles, alike), alike)


def _labelled(sheet: Sheet) -> list[tuple[str, str]]:
    second = sheet.second_names or ("",) * len(sheet.names)
    return list(zip(sheet.names, second, strict=True))


def _label(name: str, second: str) -> str:
    """The name, or the second header line where the first is a code (Q1, V3, column 2)."""
    bare = _unwrapped(re.sub(r" \(\d+\)$", "", _TYPED.sub("", name)))
    bare = _CHOICES.sub("", bare) or bare
    return second if second and (is_unnamed(bare) or says_nothing(bare)) else bare


def _unwrapped(name: str) -> str:
    """A dotted name without the parts that say nothing of what the column holds."""
    if "." not in name or " " in name:
        return name
    parts = name.split(".")
    if meaning(parts[-1]).concepts - _GENERIC:
        return parts[-1]  # shipping.delivered_at: the last part says it all
    told = [part for part in parts[:-1] if normal(part) not in _WRAPPERS and len(normal(part)) > 1]
    return ".".join([*told, parts[-1]])


def anchored(choice: Choice, seen: Seen) -> bool:
    """Whether something tells the table apart: one of its anchors, or values that only it has."""
    if choice.table == "calls" and tells_calls(seen):
        return True
    if choice.table == "emails" and any(meaning(label).concepts & _OF_MAILS for label in seen.labels):
        return True  # « Cliqué : oui » is derived later
    return any(name in choice.columns for name in ANCHORS[choice.table])


_OF_MAILS = frozenset({"click", "unsubscribe", "bounce"})


def tells_calls(seen: Seen) -> bool:
    """Two telephones, or which calls were answered."""
    return _two_phones(seen) or any(map(says_pickup, seen.profiles))


def _two_phones(seen: Seen) -> bool:
    return sum(p.share("phone") > 0.8 for p in seen.profiles) > 1


def named_or_spoken(seen: Seen, table: str) -> bool:
    """Whether the file's name or a column's speaks of a table."""
    words = SPEAKS[table] | {"phone"}
    return table in _named(seen.title) or any(meaning(label).concepts & words for label in seen.labels)


def rank(seen: Seen, fill: Callable[[str, Columns], Columns] | None = None) -> list[Choice]:
    """Every table as a candidate, best first.

    The candidates that come near the first are weighed again with what `fill` maps of what they lack.
    """
    best = np.stack([seen.found[:, list(field_rows(table))].max(axis=1) for table in TABLES], axis=1)
    rarity = np.log((len(TABLES) + 1) / (1 + best.sum(axis=1))) / math.log(2)
    said = _spoken_for(seen)
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


def _asks(label: str, profile: Profile) -> bool:
    """A question put to customers (you, your) and answered by a score."""
    return is_question(label) and bool(_ADDRESSED.search(spelled(label))) and reads_as_score(profile) == 1.0


def _named(title: str) -> list[str]:
    """The tables that a file's name speaks of: in « satisfaction SAV » a survey, the tickets being its occasion."""
    said = meaning(title).concepts
    named = [table for table, words in TITLES.items() if said & words]
    return [table for table in named if table not in OCCASIONS] or named


def _spoken_for(seen: Seen) -> dict[str, float]:
    """What the file's name and the columns' words say for each table."""
    named = _named(seen.title)
    said: dict[str, float] = {}
    for table, words in SPEAKS.items():
        columns = sum(bool(meaning(label).concepts & words) for label in seen.labels)
        bonus = NAME_BONUS / len(named) if table in named else 0.0
        said[table] = bonus + min(COLUMN_BONUS * columns, COLUMN_BONUS_MOST)
    said["calls"] += VALUES_BONUS * any(p.few and p.few <= _VOICE for p in seen.profiles)
    said["calls"] += VALUES_BONUS * (_two_phones(seen) + any(map(says_pickup, seen.profiles)))
    if not named_or_spoken(seen, "calls"):
        said["calls"] -= UNSPOKEN_COST
    said["reviews"] += VALUES_BONUS * any(len(p.few) > 1 and p.few <= _NETWORKS for p in seen.profiles)
    said["surveys"] += ASKED_BONUS * any(_asks(label, p) for label, p in zip(seen.labels, seen.profiles, strict=True))
    said["emails"] += VALUES_BONUS * any(len(p.few & MAILED) > 1 and p.few <= MAILED for p in seen.profiles)
    return said
