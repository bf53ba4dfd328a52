"""A second, naive reading of the definitions: rows as dictionaries, loops, nothing of the audit but its settings.

Slow and plain on purpose. Each figure is a `Figure`; what the definitions leave open is named where it is decided.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from scipy import stats

from cxaudit.schema.settings import Settings

Z = 1.959964
Row = dict[str, Any]

ORDER_STATUS = {"annulée": "cancelled", "brouillon": "draft", "remboursée": "refunded"}
COMPLAINTS = ("Retard de livraison", "Produit cassé")
SOLVED = ("solved", "closed")
MAIN_MOMENT = {
    "orders": ("ordered_at",),
    "tickets": ("created_at",),
    "reviews": ("created_at",),
    "surveys": ("sent_at", "answered_at"),
    "gestures": ("granted_at",),
    "emails": ("sent_at",),
    "returns": ("returned_at",),
    "calls": ("called_at",),
    "listening": ("checked_at",),
    "agent_feedback": ("noted_at",),
}
TOLD_WITH = {
    "answered_at": ("score", "comment"),
    "first_reply_at": ("reply",),
    "solved_at": ("status",),
    "cancelled_at": ("status",),
    "refunded_at": ("refunded_amount",),
}
SATISFIED = {"1-5": 4, "0-10": 8, "1-10": 8, "1-7": 6}


@dataclass
class Figure:
    unit: str
    numerator: float | None
    denominator: float
    value: float | None
    low: float | None = None
    high: float | None = None
    n_eff: float | None = None
    deff: float | None = None
    verdict: str | None = None
    excluded: dict[str, int] = field(default_factory=dict)
    series: dict[date, tuple] = field(default_factory=dict)
    segments: dict[str, dict[str, tuple]] = field(default_factory=dict)
    refused: dict[str, bool] = field(default_factory=dict)
    detectable: float | None = None

    @property
    def edges(self) -> tuple[float, float, float]:
        """Value, low and high of a figure that has them."""
        assert self.value is not None and self.low is not None and self.high is not None
        return self.value, self.low, self.high


@dataclass
class Unit:
    """One unit of a share: who it belongs to, when, and whether it succeeded."""

    cluster: Any
    index: datetime
    success: bool
    facts: dict[str, Any] = field(default_factory=dict)


# ---- statistics -------------------------------------------------------------------------------------------------


def wilson(p: float, n: float) -> tuple[float, float]:
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def design_effect(units: Iterable[tuple[Any, float]]) -> float:
    m: Counter = Counter()
    y: defaultdict[Any, float] = defaultdict(float)
    for cluster, success in units:
        m[cluster] += 1
        y[cluster] += success
    n, k = sum(m.values()), len(m)
    p = sum(y.values()) / n
    if p in (0.0, 1.0) or max(m.values()) == 1:
        return 1.0
    if k < 2:
        return float(n)  # one customer is one observation
    v_cl = k / (k - 1) * sum((y[c] - p * m[c]) ** 2 for c in m) / n**2
    return max(1.0, v_cl / (p * (1 - p) / n))


def rate(units: list[tuple[Any, bool]]) -> tuple:
    """(numerator, denominator, value, low, high, n_eff, deff)"""
    n = len(units)
    if n == 0:
        return 0, 0, None, None, None, None, None
    s = sum(1 for _, success in units if success)
    deff = design_effect((c, float(v)) for c, v in units)
    low, high = wilson(s / n, n / deff)
    return s, n, s / n, low, high, n / deff, deff


def detectable(p: float, a: float, b: float, deff: float) -> float:
    """The smallest gap that these two numbers of units let one see."""
    return 2.8 * math.sqrt(deff * p * (1 - p) * (1 / a + 1 / b))


def mean(values: list[tuple[Any, float]]) -> tuple:
    """(sum, n, mean, low, high, n_eff, deff); cluster variance, t on K − 1."""
    n = len(values)
    if n == 0:
        return 0, 0, None, None, None, None, None
    total = sum(v for _, v in values)
    m = total / n
    sums: defaultdict[Any, float] = defaultdict(float)
    for cluster, v in values:
        sums[cluster] += v - m
    k = len(sums)
    if k < 2:
        return total, n, m, None, None, None, None
    se = math.sqrt(k / (k - 1) * sum(s * s for s in sums.values()) / n**2)
    t = stats.t.ppf(0.975, k - 1)
    return total, n, m, m - t * se, m + t * se, None, None


def kaplan_meier(spells: list[tuple[int, bool]], horizon: int) -> tuple[float, float, float]:
    """1 − S(h) with its log-log interval; spells are (whole days, whether the event came)."""
    s, green = 1.0, 0.0
    for t in sorted({d for d, event in spells if event and d <= horizon}):
        risk = sum(1 for d, _ in spells if d >= t)
        deaths = sum(1 for d, event in spells if event and d == t)
        s *= 1 - deaths / risk
        green += deaths / (risk * (risk - deaths)) if risk > deaths else math.inf
    if s in (0.0, 1.0):
        return 1 - s, float("nan"), float("nan")
    theta = Z * math.sqrt(green) / math.log(s)
    return 1 - s, 1 - s ** math.exp(theta), 1 - s ** math.exp(-theta)


def single_verdict(n_eff: float | None, low: float | None, high: float | None) -> str:
    if n_eff is None or n_eff < 30:
        return "insufficient"
    if n_eff < 100 or (high - low) / 2 > 0.10:  # type: ignore[operator]
        return "indicative"
    return "established"


# ---- clock, ids, customers, rules -------------------------------------------------------------------------------


def norm(value: Any) -> str | None:
    """An id without its leading #, spaces and case."""
    text = "" if value is None else "".join(str(value).split()).lower().lstrip("#")
    return text or None


def mail(value: Any) -> str | None:
    text = "" if value is None else str(value).strip().lower()
    return text or None


def trimmed(value: Any) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None


def within(t: datetime | None, t0: datetime, days: int) -> bool:
    return t is not None and t > t0 and t.date() <= t0.date() + timedelta(days=days)


def midnight(t: datetime) -> datetime:
    return t.replace(hour=0, minute=0, second=0, microsecond=0)


class World:
    """The tables as lists of rows with a customer and an eligibility each."""

    def __init__(self, tables: Mapping[str, pl.DataFrame], settings: Settings) -> None:
        self.settings = settings
        # What holds no value at all was not given: nobody can tell whether nothing came or nobody wrote it down.
        self.given = {
            name: {c for c in frame.columns if frame[c].null_count() < len(frame)}
            for name, frame in tables.items()
            if len(frame)
        }
        self.rows: dict[str, list[Row]] = {
            name: [dict(r) for r in f.iter_rows(named=True)] for name, f in tables.items()
        }
        for name, rows in self.rows.items():
            for r in rows:
                r["at"] = next((r[c] for c in MAIN_MOMENT[name] if r.get(c) is not None), None)
        self.as_of = settings.as_of or self._last_day()
        self.rows = {
            name: [r for r in rows if r["at"] is not None and r["at"].date() <= self.as_of]
            for name, rows in self.rows.items()
        }
        self._forget()
        self.first, self.last = (
            (settings.period.first, settings.period.last) if settings.period else (date.min, self.as_of)
        )
        self._link()
        self._customers()
        self._orders()
        self._tickets()

    def _last_day(self) -> date:
        lasts = [
            max(r["at"].date() for r in self.rows[name] if r["at"] is not None)
            for name in ("orders", "tickets")
            if any(r["at"] is not None for r in self.rows.get(name, []))
        ]
        if lasts:
            return min(lasts)
        return max(r["at"].date() for rows in self.rows.values() for r in rows if r["at"] is not None)

    def _forget(self) -> None:
        """What happened after the last day is not known on it, nor what tells of it (a score, a status); plans are."""
        for rows in self.rows.values():
            for r in rows:
                for name, value in list(r.items()):
                    planned = name in ("promised_at", "expires_at")
                    if name.endswith("_at") and not planned and value is not None and value.date() > self.as_of:
                        for told in (name, *TOLD_WITH.get(name, ())):
                            r[told] = None

    def __getitem__(self, name: str) -> list[Row]:
        return self.rows.get(name, [])

    def has(self, name: str, *columns: str) -> bool:
        return name in self.given and all(c in self.given[name] for c in columns)

    def _link(self) -> None:
        seen: defaultdict[str, Counter] = defaultdict(Counter)
        for rows in self.rows.values():
            for r in rows:
                ident, email = norm(r.get("customer_id")), mail(r.get("customer_email"))
                if ident and email:
                    seen[ident][email] += 1
        self.links = {ident: min(c, key=lambda e: (-c[e], e)) for ident, c in seen.items()}

    def _own(self, r: Row) -> str | None:
        email, ident = mail(r.get("customer_email")), norm(r.get("customer_id"))
        if email:
            return "mail:" + email
        if ident:
            return "mail:" + self.links[ident] if ident in self.links else "id:" + ident
        return None

    def _customers(self) -> None:
        for rows in self.rows.values():
            for r in rows:
                r["who"] = self._own(r)
        of_order = {norm(r["order_id"]): r["who"] for r in self["orders"]}
        for name, rows in self.rows.items():
            if name != "orders":
                for r in rows:
                    r["order"] = norm(r.get("order_id"))
                    r["who"] = r["who"] or of_order.get(r["order"])
        of_ticket = {norm(r.get("ticket_id")): r["who"] for r in self["tickets"] if r.get("ticket_id")}
        for name in ("surveys", "gestures", "calls"):
            for r in self[name]:
                r["who"] = r["who"] or of_ticket.get(norm(r.get("ticket_id")))

    def _orders(self) -> None:
        x = self.settings.exclude
        for r in self["orders"]:
            r["order"] = norm(r["order_id"])
            status = ORDER_STATUS.get(str(r.get("status")))
            amount = r.get("amount")
            none = (
                (x.cancelled and (r.get("cancelled_at") is not None or status == "cancelled"))
                or (x.test and bool(r.get("is_test")))
                or (x.draft and status == "draft")
                or (x.zero_amount and amount is not None and amount == 0)
            )
            given_back = r.get("refunded_amount") or 0.0
            refunded = status == "refunded" or (amount is not None and amount > 0 and given_back >= amount)
            r["eligible"] = not none
            r["repurchase"] = not none and not (x.refunded and refunded)
        self.orders = sorted((r for r in self["orders"] if r["eligible"]), key=lambda r: (r["at"], r["order"]))

    def _tickets(self) -> None:
        x = self.settings.exclude
        for r in self["tickets"]:
            subject = (trimmed(r.get("subject")) or "").lower()
            away = subject.startswith(("réponse automatique", "absence du bureau", "automatic reply", "out of office"))
            r["eligible"] = not (
                (x.spam and (bool(r.get("is_spam")) or r.get("status") == "spam"))
                or (x.merged and r.get("merged_into") is not None)
                or (x.auto_reply and away)
                or (x.outbound and bool(r.get("is_outbound")))
            )
            r["reason"] = trimmed(r.get("reason"))
            r["channel"] = trimmed(r.get("channel"))
            if self.has("tickets", "is_complaint"):
                r["complaint"] = bool(r.get("is_complaint"))
            elif self.has("tickets", "reason"):
                r["complaint"] = r["reason"] in (self.settings.complaint_reasons or COMPLAINTS)
            else:
                r["complaint"] = True
        self.tickets = sorted(
            (r for r in self["tickets"] if r["eligible"]), key=lambda r: (r["at"], norm(r.get("ticket_id")) or "")
        )

    # -- helpers of the measures

    def in_period(self, t: datetime) -> bool:
        return self.first <= t.date() <= self.last

    def mature(self, t: datetime, days: int) -> bool:
        return t.date() + timedelta(days=days) <= self.as_of

    def chain(self, tickets: list[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
        """Episodes by key, each as its first ticket with `size`."""
        made: defaultdict[Any, list[Row]] = defaultdict(list)
        last: dict[Any, datetime] = {}
        gap = timedelta(minutes=self.settings.windows.episode_minutes)
        for r in tickets:
            k = key(r)
            if k is None:
                continue
            if k in last and r["at"] - last[k] <= gap:
                made[k][-1]["_tickets"].append(r)
            else:
                made[k].append({**r, "_tickets": [r]})
            last[k] = r["at"]
        return made

    def episodes(self) -> list[Row]:
        """Every episode as its first ticket: those of an order, and each ticket without one."""
        chained = self.chain([r for r in self.tickets if r["order"]], lambda r: (r["who"], r["order"]))
        return [e for found in chained.values() for e in found] + [
            {**r, "_tickets": [r]} for r in self.tickets if not r["order"]
        ]

    def share(self, units: list[Unit], immature: int | None, **more: Any) -> Figure:
        pairs = [(u.cluster, u.success) for u in units]
        s, n, value, low, high, n_eff, deff = rate(pairs)
        found = Figure("share", s, n, value, low, high, n_eff, deff, single_verdict(n_eff, low, high))
        found.refused["R1"] = n_eff is None or n_eff < 30
        if immature is not None:
            found.excluded["immature"] = immature
            found.refused["R2"] = n < 0.5 * (n + immature)
            if found.refused["R2"] and found.verdict == "established":
                found.verdict = "indicative"
        found.excluded.update(more)
        months: defaultdict[date, list] = defaultdict(list)
        for u in units:
            months[u.index.date().replace(day=1)].append((u.cluster, u.success))
        found.series = {m: rate(v)[:5] for m, v in months.items()}
        return found

    def segmented(self, found: Figure, units: list[Unit], *names: str) -> Figure:
        for name in names:
            groups: defaultdict[str, list] = defaultdict(list)
            for u in units:
                if u.facts.get(name) is not None:
                    groups[u.facts[name]].append((u.cluster, u.success))
            found.segments[name] = {k: rate(v)[:5] for k, v in groups.items()}
        return found


def writer(episodes: list[Row]) -> str | None:
    """The first who is known to have written about an order that names nobody."""
    return next((e["who"] for e in episodes if e["who"]), None)


# ---- S1 ---------------------------------------------------------------------------------------------------------


def recontact(w: World) -> dict[str, Figure]:
    order_of = {r["order"]: r for r in w["orders"]}
    episodes = w.chain([r for r in w.tickets if r["order"]], lambda r: (r["who"], r["order"]))
    by_order: defaultdict[str, list[Row]] = defaultdict(list)
    for (_, order), found in episodes.items():
        by_order[order] += found
    no_order = sum(1 for r in w.tickets if not r["order"] and w.in_period(r["at"]))
    contacted = []
    for order, found in by_order.items():
        found.sort(key=lambda r: (r["at"], norm(r.get("ticket_id")) or ""))
        first = found[0]
        if not w.in_period(first["at"]):
            continue
        known = order_of.get(order, {})
        owner = known.get("who") or writer(found)
        facts = {
            "reason": first["reason"],
            "channel": first["channel"],
            "product": trimmed(known.get("product")),
            "country": trimmed(known.get("country")),
        }
        contacted.append((order, owner, found, facts))
    made: dict[str, Figure] = {}
    for days in (7, 14, 30):
        units, people, immature, waiting = [], defaultdict(list), 0, set()
        for order, who, found, facts in contacted:
            t0 = found[0]["at"]
            if not w.mature(t0, days):
                immature += 1
                waiting.add(who)
                continue
            again = any(within(r["at"], t0, days) for r in found[1:])
            units.append(Unit(who or order, t0, again, facts))
            if who:
                people[who].append((t0, again))
        figure = w.share(units, immature, no_order=no_order)
        made[f"recontact.orders.{days}d"] = w.segmented(figure, units, "reason", "channel", "product", "country")
        if days == 30:
            custom = [Unit(k, min(t for t, _ in v), any(a for _, a in v)) for k, v in people.items()]
            made["recontact.customers.30d"] = w.share(custom, len({k for k in waiting if k} - set(people)))
    ever = [Unit(who or order, f[0]["at"], len(f) > 1, facts) for order, who, f, facts in contacted]
    made["recontact.orders.any"] = w.segmented(
        w.share(ever, None, no_order=no_order), ever, "reason", "channel", "product", "country"
    )
    people = defaultdict(list)
    for _, who, f, _ in contacted:
        if who:
            people[who].append((f[0]["at"], len(f) > 1))
    made["recontact.customers.any"] = w.share(
        [Unit(k, min(t for t, _ in v), any(a for _, a in v)) for k, v in people.items()], None
    )
    if w.has("tickets", "reason"):
        units, immature = [], 0
        topics = w.chain([r for r in w.tickets if r["who"] and r["reason"]], lambda r: (r["who"], r["reason"]))
        for (who, reason), found in topics.items():
            t0 = found[0]["at"]
            if not w.in_period(t0):
                continue
            if not w.mature(t0, 30):
                immature += 1
                continue
            units.append(Unit(who, t0, any(within(r["at"], t0, 30) for r in found[1:]), {"reason": reason}))
        made["recontact.topic.30d"] = w.segmented(w.share(units, immature), units, "reason")
    return made


# ---- S3 ---------------------------------------------------------------------------------------------------------


def repurchase(w: World) -> dict[str, Figure]:
    made = {}
    buys: defaultdict[str, list[Row]] = defaultdict(list)
    for r in w.orders:
        if r["who"]:
            buys[r["who"]].append(r)
    for name, wanted in (("complainers", lambda r: r["complaint"]), ("after_contact", lambda r: True)):
        first: dict[str, datetime] = {}
        for r in w.tickets:
            if r["who"] and wanted(r) and w.in_period(r["at"]):
                first.setdefault(r["who"], r["at"])
        earlier = {k: t for k, t in first.items() if any(o["at"] < t for o in buys[k])}
        for days in (30, 90):
            units = [
                Unit(k, t, any(o["repurchase"] and within(o["at"], t, days) for o in buys[k]))
                for k, t in earlier.items()
                if w.mature(t, days)
            ]
            made[f"repurchase.{name}.{days}d"] = w.share(
                units, len(earlier) - len(units), no_earlier_order=len(first) - len(earlier)
            )
            if name == "complainers":
                spells = [_spell(w, t, [o["at"] for o in buys[k] if o["repurchase"]]) for k, t in earlier.items()]
                made[f"repurchase.{name}.{days}d.km"] = _km(spells, days)
    return made


def _spell(w: World, t0: datetime, later: list[datetime]) -> tuple[int, bool]:
    after = [t for t in later if t > t0]
    if after:
        return (min(after).date() - t0.date()).days, True
    return (w.as_of - t0.date()).days, False


def _km(spells: list[tuple[int, bool]], days: int) -> Figure:
    if not spells:
        return Figure("share", 0, 0, None)
    value, low, high = kaplan_meier(spells, days)
    events = sum(1 for d, event in spells if event and d <= days)
    return Figure("share", events, len(spells), value, low if low == low else None, high if high == high else None)


# ---- S4 ---------------------------------------------------------------------------------------------------------


def silence(w: World) -> dict[str, Figure]:
    made = {}
    if w.has("emails", "clicked_at") and w.has("orders"):
        made.update(_silent(w))
    if w.has("surveys", "sent_at", "answered_at"):
        units, immature = [], 0
        for r in w["surveys"]:
            t0 = r.get("sent_at")
            if t0 is None or r.get("delivered") is False or not w.in_period(t0):
                continue
            if not w.mature(t0, 14):
                immature += 1
                continue
            a = r.get("answered_at")
            # An answer on the day it was sent counts, even as two bare days (docs/decisions/005).
            yes = a is not None and t0.date() <= a.date() <= t0.date() + timedelta(days=14)
            units.append(Unit(r["who"] or ("row", id(r)), t0, yes))
        made["silence.survey_response.14d"] = w.share(units, immature)
    return made


def _signs(w: World) -> Mapping[str, Mapping[str, list[datetime]]]:
    signs: defaultdict[str, defaultdict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))

    def note(kind: str, rows: Iterable[Row], column: str = "at") -> None:
        for r in rows:
            if r["who"] and r.get(column) is not None:
                signs[r["who"]][kind].append(r[column])

    note("problem", w.tickets)
    note("problem", w["returns"])
    note("engaged", w["reviews"])
    note("engaged", w["surveys"], "answered_at")
    note("engaged", w["emails"], "clicked_at")
    note("engaged", w.orders)
    note("redeemed", w["gestures"], "redeemed_at")
    note("reached", w["emails"], "sent_at")
    note("reached", w["surveys"], "sent_at")
    return signs


def _silent(w: World) -> dict[str, Figure]:
    index: dict[str, datetime] = {}
    for r in w.orders:
        if r["who"] and w.in_period(r["at"]):
            index.setdefault(r["who"], r["at"])
    signs, units, engaged, immature = _signs(w), [], [], 0
    states: Counter = Counter()
    returns = []
    for who, t0 in index.items():
        if not w.mature(t0, 90):
            immature += 1
            continue
        seen = {kind: any(within(t, t0, 90) for t in found) for kind, found in signs[who].items()}
        quiet = not (seen.get("problem") or seen.get("engaged") or seen.get("redeemed"))
        units.append(Unit(who, t0, quiet))
        engaged.append(Unit(who, t0, bool(seen.get("engaged"))))
        if quiet:
            state = "silent" if seen.get("reached") else "unobservable"
        elif seen.get("engaged"):
            state = "engaged"
        else:  # only problems means nothing else: not a voucher used either
            state = "redeemed" if seen.get("redeemed") else "only_problems"
        states[state] += 1
        if quiet and w.mature(t0, 180):
            day = t0.date()
            back = any(
                o["who"] == who and day + timedelta(91) <= o["at"].date() <= day + timedelta(180) for o in w.orders
            )
            returns.append(Unit(who, t0, back))
    found = w.share(units, immature)
    found.segments["state"] = {k: (v,) for k, v in states.items()}
    return {
        "silence.customers.90d": found,
        "silence.engaged.90d": w.share(engaged, immature),
        "silence.return.180d": w.share(returns, None),
    }


# ---- S5 ---------------------------------------------------------------------------------------------------------


def gestures(w: World) -> dict[str, Figure]:
    if "gestures" not in w.given:
        return {}
    tickets: defaultdict[str, list] = defaultdict(list)
    answers: defaultdict[str, list] = defaultdict(list)
    buys: defaultdict[str, list] = defaultdict(list)
    for r in w.tickets:
        tickets[r["who"]].append(r["at"])
    for r in w["surveys"]:
        if r.get("answered_at") is not None and r.get("score") is not None:
            answers[r["who"]].append((r["answered_at"], r["score"] >= SATISFIED[r["scale"]]))
    for r in w.orders:
        if r["repurchase"]:
            buys[r["who"]].append(r["at"])
    reply, happy, buy, none, cost, lost = [], [], [], [], [], []
    immature = {14: 0, 90: 0}
    for g in w["gestures"]:
        who, t0 = g["who"], g["at"]
        if who is None or not w.in_period(t0):
            continue
        replies = [*tickets[who], g.get("replied_at")]
        if w.mature(t0, 14):
            reply.append(Unit(who, t0, any(within(t, t0, 14) for t in replies)))
        else:
            immature[14] += 1
        if not w.mature(t0, 90):
            immature[90] += 1
            continue
        after = sorted(((t, ok) for t, ok in answers[who] if within(t, t0, 90)), key=lambda a: a[0])
        if after:
            happy.append(Unit(who, t0, after[0][1]))
        bought = any(within(t, t0, 90) for t in buys[who])
        buy.append(Unit(who, t0, bought))
        effect = (
            bought
            or any(within(t, t0, 90) for t in replies)
            or within(g.get("redeemed_at"), t0, 90)
            or any(ok for _, ok in after)
        )
        none.append(Unit(who, t0, not effect))
        if g["cost"] is not None:
            cost.append(g["cost"])
            if not effect:
                lost.append(g["cost"])
    satisfied = w.share(happy, immature[90])
    # Its unit is a gesture: maturity is judged on gestures, whether or not they had an answer.
    satisfied.refused["R2"] = len(none) < 0.5 * (len(none) + immature[90])
    made = {
        "gesture.reply.14d": w.share(reply, immature[14]),
        "gesture.satisfied": satisfied,
        "gesture.cost.total": Figure("eur", None, len(cost), sum(cost) if cost else None),
    }
    if "orders" in w.given:
        made["gesture.repurchase.90d"] = w.share(buy, immature[90])
        made["gesture.no_effect.90d"] = w.share(none, immature[90])
        made["gesture.cost.no_effect"] = Figure("eur", None, len(lost), sum(lost) if lost else None)
    return made


# ---- section 2 --------------------------------------------------------------------------------------------------


def unsubscribe(w: World) -> dict[str, Figure]:
    if not w.has("emails", "unsubscribed_at") or not w.has("orders"):
        return {}
    index: dict[str, datetime] = {}
    for r in w.orders:
        if r["who"] and w.in_period(r["at"]):
            index.setdefault(r["who"], r["at"])
    units, delays, immature = [], [], 0
    for who, t0 in index.items():
        mails = [r for r in w["emails"] if r["who"] == who]
        near = [r for r in mails if t0.date() - timedelta(90) <= r["at"].date() <= t0.date() + timedelta(30)]
        if not near:
            continue
        if not w.mature(t0, 30):
            immature += 1
            continue
        left = min((r["unsubscribed_at"] for r in mails if r["unsubscribed_at"] is not None), default=None)
        units.append(Unit(who, t0, within(left, t0, 30)))
        if left is not None and within(left, t0, 30):
            delays.append((who, float((left.date() - t0.date()).days)))
    found = {"unsubscribe.30d": w.share(units, immature)}
    total, n, value, low, high, _, _ = mean(delays)
    found["unsubscribe.mean_days"] = Figure("days", total, n, value, low, high)
    return found


def answered(w: World, kind: str) -> list[Row]:
    return [
        r for r in w["surveys"] if r["kind"] == kind and r.get("score") is not None and r.get("answered_at") is not None
    ]


def moment_of_answer(r: Row) -> datetime:
    return r["answered_at"]


EASY_FROM = {"1-7": 5, "1-5": 4}  # the top 3 of 7; the top 2 of 5


def effort(w: World) -> dict[str, Figure]:
    """Ease on the scale that most answers are on: scores of two scales have no mean."""
    told = answered(w, "ces")
    if not told:
        return {}
    scales = Counter(r["scale"] for r in told)
    scale = max(scales, key=lambda name: (scales[name], name))
    inside = [r for r in told if w.in_period(moment_of_answer(r))]
    rows = [r for r in inside if r["scale"] == scale]
    values = [(r["who"] or id(r), r["score"]) for r in rows]
    total, n, value, low, high, _, _ = mean(values)
    easy = [Unit(r["who"] or id(r), moment_of_answer(r), r["score"] >= EASY_FROM[scale]) for r in rows]
    made = {"effort.mean": Figure("score", total, n, value, low, high), "effort.easy.share": w.share(easy, None)}
    for figure in made.values():
        figure.excluded["other_scale"] = len(inside) - len(rows)
    journeys = {r["journey"] for r in rows} - {None}
    by = {j: mean([(r["who"] or id(r), r["score"]) for r in rows if r["journey"] == j])[:5] for j in journeys}
    made["surface.ces"] = Figure("score", total, n, value, low, high, segments={"journey": by})
    return made


def recommends(r: Row) -> bool:
    """An NPS is asked from 0 to 10; a score on another scale is none."""
    return bool(r["scale"] == "0-10")


def nps(w: World) -> dict[str, Figure]:
    if "surveys" not in w.given:
        return {}
    made = {}
    inside = [r for r in answered(w, "nps") if w.in_period(moment_of_answer(r))]
    rows = [r for r in inside if recommends(r)]
    for key, wanted in [("surface.nps", rows)] + [
        (f"cross.nps.{j}", [r for r in rows if r["journey"] == j]) for j in ("purchase", "support", "return")
    ]:
        made[key] = _nps([(r["who"] or id(r), (r["score"] >= 9) - (r["score"] <= 6)) for r in wanted])
        if key != "surface.nps":
            made[key].excluded["no_journey"] = sum(r["journey"] is None for r in rows)
        elif len(inside) > len(rows):
            made[key].excluded["other_scale"] = len(inside) - len(rows)
    return made


def _nps(scores: list[tuple[Any, int]]) -> Figure:
    n = len(scores)
    if n == 0:
        return Figure("points", 0, 0, None)
    net = sum(s for _, s in scores) / n
    spread = sum(s * s for _, s in scores) / n - net**2
    sums: defaultdict[Any, float] = defaultdict(float)
    for c, s in scores:
        sums[c] += s - net
    k = len(sums)
    deff = float(n) if spread > 0 and k == 1 else 1.0
    if spread > 0 and 1 < k < n:
        deff = max(1.0, (k / (k - 1) * sum(v * v for v in sums.values()) / n**2) / (spread / n))
    n_eff = n / deff
    se = math.sqrt(spread / n_eff)
    low, high = max(-100.0, 100 * (net - Z * se)), min(100.0, 100 * (net + Z * se))
    return Figure("points", sum(s for _, s in scores), n, 100 * net, low, high, n_eff, deff)


# ---- surface ----------------------------------------------------------------------------------------------------


def sent_csat(w: World) -> list[Row]:
    """CSAT surveys that were sent, whenever, and did not bounce."""
    sent = [r for r in w["surveys"] if r["kind"] == "csat" and r.get("sent_at") is not None]
    return [r for r in sent if r.get("delivered") is not False]


def asked_for_csat(w: World) -> list[Row]:
    """Those of them sent in the period."""
    return [r for r in sent_csat(w) if w.in_period(r["sent_at"])]


def replied_to(r: Row) -> bool:
    """An answer may come without a score; of whom it does nobody knows whether they are satisfied."""
    return r.get("answered_at") is not None or r.get("score") is not None


def csat(w: World) -> dict[str, Figure]:
    if not w.has("surveys", "score", "kind"):
        return {}
    rows = [r for r in answered(w, "csat") if w.in_period(moment_of_answer(r))]
    units = [Unit(r["who"] or id(r), moment_of_answer(r), r["score"] >= SATISFIED[r["scale"]]) for r in rows]
    found = {"surface.csat": w.share(units, None)}
    asked = asked_for_csat(w)
    mature = [r for r in asked if w.mature(r["sent_at"], 14)]
    replied = [Unit(r["who"] or id(r), r["sent_at"], replied_to(r)) for r in mature]
    found["surface.csat.response"] = w.share(replied, len(asked) - len(mature))
    happy = [r.get("score") is not None and r["score"] >= SATISFIED[r["scale"]] for r in mature]
    for key, extra in (("bound_low", False), ("bound_high", True)):
        units = [
            Unit(r["who"] or id(r), r["sent_at"], ok or (extra and r.get("score") is None))
            for r, ok in zip(mature, happy, strict=True)
        ]
        found[f"surface.csat.{key}"] = w.share(units, len(asked) - len(mature))
    return found


def solved(r: Row) -> bool:
    """A moment of solving or, on a ticket that bears none, a solved or closed status."""
    return r.get("solved_at") is not None or r.get("status") in SOLVED


def operations(w: World) -> dict[str, Figure]:
    if "tickets" not in w.given:
        return {}
    made: dict[str, Figure] = {}
    tickets = [r for r in w.tickets if w.in_period(r["at"])]
    made["surface.tickets"] = Figure("count", len(tickets), len(tickets), float(len(tickets)) or None)
    if "orders" in w.given:
        orders = [r for r in w.orders if w.in_period(r["at"])]
        value = 100 * len(tickets) / len(orders) if orders else None
        made["surface.tickets_per_100_orders"] = Figure("per_100", len(tickets), len(orders), value)
    if w.has("tickets", "handle_minutes"):
        values = [(r["who"] or ("row", id(r)), r["handle_minutes"]) for r in tickets if r["handle_minutes"] is not None]
        total, n, value, low, high, _, _ = mean(values)
        made["surface.handle_minutes"] = Figure("minutes", total, n, value, low, high)
    mature = [r for r in tickets if w.mature(r["at"], 7)]
    if w.has("tickets", "solved_at") or w.has("tickets", "status"):
        units = [Unit(r["who"] or ("row", id(r)), r["at"], solved(r)) for r in mature]
        made["surface.resolution"] = w.share(units, len(tickets) - len(mature))
    if w.has("tickets", "reopens"):
        # Of tickets that were solved: one never closed cannot be opened again.
        told = w.has("tickets", "solved_at") or w.has("tickets", "status")
        closed = [r for r in tickets if r["reopens"] is not None and (not told or solved(r) or r["reopens"] > 0)]
        units = [Unit(r["who"] or ("row", id(r)), r["at"], r["reopens"] > 0) for r in closed]
        made["surface.reopened.share"] = w.share(units, None)
    return made


def calls(w: World) -> dict[str, Figure]:
    if not w.has("calls", "answered_at"):
        return {}
    units = [
        Unit(r["who"] or ("row", id(r)), r["at"], r["answered_at"] is not None)
        for r in w["calls"]
        if w.in_period(r["at"])
    ]
    return {"surface.pickup": w.share(units, None)}


# ---- the field --------------------------------------------------------------------------------------------------


def closes(w: World) -> dict[str, Figure]:
    """Quick and slow closes: another episode of the same customer and reason within 7 days after solving."""
    if not w.has("tickets", "solved_at"):
        return {}
    # Episodes of an order, as everywhere but in recontact.topic: each bears the reason of its first ticket.
    starts: defaultdict[Any, list[datetime]] = defaultdict(list)
    for e in w.episodes():
        starts[(e["who"], e["reason"])].append(e["at"])
    found: dict[str, list[Unit]] = {"quick": [], "slow": []}
    immature = {"quick": 0, "slow": 0}
    limit = timedelta(hours=w.settings.windows.quick_close_hours)
    for r in w.tickets:
        t0 = r["solved_at"]
        if t0 is None or not r["who"] or not r["reason"] or not w.in_period(t0):
            continue
        pace = "quick" if t0 - r["at"] <= limit else "slow"
        if not w.mature(t0, 7):
            immature[pace] += 1
            continue
        again = any(within(t, t0, 7) for t in starts[(r["who"], r["reason"])])
        found[pace].append(Unit(r["who"], t0, again))
    return {f"field.{pace}_close.recontact": w.share(found[pace], immature[pace]) for pace in found}


def after_close(w: World) -> dict[str, Figure]:
    """A new episode of the same customer (of the same order where nobody is known) after a ticket was solved."""
    if not w.has("tickets", "solved_at"):
        return {}
    starts: defaultdict[Any, list[datetime]] = defaultdict(list)
    for e in w.episodes():
        starts[("who", e["who"])].append(e["at"])
        starts[("order", e["order"])].append(e["at"])
    made = {}
    for days in (7, 30):
        units, immature = [], 0
        for r in w.tickets:
            t0 = r["solved_at"]
            key = ("who", r["who"]) if r["who"] else ("order", r["order"])
            if t0 is None or key[1] is None or not w.in_period(t0):
                continue
            if not w.mature(t0, days):
                immature += 1
                continue
            units.append(Unit(r["who"] or ("row", id(r)), t0, any(within(t, t0, days) for t in starts[key])))
        made[f"surface.recontact_after_close.{days}d"] = w.share(units, immature)
    return made


def quantile(ranked: list[float], share: float) -> float:
    """The value below which this share of the ranked values lie, on the line between its two neighbours."""
    at = share * (len(ranked) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (at - low) * (ranked[high] - ranked[low])


def middle(values: list[float]) -> float | None:
    ranked = sorted(values)
    return (ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2 if ranked else None


def waits(w: World) -> dict[str, Figure]:
    """First replies and transfers on the third of reasons that take longest, and shortest, by median handle time."""
    if not w.has("tickets", "handle_minutes", "reason", "first_reply_at", "transfers"):
        return {}
    tickets = [r for r in w.tickets if w.in_period(r["at"]) and r["reason"]]
    minutes: defaultdict[str, list[float]] = defaultdict(list)
    for r in tickets:
        if r["handle_minutes"] is not None:
            minutes[r["reason"]].append(r["handle_minutes"])
    ranked = sorted(minutes, key=lambda reason: (middle(minutes[reason]), reason))
    if len(ranked) < 2:
        return {}
    third = max(1, len(ranked) // 3)
    made: dict[str, Figure] = {}
    for name, reasons in (("hard", ranked[-third:]), ("easy", ranked[:third])):
        side = [r for r in tickets if r["reason"] in reasons]
        hours = [
            (r["first_reply_at"] - r["at"]).total_seconds() / 3600 for r in side if r["first_reply_at"] is not None
        ]
        made[f"field.{name}_wait.hours"] = Figure("hours", None, len(hours), middle(hours))
        units = [
            Unit(r["who"] or ("row", id(r)), r["at"], r["transfers"] > 0) for r in side if r["transfers"] is not None
        ]
        made[f"field.{name}_transfer.share"] = w.share(units, None)
    return made


def late(w: World) -> dict[str, Figure]:
    if not w.has("orders", "promised_at", "delivered_at"):
        return {}
    both = [
        r
        for r in w.orders
        if r["promised_at"] is not None and r["delivered_at"] is not None and w.in_period(r["promised_at"])
    ]
    after = [r for r in both if r["delivered_at"].date() > r["promised_at"].date()]
    is_late = {id(r) for r in after}
    promised = {id(r): midnight(r["promised_at"]) for r in both}  # a promise is for a day: §0, a day is at its midnight
    made = {
        "field.late.share": w.share(
            [Unit(r["who"] or r["order"], r["promised_at"], id(r) in is_late) for r in both], None
        )
    }
    if "tickets" not in w.given:
        return made
    contacts: defaultdict[str, list] = defaultdict(list)
    for r in w.tickets:
        if r["order"]:
            contacts[r["order"]].append(r["at"])
    for name, wanted in (("late", True), ("on_time", False)):
        rows = [r for r in both if (id(r) in is_late) is wanted]
        ripe = [r for r in rows if w.mature(r["promised_at"], 14)]
        units = [
            Unit(
                r["who"] or r["order"],
                r["promised_at"],
                any(within(t, promised[id(r)], 14) for t in contacts[r["order"]]),
            )
            for r in ripe
        ]
        made[f"field.{name}.contact"] = w.share(units, len(rows) - len(ripe))
    return made


def hops(w: World) -> dict[str, Figure]:
    if not w.has("tickets", "transfers"):
        return {}
    tickets = [r for r in w.tickets if w.in_period(r["at"]) and r["transfers"] is not None]
    values = [(r["who"] or ("row", id(r)), float(r["transfers"])) for r in tickets]
    total, n, value, low, high, _, _ = mean(values)
    made = {"field.hops.mean": Figure("count", total, n, value, low, high)}
    episodes = w.chain([r for r in w.tickets if r["order"]], lambda r: (r["who"], r["order"]))
    by_order: defaultdict[str, list[Row]] = defaultdict(list)
    for (_, order), found in episodes.items():
        by_order[order] += found
    groups: dict[str, list[Unit]] = {"hops": [], "no_hop": []}
    owner = {r["order"]: r["who"] for r in w["orders"]}
    for order, found in by_order.items():
        found.sort(key=lambda r: (r["at"], norm(r.get("ticket_id")) or ""))
        first = found[0]
        if not w.in_period(first["at"]) or not w.mature(first["at"], 30):
            continue
        name = "hops" if any((t["transfers"] or 0) > 0 for t in first["_tickets"]) else "no_hop"
        who = owner.get(order) or writer(found) or order
        groups[name].append(Unit(who, first["at"], any(within(r["at"], first["at"], 30) for r in found[1:])))
    made.update({f"field.{name}.recontact": w.share(units, None) for name, units in groups.items()})
    return made


def agents(w: World) -> dict[str, Figure]:
    """Orders that several agents answered, and what follows a second contact answered by another or the same one."""
    if not w.has("tickets", "agent", "order_id"):
        return {}

    def answered(r: Row) -> bool:
        return r["agent"] is not None and (not w.has("tickets", "reply") or r["reply"] is not None)

    who_answered: defaultdict[str, set[str]] = defaultdict(set)
    for r in w.tickets:
        if r["order"] and answered(r):
            who_answered[r["order"]].add(r["agent"])
    owner = {r["order"]: r["who"] for r in w["orders"]}
    by_order: defaultdict[str, list[Row]] = defaultdict(list)
    for (_, order), found in w.chain([r for r in w.tickets if r["order"]], lambda r: (r["who"], r["order"])).items():
        by_order[order] += found
    several: list[Unit] = []
    sides: dict[bool, list[Unit]] = {True: [], False: []}
    immature: Counter = Counter()
    for order, found in by_order.items():
        found.sort(key=lambda r: (r["at"], norm(r.get("ticket_id")) or ""))
        first = found[0]
        if w.in_period(first["at"]):
            who = owner.get(order) or writer(found) or order
            several.append(Unit(who, first["at"], len(who_answered[order]) >= 2))
        if len(found) < 2 or not within(found[1]["at"], first["at"], 30):
            continue
        second = found[1]
        if not w.in_period(second["at"]) or not answered(first) or not answered(second):
            continue
        other = first["agent"] != second["agent"]
        if not w.mature(second["at"], 30):
            immature[other] += 1
            continue
        third = len(found) > 2 and within(found[2]["at"], second["at"], 30)
        sides[other].append(Unit(second["who"] or ("order", order), second["at"], third))
    return {
        "field.multi_agent.share": w.share(several, None),
        "field.multi_agent.recontact": w.share(sides[True], immature[True]),
        "field.same_agent.recontact": w.share(sides[False], immature[False]),
    }


# ---- crosses ----------------------------------------------------------------------------------------------------


def clicks(w: World) -> dict[str, Figure]:
    """Clicks over delivered mails sent within 90 days after a dispute."""
    if not w.has("emails", "clicked_at") or "tickets" not in w.given or "orders" not in w.given:
        return {}
    disputes: defaultdict[Any, list[datetime]] = defaultdict(list)
    for r in w.tickets:
        if r["complaint"] and r["who"]:
            disputes[r["who"]].append(r["at"])
    units = [
        Unit(r["who"], r["at"], r["clicked_at"] is not None)
        for r in w["emails"]
        if r["who"]
        and r["delivered"] is not False
        and w.in_period(r["at"])
        and any(within(r["at"], t, 90) for t in disputes[r["who"]])
    ]
    return {"cross.clicks.dispute": w.share(units, None)} if units else {}


def tells_refunds(w: World) -> bool:
    return w.has("orders", "refunded_amount") or w.has("orders", "status") or w.has("returns", "refunded_amount")


def refund_kind(w: World, o: Row) -> str:
    """Of an order: full, partial or none, by its own refunded amount, else by what its returns were refunded."""
    back, amount = o.get("refunded_amount"), o.get("amount")
    if back is None:
        back = sum(r.get("refunded_amount") or 0.0 for r in w["returns"] if r["order"] == o["order"])
    paid_back = amount is not None and 0 < amount <= back + 0.005
    if ORDER_STATUS.get(str(o.get("status"))) == "refunded" or paid_back:
        return "full"
    return "partial" if back > 0 else "none"


def refunds(w: World) -> dict[str, Figure]:
    """Repurchase within 90 days after an order's first solved complaint, by what was refunded of the order."""
    if not w.has("tickets", "order_id", "solved_at") or not tells_refunds(w):
        return {}
    solved_at: dict[str, datetime] = {}
    for r in w.tickets:
        if r["complaint"] and r["order"] and r["solved_at"] is not None:
            solved_at[r["order"]] = min(solved_at.get(r["order"], r["solved_at"]), r["solved_at"])
    groups: dict[str, list[Unit]] = {"full": [], "partial": [], "none": []}
    immature: Counter = Counter()
    for o in w["orders"]:
        t0 = solved_at.get(o["order"])
        if t0 is None or not o["who"] or not w.in_period(t0):
            continue
        kind = refund_kind(w, o)
        if not w.mature(t0, 90):
            immature[kind] += 1
            continue
        again = any(r["who"] == o["who"] and r["repurchase"] and within(r["at"], t0, 90) for r in w.orders)
        groups[kind].append(Unit(o["who"], t0, again))
    return {
        f"cross.refund.repurchase.{kind}.90d": w.share(units, immature[kind])
        for kind, units in groups.items()
        if units or immature[kind]
    }


PARTS: tuple[Callable[[World], dict[str, Figure]], ...] = (
    recontact,
    repurchase,
    silence,
    gestures,
    unsubscribe,
    effort,
    nps,
    csat,
    operations,
    calls,
    closes,
    after_close,
    waits,
    late,
    hops,
    agents,
    clicks,
    refunds,
)


def figures(tables: Mapping[str, pl.DataFrame], settings: Settings) -> dict[str, Figure]:
    """Every deterministic measure that the oracle knows."""
    world = World(tables, settings)
    made: dict[str, Figure] = {}
    for part in PARTS:
        if part in (recontact, repurchase) and "tickets" not in world.given:
            continue
        made.update(part(world))
    return made
