"""Two kinds of cases side by side, with the same make-up where it is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.measure.gaps import Comparison, gap_measure
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.measure.verdicts import maturity_refusal, source_refusals
from cxaudit.schema.results import Measure, Phrase, Result
from cxaudit.stats.standardisation import Cell, Tally


def side_by_side(
    keys: tuple[str, str, str], units: Units, exposed: str, cells: Sequence[str], materiality: float, tables: Tables
) -> Iterable[Result]:
    """The share of the exposed units, of the others, and their gap standardised on the exposed ones' `cells`.

    `units` hold a Boolean column `exposed`; units where it is null stand on neither side.
    """
    cases = replace(units, frame=units.frame.filter(nw.col(exposed)))
    controls = replace(units, frame=units.frame.filter(~nw.col(exposed)))
    first, second = share(keys[0], cases, tables), share(keys[1], controls, tables)
    yield from (first, second)
    if not first.denominator or not second.denominator:
        yield from not_computable(keys[2:], (), Phrase.of("not_computable.no_case"))
        return
    yield gap_measure(keys[2], _comparison(cases, controls, cells, materiality, (first, second), tables))


def _comparison(
    cases: Units,
    controls: Units,
    cells: Sequence[str],
    materiality: float,
    shares: tuple[Measure, Measure],
    tables: Tables,
) -> Comparison:
    immature = [measure.excluded.get("immature", 0) for measure in shares]
    refusals = [
        *maturity_refusal(shares[0].denominator, immature[0]),
        *maturity_refusal(shares[1].denominator, immature[1]),
        *source_refusals(tables, cases.sources),
        *cases.refusals,
    ]
    return Comparison(
        cases=tallies(cases.frame, cells, tables),
        controls=tallies(controls.frame, cells, tables),
        materiality=materiality,
        refusals=tuple(dict.fromkeys(refusals)),
        deff=shares[0].deff or 1.0,
        control_deff=shares[1].deff or 1.0,
        excluded=cases.excluded,
        facts={"raw": (shares[0].value or 0.0) - (shares[1].value or 0.0)},
    )


def tallies(frame: nw.DataFrame[Any], cells: Sequence[str], tables: Tables) -> dict[Cell, Tally]:
    """Units and successes of the period's mature units by cell; one cell without `cells`."""
    inside = within(frame, tables.period).with_columns(nw.col("success").cast(nw.Float64))
    ripe = inside.filter(nw.col("mature")) if "mature" in inside.columns else inside
    if not cells:
        return {(): Tally(float(len(ripe)), float(ripe["success"].sum() or 0.0))}
    counted = ripe.group_by(*cells).agg(nw.len().alias("_n"), nw.col("success").sum().alias("_y"))
    return {tuple(row[:-2]): Tally(float(row[-2]), float(row[-1])) for row in counted.select(*cells, "_n", "_y").rows()}
