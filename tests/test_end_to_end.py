"""From the committed exports to the audit: what the generator planted is what the audit finds."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cxaudit.audit import run_audit
from cxaudit.ingest import ingest_paths
from cxaudit.schema.results import Audit
from cxaudit.schema.settings import Settings

SAMPLE = Path(__file__).parent.parent / "sample_data"
TRUTH: dict[str, Any] = tomllib.loads((SAMPLE / "truth.toml").read_text("utf-8"))
COUNTED = (
    "recontact.orders.30d",
    "repurchase.complainers.90d",
    "silence.customers.90d",
    "gesture.no_effect.90d",
    "surface.csat",
    "surface.csat.response",
    "field.late.share",
)


@pytest.fixture(scope="module")
def audit() -> Audit:
    found = ingest_paths([SAMPLE], settings=Settings())
    return run_audit(found.tables, Settings(), exports=found.exports, values=found.values)


@pytest.mark.parametrize("key", COUNTED)
def test_counts_are_the_generators_own(audit: Audit, key: str) -> None:
    realised, found = TRUTH["realised"][key], audit.measures[key]
    assert (found.numerator, found.denominator) == (realised["numerator"], realised["denominator"])


def test_every_row_is_accounted_for(audit: Audit) -> None:
    for export in audit.exports:
        aside = sum(item.rows for item in export.set_aside)
        assert export.rows_read == export.rows_kept + export.rows_folded + aside
    rows = {Path(export.file).name: export.rows_read for export in audit.exports}
    assert rows.keys() == TRUTH["rows"].keys()


def test_the_complaint_effect_is_found(audit: Audit) -> None:
    gap = audit.measures["repurchase.gap.90d"]
    assert gap.low is not None and gap.high is not None
    assert gap.low <= TRUTH["world"]["complaint_effect"] <= gap.high
    assert gap.verdict == "demonstrated"


def test_a_green_csat_with_few_answers_is_contradicted(audit: Audit) -> None:
    csat = next(mirage for mirage in audit.mirages if mirage.key == "csat")
    assert csat.green and csat.state == "confirmed"
    reweighted, shown = audit.measures["surface.csat.reweighted"], audit.measures["surface.csat"]
    assert (reweighted.value or 1) < (shown.value or 0)


def test_the_degradation_lies_within_its_interval(audit: Audit) -> None:
    """Two points planted behind a strike and a launch: too few orders to demonstrate, and the audit says so."""
    found = audit.context.signals["recontact.orders.30d"]
    planted = TRUTH["world"]["recontact_after"] - TRUTH["world"]["recontact_before"]
    assert found.low is not None and found.high is not None and found.raw_diff is not None
    assert found.low <= planted <= found.high
    assert found.lines["incident"] > 0
    assert sum(found.lines.values()) + (found.remaining or 0) == pytest.approx(found.raw_diff, abs=1e-9)


def test_the_recurring_reason_comes_first(audit: Audit) -> None:
    worst = max(audit.measures["recontact.orders.30d"].segments["reason"], key=lambda item: item.value or 0)
    assert worst.segment == "Remboursement" and worst.verdict == "demonstrated"


def test_canned_and_late_effects_have_their_planted_sign(audit: Audit) -> None:
    assert (audit.measures["field.canned.gap"].value or 0) > 0
    late, on_time = audit.measures["field.late.contact"], audit.measures["field.on_time.contact"]
    assert (late.low or 0) > (on_time.high or 1)
