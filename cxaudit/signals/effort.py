"""Customer effort: how easy was it, by the customers' own score?

Measures: effort.mean · effort.easy.share.
Unit: an answered effort survey, indexed by its answer; 1-7 with higher = easier by default, easy = the top 3 of 7 (5 to
7; 4 to 5 of 5, 7 to 10 of 10). The mean is of the scale most answers are on; other scales are counted out.
Needs: surveys of kind ces with a score.
Excludes: scores on another scale than most (`excluded.other_scale`).
Null: no answer in the period.
Blind to: the effort of those who did not answer.
Source: Dixon, Freeman and Toman (2010), customer effort score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.medians import indexed_by
from cxaudit.measure.rates import Units, mean, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Phrase, Result
from cxaudit.schema.settings import Settings
from cxaudit.schema.values import classify

MEAN, EASY = "effort.mean", "effort.easy.share"
EASY_FROM = {"1-7": 5.0, "1-5": 4.0, "1-10": 7.0, "0-10": 7.0, "0-100": 70.0}


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The mean effort score and the share of easy answers."""
    answers = _answers(tables)
    scales = Counter(answers["scale"].to_list())
    if not scales:
        return not_computable((MEAN, EASY), ("surveys.score",), Phrase.of("not_computable.no_units"))
    scale = max(scales, key=lambda name: (scales[name], name))
    told = answers.filter(nw.col("scale") == scale)
    excluded = {"other_scale": len(within(answers, tables.period)) - len(within(told, tables.period))}
    cuts = ("journey",) if told["journey"].null_count() < len(told) else ()
    units = Units(told, ("surveys",), excluded, cuts, facts={"scale": scale})
    scored = replace(units, frame=told.with_columns(nw.col("score").alias("success")))
    easy = replace(units, frame=told.with_columns((nw.col("score") >= EASY_FROM[scale]).alias("success")))
    return [mean(MEAN, "score", scored, tables), share(EASY, easy, tables)]


def _answers(tables: Tables) -> nw.DataFrame[Any]:
    columns = ("customer", "kind", "journey", "score", "scale", "answer_day")
    scored = collect(tables["surveys"].filter(~nw.col("score").is_null()).select(*columns))
    kinds = classify("surveys", "kind", scored["kind"].drop_nulls().unique().to_list())
    names = [name for name, kind in kinds.items() if kind == "ces"]
    known = scored.filter(nw.col("kind").is_in(names) & nw.col("scale").is_in(list(EASY_FROM)))
    return indexed_by(known, "answer_day")


SIGNAL = Signal("effort", (MEAN, EASY), ("surveys.kind", "surveys.score"), measure)
