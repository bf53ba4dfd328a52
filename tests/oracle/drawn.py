"""Repurchase gaps where complaints come whenever they come: each control draws its lag, as the definitions say.

The draw is the audit's own: one number a customer's order, in the order of moment and order number, from the seed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from oracle import Figure, Row, World, within
from standardised import Cell, control_figure, gap_figure, order_ranks, standardised, tercile_of

POOLED_UNDER = 5


def repurchase_gap(w: World) -> dict[str, Figure]:
    """Controls and gaps at 30 and 90 days."""
    made: dict[str, Figure] = {}
    if not w.has("orders", "ordered_at") or not w.tickets:
        return made
    bought = [o for o in w.orders if o["who"]]
    draws = np.random.default_rng(w.settings.seed).random(len(bought))
    band, rank = tercile_of(w), order_ranks(w)

    def cell(o: Row) -> Cell:
        return o["at"].replace(day=1).date(), band(o["amount"]), rank[id(o)]

    first, ever = _complaints(w)
    for days in (30, 90):
        cases = []
        for who, r in first.items():
            before = [o for o in bought if o["who"] == who and o["at"] < r["at"]]
            if before and w.mature(r["at"], days):
                own = next((o for o in before if o["order"] == r["order"]), before[-1])
                cases.append((own, r["at"] - own["at"], _again(w, who, r["at"], days)))
        if not cases:
            continue
        lags = _Lags([(_column(cell(own)), lag) for own, lag, _ in cases])
        controls: dict[tuple[Any, Cell], tuple[float, bool]] = {}
        for o, draw in zip(bought, draws, strict=True):
            t0 = o["at"] + lags.drawn(_column(cell(o)), draw)
            complained = o["who"] in ever and ever[o["who"]] <= t0
            if complained or not w.in_period(t0) or not w.mature(t0, days):
                continue
            kept = controls.get((o["who"], cell(o)))
            if kept is None or draw < kept[0]:
                controls[o["who"], cell(o)] = (draw, _again(w, o["who"], t0, days))
        found = standardised(
            [(cell(own), object(), won) for own, _, won in cases],
            [(where, object(), won) for (_, where), (_, won) in controls.items()],
        )
        made[f"repurchase.controls.{days}d"] = control_figure(found)
        made[f"repurchase.gap.{days}d"] = gap_figure(found)
    return made


class _Lags:
    """The complainers' lags by month and rank, all of them where a column has under five."""

    def __init__(self, lags: list[tuple[Any, timedelta]]) -> None:
        self.all = sorted(lag for _, lag in lags)
        self.of: defaultdict[Any, list[timedelta]] = defaultdict(list)
        for column, lag in lags:
            self.of[column].append(lag)

    def drawn(self, column: Any, draw: float) -> timedelta:
        own = sorted(self.of[column]) if len(self.of[column]) >= POOLED_UNDER else self.all
        return own[int(draw * len(own))]


def _column(cell: Cell) -> tuple[Any, Any]:
    return cell[0], cell[2]


def _complaints(w: World) -> tuple[dict[str, Row], dict[str, datetime]]:
    """The first complaint in the period, and the moment of the first ever, by customer."""
    complaints = [r for r in w.tickets if r["complaint"] and r["who"]]
    complaints.sort(key=lambda r: (r["at"], r["order"] is None, r["order"] or ""))
    first: dict[str, Row] = {}
    ever: dict[str, datetime] = {}
    for r in complaints:
        ever.setdefault(r["who"], r["at"])
        if w.in_period(r["at"]):
            first.setdefault(r["who"], r)
    return first, ever


def _again(w: World, who: str, t0: datetime, days: int) -> bool:
    return any(o["who"] == who and o["repurchase"] and within(o["at"], t0, days) for o in w.orders)
