"""NPS of all answers, whatever the journey.

Measures: surface.nps.
Unit: an answer with a score from 0 to 10, indexed by its day; promoters 9-10, detractors 0-6.
Needs: surveys of kind nps with a score.
Excludes: answers on another scale (`excluded.other_scale`), without a score.
Null: no answer.
Blind to: the mix of journeys that the total stands on (see cross.nps.*).
Source: Reichheld (2003); the interval of SIGNALS §0 on the effective sample.
"""

from __future__ import annotations

from collections.abc import Iterable

import narwhals.stable.v2 as nw

from cxaudit.measure.anatomy import Signal
from cxaudit.measure.rates import Units, points, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Phrase, Result
from cxaudit.schema.settings import Settings
from cxaudit.surface.answers import of_kind

KEY = "surface.nps"
TEN = ("0-10", "1-10")
PROMOTER, DETRACTOR = 9, 6


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The NPS of the period, monthly, by journey."""
    answers = of_kind(tables, "nps")
    if answers is None:
        return not_computable((KEY,), ("surveys.score",))
    scored = answers.scored.filter(nw.col("scale").is_in(list(TEN)))
    if not len(scored):
        return not_computable((KEY,), (), Phrase.of("not_computable.no_scale"))
    promoter = (nw.col("score") >= PROMOTER).cast(nw.Int64)
    frame = scored.with_columns((promoter - (nw.col("score") <= DETRACTOR).cast(nw.Int64)).alias("success"))
    others = len(within(answers.scored, tables.period)) - len(within(scored, tables.period))
    excluded = {**answers.excluded, **({"other_scale": others} if others else {})}
    cuts = ("journey",) if frame["journey"].null_count() < len(frame) else ()
    return [points(KEY, Units(frame, ("surveys",), excluded, cuts, notes=answers.notes), tables)]


SIGNAL = Signal("nps", (KEY,), (), measure)
