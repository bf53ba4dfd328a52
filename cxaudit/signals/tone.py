"""S2 Tone of verbatims: how do customers sound, month by month?

Measures: tone.<label>.share for ten labels · tone.negative.share · tone.positive.share · tone.verbatims.per_100_orders.
Unit: a verbatim (review or post, first message of an eligible ticket, survey comment) in French or English; clusters
are customers. Several labels may hold for one text; neutral excludes the others. Negative is any of anger, annoyance,
disappointment, worry, confusion; positive any of relief, gratitude, satisfaction; irony alone is neither.
Needs: reviews.text, tickets.body or surveys.comment.
Excludes: texts in other languages (`excluded.other_language`), empty texts.
Null: no verbatim in the period.
Blind to: those who write nothing; tone that no word carries. R6 stands until 100 verbatims of the client are labelled.
Source: `cxaudit.tone`; correction of a share by sensitivity and specificity after Rogan and Gladen (1978).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.rates import Units, share
from cxaudit.measure.tables import Tables, month_of, not_computable
from cxaudit.measure.verdicts import tone_refusals
from cxaudit.schema.results import Measure, Point, Result
from cxaudit.schema.settings import Settings
from cxaudit.schema.verbatims import LABELS, SENTIMENTS
from cxaudit.stats.prevalence import corrected_share

CUTS = ("source", "rating", "reason")
VOLUME = "tone.verbatims.per_100_orders"
SHARES = tuple(f"tone.{name}.share" for name in (*LABELS, *SENTIMENTS))


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The share of verbatims that bear each label, and how many verbatims there are."""
    texts = collect(tables["verbatims"])
    read = texts.filter(nw.col("language") != "other")
    inside = texts.filter(nw.col("day").is_between(tables.period.first, tables.period.last))
    excluded = {"other_language": len(inside.filter(nw.col("language") == "other"))}
    cuts = tuple(cut for cut in CUTS if read[cut].null_count() < len(read))
    sources = tuple(dict.fromkeys(texts["table"].to_list()))
    base = Units(read, sources, excluded, cuts)
    for name in (*LABELS, *SENTIMENTS):
        told = replace(
            base, frame=read.with_columns(nw.col(name).alias("success")), refusals=tone_refusals(tables, name)
        )
        yield _corrected(share(f"tone.{name}.share", told, tables), name, tables)
    yield from _volume(inside, tables)


def _corrected(measure: Measure, name: str, tables: Tables) -> Measure:
    """With a labelled sample: Se and Sp, and the share they imply where Se + Sp says enough, in `facts`."""
    found = tables.facts.get("accuracy", {}).get(name)
    if found is None:
        return measure
    corrected = None if measure.value is None else corrected_share(measure.value, found.se, found.sp)
    labelled = found.positives + found.negatives
    return replace(measure, facts={"se": found.se, "sp": found.sp, "labelled": labelled, "corrected": corrected})


def _volume(texts: nw.DataFrame[Any], tables: Tables) -> Iterable[Result]:
    """Verbatims per 100 eligible orders, by month: a share of tone means nothing beside an unknown volume."""
    if not tables.has("orders"):
        yield from not_computable((VOLUME,), ("orders.ordered_at",))
        return
    period = nw.col("day").is_between(tables.period.first, tables.period.last)
    orders = _by_month(collect(tables["orders"].filter(nw.col("eligible") & period).select("month")))
    written = _by_month(texts)
    points = tuple(
        Point(month_of(month), written.get(month, 0), n, 100 * written.get(month, 0) / n) for month, n in orders.items()
    )
    total = sum(orders.values())
    value = 100 * len(texts) / total if total else None
    yield Measure(VOLUME, "per_100", float(len(texts)), float(total), value, verdict="established", series=points)


def _by_month(frame: nw.DataFrame[Any]) -> dict[int, int]:
    counted = frame.group_by("month").agg(nw.len().alias("n")).sort("month")
    return dict(zip(counted["month"].to_list(), counted["n"].to_list(), strict=True))


SIGNAL = Signal("tone", (*SHARES, VOLUME), ("verbatims",), measure)
