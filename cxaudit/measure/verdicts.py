"""Verdicts and refusals in one place: what may be said of a figure, never more.

R1 too few · R2 under half of the units mature · R3 an event covers the period · R4 season not separable · R5 controls
too coarse or too few · R6 tone not validated · R7 tickets not linked · R8 a tool changed · R9 a source stops early or
begins late.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan

from cxaudit.measure.tables import Tables
from cxaudit.stats.intervals import Interval

FEW = 30
ENOUGH = 100
WIDEST_HALF = 0.10
LINKED = 0.80
MATURE = 0.50
STOPS_EARLY_DAYS = 14
BEGINS_LATE_DAYS = 14
ROWS_BY_CHANCE = 10
LABELLED = 100


def single_verdict(interval: Interval, refusals: Iterable[str] = (), widest: float = WIDEST_HALF) -> str:
    """`insufficient` under 30 effective units; `established` from 100 with a half-width of 10 points and no refusal."""
    if not interval.n_eff >= FEW:
        return "insufficient"
    sharp = interval.n_eff >= ENOUGH and interval.half_width <= widest
    return "established" if sharp and not tuple(refusals) else "indicative"


def difference_verdict(
    gap: Interval, n_eff: float, materiality: float, refusals: tuple[str, ...], widest: float = WIDEST_HALF
) -> tuple[str, tuple[str, ...]]:
    """The verdict on a difference and its refusals; `n_eff` is the smaller side's effective sample."""
    if not n_eff >= FEW or isnan(gap.value):
        return "insufficient", added(refusals, "R1")
    if refusals:
        return "withheld", refusals
    if not ((gap.low > 0 or gap.high < 0) and abs(gap.value) >= materiality):
        return "not demonstrated", refusals
    if n_eff < ENOUGH or gap.half_width > widest:
        return "withheld", ("R1",)
    return "demonstrated", refusals


def added(refusals: Iterable[str], *more: str) -> tuple[str, ...]:
    """Refusals in their order, each once."""
    return tuple(sorted({*refusals, *more}))


def source_refusals(tables: Tables, sources: Iterable[str]) -> tuple[str, ...]:
    """R7 for figures that stand on tickets whose customers are unknown, R9 for sources that stop early or begin late.

    `sources`: that of the units first, then those that tell what became of them.
    """
    names = tuple(sources)
    unlinked = "tickets" in names and tables.linked_share is not None and tables.linked_share < LINKED
    early = any(tables.as_of - tables.stops.get(name, tables.as_of) > STOPS_EARLY_DAYS for name in names)
    late = any(begins_late(tables, name, names[0]) for name in names)
    return tuple(code for code, stands in (("R7", unlinked), ("R9", early or late)) if stands)


def begins_late(tables: Tables, source: str, units: str = "orders", first: int | None = None) -> bool:
    """Whether `source` was not recorded yet from `first` on (default: of the period), or from the first of `units` on.

    Over 14 days, and longer than it takes to bring ten rows: a shorter silence may be chance.
    """
    if source not in tables.starts or units not in tables.starts:
        return False
    days = tables.stops[source] - tables.starts[source] + 1
    chance = ROWS_BY_CHANCE * days / max(tables.rows.get(source, 0), 1)
    since = max(tables.starts[units], tables.period.first if first is None else first)
    return tables.starts[source] - since > max(BEGINS_LATE_DAYS, chance)


def seen_from(tables: Tables, sources: Iterable[str]) -> int:
    """The day from which all of `sources` were recorded; of units before it nobody knows what became of them."""
    names = tuple(sources)
    late = (tables.starts[name] for name in names if begins_late(tables, name, names[0], tables.first))
    return max(late, default=tables.first)


def tone_refusals(tables: Tables, name: str = "negative") -> tuple[str, ...]:
    """R6 until a person has labelled 100 of the client's verbatims."""
    found = tables.facts.get("accuracy", {}).get(name)
    labelled = found.positives + found.negatives if found else 0
    return () if labelled >= LABELLED else ("R6",)


def maturity_refusal(mature: float, immature: float) -> tuple[str, ...]:
    """R2 where under half of the period's units have had their window."""
    return ("R2",) if immature and mature < MATURE * (mature + immature) else ()
