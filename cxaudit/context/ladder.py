"""What a comparison may claim: its rung on the ladder, the refusals that stand against it, its verdict.

The ladder (each step gives up something; `facts["steps"]` names all that a measure took, `rung` the one that history
and volume set):

    F1  18 months of history or more: the model as it stands, a verdict where no refusal stands
    F2  12 to 18 months: same model; season is not set apart (R4), no verdict
    F3  3 to 12 months: same model, R4; a verdict only for a before and an after that meet, six weeks each at most
    F4  under 3 months, 200 units in a period or 5 successes or failures: raw and outside event days, no model, no
        verdict
    F5  a kind of event with a rate of 0 or 1 (under 5 successes or failures), under 5 days or 30 units: merged into the
        nearest kind, or its days set aside
    F6  an event over 70 % of a period, or under 14 normal days: R3, no verdict

Under 5 units a day, over the history or in a period, the model works on weeks; under 5 a week there is none (F4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from cxaudit.context.cells import FACTORS, A, B, Cells, Timetable, week_of
from cxaudit.context.comparison import GRACE, before_after, history_rung, overlap, same_months, tool_changes
from cxaudit.schema.days import day_number, day_of
from cxaudit.schema.results import Daily, Event, Measure, Span
from cxaudit.schema.settings import Settings

FEW_UNITS = 30
MODEL_UNITS = 200
UNITS_A_DAY = 5
EVENT_SHARE = 0.70
NORMAL_DAYS = 14
MATURE_SHARE = 0.5
WIDEST_HALF = 0.10
# Weeks of data that the cluster variance needs: t has (weeks - 8) degrees of freedom.
MIN_WEEKS = 9
# Refusals of a single figure that hold for its comparison too; R1 to R4 are judged here, on both periods.
INHERITED = ("R5", "R6", "R7", "R8", "R9")


@dataclass(frozen=True, slots=True)
class Frame:
    """What all measures of one comparison share."""

    a: Span
    b: Span
    events: tuple[Event, ...]
    plan: Timetable
    named: dict[str, tuple[str, ...]]
    settings: Settings
    as_of: date
    data_first: date


@dataclass(frozen=True, slots=True)
class Gap:
    """What remains between two periods, with its 95 % interval where there is one."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The rung a measure stands on and the refusals that stand against it."""

    rung: str
    steps: tuple[str, ...]
    refusals: tuple[str, ...]
    enough: bool
    verdict_despite_season: bool


def history_of(cells: Cells, frame: Frame) -> str:
    """The rung that the measure's own history reaches; one that begins with the data, or nearly, has all of theirs."""
    begins = _begins(cells)
    return history_rung(frame.data_first if begins <= frame.data_first + 2 * GRACE else begins, frame.as_of)


def _begins(cells: Cells) -> date:
    assert cells.day is not None
    return day_of(cells.day.min())


def is_sparse(cells: Cells, frame: Frame, least: float = UNITS_A_DAY) -> bool:
    """Whether the history, or a period, has under `least` units a day: the model then works on weeks."""
    assert cells.day is not None
    whole = float(cells.units.sum()) < least * (int(cells.day.max()) - int(cells.day.min()) + 1)
    return whole or any(
        float(cells.units[cells.period == place].sum()) < least * _days_seen(span, cells)
        for place, span in ((A, frame.a), (B, frame.b))
    )


def enough_for_model(cells: Cells, frame: Frame) -> bool:
    """200 units in each period, five a week, nine weeks, and two periods without a day in common."""
    assert cells.day is not None
    fewest = min(float(cells.units[cells.period == period].sum()) for period in (A, B))
    weeks = np.unique(week_of(cells.day)).size
    sparse = is_sparse(cells, frame, UNITS_A_DAY / 7)
    return fewest >= MODEL_UNITS and not sparse and weeks >= MIN_WEEKS and not overlap(frame.a, frame.b)


def _days_seen(span: Span, cells: Cells) -> int:
    """Days of a period that the measure's history covers (what is not mature yet, or not begun, is no day seen)."""
    assert cells.day is not None
    first, last = max(day_number(span.first), int(cells.day.min())), min(day_number(span.last), int(cells.day.max()))
    return max(last - first + 1, 0)


def standing_of(
    measure: Measure, daily: Daily, cells: Cells, frame: Frame, history: str, *, plain: bool, folded: bool
) -> Standing:
    """What stands for and against a comparison; `plain`: no model was fitted; `folded`: kinds of event were merged."""
    units = min(float(cells.units[cells.period == period].sum()) for period in (A, B))
    abrupt = before_after(frame.a, frame.b)
    reached = _begins(cells) <= min(frame.a.first, frame.b.first) + 2 * GRACE
    mature = min(_days_seen(span, cells) / ((span.last - span.first).days + 1) for span in (frame.a, frame.b))
    covered = _covered(cells) or _covered_days(cells, frame)
    stands = {
        "R1": plain and history != "F4",
        "R2": mature < MATURE_SHARE,
        "R3": covered,
        "R4": history != "F1" or not (abrupt or (same_months(frame.a, frame.b) and reached)),
        "R8": _tool_changed(daily, frame),
    }
    refusals = {name for name, holds in stands.items() if holds} | (set(measure.refusals) & set(INHERITED))
    rung = "F4" if plain else history
    steps = (rung, *(("F5",) if folded else ()), *(("F6",) if covered else ()))
    return Standing(rung, steps, tuple(sorted(refusals)), units >= FEW_UNITS, abrupt and not plain)


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


def _covered_days(cells: Cells, frame: Frame) -> bool:
    """R3 by the calendar: a figure may have had units on few of the days that an event of everyone's covers."""
    assert cells.day is not None
    plan = frame.plan
    for span in (frame.a, frame.b):
        first, last = (
            max(day_number(span.first), int(cells.day.min())),
            min(day_number(span.last), int(cells.day.max())),
        )
        bits = plan.everywhere[max(first - plan.first, 0) : max(last + 1 - plan.first, 0)]
        if bits.size and any(((bits >> kind) & 1).mean() > EVENT_SHARE for kind in range(len(FACTORS))):
            return True
    return False


def _tool_changed(daily: Daily, frame: Frame) -> bool:
    """R8; a change with a scope counts only where the measure has units in that scope."""
    scopes = frame.plan.scopes
    for event in tool_changes(frame.events, frame.a, frame.b):
        if not event.scope or not daily.scopes:
            return True
        if any(mask >> scopes.index(event.scope) & 1 for mask in daily.scopes):
            return True
    return False


def materiality(measure: Measure, settings: Settings, base: float) -> float:
    """The smallest difference worth a verdict, in the measure's unit; 3 % of `base` where the settings know no unit."""
    chosen = settings.materiality
    if measure.unit == "share":
        return chosen.recontact if "recontact" in measure.key else chosen.default
    return {"points": chosen.nps, "score": chosen.score}.get(measure.unit, chosen.default * abs(base))


def verdict_of(
    measure: Measure, settings: Settings, gap: Gap, raw_a: float, standing: Standing
) -> tuple[str, tuple[str, ...]]:
    """The verdict on what remains, and the refusals with R1 added where a share's interval is too wide to claim it."""
    if not standing.enough:
        return "insufficient", tuple(sorted({*standing.refusals, "R1"}))
    against = set(standing.refusals) - ({"R4"} if standing.verdict_despite_season else set())
    if against or gap.low is None or gap.high is None:
        return "withheld", standing.refusals
    if not (gap.low > 0 or gap.high < 0) or abs(gap.value) < materiality(measure, settings, raw_a):
        return "not demonstrated", standing.refusals
    if measure.unit == "share" and gap.high - gap.low > 2 * WIDEST_HALF:
        return "withheld", tuple(sorted({*standing.refusals, "R1"}))
    return "demonstrated", standing.refusals
