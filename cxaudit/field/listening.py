"""Do the listening criteria see what customers live?

Measures: field.listening.mean · field.listening.predicts · field.listening.predicts.no_recontact ·
field.listening.agreement · field.listening.fast_gap.
Unit: mean: one criterion of one check, its score over its maximum (clusters: the call or ticket), by criterion;
predicts: a call or ticket with a mean listening score and a customer's score (Spearman, Fisher's interval), or with a
customer who could write again within 30 days; agreement: two checks of one criterion of one case, success is a
difference of at most a tenth of the maximum; fast gap: mean score of the shortest third of handlings − the longest.
Needs: listening.score; call or ticket numbers for what the scores predict.
Excludes: scores above their maximum or below 0 (`excluded.out_of_scale`).
Null: no check in the period; constant scores have no correlation.
Blind to: calls never listened to; how they were picked.
Source: Spearman (1904); Bonett and Wright (2000) for the variance.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cxaudit.engine import NEVER, collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import next_moment
from cxaudit.measure.gaps import newcombe_measure
from cxaudit.measure.rates import Units, mean, mean_share, share, within
from cxaudit.measure.tables import DAY_US, Tables, not_computable
from cxaudit.measure.verdicts import FEW, added, single_verdict, source_refusals
from cxaudit.schema.results import Measure, Phrase, Result
from cxaudit.schema.settings import Settings
from cxaudit.stats.intervals import Interval, fisher_interval
from cxaudit.surface.answers import of_kind

MEAN, CSAT, NO_RECONTACT = "field.listening.mean", "field.listening.predicts", "field.listening.predicts.no_recontact"
AGREEMENT, FAST = "field.listening.agreement", "field.listening.fast_gap"
SCALE_TOPS = (1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0, 100.0)
DAYS = 30
WIDEST_CORRELATION = 0.20  # ten points of a share are a tenth of its range; so here
NEAR = 0.10


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The scores by criterion, what they go along with, and whether two listeners agree."""
    checks, excluded = checked(tables)
    scored = checks.with_columns(nw.col("ratio").alias("success"), nw.col("case").alias("customer"))
    yield mean_share(MEAN, Units(scored, ("listening",), excluded, ("criterion",)), tables)
    cases = _cases(checks, tables)
    rated = "tickets" if tables.has("tickets.csat") else "surveys"
    yield _link(CSAT, cases, _scores(tables), rated, ("tickets.csat", "surveys.score"), tables)
    yield _link(NO_RECONTACT, cases, _outcomes(tables), "tickets", ("tickets.order_id",), tables)
    yield from _agreement(checks, tables)
    yield from _fast_gap(checks, tables, settings)


def checked(tables: Tables) -> tuple[nw.DataFrame[Any], dict[str, int]]:
    """Checks with `ratio` (score over maximum) and `case` (a number for each call or ticket), and what was left out."""
    columns = ("ticket", "call", "criterion", "score", "max_score", "t", "day", "month")
    rows = collect(tables["listening"].filter(~nw.col("score").is_null()).select(*columns))
    top = _top(float(rows["score"].max() or 0.0))
    told = rows.with_columns((nw.col("score") / nw.coalesce(nw.col("max_score"), nw.lit(top))).alias("ratio"))
    kept = told.filter((nw.col("ratio") >= 0) & (nw.col("ratio") <= 1))
    return _numbered(kept), {"out_of_scale": len(within(told, tables.period)) - len(within(kept, tables.period))}


def _top(highest: float) -> float:
    """The top of the scale that the highest score seen leaves open."""
    return next((top for top in SCALE_TOPS if highest <= top), highest)


def _numbered(rows: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    names = [("call", call) if call is not None else ("ticket", ticket) for call, ticket in _pairs(rows)]
    known = {name: place for place, name in enumerate(dict.fromkeys(names))}
    cases = [known[name] if name[1] is not None else -1 - place for place, name in enumerate(names)]
    return rows.with_columns(nw.new_series("case", cases, nw.Int64, backend="polars"))


def _pairs(rows: nw.DataFrame[Any]) -> Iterable[tuple[int | None, int | None]]:
    return zip(rows["call"].to_list(), rows["ticket"].to_list(), strict=True)


# ---- what the scores go along with -----------------------------------------------------------------------------------


def _cases(checks: nw.DataFrame[Any], tables: Tables) -> nw.DataFrame[Any]:
    """The period's calls and tickets with their mean score, and the ticket each belongs to."""
    inside = within(checks, tables.period)
    if tables.has("calls.call_id", "calls.ticket_id"):
        calls = collect(tables["calls"].filter(~nw.col("call").is_null()).select("call", of_call="ticket"))
        inside = inside.join(calls.unique("call", keep="first", maintain_order=False), on="call", how="left")
        inside = inside.with_columns(nw.coalesce("ticket", "of_call").alias("ticket"))
    return inside.group_by("case").agg(nw.col("ratio").mean(), nw.col("ticket").max())


def _scores(tables: Tables) -> nw.DataFrame[Any] | None:
    """The customer's score by ticket: the ticket's own, else a satisfaction survey's."""
    if tables.has("tickets.csat"):
        rated = tables["tickets"].filter(~nw.col("csat").is_null() & ~nw.col("ticket").is_null())
        return collect(rated.group_by("ticket").agg(nw.col("csat").mean().alias("outcome")))
    answers = of_kind(tables, "csat") if tables.has("surveys.ticket_id") else None
    if answers is not None:
        known = answers.scored.filter(~nw.col("ticket").is_null())
        return known.group_by("ticket").agg(nw.col("score").mean().alias("outcome"))
    return None


def _outcomes(tables: Tables) -> nw.DataFrame[Any] | None:
    """By ticket, 1 where no other episode of its order follows within 30 days, 0 where one does; mature only."""
    if not tables.has("tickets.order_id", "tickets.ticket_id"):
        return None
    linked = tables["tickets"].filter(nw.col("eligible") & ~nw.col("order").is_null() & ~nw.col("ticket").is_null())
    rows = collect(linked.select("ticket", "order", "t", "day")).filter(nw.col("day") + DAYS <= tables.as_of)
    following = next_moment(rows, collect(tables["episodes"].select("order", "t")), ("order",))
    day = rows["day"].to_numpy().astype(np.int64)
    quiet = ((following == NEVER) | (following // DAY_US > day + DAYS)).astype(float)
    told = rows.with_columns(nw.new_series("outcome", quiet, nw.Float64, backend="polars"))
    return told.group_by("ticket").agg(nw.col("outcome").min())


def _link(
    key: str,
    cases: nw.DataFrame[Any],
    outcomes: nw.DataFrame[Any] | None,
    source: str,
    missing: tuple[str, ...],
    tables: Tables,
) -> Result:
    if outcomes is None:
        return not_computable((key,), missing)[0]
    pairs = cases.filter(~nw.col("ticket").is_null()).join(outcomes, on="ticket", how="inner")
    score, outcome = (pairs[column].to_numpy().astype(float) for column in ("ratio", "outcome"))
    if not len(pairs):
        unlinked = tables.missing("listening.ticket_id|call_id")
        return not_computable((key,), unlinked, None if unlinked else Phrase.of("not_computable.no_case"))[0]
    if len(np.unique(score)) < 2 or len(np.unique(outcome)) < 2:
        return not_computable((key,), (), Phrase.of("not_computable.constant_score"))[0]
    return correlation(key, score, outcome, source_refusals(tables, ("listening", source)))


def correlation(
    key: str, score: NDArray[np.float64], outcome: NDArray[np.float64], stands: tuple[str, ...] = ()
) -> Measure:
    """Spearman's rank correlation as a measure; numerator null, denominator the pairs."""
    n = float(len(score))
    value = float(stats.spearmanr(score, outcome).statistic)
    low, high = fisher_interval(value, n)
    interval = Interval(value, low, high, n)
    refusals = stands if n >= FEW else added(stands, "R1")
    return Measure(
        key,
        "score",
        None,
        n,
        value,
        None if np.isnan(low) else low,
        None if np.isnan(high) else high,
        n_eff=n,
        deff=1.0,
        verdict=single_verdict(interval, stands, WIDEST_CORRELATION),
        refusals=refusals,
    )


# ---- listeners, and speed ------------------------------------------------------------------------------------------


def _agreement(checks: nw.DataFrame[Any], tables: Tables) -> Iterable[Result]:
    """Cases in which one criterion was scored twice: are the two scores near each other?"""
    twice = (
        checks.filter(nw.col("case") >= 0)
        .group_by("case", "criterion")
        .agg(
            nw.len().alias("n"),
            nw.col("ratio").max().alias("top"),
            nw.col("ratio").min().alias("bottom"),
            nw.col("day").min(),
            nw.col("month").min(),
        )
    )
    pairs = twice.filter(nw.col("n") >= 2)
    if not len(pairs):
        return not_computable((AGREEMENT,), (), Phrase.of("not_computable.no_case"))
    near = (nw.col("top") - nw.col("bottom") <= NEAR + 1e-9).alias("success")
    frame = pairs.with_columns(near, nw.col("case").alias("customer"))
    return [share(AGREEMENT, Units(frame, ("listening",), cuts=("criterion",)), tables)]


def _fast_gap(checks: nw.DataFrame[Any], tables: Tables, settings: Settings) -> Iterable[Result]:
    if not tables.has("tickets.handle_minutes", "tickets.ticket_id"):
        return not_computable((FAST,), ("tickets.handle_minutes",))
    timed = tables["tickets"].filter((nw.col("handle_minutes") >= 0) & ~nw.col("ticket").is_null())
    minutes = collect(timed.group_by("ticket").agg(nw.col("handle_minutes").mean()))
    rows = checks.filter(~nw.col("ticket").is_null()).join(minutes, on="ticket", how="inner")
    if not len(within(rows, tables.period)):
        unlinked = tables.missing("listening.ticket_id")
        return not_computable((FAST,), unlinked, None if unlinked else Phrase.of("not_computable.no_case"))
    scored = rows.with_columns(nw.col("ratio").alias("success"), nw.col("case").alias("customer"))
    low, high = np.quantile(within(rows, tables.period)["handle_minutes"].to_numpy(), [1 / 3, 2 / 3])
    sides = (nw.col("handle_minutes") <= low, nw.col("handle_minutes") > high)
    fast, slow = (mean(FAST, "score", Units(scored.filter(side), ("listening", "tickets")), tables) for side in sides)
    return [newcombe_measure(FAST, fast, slow, settings.materiality.default)]


SIGNAL = Signal("listening", (MEAN, CSAT, NO_RECONTACT, AGREEMENT, FAST), ("listening.score",), measure)
