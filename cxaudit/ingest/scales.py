"""The scale of a survey's scores: written in the file, told by a person, or inferred from the values of each kind."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from cxaudit.ingest.entries import Question
from cxaudit.ingest.ledger import Rows
from cxaudit.schema.results import Phrase
from cxaudit.schema.values import OTHER, SCALES, classify, infer_scale


def scaled(rows: Rows) -> tuple[Rows, tuple[Question, ...]]:
    """Surveys with a canonical `scale` on every row that has a score; the questions that are left."""
    frame = rows.frame
    if rows.entry.table != "surveys" or "score" not in frame.columns or "kind" not in frame.columns:
        return rows, ()
    column = rows.entry.mapping.get("score")
    told = rows.entry.answers.get(f"scale:{column}")
    if told in SCALES:
        return replace(rows, frame=frame.with_columns(scale=pl.lit(told))), ()
    if "scale" in frame.columns:
        given = frame["scale"].drop_nulls().unique().to_list()
        classes = {
            value: kind if kind != OTHER else None for value, kind in classify("surveys", "scale", given).items()
        }
        scale = frame["scale"].replace_strict(classes, default=None, return_dtype=pl.String)
        frame = frame.with_columns(scale=scale)
        if scale.null_count() == 0:
            return replace(rows, frame=frame), ()
    else:
        frame = frame.with_columns(scale=pl.lit(None, dtype=pl.String))
    inferred, unknown = _by_kind(frame, rows.decisions.get("score", ""))
    by_kind = pl.col("kind").replace_strict(inferred, default=None, return_dtype=pl.String)
    frame = frame.with_columns(scale=pl.coalesce(pl.col("scale"), by_kind))
    asked: tuple[Question, ...] = ()
    if unknown and column is not None:
        phrase = Phrase.of("question.scale", file=rows.entry.file, column=column)
        asked = (Question(rows.entry.file, rows.entry.sheet, column, "score", "scale", phrase, SCALES),)
    return replace(rows, frame=frame), asked


def _by_kind(frame: pl.DataFrame, decision: str) -> tuple[dict[str, str | None], bool]:
    """The scale of each of the client's kinds, and whether one with scores stays unknown."""
    kinds = frame["kind"].drop_nulls().unique().to_list()
    classes = classify("surveys", "kind", kinds)
    found: dict[str, str | None] = {}
    for kind in kinds:
        scores = frame.filter((pl.col("kind") == kind) & pl.col("scale").is_null())["score"].drop_nulls()
        words = "good-bad" if "good-bad" in decision else "1-5" if "five steps" in decision else None
        found[kind] = words or infer_scale(classes[kind], scores.unique().to_list() * (1 if len(scores) < 30 else 30))
    unknown = any(found[kind] is None and frame.filter(pl.col("kind") == kind)["score"].count() for kind in kinds)
    return found, unknown
