"""The stories behind a figure: as many as it counts, under pseudonyms, in order."""

from __future__ import annotations

from engine.brand import brand

from cxaudit import texts
from cxaudit.cases import STEPS, cases
from cxaudit.prepare import prepare
from cxaudit.schema.settings import Settings
from cxaudit.signals.recontact import SIGNAL

TABLES = prepare(brand(seed=6, orders=300), Settings(), key=b"one audit").tables


def test_recontact_stories_are_its_successes() -> None:
    found = {result.key: result for result in SIGNAL(TABLES, Settings())}
    customers = found["recontact.customers.30d"].numerator  # type: ignore[union-attr]
    stories = cases("recontact", TABLES, Settings(), limit=10_000)
    assert len(stories) == customers > 0
    for story in stories:
        assert [step.day for step in story.steps] == sorted(step.day for step in story.steps)
        assert sum(step.what == "tickets.day" for step in story.steps) >= 2


def test_a_cut_keeps_its_class() -> None:
    every = cases("recontact", TABLES, Settings(), limit=10_000)
    late = cases("recontact", TABLES, Settings(), limit=10_000, reason="Retard de livraison")
    assert 0 < len(late) < len(every)


def test_no_story_names_anybody() -> None:
    for signal in ("recontact", "repurchase", "silence", "gestures"):
        stories = cases(signal, TABLES, Settings())
        assert stories and "@" not in repr(stories)


def test_every_step_has_its_word() -> None:
    assert all(texts.known(f"step.{table}.{moment}") for table, steps in STEPS.items() for moment, *_ in steps)
