"""How well values suit a field, 0 (cannot be) to 1; which field values suggest where a name says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cxaudit.ingest.profile import Profile
from cxaudit.schema.tables import TABLES, Column
from cxaudit.schema.values import OTHER, RULES, classify

# An empty column fits anything that its name says, a little less surely than one whose values agree.
UNSEEN = 0.7
# Even over line items and messages, a sample of a table's own ids holds many different ones.
KEY_DISTINCT = 0.2

_CURRENCIES = frozenset(
    [
        "eur",
        "usd",
        "gbp",
        "chf",
        "cad",
        "euro",
        "euros",
        "dollar",
        "pln",
        "sek",
        "dkk",
        "nok",
        "czk",
        "aud",
        "jpy",
        "ron",
        "huf",
    ]
)
_COUNTRIES = frozenset(
    [
        "fr",
        "de",
        "es",
        "it",
        "nl",
        "be",
        "ch",
        "gb",
        "uk",
        "us",
        "pt",
        "lu",
        "at",
        "ie",
        "ca",
        "pl",
        "se",
        "dk",
        "fi",
        "no",
        "gr",
        "cz",
        "fra",
        "deu",
        "esp",
        "ita",
        "nld",
        "bel",
        "che",
        "gbr",
        "usa",
        "prt",
        "lux",
        "aut",
        "france",
        "allemagne",
        "espagne",
        "italie",
        "belgique",
        "suisse",
        "luxembourg",
        "royaume",
        "uni",
        "pays",
        "bas",
        "portugal",
        "autriche",
        "germany",
        "spain",
        "italy",
        "belgium",
        "switzerland",
        "united",
        "kingdom",
        "netherlands",
        "austria",
        "ireland",
        "deutschland",
        "schweiz",
        "osterreich",
        "italia",
        "espana",
        "frankreich",
        "belgie",
        "nederland",
    ]
)


def fit(column: Column, profile: Profile) -> float:
    """How well values suit a field of this kind."""
    if profile.seen == 0:
        return UNSEEN
    if column.reads:
        return _BY_READING[column.reads](profile)
    if column.name == "agent" and profile.share("email") > 0.5:
        return 1.0
    return _BY_KIND[column.kind](profile)


def _step(share: float, full: float = 0.8, half: float = 0.5) -> float:
    return 1.0 if share >= full else 0.5 if share >= half else 0.0


def _moment(p: Profile) -> float:
    dated = p.share("moment")
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


def _score(p: Profile) -> float:
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
    if p.share("money") > 0.3 and p.whole < 0.9:
        return 0.0
    if p.digits >= 0.6:
        return 1.0 if p.words < 1.5 else 0.5
    return 0.4 if p.share("token") > 0.9 and p.distinct > 0.5 else 0.0


def _category(p: Profile) -> float:
    if p.share("email") > 0.5 or (p.share("moment") > 0.3 and p.share("compact") < 0.5) or p.length > 120:
        return 0.0
    if p.share("money") > 0.5 and p.whole < 0.9:
        return 0.0
    if p.words > 9:
        return 0.2
    return 0.6 if p.share("number") > 0.9 else 1.0


def _text(p: Profile) -> float:
    if p.share("flag") > 0.8:
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
    "text": _text,
}
_BY_READING: Mapping[str, Callable[[Profile], float]] = {"score": _score, "duration": _duration}

# Fields of which the values narrow the kind: a status has few values, a rating is not 0-100.
_NARROW: Mapping[tuple[str, str], Callable[[Profile], bool]] = {
    ("orders", "status"): lambda p: p.spread <= 40,
    ("orders", "currency"): lambda p: p.length <= 8,
    ("orders", "country"): lambda p: p.share("number") < 0.5,
    ("orders", "channel"): lambda p: p.spread <= 60,
    ("tickets", "status"): lambda p: p.spread <= 40,
    ("tickets", "channel"): lambda p: p.spread <= 40,
    ("tickets", "subject"): lambda p: p.length <= 200,
    ("tickets", "reason"): lambda p: p.distinct < 0.9 or p.seen < 12,
    ("tickets", "group"): lambda p: p.distinct < 0.9 or p.seen < 12,
    ("reviews", "rating"): lambda p: (p.high or 0) <= 10 or p.share("number") < 0.5,
    ("reviews", "source"): lambda p: p.spread <= 60,
    ("returns", "reason"): lambda p: p.distinct < 0.95 or p.seen < 12,
    ("surveys", "kind"): lambda p: p.spread <= 25 and p.share("number") < 0.5,
    ("surveys", "journey"): lambda p: p.spread <= 40 and p.share("number") < 0.5,
    ("emails", "journey"): lambda p: p.spread <= 60,
    ("gestures", "kind"): lambda p: p.spread <= 60 and p.share("number") < 0.5,
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


def spoken(table: str, column: str, profile: Profile) -> float:
    """The share of a column's few values that the classes of `table.column` know; 0 where there are no classes."""
    if (table, column) not in RULES or not profile.few or profile.spread > 25 or profile.share("number") > 0.5:
        return 0.0
    classes = classify(table, column, profile.few)
    return sum(name != OTHER for name in classes.values()) / len(classes)


def suggested(table: str, column: Column, profile: Profile, unnamed: bool) -> float:
    """How strongly values alone, under a name that says nothing, suggest a field; 0 where they do not.

    Money and scores are taken for a field only in a column without any name: under a word that is merely unknown, they
    may be rain or weight.
    """
    if profile.seen < 3 or suits(table, column, profile) < 0.8:
        return 0.0
    if not unnamed and column.name in _UNNAMED_ONLY:
        return 0.0
    rule = _SUGGESTED.get(column.name, _main_moment if column.kind == "moment" else None)
    return rule(table, column, profile) if rule else 0.0


def _words_of(table: str, column: Column, p: Profile) -> float:
    return 0.72 if p.spread >= 2 and spoken(table, column.name, p) >= 0.75 else 0.0


def _main_text(table: str, column: Column, p: Profile) -> float:
    return 0.7 if column.name in ("body", "text", "comment") and p.words >= 5 and p.distinct > 0.3 else 0.0


def _row_key(table: str, column: Column, p: Profile) -> float:
    """An id that no two rows share is the row's own, of the table that it is the key of."""
    own = TABLES[table].key == (column.name,)
    plain = p.distinct > 0.99 and p.digits > 0.99 and p.words < 1.2 and 3 <= p.length <= 24 and p.share("moment") < 0.5
    return 0.7 if own and plain and p.seen >= 5 and p.filled > 0.99 and p.share("money") < 0.5 else 0.0


def _main_moment(table: str, column: Column, p: Profile) -> float:
    required = column.required or column.name in ("answered_at", "created_at")
    return 0.7 if required and p.filled > 0.9 and p.share("moment") > 0.9 else 0.0


def _rated(table: str, column: Column, p: Profile) -> float:
    if p.share("number") < 0.9 or p.whole < 0.95 or p.low is None or p.high is None or p.spread < 3:
        return 0.0
    if column.name == "score" and table == "surveys":
        return 0.7 if p.low >= 0 and 6 <= p.high <= 10 and p.spread >= 5 else 0.55
    return 0.66 if p.low >= 1 and p.high <= 5 and column.name == "rating" else 0.0


def asked(field: str, question: str, profile: Profile) -> float:
    """How likely a survey's question is answered by a score, or by a comment."""
    if field == "score" and _score(profile) == 1.0 and profile.spread > 1:
        return 0.9 if classify("surveys", "kind", [question])[question] != OTHER else 0.75
    if field == "comment" and _text(profile) >= 0.7 and profile.distinct > 0.3:
        return 0.8
    return 0.0


_UNNAMED_ONLY = frozenset({"amount", "cost", "score", "order_id", "ticket_id"})
_SUGGESTED: Mapping[str, Callable[[str, Column, Profile], float]] = {
    "customer_email": lambda table, column, p: 0.85 if p.share("email") > 0.8 else 0.0,
    "currency": lambda table, column, p: 0.85 if p.few and p.few <= _CURRENCIES else 0.0,
    "country": lambda table, column, p: 0.75 if p.few and all(set(v.split()) <= _COUNTRIES for v in p.few) else 0.0,
    "amount": lambda table, column, p: 0.68 if p.share("money") > 0.8 and p.whole < 0.9 and (p.low or 0) >= 0 else 0.0,
    "cost": lambda table, column, p: 0.6 if p.share("money") > 0.8 and (p.low or 0) >= 0 else 0.0,
    "status": _words_of,
    "channel": _words_of,
    "reason": _words_of,
    "kind": _words_of,
    "journey": _words_of,
    "rating": _rated,
    "score": _rated,
    "text": _main_text,
    "body": _main_text,
    "comment": _main_text,
    "order_id": _row_key,
    "ticket_id": _row_key,
}
