"""Whether a sheet is a listening grid with a column a criterion, and which columns those are."""

from __future__ import annotations

import re

import polars as pl

from cxaudit.ingest.grids import DONE, HALF, NOT_ASSESSED, NOT_DONE, top_of
from cxaudit.ingest.mapping import assign_table
from cxaudit.ingest.seen import Seen
from cxaudit.ingest.speaking import writes_to_customers
from cxaudit.ingest.typing import to_score
from cxaudit.ingest.words import meaning, spelled

LEAST_CRITERIA = 3
# Criteria that tell their maximum speak for themselves: two will do.
LEAST_TOLD = 2
HIGHEST_UNTOLD = 20.0
# Names of what is no criterion, whatever its values.
_OTHER = frozenset({"id", "duration", "count", "quantity", "rate", "average", "total", "amount", "priority", "phone"})
_OTHER |= frozenset({"nps", "evaluator", "comment", "birth", "zip"})
_SUMMED = re.compile(
    r"\b(total|totale|globale?|overall|final|finale|moyenne|average|resultat|result|score|note finale)\b"
)
_CALENDAR = re.compile(r"\b(mois|month|semaine|week|annee|year|jour|day|anciennete|niveau|level)\b")
_CHECKED = re.compile(
    r"ecoute|grille|qualit|\bqa\b|\bqm\b|scorecard|monitoring|calibr|evaluation|relecture|audit|double ecoute"
)
_ASKED = re.compile(r"enquete|survey|sondage|questionnaire|satisfaction|csat|nps|formulaire client")


def criteria(seen: Seen) -> tuple[int, ...]:
    """Positions of the columns of criteria of a listening grid; empty where the sheet is none."""
    if _ASKED.search(spelled(seen.title)) or writes_to_customers(seen):
        return ()
    columns = [column for column in range(len(seen.names)) if _is_criterion(seen, column)]
    columns = [column for column in columns if not _is_sum(seen, column, columns)]
    told = [column for column in columns if top_of(seen.labels[column])[1] is not None]
    if len(told) < LEAST_TOLD and len(columns) < LEAST_CRITERIA:
        return ()
    return tuple(columns) if _is_check(seen, columns, told) else ()


def _is_criterion(seen: Seen, column: int) -> bool:
    label, profile = seen.labels[column], seen.profiles[column]
    name, top = top_of(label)
    said = meaning(name).concepts
    if said & _OTHER or _SUMMED.search(spelled(name)) or _CALENDAR.search(spelled(name)) or not profile.seen:
        return False
    if profile.share("moment") > 0.3 or profile.share("clock") > 0.3:
        return False
    if profile.few and profile.few <= _PLAIN_MARKS and profile.few & _PLAIN_DECIDED:
        return True
    low, high = profile.low, profile.high
    if profile.share("number") < 0.6 or low is None or high is None or low < 0:
        return top is not None and bool(profile.few)
    return high <= (top or HIGHEST_UNTOLD) and (top is not None or profile.spread > 1)


def _is_sum(seen: Seen, column: int, columns: list[int]) -> bool:
    """Whether a column adds up, or averages, the others."""
    others = [other for other in columns if other != column]
    if len(others) < LEAST_TOLD:
        return False
    cells = seen.sheet.evidence.head(200)
    scores = pl.DataFrame([to_score(cells[seen.names[other]]).values.alias(str(other)) for other in others])
    own = to_score(cells[seen.names[column]]).values
    near = [(own - made).abs() < 0.06 for made in (scores.sum_horizontal(), scores.mean_horizontal())]
    return any(int(same.sum()) > 0.9 * max(1, int(same.count())) for same in near) and own.n_unique() > 2


def _is_check(seen: Seen, columns: list[int], told: list[int]) -> bool:
    """Whether rows are checks of someone's work: a day, an agent or a case, and a word that says so."""
    found = assign_table(
        "listening", seen.found, taken_fields=("criterion", "score", "max_score"), taken_columns=columns
    )
    whose = bool(found.keys() & {"agent", "call_id", "ticket_id"})
    if "checked_at" not in found or not (whose or len(told) >= LEAST_CRITERIA):
        return False
    words = {word for label in seen.labels for word in meaning(label).concepts}
    names = " ".join(spelled(label) for label in (seen.title, *seen.labels))
    return bool("evaluator" in words or _CHECKED.search(names) or len(told) >= LEAST_CRITERIA)


def _plain(words: frozenset[str]) -> frozenset[str]:
    return frozenset(spelled(word) for word in words) - {""}


_PLAIN_DECIDED = _plain(DONE | NOT_DONE)
_PLAIN_MARKS = _plain(DONE | HALF | NOT_DONE | NOT_ASSESSED) | {"n a", "s o", "nc"}
