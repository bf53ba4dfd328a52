from datetime import date

import pytest
from context_days import event

from cxaudit.context import check_events
from cxaudit.schema.results import Event
from cxaudit.texts import say

FIRST, LAST = date(2025, 1, 1), date(2026, 9, 30)
GOOD = event("incident", date(2026, 8, 3), date(2026, 8, 14), name="Grève")


@pytest.mark.parametrize(
    ("bad", "key", "seen"),
    [
        (event("incident", date(2026, 8, 14), date(2026, 8, 3), name="Grève"), "reversed", "14 août 2026"),
        (event("peak", date(2024, 1, 1), date(2024, 1, 5), name="Soldes"), "outside", "1er janvier 2025"),
        (event("peak", date(2027, 1, 1), date(2027, 1, 5), name="Soldes"), "outside", "30 septembre 2026"),
        (event("strike", date(2026, 1, 1), date(2026, 1, 5), name="Grève"), "kind", "strike"),
    ],
)
def test_an_event_that_cannot_count_is_left_out_with_a_sentence(bad: Event, key: str, seen: str) -> None:
    kept, told = check_events([bad, GOOD], FIRST, LAST)
    assert kept == (GOOD,)
    (said,) = told
    assert said.key == f"context.event.{key}"
    assert seen in say(said, "fr") and bad.name in say(said, "en")


def test_the_same_event_twice_counts_once() -> None:
    twin = event("incident", GOOD.starts_on, GOOD.ends_on, name="Grève des livreurs")
    kept, (said,) = check_events([GOOD, twin], FIRST, LAST)
    assert kept == (GOOD,)
    assert said.key == "context.event.duplicate"


def test_another_scope_or_other_days_make_another_event() -> None:
    scoped = event("incident", GOOD.starts_on, GOOD.ends_on, scope="carrier=Colis+")
    overlapping = event("incident", date(2026, 8, 10), date(2026, 8, 20))
    kept, told = check_events([GOOD, scoped, overlapping], FIRST, LAST)
    assert kept == (GOOD, scoped, overlapping) and told == ()


def test_partly_inside_or_undated_data_keep_an_event() -> None:
    edge = event("peak", date(2024, 12, 20), date(2025, 1, 1))
    assert check_events([edge], FIRST, LAST) == ((edge,), ())
    assert check_events([edge], None, None) == ((edge,), ())
