"""Hard requests avoided or handed on: waiting and transfers by how long a reason takes.

Measures: field.hard_wait.hours · field.easy_wait.hours · field.hard_wait.gap · field.hard_transfer.share ·
field.easy_transfer.share · field.hard_transfer.gap.
Unit: an eligible ticket of the third of reasons (rounded down, at least one) with the longest, and the shortest, median
handle time of the period; hours to the first reply (median), share with at least one transfer. Gaps are hard − easy.
Needs: tickets.reason, tickets.handle_minutes; first replies and transfers.
Excludes: reasons without any handle time.
Null: no such ticket in the period; with a single reason hard and easy cannot be told apart.
Blind to: one reason that covers very different requests.
Source: SIGNALS §3; Woodruff (1952) for medians; differences of medians by recovered variances (Zou and Donner 2008).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.gaps import newcombe_measure
from cxaudit.measure.medians import median
from cxaudit.measure.rates import Units, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.measure.verdicts import difference_verdict
from cxaudit.schema.results import Measure, Phrase, Result
from cxaudit.schema.settings import Settings
from cxaudit.stats.intervals import DETECTABLE, Z95, Interval
from cxaudit.surface.replies import waiting

WAIT = ("field.hard_wait.hours", "field.easy_wait.hours", "field.hard_wait.gap")
TRANSFER = ("field.hard_transfer.share", "field.easy_transfer.share", "field.hard_transfer.gap")
COLUMNS = ("customer", "t", "day", "month", "scope", "reason", "handle_minutes", "first_reply_at_t", "transfers")


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Waits and transfers of hard and easy reasons."""
    named = tables["tickets"].filter(nw.col("eligible") & ~nw.col("reason").is_null())
    tickets = collect(named.select(*COLUMNS))
    hard, easy = thirds(_median_minutes(within(tickets, tables.period)))
    if not hard:
        return not_computable((*WAIT, *TRANSFER), (), Phrase.of("not_computable.few_reasons"))
    sides = [tickets.filter(nw.col("reason").is_in(list(names))) for names in (hard, easy)]
    facts = {"hard": hard, "easy": easy}
    return [*_waits(sides, facts, tables, settings), *_transfers(sides, facts, tables, settings)]


def thirds(minutes: Mapping[str, float]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The reasons of the longest and of the shortest third, at least one each; none where they would overlap."""
    ranked = sorted(minutes, key=lambda reason: (minutes[reason], reason))
    third = max(1, len(ranked) // 3)
    if len(ranked) < 2:
        return (), ()
    return tuple(ranked[-third:]), tuple(ranked[:third])


def _median_minutes(tickets: nw.DataFrame[Any]) -> dict[str, float]:
    timed = tickets.filter(nw.col("handle_minutes") >= 0)
    return dict(timed.group_by("reason").agg(nw.col("handle_minutes").median()).rows())


def _waits(
    sides: list[nw.DataFrame[Any]], facts: Mapping[str, Any], tables: Tables, settings: Settings
) -> Iterable[Result]:
    if not tables.has("tickets.first_reply_at"):
        return not_computable(WAIT, ("tickets.first_reply_at",))
    waited = [waiting(side.filter(~nw.col("first_reply_at_t").is_null()), settings.opening_hours) for side in sides]
    hard, easy = (
        median(key, "hours", Units(frame, ("tickets",), facts=facts), tables)
        for key, frame in zip(WAIT, waited, strict=False)
    )
    return [hard, easy, _hours_gap(hard, easy, settings.materiality.wait_hours)]


def _hours_gap(hard: Measure, easy: Measure, materiality: float) -> Measure:
    gap = newcombe_measure(WAIT[2], hard, easy, materiality)
    if gap.value is None or gap.low is None or gap.high is None:
        return replace(gap, unit="hours")
    # A share's widest half-width is 10 points; hours are held against the longer of the two waits.
    widest = max(hard.value or 0.0, easy.value or 0.0)
    interval = Interval(gap.value, gap.low, gap.high, gap.n_eff or 0.0, gap.deff or 1.0)
    stands = tuple(code for code in {*hard.refusals, *easy.refusals} if code != "R1")
    verdict, refusals = difference_verdict(interval, interval.n_eff, materiality, tuple(sorted(stands)), widest)
    smallest = DETECTABLE * interval.half_width / Z95
    return replace(gap, unit="hours", verdict=verdict, refusals=refusals, detectable=smallest)


def _transfers(
    sides: list[nw.DataFrame[Any]], facts: Mapping[str, Any], tables: Tables, settings: Settings
) -> Iterable[Result]:
    if not tables.has("tickets.transfers"):
        return not_computable(TRANSFER, ("tickets.transfers",))
    told = [side.filter(~nw.col("transfers").is_null()) for side in sides]
    hard, easy = (
        share(
            key,
            Units(frame.with_columns((nw.col("transfers") > 0).alias("success")), ("tickets",), facts=facts),
            tables,
        )
        for key, frame in zip(TRANSFER, told, strict=False)
    )
    return [hard, easy, newcombe_measure(TRANSFER[2], hard, easy, settings.materiality.default)]


SIGNAL = Signal(
    "waits", (*WAIT, *TRANSFER), ("tickets.created_at", "tickets.reason", "tickets.handle_minutes"), measure
)
