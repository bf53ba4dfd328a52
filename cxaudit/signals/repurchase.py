"""S3 Repurchase after a complaint: do those who complained buy again, beside comparable customers who did not?

Measures: repurchase.complainers.30d|90d · the same .km · repurchase.controls.30d|90d · repurchase.gap.30d|90d ·
repurchase.after_contact.30d|90d.
Unit: a customer with an eligible order before the index; index is the first complaint (any ticket for after_contact)
in the period; success is a later eligible order, not fully refunded, within the window. The share counts mature
customers only; Kaplan-Meier counts all, censored on the last day.
Needs: orders with a customer, tickets with a moment.
Excludes: customers with no earlier order (`excluded.no_earlier_order`); immature ones; out of the gap, complaints whose
order cannot be named (`excluded.no_order`).
Controls: eligible orders of customers without a complaint up to the pseudo-index, which is the order's moment plus a
lag drawn from the complainers' own lags in the same month × rank cell; at most one order per customer and cell;
standardised over month × value tercile × rank; a cell with under 5 controls drops the month, then the tercile. An
amount in another currency than the audit's is an unknown one.
Null: no complainer with an earlier order in the period.
Blind to: purchases elsewhere and under another identity; customers who left without complaining.
Source: direct standardisation (Rothman); Kaplan and Meier (1958); index-date bias as immortal time (Suissa 2008).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import NEVER, collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import next_of_firsts
from cxaudit.measure.gaps import Comparison, controls_measure, gap_measure
from cxaudit.measure.indexed import firsts, happened_within, mature, of_blocks, of_period
from cxaudit.measure.nearest import nearest
from cxaudit.measure.rates import Units, share
from cxaudit.measure.tables import DAY_US, Tables, not_computable
from cxaudit.measure.valued import value_bands
from cxaudit.measure.verdicts import FEW, maturity_refusal, single_verdict, source_refusals
from cxaudit.schema.results import Measure, Phrase, Result
from cxaudit.schema.settings import Settings
from cxaudit.stats.intervals import Interval, known
from cxaudit.stats.standardisation import Cell, Tally
from cxaudit.stats.survival import kaplan_meier

WINDOWS = (30, 90)
SOURCES = ("orders", "tickets")
POOLED_UNDER = 5
TREND_GAP = 0.03
CURVE_DAYS = 180
CELLS = 10**9  # beyond the number of any month × rank × value band


def _keys(*families: str) -> tuple[str, ...]:
    return tuple(f"repurchase.{family}.{h}d" for family in families for h in WINDOWS)


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """All repurchase measures: raw, Kaplan-Meier, controls and gap, and after any contact."""
    tickets = tables["tickets"].filter(nw.col("eligible"))
    complaints = tickets.filter(nw.col("complaint"))
    yield from _shares("complainers", complaints, tables)
    yield from _shares("after_contact", tickets, tables)
    yield from _gaps(complaints, tables, settings)


# ---- the rates ----------------------------------------------------------------------------------------------------


def customers_after(rows: nw.LazyFrame[Any], tables: Tables) -> nw.DataFrame[Any]:
    """Customers by their first row of `rows` in the period and in each block, with `earlier` and `next`."""
    orders = tables["orders"].filter(nw.col("eligible") & ~nw.col("customer").is_null())
    index = firsts(rows, tables, ("reason", "channel", "scope"))
    debut = orders.group_by("customer").agg(nw.col("t").min().alias("debut"))
    known = index.join(debut, on="customer", how="left")
    units = known.with_columns((nw.col("debut") < nw.col("t")).alias("earlier"))
    bought = orders.filter(~nw.col("refunded")).select("customer", "t")
    found = collect(units)
    return found.with_columns(nw.new_series("next", next_of_firsts(found, bought), nw.Int64, backend="polars"))


def _shares(family: str, rows: nw.LazyFrame[Any], tables: Tables) -> Iterable[Result]:
    everyone = customers_after(rows, tables)
    period = of_period(everyone)
    known = everyone.filter(nw.col("earlier"))
    excluded = {"no_earlier_order": len(period) - len(of_period(known))}
    cuts = tuple(cut for cut in ("reason", "channel") if tables.has(f"tickets.{cut}"))
    for h in WINDOWS:
        units = known.with_columns(happened_within("next", h).alias("success"), mature(h, tables).alias("mature"))
        frame, daily = of_period(units), of_blocks(units)
        base = share(
            f"repurchase.{family}.{h}d",
            Units(
                frame, SOURCES, excluded, cuts, daily=daily if len(daily) else None, notes=_all_tickets(tables, family)
            ),
            tables,
        )
        if family != "complainers":
            yield base
            continue
        survival = _survival(f"{base.key}.km", frame, h, tables)
        differs = None not in (base.value, survival.value) and abs(survival.value - base.value) > TREND_GAP  # type: ignore[operator]
        note = (Phrase.of("note.trend_differs", mature=base.value, km=survival.value),) if differs else ()
        yield replace(base, notes=(*base.notes, *note))
        yield survival


def _all_tickets(tables: Tables, family: str) -> tuple[Phrase, ...]:
    if family != "complainers" or tables.has("tickets.is_complaint|reason"):
        return ()
    return (Phrase.of("note.every_ticket_a_complaint"),)


def _survival(key: str, units: nw.DataFrame[Any], h: int, tables: Tables) -> Measure:
    day = units["day"].to_numpy().astype(np.int64)
    following = units["next"].to_numpy()
    bought = (following != NEVER) & (following // DAY_US <= tables.as_of)
    durations = np.where(bought, np.minimum(following // DAY_US, tables.as_of) - day, tables.as_of - day)
    curve = kaplan_meier(durations, bought)
    n = len(day)
    value, low, high = curve.event_share(h) if n else (np.nan,) * 3
    refusals = (*(("R1",) if n < FEW else ()), *source_refusals(tables, SOURCES))
    shown = [(int(d), curve.at(int(d))[0]) for d in curve.days if d <= CURVE_DAYS]
    return Measure(
        key,
        "share",
        float((bought & (durations <= h)).sum()),
        float(n),
        known(value),
        known(low),
        known(high),
        n_eff=float(n),
        deff=1.0,
        verdict=single_verdict(Interval(value, low, high, n), refusals),
        refusals=refusals,
        facts={"curve": tuple((d, 1 - s) for d, s in shown), "at_risk": float((durations >= h).sum())},
    )


# ---- the comparison ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Orders:
    """Eligible orders with a customer, sorted by moment then number, as parallel arrays; bands are of all orders."""

    frame: nw.DataFrame[Any]
    customer: NDArray[np.int32]
    t: NDArray[np.int64]
    month: NDArray[np.int32]
    rank: NDArray[np.int8]
    band: NDArray[np.int8]


def _orders(tables: Tables) -> Orders:
    valued = value_bands(tables)
    return Orders(valued, *(valued[name].to_numpy() for name in ("customer", "t", "month", "rank", "band")))


@dataclass(frozen=True)
class Cases:
    """The period's complainers with an earlier order: their order's place, the lag from it, the outcome."""

    place: NDArray[np.int64]
    lag: NDArray[np.int64]
    day: NDArray[np.int64]
    next_t: NDArray[np.int64]


def _cases(complaints: nw.LazyFrame[Any], orders: Orders, tables: Tables) -> Cases:
    index = collect(firsts(complaints, tables.undivided(), ("order",))).sort("customer")
    linked = orders.frame.select("order", "customer", nw.col("place").cast(nw.Int64).alias("linked"))
    linked = linked.join(index.select("order", "customer"), on=["order", "customer"], how="semi")
    linked = linked.sort("linked").unique(["order", "customer"], keep="first", maintain_order=True)
    units = index.join(linked, on=["order", "customer"], how="left").sort("customer")
    customer, t, day = (units[name].to_numpy() for name in ("customer", "t", "day"))
    last = nearest(customer, t, orders.customer, orders.t, after=False)
    own = units.with_columns(nw.coalesce("linked", nw.lit(-1)).alias("linked"))["linked"].to_numpy().astype(np.int64)
    place = np.where((own >= 0) & (orders.t[own] < t) if len(orders.t) else False, own, last)
    known = last >= 0
    following = _next_purchase(customer, t, orders)
    return Cases(place[known], t[known] - orders.t[place[known]], day[known].astype(np.int64), following[known])


def _next_purchase(customer: NDArray[np.int32], t: NDArray[np.int64], orders: Orders) -> NDArray[np.int64]:
    """The moment of each unit's next purchase strictly after `t`, `NEVER` where there is none."""
    bought = np.flatnonzero(~orders.frame["refunded"].to_numpy().astype(bool))
    place = nearest(customer, t, orders.customer[bought], orders.t[bought], after=True)
    return np.where(place >= 0, orders.t[bought][place] if len(bought) else NEVER, NEVER)


def _gaps(complaints: nw.LazyFrame[Any], tables: Tables, settings: Settings) -> Iterable[Result]:
    orders = _orders(tables)
    cases = _cases(complaints, orders, tables)
    if not len(cases.place):
        yield from not_computable(_keys("controls", "gap"), (), Phrase.of("not_computable.no_complainer"))
        return
    first_complaint = _first_complaint(complaints, orders)
    draws = np.random.default_rng(settings.seed).random(len(orders.t))
    for h in WINDOWS:
        comparison = _comparison(h, cases, orders, first_complaint, draws, tables, settings)
        yield controls_measure(f"repurchase.controls.{h}d", comparison)
        yield gap_measure(f"repurchase.gap.{h}d", comparison)


def _first_complaint(complaints: nw.LazyFrame[Any], orders: Orders) -> NDArray[np.int64]:
    """The moment of the first complaint ever of each order's customer, `NEVER` where there is none."""
    first = collect(complaints.filter(~nw.col("customer").is_null()).group_by("customer").agg(nw.col("t").min()))
    joined = orders.frame.select("customer", "place").join(first, on="customer", how="left").sort("place")
    return joined.with_columns(nw.coalesce("t", nw.lit(NEVER)).alias("t"))["t"].to_numpy()


def _comparison(
    h: int,
    cases: Cases,
    orders: Orders,
    first_complaint: NDArray[np.int64],
    draws: NDArray[np.float64],
    tables: Tables,
    settings: Settings,
) -> Comparison:
    ripe = cases.day + h <= tables.as_of
    place, lag = cases.place[ripe], cases.lag[ripe]
    success = _within(cases.next_t[ripe], cases.day[ripe], h)
    pseudo = orders.t + _drawn_lags(orders, place, lag, draws)
    day = pseudo // DAY_US
    inside = (day >= tables.period.first) & (day <= tables.period.last) & (day + h <= tables.as_of)
    # A complaint at the pseudo-index itself is a case's own: nobody is their own control.
    chosen = np.flatnonzero(inside & (first_complaint > pseudo))
    chosen = _one_per_customer_and_cell(chosen, orders, draws)
    bought = _within(_next_purchase(orders.customer[chosen], pseudo[chosen], orders), day[chosen], h)
    immature = int((~ripe).sum())
    basket = _baskets(orders.customer[place[success]], cases.next_t[ripe][success], orders)
    return Comparison(
        cases=_tallies(orders, place, success),
        controls=_tallies(orders, chosen, bought),
        materiality=settings.materiality.default,
        refusals=(*maturity_refusal(float(ripe.sum()), immature), *source_refusals(tables, SOURCES)),
        excluded={"immature": immature},
        facts={
            "mature": int(ripe.sum()),
            "priced": int((~orders.frame["elsewhere"].to_numpy()[place]).sum()),
            **basket,
            "controls_raw": float(bought.mean()) if len(bought) else None,
        },
    )


def _within(following: NDArray[np.int64], day: NDArray[np.int64], h: int) -> NDArray[np.bool_]:
    return (following != NEVER) & (following // DAY_US <= day + h)


def _drawn_lags(
    orders: Orders, place: NDArray[np.int64], lag: NDArray[np.int64], draws: NDArray[np.float64]
) -> NDArray[np.int64]:
    """A lag for each order, drawn from the complainers' lags of its month × rank, pooled where those are under five."""
    everyone = np.sort(lag)
    cell = orders.month * 10 + orders.rank
    drawn = everyone[(draws * len(everyone)).astype(np.int64)] if len(everyone) else np.zeros(len(cell), np.int64)
    for name in np.unique(cell[place]):
        own = np.sort(lag[cell[place] == name])
        if len(own) >= POOLED_UNDER:
            here = cell == name
            drawn[here] = own[(draws[here] * len(own)).astype(np.int64)]
    return drawn


def _one_per_customer_and_cell(
    chosen: NDArray[np.int64], orders: Orders, draws: NDArray[np.float64]
) -> NDArray[np.int64]:
    ordered = chosen[np.argsort(draws[chosen], kind="stable")]
    cell = (orders.month[ordered] * 10 + orders.rank[ordered]) * 10 + orders.band[ordered] + 1
    _, first = np.unique(orders.customer[ordered].astype(np.int64) * CELLS + cell, return_index=True)
    return np.sort(ordered[first])


def _tallies(orders: Orders, place: NDArray[np.int64], success: NDArray[np.bool_]) -> dict[Cell, Tally]:
    """Units and successes by (month, value band, rank)."""
    code = (orders.month[place] * 10 + orders.band[place] + 1) * 10 + orders.rank[place]
    names, inverse = np.unique(code, return_inverse=True)
    units, wins = np.bincount(inverse, minlength=len(names)), np.bincount(inverse, success, len(names))
    return {
        (int(name) // 100, int(name) // 10 % 10 - 1, int(name) % 10): Tally(float(n), float(y))
        for name, n, y in zip(names, units, wins, strict=True)
    }


def _baskets(customer: NDArray[np.int32], following: NDArray[np.int64], orders: Orders) -> dict[str, float | None]:
    """The mean amount of the complainers' first reorders within the window, with its standard error."""
    place = nearest(customer, following - 1, orders.customer, orders.t, after=True)
    amounts = orders.frame["amount"].to_numpy().astype(float)[place]
    known = np.sort(amounts[~np.isnan(amounts)])
    n = len(known)
    return {
        "basket": float(known.mean()) if n else None,
        "basket_se": float(known.std(ddof=1) / n**0.5) if n > 1 else None,
        "baskets": n,
    }


SIGNAL = Signal(
    "repurchase",
    (
        *_keys("complainers", "controls", "gap", "after_contact"),
        "repurchase.complainers.30d.km",
        "repurchase.complainers.90d.km",
    ),
    ("orders.ordered_at", "orders.customer_email|customer_id", "tickets.created_at"),
    measure,
)
