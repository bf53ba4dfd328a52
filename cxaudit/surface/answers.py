"""Survey answers of one kind, ready to be counted: who was asked, who answered, on which scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.medians import indexed_by
from cxaudit.measure.rates import within
from cxaudit.measure.tables import Days, Tables
from cxaudit.schema.results import Phrase
from cxaudit.schema.values import SCALES, classify, infer_scale, satisfied

COLUMNS = ("customer", "order", "ticket", "t", "day", "month", "answered", "answer_day", "score", "scale", "satisfied")
CONSTANT_FROM = 30


@dataclass(frozen=True)
class Answers:
    """Surveys of one kind (`asked`), those with a readable score (`scored`, indexed by their answer), what to say."""

    asked: nw.DataFrame[Any]
    scored: nw.DataFrame[Any]
    source: str
    excluded: dict[str, int]
    notes: tuple[Phrase, ...]


def of_kind(tables: Tables, kind: str) -> Answers | None:
    """The surveys of `kind`; None where there is none."""
    if not tables.has("surveys.kind", "surveys.score|answered_at"):
        return None
    names = collect(tables["surveys"].select("kind").unique())["kind"].drop_nulls().to_list()
    kinds = [name for name, found in classify("surveys", "kind", names).items() if found == kind]
    cuts = ("journey", "delivered", "sent_at_t", "sent_at_day")
    asked = collect(tables["surveys"].filter(nw.col("kind").is_in(kinds)).select(*COLUMNS, *cuts))
    return _answers(asked, "surveys", tables.period) if len(asked) else None


def of_tickets(tables: Tables) -> Answers | None:
    """The scores that tickets bear; who was asked is not known."""
    if not tables.has("tickets.csat"):
        return None
    rated = tables["tickets"].filter(nw.col("eligible") & ~nw.col("csat").is_null())
    columns = ("customer", "order", "ticket", "t", "day", "month", "scope", "reason", "channel")
    frame = collect(rated.select(*columns, nw.col("csat").alias("score")))
    scale = infer_scale("csat", frame["score"].to_list())
    content = satisfied(nw.col("score"), scale) if scale else nw.lit(None, nw.Boolean)
    dressed = frame.with_columns(
        nw.lit(True).alias("answered"),
        nw.col("day").alias("answer_day"),
        nw.lit(scale, nw.String).alias("scale"),
        content.alias("satisfied"),
    )
    return _answers(dressed, "tickets", tables.period) if len(dressed) else None


def _answers(asked: nw.DataFrame[Any], source: str, period: Days) -> Answers:
    answered = indexed_by(asked.filter(nw.col("answered")), "answer_day")
    given = answered.filter(~nw.col("score").is_null())
    known = given.filter(nw.col("scale").is_in(list(SCALES)))
    all_of, scored, scaled = (len(within(rows, period)) for rows in (answered, given, known))
    excluded = {"no_score": all_of - scored, "no_scale": scored - scaled}
    return Answers(asked, known, source, {k: n for k, n in excluded.items() if n}, _notes(known))


def _notes(scored: nw.DataFrame[Any]) -> tuple[Phrase, ...]:
    notes: list[Phrase] = []
    scales = sorted(scored["scale"].unique().to_list())
    if len(scales) > 1:
        notes.append(Phrase.of("note.score.mixed_scales", scales=scales))
    if len(scored) >= CONSTANT_FROM and scored["score"].n_unique() == 1:
        notes.append(Phrase.of("note.score.constant", score=float(scored["score"][0])))
    return tuple(notes)


def main_scale(answers: Answers, period: Days) -> tuple[str | None, nw.DataFrame[Any], int]:
    """The scale of most answers, the answers on it, and how many of the period are on another.

    Scores of two scales have no mean.
    """
    counts = answers.scored.group_by("scale").agg(nw.len().alias("n")).sort("n", "scale", descending=[True, False])
    if not len(counts):
        return None, answers.scored, 0
    scale = str(counts["scale"][0])
    kept = answers.scored.filter(nw.col("scale") == scale)
    return scale, kept, len(within(answers.scored, period)) - len(within(kept, period))
