"""CSAT, and who answered: the score, its response rate, its bounds, and the score with each path at its weight.

Measures: surface.csat · surface.csat.response · surface.csat.bound_low · surface.csat.bound_high ·
surface.csat.reweighted · surface.csat.break_even · surface.csat.recontact|repurchase|tone.answered|silent|gap.
Unit: an answer with a score, indexed by its day (csat); a survey sent at least 14 days before the last day and not
bounced, indexed by its sending (the others). Satisfied as the scale says: 4-5 of 5, 8-10 of 10, 6-7 of 7, Good.
Re-weighted: θ = Σ (N_h/N)·p_h over smooth / one ticket / recontact or refund. Break-even: how much less satisfied than
their path those who did not answer would have to be for θ to fall to the target. Answered, silent: among those asked,
a new episode within 30 days after the sending, a purchase within 90, negative verbatims (tickets and reviews within 90
days of the sending); gap = silent − answered.
Needs: surveys of kind csat, else tickets.csat (then nothing is known of those who did not answer).
Excludes: bounced surveys (`excluded.bounced`), answers without a score or on an unknown scale.
Null: no answer. An export of answers alone (30 sent or more, every one answered) gives no response rate.
Blind to: why people did not answer; a direction of the scale that was mapped the wrong way is noted, not mended.
Source: SIGNALS §4; Manski (1989); Little and Rubin (2002).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.following import happened, next_moment
from cxaudit.measure.gaps import newcombe_measure
from cxaudit.measure.medians import limits
from cxaudit.measure.rates import Units, clustered, share, within
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.measure.verdicts import FEW, added, single_verdict, source_refusals, tone_refusals
from cxaudit.schema.results import Measure, Phrase, Result, Segment
from cxaudit.schema.settings import Settings
from cxaudit.stats.intervals import ClusterSums, Interval, share_interval, wilson
from cxaudit.stats.nonresponse import Reweighted, Stratum, reweight
from cxaudit.surface.answers import Answers, of_kind, of_tickets
from cxaudit.surface.paths import PATHS, paths

ASKED = ("surface.csat.response", "surface.csat.bound_low", "surface.csat.bound_high")
WEIGHTED = ("surface.csat.reweighted", "surface.csat.break_even")
AFTER = {"recontact": 30, "repurchase": 90}
SIDES = ("answered", "silent", "gap")
COMPARED = tuple(f"surface.csat.{what}.{who}" for what in AFTER for who in SIDES)
TONE = tuple(f"surface.csat.tone.{who}" for who in SIDES)
TONE_DAYS = 90
SENSITIVITY = (0.0, 0.10, 0.20)
ANSWERS_ONLY_FROM = 30


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """CSAT and all that the surveys sent allow to say of it."""
    answers = of_kind(tables, "csat") or of_tickets(tables)
    if answers is None:
        return not_computable(SIGNAL.measures, ("surveys.score", "tickets.csat"))
    return [_csat(answers, tables), *_of_those_asked(answers, tables, settings)]


def _csat(answers: Answers, tables: Tables) -> Result:
    if not len(answers.scored):
        return not_computable(("surface.csat",), (), Phrase.of("not_computable.no_scale"))[0]
    frame = answers.scored.with_columns(nw.col("satisfied").alias("success"))
    cuts = tuple(
        cut for cut in ("journey", "reason", "channel") if cut in frame.columns and frame[cut].null_count() < len(frame)
    )
    units = Units(frame, (answers.source,), answers.excluded, cuts, notes=answers.notes)
    return share("surface.csat", units, tables)


def _of_those_asked(answers: Answers, tables: Tables, settings: Settings) -> Iterable[Result]:
    keys = (*ASKED, *WEIGHTED, *COMPARED, *TONE)
    if answers.source == "tickets" or not tables.has("surveys.sent_at"):
        return not_computable(keys, ("surveys.sent_at",))
    sent = answers.asked.filter(~nw.col("sent_at_day").is_null())
    bounced = nw.coalesce(nw.col("delivered"), nw.lit(True))
    asked = sent.filter(bounced).with_columns((nw.col("day") + _window(settings) <= tables.as_of).alias("mature"))
    if len(asked) >= ANSWERS_ONLY_FROM and asked["answered"].all():
        return not_computable(keys, ("surveys.sent_at",), Phrase.of("not_computable.answers_only"))
    excluded = {**answers.excluded, "bounced": len(within(sent, tables.period)) - len(within(asked, tables.period))}
    if not len(asked):
        return not_computable(keys, ("surveys.sent_at",))
    return [
        *_response_and_bounds(asked, excluded, tables),
        *_weighted(asked, excluded, tables, settings),
        *_compared(asked, tables, settings),
        *_tone(asked, tables, settings),
    ]


def _window(settings: Settings) -> int:
    return settings.windows.survey_response_days


def _response_and_bounds(asked: nw.DataFrame[Any], excluded: dict[str, int], tables: Tables) -> Iterable[Result]:
    content = nw.coalesce(nw.col("satisfied"), nw.lit(False)) & nw.col("answered")
    # Whoever gave no score that can be read may be satisfied: a bound assumes nothing.
    successes = (nw.col("answered"), content, content | nw.col("satisfied").is_null())
    known = ASKED if tables.has("surveys.score") else ASKED[:1]
    yield from not_computable(ASKED[len(known) :], ("surveys.score",))
    for key, success in zip(known, successes, strict=False):
        cuts = ("journey",) if asked["journey"].null_count() < len(asked) else ()
        frame = asked.with_columns(success.alias("success"))
        yield share(key, Units(frame, ("surveys",), excluded, cuts), tables)


# ---- re-weighted ---------------------------------------------------------------------------------------------------


def _weighted(
    asked: nw.DataFrame[Any], excluded: dict[str, int], tables: Tables, settings: Settings
) -> Iterable[Result]:
    if "tickets" not in tables.given:
        return not_computable(WEIGHTED, ("tickets.created_at",))
    counted = within(clustered(asked.with_columns(nw.col("satisfied").alias("success"))), tables.period)
    mature = counted.filter(nw.col("mature"))
    scored = mature.filter(nw.col("answered") & ~nw.col("satisfied").is_null())
    if not len(scored):
        return not_computable(WEIGHTED, (), Phrase.of("not_computable.no_answers"))
    found = reweight(_strata(mature, tables), _design(scored))
    facts = {
        "response": found.response,
        "raw": float(scored["satisfied"].mean()),
        "sensitivity": tuple((delta, found.at(delta)) for delta in SENSITIVITY),
    }
    notes = (Phrase.of("note.score.wrong_side"),) if wrong_side(found) else ()
    refusals = source_refusals(tables, ("surveys", "tickets"))
    excluded = {"immature": len(counted) - len(mature), **excluded}
    theta = _weighted_measure(found, len(mature), refusals, excluded, facts)
    return [replace(theta, notes=notes), break_even(theta, settings.targets.csat)]


def _design(scored: nw.DataFrame[Any]) -> float:
    _, place = np.unique(scored["cluster"].to_numpy(), return_inverse=True)
    happy = scored["satisfied"].to_numpy().astype(float)
    return share_interval(ClusterSums.of(np.bincount(place), np.bincount(place, happy))).deff


def _strata(asked: nw.DataFrame[Any], tables: Tables) -> list[Stratum]:
    place = paths(asked, tables)
    scored = (asked["answered"] & ~asked["satisfied"].is_null()).to_numpy().astype(bool)
    happy = scored & np.array([item is True for item in asked["satisfied"].to_list()], bool)
    counts = [np.bincount(place[chosen], minlength=len(PATHS)) for chosen in (place >= 0, scored, happy)]
    return [Stratum(name, *(float(n[i]) for n in counts)) for i, name in enumerate(PATHS)]


def wrong_side(found: Reweighted) -> bool:
    """Whether recontacted customers are demonstrably more satisfied than smooth ones: the scale may be upside down."""
    known = {cell.name: cell for cell in found.strata if cell.answered >= FEW}
    if not {"smooth", "recontact"} <= set(known):
        return False
    smooth, recontact = (wilson(known[name].rate, known[name].answered) for name in ("smooth", "recontact"))
    return recontact[0] > smooth[1]


def _weighted_measure(
    found: Reweighted, asked: int, refusals: tuple[str, ...], excluded: dict[str, int], facts: dict[str, Any]
) -> Measure:
    interval = found.interval
    few = () if interval.n_eff >= FEW else ("R1",)
    return Measure(
        "surface.csat.reweighted",
        "share",
        None,  # a weighted mean of paths: no two whole numbers divide into it
        float(asked),
        *limits(interval),
        n_eff=interval.n_eff,
        deff=interval.deff,
        verdict=single_verdict(interval, refusals),
        refusals=added((*refusals, *few)),
        excluded=excluded,
        segments={"stratum": tuple(_segment(cell) for cell in found.strata)},
        facts=facts,
    )


def _segment(cell: Stratum) -> Segment:
    low, high = wilson(cell.rate, cell.answered) if cell.answered else (None, None)
    rate = cell.rate if cell.answered else None
    return Segment(cell.name, cell.satisfied, cell.answered, rate, low, high, cell.answered)


def break_even(theta: Measure, target: float | None) -> Result:
    """How much less satisfied than their path the silent would have to be: told of θ alone, without a row."""
    response = theta.facts["response"]
    edges = (theta.value, theta.low, theta.high)
    if target is None or response >= 1 or None in edges:
        return not_computable(("surface.csat.break_even",), (), Phrase.of("not_computable.no_target"))[0]
    silent = 1 - response
    value, low, high = ((edge - target) / silent for edge in edges if edge is not None)
    known = Interval(value, low, high, theta.n_eff or 0.0, theta.deff or 1.0)
    return replace(
        theta,
        key="surface.csat.break_even",
        value=known.value,
        low=known.low,
        high=known.high,
        verdict=single_verdict(known, theta.refusals),
        segments={},
        notes=(),
        facts={"target": target, "response": response},
    )


# ---- those who answered beside those who did not --------------------------------------------------------------------


def _compared(asked: nw.DataFrame[Any], tables: Tables, settings: Settings) -> Iterable[Result]:
    known = asked.filter(~nw.col("customer").is_null() & ~nw.col("t").is_null())
    events = {
        "recontact": tables["episodes"] if "tickets" in tables.given else None,
        "repurchase": _purchases(tables) if "orders" in tables.given else None,
    }
    needs = {"recontact": "tickets.created_at", "repurchase": "orders.ordered_at"}
    sources = {what: ("surveys", column.split(".")[0]) for what, column in needs.items()}
    least = {"recontact": settings.materiality.recontact, "repurchase": settings.materiality.default}
    for what, days in AFTER.items():
        keys = tuple(key for key in COMPARED if f".{what}." in key)
        rows = events[what]
        followed = None if rows is None else rows.filter(~nw.col("customer").is_null())
        if followed is None or not len(known) or not len(collect(followed.select("customer"))):
            yield from not_computable(keys, (needs[what], "surveys.customer_email"))
            continue
        units = _followed(known, followed, days, tables)
        answered = share(keys[0], Units(units.filter(nw.col("answered")), sources[what]), tables)
        silent = share(keys[1], Units(units.filter(~nw.col("answered")), sources[what]), tables)
        yield from (answered, silent, newcombe_measure(keys[2], silent, answered, least[what]))


def _purchases(tables: Tables) -> nw.LazyFrame[Any]:
    return tables["orders"].filter(nw.col("eligible") & ~nw.col("refunded"))


def _followed(rows: nw.DataFrame[Any], events: Any, days: int, tables: Tables) -> nw.DataFrame[Any]:
    """`success`: an event of the same customer within `days` after the survey was sent; `mature` likewise."""
    following = next_moment(rows, collect(events.select("customer", "t")))
    return rows.with_columns(happened(rows, following, days), (nw.col("day") + days <= tables.as_of).alias("mature"))


def _tone(asked: nw.DataFrame[Any], tables: Tables, settings: Settings) -> Iterable[Result]:
    """Negative verbatims (tickets, reviews) within 90 days of a survey, by whether that survey was answered."""
    if "verbatims" not in tables.given or not asked["customer"].count():
        return not_computable(TONE, ("tickets.body", "reviews.text"))
    written = tables["verbatims"].filter((nw.col("table") != "surveys") & (nw.col("language") != "other"))
    texts = collect(written.select("customer", "day", "month", "negative")).with_row_index("_text")
    sides = asked.select("customer", "answered", nw.col("day").alias("asked_day"))
    near = texts.join(sides.filter(~nw.col("customer").is_null()), on="customer", how="inner").filter(
        (nw.col("day") - nw.col("asked_day")).abs() <= TONE_DAYS
    )
    heard = near.group_by("_text", "customer", "day", "month", "negative").agg(nw.col("answered").max())
    frame = heard.with_columns(nw.col("negative").alias("success"))
    sources = ("surveys", *(name for name in ("tickets", "reviews") if name in tables.given))
    answered, silent = (
        share(key, Units(frame.filter(nw.col("answered") == who), sources, refusals=tone_refusals(tables)), tables)
        for key, who in zip(TONE, (True, False), strict=False)
    )
    return [answered, silent, newcombe_measure(TONE[2], silent, answered, settings.materiality.default)]


SIGNAL = Signal("csat", ("surface.csat", *ASKED, *WEIGHTED, *COMPARED, *TONE), (), measure)
