"""S2 Tone of verbatims: how do customers sound, month by month?

Measures: tone.<label>.share for ten labels · tone.negative.share · tone.positive.share · tone.verbatims.per_100_orders.
Unit: a verbatim (review or post, first message of an eligible ticket, survey comment) in French or English; clusters
are customers. Several labels may hold for one text; neutral excludes the others. Negative is any of anger, annoyance,
disappointment, worry, confusion; positive any of relief, gratitude, satisfaction; irony alone is neither.
Needs: reviews.text, tickets.body or surveys.comment.
Excludes: texts in other languages (`excluded.other_language`), empty texts.
Null: no verbatim in the period.
Blind to: those who write nothing; tone that no word carries. R6 stands until 100 verbatims of the client are labelled.
Source: `cxaudit.tone`; correction of a share by sensitivity and specificity after Rogan and Gladen (1978); the volume's
interval after Cochran (1977, §6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.anatomy import Signal
from cxaudit.measure.rates import Units, share, with_clusters
from cxaudit.measure.ratios import per_100
from cxaudit.measure.tables import Tables, not_computable
from cxaudit.measure.verdicts import LABELLED, tone_refusals
from cxaudit.schema.results import Measure, Result
from cxaudit.schema.settings import Settings
from cxaudit.schema.verbatims import LABELS, SENTIMENTS
from cxaudit.stats.prevalence import corrected_share

CUTS = ("source", "rating", "reason")
VOLUME = "tone.verbatims.per_100_orders"
SHARES = tuple(f"tone.{name}.share" for name in (*LABELS, *SENTIMENTS))


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """The share of verbatims that bear each label, and how many verbatims there are."""
    columns = ("customer", "day", "month", "scope", "table", "language", *CUTS, *LABELS, *SENTIMENTS)
    texts = collect(tables["verbatims"].select(*columns))
    read = texts.filter(nw.col("language") != "other")
    inside = texts.filter(nw.col("day").is_between(tables.period.first, tables.period.last))
    excluded = {"other_language": len(inside.filter(nw.col("language") == "other"))}
    cuts = tuple(cut for cut in CUTS if read[cut].null_count() < len(read))
    sources = tuple(dict.fromkeys(texts["table"].to_list()))
    units = with_clusters(read.with_columns(*(_listed(read[cut]) for cut in cuts)))
    base = Units(units, sources, excluded, cuts)
    for name in (*LABELS, *SENTIMENTS):
        told = replace(
            base, frame=units.with_columns(nw.col(name).alias("success")), refusals=tone_refusals(tables, name)
        )
        yield _corrected(share(f"tone.{name}.share", told, tables), name, tables)
    yield from _volume(sources, tables)


def _listed(cut: nw.Series[Any]) -> nw.Series[Any]:
    """The values as numbers of a list of their own: ten labels are cut by them."""
    return cut.cast(nw.Enum(cut.drop_nulls().unique().sort().to_list()))


def _corrected(measure: Measure, name: str, tables: Tables) -> Measure:
    """With labelled texts: Se and Sp and, from 100 on, the share they imply where Se + Sp says enough, in `facts`."""
    found = tables.facts.get("accuracy", {}).get(name)
    if found is None:
        return measure
    labelled = found.positives + found.negatives
    told = labelled >= LABELLED and measure.value is not None
    corrected = corrected_share(measure.value or 0.0, found.se, found.sp) if told else None
    return replace(measure, facts={"se": found.se, "sp": found.sp, "labelled": labelled, "corrected": corrected})


def _volume(sources: tuple[str, ...], tables: Tables) -> Iterable[Result]:
    """Verbatims, in any language, per 100 eligible orders: a share of tone means nothing beside an unknown volume."""
    if not tables.has("orders"):
        yield from not_computable((VOLUME,), ("orders.ordered_at",))
        return
    orders = tables["orders"].filter(nw.col("eligible"))
    found = per_100(VOLUME, tables["verbatims"], orders, ("orders", *sources), tables)
    yield replace(found, daily=None)  # told beside the shares, never compared by itself


SIGNAL = Signal("tone", (*SHARES, VOLUME), ("verbatims",), measure)
