"""Behind a figure: the pseudonymised stories of a few of its cases, told on one line each.

A story is what one customer did and was told around the index, without a word of what was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.contacted import contacted_orders, recontacted
from cxaudit.measure.indexed import happened_within, mature, of_period
from cxaudit.measure.rates import within
from cxaudit.measure.tables import Tables
from cxaudit.schema.days import day_of
from cxaudit.schema.settings import Settings
from cxaudit.signals.gestures import followed
from cxaudit.signals.repurchase import customers_after
from cxaudit.signals.silence import buyers_by_state

# What a story tells of each table: the moment's column, the rows that count, and the column named beside the step.
Moment = tuple[str, str | None, str | None]
STEPS: Mapping[str, tuple[Moment, ...]] = {
    "orders": (("day", "eligible", "product"), ("delivered_at_day", "eligible", None)),
    "tickets": (
        ("day", "eligible", "reason"),
        ("first_reply_at_day", "eligible", None),
        ("solved_at_day", "eligible", None),
    ),
    "gestures": (("day", None, "kind"), ("redeemed_at_day", None, None)),
    "surveys": (("answer_day", "answered", "kind"),),
    "returns": (("day", None, "reason"),),
    "reviews": (("day", None, "rating"),),
    "emails": (("clicked_at_day", None, None),),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened; `what` is `<table>.<moment>`, a key of `texts` under `step`."""

    day: date
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One customer of a figure, under a pseudonym, and their steps in order."""

    pseudonym: str
    steps: tuple[Step, ...]


def cases(signal: str, tables: Tables, settings: Settings, *, limit: int = 12, **cut: str) -> tuple[Case, ...]:
    """Up to `limit` cases that count as a success of `signal` in the period, the latest first.

    Args:
        signal: recontact, repurchase (complainers who did not buy again), silence or gestures (without effect).
        cut: one column and value of the units, such as `reason="Retard"`.
    """
    units = within(_UNITS[signal](tables, settings), tables.period)
    for column, value in cut.items():
        units = units.filter(nw.col(column) == value)
    known = units.filter(~nw.col("customer").is_null()).sort("day", "customer", descending=[True, False])
    customers = list(dict.fromkeys(known["customer"].to_list()))[:limit]
    stories = _stories(customers, tables).items()
    return tuple(Case(short(tables.pseudonyms[customer]), steps) for customer, steps in stories)


def short(pseudonym: int) -> str:
    """A short name for a customer, the same throughout an audit."""
    return f"C-{pseudonym % (1 << 64):016x}"[:8].upper()


def _recontact(tables: Tables, settings: Settings) -> nw.DataFrame[Any]:
    return recontacted(contacted_orders(tables), 30, tables.as_of).filter(nw.col("success") & nw.col("mature"))


def _repurchase(tables: Tables, settings: Settings) -> nw.DataFrame[Any]:
    complaints = tables["tickets"].filter(nw.col("eligible") & nw.col("complaint"))
    units = of_period(customers_after(complaints, tables)).filter(nw.col("earlier"))
    return units.filter(mature(90, tables) & ~happened_within("next", 90))


def _silence(tables: Tables, settings: Settings) -> nw.DataFrame[Any]:
    units = of_period(buyers_by_state(tables, settings.windows.silence_days))
    return units.filter(nw.col("is_silent") & nw.col("mature"))


def _gestures(tables: Tables, settings: Settings) -> nw.DataFrame[Any]:
    days = settings.windows.gesture_effect_days
    nothing = ~(
        happened_within("ticket_t", days) | happened_within("order_t", days) | happened_within("content_t", days)
    )
    return followed(tables).filter(mature(days, tables) & nothing)


_UNITS: Mapping[str, Callable[[Tables, Settings], nw.DataFrame[Any]]] = {
    "recontact": _recontact,
    "repurchase": _repurchase,
    "silence": _silence,
    "gestures": _gestures,
}


def _stories(customers: Sequence[int], tables: Tables) -> dict[int, tuple[Step, ...]]:
    told: dict[int, list[Step]] = {customer: [] for customer in customers}
    for table, moments in STEPS.items():
        for moment, rule, detail in moments if table in tables.given else ():
            for customer, day, more in _rows(tables[table], customers, moment, rule, detail):
                told[customer].append(Step(day_of(day), f"{table}.{moment}", "" if more is None else str(more)))
    return {customer: tuple(sorted(steps, key=lambda step: step.day)) for customer, steps in told.items()}


def _rows(
    table: nw.LazyFrame[Any], customers: Sequence[int], moment: str, rule: str | None, detail: str | None
) -> list[tuple[int, int, Any]]:
    mine = table.filter(nw.col("customer").is_in(list(customers)) & ~nw.col(moment).is_null())
    kept = mine if rule is None else mine.filter(nw.col(rule))
    more = nw.col(detail) if detail else nw.lit(None, nw.String)
    return collect(kept.select(nw.col("customer"), nw.col(moment).alias("_day"), more.alias("_more"))).rows()
