"""Units that no name tells, judged by what lasts that long; where two explain the durations alike they are asked."""

from __future__ import annotations

import polars as pl
import pytest

from cxaudit.ingest.typing import to_duration, unit_of
from cxaudit.ingest.units import DELAY, LEAST_JUDGED, TALK, WORK, unit_of_numbers, unit_of_pairs

SPREAD = [0, 1, 2, 3, 5, 7, 8, 9, 11, 13, 14, 17, 19, 21, 22, 23, 26, 28, 29, 30]


def numbers(low: float, step: float) -> pl.Series:
    """Sixty durations from `low`, `step` times 0 to 30 apart."""
    return pl.Series([float(low + step * one) for one in SPREAD * 3])


@pytest.mark.parametrize(
    ("durations", "of", "unit", "sure"),
    [
        (numbers(31, 29), TALK, "seconds", True),  # 31 to 901: nobody talks for 5 hours on the median call
        (numbers(31, 29), WORK, "seconds", True),
        (numbers(2, 0.5), TALK, "minutes", True),  # 2 to 17
        (numbers(10, 10), WORK, "seconds", True),  # 10 to 310: a median of 160
        (numbers(5, 5), WORK, "minutes", True),  # round minutes up to 155
        (numbers(21, 2), WORK, "minutes", False),  # 21 to 81: either
        (numbers(21, 2), TALK, "seconds", False),
        (numbers(300, 2000), WORK, "milliseconds", False),
        (numbers(0.1, 0.01), WORK, "hours", False),
        (numbers(60, 300), DELAY, "minutes", False),  # 1 to 9060: an answer within hours or days
        (numbers(1000, 30_000), DELAY, "seconds", True),  # up to 901 000 minutes would be 20 months
        (numbers(0.1, 0.02), DELAY, "hours", False),
    ],
)
def test_what_lasts_that_long_tells_the_unit(durations: pl.Series, of: str, unit: str, sure: bool) -> None:
    judged = unit_of_numbers(durations, of)
    assert (judged.name, judged.sure) == (unit, sure)


def test_few_durations_are_never_sure_and_missed_calls_say_nothing() -> None:
    assert not unit_of_numbers(numbers(31, 29).head(LEAST_JUDGED - 1), TALK).sure
    with_missed = pl.concat([numbers(31, 29), pl.Series([0.0] * 200)])
    assert unit_of_numbers(with_missed, TALK) == unit_of_numbers(numbers(31, 29), TALK)
    assert not unit_of_numbers(pl.Series([0.0] * 50), TALK).sure


def test_pairs_of_figures_by_what_they_would_last() -> None:
    long = pl.Series([60.0 * one for one in SPREAD * 2])  # `07:00` for seven hours
    assert unit_of_pairs(long, TALK).name == "mm:ss" and unit_of_pairs(long, TALK).sure
    short = pl.Series(SPREAD * 2) / 2  # `00:05` for five minutes: nobody talks for five seconds
    assert unit_of_pairs(short, WORK).name == "hh:mm" and unit_of_pairs(short, WORK).sure
    assert not unit_of_pairs(long, DELAY).sure


def test_the_unit_is_said_and_the_question_names_the_one_in_force() -> None:
    sure = to_duration(pl.Series("Durée", [str(one) for one in numbers(31, 29).cast(int)]), "Durée", TALK)
    assert sure.decision == "seconds" and sure.question is None and sure.values[0] == pytest.approx(31 / 60)
    open_ = to_duration(pl.Series("Durée", [str(one) for one in numbers(21, 2).cast(int)]), "Durée", WORK)
    assert open_.question is not None and dict(open_.question.facts)["unit"] == "ui.choice.minutes"
    assert open_.choices[0] == "minutes" and len(set(open_.choices)) == len(open_.choices)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Durée d'appel", None),
        ("Temps d’attente", None),
        ("duree_d_appel", None),
        ("customer's wait", None),
        ("wait_s", "seconds"),
        ("Durée (s)", "seconds"),
        ("Délai (h) ouvré", "hours"),
        ("Délai j", "days"),
    ],
)
def test_a_letter_is_a_unit_at_the_end_or_in_brackets_alone(header: str, unit: str | None) -> None:
    assert unit_of(header) == unit
