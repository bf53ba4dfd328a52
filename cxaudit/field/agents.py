"""Another agent, another answer? Orders answered by several agents, what follows, and replies that contradict.

Measures: field.multi_agent.share · field.multi_agent.recontact · field.same_agent.recontact · field.multi_agent.gap ·
field.multi_channel.share · field.incoherent.share.
Unit: a contacted order, indexed by its first episode; success is at least two agents (channels) who answered it. An
agent answered where there is a reply, or, without that column, where there is an agent. Recontact: an order whose
second episode comes within 30 days of the first, indexed by the second, by whether another or the same agent answered;
success is a third episode within 30 days of the second. Incoherent: an order answered by several agents; success is two
replies of different agents that name different days for the delivery while those named first are still ahead, different
amounts for the refund, or accept and refuse the same thing.
Needs: tickets.order_id, tickets.agent; tickets.reply for contradictions.
Excludes: second episodes without a known agent (`excluded.no_agent`); immature ones.
Null: no such order in the period. With a single agent nothing of this can be seen.
Blind to: agents who share one account; contradictions worded otherwise.
Source: SIGNALS §3; Newcombe (1998); written patterns (`cxaudit.field.said`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.field.said import Statement, contradict, statements
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.contacted import contacted_orders
from cxaudit.measure.gaps import newcombe_measure
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.schema.results import Phrase, Result
from cxaudit.schema.settings import Settings

SHARE, CHANNELS = ("field.multi_agent.share",), ("field.multi_channel.share",)
RECONTACT = ("field.multi_agent.recontact", "field.same_agent.recontact", "field.multi_agent.gap")
INCOHERENT = ("field.incoherent.share",)
DAYS = 30


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """How many orders several agents answered, and what that goes along with."""
    firsts = contacted_orders(tables).select("order", "customer", "day", "month", "scope", "reason")
    answered = _answered(tables)
    yield from _channels(firsts, tables)
    if answered["agent"].n_unique() < 2:
        yield from not_computable((*SHARE, *RECONTACT, *INCOHERENT), (), Phrase.of("not_computable.one_agent"))
        return
    agents = answered.group_by("order").agg(nw.col("agent").n_unique().alias("agents"))
    known = firsts.join(agents, on="order", how="left")
    several = known.with_columns((nw.coalesce("agents", nw.lit(0)) >= 2).alias("success"))
    cuts = ("reason",) if tables.has("tickets.reason") else ()
    yield share(SHARE[0], Units(several, ("tickets",), cuts=cuts), tables)
    yield from _third_contact(tables, settings)
    yield from _incoherent(several.filter(nw.col("success")), answered, cuts, tables)


def _answered(tables: Tables) -> nw.DataFrame[Any]:
    """Eligible tickets with an order that an agent answered."""
    tickets = tables["tickets"].filter(nw.col("eligible") & ~nw.col("order").is_null() & ~nw.col("agent").is_null())
    replied = tickets.filter(~nw.col("reply").is_null()) if tables.has("tickets.reply") else tickets
    rows = collect(replied.select("order", "agent", "reply", nw.coalesce("first_reply_at_t", "t").alias("t")))
    return rows.filter(~nw.col("t").is_null())


def _channels(firsts: nw.DataFrame[Any], tables: Tables) -> Iterable[Result]:
    if not tables.has("tickets.channel"):
        return not_computable(CHANNELS, ("tickets.channel",))
    named = tables["tickets"].filter(nw.col("eligible") & ~nw.col("order").is_null() & ~nw.col("channel").is_null())
    counted = collect(named.select("order", "channel").unique()).group_by("order").agg(nw.len().alias("channels"))
    known = firsts.join(counted, on="order", how="inner")
    return [
        share(CHANNELS[0], Units(known.with_columns((nw.col("channels") >= 2).alias("success")), ("tickets",)), tables)
    ]


# ---- the second contact ----------------------------------------------------------------------------------------------


def _third_contact(tables: Tables, settings: Settings) -> Iterable[Result]:
    columns = ("customer", "order", "t", "day", "month", "scope", "agent", "reply")
    rows = collect(tables["episodes"].filter(~nw.col("order").is_null()).select(*columns))
    ranked = rows.sort("order", "t", "agent", nulls_last=True).with_columns(
        nw.col("day").shift(1).over("order").alias("day_before"),
        nw.col("agent").shift(1).over("order").alias("agent_before"),
        nw.col("reply").shift(1).over("order").alias("reply_before"),
        nw.col("day").shift(-1).over("order").alias("day_after"),
        nw.col("t").rank("ordinal").over("order").alias("rank"),
    )
    second = ranked.filter((nw.col("rank") == 2) & (nw.col("day") <= nw.col("day_before") + DAYS))
    told = ~nw.col("agent").is_null() & ~nw.col("agent_before").is_null()
    if tables.has("tickets.reply"):
        told = told & ~nw.col("reply").is_null() & ~nw.col("reply_before").is_null()
    known = second.filter(told)
    again = ~nw.col("day_after").is_null() & (nw.col("day_after") <= nw.col("day") + DAYS)
    frame = known.with_columns(
        again.alias("success"),
        (nw.col("day") + DAYS <= tables.as_of).alias("mature"),
        (nw.col("agent") != nw.col("agent_before")).alias("other"),
    )
    excluded = {"no_agent": len(within(second, tables.period)) - len(within(known, tables.period))}
    other, same = (
        share(key, Units(frame.filter(nw.col("other") == side), ("tickets",), excluded), tables)
        for key, side in zip(RECONTACT, (True, False), strict=False)
    )
    return [other, same, newcombe_measure(RECONTACT[2], other, same, settings.materiality.recontact)]


# ---- contradictions -------------------------------------------------------------------------------------------------


def _incoherent(
    several: nw.DataFrame[Any], answered: nw.DataFrame[Any], cuts: tuple[str, ...], tables: Tables
) -> Iterable[Result]:
    if not tables.has("tickets.reply"):
        return not_computable(INCOHERENT, ("tickets.reply",))
    replies = answered.join(several.select("order"), on="order", how="inner").select("order", "agent", "reply", "t")
    told: dict[str, list[tuple[str, Statement]]] = {}
    said = statements(replies["reply"].to_list(), replies["t"].to_list())
    for order, agent, statement in zip(replies["order"].to_list(), replies["agent"].to_list(), said, strict=True):
        told.setdefault(order, []).append((agent, statement))
    found = {order: contradiction(said) for order, said in told.items()}
    kinds = [found.get(order) for order in several["order"].to_list()]
    frame = several.with_columns(
        nw.new_series("success", [kind is not None for kind in kinds], nw.Boolean, backend="polars")
    )
    facts = {"kinds": dict(Counter(kind for kind in kinds if kind))}
    return [share(INCOHERENT[0], Units(frame, ("tickets",), cuts=cuts, facts=facts), tables)]


def contradiction(said: Sequence[tuple[str, Statement]]) -> str | None:
    """In what two agents' replies on one order contradict each other, the first that is found; None without one."""
    pairs = combinations(said, 2)
    found = (contradict(one, other) for (first, one), (second, other) in pairs if first != second)
    return next((kind for kind in found if kind), None)


SIGNAL = Signal(
    "agents",
    (*SHARE, *RECONTACT, *CHANNELS, *INCOHERENT),
    ("tickets.created_at", "tickets.order_id", "tickets.agent"),
    measure,
)
