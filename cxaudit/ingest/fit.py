"""How well values suit a field, 0 (cannot be) to 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cxaudit.ingest.directions import tells_direction
from cxaudit.ingest.profile import Profile
from cxaudit.ingest.words import lexicon
from cxaudit.schema.tables import TABLES, Column

# An empty column fits anything that its name says, a little less surely than one whose values agree.
UNSEEN = 0.7


# Even over line items and messages, a sample of a table's own ids holds many different ones.
KEY_DISTINCT = 0.2


_ANSWERED = frozenset(
    {"answered", "repondu", "decroche", "traite", "abouti", "connected", "pris", "angenommen", "atendida"}
)
_MISSED = frozenset(
    {"missed", "manque", "abandonne", "abandoned", "unanswered", "no answer", "non repondu", "non decroche", "perdu"}
    | {"not answered", "verpasst", "perdida", "raccroche"}
)
# Classes of a recommendation: they name no survey.
_LOYAL = frozenset("promoter promoters promoteur promoteurs detractor detractors detracteur detracteurs".split())
_ARRIVED = re.compile(r"deliver|delivr|bounce|remis|distrib|echec|fail|npai|recu|receiv|rejet|rebond")
# States of a mail: they name no campaign.
MAILED = frozenset(
    """sent delivered opened open clicked click bounce bounced softbounce hardbounce hardbounced softbounced blocked
    unsub unsubscribed spam queued deferred dropped envoye delivre ouvert clique rebond desabonne rejete""".split()
) | {"soft bounced", "hard bounced", "soft bounce", "hard bounce", "first opening", "loaded by proxy"}


def fit(column: Column, profile: Profile) -> float:
    """How well values suit a field of this kind."""
    if profile.seen == 0:
        return UNSEEN
    if column.reads:
        return _BY_READING[column.reads](profile)
    if column.name == "agent" and profile.share("email") > 0.5:
        return 1.0
    if column.name == "agent" and max(profile.share("flag"), profile.share("phone")) > 0.8:
        return 0.0
    if column.kind == "id" and column.name != "order_id" and profile.share("phone") > 0.8:
        return 0.0
    return _BY_KIND[column.kind](profile)


def says_pickup(p: Profile) -> bool:
    """Whether a few words tell which calls were answered and which were not."""
    return len(p.few) <= 8 and bool(p.few & _ANSWERED) and bool(p.few & _MISSED)


def _step(share: float, full: float = 0.8, half: float = 0.5) -> float:
    return 1.0 if share >= full else 0.5 if share >= half else 0.0


def _moment(p: Profile) -> float:
    dated = p.share("moment") + p.share("relative")
    if p.share("compact") > 0.5 and p.share("number") > 0.9:
        return 0.9
    if dated < 0.5 and p.share("epoch") >= 0.8:
        return 0.8
    if dated < 0.5 and p.low is not None and p.high is not None and 36_000 < p.low <= p.high < 55_000:
        return 0.5 if p.share("number") > 0.9 and p.spread > 5 else 0.0
    return _step(dated)


def _email(p: Profile) -> float:
    return _step(p.share("email"), 0.6, 0.25)


def _number(p: Profile) -> float:
    if p.share("moment") > 0.5 and p.share("compact") < 0.5:
        return 0.0
    return _step(p.share("number"))


def _amount(p: Profile) -> float:
    if p.share("clock") > 0.5 or p.share("epoch") > 0.5:
        return 0.0
    return _number(p)


def reads_as_score(p: Profile) -> float:
    if p.share("rated") >= 0.6:
        return 1.0
    if p.high is None or p.share("number") < 0.6 or p.share("clock") > 0.3:
        return 0.6 if p.share("rated") > 0.2 or _is_ladder(p) else 0.0
    if p.low is not None and p.low >= 0 and p.high <= 10:
        return 1.0
    return 0.6 if p.low is not None and p.low >= -100 and p.high <= 100 else 0.0


def _is_ladder(p: Profile) -> bool:
    """Words of a satisfaction scale: Très satisfait, Plutôt satisfait …"""
    return 0 < len(p.few) <= 12 and sum("satis" in value or "star" in value or "etoile" in value for value in p.few) > 1


def _duration(p: Profile) -> float:
    if p.share("clock") >= 0.6 or p.share("span") >= 0.6:
        return 1.0
    return 0.9 if _number(p) == 1.0 and (p.low or 0) >= 0 else 0.0


def _flag(p: Profile) -> float:
    if p.share("flag") >= 0.9 and p.spread <= 4:
        return 1.0
    if p.share("email") > 0.2 or p.length > 25 or p.share("moment") > 0.3:
        return 0.0
    return 0.4 if p.spread <= 4 and p.share("number") < 0.5 else 0.0


def _id(p: Profile) -> float:
    if p.share("email") > 0.3 or p.words > 2.5 or p.length > 60 or p.share("clock") > 0.5:
        return 0.0
    if p.share("moment") > 0.5 and p.share("compact") < 0.5:
        return 0.0
    if (p.share("money") > 0.3 and p.whole < 0.9) or _is_count(p):
        return 0.0
    if p.digits >= 0.6:
        return 1.0 if p.words < 1.5 else 0.5
    return 0.4 if p.share("token") > 0.9 and p.distinct > 0.5 else 0.0


def is_key(column: Column, p: Profile) -> bool:
    """Whether values may be numbers of something under that very name: « A », « alice », 1 to 9 again and again."""
    named = p.words <= 2.5 and p.length <= 60 and max(p.share("email"), p.share("clock")) <= 0.3
    return column.kind == "id" and named and (p.share("moment") <= 0.5 or p.share("compact") > 0.5)


def _is_count(p: Profile) -> bool:
    """One or two figures, again and again: how many, not which one."""
    return p.seen > 20 and p.share("number") > 0.95 and p.length < 2 and p.distinct < 0.5


def _category(p: Profile) -> float:
    if p.share("email") > 0.5 or (p.share("moment") > 0.3 and p.share("compact") < 0.5) or p.length > 120:
        return 0.0
    if p.share("money") > 0.5 and p.whole < 0.9:
        return 0.0
    if p.words > 9:
        return 0.2
    return 0.6 if p.share("number") > 0.9 else 1.0


def is_text(p: Profile) -> float:
    if p.share("flag") > 0.8 or p.names > 0.9:
        return 0.0
    if p.share("email") > 0.5 or p.share("moment") > 0.3 or p.share("number") > 0.6 or p.share("clock") > 0.5:
        return 0.0
    if p.words >= 4 or p.length >= 25:
        return 1.0
    return 0.7 if p.words >= 1.8 else 0.35


_BY_KIND: Mapping[str, Callable[[Profile], float]] = {
    "moment": _moment,
    "email": _email,
    "number": _number,
    "amount": _amount,
    "flag": _flag,
    "id": _id,
    "category": _category,
    "text": is_text,
}


_BY_READING: Mapping[str, Callable[[Profile], float]] = {"score": reads_as_score, "duration": _duration}


def _names_carriers(p: Profile) -> bool:
    """A few firms, again and again: no tracking numbers, no addresses, and not only « Domicile » and « Express »."""
    again = p.distinct < 0.5 or p.seen < 12
    manner = bool(p.few) and all(set(value.split()) <= lexicon().values["delivered"] for value in p.few)
    return p.spread <= 40 and again and not manner and max(p.share("number"), p.share("flag")) < 0.5


def _names_currencies(p: Profile) -> bool:
    return p.length <= 8 and p.share("number") < 0.5


def _says_outbound(p: Profile) -> bool:
    return p.share("flag") >= 0.9 or tells_direction(p, named=True)


# Fields of which the values narrow the kind: a status has few values, a rating is not 0-100.
_NARROW: Mapping[tuple[str, str], Callable[[Profile], bool]] = {
    ("orders", "status"): lambda p: p.spread <= 40,
    ("orders", "currency"): _names_currencies,
    ("gestures", "currency"): _names_currencies,
    ("orders", "product"): lambda p: not _is_count(p),
    ("orders", "category"): lambda p: not _is_count(p),
    ("orders", "country"): lambda p: p.digits < 0.5,
    ("orders", "channel"): lambda p: p.spread <= 60 and p.share("number") < 0.5,
    ("orders", "carrier"): _names_carriers,
    ("tickets", "status"): lambda p: p.spread <= 40,
    ("tickets", "channel"): lambda p: p.spread <= 40,
    ("tickets", "subject"): lambda p: p.length <= 200,
    ("tickets", "reason"): lambda p: p.distinct < 0.9 or p.seen < 12,
    ("tickets", "group"): lambda p: p.distinct < 0.9 or p.seen < 12,
    ("reviews", "rating"): lambda p: (p.high or 0) <= 10 or p.share("number") < 0.5,
    ("reviews", "source"): lambda p: p.spread <= 60 and max(p.share("number"), p.share("flag")) < 0.5,
    ("returns", "reason"): lambda p: p.distinct < 0.95 or p.seen < 12,
    ("surveys", "kind"): lambda p: p.spread <= 25 and p.share("number") < 0.5 and not p.few & _LOYAL,
    ("surveys", "delivered"): lambda p: p.share("flag") > 0.5 or any(map(_ARRIVED.search, p.few)),
    ("surveys", "scale"): lambda p: p.digits > 0 or "good bad" in p.few,
    ("surveys", "journey"): lambda p: p.spread <= 40 and p.share("number") < 0.5,
    ("emails", "campaign"): lambda p: not (p.few and p.few <= MAILED),
    ("emails", "journey"): lambda p: p.spread <= 60,
    ("gestures", "kind"): lambda p: p.spread <= 60 and p.share("number") < 0.5,
    ("tickets", "is_outbound"): _says_outbound,
    ("calls", "is_outbound"): _says_outbound,
    ("calls", "queue"): lambda p: p.distinct < 0.9 or p.seen < 12,
    ("listening", "criterion"): lambda p: p.share("number") < 0.5,
}


def suits(table: str, column: Column, profile: Profile) -> float:
    """How well values suit this very field: its kind, then what is known of it."""
    narrow = _NARROW.get((table, column.name))
    if profile.seen and narrow is not None and not narrow(profile):
        return 0.0
    if TABLES[table].key == (column.name,) and profile.seen > 20 and profile.distinct < KEY_DISTINCT:
        return 0.0
    return fit(column, profile)
