"""What a record may say, over many worlds: verdicts by its own numbers, refusals where a source is young or stops."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import listened
import polars as pl
import pytest
import written
from agree import near
from oracle import MAIN_MOMENT
from refused import of_tone, read_from, wrong

from cxaudit import run_audit
from cxaudit.prepare.verbatims import digest
from cxaudit.schema.results import Audit, Event, Measure, Span
from cxaudit.schema.settings import Settings

AS_OF = date(2026, 1, 10)
SUMMER, SPRING = Span(date(2025, 4, 1), date(2025, 9, 30)), Span(date(2025, 1, 1), date(2025, 3, 31))
CHOSEN = Settings(as_of=AS_OF, period=SUMMER, compare=SPRING)
END = datetime(2026, 1, 11)
RECONTACT = ("recontact", "reply_speed", "hops", "canned", "close", "agent", "handle_time")


@cache
def _frames(seed: int, customers: int) -> dict[str, pl.DataFrame]:
    made = listened.dressed(written.world(seed, customers), seed)
    return {name: _until(name, frame, END) for name, frame in made.items()}


def _until(name: str, frame: pl.DataFrame, end: datetime) -> pl.DataFrame:
    return frame.filter(pl.coalesce(*MAIN_MOMENT[name]) < end)


def _materiality(measure: Measure) -> float:
    if measure.unit == "hours":
        return 1.0
    if measure.unit == "points":
        return 3.0
    return 0.01 if any(word in measure.key for word in RECONTACT) else 0.03


@pytest.mark.parametrize(
    ("seed", "customers", "settings"), [(121, 20, CHOSEN), (122, 120, Settings()), (123, 450, Settings())]
)
def test_verdicts_say_what_their_numbers_allow(seed: int, customers: int, settings: Settings) -> None:
    measures = run_audit(_frames(seed, customers), settings).measures
    found = {key: list(wrong(measure, _materiality(measure))) for key, measure in measures.items()}
    assert not {key: lines for key, lines in found.items() if lines}


@cache
def _whole() -> Audit:
    """All tables up to the last day, audited once."""
    return run_audit(_frames(124, 160), CHOSEN)


def _with(audit: Audit, code: str) -> frozenset[str]:
    return frozenset(key for key, measure in audit.measures.items() if code in measure.refusals)


@pytest.mark.parametrize("cut", [None, "orders", "tickets", "surveys"])
def test_a_source_that_stops_early_is_refused_in_its_own_figures_alone(cut: str | None) -> None:
    frames = dict(_frames(124, 160))
    if cut:
        frames[cut] = _until(cut, frames[cut], END - timedelta(days=20))
    lasts = {name: frame.select(pl.coalesce(*MAIN_MOMENT[name]).max()).item() for name, frame in frames.items()}
    stopped = {name for name, last in lasts.items() if (AS_OF - last.date()).days > 14}
    assert cut is None or cut in stopped
    audit = run_audit(frames, CHOSEN)
    assert _with(audit, "R9") == {key for key in audit.measures if stopped & set(read_from(key))}
    told = {dict(warning.facts).get("table") for warning in audit.warnings if warning.key == "warning.stops_early"}
    assert told == {f"tables.{name}.label" for name in stopped}


def test_tickets_of_nobody_are_refused_wherever_tickets_count() -> None:
    frames = _frames(124, 160)
    tickets = frames["tickets"].with_row_index("place")
    bare = [
        pl.when(pl.col("place") % 3 == 0).then(None).otherwise(column).alias(column)
        for column in ("order_id", "customer_email", "customer_id")
    ]
    audit = run_audit({**frames, "tickets": tickets.with_columns(*bare).drop("place")}, CHOSEN)
    assert _with(audit, "R7") == {key for key in audit.measures if "tickets" in read_from(key)}
    assert not _with(_whole(), "R7")


def test_tone_is_refused_until_a_person_has_read_a_hundred_texts() -> None:
    made = written.numbered(125, 90)
    told = written.person(3, written.heard(made), 0.9)
    labels = {digest(text): names for text, names in told.items()}
    bare, read = run_audit(made), run_audit(made, labels=labels)
    assert _with(bare, "R6") == {key for key in bare.measures if of_tone(key)}
    assert not _with(read, "R6")


def test_a_comparison_bears_what_happened_inside_it() -> None:
    """R3 for an event over most of a period, R4 without the same months, R8 for a tool that changed in between."""
    frames = _frames(124, 160)
    change = Event("new tool", "tool_change", date(2025, 5, 5), date(2025, 5, 5))
    strike = Event("strike", "incident", date(2025, 4, 1), date(2025, 9, 28))
    before = Event("old tool", "tool_change", date(2024, 12, 5), date(2024, 12, 5))
    for events, code, stands in (((change,), "R8", True), ((before,), "R8", False), ((strike,), "R3", True)):
        signals = run_audit(frames, CHOSEN, events).context.signals
        compared = {key: found for key, found in signals.items() if found.raw_diff is not None}
        assert len(compared) > 50
        assert all((code in found.refusals) is stands for found in compared.values()), code
        assert all("R4" in found.refusals for found in compared.values())


def test_each_side_of_a_comparison_is_the_figure_of_its_own_period() -> None:
    b = _whole()
    a = run_audit(_frames(124, 160), Settings(as_of=AS_OF, period=SPRING, compare=SUMMER))
    # Which reasons are hard and which handlings are short is judged on the audited period.
    judged = ("field.hard_", "field.easy_", "field.handle_time.")
    found = {key: told for key, told in b.context.signals.items() if not key.startswith(judged)}
    for key, told in found.items():
        alone = a.measures[key].value if key in a.measures else None
        assert near(told.raw_b, b.measures[key].value), (key, told.raw_b)
        assert near(told.raw_a, alone), (key, told.raw_a, alone)
    assert {"recontact.customers.30d", "cross.tone.repurchase.other"} <= set(found)
