"""Direct standardisation, naively, and the gaps that stand on it.

Cells are tuples, coarsest part last. A cell with too few controls drops the month, then the value band (or the
channel); the last `kept` parts (rank, reason, campaign) stay while they have any control. Who falls back counts for R5.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from oracle import (
    Figure,
    Row,
    World,
    design_effect,
    detectable,
    norm,
    quantile,
    refund_kind,
    tells_refunds,
    trimmed,
    within,
    writer,
)

Z = 1.959964
FEW = 5

Cell = tuple[Any, ...]


def pieces(cell: Cell) -> Iterable[Cell]:
    """The cell as it is, then without its first part, then without its first two, and so on to nothing."""
    return (("*",) * cut + cell[cut:] for cut in range(len(cell) + 1))


def standardised(
    treated: list[tuple[Cell, Any, bool]], controls: list[tuple[Cell, Any, bool]], kept: int = 1
) -> dict[str, float]:
    """The controls' share on the treated ones' cells, and the difference, as S3 spells both."""
    held: defaultdict[Cell, list[tuple[Any, bool]]] = defaultdict(list)
    for cell, cluster, success in controls:
        for coarser in pieces(cell):
            held[coarser].append((cluster, success))
    weights: Counter = Counter()
    fallen = 0
    for cell, _, _ in treated:
        least = [FEW if len(cell) - cut > kept else 1 for cut in range(len(cell) + 1)]
        used = next(c for c, few in zip(pieces(cell), least, strict=True) if len(held[c]) >= few)
        fallen += used != cell
        weights[used] += 1
    n = len(treated)
    value = sum(k / n * _share(held[c]) for c, k in weights.items())
    spread = sum((k / n) ** 2 * _variance(held[c]) for c, k in weights.items())
    deff_c = design_effect((c, float(s)) for _, c, s in controls)
    deff_t = design_effect((c, float(s)) for _, c, s in treated)
    p = sum(s for _, _, s in treated) / n
    own = p * (1 - p) / n
    return {
        "p": p,
        "control": value,
        "control_se": math.sqrt(spread * deff_c),
        "gap": p - value,
        "se": math.sqrt(own * deff_t + spread * deff_c),
        "r5": fallen / n > 0.20 or len(controls) < 2 * n,
        "n": n,
        "controls": len(controls),
        "detectable": detectable(
            sum(s for _, _, s in [*treated, *controls]) / (n + len(controls)), n, len(controls), max(deff_t, deff_c)
        ),
    }


def _share(units: list[tuple[Any, bool]]) -> float:
    return sum(s for _, s in units) / len(units)


def _variance(units: list[tuple[Any, bool]]) -> float:
    n = len(units)
    p = (sum(s for _, s in units) + 1) / (n + 2)
    return p * (1 - p) / n


def gap_figure(found: dict[str, float], unit: str = "share") -> Figure:
    gap, half = found["gap"], Z * found["se"]
    told = Figure(unit, None, found["n"], gap, gap - half, gap + half, refused={"R5": bool(found["r5"])})
    told.detectable = found["detectable"]
    return told


def control_figure(found: dict[str, float]) -> Figure:
    value, half = found["control"], Z * found["control_se"]
    return Figure("share", None, found["controls"], value, max(0.0, value - half), min(1.0, value + half))


def thirds(values: list[float]) -> Callable[[float | None], int | None]:
    """Which third a value lies in."""
    ranked = sorted(values)
    first, second = (quantile(ranked, share) if ranked else 0.0 for share in (1 / 3, 2 / 3))
    return lambda v: None if v is None else 0 if v <= first else 1 if v <= second else 2


def tercile_of(w: World) -> Callable[[float | None], int | None]:
    return thirds([r["amount"] for r in w.orders if w.in_period(r["at"]) and r["amount"] is not None])


def first_episodes(w: World) -> list[tuple[str, str, list[Row]]]:
    """(order, cluster, its episodes in time) of every contacted order whose first episode is in the period."""
    owner = {r["order"]: r["who"] for r in w["orders"]}
    by_order: defaultdict[str, list[Row]] = defaultdict(list)
    for (_, order), found in w.chain([r for r in w.tickets if r["order"]], lambda r: (r["who"], r["order"])).items():
        by_order[order] += found
    made = []
    for order, found in by_order.items():
        found.sort(key=lambda r: (r["at"], norm(r.get("ticket_id")) or ""))
        if w.in_period(found[0]["at"]):
            made.append((order, owner.get(order) or writer(found) or order, found))
    return made


def again(found: list[Row], days: int = 30) -> bool:
    return any(within(r["at"], found[0]["at"], days) for r in found[1:])


# ---- by reason --------------------------------------------------------------------------------------------------


def episode_gaps(w: World) -> dict[str, Figure]:
    """First episodes with a mark against those without, standardised on the reasons of the marked ones."""
    made = {}
    marks: dict[str, Callable[[list[Row]], bool | None]] = {}
    if w.has("tickets", "transfers"):
        marks["field.hops.gap"] = lambda f: any((t["transfers"] or 0) > 0 for t in f[0]["_tickets"])
    if w.has("tickets", "handle_minutes"):
        marks["field.handle_time.gap"] = _short(w)
    for key, mark in marks.items():
        sides: dict[bool, list] = {True: [], False: []}
        for _, who, found in first_episodes(w):
            marked = mark(found)
            if marked is not None and w.mature(found[0]["at"], 30):
                sides[marked].append(((found[0]["reason"],), who, again(found)))
        if sides[True] and sides[False]:
            made[key] = gap_figure(standardised(sides[True], sides[False]))
    return made


def _short(w: World) -> Callable[[list[Row]], bool | None]:
    """Strictly under the value that a third of the period's mature cases lie under (docs/decisions/007)."""
    known = sorted(
        f[0]["handle_minutes"]
        for _, _, f in first_episodes(w)
        if f[0]["handle_minutes"] is not None and w.mature(f[0]["at"], 30)
    )
    edge = known[len(known) // 3] if known else 0.0
    return lambda f: None if f[0]["handle_minutes"] is None else f[0]["handle_minutes"] < edge


def quick_close(w: World) -> dict[str, Figure]:
    """Quick and slow closes on the quick ones' reasons."""
    if not w.has("tickets", "solved_at"):
        return {}
    starts: defaultdict[Any, list[datetime]] = defaultdict(list)
    for e in w.episodes():
        starts[(e["who"], e["reason"])].append(e["at"])
    sides: dict[bool, list] = {True: [], False: []}
    limit = timedelta(hours=w.settings.windows.quick_close_hours)
    for r in w.tickets:
        t0 = r["solved_at"]
        if t0 is None or not r["who"] or not r["reason"] or not w.in_period(t0) or not w.mature(t0, 7):
            continue
        back = any(within(t, t0, 7) for t in starts[(r["who"], r["reason"])])
        sides[t0 - r["at"] <= limit].append(((r["reason"],), r["who"], back))
    return {"field.quick_close.gap": gap_figure(standardised(sides[True], sides[False]))} if all(sides.values()) else {}


def reply_speed(w: World) -> dict[str, Figure]:
    """Each third of first-reply times on the reasons and channels of all three together."""
    if not w.has("tickets", "order_id", "first_reply_at"):
        return {}
    replied = [
        (who, f, (f[0]["first_reply_at"] - f[0]["at"]).total_seconds())
        for _, who, f in first_episodes(w)
        if f[0]["first_reply_at"] is not None and w.mature(f[0]["at"], 30)
    ]
    third = thirds([s for _, _, s in replied])
    groups: dict[int, list] = {0: [], 1: [], 2: []}
    for who, f, seconds in replied:
        groups[third(seconds)].append(((f[0]["channel"], f[0]["reason"]), who, again(f)))  # type: ignore[index]
    pooled = [unit for units in groups.values() for unit in units]
    made, sides = {}, {}
    for place, name in enumerate(("fast", "medium", "slow")):
        if not groups[place]:
            continue
        found = standardised(pooled, groups[place])
        sides[name] = found
        made[f"cross.reply_speed.{name}"] = control_figure(found)
    if {"fast", "slow"} <= set(sides):
        gap = sides["fast"]["control"] - sides["slow"]["control"]
        half = Z * math.hypot(sides["fast"]["control_se"], sides["slow"]["control_se"])
        told = Figure("share", None, len(groups[0]), gap, gap - half, gap + half)
        told.detectable = _seen(groups[0], groups[2])
        made["cross.reply_speed.gap"] = told
    return made


def _seen(one: list[tuple[Cell, Any, bool]], two: list[tuple[Cell, Any, bool]]) -> float:
    pooled = sum(s for _, _, s in [*one, *two]) / (len(one) + len(two))
    deff = max(design_effect((c, float(s)) for _, c, s in side) for side in (one, two))
    return detectable(pooled, len(one), len(two), deff)


# ---- mails and refunds ------------------------------------------------------------------------------------------


def clicks(w: World) -> dict[str, Figure]:
    """Mails after a dispute against mails after an order without one, on the former's campaigns."""
    if not w.has("emails", "clicked_at") or not w.tickets or not w.orders:
        return {}
    disputes: defaultdict[Any, list[datetime]] = defaultdict(list)
    bought: defaultdict[Any, list[datetime]] = defaultdict(list)
    for r in w.tickets:
        if r["complaint"]:
            disputes[r["who"]].append(r["at"])
    for r in w.orders:
        bought[r["who"]].append(r["at"])
    sides: dict[str, list] = {"dispute": [], "smooth": []}
    for r in w["emails"]:
        if not r["who"] or r["delivered"] is False or not w.in_period(r["at"]):
            continue
        unit = ((trimmed(r.get("campaign")),), r["who"], r["clicked_at"] is not None)
        if any(within(r["at"], t, 90) for t in disputes[r["who"]]):
            sides["dispute"].append(unit)
        elif any(within(r["at"], t, 90) for t in bought[r["who"]]):
            sides["smooth"].append(unit)
    if not all(sides.values()):
        return {}
    found = standardised(sides["dispute"], sides["smooth"])
    return {"cross.clicks.smooth": control_figure(found), "cross.clicks.gap": gap_figure(found)}


def _solving(r: Row) -> tuple[datetime, str]:
    return r["solved_at"], norm(r.get("ticket_id")) or ""


def order_ranks(w: World) -> dict[int, int]:
    """1, 2 or 3 (and more) of each eligible order among its customer's."""
    seen: Counter = Counter()
    ranks = {}
    for o in w.orders:
        seen[o["who"]] += 1
        ranks[id(o)] = min(3, seen[o["who"]])
    return ranks


def refund_gap(w: World) -> dict[str, Figure]:
    """Refunded disputes against those that were not, on the cells of S3 and the reason."""
    if not w.has("tickets", "order_id", "solved_at") or not tells_refunds(w):
        return {}
    first: dict[str, Row] = {}
    for r in w.tickets:
        if r["complaint"] and r["order"] and r["solved_at"] is not None:
            first[r["order"]] = min(first.get(r["order"], r), r, key=_solving)
    third, ranks = tercile_of(w), order_ranks(w)
    sides: dict[bool, list] = {True: [], False: []}
    for o in w["orders"]:
        r = first.get(o["order"], {})
        if not r or not o["who"] or not w.in_period(r["solved_at"]) or not w.mature(r["solved_at"], 90):
            continue
        bought = any(b["who"] == o["who"] and b["repurchase"] and within(b["at"], r["solved_at"], 90) for b in w.orders)
        # An order that counts as none (cancelled, a test) gives its place to the customer's last one before.
        earlier = [b for b in w.orders if b["who"] == o["who"] and b["at"] < r["solved_at"]]
        told = o if o["eligible"] else max(earlier, key=lambda b: (b["at"], b["order"]), default=None)
        if told is None:
            cell: Cell = (r["solved_at"].replace(day=1).date(), None, 0, r["reason"])
        else:
            cell = (told["at"].replace(day=1).date(), third(told["amount"]), ranks[id(told)], r["reason"])
        sides[refund_kind(w, o) != "none"].append((cell, o["who"], bought))
    if not all(sides.values()):
        return {}
    return {"cross.refund.gap.90d": gap_figure(standardised(sides[True], sides[False], kept=2))}


PARTS = (episode_gaps, quick_close, reply_speed, clicks, refund_gap)
