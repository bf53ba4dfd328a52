"""Reply speed × recontact: is a fast reply an answer?

Measures: cross.reply_speed.fast|medium|slow · cross.reply_speed.gap (fast − slow).
Unit: a contacted order (first episode with a first reply), in terciles of the period's first-reply times; success is a
recontact within 30 days. Each third is standardised on the reasons (× channels) of all three, so that hard reasons,
answered slowly, do not speak for speed.
Needs: tickets with order, first reply.
Excludes: orders without a first reply (`excluded.no_reply`); immature ones.
Null: no replied, contacted order in the period.
Blind to: why a reply was slow; what it said.
Source: direct standardisation on the pooled mix (Rothman).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from cxaudit.measure.anatomy import Signal
from cxaudit.measure.contacted import contacted_orders, recontacted
from cxaudit.measure.gaps import standard_gap, standard_share
from cxaudit.measure.rates import clustered, estimates, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.measure.verdicts import source_refusals
from cxaudit.schema.results import Phrase, Result
from cxaudit.schema.settings import Settings
from cxaudit.stats.standardisation import Cell, Tally

THIRDS = ("fast", "medium", "slow")
KEYS = tuple(f"cross.reply_speed.{third}" for third in THIRDS)
GAP = "cross.reply_speed.gap"
RECONTACT_DAYS = 30


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Recontact after fast, medium and slow first replies, at the same reasons and channels."""
    firsts = within(contacted_orders(tables), tables.period)
    replied = firsts.filter(~nw.col("first_reply_at_t").is_null() & (nw.col("first_reply_at_t") >= nw.col("t")))
    ripe = recontacted(replied, RECONTACT_DAYS, tables.as_of).filter(nw.col("mature"))
    if not len(ripe):
        return not_computable((*KEYS, GAP), (), Phrase.of("not_computable.no_units"))
    excluded = {"no_reply": len(firsts) - len(replied), "immature": len(replied) - len(ripe)}
    placed = _placed(ripe)
    tallies = _tallies(placed)
    mix = _mix(tallies)
    deffs = {str(name): interval.deff for interval, _, name in estimates(clustered(placed), "third", "share")}
    refusals = source_refusals(tables, ("tickets",))
    shares = [
        standard_share(key, tallies[third], mix, refusals, excluded, deffs.get(third, 1.0))
        for key, third in zip(KEYS, THIRDS, strict=True)
    ]
    gap = standard_gap(GAP, shares[0], shares[2], settings.materiality.recontact)
    return [*shares, gap]


def _placed(units: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """The units with `third`, the tercile of their first-reply time."""
    delay = (units["first_reply_at_t"] - units["t"]).to_numpy().astype(float)
    place = np.searchsorted(np.quantile(delay, [1 / 3, 2 / 3]), delay, side="left")
    names = [THIRDS[at] for at in place]
    return units.with_columns(nw.new_series("third", names, nw.String, backend=units.implementation))


def _tallies(units: nw.DataFrame[Any]) -> dict[str, dict[Cell, Tally]]:
    """Units and successes of each third by (channel, reason)."""
    found: dict[str, dict[Cell, list[float]]] = {name: {} for name in THIRDS}
    for third, channel, reason, won in units.select("third", "channel", "reason", "success").rows():
        cell = found[third].setdefault((channel, reason), [0.0, 0.0])
        cell[0] += 1
        cell[1] += bool(won)
    return {name: {cell: Tally(*counts) for cell, counts in cells.items()} for name, cells in found.items()}


def _mix(tallies: Mapping[str, Mapping[Cell, Tally]]) -> dict[Cell, float]:
    mix: dict[Cell, float] = {}
    for cells in tallies.values():
        for cell, tally in cells.items():
            mix[cell] = mix.get(cell, 0.0) + tally.units
    return mix


SIGNAL = Signal("reply_speed", (*KEYS, GAP), ("tickets.order_id", "tickets.first_reply_at"), measure)
