"""Listening grids, a column a criterion, read as one row a criterion.

The ledger counts the client's rows: a row of a grid is kept, and counted once, if any of its criteria is. A criterion
left empty, or said not to apply, was not assessed: it makes no row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from cxaudit.ingest.entries import Entry
from cxaudit.ingest.read_layout import LINE
from cxaudit.ingest.read_sheet import Sheet

GRID = "grid"
MADE = ("criterion", "score", "max_score")
# Marks of a check that are words: done, half done, not done, not assessed. Beside C (conforme), NC is not done.
DONE = frozenset(
    {"c", "oui", "yes", "o", "y", "ok", "conforme", "acquis", "pass", "passed", "met", "vrai", "true", "x", "✓", "✔"}
)
HALF = frozenset(
    {"partiel", "partiellement", "en partie", "partial", "partially", "partially met", "en cours", "moyen"}
)
NOT_DONE = frozenset(
    {
        "non",
        "no",
        "n",
        "ko",
        "nok",
        "non conforme",
        "non acquis",
        "fail",
        "failed",
        "not met",
        "faux",
        "false",
        "✗",
        "✘",
    }
)
NOT_ASSESSED = frozenset(
    {
        "na",
        "n/a",
        "n.a.",
        "n.a",
        "so",
        "s/o",
        "sans objet",
        "nc",
        "non concerné",
        "not applicable",
        "non applicable",
        "-",
    }
)
_TOP = re.compile(
    r"\s*[-–:]?\s*(?:[(\[]\s*(?:note\s+)?(?:/|sur|out of|max\.?\s*:?)\s*(\d{1,3})\s*(?:pts?|points?)?\s*[)\]]"
    r"|[(\[]\s*(\d{1,3})\s*(?:pts?|points?)\s*(?:max\.?)?\s*[)\]]"
    r"|(?:/|\bsur\b|\bout of\b)\s*(\d{1,3})\s*(?:pts?|points?)?)\s*$",
    re.I,
)


def top_of(name: str) -> tuple[str, float | None]:
    """A criterion's name and its maximum where the header tells one: « Accueil (/5) » is Accueil, out of 5."""
    found = _TOP.search(name)
    if found is None or not name[: found.start()].strip():
        return name, None
    return name[: found.start()].strip(), float(next(filter(None, found.groups())))


def is_grid(entry: Entry) -> bool:
    """Whether a sheet has a column a criterion."""
    return entry.derived.get("score", {}).get("rule") == GRID and "score" not in entry.mapping


def derived_of(columns: Sequence[str]) -> dict[str, dict[str, object]]:
    """The derived fields of a grid, as `Entry.derived` holds them."""
    return {name: {"from": list(columns), "rule": GRID} for name in MADE}


def long_form(sheet: Sheet, entry: Entry) -> tuple[Sheet, Entry]:
    """A grid with one row a criterion assessed, its line repeated, and the entry by which that is read.

    A row without any criterion assessed stays, once, with an empty score.
    """
    columns = [name for name in entry.derived["score"]["from"] if name in sheet.names]
    kept = [name for name in sheet.names if name not in columns]
    made = {name: f"\0{name}" for name in MADE}
    frame = pl.concat([_of_criterion(sheet.frame, kept, name, made) for name in columns])
    assessed = pl.col(made["score"]).is_not_null()
    alone = ~assessed.any().over(LINE) & pl.col(LINE).is_first_distinct()
    frame = frame.filter(assessed | alone).sort(LINE, maintain_order=True)
    names = (*kept, *made.values())
    entry = replace(
        entry,
        mapping={**entry.mapping, **made},
        derived={name: rule for name, rule in entry.derived.items() if name not in MADE},
    )
    second = ("",) * len(names)
    return replace(sheet, names=names, second_names=second, frame=frame.select(*names, LINE), sample=None), entry


def _of_criterion(frame: pl.DataFrame, kept: Sequence[str], name: str, made: dict[str, str]) -> pl.DataFrame:
    label, top = top_of(name)
    cell = pl.col(name).str.strip_chars()
    word = cell.str.to_lowercase()
    score = (
        pl.when((word == "nc") & (word == "c").any())
        .then(pl.lit("0"))
        .when((cell == "") | word.is_in(NOT_ASSESSED))
        .then(None)
        .when(word.is_in(DONE))
        .then(pl.lit("1"))
        .when(word.is_in(HALF))
        .then(pl.lit("0.5"))
        .when(word.is_in(NOT_DONE))
        .then(pl.lit("0"))
        .otherwise(cell)
    )
    marked = pl.when(word.is_in(DONE | HALF | NOT_DONE | {"nc"})).then(pl.lit("1"))
    tops = pl.coalesce(cell.str.extract(r"/\s*(\d{1,3})$"), marked, pl.lit(None if top is None else f"{top:g}"))
    criterion = pl.lit(label)
    return frame.select(
        *kept,
        criterion.alias(made["criterion"]),
        score.alias(made["score"]),
        tops.alias(made["max_score"]),
        LINE,
    )
