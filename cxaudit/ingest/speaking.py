"""What speaks for a table beside its columns: a file's name, and values that only one table has."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cxaudit.ingest.fit import MAILED, says_pickup
from cxaudit.ingest.mapping import fields
from cxaudit.ingest.seen import Seen
from cxaudit.ingest.words import meaning

# Words without which calls are somebody's hours.
_OF_CALLS = frozenset({"call", "pickup", "hangup", "queue", "abandon", "telephony", "phone"})
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


# A file's name says as much as the most telling column, and settles what three plain names leave open.
NAME_BONUS = 8.0
# A column in which all is voice (a tool of several channels, exported for its calls), or states of a mail.
VALUES_BONUS = 2.5
_NETWORKS = frozenset(
    """facebook instagram x twitter tiktok linkedin youtube google tripadvisor trustpilot pinterest threads reddit
    yelp snapchat""".split()
)
_VOICE = frozenset({"voice", "phone", "telephone", "call", "appel", "voix", "tel", "voip", "phone call", "pstn"})


UNSPOKEN_COST = 1.5
# Who listens to calls has no customer's address.
STRANGER_COST = 12.0
PLAINLY_CUSTOMERS = 0.8


def _named(title: str) -> list[str]:
    """The tables that a file's name speaks of: in « satisfaction SAV » a survey, the tickets being its occasion."""
    said = meaning(title).concepts
    named = [table for table, words in TITLES.items() if said & words]
    return [table for table in named if table not in OCCASIONS] or named


def spoken_for(seen: Seen) -> dict[str, float]:
    """What the file's name and telling values say for each table."""
    named = _named(seen.title)
    said = {table: NAME_BONUS / len(named) if table in named else 0.0 for table in TITLES}
    said["calls"] += VALUES_BONUS * any(p.few and p.few <= _VOICE for p in seen.profiles)
    said["calls"] += VALUES_BONUS * (_two_phones(seen) + any(map(says_pickup, seen.profiles)))
    said["calls"] -= UNSPOKEN_COST * (not _speaks_of_calls(seen))
    said["listening"] -= STRANGER_COST * writes_to_customers(seen)
    said["reviews"] += VALUES_BONUS * any(len(p.few) > 1 and p.few <= _NETWORKS for p in seen.profiles)
    said["emails"] += VALUES_BONUS * any(len(p.few & MAILED) > 1 and p.few <= MAILED for p in seen.profiles)
    return said


def writes_to_customers(seen: Seen) -> bool:
    """Whether a column holds addresses that are plainly customers'."""
    place = next(i for i, ref in enumerate(fields()) if (ref.table, ref.column.name) == ("orders", "customer_email"))
    return bool(np.any(seen.found[:, place] >= PLAINLY_CUSTOMERS))


def tells_calls(seen: Seen) -> bool:
    """Two telephones, or which calls were answered."""
    return _two_phones(seen) or any(map(says_pickup, seen.profiles))


def _two_phones(seen: Seen) -> bool:
    return sum(p.share("phone") > 0.8 for p in seen.profiles) > 1


def _speaks_of_calls(seen: Seen) -> bool:
    """Whether the file's name or a column's speaks of calls."""
    return "calls" in _named(seen.title) or any(meaning(label).concepts & _OF_CALLS for label in seen.labels)
