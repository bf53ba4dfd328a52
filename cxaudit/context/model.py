"""What a figure would be in normal conditions: one model a measure, its lines, what remains and how sure that is.

Columns: one dummy a period (A, B, elsewhere; no intercept), one a kind of event, one for the fortnight after peaks and
after incidents, six weekday contrasts; and, where A and B are the same calendar months, one a month of the year, joined
by halves: each half takes a quarter of the month that it leans to, for a season does not leap on the first of a month.
Season cancels between A and B by design, but it does not within them: without the months, an incident of December
borrows December's own level from a quarter that began in October (simulated in `docs/validity-context.md`); and one a
scope that events have, whose usual level is not what its events do (`scopes`). Fitted on the whole history; no trend
and no seasonal curve. With a dummy a period the model reproduces each raw figure exactly, so that lines and remainder
sum to the raw difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxaudit.context.cells import FACTOR_OF, FACTORS, HALVES, LINES, OTHER, TERMS, A, B, Cells, total
from cxaudit.context.errors import Residuals, Uncertainty, reach, uncertainty
from cxaudit.context.folding import THIN_CASES, Folding, fold, separate
from cxaudit.context.glm import expit, fit, triangle
from cxaudit.context.scopes import as_they_came, told_apart, usual
from cxaudit.context.shapley import shapley

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WEEKDAY = LINES.index("weekday")
PERIODS = 3
# columns of the frame: periods, weekdays, months; those of scopes and of events come after
FRAME = PERIODS + 7 + 12
LEAN = 0.25
# As many flags as a row's number in 64 bits holds besides its period, weekday and half of a month.
MOST_BITS = 50


def _months_of_half() -> Floats:
    """Halves of months x months: the early half leans to the month before, the late one to the month after."""
    half, month = np.arange(HALVES), np.arange(HALVES) // 2
    made = np.zeros((HALVES, 12))
    made[half, month] = 1 - LEAN
    made[half, (month + np.where(half % 2, 1, -1)) % 12] = LEAN
    return made


MONTHS_OF_HALF = _months_of_half()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Both periods raw and in normal conditions, in the measure's own unit (shares 0-1).

    `lines` are in the order of `LINES`.
    """

    raw_a: float
    raw_b: float
    adjusted_a: float
    adjusted_b: float
    lines: Floats
    coefficients: dict[str, float]
    folding: Folding
    uncertainty: Uncertainty

    @property
    def remaining(self) -> float:
        return self.adjusted_b - self.adjusted_a

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of what remains."""
        half = reach(self.uncertainty.error, self.uncertainty.freedom)
        return self.remaining - half, self.remaining + half


@dataclass(frozen=True, slots=True)
class _Model:
    """A fitted model and what is needed to switch its factors on and off.

    `coefficients` has a place for every column of `_frame` and then one an event column; 0 where the data have none.
    `usual` holds, by period, the scopes of ordinary days and their shares.
    """

    patterns: Cells
    place: Ints
    aside: Bools
    design: Floats
    coefficients: Floats
    inverse: Floats
    strata: Floats
    mix: Floats
    usual: tuple[tuple[Floats, Floats], tuple[Floats, Floats]]
    folding: Folding
    logit: bool

    @property
    def events(self) -> int:
        """Where the event columns begin."""
        return FRAME + self.patterns.within.shape[1]

    @property
    def effects(self) -> Floats:
        """The coefficient of each event column."""
        return self.coefficients[self.events :]

    def inside(self, within: Floats) -> Floats:
        """What the scopes add to each row."""
        return within @ self.coefficients[FRAME : self.events]

    def at(self, calendar: Floats) -> Floats:
        """What the calendar (weekday and month columns) adds to each row."""
        return calendar @ self.coefficients[PERIODS:FRAME]

    def link(self, eta: Floats) -> Floats:
        return expit(eta) if self.logit else eta


def adjust(cells: Cells, *, logit: bool, least_dispersion: float = 1.0) -> Adjustment | None:
    """Fit the model to `cells` and take the difference B - A apart.

    Args:
        cells: rows with units, in all periods.
        logit: true for shares (0 <= sums <= units).
        least_dispersion: floor of a share's dispersion; the measure's design effect, which days cannot show.

    Returns:
        None where a period has nothing left to fit, or a share with under 5 successes or failures there.
    """
    cells = told_apart(cells, logit=logit)
    folding = fold(cells, logit=logit)
    aside = cells.terms[:, list(folding.aside)].max(axis=1, initial=0.0) > 0
    if not _can_fit(cells.only(~aside), logit):
        return None
    model = _fitted(cells, aside, folding, logit)
    subsets = _subsets(model)
    in_a = _values(model, subsets, A)
    values = _values(model, subsets, B) - in_a
    raw_a, raw_b = cells.rate(A), cells.rate(B)
    assert raw_a is not None and raw_b is not None
    values[-1] = raw_b - raw_a
    lines = np.zeros(len(LINES))
    lines[list(_players(model))] = shapley(values)
    return Adjustment(
        raw_a,
        raw_b,
        float(in_a[0]),
        float(in_a[0] + values[0]),
        lines,
        _named(model),
        model.folding,
        _uncertainty(model, cells, aside, least_dispersion),
    )


def _can_fit(cells: Cells, logit: bool) -> bool:
    for period in (A, B):
        rows = cells.period == period
        units, sums = float(cells.units[rows].sum()), float(cells.sums[rows].sum())
        if not units or (logit and min(sums, units - sums) < THIN_CASES):
            return False
    return True


def _fitted(cells: Cells, aside: Bools, folding: Folding, logit: bool) -> _Model:
    patterns, place = _patterns(cells)
    out = np.zeros(patterns.units.size, dtype=bool)
    out[place[aside]] = True
    usable = patterns.only(~out)
    frame = _frame(patterns)
    kept = _independent(frame[~out])
    folding = separate(folding, usable, frame[~out][:, kept])
    design = np.hstack([frame, folding.covariates(patterns.terms)])
    columns = np.append(kept, np.arange(frame.shape[1], design.shape[1]))
    found = fit(design[~out][:, columns], usable.units, usable.sums, logit=logit, periods=2)
    coefficients = np.zeros(design.shape[1])
    coefficients[columns] = found.coefficients
    inverse = np.zeros((design.shape[1], design.shape[1]))
    inverse[np.ix_(columns, columns)] = found.inverse
    strata, mix = _common_mix(usable, frame[~out])
    scopes = (usual(usable, A), usual(usable, B))
    return _Model(patterns, place, out, design, coefficients, inverse, strata, mix, scopes, folding, logit)


def _frame(cells: Cells) -> Floats:
    """One column a period, a weekday, a month and a scope."""
    levels = ((cells.period, PERIODS), (cells.weekday, 7))
    dummies = [(column[:, None] == np.arange(size)).astype(float) for column, size in levels]
    months = np.where(cells.half[:, None] >= 0, MONTHS_OF_HALF[cells.half], 0.0)
    return np.hstack([*dummies, months, cells.within])


def _independent(frame: Floats) -> Ints:
    """The columns that say something the columns before them do not; the periods come first and stay."""
    own = np.abs(np.diagonal(triangle(frame)))
    return np.flatnonzero(own > 1e-9 * own.max())


def _patterns(cells: Cells) -> tuple[Cells, Ints]:
    """Rows with the same covariates summed (two years of days make some sixty), and each row's place among them."""
    held = np.hstack([cells.terms, cells.within, cells.felt])
    keys = np.column_stack([cells.period, cells.weekday, cells.half, held])
    if held.shape[1] <= MOST_BITS and ((held == 0) | (held == 1)).all():
        bits = held.astype(np.int64) @ (1 << np.arange(held.shape[1]))
        keys = cells.weekday + 1 + 8 * (cells.half + 1 + (HALVES + 1) * (cells.period + PERIODS * bits))
        _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    else:
        _, first, place = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    place = place.ravel()
    one = cells.only(first)
    return replace(one, units=total(place, cells.units), sums=total(place, cells.sums), day=None), place


def _common_mix(cells: Cells, frame: Floats) -> tuple[Floats, Floats]:
    """Weekdays and months of A's and B's normal days (all days where none is normal), with their share of volume."""
    both = cells.period != OTHER
    normal = both & ~cells.terms.any(axis=1)
    rows = normal if normal.any() else both
    _, first, place = np.unique(cells.half[rows] * 8 + cells.weekday[rows], return_index=True, return_inverse=True)
    volume = total(place, cells.units[rows])
    return frame[rows][first, PERIODS:FRAME], volume / volume.sum()


def _players(model: _Model) -> tuple[int, ...]:
    """The lines that could be other than zero: kinds of event with units in A or B, and weekdays."""
    compared = model.patterns.period != OTHER
    active = {int(FACTOR_OF[term]) for term in np.flatnonzero(model.patterns.terms[compared].any(axis=0))}
    active |= {int(factor) for factor in np.flatnonzero(model.patterns.felt[compared].any(axis=0))}
    return (*sorted(active), *((WEEKDAY,) if model.mix.size > 1 else ()))


def _subsets(model: _Model) -> Bools:
    """Which lines are on (subsets x LINES), each subset of the players in the order that `shapley` wants."""
    players = list(_players(model))
    subset = np.arange(1 << len(players))
    on = np.zeros((subset.size, len(LINES)), dtype=bool)
    on[:, players] = subset[:, None] >> np.arange(len(players)) & 1
    return on


def _values(model: _Model, on: Bools, period: int) -> Floats:
    """The period's figure with only the lines `on` at work, for each row of `on`; none: the adjusted figure."""
    rows = model.patterns.period == period
    patterns, out = model.patterns.only(rows), model.aside[rows]
    terms = patterns.terms * on[:, None, FACTOR_OF]
    covariates = model.folding.covariates(terms.reshape(-1, len(TERMS)))
    eta = model.coefficients[period] + (covariates @ model.effects).reshape(len(on), -1)
    means = np.empty_like(eta)
    own, kept = on[:, WEEKDAY], as_they_came(patterns.felt > 0, on)
    each_day = model.at(model.design[rows][:, PERIODS:FRAME])[:, None]
    for chosen, calendar, mix in ((own, each_day, np.ones(1)), (~own, model.at(model.strata)[None], model.mix)):
        means[chosen] = _over(model, period, eta[chosen], kept[chosen], patterns.within, calendar, mix)
    # where a thin kind's days left the fit, what was seen there is that kind's effect
    seen = out & terms[:, :, list(model.folding.aside)].any(axis=2)
    means = np.where(seen, patterns.sums / patterns.units, means)
    return np.asarray(means @ patterns.units / patterns.units.sum(), dtype=float)


def _over(
    model: _Model, period: int, eta: Floats, kept: Bools, within: Floats, calendar: Floats, mix: Floats
) -> Floats:
    """Rows' means (subsets x rows) over the days of `calendar`, in their own scopes where `kept`, else in the usual."""
    own = model.link((eta + model.inside(within))[..., None] + calendar) @ mix
    if kept.all():
        return np.asarray(own, dtype=float)
    scopes, shares = model.usual[period]
    ordinary = model.link(eta[..., None, None] + model.inside(scopes)[:, None] + calendar[:, None, :]) @ mix @ shares
    return np.where(kept, own, ordinary)


def _named(model: _Model) -> dict[str, float]:
    names = {"a": float(model.coefficients[A]), "b": float(model.coefficients[B])}
    for term, column in enumerate(model.folding.column):
        if column >= 0:
            names[TERMS[term]] = float(model.effects[column])
    return names


def _uncertainty(model: _Model, cells: Cells, aside: Bools, least: float) -> Uncertainty:
    """How far what remains may be off."""
    rows = cells.only(~aside)
    place = model.place[~aside]
    means = model.link(model.design @ model.coefficients)[place]
    weight = rows.units * (means * (1 - means) if model.logit else 1.0)
    used = np.diagonal(model.inverse) > 0
    return uncertainty(
        Residuals(rows.sums - rows.units * means, weight, model.design[place][:, used], rows.day),
        model.inverse[np.ix_(used, used)],
        _gradient(model)[used],
        least_dispersion=max(1.0, least) if model.logit else 0.0,
        step=1 if rows.weekday.max(initial=-1) >= 0 else 7,
    )


def _gradient(model: _Model) -> Floats:
    """Of adjusted B - adjusted A by the coefficients, the common mix of days and each period's of scopes held fixed."""
    gradient = np.zeros(model.coefficients.size)
    for period, sign in ((A, -1.0), (B, 1.0)):
        scopes, shares = model.usual[period]
        means = model.link(model.coefficients[period] + model.inside(scopes)[:, None] + model.at(model.strata))
        slope = shares[:, None] * model.mix * (means * (1 - means) if model.logit else 1.0)
        gradient[period] += sign * slope.sum()
        gradient[PERIODS:FRAME] += sign * slope.sum(axis=0) @ model.strata
        gradient[FRAME : model.events] += sign * slope.sum(axis=1) @ scopes
    return gradient


assert len(FACTORS) == WEEKDAY
