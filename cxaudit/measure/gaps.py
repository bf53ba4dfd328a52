"""Differences as measures: a standardised gap, and two shares side by side; never a verdict beyond the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import nan
from typing import Any

from cxaudit.measure.verdicts import added, difference_verdict, single_verdict
from cxaudit.schema.results import Measure, Phrase
from cxaudit.stats.intervals import Interval, detectable_gap, known, newcombe, normal_interval
from cxaudit.stats.standardisation import Cell, Standardised, Tally, gap, standardise

COARSE = 0.20
CONTROLS_PER_CASE = 2


@dataclass(frozen=True)
class Comparison:
    """Cases and controls by cell (first parts of a cell are dropped first), and what stands against a verdict.

    `deff` and `control_deff` are the design effects of the two sides: a customer may hold several units of one. The
    last `kept` parts of a cell are dropped only where they have no control at all.
    """

    cases: Mapping[Cell, Tally]
    controls: Mapping[Cell, Tally]
    materiality: float
    refusals: tuple[str, ...] = ()
    deff: float = 1.0
    control_deff: float = 1.0
    kept: int = 1
    excluded: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Phrase, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def treated(self) -> Tally:
        return Tally(sum(t.units for t in self.cases.values()), sum(t.successes for t in self.cases.values()))

    @property
    def standardised(self) -> Standardised:
        return standardise({cell: tally.units for cell, tally in self.cases.items()}, self.controls, kept=self.kept)


def controls_measure(key: str, comparison: Comparison) -> Measure:
    """The controls' share on the cases' make-up; numerator null, since it is a weighted mean of cells."""
    found = comparison.standardised
    se = (found.variance * comparison.control_deff) ** 0.5
    n_eff = found.controls / comparison.control_deff
    limits = normal_interval(found.value, se, n_eff, comparison.control_deff)
    bounded = Interval(limits.value, max(0.0, limits.low), min(1.0, limits.high), n_eff, limits.deff)
    refusals = coarse_refusals(found, comparison.refusals)
    return _measure(key, bounded, found.controls, single_verdict(bounded, refusals), refusals, comparison, "single")


def gap_measure(key: str, comparison: Comparison) -> Measure:
    """Cases − standardised controls, of the cases that found a control."""
    found, treated = comparison.standardised, comparison.treated
    interval = (
        gap(treated, found, comparison.deff, control_deff=comparison.control_deff)
        if found.cases
        else Interval(nan, nan, nan, 0.0)
    )
    n_eff = min(interval.n_eff, found.controls / comparison.control_deff)
    refusals = coarse_refusals(found, comparison.refusals)
    verdict, refusals = difference_verdict(interval, n_eff, comparison.materiality, refusals)
    deff = max(comparison.deff, comparison.control_deff)
    smallest = detectable_gap(_pooled(comparison), treated.units, found.controls, deff)
    return _measure(key, interval, treated.units, verdict, refusals, comparison, "difference", smallest)


def newcombe_measure(
    key: str, first: Measure, second: Measure, materiality: float, refusals: Iterable[str] = ()
) -> Measure:
    """first − second of two shares already measured, by Newcombe on their effective samples."""
    a, b = _interval(second), _interval(first)
    interval = newcombe(a, b)
    n_eff = min(a.n_eff, b.n_eff)
    stands = tuple(r for r in added((*first.refusals, *second.refusals, *refusals)) if r != "R1")
    verdict, told = difference_verdict(interval, n_eff, materiality, stands)
    units = first.denominator + second.denominator
    pooled = ((first.numerator or 0) + (second.numerator or 0)) / units if units else nan
    smallest = detectable_gap(pooled, first.denominator, second.denominator, max(a.deff, b.deff))
    return _measure(key, interval, first.denominator, verdict, told, None, "difference", smallest)


def standard_share(
    key: str,
    tallies: Mapping[Cell, Tally],
    mix: Mapping[Cell, float],
    refusals: tuple[str, ...] = (),
    excluded: Mapping[str, int] | None = None,
    deff: float = 1.0,
) -> Measure:
    """A share standardised on `mix` (units by cell); `facts` keep the raw share, successes and standard error."""
    found = standardise(mix, tallies)
    units, wins = sum(t.units for t in tallies.values()), sum(t.successes for t in tallies.values())
    se = (found.variance * deff) ** 0.5
    limits = normal_interval(found.value, se, units / deff, deff)
    bounded = Interval(found.value, max(0.0, limits.low), min(1.0, limits.high), limits.n_eff, deff)
    coarse = added(refusals, *(("R5",) if found.fallback_share > COARSE else ()))
    facts = {"raw": wins / units if units else None, "successes": wins, "se": se}
    comparison = Comparison({}, tallies, 0.0, excluded=excluded or {}, facts=facts)
    return _measure(key, bounded, units, single_verdict(bounded, coarse), coarse, comparison, "single")


def standard_gap(
    key: str, first: Measure, second: Measure, materiality: float, refusals: Iterable[str] = ()
) -> Measure:
    """first − second of two standardised shares, their variances added."""
    stands = tuple(r for r in added((*first.refusals, *second.refusals, *refusals)) if r != "R1")
    both = first.value is not None and second.value is not None
    se = (first.facts["se"] ** 2 + second.facts["se"] ** 2) ** 0.5 if both else nan
    n_eff = min(first.n_eff or 0.0, second.n_eff or 0.0)
    interval = normal_interval((first.value or 0) - (second.value or 0) if both else nan, se, n_eff)
    verdict, told = difference_verdict(interval, n_eff, materiality, stands)
    units = first.denominator + second.denominator
    pooled = (first.facts["successes"] + second.facts["successes"]) / units if units else nan
    deff = max(first.deff or 1.0, second.deff or 1.0)
    smallest = detectable_gap(pooled, first.denominator, second.denominator, deff)
    return _measure(key, interval, first.denominator, verdict, told, None, "difference", smallest)


def coarse_refusals(found: Standardised, refusals: Iterable[str]) -> tuple[str, ...]:
    """R5 where over 20 % of cases fell back on coarser cells, or there are under two controls a case."""
    coarse = found.fallback_share > COARSE or found.controls < CONTROLS_PER_CASE * found.cases
    return added(refusals, *(("R5",) if coarse else ()))


def _pooled(comparison: Comparison) -> float:
    everyone = [*comparison.cases.values(), *comparison.controls.values()]
    units = sum(tally.units for tally in everyone)
    return sum(tally.successes for tally in everyone) / units if units else nan


def _interval(measure: Measure) -> Interval:
    value, low, high = (nan if item is None else item for item in (measure.value, measure.low, measure.high))
    return Interval(value, low, high, measure.n_eff or 0.0, measure.deff or 1.0)


def _measure(
    key: str,
    interval: Interval,
    units: float,
    verdict: str,
    refusals: tuple[str, ...],
    comparison: Comparison | None,
    kind: str,
    smallest: float | None = None,
) -> Measure:
    few = added(refusals, "R1") if verdict == "insufficient" else refusals
    return Measure(
        key,
        "share",
        None,
        units,
        known(interval.value),
        known(interval.low),
        known(interval.high),
        n_eff=interval.n_eff,
        deff=interval.deff,
        verdict=verdict,
        refusals=few,
        excluded=comparison.excluded if comparison else {},
        kind=kind,
        detectable=None if smallest is None else known(smallest),
        notes=comparison.notes if comparison else (),
        facts=comparison.facts if comparison else {},
    )
