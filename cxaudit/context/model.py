"""What a figure would be in normal conditions: one model a measure, its lines, what remains and how sure that is.

Columns: one dummy a period (A, B, elsewhere; no intercept), one a kind of event, one for the fortnight after peaks and
after incidents, six weekday contrasts. Fitted on the whole history; no trend and no seasonal curve, because A is the
same months as B a year earlier and season cancels by design. With a dummy a period the model reproduces each raw figure
exactly, so that lines and remainder sum to the raw difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cxaudit.context.cells import FACTOR_OF, FACTORS, LINES, OTHER, TERMS, A, B, Cells, total, week_of
from cxaudit.context.folding import Folding, fold, separate
from cxaudit.context.glm import Fit, expit, fit
from cxaudit.context.shapley import shapley

Floats = NDArray[np.float64]

LAGS = 7
WEEKDAY = LINES.index("weekday")


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Both periods raw and in normal conditions, in the measure's own unit (shares 0-1).

    `lines` are in the order of `LINES`; `residuals` are per day, in standard deviations, beside `days`.
    """

    raw_a: float
    raw_b: float
    adjusted_a: float
    adjusted_b: float
    lines: Floats
    error: float
    freedom: float
    dispersion: float
    inflation: float
    coefficients: dict[str, float]
    folding: Folding
    days: NDArray[np.int64]
    residuals: Floats

    @property
    def remaining(self) -> float:
        return self.adjusted_b - self.adjusted_a

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of what remains."""
        reach = float(stats.t.ppf(0.975, self.freedom)) * self.error
        return self.remaining - reach, self.remaining + reach


@dataclass(frozen=True, slots=True)
class _Model:
    """A fitted model and what is needed to switch its factors on and off."""

    patterns: Cells
    place: NDArray[np.int64]
    aside: NDArray[np.bool_]
    weekdays: tuple[int, ...]
    mix: Floats
    folding: Folding
    others: int
    fitted: Fit
    logit: bool

    def period(self, which: int) -> float:
        return float(self.fitted.coefficients[which])

    @property
    def effects(self) -> Floats:
        """The coefficient of each event column."""
        return self.fitted.coefficients[self.others : self.others + self.folding.columns]

    @property
    def by_weekday(self) -> Floats:
        """The contrast of each weekday, 0 for the reference; a single 0 where weekdays play no part."""
        return np.append(0.0, self.fitted.coefficients[self.others + self.folding.columns :])

    def link(self, eta: Floats) -> Floats:
        return expit(eta) if self.logit else eta


def adjust(cells: Cells, *, logit: bool, least_dispersion: float = 1.0) -> Adjustment | None:
    """Fit the model to `cells` and take the difference B - A apart.

    Args:
        cells: rows with units, in all periods.
        logit: true for shares (0 <= sums <= units).
        least_dispersion: floor of a share's dispersion; the measure's design effect, which days cannot show.

    Returns:
        None where a period has nothing left to fit, or a share of 0 or 1 there.
    """
    folding = fold(cells, logit=logit)
    aside = cells.terms[:, list(folding.aside)].max(axis=1, initial=0.0) > 0
    if not _can_fit(cells.only(~aside), logit):
        return None
    model = _fitted(cells, aside, folding, logit)
    values = np.array([_value(model, on, B) - _value(model, on, A) for on in _subsets(model)])
    raw_a, raw_b = cells.rate(A), cells.rate(B)
    assert raw_a is not None and raw_b is not None
    values[-1] = raw_b - raw_a
    lines = np.zeros(len(LINES))
    lines[list(_players(model))] = shapley(values)
    none = np.zeros(len(LINES), dtype=bool)
    adjusted_a = _value(model, none, A)
    days, residuals, errors = _errors(model, cells, aside, least_dispersion)
    return Adjustment(
        raw_a,
        raw_b,
        adjusted_a,
        adjusted_a + float(values[0]),
        lines,
        *errors,
        _named(model),
        model.folding,
        days,
        residuals,
    )


def _can_fit(cells: Cells, logit: bool) -> bool:
    rates = [cells.rate(A), cells.rate(B)]
    return all(rate is not None and (not logit or 0 < rate < 1) for rate in rates)


def _fitted(cells: Cells, aside: NDArray[np.bool_], folding: Folding, logit: bool) -> _Model:
    patterns, place = _patterns(cells)
    out = np.zeros(patterns.units.size, dtype=bool)
    out[place[aside]] = True
    usable = patterns.only(~out)
    weekdays = tuple(int(day) for day in np.unique(usable.weekday))
    others = 3 if (usable.period == OTHER).any() else 2
    framed = np.hstack([_dummies(usable.period, tuple(range(others))), _dummies(usable.weekday, weekdays[1:])])
    folding = separate(folding, usable, framed)
    design = np.hstack([framed[:, :others], folding.covariates(usable.terms), framed[:, others:]])
    fitted = fit(design, usable.units, usable.sums, logit=logit, periods=others)
    return _Model(patterns, place, out, weekdays, _common_mix(usable, weekdays), folding, others, fitted, logit)


def _patterns(cells: Cells) -> tuple[Cells, NDArray[np.int64]]:
    """Rows with the same covariates summed (two years of days make some sixty), and each row's place among them."""
    keys = np.column_stack([cells.period, cells.weekday, cells.terms])
    if ((cells.terms == 0) | (cells.terms == 1)).all():
        bits = cells.terms @ (1 << np.arange(len(TERMS)))
        keys = bits + 64 * (cells.weekday + 1) + 512 * cells.period
        _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    else:
        _, first, place = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    units, sums = total(place, cells.units), total(place, cells.sums)
    return Cells(cells.period[first], cells.weekday[first], cells.terms[first], units, sums), place


def _dummies(column: NDArray[np.int64], levels: tuple[int, ...]) -> Floats:
    return (column[:, None] == np.array(levels, dtype=np.int64)).astype(float)


def _common_mix(cells: Cells, weekdays: tuple[int, ...]) -> Floats:
    """The share of each weekday in the volume of A's and B's normal days (of all their days where none is normal)."""
    both = cells.period != OTHER
    normal = both & ~cells.terms.any(axis=1)
    rows = normal if normal.any() else both
    volume = np.array([cells.units[rows & (cells.weekday == day)].sum() for day in weekdays])
    return volume / volume.sum()


def _players(model: _Model) -> tuple[int, ...]:
    """The lines that could be other than zero: kinds of event with units in A or B, and weekdays."""
    touched = model.patterns.terms[model.patterns.period != OTHER].any(axis=0)
    active = {int(FACTOR_OF[term]) for term in np.flatnonzero(touched)}
    return (*sorted(active), *((WEEKDAY,) if len(model.weekdays) > 1 else ()))


def _subsets(model: _Model) -> list[NDArray[np.bool_]]:
    """Which lines are on, for each subset of the players in the order that `shapley` wants."""
    players = _players(model)
    masks = []
    for subset in range(1 << len(players)):
        on = np.zeros(len(LINES), dtype=bool)
        on[[player for place, player in enumerate(players) if subset >> place & 1]] = True
        masks.append(on)
    return masks


def _value(model: _Model, on: NDArray[np.bool_], period: int) -> float:
    """The period's figure with only the lines `on` at work; none: the adjusted figure."""
    rows = model.patterns.period == period
    patterns, out = model.patterns.only(rows), model.aside[rows]
    terms = patterns.terms * on[FACTOR_OF]
    eta = model.period(period) + model.folding.covariates(terms) @ model.effects
    if on[WEEKDAY]:
        means = model.link(
            eta + model.by_weekday[np.searchsorted(model.weekdays, patterns.weekday) % len(model.weekdays)]
        )
    else:
        means = model.link(eta[:, None] + model.by_weekday) @ model.mix
    # where a thin kind's days left the fit, what was seen there is that kind's effect
    seen = out & terms[:, list(model.folding.aside)].any(axis=1)
    means = np.where(seen, patterns.sums / patterns.units, means)
    return float(means @ patterns.units / patterns.units.sum())


def _named(model: _Model) -> dict[str, float]:
    names = {"a": model.period(A), "b": model.period(B)}
    for term, column in enumerate(model.folding.column):
        if column >= 0:
            names[TERMS[term]] = float(model.effects[column])
    return names


def _errors(
    model: _Model, cells: Cells, aside: NDArray[np.bool_], least: float
) -> tuple[NDArray[np.int64], Floats, tuple[float, float, float, float]]:
    """Days, their residuals, and (standard error, degrees of freedom, dispersion, inflation) of what remains."""
    rows = cells.only(~aside)
    means = _row_means(model, aside)
    gap = rows.sums - rows.units * means
    spread = rows.units * (means * (1 - means) if model.logit else 1.0)
    spare = rows.units.size - model.fitted.coefficients.size
    dispersion = float((gap**2 / spread).sum()) / spare if spare > 0 else 1.0
    dispersion = max(1.0, least, dispersion) if model.logit else dispersion
    gradient = _gradient(model)
    lever = model.fitted.inverse @ gradient
    variance = dispersion * float(gradient @ lever)
    if rows.day is None:
        return np.array([], dtype=np.int64), np.array([]), (variance**0.5, float("inf"), dispersion, 1.0)
    step = 1 if rows.weekday.max(initial=-1) >= 0 else 7
    days, residuals = _by_day(rows.day, gap, spread * dispersion)
    inflation = _inflation(days // step, residuals)
    influence = gap * (_design(model) @ lever)[_usable_place(model, aside)]
    weeks = np.unique(week_of(rows.day), return_inverse=True)[1]
    count = int(weeks.max()) + 1
    clustered = count / max(count - 1, 1) * float((np.bincount(weeks, influence) ** 2).sum())
    error = max(variance * inflation, clustered) ** 0.5
    return days, residuals, (error, float(max(count - 8, 1)), dispersion, inflation)


def _usable_place(model: _Model, aside: NDArray[np.bool_]) -> NDArray[np.int64]:
    renumbered = np.cumsum(~model.aside) - 1
    return renumbered[model.place[~aside]]


def _row_means(model: _Model, aside: NDArray[np.bool_]) -> Floats:
    return model.fitted.means[_usable_place(model, aside)]


def _design(model: _Model) -> Floats:
    usable = model.patterns.only(~model.aside)
    return np.hstack(
        [
            _dummies(usable.period, tuple(range(model.others))),
            model.folding.covariates(usable.terms),
            _dummies(usable.weekday, model.weekdays[1:]),
        ]
    )


def _gradient(model: _Model) -> Floats:
    """Of adjusted B - adjusted A by the coefficients, the weekday mix held fixed."""
    gradient = np.zeros(model.fitted.coefficients.size)
    first = model.others + model.folding.columns
    for period, sign in ((A, -1.0), (B, 1.0)):
        means = model.link(model.period(period) + model.by_weekday)
        slope = model.mix * (means * (1 - means) if model.logit else 1.0)
        gradient[period] += sign * slope.sum()
        gradient[first:] += sign * slope[1:]
    return gradient


def _by_day(day: NDArray[np.int64], gap: Floats, spread: Floats) -> tuple[NDArray[np.int64], Floats]:
    days, place = np.unique(day, return_inverse=True)
    return days, np.bincount(place, gap) / np.sqrt(np.maximum(np.bincount(place, spread), 1e-300))


def _inflation(steps: NDArray[np.int64], residuals: Floats) -> float:
    """1 + 2 * sum over seven lags of (1 - l/15) * max(0, autocorrelation); days without units add nothing."""
    line = np.zeros(int(steps[-1] - steps[0]) + 1)
    line[steps - steps[0]] = residuals
    total = float(line @ line)
    if total <= 0:
        return 1.0
    lags = range(1, min(LAGS, line.size - 1) + 1)
    return 1.0 + 2.0 * sum((1 - lag / 15) * max(0.0, float(line[lag:] @ line[:-lag]) / total) for lag in lags)


assert len(FACTORS) == WEEKDAY
