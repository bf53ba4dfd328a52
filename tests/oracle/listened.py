"""What the listening grid says, and whether it sees what customers live.

What the definitions leave open: a check's case is its call, else its ticket; a case's customer speaks through the
case's ticket (its own score, else a survey's); checks of one criterion agree within a tenth of the
scale, their index the first of them; "short"
and "long" are thirds of the period's checks by their ticket's minutes, the limits being its thirds' quantiles.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

import polars as pl
from beside import newcombe
from oracle import Figure, Row, Unit, World, Z, mean, norm, quantile, trimmed, within


def dressed(made: dict[str, pl.DataFrame], seed: int) -> dict[str, pl.DataFrame]:
    """Some checks made twice, some of a call, and customers' scores on tickets."""
    draw = random.Random(seed)
    tickets = made["tickets"]["ticket_id"].to_list()
    calls = made["calls"].with_columns(
        pl.Series(
            "ticket_id", [draw.choice((None, draw.choice(tickets))) for _ in range(len(made["calls"]))], pl.String
        )
    )
    checks = []
    for row in made["listening"].to_dicts():
        row["call_id"] = draw.choice((None, None, f"l{draw.randrange(len(calls))}"))
        if row["call_id"]:
            row["ticket_id"] = None
        checks.append(row)
        if draw.random() < 0.3:
            checks.append({**row, "score": float(draw.randint(0, 4))})
    scores = [draw.choice((None, 1.0, 2.0, 3.0, 4.0, 5.0)) for _ in tickets]
    return {
        **made,
        "calls": calls,
        "listening": pl.DataFrame(checks, infer_schema_length=None),
        "tickets": made["tickets"].with_columns(pl.Series("csat", scores, pl.Float64)),
    }


def checks(w: World, *, ever: bool = False) -> tuple[list[Row], int]:
    """The period's checks (or all) with their share of the maximum and their case; how many lie outside the scale."""
    of_call = {norm(c["call_id"]): norm(c.get("ticket_id")) for c in w["calls"]}
    rows, outside = [], 0
    for r in w["listening"]:
        if r["score"] is None or not (ever or w.in_period(r["at"])):
            continue
        share = r["score"] / r["max_score"]
        if not 0 <= share <= 1:
            outside += 1
            continue
        call, ticket = norm(r.get("call_id")), norm(r.get("ticket_id"))
        case = ("call", call) if call else ("ticket", ticket) if ticket else ("row", id(r))
        rows.append({**r, "share": share, "case": case, "ticket": ticket or of_call.get(call)})
    return rows, outside


def scores(w: World) -> dict[str, Figure]:
    """The mean share of the maximum, by criterion; clusters are cases."""
    rows, outside = checks(w)
    total, n, value, low, high, _, _ = mean([(r["case"], r["share"]) for r in rows])
    found = Figure("share", total, n, value, low, high, excluded={"out_of_scale": outside})
    by: defaultdict[str, list[Row]] = defaultdict(list)
    for r in rows:
        by[trimmed(r["criterion"]) or ""].append(r)
    found.segments["criterion"] = {name: mean([(r["case"], r["share"]) for r in v])[:5] for name, v in by.items()}
    return {"field.listening.mean": found}


def predicting(w: World) -> dict[str, Figure]:
    """Spearman's correlation of a case's mean score with its customer's score, and with silence afterwards."""
    by_case: defaultdict[Any, list[Row]] = defaultdict(list)
    for r in checks(w)[0]:
        by_case[r["case"]].append(r)
    told = {}
    for case, rows in by_case.items():
        ticket = max((r["ticket"] for r in rows if r["ticket"]), default=None)
        if ticket:
            told[case] = (sum(r["share"] for r in rows) / len(rows), ticket)
    rated = {norm(r["ticket_id"]): r["csat"] for r in w["tickets"] if r.get("csat") is not None}
    starts: defaultdict[str, list[datetime]] = defaultdict(list)
    for e in w.episodes():
        if e["order"]:
            starts[e["order"]].append(e["at"])
    quiet = {
        norm(r["ticket_id"]): float(not any(within(t, r["at"], 30) for t in starts[r["order"]]))
        for r in w.tickets
        if r["order"] and w.mature(r["at"], 30)
    }
    made = {}
    for key, outcome in (("", rated), (".no_recontact", quiet)):
        pairs = [(score, outcome[ticket]) for score, ticket in told.values() if ticket in outcome]
        if len({s for s, _ in pairs}) > 1 and len({o for _, o in pairs}) > 1:
            made[f"field.listening.predicts{key}"] = spearman(pairs)
    return made


def spearman(pairs: list[tuple[float, float]]) -> Figure:
    """Correlation of mid-ranks, with Fisher's interval and Bonett and Wright's variance."""
    a, b = (ranks([p[side] for p in pairs]) for side in (0, 1))
    n = len(pairs)
    ma, mb = sum(a) / n, sum(b) / n
    cross = sum((x - ma) * (y - mb) for x, y in zip(a, b, strict=True))
    r = cross / math.sqrt(sum((x - ma) ** 2 for x in a) * sum((y - mb) ** 2 for y in b))
    if n <= 3 or abs(r) >= 1:
        return Figure("score", None, n, r)
    half = Z * math.sqrt((1 + r * r / 2) / (n - 3))
    return Figure("score", None, n, r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half))


def ranks(values: list[float]) -> list[float]:
    """Ranks from 1, those of equals averaged."""
    return [sum(v < x for v in values) + (sum(v == x for v in values) + 1) / 2 for x in values]


def agreeing(w: World) -> dict[str, Figure]:
    """Cases checked more than once on one criterion: are all those scores within a tenth of the scale?"""
    twice: defaultdict[Any, list[Row]] = defaultdict(list)
    for r in checks(w, ever=True)[0]:
        if r["case"][0] != "row":
            twice[(r["case"], trimmed(r["criterion"]))].append(r)
    units = []
    for (case, criterion), rows in twice.items():
        first = min(r["at"] for r in rows)
        if len(rows) >= 2 and w.in_period(first):
            told = [r["share"] for r in rows]
            near = max(told) - min(told) <= 0.1 + 1e-9
            units.append(Unit(case, first, near, {"criterion": criterion}))
    if not units:
        return {}
    return {"field.listening.agreement": w.segmented(w.share(units, None), units, "criterion")}


def hurried(w: World) -> dict[str, Figure]:
    """Scores of the shortest third of handlings less those of the longest; a difference of two means."""
    minutes = {norm(r["ticket_id"]): r["handle_minutes"] for r in w["tickets"] if r["handle_minutes"] is not None}
    rows = [
        (minutes[norm(r["ticket_id"])], r) for r in checks(w)[0] if norm(r.get("ticket_id")) in minutes
    ]  # of tickets alone: a call's minutes are its own
    if not rows:
        return {}
    ranked = sorted(m for m, _ in rows)
    low, high = quantile(ranked, 1 / 3), quantile(ranked, 2 / 3)
    fast, slow = (
        mean([(r["case"], r["share"]) for m, r in rows if wanted(m)])
        for wanted in (lambda m: m <= low, lambda m: m > high)
    )
    sides = [Figure("score", side[0], side[1], *side[2:5]) for side in (fast, slow)]
    gap = newcombe(*sides)
    return {"field.listening.fast_gap": Figure("share", None, gap.denominator, gap.value, gap.low, gap.high)}


PARTS: tuple[Callable[[World], dict[str, Figure]], ...] = (scores, predicting, agreeing, hurried)
