"""One column of text cast as a whole: the values, what failed, and how it was decided.

Decisions are taken over all values of a column, casts are Polars expressions; no value is looked at alone.
"""

from __future__ import annotations

import re

import polars as pl

from cxaudit.ingest.casting import SPACES, Cast, evaluated, judged
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
    *("", "-", "--", "–", "—", "n/a", "#n/a", "null", "(null)", "<null>", "none", "nan", "undefined", "(vide)"),
    "(blank)",
)
FEW = 1_000
_ROUNDED = r"^\d(?:[.,]\d+)?[eE]\+\d{1,2}$"
_ODD_ID = (
    rf"^[{SPACES}'=]|[{SPACES}]$|^$|\.0$|[eE]\+\d{{1,2}}$|(?i)^(?:"
    + "|".join(re.escape(word) for word in NO_ID if word)
    + ")$"
)


def to_flag(column: pl.Series) -> Cast:
    """Yes and no as Boolean; where only a mark is ever written (x, ✓), an empty cell means no."""
    written = {value: value.strip(SPACES).lower() for value in column.unique().drop_nulls().head(FEW).to_list()}
    yes = [value for value, word in written.items() if word in YES]
    no = [value for value, word in written.items() if word in NO]
    answer = pl.when(pl.col("cell").is_in(yes)).then(True).when(pl.col("cell").is_in(no)).then(False)
    values = evaluated(column, answer=answer)["answer"]
    words = set(written.values()) - {""}
    if words and words <= set(MARKS):
        return judged(column, values.fill_null(False), "mark or empty")
    decision = " / ".join(sorted(written[value] for value in yes[:3]) + sorted(written[value] for value in no[:3]))
    return judged(column, values, decision or "no answer")


def to_id(column: pl.Series) -> Cast:
    """Identifiers as text: leading zeros kept, Excel's leading apostrophe, `="…"` and trailing `.0` removed.

    Long numbers that Excel has rounded (7.21045E+12) are failures: they no longer tell one customer from another.
    """
    odd = evaluated(column, odd=pl.col("cell").str.contains(_ODD_ID))["odd"].arg_true()
    if not len(odd):
        return judged(column, column, "text")
    cell = pl.col("cell").str.strip_chars(SPACES).str.replace(r'^="(.*)"$', "$1").str.strip_prefix("'")
    text = evaluated(column.gather(odd), text=cell.str.strip_chars(SPACES))["text"]
    decision = "text"
    if text.str.contains(r"^\d+\.0$").any() and not column.str.contains(r"^\s*\d+\.(?:\d*[1-9]\d*|00+)\s*$").any():
        text = text.str.replace(r"^(\d+)\.0$", "$1")
        decision = "text without .0"
    gone = text.str.to_lowercase().is_in(NO_ID) | text.str.contains(_ROUNDED)
    return judged(column, column.clone().scatter(odd, text.set(gone, None)), decision)
