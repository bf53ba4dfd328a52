"""What scores hide: CSAT with each path at its weight, and NPS on one mix of journeys in both periods."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from oracle import SATISFIED, Figure, Row, World, _nps, answered, asked_for_csat, design_effect, recommends

Z = 1.959964
FEWEST_ANSWERS = 20
PATHS = ("smooth", "one ticket", "hard")


def reweighted(w: World) -> dict[str, Figure]:
    """θ over the paths, and how far it stands from the target beside those who did not answer."""
    if not w.has("surveys", "score", "kind", "sent_at") or "tickets" not in w.given:
        return {}
    asked = [r for r in asked_for_csat(w) if w.mature(r["sent_at"], 14)]
    cells: dict[str, list[Row]] = {name: [] for name in PATHS}
    for r in asked:
        cells[path(w, r)].append(r)
    merged = merge([cells[name] for name in PATHS if cells[name]])
    replies = [(r["who"] or id(r), _happy(r)) for r in asked if r.get("score") is not None]
    if not replies or not merged:
        return {}
    n = len(asked)
    theta = variance = 0.0
    for cell in merged:
        happy = [_happy(r) for r in cell if r.get("score") is not None]
        p = sum(happy) / len(happy)
        theta += len(cell) / n * p
        variance += (len(cell) / n) ** 2 * p * (1 - p) / len(happy)
    half = Z * math.sqrt(variance * design_effect((c, float(v)) for c, v in replies))
    silent = 1 - len(replies) / n
    made = {"surface.csat.reweighted": Figure("share", None, n, theta, max(0.0, theta - half), min(1.0, theta + half))}
    target = w.settings.targets.csat
    if target is not None and silent:
        value, low, high = ((edge - target) / silent for edge in made["surface.csat.reweighted"].edges)
        made["surface.csat.break_even"] = Figure("share", None, n, value, low, high)
    return made


def _happy(r: Row) -> bool:
    return r["score"] is not None and r["score"] >= SATISFIED[r["scale"]]


def merge(cells: list[list[Row]]) -> list[list[Row]]:
    """Neighbours in difficulty are put together until each cell holds enough answers."""
    made = list(cells)

    def answers(cell: list[Row]) -> int:
        return sum(r.get("score") is not None for r in cell)

    while len(made) > 1 and any(answers(c) < FEWEST_ANSWERS for c in made):
        thin = next(place for place, c in enumerate(made) if answers(c) < FEWEST_ANSWERS)
        other = thin + 1 if thin + 1 < len(made) else thin - 1
        low, high = sorted((thin, other))
        made[low : high + 1] = [made[low] + made[high]]
    return made


def path(w: World, r: Row) -> str:
    """Of the survey's order, else of its customer from 90 days before to 14 days after the sending."""
    if r["order"]:
        tickets = [t for t in w.tickets if t["order"] == r["order"]]
        episodes = sum(len(found) for found in w.chain(tickets, lambda t: (t["who"], t["order"])).values())
        refund = any(o["order"] == r["order"] and _refunded(o) for o in [*w["orders"], *w["returns"]])
    else:
        start, end = r["sent_at"].date() - timedelta(90), r["sent_at"].date() + timedelta(14)

        def near(row: Row) -> bool:
            return row["who"] is not None and row["who"] == r["who"] and start <= row["at"].date() <= end

        episodes = sum(map(near, w.episodes()))
        refund = any(near(o) and _refunded(o) for o in [*w["orders"], *w["returns"]])
    if refund or episodes >= 2:
        return "hard"
    return "one ticket" if episodes or r.get("ticket_id") else "smooth"


def _refunded(o: Row) -> bool:
    return str(o.get("status")) == "remboursée" or (o.get("refunded_amount") or 0.0) > 0


def nps_standardised(w: World) -> dict[str, Figure]:
    """Each journey of B at its weight in A and B together; where a journey is missing on a side it stays out."""
    if w.settings.compare is None or w.settings.period is None:
        return {}
    rows = [r for r in answered(w, "nps") if r["journey"] and recommends(r)]
    sides: list[list[Row]] = [
        [r for r in rows if span.first <= _day(r) <= span.last] for span in (w.settings.compare, w.settings.period)
    ]
    journeys = sorted({r["journey"] for r in sides[0]} & {r["journey"] for r in sides[1]})
    if not journeys:
        return {}
    counts = {j: sum(r["journey"] == j for side in sides for r in side) for j in journeys}
    total = sum(counts.values())
    value = variance = 0.0
    n = 0
    for j in journeys:
        told = _nps([(r["who"] or id(r), _net(r)) for r in sides[1] if r["journey"] == j])
        spread = _spread([_net(r) for r in sides[1] if r["journey"] == j])
        value += counts[j] / total * told.value
        variance += (counts[j] / total) ** 2 * spread / told.n_eff * 100**2
        n += int(told.denominator)
    half = Z * math.sqrt(variance)
    return {"cross.nps.standardised": Figure("points", None, n, value, value - half, value + half)}


def _day(r: Row) -> date:
    found: date = r["answered_at"].date()
    return found


def _net(r: Row) -> int:
    return int(r["score"] >= 9) - int(r["score"] <= 6)


def _spread(nets: list[Any]) -> float:
    mean = sum(nets) / len(nets)
    return sum(v * v for v in nets) / len(nets) - mean**2


PARTS = (reweighted, nps_standardised)
