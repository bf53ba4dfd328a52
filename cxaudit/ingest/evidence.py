"""What a sheet's names and values say together: how sure each column is of each field, and which table they lean to.

Two readers of a name are heard: the lists of names.toml by meaning (`mapping.similarity`) and what was learnt from
thousands of names (`learnt.shares`). Values that cannot be of a field's kind make it 0; under a name that says nothing,
values alone may suggest a field, never above `suggest.suggested`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxaudit.ingest import learnt
from cxaudit.ingest.fit import UNSEEN, is_key, suits
from cxaudit.ingest.mapping import field_rows, fields, is_question, is_unnamed, says_nothing, similarity
from cxaudit.ingest.profile import Profile
from cxaudit.ingest.suggest import asked, suggested
from cxaudit.ingest.words import normal
from cxaudit.schema.tables import TABLES

# Names less alike, or learnt to be less likely, are not looked at.
LEAST_ALIKE = 0.3
LEAST_SHARE = 0.02
# How well any values suit no field: a field's own suit it better.
NO_FIELD_SUITS = 0.5
# What was learnt is never quite as sure as a field's very name.
LEARNT = 0.95
# Where it is learnt that a name is another field's, its likeness counts that much less.
CONTRADICTED = 0.7
# A name of which something was learnt does not leave the word to its values.
SAYS_SOMETHING = 0.2
# No column, however telling, rules a table out by itself.
FLOOR = 0.05
# Questions are put to customers and to the team.
_ASKING = ("surveys", "agent_feedback")


@dataclass(frozen=True)
class Evidence:
    """What a sheet's names and values say.

    Attributes:
        alike: How alike names are by meaning, 0-1: columns × `fields()`.
        found: The confidence of each field, 0-1: columns × `fields()`.
        leaning: How much less than its best each table explains a column, in logarithms, ≤ 0: columns × (tables, none).
    """

    alike: np.ndarray
    found: np.ndarray
    leaning: np.ndarray


def weigh(headers: Sequence[str], profiles: Sequence[Profile]) -> Evidence:
    """The evidence of the headers and, parallel to them, the profiles of their columns."""
    alike, shares = similarity(headers, profiles), learnt.shares(headers)
    unnamed = [row for row, header in enumerate(headers) if is_unnamed(header)]
    for share in shares.values():
        share[unnamed] = 0.0
    suit = _suits(headers, profiles, alike, shares)
    found = _confidences(alike, shares, suit)
    _suggest(found, headers, profiles)
    leaning = _leaning(shares, suit)
    leaning[unnamed] = 0.0
    return Evidence(alike, found, leaning)


def _suits(
    headers: Sequence[str], profiles: Sequence[Profile], alike: np.ndarray, shares: Mapping[str, np.ndarray]
) -> np.ndarray:
    """How well values suit the fields that a name may mean."""
    likely = np.concatenate([shares[table][:, 1:] for table in TABLES], axis=1)
    found = np.zeros_like(alike)
    for row, place in np.argwhere((alike > LEAST_ALIKE) | (likely > LEAST_SHARE)):
        ref = fields()[place]
        own = normal(headers[row]) == normal(ref.column.name) and is_key(ref.column, profiles[row])
        found[row, place] = max(suits(ref.table, ref.column, profiles[row]), UNSEEN if own else 0.0)
    return found


def _confidences(alike: np.ndarray, shares: Mapping[str, np.ndarray], suit: np.ndarray) -> np.ndarray:
    found = np.zeros_like(alike)
    for table in TABLES:
        place = list(field_rows(table))
        near, suited = alike[:, place], suit[:, place]
        likely = shares[table][:, 1:] * suited
        other = shares[table][:, :1] * NO_FIELD_SUITS
        taught = likely / (likely.sum(axis=1, keepdims=True) + other + 1e-3)
        beaten = taught.max(axis=1, keepdims=True, initial=0.0) - taught
        meant = np.where((near > LEAST_ALIKE) & (suited > 0), near, 0.0)
        meant *= np.where(near >= 1.0, 1.0, 1 - CONTRADICTED * beaten)
        found[:, place] = np.maximum(meant, LEARNT * taught) * (0.5 + 0.5 * suited)
    return found


def _suggest(found: np.ndarray, headers: Sequence[str], profiles: Sequence[Profile]) -> None:
    """Add what values alone say, under names that say nothing or ask."""
    told = {table: found[:, list(field_rows(table))].max(axis=1, initial=0.0) for table in TABLES}
    for row, (header, profile) in enumerate(zip(headers, profiles, strict=True)):
        silent, asks, unnamed = (says_nothing(header), is_question(header), is_unnamed(header))
        for index, ref in enumerate(fields()) if silent or asks else ():
            if silent and told[ref.table][row] < SAYS_SOMETHING:
                found[row, index] = max(found[row, index], suggested(ref.table, ref.column, profile, unnamed))
            if asks and ref.table in _ASKING:
                found[row, index] = max(found[row, index], asked(ref.column.name, header, profile))


def _leaning(shares: Mapping[str, np.ndarray], suit: np.ndarray) -> np.ndarray:
    """The share of a table among those in which a name stands, times how well its fields there suit the values."""
    told = np.log(shares[""] + FLOOR)
    for index, table in enumerate(TABLES):
        share = shares[table]
        suited = (share[:, 1:] * suit[:, list(field_rows(table))]).sum(axis=1) + share[:, 0] * NO_FIELD_SUITS
        told[:, index] += np.log(suited + FLOOR)
    told[:, -1] += np.log(NO_FIELD_SUITS + FLOOR)
    return told - told.max(axis=1, keepdims=True, initial=-np.inf)
