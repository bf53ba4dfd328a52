"""How long a case takes, and how many calls are answered.

Measures: surface.handle_minutes · surface.pickup · surface.recontact_after_call.7d.
Unit: handle time: a ticket with minutes of handling, else an answered call that ended; pickup: a call offered, success
is answered; after the call: an answered call of a known customer, success is another call or a new episode of that
customer within 7 days. A call is one that a customer placed: the team's own (rule `outbound`) are no calls offered,
handled or made again.
Needs: tickets.handle_minutes, or calls.answered_at and calls.ended_at.
Excludes: negative durations (`excluded.before_start`), of the calls offered those of the team (`excluded.outbound`).
Null: no such case in the period.
Blind to: what was said; work done outside the tool.
Source: contact-centre practice (average handle time, answer rate).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import happened, next_moment
from cxaudit.measure.rates import Units, mean, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

HANDLE = ("surface.handle_minutes",)
PICKUP = ("surface.pickup",)
AFTER_CALL = ("surface.recontact_after_call.7d",)
MINUTE_US = 60_000_000
DAYS_AFTER_CALL = 7


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Handle time of tickets (else of calls), pickup, and what followed an answered call."""
    yield from _handle_time(tables)
    if not tables.has("calls.answered_at"):
        yield from not_computable((*PICKUP, *AFTER_CALL), ("calls.answered_at",))
        return
    columns = ("customer", "t", "day", "month", "queue", "answered_at_t", "ended_at_t")
    every = collect(tables["calls"].select(*columns, "eligible")).filter(~nw.col("t").is_null())
    calls = every.filter(nw.col("eligible"))
    cuts = ("queue",) if tables.has("calls.queue") else ()
    offered = calls.with_columns((~nw.col("answered_at_t").is_null()).alias("success"))
    yield share(PICKUP[0], Units(offered, ("calls",), _left_out(every, tables), cuts), tables)
    yield from _after_call(offered.filter(nw.col("success")), calls, cuts, tables, settings)


def _left_out(calls: nw.DataFrame[Any], tables: Tables) -> dict[str, int]:
    """The period's calls that the rule `outbound` leaves out, where exports tell who placed a call."""
    if not tables.has("calls.is_outbound"):
        return {}
    return {"outbound": len(within(calls.filter(~nw.col("eligible")), tables.period))}


def _handle_time(tables: Tables) -> Iterable[Result]:
    if tables.has("tickets.handle_minutes"):
        cuts = tuple(cut for cut in ("reason", "channel", "group") if tables.has(f"tickets.{cut}"))
        plan = tables["tickets"].filter(nw.col("eligible") & ~nw.col("handle_minutes").is_null())
        minutes, source = nw.col("handle_minutes"), "tickets"
    elif tables.has("calls.answered_at", "calls.ended_at"):
        cuts = ("queue",) if tables.has("calls.queue") else ()
        timed = ~nw.col("answered_at_t").is_null() & ~nw.col("ended_at_t").is_null()
        plan = tables["calls"].filter(nw.col("eligible") & timed)
        minutes, source = (nw.col("ended_at_t") - nw.col("answered_at_t")) / MINUTE_US, "calls"
    else:
        return not_computable(HANDLE, ("tickets.handle_minutes",))
    frame = collect(plan.select("customer", "day", "month", minutes.alias("success"), *cuts))
    kept = frame.filter(nw.col("success") >= 0)
    excluded = {"before_start": len(within(frame, tables.period)) - len(within(kept, tables.period))}
    middle = within(kept, tables.period)["success"].median() if len(within(kept, tables.period)) else None
    facts = {"source": source, "median": middle}
    return [mean(HANDLE[0], "minutes", Units(kept, (source,), excluded, cuts, facts=facts), tables)]


def _after_call(
    answered: nw.DataFrame[Any], calls: nw.DataFrame[Any], cuts: tuple[str, ...], tables: Tables, settings: Settings
) -> Iterable[Result]:
    known = answered.filter(~nw.col("customer").is_null())
    if not len(known):
        return not_computable(AFTER_CALL, ("calls.customer_email", "calls.ticket_id"))
    contacts = [calls.select("customer", "t")]
    if "tickets" in tables.given:
        contacts.append(collect(tables["episodes"].select("customer", "t")))
    # A call and the ticket noted right after it are one contact, as episodes are.
    grace = settings.windows.episode_minutes * MINUTE_US
    ended = known.with_columns((nw.coalesce("ended_at_t", "answered_at_t") + grace).alias("t"))
    following = next_moment(ended, nw.concat(contacts, how="vertical"))
    ripe = (nw.col("day") + DAYS_AFTER_CALL <= tables.as_of).alias("mature")
    frame = known.with_columns(happened(known, following, DAYS_AFTER_CALL), ripe)
    excluded = {"no_customer": len(within(answered, tables.period)) - len(within(known, tables.period))}
    sources = ("calls", "tickets") if "tickets" in tables.given else ("calls",)
    return [share(AFTER_CALL[0], Units(frame, sources, excluded, cuts), tables)]


SIGNAL = Signal("handling", (*HANDLE, *PICKUP, *AFTER_CALL), (), measure)
