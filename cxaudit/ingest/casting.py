"""The outcome of casting one column of text as a whole, and what counts as an empty cell."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cxaudit.schema.results import Phrase

# What tools write where there is nothing; a cell that holds only this is empty, not a fault.
EMPTY_WORDS = (
    *(
        "",
        "-",
        "--",
        "---",
        "–",
        "—",
        "?",
        ".",
        "/",
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "#n/a",
        "#ref!",
        "#value!",
        "#valeur!",
    ),
    *(
        "#div/0!",
        "#name?",
        "#nom?",
        "#num!",
        "#nombre!",
        "null",
        "(null)",
        "<null>",
        "none",
        "nan",
        "nat",
        "nil",
        "\\n",
    ),
    *("undefined", "(vide)", "vide", "(blank)", "blank", "(empty)", "empty", "(none)", "(aucun)", "nc", "n.c.", "n/c"),
    *("nd", "n.d.", "n/d", "ns", "nr", "non renseigné", "non renseignée", "non communiqué", "not set", "not available"),
)
LONG = 50_000
SPACES = " \t\r\n\u00a0\u202f\u2009\u2007\u200b\ufeff"


@dataclass(frozen=True)
class Cast:
    """One column cast.

    Attributes:
        values: Typed; null where the cell is empty or failed.
        failed: Boolean mask of the cells that hold text which could not be read.
        decision: What was decided for the whole column, e.g. `%d/%m/%Y %H:%M` or `decimal comma`.
        question: The ambiguity that the data do not settle, if any.
        choices: The answers to `question`, the one assumed first.
    """

    values: pl.Series
    failed: pl.Series
    decision: str
    question: Phrase | None = None
    choices: tuple[str, ...] = ()


def evaluated(column: pl.Series, **expressions: pl.Expr) -> pl.DataFrame:
    """Expressions over one column, named `cell` in them; long columns go through both cores."""
    frame = pl.LazyFrame({"cell": column}).select(**expressions)
    return frame.collect(engine="streaming" if len(column) > LONG else "in-memory")


def judged(
    column: pl.Series,
    values: pl.Series,
    decision: str,
    question: Phrase | None = None,
    choices: tuple[str, ...] = (),
    also_empty: str | None = None,
) -> Cast:
    """A cast with its mask of failures: text that gave no value and is neither blank nor a word for "nothing".

    `also_empty` is a regular expression of further texts that mean "nothing" in this kind of column.
    """
    failed = pl.repeat(False, len(column), dtype=pl.Boolean, eager=True).alias(column.name)
    rest = (values.is_null() & column.is_not_null()).arg_true()
    if len(rest):
        text = column.gather(rest).str.strip_chars(SPACES).str.to_lowercase()
        empty = text.is_in(EMPTY_WORDS)
        if also_empty is not None:
            empty = empty | text.str.contains(also_empty)
        failed = failed.scatter(rest.filter(~empty), True)
    return Cast(values.alias(column.name), failed, decision, question, choices)
