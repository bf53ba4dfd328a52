"""Durations in minutes and scores on their scales: each answer read off the text by eye."""

from __future__ import annotations

import polars as pl
import pytest

from cxaudit.ingest.typing import Cast, to_duration, to_score, unit_of


def duration(*texts: str | None, hint: str | None = None) -> Cast:
    return to_duration(pl.Series("c", list(texts), dtype=pl.String), hint)


def score(*texts: str | None) -> Cast:
    return to_score(pl.Series("c", list(texts), dtype=pl.String))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("02:15:00", 135.0),
        ("30:05:30", 1805.5),
        ("2h15", 135.0),
        ("2 h 15 min", 135.0),
        ("3 j 4 h", 4560.0),
        ("1 day 02:03:00", 1563.0),
        ("PT2H15M", 135.0),
        ("P1DT2H", 1560.0),
        ("45 min", 45.0),
        ("1,5 h", 90.0),
        ("90s", 1.5),
        ("1 hour, 2 minutes and 30 seconds", 62.5),
        ("2 semaines", 20160.0),
    ],
)
def test_each_dress_is_read(text: str, minutes: float) -> None:
    cast = duration(text)
    assert cast.values.to_list() == [pytest.approx(minutes)]
    assert not cast.failed.any() and cast.question is None


@pytest.mark.parametrize(
    ("header", "unit", "minutes"),
    [
        ("First reply time (min)", "minutes", 90.0),
        ("First response time (in Hrs)", "hours", 5400.0),
        ("wait_seconds", "seconds", 1.5),
        ("délai de réponse (jours)", "days", 129600.0),
        ("handleMinutes", "minutes", 90.0),
    ],
)
def test_the_header_tells_the_unit(header: str, unit: str, minutes: float) -> None:
    assert unit_of(header) == unit
    cast = duration("90", hint=header)
    assert cast.values.to_list() == [pytest.approx(minutes)] and cast.question is None


def test_plain_numbers_without_a_unit_are_asked() -> None:
    cast = duration("90", "12,5")
    assert cast.values.to_list() == [90.0, 12.5]
    assert cast.question is not None and cast.choices[0] == "minutes"
    assert unit_of("First reply") is None


def test_pairs_are_asked_unless_told() -> None:
    assert duration("02:15").values.to_list() == [135.0]
    assert duration("02:15").choices == ("hh:mm", "mm:ss")
    told = duration("02:15", hint="mm:ss")
    assert told.values.to_list() == [2.25] and told.question is None


def test_nonsense_fails_and_nothing_is_empty() -> None:
    cast = duration("bientôt", "-", "", None, "12 pommes")
    assert cast.failed.to_list() == [True, False, False, False, True]
    assert cast.values.null_count() == 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4/5", 4.0),
        ("9 sur 10", 9.0),
        ("4,5", 4.5),
        ("4 out of 5 stars", 4.0),
        ("Noté 4 sur 5", 4.0),
        ("5 étoiles", 5.0),
        ("★★★★☆", 4.0),
        ("⭐⭐", 2.0),
        ("☆☆☆☆☆", 0.0),
        ("10 - Très probable", 10.0),
        ("1 (Very dissatisfied)", 1.0),
    ],
)
def test_each_score_is_read(text: str, value: float) -> None:
    cast = score(text)
    assert cast.values.to_list() == [value] and not cast.failed.any()


def test_two_sided_words() -> None:
    cast = score("Good", "Bad", "Offered", "Unoffered", None, "zut")
    assert cast.values.to_list() == [1.0, 0.0, None, None, None, None]
    assert cast.failed.to_list() == [False] * 5 + [True]
    assert cast.decision == "good-bad"
    assert score("Satisfait", "Insatisfait").values.to_list() == [1.0, 0.0]


def test_the_same_word_on_a_five_step_scale() -> None:
    cast = score("Très satisfait", "Satisfait", "Neutre", "Insatisfait", "Pas du tout satisfait")
    assert cast.values.to_list() == [5.0, 4.0, 3.0, 2.0, 1.0]
    assert cast.decision == "five steps"


def test_classes_of_a_recommendation_fall_in_their_class() -> None:
    promoter, passive, detractor = score("Promoteur", "Passif", "Détracteur").values.to_list()
    assert promoter >= 9 and passive in (7, 8) and detractor <= 6


def test_empty_scores_are_no_failure() -> None:
    cast = score("5", "", "N/A", None, "4")
    assert cast.values.to_list() == [5.0, None, None, None, 4.0] and not cast.failed.any()
