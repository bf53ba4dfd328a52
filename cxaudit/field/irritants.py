"""Recurring irritants: what tickets come back about, by volume, growth, recontact and cost.

A class is a topic within a reason, where the reason has texts enough, else the reason; without reasons, a topic of all
texts. Worst first by tickets × recontact.
Growth is the share of tickets in the last third of the period minus in the first; recontact the share of tickets
followed within 30 days by another episode of the same order (of the same customer where there is no order).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from cxaudit.engine import NEVER, collect
from cxaudit.field.apart import Tickets, excess, growth, judged
from cxaudit.field.terms import Written, written
from cxaudit.field.topics import MOST_TOPICS, Topic, topics_of
from cxaudit.field.words import spelled
from cxaudit.measure.following import next_moment
from cxaudit.measure.tables import DAY_US, Tables
from cxaudit.measure.verdicts import source_refusals
from cxaudit.schema.results import Irritant
from cxaudit.schema.settings import Settings
from cxaudit.stats.intervals import Interval

COLUMNS = ("customer", "order", "t", "day", "reason", "subject", "body", "handle_minutes")
DAYS = 30
FEWEST_TEXTS = 30
FEWEST_TICKETS = FEWEST_PEOPLE = 5
TOPICS_OF_A_REASON = 6
READ_FOR_SPELLING = 200
NOT_BLANK = r"[^\s\x1c-\x1f]"
SHOWN = 25


@dataclass(frozen=True)
class Class:
    """Some of the period's tickets, what they are called and the words that earned them the name."""

    label: str
    terms: tuple[str, ...]
    rows: NDArray[np.int64]


def irritants(tables: Tables, settings: Settings) -> tuple[Irritant, ...]:
    """The irritants of the period, worst first; empty without tickets that bear a reason or a text."""
    if not tables.has("tickets.reason|body|subject"):
        return ()
    rows, kept = tables.shared.once("irritants", lambda: _classed(tables))
    outcome = _recontacted(rows, tables)
    held = _tickets(rows, outcome, tables)
    grown = [growth(found.rows, held) for found in kept]
    stands = source_refusals(tables, ("tickets",))
    least = settings.materiality.recontact
    growing = judged("growth", grown, least, stands)
    returning = judged("excess", [excess(found.rows, held) for found in kept], least, stands)
    drawn = [
        _irritant(found, rows, outcome, settings, gap, {"people": len(np.unique(held.cluster[found.rows])), **a, **b})
        for found, gap, a, b in zip(kept, grown, growing, returning, strict=True)
    ]
    return tuple(sorted(drawn, key=_worst)[:SHOWN])


def _classed(tables: Tables) -> tuple[nw.DataFrame[Any], list[Class]]:
    """The period's tickets and their classes: read once, whatever a minute costs."""
    inside = nw.col("day").is_between(tables.period.first, tables.period.last)
    rows = collect(tables["tickets"].filter(nw.col("eligible") & inside).select(*COLUMNS)).sort("t", "order")
    return rows, [found for found in classes(rows) if len(found.rows) >= FEWEST_TICKETS]


def _tickets(rows: nw.DataFrame[Any], outcome: NDArray[np.float64], tables: Tables) -> Tickets:
    """The tickets by customer (an anonymous one is its own) and by third of the period."""
    day = rows["day"].to_numpy().astype(np.int64)
    third = (tables.period.last - tables.period.first + 1) / 3
    early, late = day < tables.period.first + third, day > tables.period.last - third
    return Tickets(_writers(rows), np.where(early, 0, np.where(late, 2, 1)), outcome)


def _writers(rows: nw.DataFrame[Any]) -> NDArray[np.int64]:
    """The customer of each ticket, from 0 on; an anonymous ticket is somebody of its own."""
    own = -1 - np.arange(len(rows), dtype=np.int64)
    known = ~rows["customer"].is_null().to_numpy().astype(bool)
    customer = np.where(known, rows["customer"].fill_null(0).to_numpy().astype(np.int64), own)
    return np.asarray(np.unique(customer, return_inverse=True)[1], np.int64)


def classes(rows: nw.DataFrame[Any]) -> list[Class]:
    """The tickets by reason, each reason with enough texts by the topics of its texts; without reasons by topic."""
    joined = rows.select(nw.concat_str("subject", "body", separator=" . ", ignore_nulls=True).alias("text"))
    texts, writers = joined["text"], _writers(rows)
    told = written(texts.to_native())
    reasons = _by_reason(rows["reason"].to_list())
    if 2 * sum(len(found.rows) for found in reasons) < len(rows):
        named = topics_of(told, texts.to_native(), MOST_TOPICS, writers)
        return [_named(topic, "", topic.members, texts) for topic in named]
    return [part for reason in reasons for part in _by_topic(reason, texts, told, writers)]


def _by_topic(reason: Class, texts: nw.Series[Any], told: Written, writers: NDArray[np.int64]) -> list[Class]:
    """A reason's topics, and what is near none of them under the reason alone; the whole reason where texts are few."""
    own = texts[reason.rows]
    if own.str.contains(NOT_BLANK).sum() < FEWEST_TEXTS:
        return [reason]
    by = writers[reason.rows]
    named = topics_of(told.of(reason.rows), own.to_native(), TOPICS_OF_A_REASON, by)
    found = [topic for topic in named if len(np.unique(by[topic.members])) >= FEWEST_PEOPLE]
    held = np.unique(np.concatenate([np.zeros(0, np.int64), *(topic.members for topic in found)]))
    rest = np.setdiff1d(np.arange(len(own)), held)
    parts = [_named(topic, f"{reason.label} · ", reason.rows[topic.members], texts) for topic in found]
    return [*parts, Class(reason.label, (), reason.rows[rest])]


def _named(topic: Topic, before: str, rows: NDArray[np.int64], texts: nw.Series[Any]) -> Class:
    """A topic under the words as its own texts write them, accents and all."""
    forms = spelled((*topic.terms, topic.label), texts[rows[:READ_FOR_SPELLING]].to_list())
    label, *terms = (
        " ".join(forms.get(word, word) for word in phrase.split()) for phrase in (topic.label, *topic.terms)
    )
    return Class(f"{before}{label}", tuple(terms), rows)


def _by_reason(reasons: Sequence[str | None]) -> list[Class]:
    places: dict[str, list[int]] = {}
    for place, reason in enumerate(reasons):
        if reason:
            places.setdefault(reason, []).append(place)
    return [Class(reason, (), np.array(found, np.int64)) for reason, found in places.items()]


def _recontacted(rows: nw.DataFrame[Any], tables: Tables) -> NDArray[np.float64]:
    """1 where another episode follows within 30 days, 0 where none does, nan where it is too early to say."""
    episodes = collect(tables["episodes"].select("customer", "order", "t"))
    by_order, by_customer = (next_moment(rows, episodes, (name,)) for name in ("order", "customer"))
    linked = ~rows["order"].is_null().to_numpy().astype(bool)
    following = np.where(linked, by_order, by_customer)
    day = rows["day"].to_numpy().astype(np.int64)
    again = ((following != NEVER) & (following // DAY_US <= day + DAYS)).astype(float)
    known = linked | ~rows["customer"].is_null().to_numpy().astype(bool)
    return np.where((day + DAYS <= tables.as_of) & known, again, np.nan)


def _irritant(
    found: Class,
    rows: nw.DataFrame[Any],
    outcome: NDArray[np.float64],
    settings: Settings,
    gap: Interval | None,
    apart: Mapping[str, Any],
) -> Irritant:
    told = outcome[found.rows]
    ripe = told[~np.isnan(told)]
    return Irritant(
        found.label,
        found.terms,
        len(found.rows),
        len(found.rows) / len(rows),
        float(gap.value) if gap else None,
        float(ripe.mean()) if len(ripe) else None,
        {**apart, **_facts(found.rows, rows, settings)},
    )


def _facts(members: NDArray[np.int64], rows: nw.DataFrame[Any], settings: Settings) -> Mapping[str, Any]:
    minutes = rows["handle_minutes"].to_numpy().astype(float)[members]
    known = minutes[~np.isnan(minutes)]
    if not len(known):
        return {}
    spent = float(known.mean() * len(members))
    cost = {} if settings.minute_cost is None else {"cost": spent * settings.minute_cost}
    return {"minutes": spent, **cost}


def _worst(item: Irritant) -> tuple[float, int, str]:
    return -item.tickets * (item.recontact or 0.0), -item.tickets, item.label
