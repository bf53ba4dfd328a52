"""Which field the values of a column suggest, where its name says nothing or is a survey's question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from cxaudit.ingest.fit import is_text, reads_as_score, suits
from cxaudit.ingest.profile import Profile
from cxaudit.ingest.words import lexicon, meaning
from cxaudit.schema.tables import TABLES, Column
from cxaudit.schema.values import OTHER, RULES, classify


@cache
def _known(kind: str) -> frozenset[str]:
    """The values of `words.toml` that name a currency or a country."""
    return lexicon().values[kind]


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
    return 0.58 if required and p.filled > 0.9 and p.share("moment") > 0.9 else 0.0


def _rated(table: str, column: Column, p: Profile) -> float:
    if p.share("number") < 0.9 or p.whole < 0.95 or p.low is None or p.high is None or p.spread < 3:
        return 0.0
    if column.name == "score" and table == "surveys":
        return 0.7 if p.low >= 0 and 6 <= p.high <= 10 and p.spread >= 5 else 0.55
    return 0.66 if p.low >= 1 and p.high <= 5 and column.name == "rating" else 0.0


def asked(field: str, question: str, profile: Profile) -> float:
    """How likely a survey's question is answered by a score, or by a comment."""
    said = meaning(question).concepts
    if field == "score" and reads_as_score(profile) == 1.0 and profile.spread > 1:
        known = "satisfaction" in said or classify("surveys", "kind", [question])[question] != OTHER
        return 0.9 if known else 0.75
    if field == "comment" and is_text(profile) >= 0.7 and profile.distinct > _FREE_TEXT:
        return 0.8 + (0.05 if said & {"why", "reason", "comment"} else 0.0)
    if field == "text":
        return 0.7 if is_text(profile) == 1.0 and profile.words >= 4 and said & _FRONT_LINE else 0.0
    return 0.0


# Answers over which this share differs were written, not chosen.
_FREE_TEXT = 0.3
# A question put to the team rather than to customers.
_FRONT_LINE = frozenset({"customer", "remark", "reported", "noted"})
_UNNAMED_ONLY = frozenset({"amount", "cost", "score", "order_id", "ticket_id"})


_SUGGESTED: Mapping[str, Callable[[str, Column, Profile], float]] = {
    "customer_email": lambda table, column, p: 0.85 if p.share("email") > 0.8 else 0.0,
    "currency": lambda table, column, p: 0.85 if p.few and p.few <= _known("currencies") else 0.0,
    "country": lambda table, column, p: (
        0.75 if p.few and all(set(v.split()) <= _known("countries") for v in p.few) else 0.0
    ),
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
