"""NPS by journey: at which point of the journey is recommendation lost?

Measures: cross.nps.purchase|support|return · cross.nps.standardised.
Unit: an answer with a score of 0 to 10, by the journey it was asked after; promoters 9-10, detractors 0-6.
Standardised: the period B's NPS if each journey weighed as in A and B together, beside A's in `facts`; journeys are
never pooled in a comparison.
Needs: surveys of kind nps with score and journey.
Excludes: answers without a journey (`excluded.no_journey`).
Null: no answer of that journey in the period.
Blind to: those who were not asked, or did not answer.
Source: Reichheld (2003); direct standardisation on the pooled journey mix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.medians import indexed_by
from cxaudit.measure.rates import Units, clustered, points, within
from cxaudit.measure.sums import class_sums
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.measure.verdicts import FEW, single_verdict, source_refusals
from cxaudit.schema.results import Measure, Phrase, Result
from cxaudit.schema.settings import Settings
from cxaudit.schema.values import classify
from cxaudit.stats.intervals import normal_interval, nps_interval

JOURNEYS = ("purchase", "support", "return")
KEYS = tuple(f"cross.nps.{journey}" for journey in JOURNEYS)
TOTAL = "cross.nps.standardised"
PROMOTER, DETRACTOR = 9, 6


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The NPS of each journey, and the total at a constant mix."""
    answers = _answers(tables)
    excluded = {"no_journey": len(within(answers.filter(nw.col("class").is_null()), tables.period))}
    for key, journey in zip(KEYS, JOURNEYS, strict=True):
        found = answers.filter(nw.col("class") == journey)
        if len(within(found, tables.period)):
            yield points(key, Units(found, ("surveys",), excluded), tables)
        else:
            yield from not_computable((key,), (), Phrase.of("not_computable.no_units"))
    yield from _standardised(answers.filter(~nw.col("class").is_null()), tables)


def _answers(tables: Tables) -> nw.DataFrame[Any]:
    scored = tables["surveys"].filter(~nw.col("score").is_null() & nw.col("scale").is_in(["0-10", "1-10"]))
    frame = indexed_by(collect(scored.select("customer", "kind", "journey", "score", "answer_day")), "answer_day")
    kinds = classify("surveys", "kind", frame["kind"].drop_nulls().unique().to_list())
    journeys = classify("surveys", "journey", frame["journey"].drop_nulls().unique().to_list())
    named = [journeys.get(name) if name is not None else None for name in frame["journey"].to_list()]
    asked = [kinds.get(name) == "nps" for name in frame["kind"].to_list()]
    gain = (nw.col("score") >= PROMOTER).cast(nw.Int64) - (nw.col("score") <= DETRACTOR).cast(nw.Int64)
    told = frame.with_columns(
        gain.alias("success"),
        nw.new_series("class", named, nw.String, backend=frame.implementation),
        nw.new_series("asked", asked, nw.Boolean, backend=frame.implementation),
    )
    return told.filter(nw.col("asked"))


def _standardised(answers: nw.DataFrame[Any], tables: Tables) -> Iterable[Result]:
    if not tables.compared:
        return not_computable((TOTAL,), (), Phrase.of("not_computable.no_comparison"))
    sides = [_by_journey(within(answers, days)) for days in tables.compared]
    shared = sorted(set(sides[0]) & set(sides[1]))
    if not shared:
        return not_computable((TOTAL,), (), Phrase.of("not_computable.no_units"))
    weight = {name: sum(side[name].units for side in sides) for name in shared}
    total = sum(weight.values())
    a, b = (sum(weight[name] / total * side[name].value for name in shared) for side in sides)
    errors = [sqrt(sum((weight[name] / total * side[name].se) ** 2 for name in shared)) for side in sides]
    n_eff = sum(sides[1][name].n_eff for name in shared)
    limits = normal_interval(b, errors[1], n_eff)
    refusals = (*(("R1",) if n_eff < FEW else ()), *source_refusals(tables, ("surveys",)))
    facts = {"a": a, "b": b, "difference": b - a, "difference_se": sqrt(errors[0] ** 2 + errors[1] ** 2)}
    return [
        Measure(
            TOTAL, "points", None, sum(sides[1][name].units for name in shared), b, limits.low, limits.high,
            n_eff=n_eff, deff=1.0, verdict=single_verdict(limits, refusals, 10.0), refusals=refusals, facts=facts,
        )
    ]  # fmt: skip


@dataclass(frozen=True)
class _Side:
    """The NPS of one journey in one period, in points."""

    units: float
    value: float
    se: float
    n_eff: float


def _by_journey(answers: nw.DataFrame[Any]) -> dict[str, _Side]:
    """Each journey's NPS with its whole standard error: limits stop at −100 and 100, the error does not."""
    found = {}
    for name, sums, squares in class_sums(clustered(answers), "class"):
        interval = nps_interval((squares + sums.total) / 2, (squares - sums.total) / 2, sums)
        spread = max(0.0, squares / sums.units - sums.mean**2)
        found[str(name)] = _Side(sums.units, interval.value, 100 * sqrt(spread / interval.n_eff), interval.n_eff)
    return found


SIGNAL = Signal("nps_journeys", (*KEYS, TOTAL), ("surveys.kind", "surveys.score", "surveys.journey"), measure)
