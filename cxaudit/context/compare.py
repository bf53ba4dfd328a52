"""Every figure of the audit between two periods: raw, in normal conditions, line by line, and what may be said of it.

The ladder of fallbacks stands in `ladder.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from cxaudit.context.cells import (
    AFTER,
    AFTER_DAYS,
    FACTORS,
    LINES,
    TERMS,
    A,
    B,
    Cells,
    by_week,
    gather,
    timetable,
)
from cxaudit.context.comparison import default_comparison as chosen
from cxaudit.context.comparison import history_rung, overlap, same_months
from cxaudit.context.events import scopes_of
from cxaudit.context.ladder import (
    Frame,
    Gap,
    Standing,
    enough_for_model,
    history_of,
    is_sparse,
    materiality,
    standing_of,
    verdict_of,
)
from cxaudit.context.model import Adjustment, adjust
from cxaudit.context.plain import Plain, outside_events
from cxaudit.schema.days import day_number, day_of
from cxaudit.schema.results import Adjusted, Context, Daily, Event, Measure, Span
from cxaudit.schema.settings import Settings

LARGE_RESIDUAL = 4.0
QUESTIONS = 12
# Gap that a study of this size would see four times in five: (1.96 + 0.84) standard errors.
DETECTABLE = 2.8


def compare(
    measures: Mapping[str, Measure],
    events: Sequence[Event],
    settings: Settings,
    *,
    as_of: date,
    data_first: date,
    scopes: Sequence[str] | None = None,
) -> Context:
    """Compare every measure that has daily units between the settings' two periods.

    Args:
        measures: by key; those without `daily` are passed over.
        events: the events that count, already checked.
        settings: periods and materiality.
        as_of: last day of the data; later rows are ignored.
        data_first: first day of the data.
        scopes: what the bits of `Daily.scopes` stand for; the distinct scopes of `events` unless given.

    Returns:
        The comparison; without two periods, a context without signals.
    """
    named = scopes_of(events) if scopes is None else tuple(scopes)
    a, b = chosen(settings, as_of=as_of, data_first=data_first)
    rung = history_rung(data_first, as_of)
    given = {key: measure.daily for key, measure in measures.items() if measure.daily and measure.daily.days}
    if a is None or b is None or not given:
        return Context(a, b, rung, {}, tuple(events), scopes=named)
    first = min(min(daily.days) for daily in given.values())
    last = max(day_number(as_of), first, max(max(daily.days) for daily in given.values()))
    plan = timetable(events, named, first, last)
    frame = Frame(a, b, tuple(events), plan, _named(events, a, b), settings, as_of, data_first)
    signals = {key: _adjusted(measures[key], daily, frame) for key, daily in given.items()}
    return Context(a, b, rung, {key: record for key, record in signals.items() if record}, tuple(events), scopes=named)


def _adjusted(measure: Measure, daily: Daily, frame: Frame) -> Adjusted | None:
    months = same_months(frame.a, frame.b)
    cells = gather(daily, frame.plan, frame.a, frame.b, day_number(frame.as_of), months=months)
    raw_a, raw_b = cells.rate(A), cells.rate(B)
    if raw_a is None or raw_b is None:
        return _one_sided(measure, raw_a, raw_b)
    logit = measure.unit == "share" and bool((cells.sums >= 0).all() and (cells.sums <= cells.units).all())
    history = history_of(cells, frame)
    weekly = is_sparse(cells, frame)
    found: Adjustment | Plain | None = None
    if history != "F4" and enough_for_model(cells, frame):
        found = adjust(by_week(cells) if weekly else cells, logit=logit, least_dispersion=measure.deff or 1.0)
    model = "none" if found is None else "weekly" if weekly else "daily"
    found = found or outside_events(cells, logit=logit)
    standing = standing_of(measure, daily, cells, frame, history, plain=model == "none", folded=_folded(found))
    return _record(measure, cells, frame, found, standing, model)


def _one_sided(measure: Measure, raw_a: float | None, raw_b: float | None) -> Adjusted | None:
    """A period without a unit: the other's figure alone, and nothing compared."""
    if raw_a is None and raw_b is None:
        return None
    lines = dict.fromkeys(LINES, 0.0)
    return Adjusted(
        measure.key, raw_a, raw_b, None, None, None, lines, None, None, None, "insufficient", ("R1",), "F4",
        facts={"unit": measure.unit, "steps": ("F4",), "model": "none"},
    )  # fmt: skip


def _record(
    measure: Measure, cells: Cells, frame: Frame, found: Adjustment | Plain, standing: Standing, model: str
) -> Adjusted:
    low, high = found.interval
    if low is not None and high is not None and measure.unit == "share":
        low, high = max(low, -1.0), min(high, 1.0)
    lines = {name: float(line) for name, line in zip(LINES, found.lines, strict=True)}
    material = materiality(measure, frame.settings, found.raw_a)
    verdict, refusals = verdict_of(measure, frame.settings, Gap(found.remaining, low, high), found.raw_a, standing)
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
        verdict,
        refusals,
        standing.rung,
        _questions(found),
        {
            **_facts(measure, cells, found),
            "named": frame.named,
            "model": model,
            "steps": standing.steps,
            "materiality": material,
        },
    )


def _questions(found: Adjustment | Plain) -> tuple[date, ...]:
    """The days that lie furthest from the model, in the order of the calendar."""
    if isinstance(found, Plain):
        return ()
    days, size = found.uncertainty.days, np.abs(found.uncertainty.residuals)
    far = np.flatnonzero(size > LARGE_RESIDUAL)
    worst = far[np.argsort(-size[far], kind="stable")][:QUESTIONS]
    return tuple(day_of(days[place]) for place in sorted(worst))


def _named(events: Sequence[Event], a: Span, b: Span) -> dict[str, tuple[str, ...]]:
    """Names of the events, by kind, whose days or aftermath lie in A or in B."""
    names: dict[str, tuple[str, ...]] = {}
    for event in events:
        felt = event.ends_on + (timedelta(days=AFTER_DAYS) if event.kind in AFTER else timedelta())
        inside = any(overlap(Span(event.starts_on, felt), span) for span in (a, b))
        if event.kind in FACTORS and inside and event.name not in names.get(event.kind, ()):
            names[event.kind] = (*names.get(event.kind, ()), event.name)
    return names


def _facts(measure: Measure, cells: Cells, found: Adjustment | Plain) -> dict[str, Any]:
    units = {name: float(cells.units[cells.period == place].sum()) for name, place in (("a", A), ("b", B))}
    facts: dict[str, Any] = {"unit": measure.unit, "units_a": units["a"], "units_b": units["b"]}
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


def _folded(found: Adjustment | Plain) -> bool:
    return isinstance(found, Adjustment) and found.folding.folded
