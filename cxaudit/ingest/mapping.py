"""Which column is which field: names by meaning, then one column for one field.

How alike a header and a field's names are is 0-1: a name that says exactly a field's name is sure (1); what a name adds
or lacks costs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from cxaudit.ingest.profile import Profile
from cxaudit.ingest.words import lexicon, meaning, normal
from cxaudit.schema.tables import TABLES, Column

# Below it a field stays empty and is asked for: a wrong mapping is worse than an empty one.
SURE_ENOUGH = 0.55
# Custom columns of a known export are mapped only where their names say it plainly.
CUSTOM_LEAST = 0.8
UNKNOWN_WORD_COST = 0.85
# « Raison invoquée », « amount concerned »: a participle mostly speaks of the word beside it.
PARTICIPLE_COST = 0.4
_PARTICIPLE = re.compile(r"...(?:ees?|ed)$")
# A name is worth less by each ~ that marks it second or third best.
BEST_TO_LEAST = (1.0, 0.8, 0.6)
# The very words of a list go before other words of the same meaning.
MEANT = 0.99
OTHER_CONCEPT_COST = 0.9
OWN_CONCEPT_COST = 0.1
# A word that most names of a sheet share (commande_id, commande_date) tells nothing apart.
SHARED_WORD_SHARE = 0.6
# A power makes the assignment prefer one sure pair to two doubtful ones.
_SHARPNESS = 4

# What a row of the table is: its name in a header neither helps nor hurts the table's own fields.
OWN: Mapping[str, frozenset[str]] = {
    "orders": frozenset({"order", "paid"}),
    "tickets": frozenset({"ticket", "complaint", "support"}),
    "reviews": frozenset({"review"}),
    "surveys": frozenset({"survey", "nps", "satisfaction", "ces"}),
    "gestures": frozenset({"gesture", "voucher"}),
    "emails": frozenset({"email", "campaign"}),
    "returns": frozenset({"return"}),
    "calls": frozenset({"call"}),
    "listening": frozenset({"check"}),
    "agent_feedback": frozenset({"remark", "agent"}),
    "events": frozenset({"event"}),
}


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A field of a canonical table."""

    table: str
    column: Column


@dataclass(frozen=True)
class _Names:
    """Every name of every field as a row of concept flags, beside the field it belongs to."""

    vocabulary: Mapping[str, int]
    rows: sparse.csr_array
    first: np.ndarray
    exact: Mapping[str, Mapping[int, float]]
    weights: np.ndarray
    worth: np.ndarray


@cache
def fields() -> tuple[FieldRef, ...]:
    """All fields of all tables, table by table."""
    return tuple(FieldRef(table.name, column) for table in TABLES.values() for column in table.columns)


@cache
def field_rows(table: str) -> tuple[int, ...]:
    """The positions of a table's fields in `fields()`."""
    return tuple(index for index, ref in enumerate(fields()) if ref.table == table)


def names_of(ref: FieldRef) -> tuple[str, ...]:
    """The names that clients give a field, its canonical name first."""
    table = TABLES[ref.table]
    name = ref.column.name
    return (name, *table.client_names(name, "fr"), *table.client_names(name, "en"))


@cache
def _names() -> _Names:
    words = lexicon()
    vocabulary: dict[str, int] = {name: i for i, name in enumerate(sorted(set(words.concept.values())))}
    exact: dict[str, dict[int, float]] = {}
    worth: list[float] = []
    flags: list[set[str]] = []
    first: list[int] = []
    for index, ref in enumerate(fields()):
        first.append(len(flags))
        for name in names_of(ref):
            worth.append(BEST_TO_LEAST[name.count("~")])
            held = exact.setdefault(normal(name), {})
            held[index] = max(worth[-1], held.get(index, 0.0))
            said = meaning(name)
            flags.append({*said.concepts, *(f"={word}" for word in said.unknown)})
    for said_words in flags:
        for word in sorted(said_words):
            vocabulary.setdefault(word, len(vocabulary))
    place = [vocabulary[word] for said_words in flags for word in said_words]
    ends = np.cumsum([0, *map(len, flags)])
    rows = sparse.csr_array((np.ones(len(place)), place, ends), shape=(len(flags), len(vocabulary)))
    weights = np.array([words.weights.get(word, 1.0) for word in vocabulary])
    return _Names(vocabulary, rows, np.array(first), exact, weights, np.array(worth))


def shared_words(headers: Sequence[str]) -> frozenset[str]:
    """Concepts and unknown words that most of the headers bear."""
    if len(headers) < 4:
        return frozenset()
    counts: dict[str, int] = {}
    for header in headers:
        said = meaning(header)
        for word in {*said.concepts, *said.unknown}:
            counts[word] = counts.get(word, 0) + 1
    return frozenset(word for word, count in counts.items() if count >= SHARED_WORD_SHARE * len(headers))


def _header_flags(
    headers: Sequence[str], profiles: Sequence[Profile], shared: frozenset[str]
) -> tuple[np.ndarray, np.ndarray]:
    names = _names()
    rows = np.zeros((len(headers), len(names.vocabulary)))
    unknown = np.zeros(len(headers))
    for index, header in enumerate(headers):
        said = meaning(header)
        implied = _implied(profiles[index])
        concepts = (set(said.concepts) | implied) - ({"address"} if "email" in implied else set())
        for word in said.unknown:
            if f"={word}" in names.vocabulary:
                concepts.add(f"={word}")
            elif word not in shared:
                unknown[index] += PARTICIPLE_COST if _PARTICIPLE.search(word) else UNKNOWN_WORD_COST
        rows[index, [names.vocabulary[word] for word in concepts]] = 1.0
    return rows, unknown


def _implied(profile: Profile) -> set[str]:
    """What the values say that a name may leave out: « Commande » over dates is a date."""
    if profile.share("moment") > 0.7:
        return {"when"}
    return {"email"} if profile.share("email") > 0.6 else set()


def _costs(table: str, shared: frozenset[str]) -> np.ndarray:
    words, names = lexicon(), _names()
    free = OWN[table] | shared
    return np.array(
        [OWN_CONCEPT_COST if word in free else words.costs.get(word, OTHER_CONCEPT_COST) for word in names.vocabulary]
    )


def similarity(headers: Sequence[str], profiles: Sequence[Profile]) -> np.ndarray:
    """How alike each header and each field's names are, 0-1: headers × `fields()`."""
    names = _names()
    shared = shared_words(headers)
    rows, unknown = _header_flags(headers, profiles, shared)
    found = np.zeros((len(headers), len(fields())))
    need = names.rows @ names.weights
    both = (names.rows @ (rows * names.weights).T).T
    for table in TABLES:
        place = list(field_rows(table))
        first = names.first[place[0]]
        stop = names.first[place[-1] + 1] if place[-1] + 1 < len(names.first) else len(names.worth)
        costs = _costs(table, shared)
        extra = (rows @ costs)[:, None] - (names.rows[first:stop] @ (rows * costs).T).T + unknown[:, None]
        inside = both[:, first:stop]
        alike = names.worth[first:stop] * inside / np.maximum(need[first:stop] + extra, 1e-9)
        found[:, place] = np.maximum.reduceat(alike, names.first[place] - first, axis=1)
    found *= MEANT
    for row, header in enumerate(headers):
        for field, worth in names.exact.get(normal(header), {}).items():
            found[row, field] = worth
    return np.clip(found, 0.0, 1.0)


def says_nothing(header: str) -> bool:
    """Whether a header bears no word that the lexicon knows: `column 3`, `x_17`, a foreign word."""
    known = _names().vocabulary
    said = meaning(header)
    return not said.concepts and not any(f"={word}" in known for word in said.unknown)


def is_unnamed(header: str) -> bool:
    """Whether a header only numbers its column: `column 3`, `Q4`, `V_2`."""
    return re.fullmatch(r"(?i)(?:q|v|x|qid|column|colonne|col|field|champ|var|unnamed)[ :_-]*\d+.*", header) is not None


def is_question(header: str) -> bool:
    """Whether a header is a survey's question rather than a name."""
    turned = re.search(r"(?i)\w-(?:vous|tu)\b|^(?:how|what|why|would|did|were)\s", header)
    return len(header.split()) >= 7 or header.rstrip().endswith("?") or turned is not None


def assign(found: np.ndarray, least: float = SURE_ENOUGH) -> dict[int, int]:
    """The best one-to-one choice: field position → column position, none below `least`.

    `found` is columns × fields. Earlier columns win ties.
    """
    if not found.size:
        return {}
    # Every column gets some place, most of them worthless ones: only a place that counts may tell equals apart.
    order = 1 - np.arange(len(found))[:, None] * 1e-9
    gain = np.where(found >= least, found, 0.0) ** _SHARPNESS * order
    columns, places = linear_sum_assignment(-gain)
    return {
        int(place): int(column) for column, place in zip(columns, places, strict=True) if found[column, place] >= least
    }


def assign_table(
    table: str,
    found: np.ndarray,
    *,
    taken_fields: Collection[str] = (),
    taken_columns: Collection[int] = (),
    least: float = SURE_ENOUGH,
) -> dict[str, tuple[int, float]]:
    """Field name → (column position, confidence) for one table, leaving out what is already taken."""
    free = [index for index in field_rows(table) if fields()[index].column.name not in taken_fields]
    columns = [row for row in range(len(found)) if row not in taken_columns]
    part = found[np.ix_(columns, free)]
    return {
        fields()[free[place]].column.name: (columns[column], float(part[column, place]))
        for place, column in assign(part, least).items()
    }
