"""Every figure of the audit between two periods: raw, in normal conditions, line by line, and what may be said of it.

The ladder (each step gives up something; `facts["steps"]` names all that a measure took, `rung` the one that history
and volume set):

    F1  18 months of history or more: the model as it stands, a verdict where no refusal stands
    F2  12 to 18 months: same model; season is not set apart (R4), no verdict
    F3  3 to 12 months: same model, R4; a verdict only for a before and an after that meet, six weeks each at most
    F4  under 3 months, 5 units a day or 200 units in a period: raw and outside event days, no model, no verdict
    F5  a kind of event with a rate of 0 or 1, under 5 days or 30 units: merged into the nearest kind, or its days set
        aside
    F6  an event over 70 % of a period, or under 14 normal days: R3, no verdict
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from cxaudit.context.cells import (
    FACTORS,
    LINES,
    OTHER,
    TERMS,
    A,
    B,
    Cells,
    Timetable,
    by_week,
    day_number,
    day_of,
    gather,
    timetable,
    week_of,
)
from cxaudit.context.comparison import GRACE, before_after, history_rung, overlap, same_months, tool_changes
from cxaudit.context.comparison import default_comparison as chosen
from cxaudit.context.model import Adjustment, adjust
from cxaudit.context.plain import Plain, outside_events
from cxaudit.schema.results import Adjusted, Context, Daily, Event, Measure, Span
from cxaudit.schema.settings import Settings

FEW_UNITS = 30
MODEL_UNITS = 200
UNITS_A_DAY = 5
EVENT_SHARE = 0.70
NORMAL_DAYS = 14
MATURE_SHARE = 0.5
# Weeks of data that the cluster variance needs: t has (weeks - 8) degrees of freedom.
MIN_WEEKS = 9
LARGE_RESIDUAL = 4.0
QUESTIONS = 12
# Refusals of a single figure that hold for its comparison too; R1 to R4 are judged here, on both periods.
INHERITED = ("R5", "R6", "R7", "R8", "R9")
# Gap that a study of this size would see four times in five: (1.96 + 0.84) standard errors.
DETECTABLE = 2.8


def compare(
    measures: Mapping[str, Measure],
    events: Sequence[Event],
    settings: Settings,
    *,
    as_of: date,
    data_first: date,
) -> Context:
    """Compare every measure that has daily units between the settings' two periods.

    Args:
        measures: by key; those without `daily` are passed over.
        events: the events that count, already checked; bit i of `Daily.scopes` is the i-th of those with a scope.
        settings: periods and materiality.
        as_of: last day of the data; later rows are ignored.
        data_first: first day of the data.

    Returns:
        The comparison; without two periods, a context without signals.
    """
    a, b = chosen(settings, as_of=as_of, data_first=data_first)
    rung = history_rung(data_first, as_of)
    given = {key: measure.daily for key, measure in measures.items() if measure.daily and measure.daily.days}
    if a is None or b is None or not given:
        return Context(a, b, rung, {}, tuple(events))
    first = min(min(daily.days) for daily in given.values())
    last = max(day_number(as_of), first, max(max(daily.days) for daily in given.values()))
    frame = _Frame(a, b, tuple(events), timetable(events, first, last), settings, as_of, data_first)
    signals = {key: _adjusted(measures[key], daily, frame) for key, daily in given.items()}
    return Context(a, b, rung, {key: record for key, record in signals.items() if record}, tuple(events))


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all measures of one comparison share."""

    a: Span
    b: Span
    events: tuple[Event, ...]
    plan: Timetable
    settings: Settings
    as_of: date
    data_first: date


@dataclass(frozen=True, slots=True)
class _Standing:
    """The rung a measure stands on and the refusals that stand against it."""

    rung: str
    steps: tuple[str, ...]
    refusals: tuple[str, ...]
    enough: bool
    verdict_despite_season: bool


def _adjusted(measure: Measure, daily: Daily, frame: _Frame) -> Adjusted | None:
    months = same_months(frame.a, frame.b)
    cells = gather(daily, frame.plan, frame.a, frame.b, day_number(frame.as_of), months=months)
    raw_a, raw_b = cells.rate(A), cells.rate(B)
    if raw_a is None or raw_b is None:
        return _one_sided(measure, raw_a, raw_b)
    logit = measure.unit == "share" and bool((cells.sums >= 0).all() and (cells.sums <= cells.units).all())
    history = _history(cells, frame)
    weekly = _is_sparse(cells)
    found: Adjustment | Plain | None = None
    if history != "F4" and _enough_for_model(cells, frame):
        found = adjust(by_week(cells) if weekly else cells, logit=logit, least_dispersion=measure.deff or 1.0)
    model = "none" if found is None else "weekly" if weekly else "daily"
    found = found or outside_events(cells, logit=logit)
    standing = _standing(measure, daily, cells, frame, history, found)
    return _record(measure, cells, frame.settings, found, standing, model)


def _one_sided(measure: Measure, raw_a: float | None, raw_b: float | None) -> Adjusted | None:
    """A period without a unit: the other's figure alone, and nothing compared."""
    if raw_a is None and raw_b is None:
        return None
    lines = dict.fromkeys(LINES, 0.0)
    return Adjusted(
        measure.key, raw_a, raw_b, None, None, None, lines, None, None, None, "insufficient", ("R1",), "F4",
        facts={"unit": measure.unit, "steps": ("F4",), "model": "none"},
    )  # fmt: skip


def _history(cells: Cells, frame: _Frame) -> str:
    """The rung that the measure's own history reaches; one that begins with the data, or nearly, has all of theirs."""
    begins = _begins(cells)
    return history_rung(frame.data_first if begins <= frame.data_first + 2 * GRACE else begins, frame.as_of)


def _begins(cells: Cells) -> date:
    assert cells.day is not None
    return day_of(cells.day.min())


def _is_sparse(cells: Cells) -> bool:
    """Whether the history has under five units a day: the model then works on weeks."""
    assert cells.day is not None
    return bool(cells.units.sum() < UNITS_A_DAY * (cells.day.max() - cells.day.min() + 1))


def _enough_for_model(cells: Cells, frame: _Frame) -> bool:
    assert cells.day is not None
    for place, span in ((A, frame.a), (B, frame.b)):
        units = float(cells.units[cells.period == place].sum())
        if units < max(MODEL_UNITS, UNITS_A_DAY * _days_seen(span, cells)):
            return False
    return not overlap(frame.a, frame.b) and np.unique(week_of(cells.day)).size >= MIN_WEEKS


def _days_seen(span: Span, cells: Cells) -> int:
    """Days of a period that the measure's history covers (what is not mature yet, or not begun, is no day seen)."""
    assert cells.day is not None
    first, last = max(day_number(span.first), int(cells.day.min())), min(day_number(span.last), int(cells.day.max()))
    return max(last - first + 1, 0)


def _standing(
    measure: Measure, daily: Daily, cells: Cells, frame: _Frame, history: str, found: Adjustment | Plain
) -> _Standing:
    units = min(float(cells.units[cells.period == period].sum()) for period in (A, B))
    plain = isinstance(found, Plain)
    abrupt = before_after(frame.a, frame.b)
    reached = _begins(cells) <= min(frame.a.first, frame.b.first) + 2 * GRACE
    mature = min(_days_seen(span, cells) / ((span.last - span.first).days + 1) for span in (frame.a, frame.b))
    covered = _covered(cells)
    stands = {
        "R1": plain and history != "F4",
        "R2": mature < MATURE_SHARE,
        "R3": covered,
        "R4": history != "F1" or not (abrupt or (same_months(frame.a, frame.b) and reached)),
        "R8": _tool_changed(daily, frame),
    }
    refusals = {name for name, holds in stands.items() if holds} | (set(measure.refusals) & set(INHERITED))
    rung = "F4" if plain else history
    folded = isinstance(found, Adjustment) and found.folding.folded
    steps = (rung, *(("F5",) if folded else ()), *(("F6",) if covered else ()))
    return _Standing(rung, steps, tuple(sorted(refusals)), units >= FEW_UNITS, abrupt and not plain)


def _covered(cells: Cells) -> bool:
    """R3: a kind of event over 70 % of a period's days, or under 14 days outside events left by one.

    A scoped event covers the share of a day's units that it touches.
    """
    assert cells.day is not None
    kinds = cells.terms[:, : len(FACTORS)]
    for period in (A, B):
        rows = cells.period == period
        if not kinds[rows].any():
            continue
        days, place = np.unique(cells.day[rows], return_inverse=True)
        units = np.bincount(place, cells.units[rows])
        for kind in kinds[rows].T:
            if (np.bincount(place, cells.units[rows] * kind) / units).mean() > EVENT_SHARE:
                return True
        touched = np.bincount(place, cells.units[rows] * kinds[rows].max(axis=1)) / units
        if days.size - touched.sum() < NORMAL_DAYS:
            return True
    return False


def _tool_changed(daily: Daily, frame: _Frame) -> bool:
    """R8; a change with a scope counts only where the measure has units in that scope."""
    scoped = [event for event in frame.events if event.scope]
    for event in tool_changes(frame.events, frame.a, frame.b):
        if not event.scope or not daily.scopes:
            return True
        if any(mask >> scoped.index(event) & 1 for mask in daily.scopes):
            return True
    return False


def _record(
    measure: Measure, cells: Cells, settings: Settings, found: Adjustment | Plain, standing: _Standing, model: str
) -> Adjusted:
    low, high = found.interval
    if low is not None and high is not None and measure.unit == "share":
        low, high = max(low, -1.0), min(high, 1.0)
    lines = {name: float(line) for name, line in zip(LINES, found.lines, strict=True)}
    material = materiality(measure, settings, found.raw_a)
    return Adjusted(
        measure.key,
        found.raw_a,
        found.raw_b,
        found.raw_b - found.raw_a,
        found.adjusted_a,
        found.adjusted_b,
        lines,
        found.remaining,
        low,
        high,
        _verdict(found.remaining, low, high, material, standing),
        standing.refusals,
        standing.rung,
        _questions(found),
        {**_facts(measure, cells, found), "model": model, "steps": standing.steps, "materiality": material},
    )


def materiality(measure: Measure, settings: Settings, base: float) -> float:
    """The smallest difference worth a verdict, in the measure's unit; 3 % of `base` where the settings know no unit."""
    chosen = settings.materiality
    if measure.unit == "share":
        return chosen.recontact if "recontact" in measure.key else chosen.default
    return {"points": chosen.nps, "score": chosen.score}.get(measure.unit, chosen.default * abs(base))


def _verdict(remaining: float, low: float | None, high: float | None, material: float, standing: _Standing) -> str:
    if not standing.enough:
        return "insufficient"
    standing_refusals = set(standing.refusals) - ({"R4"} if standing.verdict_despite_season else set())
    if standing_refusals or low is None or high is None:
        return "withheld"
    clear = (low > 0 or high < 0) and abs(remaining) >= material
    return "demonstrated" if clear else "not demonstrated"


def _questions(found: Adjustment | Plain) -> tuple[date, ...]:
    """The days that lie furthest from the model, in the order of the calendar."""
    if isinstance(found, Plain):
        return ()
    days, size = found.uncertainty.days, np.abs(found.uncertainty.residuals)
    far = np.flatnonzero(size > LARGE_RESIDUAL)
    worst = far[np.argsort(-size[far], kind="stable")][:QUESTIONS]
    return tuple(day_of(days[place]) for place in sorted(worst))


def _facts(measure: Measure, cells: Cells, found: Adjustment | Plain) -> dict[str, Any]:
    units = {name: float(cells.units[cells.period == place].sum()) for name, place in (("a", A), ("b", B))}
    facts: dict[str, Any] = {"unit": measure.unit, "units_a": units["a"], "units_b": units["b"]}
    facts["event_units"] = {
        TERMS[term]: float((cells.units * cells.terms[:, term])[cells.period != OTHER].sum())
        for term in np.flatnonzero(cells.terms.any(axis=0))
    }
    error = found.error if isinstance(found, Plain) else found.uncertainty.error
    if error is not None:
        facts |= {"error": error, "detectable": DETECTABLE * error}
    if isinstance(found, Plain):
        return facts
    folding, spread = found.folding, found.uncertainty
    return facts | {
        "freedom": spread.freedom,
        "dispersion": spread.dispersion,
        "inflation": spread.inflation,
        "merged": dict(folding.merged),
        "aside": tuple(TERMS[term] for term in folding.aside),
        "unknown": folding.unknown,
    }
