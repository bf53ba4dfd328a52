"""How far the context model may be trusted: simulated shops with a known truth.

    python bench/validity/context.py [--replicates 1000] [--write]

Prints the tables of `docs/validity-context.md`; `--write` puts them there, between its two marks. Everything is seeded:
replicate k of a row is always the same shop.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxaudit.context import compare
from cxaudit.context.cells import gather, timetable, week_of
from cxaudit.context.glm import expit
from cxaudit.context.model import adjust
from cxaudit.context.peaks import level, peaks
from cxaudit.schema.days import day_number
from cxaudit.schema.results import Adjusted, Daily, Event, Measure, Span
from cxaudit.schema.settings import Settings

Floats = NDArray[np.float64]

DOC = Path(__file__).parents[2] / "docs" / "validity-context.md"
MARKS = ("<!-- tables -->", "<!-- end of tables -->")
LAST = date(2026, 12, 31)
A, B = Span(date(2025, 10, 1), date(2025, 12, 31)), Span(date(2026, 10, 1), LAST)
VOLUME_BY_WEEKDAY = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.8, 0.6])
LOGIT_BY_WEEKDAY = np.array([0.10, 0.05, 0.0, 0.0, 0.0, -0.05, 0.10])
YEAR = 2 * np.pi / 365.25
CHRISTMAS_RUSH = date(2025, 12, 6)
CARRIER = "carrier=Colis"


def logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


@dataclass(frozen=True)
class Burst:
    """An event and what it does: volume times `volume`, logit plus `lift`, plus `after` in the fortnight after."""

    kind: str
    first: date
    days: int
    volume: float
    lift: float
    after: float = 0.0

    @property
    def event(self) -> Event:
        return Event(f"{self.kind} {self.first}", self.kind, self.first, self.first + timedelta(self.days - 1))


YEARLY = (
    Burst("peak", date(2025, 11, 24), 8, 2.2, 0.25, 0.10),
    Burst("peak", date(2026, 11, 23), 8, 2.8, 0.25, 0.10),
    Burst("launch", date(2025, 9, 10), 14, 1.3, 0.30),
    Burst("launch", date(2026, 10, 12), 14, 1.3, 0.30),
    Burst("incident", date(2026, 2, 10), 8, 1.2, 0.60, 0.30),
    Burst("incident", date(2026, 12, 4), 10, 1.4, 0.60, 0.30),
    Burst("promotion", date(2026, 1, 7), 28, 1.3, 0.10),
    Burst("promotion", date(2026, 6, 24), 28, 1.3, 0.10),
)


@dataclass(frozen=True)
class Laid:
    """A shop's course before luck: volume and logit, and both on ordinary days."""

    days: NDArray[np.int64]
    volume: Floats
    eta: Floats
    ordinary_volume: Floats
    ordinary_eta: Floats

    def truth(self, link: Callable[[Floats], Floats]) -> float:
        """The true difference B - A on ordinary days."""
        means = link(self.ordinary_eta)
        a, b = (_mean(means, self.ordinary_volume, _within(self.days, span)) for span in (A, B))
        return b - a


@dataclass(frozen=True)
class Drawn:
    """A measure drawn from a shop, the truth of its difference, and the events as they are declared."""

    measure: Measure
    truth: float
    events: list[Event]


@dataclass(frozen=True)
class Shop:
    """A simulated shop: its recontact rate is 20 % on an ordinary day, plus `rise` in B.

    `season` is the half-swing of the year on the logit (0.15: about 18 to 22 %); `luck` the standard deviation of what
    each week brings of its own, which no model knows of.
    """

    first: date
    per_day: float
    rise: float = 0.0
    luck: float = 0.0
    season: float = 0.15
    bursts: tuple[Burst, ...] = YEARLY

    def laid(self, random: np.random.Generator, bursts: Sequence[Burst]) -> Laid:
        """Volume and logit by day under `bursts`, and both on ordinary days."""
        days = np.arange(day_number(self.first), day_number(LAST) + 1)
        weekday = (days + 3) % 7
        swing = 0.25 * np.cos(YEAR * (days - day_number(CHRISTMAS_RUSH)))
        volume = self.per_day * VOLUME_BY_WEEKDAY[weekday] * np.exp(swing)
        eta = logit(0.2) + LOGIT_BY_WEEKDAY[weekday]
        eta = eta + self.season * np.cos(YEAR * (days - day_number(date(2025, 1, 15))))
        eta = eta + (logit(0.2 + self.rise) - logit(0.2)) * _within(days, B)
        ordinary = Laid(days, volume, eta, volume, eta)
        volume, eta = _under(bursts, days, volume, eta)
        week = week_of(days)
        eta = eta + random.normal(0, self.luck, week.max() - week.min() + 1)[week - week.min()]
        return replace(ordinary, volume=volume, eta=eta)

    def luck_of(self, seed: int) -> np.random.Generator:
        """Each row of the tables has draws of its own: one lot for all would make one row's luck that of all."""
        row = (
            self.first.toordinal(),
            *(round(1000 * part) for part in (self.per_day, self.rise, self.luck, self.season)),
        )
        return np.random.default_rng([*row, seed])

    def shares(self, seed: int) -> Drawn:
        """A share by day."""
        random = self.luck_of(seed)
        laid = self.laid(random, self.bursts)
        units = random.poisson(laid.volume)
        sums = random.binomial(units, expit(laid.eta))
        return _drawn(laid.days, units, sums, "share", laid.truth(expit), self.events)

    def scoped(self, seed: int) -> Drawn:
        """A share by day and carrier: incidents touch one carrier's half of the units alone, and say so."""
        random = self.luck_of(seed)
        incidents = [burst for burst in self.bursts if burst.kind == "incident"]
        laid = self.laid(random, [burst for burst in self.bursts if burst.kind != "incident"])
        struck = _under(incidents, laid.days, laid.volume / 2, laid.eta)
        units = [random.poisson(volume) for volume in (laid.volume / 2, struck[0])]
        sums = [random.binomial(n, expit(eta)) for n, eta in zip(units, (laid.eta, struck[1]), strict=True)]
        events = [replace(event, scope=CARRIER) if event.kind == "incident" else event for event in self.events]
        both = np.concatenate([laid.days, laid.days])
        mask = (0,) * laid.days.size + (1,) * laid.days.size
        return _drawn(both, np.concatenate(units), np.concatenate(sums), "share", laid.truth(expit), events, mask)

    def means(self, seed: int) -> Drawn:
        """Hours by day, 10 on an ordinary one with a deviation of 8 a case: the logit's course, eight hours a unit."""
        random = self.luck_of(seed)
        laid = self.laid(random, self.bursts)
        units = random.poisson(laid.volume)
        sums = units * hours(laid.eta) + random.normal(0, 8, units.size) * np.sqrt(units)
        return _drawn(laid.days, units, sums, "hours", laid.truth(hours), self.events)

    @property
    def events(self) -> list[Event]:
        return [burst.event for burst in self.bursts]

    def compared(self, seed: int, settings: Settings | None = None, kind: str = "shares") -> tuple[Adjusted, float]:
        drawn: Drawn = getattr(self, kind)(seed)
        chosen = settings or Settings(compare=A, period=B)
        one = drawn.measure
        context = compare({one.key: one}, drawn.events, chosen, as_of=LAST, data_first=self.first)
        return context.signals[one.key], drawn.truth


def hours(eta: Floats) -> Floats:
    return np.asarray(10 + 8 * (eta - logit(0.2)), dtype=float)


def _under(bursts: Sequence[Burst], days: NDArray[np.int64], volume: Floats, eta: Floats) -> tuple[Floats, Floats]:
    """Volume and logit with the bursts at work."""
    for burst in bursts:
        place = days - day_number(burst.first)
        during, after = (place >= 0) & (place < burst.days), (place >= burst.days) & (place < burst.days + 14)
        volume = np.where(during, volume * burst.volume, volume)
        eta = eta + burst.lift * during + burst.after * after
    return volume, eta


def _drawn(
    days: NDArray[np.int64],
    units: NDArray[np.int64],
    sums: Floats | NDArray[np.int64],
    unit: str,
    truth: float,
    events: list[Event],
    scopes: tuple[int, ...] = (),
) -> Drawn:
    daily = Daily(tuple(days.tolist()), tuple(map(float, units)), tuple(map(float, sums)), scopes)
    key = "recontact.orders.30d" if unit == "share" else "surface.first_reply_hours.mean"
    return Drawn(Measure(key, unit, float(sums.sum()), float(units.sum()), None, daily=daily), truth, events)


def _within(days: NDArray[np.int64], span: Span) -> NDArray[np.bool_]:
    return (days >= day_number(span.first)) & (days <= day_number(span.last))


def _mean(values: Floats, weights: Floats, rows: NDArray[np.bool_]) -> float:
    return float(np.average(values[rows], weights=weights[rows])) if rows.any() else float("nan")


def raw_alarm(record: Adjusted) -> bool:
    """Whether two raw rates compared as if nothing else had happened would look different (two-proportion z)."""
    a, b = record.raw_a or 0.0, record.raw_b or 0.0
    spread = a * (1 - a) / record.facts["units_a"] + b * (1 - b) / record.facts["units_b"]
    return abs(b - a) > 1.96 * spread**0.5


HEAD = (
    "| history | tickets a day | true change | weekly luck | bias | coverage | demonstrated | raw alarms |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)
MONTHS = ((date(2025, 1, 1), 24), (date(2025, 7, 1), 18))


def coverage_rows(replicates: int) -> Iterator[str]:
    yield from HEAD
    for luck in (0.0, 0.08):
        for first, months in MONTHS:
            for per_day in (3.5, 20, 100, 400):
                for rise in (0.0, 0.02):
                    yield _coverage(Shop(first, per_day, rise, luck), months, replicates)


def flat_rows(replicates: int) -> Iterator[str]:
    """The same without a season of the rate: what is left above 95 % where weeks have no luck."""
    yield from HEAD
    for first, months in MONTHS:
        for per_day in (100, 400):
            yield _coverage(Shop(first, per_day, season=0.0), months, replicates)


def scoped_rows(replicates: int) -> Iterator[str]:
    yield from HEAD
    yield from _two_years(replicates, "scoped")


def mean_rows(replicates: int) -> Iterator[str]:
    yield from HEAD
    yield from _two_years(replicates, "means")


def _two_years(replicates: int, kind: str) -> Iterator[str]:
    for luck in (0.0, 0.08):
        for per_day in (20, 100, 400):
            for rise in (0.0, 0.02):
                yield _coverage(Shop(date(2025, 1, 1), per_day, rise, luck), 24, replicates, kind)


def _coverage(shop: Shop, months: int, replicates: int, kind: str = "shares") -> str:
    found = [shop.compared(seed, kind=kind) for seed in range(replicates)]
    unit, size = ("h", 1) if kind == "means" else ("pt", 100)
    bias = size * np.mean([(one.remaining or 0) - truth for one, truth in found])
    held = np.mean([(one.low or 0) <= truth <= (one.high or 0) for one, truth in found])
    told = np.mean([one.verdict == "demonstrated" for one, _ in found])
    raw = "" if kind == "means" else f"{np.mean([raw_alarm(one) for one, _ in found]):.1%}"
    change = size * float(np.mean([truth for _, truth in found])) if kind == "means" else size * shop.rise
    shown = f"{change:+.2f} h" if kind == "means" else f"{change:+.0f} pt"
    return (
        f"| {months} months | {shop.per_day} | {shown} | {shop.luck} | {bias:+.2f} {unit} | {held:.1%} | {told:.1%} "
        f"| {raw} |"
    )


def month_rows(replicates: int) -> Iterator[str]:
    """The same shops fitted without the months of the year."""
    yield "| tickets a day | bias with months (pt) | bias without (pt) | mean error with | mean error without |"
    yield "|---:|---:|---:|---:|---:|"
    for per_day in (20, 100, 400):
        shop = Shop(date(2025, 1, 1), per_day)
        plan = timetable([burst.event for burst in YEARLY], (), day_number(shop.first), day_number(LAST))
        gaps: dict[bool, list[float]] = {True: [], False: []}
        errors: dict[bool, list[float]] = {True: [], False: []}
        for seed in range(replicates):
            drawn = shop.shares(seed)
            assert drawn.measure.daily
            for months in (True, False):
                found = adjust(gather(drawn.measure.daily, plan, A, B, day_number(LAST), months=months), logit=True)
                assert found
                gaps[months].append(100 * (found.remaining - drawn.truth))
                errors[months].append(100 * found.uncertainty.error)
        yield (
            f"| {per_day} | {np.mean(gaps[True]):+.2f} | {np.mean(gaps[False]):+.2f} "
            f"| {np.mean(errors[True]):.2f} | {np.mean(errors[False]):.2f} |"
        )


def refusal_rows(replicates: int) -> Iterator[str]:
    yield "| case | replicates | verdict withheld | refusals |"
    yield "|---|---:|---:|---|"
    half_year = Shop(date(2026, 7, 1), 100, 0.02, bursts=())
    cases: dict[str, Callable[[int], Adjusted]] = {
        "6 months of history, two quarters compared": lambda seed: half_year.compared(
            seed, Settings(compare=Span(date(2026, 7, 1), date(2026, 9, 30)), period=B)
        )[0],
        "15 months of history": lambda seed: Shop(date(2025, 10, 1), 100, 0.02).compared(seed)[0],
        "an incident over 80 % of B": lambda seed: Shop(
            date(2025, 1, 1), 100, bursts=(Burst("incident", B.first, 74, 1.0, 0.3),)
        ).compared(seed)[0],
        "December against August": lambda seed: Shop(date(2025, 1, 1), 100).compared(
            seed, Settings(compare=Span(date(2026, 8, 1), date(2026, 8, 31)), period=Span(date(2026, 12, 1), LAST))
        )[0],
    }
    for name, case in cases.items():
        found = [case(seed) for seed in range(replicates)]
        held = np.mean([one.verdict == "withheld" for one in found])
        codes = sorted({code for one in found for code in one.refusals})
        yield f"| {name} | {replicates} | {held:.1%} | {', '.join(codes)} |"


def peak_rows(replicates: int) -> Iterator[str]:
    yield "| orders a day | daily unrest | lift | peaks planted | precision | recall | recall, 3 days and more |"
    yield "|---:|---:|---|---:|---:|---:|---:|"
    for per_day, unrest, lifts in (
        (100, 0.05, (1.6, 2.5)),
        (100, 0.10, (1.6, 2.5)),
        (100, 0.20, (1.6, 2.5)),
        (30, 0.10, (1.6, 2.5)),
        (1000, 0.10, (1.6, 2.5)),
        (100, 0.10, (1.3, 1.6)),
    ):
        shops = [_one_year_of_orders(seed, per_day, unrest, lifts) for seed in range(replicates)]
        right = sum(sum(good) for good, _, _ in shops)
        wrong = sum(good.count(False) for good, _, _ in shops)
        hits = [hit for _, seen, _ in shops for hit in seen]
        long = [hit for _, seen, days in shops for hit, size in zip(seen, days, strict=True) if size >= 3]
        yield (
            f"| {per_day} | {unrest} | ×{lifts[0]} to ×{lifts[1]} | {len(hits)} | {right / max(right + wrong, 1):.1%} "
            f"| {np.mean(hits):.1%} | {np.mean(long):.1%} |"
        )


def _one_year_of_orders(
    seed: int, per_day: float, unrest: float, lifts: tuple[float, float]
) -> tuple[list[bool], list[bool], list[int]]:
    """Whether each detected run is right, whether each planted peak was seen, and the peaks' lengths in days."""
    random = np.random.default_rng(seed)
    place = np.arange(730)
    mean = per_day * VOLUME_BY_WEEKDAY[place % 7] * np.exp(0.25 * np.cos(YEAR * (place - 340)) + 0.0003 * place)
    mean = mean * np.exp(random.normal(0, unrest, 730))
    planted = []
    for start in (60, 170, 290, 400, 520, 640):
        first = start + int(random.integers(-20, 20))
        planted.append((first, first + int(random.integers(0, 14))))
        mean[first : planted[-1][1] + 1] *= random.uniform(*lifts)
    found = level(random.poisson(mean).astype(float), weekday_of_first=0)
    runs = peaks(found) if found else ()
    good = [any(run.first <= last and run.last >= first for first, last in planted) for run in runs]
    seen = [any(run.first <= last and run.last >= first for run in runs) for first, last in planted]
    return good, seen, [last - first + 1 for first, last in planted]


def tables(replicates: int) -> str:
    parts = (
        ("Bias, coverage, verdicts", coverage_rows(replicates)),
        ("Without a season", flat_rows(replicates)),
        ("An incident of one carrier, declared with its scope", scoped_rows(replicates)),
        ("A mean (hours to the first reply)", mean_rows(replicates)),
        ("What the months of the year are for", month_rows(replicates // 5)),
        ("Refusals", refusal_rows(max(replicates // 20, 20))),
        ("Peaks of orders", peak_rows(max(replicates // 10, 20))),
    )
    return "\n\n".join(f"### {title}\n\n" + "\n".join(rows) for title, rows in parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    made = tables(given.replicates)
    print(made)
    if given.write:
        text = DOC.read_text("utf-8")
        before, rest = text.split(MARKS[0])
        DOC.write_text(f"{before}{MARKS[0]}\n\n{made}\n\n{MARKS[1]}{rest.split(MARKS[1])[1]}", "utf-8")


if __name__ == "__main__":
    main()
