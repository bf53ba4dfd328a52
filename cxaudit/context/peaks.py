"""Runs of days that stand out from a daily count's own level, up (peaks) or down (dips).

On log(y + 0.5): a centred rolling median of 91 days for the level and a median a weekday, worked out twice so that each
is free of the other. What is left is measured against its own spread (1.4826 x MAD) and the Poisson noise of the day's
level. Medians do not see peaks of a few weeks: the level is what the shop does on an ordinary day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WINDOW_DAYS = 91
LEAST_DAYS = 15
LEAST_SPREAD = 0.03
SEED, SEED_ALONE, REACH = 2.5, 3.5, 1.5
# (days, least sum of z over the root of days): weaker days that hold together
RUNS = ((3, 3.5), (7, 4.0))
RATIO = 1.2
GAP_DAYS = 2
MAD_TO_SD = 1.4826


@dataclass(frozen=True, slots=True)
class Run:
    """Days from `first` to `last` (places in the series) at `ratio` times their ordinary level."""

    first: int
    last: int
    ratio: float


@dataclass(frozen=True, slots=True)
class Level:
    """A series against its ordinary level, by day: log ratio, and how many standard deviations that is.

    `z_low` is for dips: small counts fall far on the log scale by luck alone (4 for 13 is 3.9 deviations there), so a
    day is as low as the kinder of the log and the square root says.
    """

    log_ratio: Floats
    z: Floats
    z_low: Floats


def level(counts: Floats, *, weekday_of_first: int, offset: Floats | None = None) -> Level | None:
    """The ordinary level of a daily count (its rate against exp(`offset`), if given) and how far each day lies from it.

    Returns:
        None under 15 days, where there is no level to speak of.
    """
    if counts.size < LEAST_DAYS:
        return None
    given = np.log(counts + 0.5) - (0.0 if offset is None else offset)
    weekday = (np.arange(counts.size) + weekday_of_first) % 7
    by_weekday = np.zeros(counts.size)
    for _ in range(2):
        rolling = pd.Series(given - by_weekday).rolling(WINDOW_DAYS, center=True, min_periods=LEAST_DAYS).median()
        slow = rolling.ffill().bfill().to_numpy(dtype=float)
        by_weekday = _weekday_medians(given - slow, weekday)
    usual = slow + by_weekday
    expected = np.exp(usual + (0.0 if offset is None else offset))
    left = given - usual
    noise = 1.0 / np.maximum(expected, 0.5)
    spread = MAD_TO_SD * float(np.median(np.abs(left - np.median(left))))
    own = max(spread**2 - float(np.median(noise)), 0.0)
    z = left / np.maximum(np.sqrt(own + noise), LEAST_SPREAD)
    root = 2 * (np.sqrt(counts + 0.375) - np.sqrt(expected + 0.375)) / np.sqrt(1 + own * expected)
    return Level(left, z, np.where(z < 0, np.maximum(z, root), z))


def peaks(found: Level) -> tuple[Run, ...]:
    """Runs of days above the level."""
    return _runs(found.log_ratio, found.z)


def dips(found: Level) -> tuple[Run, ...]:
    """Runs of days below the level; their ratio is under 1."""
    return tuple(Run(run.first, run.last, 1 / run.ratio) for run in _runs(-found.log_ratio, -found.z_low))


def _weekday_medians(left: Floats, weekday: NDArray[np.int64]) -> Floats:
    medians = np.array([np.median(left[weekday == day]) for day in range(7)])
    return medians[weekday]


def _runs(log_ratio: Floats, z: Floats) -> tuple[Run, ...]:
    seeds = _seeds(log_ratio, z)
    high = z >= REACH
    days = np.flatnonzero(_spread(seeds, high))
    if not days.size:
        return ()
    breaks = np.flatnonzero(np.diff(days) > GAP_DAYS + 1)
    groups = np.split(days, breaks + 1)
    return tuple(Run(int(g[0]), int(g[-1]), float(np.exp(log_ratio[g[0] : g[-1] + 1].mean()))) for g in groups)


def _seeds(log_ratio: Floats, z: Floats) -> Bools:
    """Days high enough to begin a run: by themselves, or together with their neighbours."""
    enough = log_ratio >= np.log(RATIO)
    near = np.convolve(z >= REACH, [1, 0, 1], mode="same") > 0
    seeds = enough & (((z >= SEED) & near) | (z >= SEED_ALONE))
    # capped, so that one great day does not carry the ordinary ones around it
    capped = np.minimum(z, SEED)
    for days, least in RUNS:
        if z.size < days:
            continue
        together = np.convolve(capped, np.ones(days), mode="valid") / np.sqrt(days) >= least
        ratio = np.convolve(log_ratio, np.ones(days), mode="valid") / days >= np.log(RATIO)
        for start in np.flatnonzero(together & ratio):
            window = slice(start, start + days)
            seeds[window] |= z[window] >= REACH
    return seeds


def _spread(seeds: Bools, high: Bools) -> Bools:
    """Seeds and the high days that touch them on either side."""
    held = seeds.copy()
    for step in (range(1, held.size), range(held.size - 2, -1, -1)):
        for day in step:
            beside = day - 1 if step.step > 0 else day + 1
            held[day] |= high[day] and held[beside]
    return held
