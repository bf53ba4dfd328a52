"""Verbatims: what customers wrote, gathered from reviews, tickets and surveys, with the tone read in each text."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cxaudit import tone
from cxaudit.schema.verbatims import LABELS, NEGATIVE, POSITIVE

KEPT = ("customer", "order", "t", "day", "month")


def verbatims(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame | None:
    """One row a non-empty text: its table, source, rating, reason, `text`, and the tone read in it.

    Columns besides: customer, order, t, day, month, language, polarity, intensity, one Boolean a label, negative,
    positive, scope. None where no table holds texts.
    """
    gathered = [gather(frames[name]) for name, gather in _SOURCES.items() if name in frames]
    written = pl.concat(gathered).filter(pl.col("text").str.strip_chars() != "") if gathered else pl.DataFrame()
    if not len(written):
        return None
    read = tone.read(written["text"], written["rating"], spans=False)
    signs = [pl.any_horizontal(group).alias(name) for name, group in (("negative", NEGATIVE), ("positive", POSITIVE))]
    labelled = pl.concat([written, read.select("language", "polarity", "intensity", *LABELS)], how="horizontal")
    return labelled.with_columns(*signs, pl.col("rating").round(0).cast(pl.Int64).cast(pl.String))


def _reviews(frame: pl.DataFrame) -> pl.DataFrame:
    text = pl.concat_str(["title", "text"], separator="\n", ignore_nulls=True)
    return _kept(frame, "reviews", text, pl.coalesce("source", pl.lit("reviews")), pl.col("rating"), pl.lit(None))


def _tickets(frame: pl.DataFrame) -> pl.DataFrame:
    text = pl.coalesce("body", "subject")
    return _kept(
        frame.filter("eligible"), "tickets", text, pl.lit("tickets"), pl.lit(None, pl.Float64), pl.col("reason")
    )


def _surveys(frame: pl.DataFrame) -> pl.DataFrame:
    clock = {"t": "answer_t", "day": "answer_day"}
    answered = frame.filter(pl.col("comment").is_not_null()).with_columns(
        **{name: pl.coalesce(other, name) for name, other in clock.items()}
    )
    return _kept(answered, "surveys", pl.col("comment"), pl.lit("surveys"), pl.lit(None, pl.Float64), pl.lit(None))


def _kept(
    frame: pl.DataFrame, table: str, text: pl.Expr, source: pl.Expr, rating: pl.Expr, reason: pl.Expr
) -> pl.DataFrame:
    scope = pl.col("scope") if "scope" in frame.columns else pl.lit(0, pl.Int64)
    return frame.select(
        *KEPT,
        pl.lit(table).alias("table"),
        source.cast(pl.String).alias("source"),
        rating.cast(pl.Float64).alias("rating"),
        reason.cast(pl.String).alias("reason"),
        text.cast(pl.String).fill_null("").alias("text"),
        scope.alias("scope"),
    )


_SOURCES = {"reviews": _reviews, "tickets": _tickets, "surveys": _surveys}
