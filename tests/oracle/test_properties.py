"""What must hold of any tables: how many there are of each, which are ripe, which period is which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import polars as pl
import pytest
from generate import MOMENTS, tables

from cxaudit import run_audit
from cxaudit.schema.results import Audit, Span
from cxaudit.schema.settings import Settings

Frames = Mapping[str, pl.DataFrame]
AS_OF = date(2026, 1, 20)
SETTINGS = Settings(as_of=AS_OF)
NEAR = 1e-9


@cache
def _world() -> tuple[Frames, Audit]:
    made = tables(41, 60)
    return made, run_audit(made, SETTINGS)


def _copied(frames: Frames) -> Frames:
    """Everyone once more, under other names, orders and numbers."""
    made = {}
    for name, frame in frames.items():
        ids = [c for c in frame.columns if c.endswith("_id") and c != "customer_id"]
        twin = frame.with_columns(
            *(pl.concat_str(pl.lit("twin"), pl.col(c).str.strip_prefix("#")).alias(c) for c in ids),
            *(
                pl.concat_str(pl.lit("twin"), pl.col(c).str.strip_chars().str.strip_prefix("#")).alias(c)
                for c in ("customer_email", "customer_id")
                if c in frame.columns
            ),
        )
        made[name] = pl.concat([frame, twin])
    return made


DETERMINISTIC = (
    "recontact.orders.30d",
    "recontact.customers.30d",
    "recontact.topic.30d",
    "repurchase.complainers.90d",
    "repurchase.complainers.90d.km",
    "silence.customers.90d",
    "silence.survey_response.14d",
    "gesture.no_effect.90d",
    "unsubscribe.30d",
    "surface.csat",
    "surface.nps",
    "surface.resolution",
    "field.late.share",
)


def test_everyone_twice_is_the_same_rate_with_a_narrower_interval() -> None:
    made, audit = _world()
    twice = run_audit(_copied(made), SETTINGS)
    for key in DETERMINISTIC:
        one, two = audit.measures[key], twice.measures[key]
        assert two.denominator == 2 * one.denominator, key
        assert two.value == pytest.approx(one.value, abs=NEAR), key
        assert two.high - two.low < one.high - one.low, key  # type: ignore[operator]


def test_units_too_young_leave_mature_rates_as_they_were() -> None:
    made, audit = _world()
    day = pl.datetime(AS_OF.year, AS_OF.month, AS_OF.day) - pl.duration(days=3)
    young = {}
    for name, main in (("orders", "ordered_at"), ("tickets", "created_at")):
        fresh = (
            made[name]
            .head(20)
            .with_columns(
                pl.concat_str(pl.lit("young"), pl.int_range(20).cast(pl.String)).alias("order_id"),
                pl.concat_str(pl.lit("young"), pl.int_range(20).cast(pl.String)).alias("customer_id"),
                pl.lit(None, pl.String).alias("customer_email"),
                day.alias(main),
                *(
                    pl.lit(None, made[name].schema[c]).alias(c)
                    for c in MOMENTS
                    if c in made[name].columns and c != main
                ),
            )
        )
        young[name] = pl.concat([made[name], fresh])
    fuller = run_audit({**made, **young}, SETTINGS)
    changed = 0
    for key in ("recontact.orders.30d", "silence.customers.90d", "recontact.customers.30d"):
        one, two = audit.measures[key], fuller.measures[key]
        assert (one.numerator, one.denominator, one.low) == (two.numerator, two.denominator, two.low), key
        changed += two.excluded["immature"] - one.excluded["immature"]
    assert changed > 0


def test_the_two_periods_swapped_turn_the_sign() -> None:
    made, _ = _world()
    a, b = Span(date(2025, 3, 1), date(2025, 6, 30)), Span(date(2025, 8, 1), date(2025, 11, 30))
    forth, back = (run_audit(made, replace(SETTINGS, period=x, compare=y)).context for x, y in ((b, a), (a, b)))
    assert forth.signals
    # Which reasons are hard and which handlings are short is judged on the audited period: swapped, on another.
    judged = {key for key in forth.signals if key.startswith(("field.hard_", "field.easy_", "field.handle_time."))}
    for key in set(forth.signals) & set(back.signals) - judged:
        one, two = forth.signals[key], back.signals[key]
        if one.raw_diff is not None and two.raw_diff is not None:
            assert one.raw_diff == pytest.approx(-two.raw_diff, abs=NEAR), key
        if one.raw_diff is not None and one.remaining is not None:
            assert sum(one.lines.values()) + one.remaining == pytest.approx(one.raw_diff, abs=NEAR), key


def test_a_period_holds_both_its_days() -> None:
    made = {"tickets": _world()[0]["tickets"]}
    first, last = date(2025, 5, 1), date(2025, 5, 31)
    inside = run_audit(made, replace(SETTINGS, period=Span(first, last))).measures["surface.tickets"].denominator
    days = [
        run_audit(made, replace(SETTINGS, period=Span(day, day))).measures["surface.tickets"].denominator
        for day in (first, last)
    ]
    middle = Span(first + timedelta(days=1), last - timedelta(days=1))
    without = run_audit(made, replace(SETTINGS, period=middle)).measures["surface.tickets"].denominator
    assert inside == without + sum(days)


LEFT_OUT = (
    "orders",
    "tickets",
    "surveys",
    "gestures",
    "emails",
    "calls",
    "listening",
    "orders.customer_email customer_id",
    "tickets.order_id",
    "tickets.customer_email customer_id order_id",
    "tickets.reason",
    "surveys.sent_at",
    "surveys.score answered_at",
    "gestures.cost",
    "emails.clicked_at",
)


@pytest.mark.parametrize("left_out", LEFT_OUT)
def test_what_is_not_given_is_said_never_zero(left_out: str) -> None:
    """Every figure of the full audit is still there or is said not to be; none falls to zero for want of a column."""
    made, audit = _world()
    name, _, columns = left_out.partition(".")
    cut = {name: made[name].drop(columns.split())} if columns else {}
    rest = run_audit({key: frame for key, frame in made.items() if key != name} | cut, SETTINGS)
    silent = set(audit.measures) - set(rest.measures) - set(rest.not_computable)
    assert not silent
    assert not set(rest.measures) & set(rest.not_computable)
    for key, measure in rest.measures.items():
        before = audit.measures.get(key)
        fell = before is not None and (before.value or 0) > 0.15 and measure.value == 0
        said = measure.verdict == "insufficient" or "R9" in measure.refusals
        assert not fell or said, f"{key}: {before.value} became 0"  # type: ignore[union-attr]
        assert measure.denominator or measure.value is None, key
