"""Verbatims: what customers wrote, gathered from reviews, tickets and surveys, with the tone read in each text."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

import polars as pl

from cxaudit import tone
from cxaudit.measure.slices import SLICE
from cxaudit.schema.verbatims import LABELS, NEGATIVE, POSITIVE
from cxaudit.tone.calibration import Accuracy, se_sp
from cxaudit.tone.labels import SCORED
from cxaudit.tone.own_model import OwnModel, settled

KEPT = ("customer", "order", "t", "day", "month")
PLACE = ("table", "row")
HEARD = ("language", "polarity", "intensity", *LABELS)


def said(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """`text` and `rating` of all that was written in typed tables, whether or not its row counts."""
    given = [frames[name].select(text=text, rating=rating) for name, (text, rating) in _SAID.items() if name in frames]
    return _not_blank(pl.concat([pl.DataFrame(schema={"text": pl.String, "rating": pl.Float64}), *given]))


def heard(given: pl.DataFrame, model: OwnModel | None = None) -> pl.DataFrame:
    """Each different `text` and `rating` with what is read in it: what many customers write in the same words, once."""
    once = given.unique(maintain_order=True)
    read = tone.read(once["text"], once["rating"], spans=False).select(HEARD)
    if model is not None:
        read = _settled(read, once["text"], model)
    return pl.concat([once, read], how="horizontal")


def verbatims(
    frames: Mapping[str, pl.DataFrame],
    former: pl.DataFrame | None = None,
    model: OwnModel | None = None,
    known: pl.DataFrame | None = None,
) -> pl.DataFrame | None:
    """One row a non-empty text: its table, source, rating, reason, `text`, and the tone read in it.

    Columns besides: row (of its table), customer, order, t, day, month, language, polarity, intensity, one Boolean a
    label, negative, positive, scope; `by_model` where there is a model. None where no table holds texts.

    Args:
        frames: dressed tables.
        former: verbatims of the same tables, of which other tickets counted: what was read in them stays.
        model: the user's own, for the polarity of texts of which the package's own reading is unsure.
        known: what was `heard` in these texts.
    """
    written = _written(frames)
    if not len(written):
        return None
    signs = [pl.any_horizontal(group).alias(name) for name, group in (("negative", NEGATIVE), ("positive", POSITIVE))]
    labelled = pl.concat([written, _read(written, former, model, known)], how="horizontal")
    return labelled.with_columns(*signs, pl.col("rating").round(0).cast(pl.Int64).cast(pl.String))


def rescoped(read: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Verbatims of the same tables in other slices: what was read in them stays."""
    return read.with_columns(_written(frames)["scope"])


def _written(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    gathered = [gather(frames[name]) for name, gather in _SOURCES.items() if name in frames]
    return _not_blank(pl.concat(gathered)) if gathered else pl.DataFrame()


def _not_blank(texts: pl.DataFrame) -> pl.DataFrame:
    return texts.filter(pl.col("text").str.strip_chars() != "")


def _read(
    written: pl.DataFrame, former: pl.DataFrame | None, model: OwnModel | None, known: pl.DataFrame | None
) -> pl.DataFrame:
    """What is read in each row: of those in `former` what was."""
    new = written if former is None else written.join(former, on=PLACE, how="anti", maintain_order="left")
    given = new.select("text", "rating")
    told = heard(given, model) if known is None else known
    read = given.join(told, on=given.columns, how="left", nulls_equal=True, maintain_order="left").drop(given.columns)
    if former is None:
        return read
    placed = pl.concat([new.select(PLACE), read], how="horizontal")
    everything = pl.concat([former.select(placed.columns), placed])
    return written.select(PLACE).join(everything, on=PLACE, how="left", maintain_order="left").drop(PLACE)


def _settled(read: pl.DataFrame, texts: pl.Series, model: OwnModel) -> pl.DataFrame:
    """What was read, with the model's polarity where it was unsure, which `by_model` tells."""
    own, holds = read["polarity"].to_numpy(), read.select(SCORED).to_numpy()
    polarity, by_model = settled(model, texts.to_list(), own, holds)
    return read.with_columns(pl.Series("polarity", polarity), pl.Series("by_model", by_model))


def digest(text: str) -> str:
    """A short digest of a text, under which a person's labels are kept without the text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def accuracy(rows: pl.DataFrame, labels: Mapping[str, Collection[str]]) -> dict[str, Accuracy]:
    """Sensitivity and specificity of each label and sentiment on the verbatims that a person labelled, by digest."""
    if not labels:
        return {}
    known = rows.with_columns(pl.col("text").map_elements(digest, pl.String).alias("digest"))
    read = known.filter(pl.col("digest").is_in(list(labels))).unique("digest", maintain_order=True)
    given = [set(labels[key]) for key in read["digest"]]
    groups = {**{name: (name,) for name in LABELS}, "negative": NEGATIVE, "positive": POSITIVE}
    return {name: se_sp([bool(set(group) & own) for own in given], read[name]) for name, group in groups.items()}


# What was written in a row of each table, and the stars beside it.
_SAID: Mapping[str, tuple[pl.Expr, pl.Expr]] = {
    "reviews": (pl.concat_str(["title", "text"], separator="\n", ignore_nulls=True), pl.col("rating")),
    "tickets": (pl.coalesce("body", "subject"), pl.lit(None, pl.Float64)),
    "surveys": (pl.col("comment"), pl.lit(None, pl.Float64)),
}


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))


def _reviews(frame: pl.DataFrame) -> pl.DataFrame:
    return _kept(_numbered(frame), "reviews", pl.coalesce("source", pl.lit("reviews")), pl.lit(None))


def _tickets(frame: pl.DataFrame) -> pl.DataFrame:
    return _kept(_numbered(frame).filter("eligible"), "tickets", pl.lit("tickets"), pl.col("reason"))


def _surveys(frame: pl.DataFrame) -> pl.DataFrame:
    clock = {"t": "answer_t", "day": "answer_day"}
    answered = (
        _numbered(frame)
        .filter(pl.col("comment").is_not_null())
        .with_columns(**{name: pl.coalesce(other, name) for name, other in clock.items()})
    )
    said_on = pl.from_epoch(pl.col("day"), "d")
    answered = answered.with_columns((said_on.dt.year() * 100 + said_on.dt.month()).cast(pl.Int32).alias("month"))
    return _kept(answered, "surveys", pl.lit("surveys"), pl.lit(None))


def _kept(frame: pl.DataFrame, table: str, source: pl.Expr, reason: pl.Expr) -> pl.DataFrame:
    text, rating = _SAID[table]
    scope = pl.col("scope") if "scope" in frame.columns else pl.lit(0, SLICE)
    return frame.select(
        "row",
        *KEPT,
        pl.lit(table).alias("table"),
        source.cast(pl.String).alias("source"),
        rating.alias("rating"),
        reason.cast(pl.String).alias("reason"),
        text.fill_null("").alias("text"),
        scope.alias("scope"),
    )


_SOURCES = {"reviews": _reviews, "tickets": _tickets, "surveys": _surveys}
