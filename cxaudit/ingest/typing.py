"""One column of text cast as a whole: the values, what failed, and how it was decided.

Decisions are taken over all values of a column, casts are Polars expressions; no value is looked at alone.
"""

from __future__ import annotations

import polars as pl

from cxaudit.ingest.casting import EMPTY_WORDS, SPACES, Cast, judged
from cxaudit.ingest.dates import to_moment
from cxaudit.ingest.durations import to_duration, unit_of
from cxaudit.ingest.numbers import to_number
from cxaudit.ingest.scores import to_score

__all__ = ["Cast", "to_duration", "to_flag", "to_id", "to_moment", "to_number", "to_score", "unit_of"]

YES = (
    *("oui", "yes", "1", "1.0", "vrai", "true", "o", "y", "t", "v", "x", "✓", "✔", "✅", "☑", "●", "ok", "on"),
    *("si", "ja", "sí", "actif", "active", "enabled", "checked", "coché", "delivered", "subscribed"),
)
NO = (
    *("non", "no", "0", "0.0", "faux", "false", "n", "f", "✗", "✘", "❌", "☐", "○", "ko", "off"),
    *("nein", "inactif", "inactive", "disabled", "unchecked", "décoché", "undelivered", "unsubscribed"),
)
MARKS = ("x", "✓", "✔", "✅", "☑", "●")
# Words for "nothing" in which an identifier could be meant (NA, ND, NC …) are left alone.
NO_ID = (
    "-",
    "--",
    "–",
    "—",
    "n/a",
    "#n/a",
    "null",
    "(null)",
    "<null>",
    "none",
    "nan",
    "undefined",
    "(vide)",
    "(blank)",
)


def to_flag(column: pl.Series) -> Cast:
    """Yes and no as Boolean; where only a mark is ever written (x, ✓), an empty cell means no."""
    text = column.str.strip_chars(SPACES).str.to_lowercase()
    answers = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    values = text.replace_strict(answers, default=None, return_dtype=pl.Boolean)
    filled = set(text.unique().drop_nulls().head(100).to_list()) - {""}
    if filled and filled <= set(MARKS):
        return judged(column, values.fill_null(False), "mark or empty")
    written = sorted(filled & answers.keys(), key=lambda word: (not answers[word], word))
    return judged(column, values, " / ".join(written) or "no answer")


def to_id(column: pl.Series) -> Cast:
    """Identifiers as text: leading zeros kept, Excel's leading apostrophe, `="…"` and trailing `.0` removed.

    Long numbers that Excel has rounded (7.21045E+12) are failures: they no longer tell one customer from another.
    """
    text = column.str.strip_chars(SPACES).str.replace(r'^="(.*)"$', "$1").str.strip_prefix("'")
    text = text.str.strip_chars(SPACES)
    decision = "text"
    tail = text.str.ends_with(".0")
    if tail.any() and not text.str.contains(r"^\d+\.(?:\d*[1-9]\d*|00+)$").any():
        text = text.str.replace(r"^(\d+)\.0$", "$1")
        decision = "text without .0"
    known = EMPTY_WORDS[:1] + NO_ID
    gone = text.str.to_lowercase().is_in(known) | text.str.contains(r"^\d(?:[.,]\d+)?[eE]\+\d{1,2}$")
    values = text.set(gone.fill_null(False), None) if gone.any() else text
    return judged(column, values, decision)
