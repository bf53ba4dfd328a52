"""S5 Commercial gestures without answer: what did the voucher, refund or gift change?

Measures: gesture.reply.14d · gesture.satisfied · gesture.redeemed.90d · gesture.repurchase.90d ·
gesture.no_effect.90d · gesture.cost.total · gesture.cost.no_effect · gesture.gap.90d.
Unit: a gesture, indexed when granted. Reply: a ticket of the customer, or the gesture's own reply, within 14 days.
Satisfied: the first survey answer within 90 days lies in the satisfied class, among those who answered; its bounds in
`facts`. No effect: no reply, no satisfied answer, no redemption and no repurchase within 90 days. Costs count mature
gestures only, and none that is in another currency than the audit's, by its own row or by its order. Gap: repurchase
after a gesture against complaints that got none, standardised on month × value tercile × reason; the controls' index is
the complaint plus a lag drawn from the gestures' own lags. "Associated with", never "due to".
Needs: gestures with their moment and a customer; orders for repurchase and no effect; tickets or replies; surveys.
Excludes: gestures of nobody we know (`excluded.anonymous`); immature ones (`excluded.immature`).
Null: no mature gesture in the period.
Blind to: thanks by phone, vouchers used by somebody else.
Source: definition of this audit; direct standardisation as for repurchase.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import NEVER, collect, next_after, settled, stack
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.gaps import Comparison, gap_measure
from cxaudit.measure.indexed import happened_within, mature
from cxaudit.measure.nearest import nearest
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import DAY_US, Tables, not_computable
from cxaudit.measure.valued import Cells, value_bands
from cxaudit.measure.verdicts import ENOUGH, FEW, added, maturity_refusal, source_refusals
from cxaudit.schema.results import Measure, Phrase, Result
from cxaudit.schema.settings import Settings

REPLY, SATISFIED, REDEEMED = "gesture.reply.14d", "gesture.satisfied", "gesture.redeemed.90d"
REPURCHASE, NO_EFFECT = "gesture.repurchase.90d", "gesture.no_effect.90d"
TOTAL, LOST, GAP = "gesture.cost.total", "gesture.cost.no_effect", "gesture.gap.90d"
LINKED_TICKETS = "tickets.customer_email|customer_id|order_id"
Whole = NDArray[np.int64]


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """What followed each gesture, what it cost, and the gap against complaints without one."""
    days = settings.windows.gesture_effect_days
    everyone = followed(tables)
    known = everyone.filter(~nw.col("customer").is_null())
    excluded = {"anonymous": len(within(everyone, tables.period)) - len(within(known, tables.period))}
    cuts = ("kind",) if tables.has("gestures.kind") else ()
    # A reply may lie in a ticket: without tickets what nobody answered may only not have been seen.
    blind = () if tables.has(LINKED_TICKETS) else ("R9",)
    base = Units(known, ("gestures",), excluded, cuts)
    yield _told(
        REPLY,
        _beside(replace(base, refusals=blind), tables, "tickets"),
        "reply",
        settings.windows.gesture_reply_days,
        tables,
    )
    yield from _satisfied(base, days, tables)
    yield from _redeemed(base, days, tables)
    missing = tables.missing("orders.ordered_at", "orders.customer_email|customer_id")
    if not missing:
        yield _told(REPURCHASE, _beside(base, tables, "orders"), "repurchase", days, tables)
        everything = _beside(replace(base, refusals=blind), tables, "orders", "tickets", "surveys")
        yield from _no_effect(everything, days, tables)
        yield from _gap(known, days, tables, settings)
    else:
        yield from not_computable((REPURCHASE, NO_EFFECT, LOST, GAP), missing)
    yield from _total(base, days, tables)


def _beside(units: Units, tables: Tables, *sources: str) -> Units:
    """The units, also standing on those of `sources` that were given."""
    return replace(units, sources=(*units.sources, *(name for name in sources if tables.has(name))))


def followed(tables: Tables) -> nw.DataFrame[Any]:
    """Gestures with the moment of what came next in each family, `NEVER` where nothing did."""
    columns = ("customer", "t", "day", "month", "kind", "cost", "order", "replied_at_t", "redeemed_at_t")
    plan = tables["gestures"].filter(~nw.col("t").is_null()).select(*columns)
    known = nw.col("customer").is_null()
    families: dict[str, list[nw.LazyFrame[Any]]] = {"ticket_t": [], "answer_t": [], "content_t": [], "order_t": []}
    if tables.has("tickets"):
        families["ticket_t"].append(tables["tickets"].filter(nw.col("eligible") & ~known).select("customer", "t"))
    if tables.has("surveys"):
        answers = tables["surveys"].filter(nw.col("answered") & ~known & ~nw.col("answer_t").is_null())
        asked = answers.filter(~nw.col("satisfied").is_null())
        families["answer_t"].append(asked.select("customer", nw.col("answer_t").alias("t")))
        families["content_t"].append(
            asked.filter(nw.col("satisfied")).select("customer", nw.col("answer_t").alias("t"))
        )
    if tables.has("orders"):
        bought = tables["orders"].filter(nw.col("eligible") & ~nw.col("refunded") & ~known)
        families["order_t"].append(bought.select("customer", "t"))
    for name, found in families.items():
        never = plan.with_columns(nw.lit(NEVER).alias(name))
        plan = settled(next_after(plan, stack(found), name=name)) if found else never
    filled = [
        nw.when(nw.col(name).is_null()).then(nw.lit(NEVER)).otherwise(nw.col(name)).alias(name)
        for name in (*families, "replied_at_t", "redeemed_at_t")
    ]
    return collect(plan.with_columns(*filled))


def _happened(family: str, days: int) -> nw.Expr:
    """Whether a moment of the family follows within `days`, strictly after the gesture was granted."""
    own = {"reply": "replied_at_t", "redeemed": "redeemed_at_t"}
    followed = {"reply": "ticket_t", "repurchase": "order_t", "content": "content_t", "answer": "answer_t"}
    rules = []
    if family in own:
        rules.append(happened_within(own[family], days) & (nw.col(own[family]) > nw.col("t")))
    if family in followed:
        rules.append(happened_within(followed[family], days))
    return rules[0] if len(rules) == 1 else rules[0] | rules[1]


def _with(units: Units, success: nw.Expr, days: int, tables: Tables) -> Units:
    frame = units.frame.with_columns(success.alias("success"), mature(days, tables).alias("mature"))
    return replace(units, frame=frame)


def _told(key: str, units: Units, family: str, days: int, tables: Tables) -> Result:
    if family == "reply" and not tables.has(LINKED_TICKETS) and not tables.has("gestures.replied_at"):
        return not_computable((key,), ("tickets.created_at", "gestures.replied_at"))[0]
    return share(key, _with(units, _happened(family, days), days, tables), tables)


def _satisfied(units: Units, days: int, tables: Tables) -> Iterable[Result]:
    if not tables.has("surveys.score"):
        return not_computable((SATISFIED,), ("surveys.score",))
    first_content = (nw.col("content_t") == nw.col("answer_t")) & (nw.col("answer_t") != NEVER)
    told = _with(units, first_content, days, tables)
    # The unit is a gesture: those too young count as immature whether or not they have had an answer.
    ripe = told.frame.filter(nw.col("mature"))
    asked = len(within(ripe, tables.period))
    immature = len(within(told.frame, tables.period)) - asked
    answered = replace(
        told,
        frame=ripe.filter(_happened("answer", days)),
        sources=(*told.sources, "surveys"),
        refusals=maturity_refusal(asked, immature),
    )
    found = share(SATISFIED, answered, tables)
    satisfied = found.numerator or 0.0
    unknown = asked - found.denominator
    bounds = {"bound_low": satisfied / asked, "bound_high": (satisfied + unknown) / asked} if asked else {}
    excluded = {**found.excluded, "immature": immature}
    return [replace(found, excluded=excluded, facts={"asked": asked, **bounds})]


def _redeemed(units: Units, days: int, tables: Tables) -> Iterable[Result]:
    if not tables.has("gestures.redeemed_at"):
        return not_computable((REDEEMED,), ("gestures.redeemed_at",))
    return [share(REDEEMED, _with(units, _happened("redeemed", days), days, tables), tables)]


def _no_effect(units: Units, days: int, tables: Tables) -> Iterable[Result]:
    if not tables.has(LINKED_TICKETS) and not tables.has("gestures.replied_at"):
        return not_computable((NO_EFFECT, LOST), ("tickets.created_at", "gestures.replied_at"))
    effects = [_happened(family, days) for family in ("reply", "content", "redeemed", "repurchase")]
    nothing = ~(effects[0] | effects[1] | effects[2] | effects[3])
    absent = tuple(name for name in ("surveys", "tickets") if not tables.has(name))
    told = _with(units, nothing, days, tables)
    note = (Phrase.of("note.effect_sources", tables=absent),) if absent else ()
    idle = replace(told, frame=told.frame.filter(nw.col("success")))
    return [share(NO_EFFECT, replace(told, notes=note), tables), *_cost(LOST, idle, tables)]


def _total(units: Units, days: int, tables: Tables) -> Iterable[Result]:
    return _cost(TOTAL, _with(units, nw.lit(True), days, tables), tables)


def _cost(key: str, units: Units, tables: Tables) -> list[Result]:
    if not tables.has("gestures.cost"):
        return list(not_computable((key,), ("gestures.cost",)))
    present = within(units.frame, tables.period)
    ripe = present.filter(nw.col("mature") & ~nw.col("cost").is_null())
    n, immature = float(len(ripe)), len(present.filter(~nw.col("mature")))
    refusals = added((*maturity_refusal(len(present) - immature, immature), *source_refusals(tables, units.sources)))
    firm = n >= ENOUGH and not refusals
    return [
        Measure(
            key,
            "eur",
            None,
            n,
            float(ripe["cost"].sort().sum()) if n else None,
            n_eff=n,
            verdict="insufficient" if n < FEW else "established" if firm else "indicative",
            refusals=refusals if n >= FEW else added(refusals, "R1"),
            excluded={**units.excluded, "immature": immature},
        )
    ]


# ---- the gap against complaints without a gesture --------------------------------------------------------------------


def _gap(gestures: nw.DataFrame[Any], days: int, tables: Tables, settings: Settings) -> Iterable[Result]:
    missing = tables.missing("tickets.created_at")
    if missing:
        return not_computable((GAP,), missing)
    complaints = collect(
        tables["tickets"]
        .filter(nw.col("eligible") & nw.col("complaint") & ~nw.col("customer").is_null())
        .select("customer", "t", "day", "reason", "order", "ticket")
    ).sort("t", "order", "ticket", "customer", nulls_last=True)
    cells = Cells.of(complaints, value_bands(tables))
    granted = gestures.sort("t", "customer", "cost", nulls_last=True)
    customer, t = (granted[name].to_numpy().astype(np.int64) for name in ("customer", "t"))
    matched = nearest(customer, t + 1, cells.customer, cells.t, after=False)
    cases = matched >= 0
    if not cases.any():
        return not_computable((GAP,), (), Phrase.of("not_computable.no_gesture_on_complaint"))
    comparison = _comparison(customer[cases], t[cases], matched[cases], cells, days, tables, settings)
    return [gap_measure(GAP, comparison)]


def _comparison(
    customer: Whole, t: Whole, matched: Whole, cells: Cells, days: int, tables: Tables, settings: Settings
) -> Comparison:
    bought_customer, bought_t = _purchases(tables)
    inside = _inside(t, days, tables)
    immature = int((_in_period(t, tables) & ~inside).sum())
    lags = np.sort(t - cells.t[matched])
    draws = np.random.default_rng(settings.seed).random(len(cells.t))
    pseudo = cells.t + lags[(draws * len(lags)).astype(np.int64)]
    next_gesture = nearest(cells.customer, cells.t - 1, customer, t, after=True)
    never = next_gesture < 0
    chosen = np.flatnonzero(never & _inside(pseudo, days, tables))
    chosen = chosen[np.unique(cells.customer[chosen], return_index=True)[1]]
    won = _bought(customer[inside], t[inside], bought_customer, bought_t, days)
    return Comparison(
        cases=cells.tallies(matched[inside], t[inside], won),
        controls=cells.tallies(
            chosen, pseudo[chosen], _bought(cells.customer[chosen], pseudo[chosen], bought_customer, bought_t, days)
        ),
        materiality=settings.materiality.default,
        refusals=(
            *maturity_refusal(float(inside.sum()), immature),
            *source_refusals(tables, ("gestures", "orders", "tickets")),
        ),
        deff=cells.deff(matched[inside], won),
        excluded={"immature": immature},
        notes=(Phrase.of("note.associated"),),
    )


def _in_period(t: Whole, tables: Tables) -> NDArray[np.bool_]:
    day = t // DAY_US
    return (day >= tables.period.first) & (day <= tables.period.last)


def _inside(t: Whole, days: int, tables: Tables) -> NDArray[np.bool_]:
    return _in_period(t, tables) & (t // DAY_US + days <= tables.as_of)


def _purchases(tables: Tables) -> tuple[Whole, Whole]:
    plan = tables["orders"].filter(nw.col("eligible") & ~nw.col("refunded") & ~nw.col("customer").is_null())
    found = collect(plan.select("customer", "t"))
    return found["customer"].to_numpy().astype(np.int64), found["t"].to_numpy().astype(np.int64)


def _bought(customer: Whole, t: Whole, held_customer: Whole, held_t: Whole, days: int) -> NDArray[np.bool_]:
    place = nearest(customer, t, held_customer, held_t, after=True)
    following = np.where(place >= 0, held_t[place] if len(held_t) else NEVER, NEVER)
    return (following != NEVER) & (following // DAY_US <= t // DAY_US + days)


SIGNAL = Signal(
    "gestures",
    (REPLY, SATISFIED, REDEEMED, REPURCHASE, NO_EFFECT, TOTAL, LOST, GAP),
    ("gestures.granted_at", "gestures.customer_email|customer_id|order_id"),
    measure,
)
