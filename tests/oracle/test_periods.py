"""What lies outside a period counts in none of its figures, and in none of the counts of what was left out of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import polars as pl
import written
from agree import near

from cxaudit import run_audit
from cxaudit.json_record import dump
from cxaudit.prepare.verbatims import digest
from cxaudit.schema.results import Audit, Span
from cxaudit.schema.settings import Settings

BEFORE = Span(date(2023, 1, 1), date(2023, 6, 30))
SPRING = Span(date(2025, 4, 1), date(2025, 9, 30))
WINTER = Span(date(2025, 1, 6), date(2025, 3, 31))
AS_OF = date(2026, 1, 31)
# What draws a lag for each control draws others where there are more orders; the chart tells all its weeks.
DRAWN = ("repurchase.controls", "repurchase.gap", "gesture.gap")
OF_ALL_HISTORY = ("silence.contacts.weekly",)
PARTS = ("numerator", "denominator", "value", "low", "high", "n_eff", "verdict", "refusals", "excluded", "facts")


def test_an_empty_period_counts_nothing() -> None:
    audit = run_audit(written.world(81, 150), Settings(as_of=AS_OF, period=BEFORE))
    assert len(audit.measures) > 80
    for key, measure in audit.measures.items():
        assert (measure.denominator, measure.value, measure.series) == (0, None, ()), key
        assert measure.verdict == "insufficient" and "R1" in measure.refusals, key
        assert not any(measure.excluded.values()), (key, measure.excluded)
    assert not audit.findings and not any(stake.value for stake in audit.stakes.values())


def _of_others(frames: dict[str, pl.DataFrame], days: int) -> dict[str, pl.DataFrame]:
    """The same tables lived by others, under other numbers, so many days later."""
    made = {}
    for name, frame in frames.items():
        ids = [c for c in frame.columns if c.endswith("_id") or c == "customer_email"]
        bare = {c: pl.col(c).str.strip_chars().str.strip_prefix("#") for c in ids}
        moments = [c for c, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
        made[name] = frame.with_columns(
            *(pl.col(c).dt.offset_by(f"{days}d") for c in moments),
            *(pl.concat_str(pl.lit("other"), bare[c]).alias(c) for c in ids),
        )
    return made


def _differences(one: Audit, two: Audit) -> Iterator[str]:
    for key in set(one.measures) - {key for key in one.measures if key.startswith((*DRAWN, *OF_ALL_HISTORY))}:
        a, b = one.measures[key], two.measures[key]
        for part in PARTS:
            if not _same(getattr(a, part), getattr(b, part)):
                yield f"{key}.{part}: {getattr(a, part)} and {getattr(b, part)}"
        if [(p.month, p.numerator, p.denominator) for p in a.series] != [
            (p.month, p.numerator, p.denominator) for p in b.series
        ]:
            yield f"{key}: months"


def _same(a: object, b: object) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[name], b[name]) for name in a)
    return near(a, b)


def test_what_others_did_before_changes_nothing() -> None:
    made = written.world(82, 100)
    chosen = Settings(as_of=AS_OF, period=SPRING, compare=WINTER)
    alone = run_audit(made, chosen)
    past = _of_others(made, -800)
    beside = run_audit({name: pl.concat([frame, past[name]]) for name, frame in made.items()}, chosen)
    assert set(alone.measures) == set(beside.measures)
    assert any(sum(measure.excluded.values()) for measure in alone.measures.values())
    differences = list(_differences(alone, beside))
    assert not differences, differences[:5]


def test_an_audit_with_a_persons_labels_can_be_written() -> None:
    made = written.numbered(83, 60)
    told = written.person(7, written.heard(made), 0.9)
    audit = run_audit(made, labels={digest(text): names for text, names in told.items()})
    facts = json.loads(dump(audit, "fr"))["measures"]["tone.negative.share"]["facts"]
    assert facts["labelled"] >= 100 and 0 <= facts["corrected"] <= 1
