"""Who began a contact, told by a column's few words: « entrant, sortant », inbound and outbound, `E` and `S`."""

from __future__ import annotations

import re

from cxaudit.ingest.profile import Profile

# In the client's own writing; `tells_direction` reads the same words without case or accents.
OUTBOUND = (
    r"(?i)outbound|outgoing|sortant|ausgehend|saliente|uscita|uitgaand|\b[ée]mise?s?\b|appels? pass[ée]"
    r"|^\s*(?:out|sortie|[so])\s*$"
)
_OUT = re.compile(OUTBOUND)
_PLAINLY_OUT = re.compile(r"outbound|outgoing|sortant|ausgehend|saliente|uitgaand|\bappels? (?:emis|passe)|^out$")
_PLAINLY_IN = re.compile(r"inbound|incoming|entrant|eingehend|inkomend|\brecue?s?\b|^in$")
# Pairs that say so only under a name for a direction.
_SHORT = (frozenset({"in", "out"}), frozenset({"i", "o"}), frozenset({"e", "s"}), frozenset({"entree", "sortie"}))
_MOST = 8


def tells_direction(profile: Profile, named: bool) -> bool:
    """Whether some values are outbound, beside others that are inbound or, where the column is so `named`, alone."""
    few = profile.few
    if not 0 < len(few) <= _MOST or max(map(len, few)) > 40:
        return False
    if named and few in _SHORT:
        return True
    out = any(map((_OUT if named else _PLAINLY_OUT).search, few - {"o", "s"}))
    return out and (named or any(map(_PLAINLY_IN.search, few)))
