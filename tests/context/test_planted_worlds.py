"""Worlds that the model was not drawn up on: what was planted lies within the intervals as often as they promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from context_days import event, measure
from numpy.typing import NDArray
from scipy.stats import binom

from cxaudit.context import compare
from cxaudit.context.glm import expit
from cxaudit.schema.days import day_number
from cxaudit.schema.results import Adjusted, Daily, Event, Measure, Span
from cxaudit.schema.settings import Settings

Floats = NDArray[np.float64]
FIRST, LAST = date(2023, 3, 6), date(2025, 6, 30)
A, B = Span(date(2024, 4, 1), date(2024, 6, 30)), Span(date(2025, 4, 1), date(2025, 6, 30))
DAYS = np.arange(day_number(FIRST), day_number(LAST) + 1)
WORLDS = 120
# Out of so many intervals of 95 %, fewer than this hold the truth once in a thousand.
FEWEST = int(binom.ppf(0.001, WORLDS, 0.95))
RISE = 0.16


def during(first: date, last: date) -> Floats:
    return ((day_number(first) <= DAYS) & (day_number(last) >= DAYS)).astype(float)


SALE = event("promotion", date(2025, 5, 2), date(2025, 5, 18))
SALE_BEFORE = event("promotion", date(2024, 5, 3), date(2024, 5, 12))
OUTAGE = event("incident", date(2024, 6, 3), date(2024, 6, 12))
SHORT = event("incident", date(2025, 6, 2), date(2025, 6, 7))
SPRING = event("launch", date(2025, 4, 14), date(2025, 4, 27))
EVENTS = (SALE, SALE_BEFORE, OUTAGE, SHORT, SPRING)
LIFT = {"promotion": -0.25, "incident": 0.8, "launch": 0.35}
VOLUME = {"promotion": 1.9, "incident": 0.8, "launch": 1.2}


def ordinary() -> tuple[Floats, Floats]:
    """Volume and logit of ordinary days: a weekday shop's week, two swings a year, a rate of about a third."""
    weekday = (DAYS + 3) % 7
    year = 2 * np.pi * DAYS / 365.25
    volume = 60 * np.array([1.4, 1.2, 1.1, 1.0, 0.9, 0.4, 0.5])[weekday] * np.exp(0.3 * np.sin(year))
    eta = (
        -0.6 + np.array([0.2, 0.0, -0.1, 0.0, 0.0, 0.25, 0.3])[weekday] + 0.12 * np.sin(year) + 0.06 * np.cos(2 * year)
    )
    return volume, eta + RISE * during(B.first, B.last)


def lived(events: tuple[Event, ...]) -> tuple[Floats, Floats]:
    volume, eta = ordinary()
    for one in events:
        on = during(one.starts_on, one.ends_on)
        volume, eta = volume * VOLUME[one.kind] ** on, eta + LIFT[one.kind] * on
    return volume, eta


def planted(link: Callable[[Floats], Floats]) -> float:
    """What B adds to ordinary days of both periods."""
    volume, eta = ordinary()
    both = (during(A.first, A.last) + during(B.first, B.last)) > 0
    base = eta - RISE * during(B.first, B.last)
    return float(np.average((link(base + RISE) - link(base))[both], weights=volume[both]))


def share(seed: int) -> Measure:
    luck = np.random.default_rng([77, seed])
    volume, eta = lived(EVENTS)
    units = luck.poisson(volume)
    sums = luck.binomial(units, expit(eta))
    return measure(Daily(tuple(DAYS.tolist()), tuple(map(float, units)), tuple(map(float, sums))))


def minutes(eta: Floats) -> Floats:
    return 14.0 + 5 * eta


def mean(seed: int) -> Measure:
    """Minutes a case, skewed as such figures are."""
    luck = np.random.default_rng([78, seed])
    volume, eta = lived(EVENTS)
    units = luck.poisson(volume)
    sums = [float(luck.gamma(2.5, level / 2.5, n).sum()) for n, level in zip(units, minutes(eta), strict=True)]
    daily = Daily(tuple(DAYS.tolist()), tuple(map(float, units)), tuple(sums))
    return measure(daily, key="surface.handle_minutes.mean", unit="minutes")


def scoped_share(seed: int) -> Measure:
    """A third of the units go through the region that the incidents strike; the other events touch all."""
    luck = np.random.default_rng([79, seed])
    everywhere = tuple(one for one in EVENTS if one.kind != "incident")
    columns: list[list[float]] = [[], [], [], []]
    for mask, part, events in ((0, 2 / 3, everywhere), (1, 1 / 3, EVENTS)):
        volume, eta = lived(events)
        units = luck.poisson(part * volume)
        for column, values in zip(
            columns, (DAYS, units, luck.binomial(units, expit(eta)), mask + 0 * DAYS), strict=True
        ):
            column += values.tolist()
    days, units_, sums, masks = columns
    daily = Daily(tuple(map(int, days)), tuple(map(float, units_)), tuple(map(float, sums)), tuple(map(int, masks)))
    return measure(daily)


def levels_apart(seed: int) -> Measure:
    """The same region, which has more successes on every day, and half as many units again in its incidents."""
    luck = np.random.default_rng([80, seed])
    everywhere = tuple(one for one in EVENTS if one.kind != "incident")
    rows = []
    for mask, part, level, events in ((0, 2 / 3, -0.3, everywhere), (1, 1 / 3, 0.6, EVENTS)):
        volume, eta = lived(events)
        brought = 1 + mask * sum((during(one.starts_on, one.ends_on) for one in (OUTAGE, SHORT)), 0 * volume)
        units = luck.poisson(part * volume * brought)
        rows += list(zip(DAYS, units, luck.binomial(units, expit(eta + level)), mask + 0 * DAYS, strict=True))
    days, units_, sums, masks = (tuple(column.tolist()) for column in np.array(rows).T)
    return measure(Daily(days, tuple(map(float, units_)), tuple(map(float, sums)), masks))


def by_region(eta: Floats) -> Floats:
    return (2 * expit(eta - 0.3) + expit(eta + 0.6)) / 3


def compared(one: Measure, events: tuple[Event, ...] = EVENTS) -> Adjusted:
    chosen = Settings(compare=A, period=B)
    return compare({one.key: one}, events, chosen, as_of=LAST, data_first=FIRST).signals[one.key]


REGION = tuple(replace(one, scope="country=BE") if one.kind == "incident" else one for one in EVENTS)


@pytest.mark.parametrize(
    ("draw", "link", "events"),
    [
        (share, expit, EVENTS),
        (mean, minutes, EVENTS),
        (scoped_share, expit, REGION),
        (levels_apart, by_region, REGION),
    ],
    ids=["share", "mean", "scoped share", "levels apart"],
)
def test_what_was_planted_lies_within_the_interval_as_often_as_it_promises(
    draw: Callable[[int], Measure], link: Callable[[Floats], Floats], events: tuple[Event, ...]
) -> None:
    truth = planted(link)
    found = [compared(draw(seed), events) for seed in range(WORLDS)]
    assert all(one.facts["model"] == "daily" and one.rung == "F1" for one in found)
    assert sum((one.low or 0) <= truth <= (one.high or 0) for one in found) >= FEWEST
    spread = float(np.std([one.remaining or 0 for one in found]))
    assert np.mean([one.remaining or 0 for one in found]) == pytest.approx(truth, abs=4 * spread / WORLDS**0.5)
    for one in found:
        assert sum(one.lines.values()) + (one.remaining or 0) == pytest.approx(one.raw_diff, abs=1e-9)


def closed_on_sundays(seed: int) -> Measure:
    """No case on Sundays, and a launch that doubles the cases of its fortnight without moving their rate."""
    luck = np.random.default_rng([81, seed])
    volume, eta = ordinary()
    volume = volume * ((DAYS + 3) % 7 < 6) * (1 + during(SPRING.starts_on, SPRING.ends_on))
    units = luck.poisson(volume)
    sums = luck.binomial(units, expit(eta))
    return measure(Daily(tuple(DAYS.tolist()), tuple(map(float, units)), tuple(map(float, sums))))


def test_a_launch_that_brings_only_cases_explains_nothing() -> None:
    found = [compared(closed_on_sundays(seed), (SPRING,)) for seed in range(30)]
    assert abs(np.mean([one.lines["launch"] for one in found])) < 0.002
    assert sum((one.low or 0) <= planted(expit) <= (one.high or 0) for one in found) >= 26
    for one in found:
        assert sum(one.lines.values()) + (one.remaining or 0) == pytest.approx(one.raw_diff, abs=1e-9)


def test_each_kind_gets_the_sign_that_it_was_given() -> None:
    found = [compared(share(seed)).lines for seed in range(20)]
    lines = {kind: float(np.mean([one[kind] for one in found])) for kind in ("promotion", "incident", "launch")}
    # the outage was A's, and longer than B's short one: it made A look worse
    assert lines["promotion"] < 0 and lines["incident"] < 0 and lines["launch"] > 0
