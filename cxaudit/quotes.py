"""Verbatims chosen to be quoted: the most telling of each month and tone, stripped of personal data."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cxaudit import tone
from cxaudit.engine import collect
from cxaudit.markup import MARKS, readable
from cxaudit.measure.rates import within
from cxaudit.measure.tables import Tables, month_of
from cxaudit.redact import redacted
from cxaudit.schema.verbatims import LABELS
from cxaudit.schema.workshop import Quote
from cxaudit.tokens import mended

SHORTEST, LONGEST = 30, 600
PER_MONTH = 3


def quotes_of(tables: Tables) -> tuple[Quote, ...]:
    """The telling quotes of the period; none where there are no texts."""
    if not tables.has("verbatims"):
        return ()
    return telling_quotes(within(collect(tables["verbatims"]), tables.period).to_native())


def telling_quotes(verbatims: pl.DataFrame, per_month: int = PER_MONTH) -> tuple[Quote, ...]:
    """The `per_month` texts of each month in which the tone is most negative or ironic, by month.

    `verbatims` is the table of `cxaudit.prepare.verbatims`. Customers are quoted once; ties go to the shorter text.
    """
    telling = verbatims.filter((pl.col("negative") | pl.col("irony")) & pl.col("month").is_not_null())
    length = mended(telling["text"], MARKS, readable).str.len_chars()
    fitting = telling.with_columns(length.alias("length")).filter(pl.col("length").is_between(SHORTEST, LONGEST))
    strongest = fitting.sort("month", "intensity", "length", "text", descending=[False, True, False, False])
    once = strongest.unique(["customer", "text"], keep="first", maintain_order=True)
    chosen = once.group_by("month", maintain_order=True).head(per_month)
    return tuple(quote(row) for row in chosen.iter_rows(named=True))


def quote(row: Mapping[str, object]) -> Quote:
    """One verbatim as it may leave: without markup, redacted, then read again so that the marks fit the text shown."""
    text = redacted(readable(str(row["text"])))
    spans = tone.read([text], [None])["spans"][0].to_list()
    label = next((name for name in LABELS if row[name]), "")
    marks = tuple(sorted({(item["start"], item["end"]) for item in spans}))
    return Quote(text, marks, label, month_of(int(str(row["month"]))), str(row["source"] or ""))
