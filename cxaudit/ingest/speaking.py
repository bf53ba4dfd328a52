"""What speaks for a table beside the columns that it takes: a file's name, words of other columns, plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cxaudit.ingest.fit import MAILED, reads_as_score, says_pickup
from cxaudit.ingest.mapping import is_question
from cxaudit.ingest.profile import Profile
from cxaudit.ingest.seen import Seen
from cxaudit.ingest.words import meaning, spelled

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


def _asks(label: str, profile: Profile) -> bool:
    """A question put to customers (you, your) and answered by a score."""
    return is_question(label) and bool(_ADDRESSED.search(spelled(label))) and reads_as_score(profile) == 1.0


def _named(title: str) -> list[str]:
    """The tables that a file's name speaks of: in « satisfaction SAV » a survey, the tickets being its occasion."""
    said = meaning(title).concepts
    named = [table for table, words in TITLES.items() if said & words]
    return [table for table in named if table not in OCCASIONS] or named


def spoken_for(seen: Seen) -> dict[str, float]:
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


def tells_calls(seen: Seen) -> bool:
    """Two telephones, or which calls were answered."""
    return _two_phones(seen) or any(map(says_pickup, seen.profiles))


def _two_phones(seen: Seen) -> bool:
    return sum(p.share("phone") > 0.8 for p in seen.profiles) > 1


def named_or_spoken(seen: Seen, table: str) -> bool:
    """Whether the file's name or a column's speaks of a table."""
    words = SPEAKS[table] | {"phone"}
    return table in _named(seen.title) or any(meaning(label).concepts & words for label in seen.labels)
