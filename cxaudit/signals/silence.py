"""S4 Silent customers: who has given no sign at all since the order?

Measures: silence.customers.90d · silence.engaged.90d · silence.return.180d · silence.survey_response.14d.
Unit: a customer with an eligible order in the period, indexed by the first one; silent is no ticket, return, review,
survey answer, e-mail click, gesture redeemed or later order within 90 days (opens never count: privacy proxies open
mails by themselves). Engaged is a click, review, survey answer or later order. A later order counts even if refunded.
return: of the silent, those who order on days 91 to 180. survey_response: a survey sent and not bounced,
answered within 14 days; an answer on the day of sending counts, since it cannot have come before.
Needs: orders with a customer, e-mail clicks; for the response rate surveys with their sending day.
Excludes: anonymous orders; immature customers (`excluded.immature`).
Null: no customer in the period.
Blind to: satisfied silence; signs left in sources that were not given (named in the note; without tickets, R9).
Source: definition of this audit; states as segments so that blindness is not read as silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from cxaudit.engine import NEVER, collect, stack
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import next_of_firsts
from cxaudit.measure.indexed import first_orders, mature, of_blocks, of_period
from cxaudit.measure.rates import Units, share, state_segments
from cxaudit.measure.tables import DAY_US, Tables, not_computable
from cxaudit.schema.results import Phrase, Result
from cxaudit.schema.settings import Settings

# Where a sign of life is found: table, moment, and which rows of the table count.
ENGAGED = (("emails", "clicked_at_t", None), ("reviews", "t", None), ("surveys", "answer_t", "answered"))
PROBLEMS = (("tickets", "t", "eligible"), ("returns", "t", None))
REDEEMED = (("gestures", "redeemed_at_t", None),)
REACHED = (("emails", "t", None), ("surveys", "sent_at_t", None))
STATES = ("engaged", "only_problems", "redeemed", "silent", "unobservable")
WINDOW = ("silence.customers.90d", "silence.engaged.90d", "silence.return.180d")
RESPONSE = ("silence.survey_response.14d",)
Place = tuple[str, str, str | None]
FAR = 2**31 - 1  # days until what never came


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Silence and engagement of buyers, and the response to surveys."""
    yield from _silence(tables, settings)
    yield from survey_response(tables, settings)


def _silence(tables: Tables, settings: Settings) -> Iterable[Result]:
    missing = tables.missing("orders.ordered_at", "orders.customer_email|customer_id", "emails.clicked_at")
    if missing:
        return not_computable(WINDOW, missing)
    days = settings.windows.silence_days
    units = buyers_by_state(tables, days)
    absent = tuple(name for name in ("tickets", "returns", "reviews", "surveys", "gestures") if not tables.has(name))
    base = Units(
        of_period(units),
        tuple(name for name in ("orders", "emails", "tickets", "surveys") if tables.has(name)),
        daily=of_blocks(units) if tables.blocks else None,
        refusals=("R9",) if "tickets" in absent else (),
        notes=(Phrase.of("note.silence_sources", tables=absent),) if absent else (),
    )
    return [
        replace(share(WINDOW[0], _told(base, "is_silent"), tables), segments=_segments(base, tables)),
        share(WINDOW[1], _told(base, "is_engaged"), tables),
        _later(base, days, tables),
    ]


def _buyers(tables: Tables) -> nw.DataFrame[Any]:
    """Customers by their first order, with the days until the next sign of each family: whatever counts as silence."""
    orders = tables["orders"].filter(nw.col("eligible") & ~nw.col("customer").is_null()).select("customer", "t")
    families: Mapping[str, Sequence[nw.LazyFrame[Any]]] = {
        "engaged": (*_signs(ENGAGED, tables), orders),
        "order": (orders,),
        "problem": _signs(PROBLEMS, tables),
        "redeemed": _signs(REDEEMED, tables),
        "reached": _signs(REACHED, tables),
    }
    index = first_orders(tables)
    return index.with_columns(*(_days_until(name, signs, index) for name, signs in families.items()))


def _days_until(name: str, signs: Sequence[nw.LazyFrame[Any]], index: nw.DataFrame[Any]) -> nw.Series[Any]:
    """`<name>_in`: days from the index to the next of `signs`, FAR where there is none."""
    days = np.full(len(index), FAR, np.int32)
    if signs:
        following = next_of_firsts(index, stack(signs))
        met = following != NEVER
        days[met] = following[met] // DAY_US - index["day"].to_numpy()[met]
    return nw.new_series(f"{name}_in", days, nw.Int32, backend=index.implementation)


def _signs(places: Iterable[Place], tables: Tables) -> Sequence[nw.LazyFrame[Any]]:
    """(customer, t) of each sign in the tables at hand."""
    found = []
    for table, moment, rule in places:
        if tables.has(table):
            rows = tables[table] if rule is None else tables[table].filter(nw.col(rule))
            rows = rows.select(nw.col("customer"), nw.col(moment).alias("t"))
            found.append(rows.filter(~nw.col("customer").is_null() & ~nw.col("t").is_null()))
    return found


def buyers_by_state(tables: Tables, days: int) -> nw.DataFrame[Any]:
    """Customers by their first order of each span: `state` (of STATES), `is_silent`, `is_engaged` and `mature`."""
    buyers: nw.DataFrame[Any] = tables.shared.once("buyers", lambda: _buyers(tables))
    within = {name: nw.col(f"{name}_in") <= days for name in ("engaged", "problem", "redeemed", "reached")}
    told = buyers.with_columns(
        *(rule.alias(f"is_{name}") for name, rule in within.items()), mature(days, tables).alias("mature")
    )
    silent = ~(nw.col("is_engaged") | nw.col("is_problem") | nw.col("is_redeemed"))
    engaged, problems, redeemed, mute, unseen = (nw.lit(place, nw.Int8) for place in range(len(STATES)))
    state = (
        nw.when(nw.col("is_engaged")).then(engaged)
        .otherwise(nw.when(nw.col("is_redeemed")).then(redeemed)
        .otherwise(nw.when(nw.col("is_problem")).then(problems)
        .otherwise(nw.when(nw.col("is_reached")).then(mute).otherwise(unseen))))
    )  # fmt: skip
    return told.with_columns(silent.alias("is_silent"), state.alias("state"))


def _told(units: Units, success: str) -> Units:
    daily = None if units.daily is None else units.daily.with_columns(nw.col(success).alias("success"))
    return replace(units, frame=units.frame.with_columns(nw.col(success).alias("success")), daily=daily)


def _segments(units: Units, tables: Tables) -> dict[str, Any]:
    ripe = units.frame.filter(nw.col("mature"))
    return {"state": state_segments(ripe, "state", STATES)}


def _later(units: Units, days: int, tables: Tables) -> Result:
    """Of the silent, the share who order again on the days after the window, up to twice its length."""
    again = nw.col("order_in") <= 2 * days
    dressed = [
        frame.filter(nw.col("is_silent")).with_columns(again.alias("success"), mature(2 * days, tables).alias("mature"))
        for frame in (units.frame, units.daily) if frame is not None
    ]  # fmt: skip
    return share(WINDOW[2], replace(units, frame=dressed[0], daily=dressed[1] if len(dressed) > 1 else None), tables)


def survey_response(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Answers within 14 days of surveys sent and not bounced."""
    missing = tables.missing("surveys.sent_at", "surveys.answered_at|score")
    if missing:
        return not_computable(RESPONSE, missing)
    days = settings.windows.survey_response_days
    reached = nw.when(nw.col("delivered").is_null()).then(True).otherwise(nw.col("delivered"))
    sent = tables["surveys"].filter(~nw.col("sent_at_t").is_null() & reached)
    after = nw.col("answer_day") - nw.col("sent_at_day")
    units = collect(
        sent.select(
            "customer",
            "kind",
            nw.col("sent_at_day").alias("day"),
            nw.col("month"),
            (nw.col("answered") & after.is_between(0, days)).alias("success"),
            (nw.col("sent_at_day") + days <= tables.as_of).alias("mature"),
        )
    )
    return [share(RESPONSE[0], Units(units, ("surveys",), cuts=("kind",)), tables)]


SIGNAL = Signal("silence", (*WINDOW, *RESPONSE), (), measure)
