"""CES: how easy customers say it is.

Measures: surface.ces.
Unit: an answer with a score, indexed by its day, on the scale that most answers are on.
Needs: surveys of kind ces with a score.
Excludes: answers on another scale (`excluded.other_scale`): scores of two scales have no mean.
Null: no answer.
Blind to: a scale mapped the wrong way round (higher is easier by default).
Source: Dixon, Freeman and Toman (2010).
"""

from __future__ import annotations

from collections.abc import Iterable

import narwhals.stable.v2 as nw

from cxaudit.measure.anatomy import Signal
from cxaudit.measure.rates import Units, mean
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Phrase, Result
from cxaudit.schema.settings import Settings
from cxaudit.surface.answers import main_scale, of_kind

KEY = "surface.ces"


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The mean effort score of the period, monthly, by journey."""
    answers = of_kind(tables, "ces")
    if answers is None:
        return not_computable((KEY,), ("surveys.score",))
    scale, kept, others = main_scale(answers, tables.period)
    if scale is None:
        return not_computable((KEY,), (), Phrase.of("not_computable.no_scale"))
    frame = kept.with_columns(nw.col("score").alias("success"))
    excluded = {**answers.excluded, **({"other_scale": others} if others else {})}
    cuts = ("journey",) if frame["journey"].null_count() < len(frame) else ()
    units = Units(frame, ("surveys",), excluded, cuts, notes=answers.notes, facts={"scale": scale})
    return [mean(KEY, "score", units, tables)]


SIGNAL = Signal("ces", (KEY,), (), measure)
