"""What sets one irritant apart: its growth and its recontact against all others', each with its interval and verdict.

Tickets cluster by customer (Wilson with design effect), differences are Newcombe's; irritants are judged together, at
10 % of false finds (Benjamini and Hochberg), since the one that stands out is looked for among many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cxaudit.measure.verdicts import difference_verdict
from cxaudit.stats.intervals import Z95, ClusterSums, Interval, benjamini_hochberg, newcombe, share_interval

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Tickets:
    """The period's tickets: who wrote each (a number from 0), and in which third of the period (0 first, 1, 2 last)."""

    cluster: Whole
    third: Whole
    again: Numbers  # 1 where another contact followed, 0 where none did, nan where it is too early to say


def growth(members: Whole, tickets: Tickets) -> Interval | None:
    """Share of tickets in the last third minus in the first; None where one of them has no ticket."""
    own = np.zeros(len(tickets.third))
    own[members] = 1.0
    first, last = (tickets.third == third for third in (0, 2))
    if not first.any() or not last.any():
        return None
    return newcombe(_share(own[first], tickets.cluster[first]), _share(own[last], tickets.cluster[last]))


def excess(members: Whole, tickets: Tickets) -> Interval | None:
    """Recontact after these tickets minus after all others; None where one side has no mature ticket."""
    own = np.zeros(len(tickets.again), bool)
    own[members] = True
    ripe = ~np.isnan(tickets.again)
    sides = [ripe & side for side in (~own, own)]
    if not all(side.any() for side in sides):
        return None
    rest, mine = (_share(tickets.again[side], tickets.cluster[side]) for side in sides)
    return newcombe(rest, mine)


def judged(
    name: str, found: Sequence[Interval | None], materiality: float, refusals: tuple[str, ...]
) -> list[Mapping[str, Any]]:
    """Facts `<name>`, `_low`, `_high`, `_verdict` and `_refusals` of each difference; none where there is none."""
    stands = benjamini_hochberg([_p_value(item) for item in found])
    return [
        _facts(name, item, materiality, refusals, stand) if item is not None else {}
        for item, stand in zip(found, stands, strict=True)
    ]


def _facts(name: str, item: Interval, materiality: float, refusals: tuple[str, ...], stands: bool) -> dict[str, Any]:
    verdict, withheld = difference_verdict(item, item.n_eff, materiality, refusals)
    if verdict == "demonstrated" and not stands:
        verdict = "not demonstrated"
    ends = {"": item.value, "_low": item.low, "_high": item.high}
    said = {f"{name}_verdict": verdict, f"{name}_refusals": list(withheld)}
    return {**{f"{name}{part}": float(end) for part, end in ends.items()}, **said}


def _p_value(item: Interval | None) -> float:
    if item is None or not item.high > item.low:
        return nan
    return float(2 * stats.norm.sf(abs(item.value) / ((item.high - item.low) / (2 * Z95))))


def _share(successes: Numbers, cluster: Whole) -> Interval:
    sizes = np.bincount(cluster)
    held = sizes > 0
    return share_interval(ClusterSums.of(sizes[held], np.bincount(cluster, successes)[held]))
