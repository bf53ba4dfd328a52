"""Tone shares: what counts as a verbatim, and what a hand-labelled sample changes."""

from __future__ import annotations

import pytest
from handmade import at, frame

from cxaudit.audit import run_audit
from cxaudit.prepare.verbatims import digest
from cxaudit.schema.results import Measure

GOOD, BAD, FOREIGN = (
    "Merci beaucoup, service parfait.",
    "Je suis furieux, c’est inadmissible.",
    "Das Paket kam nie an, was für ein Ärger mit euch.",
)


def reviews(bad: int, good: int) -> dict[str, object]:
    texts = [f"{BAD} {i}" for i in range(bad)] + [f"{GOOD} {i}" for i in range(good)] + [FOREIGN, "   "]
    return {
        "reviews": frame(
            [{"created_at": at(i % 50), "text": text, "customer_id": str(i)} for i, text in enumerate(texts)]
        )
    }


def test_other_languages_are_counted_and_not_scored() -> None:
    found = run_audit(reviews(3, 5)).measures["tone.negative.share"]
    assert (found.numerator, found.denominator, found.excluded["other_language"]) == (3, 8, 1)
    assert "R6" in found.refusals


def test_a_hundred_labels_lift_the_reservation_and_correct_the_share() -> None:
    tables = reviews(60, 140)
    rows = tables["reviews"]["text"].to_list()  # type: ignore[index]
    labels = {
        digest(text): ("anger",) if text.startswith("Je suis") else ("gratitude",) for text in rows[:60] + rows[60:120]
    }
    for text in rows[60:72]:
        labels[digest(text)] = ("annoyance",)
    found = run_audit(tables, labels=labels).measures["tone.negative.share"]
    assert isinstance(found, Measure) and "R6" not in found.refusals
    # 60 of the 72 that a person finds negative were found; none of the 48 others was.
    assert (found.facts["se"], found.facts["sp"], found.facts["labelled"]) == (60 / 72, 1.0, 120)
    assert found.facts["corrected"] == pytest.approx(0.3 / (60 / 72))


def test_under_a_hundred_labels_the_reservation_stands() -> None:
    tables = reviews(60, 140)
    labels = {digest(text): ("anger",) for text in tables["reviews"]["text"].to_list()[:50]}  # type: ignore[index]
    assert "R6" in run_audit(tables, labels=labels).measures["tone.negative.share"].refusals
