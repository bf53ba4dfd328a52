"""Dates: one dress a test, each answer read off the text by eye."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxaudit.ingest.typing import Cast, to_moment

PARIS = "Europe/Paris"


def moments(*texts: str | None, name: str = "", day_first: bool | None = None) -> Cast:
    return to_moment(pl.Series("Date", list(texts), dtype=pl.String), timezone=PARIS, name=name, day_first=day_first)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("31/01/2026", datetime(2026, 1, 31)),
        ("31/01/2026 14:05", datetime(2026, 1, 31, 14, 5)),
        ("31/01/2026 14:05:09", datetime(2026, 1, 31, 14, 5, 9)),
        ("31-01-2026 14:05", datetime(2026, 1, 31, 14, 5)),
        ("31.01.2026", datetime(2026, 1, 31)),
        ("31/01/26", datetime(2026, 1, 31)),
        ("31/01/2026 14h05", datetime(2026, 1, 31, 14, 5)),
        ("31/01/2026 à 14:05", datetime(2026, 1, 31, 14, 5)),
        ("01/31/2026 02:05:09 PM", datetime(2026, 1, 31, 14, 5, 9)),
        ("1/31/2026 12:05 AM", datetime(2026, 1, 31, 0, 5)),
        ("2026-03-01", datetime(2026, 3, 1)),
        ("2026/03/01 10:00", datetime(2026, 3, 1, 10)),
        ("2026-03-01T10:00:00", datetime(2026, 3, 1, 10)),
        ("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 11)),
        ("2026-07-01T10:00:00.250Z", datetime(2026, 7, 1, 12, 0, 0, 250_000)),
        ("2026-03-01 10:00:00 +0200", datetime(2026, 3, 1, 9)),
        ("2026-03-01T10:00:00-05:00", datetime(2026, 3, 1, 16)),
        ("2026-03-01 10:00:00 UTC", datetime(2026, 3, 1, 11)),
        ("2026-07-01 10:00 PST", datetime(2026, 7, 1, 20)),
        ("20260301", datetime(2026, 3, 1)),
        ("20260301101112", datetime(2026, 3, 1, 10, 11, 12)),
        ("31012026", datetime(2026, 1, 31)),
        ("1767225600", datetime(2026, 1, 1, 1)),
        ("1767225600123", datetime(2026, 1, 1, 1, 0, 0, 123_000)),
        ("46023", datetime(2026, 1, 1)),
        ("46023.5", datetime(2026, 1, 1, 12)),
        ("Rédigé le 6 décembre 2024", datetime(2024, 12, 6)),
        ("Jan 31, 2026", datetime(2026, 1, 31)),
        ("31 janv. 2026 14:05", datetime(2026, 1, 31, 14, 5)),
        ("lundi 3 mars 2025", datetime(2025, 3, 3)),
        ("mar. 4 mars 2025", datetime(2025, 3, 4)),
        ("1er août 2025 à 14h05", datetime(2025, 8, 1, 14, 5)),
        ("March 3rd, 2025 2:05 p.m.", datetime(2025, 3, 3, 14, 5)),
        ("Monday, March 3, 2025 at 10:05 AM", datetime(2025, 3, 3, 10, 5)),
        ("Tue Mar 03 2026 10:00:00 GMT+0100 (CET)", datetime(2026, 3, 3, 10)),
        ("Reviewed in France on 6 December 2024", datetime(2024, 12, 6)),
        ("03-Mar-2025 10:00", datetime(2025, 3, 3, 10)),
        ("  31/01/2026\u00a0", datetime(2026, 1, 31)),
    ],
)
def test_each_dress_is_read(text: str, moment: datetime) -> None:
    cast = moments(text)
    assert cast.values.to_list() == [moment]
    assert cast.failed.to_list() == [False]
    assert cast.question is None


def test_one_value_beyond_twelve_decides_for_the_column() -> None:
    cast = moments("03/04/2026", "05/06/2026", "31/01/2026")
    assert cast.values.to_list() == [datetime(2026, 4, 3), datetime(2026, 6, 5), datetime(2026, 1, 31)]
    assert cast.decision == "%d/%m/%Y"
    cast = moments("03/04/2026", "05/06/2026", "01/31/2026")
    assert cast.values.to_list() == [datetime(2026, 3, 4), datetime(2026, 5, 6), datetime(2026, 1, 31)]
    assert cast.decision == "%m/%d/%Y"


def test_the_deciding_value_may_stand_at_the_end_of_a_long_column() -> None:
    cast = moments(*["03/04/2026"] * 20_000, "01/31/2026")
    assert cast.values[0] == datetime(2026, 3, 4)
    assert cast.question is None


def test_undecided_order_is_asked_and_day_first_meanwhile() -> None:
    cast = moments("03/04/2026", "05/06/2026")
    assert cast.values[0] == datetime(2026, 4, 3)
    assert cast.question is not None and dict(cast.question.facts)["example"] == "03/04/2026"
    assert cast.choices == ("day_first", "month_first")


def test_twelve_hour_clocks_lean_to_month_first_and_are_still_asked() -> None:
    cast = moments("03/04/2026 02:05 PM")
    assert cast.values[0] == datetime(2026, 3, 4, 14, 5)
    assert cast.choices == ("month_first", "day_first")


def test_the_answer_is_obeyed() -> None:
    cast = moments("03/04/2026", "01/31/2026", day_first=False)
    assert cast.values.to_list() == [datetime(2026, 3, 4), datetime(2026, 1, 31)]
    assert cast.question is None
    assert moments("03/04/2026", "01/31/2026", day_first=True).failed.to_list() == [False, True]


def test_same_day_and_month_need_no_question() -> None:
    assert moments("01/01/2026", "02/02/2026").question is None


def test_contradictory_orders_are_asked_and_the_rarer_fails() -> None:
    cast = moments("31/01/2026", "30/01/2026", "01/31/2026", "02/03/2026")
    assert cast.values.to_list() == [datetime(2026, 1, 31), datetime(2026, 1, 30), None, datetime(2026, 3, 2)]
    assert cast.failed.to_list() == [False, False, True, False]
    assert cast.question is not None


def test_contradiction_behind_a_clear_beginning_is_asked() -> None:
    cast = moments(*["31/01/2026"] * 6_000, "01/31/2026")
    assert cast.failed.sum() == 1
    assert cast.question is not None


def test_two_formats_share_a_column_and_one_order() -> None:
    cast = moments("05/06/2026", "2026-03-01T10:00:00", "31/01/2026 08:30")
    assert cast.values.to_list() == [datetime(2026, 6, 5), datetime(2026, 3, 1, 10), datetime(2026, 1, 31, 8, 30)]


def test_a_name_with_utc_converts_times_but_not_days() -> None:
    cast = moments("2026-07-01 10:00:00", "2026-07-01", name="Review Created (UTC)")
    assert cast.values.to_list() == [datetime(2026, 7, 1, 12), datetime(2026, 7, 1)]
    assert moments("2026-07-01 10:00:00", name="Outcome").values[0] == datetime(2026, 7, 1, 10)


def test_no_date_is_empty_and_nonsense_fails() -> None:
    texts = ("0000-00-00 00:00:00", "", None, "n/a", "-", "0001-01-01T00:00:00", "31/02/2026", "bientôt", "13/02/2026")
    cast = moments(*texts)
    assert cast.values.null_count() == 8
    assert [text for text, bad in zip(texts, cast.failed, strict=True) if bad] == ["31/02/2026", "bientôt"]


def test_a_sentence_that_goes_on_after_its_date_is_no_date() -> None:
    cast = moments("commande du 3 mars 2025 jamais reçue", "appelé le 3 mars 2025 par Anne")
    assert cast.failed.all()


def test_an_empty_column_is_all_null() -> None:
    cast = moments(None, "", None)
    assert cast.values.null_count() == 3 and not cast.failed.any()
    assert moments().values.dtype == pl.Datetime("us")


FORMATS = ("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.datetimes(datetime(1995, 1, 1), datetime(2049, 12, 31)), min_size=1, max_size=30),
    st.lists(st.sampled_from(FORMATS), min_size=1, max_size=3),
)
def test_what_was_written_day_first_comes_back(values: list[datetime], formats: list[str]) -> None:
    whole = [value.replace(microsecond=0) for value in values]
    texts = [value.strftime(formats[i % len(formats)]) for i, value in enumerate(whole)]
    cast = moments(*texts, day_first=True)
    assert cast.values.to_list() == whole
    assert not cast.failed.any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.datetimes(datetime(2001, 10, 1), datetime(2049, 12, 31)), min_size=1, max_size=20))
def test_epoch_is_utc(values: list[datetime]) -> None:
    whole = [value.replace(microsecond=0) for value in values]
    texts = [str((value - datetime(1970, 1, 1)) // timedelta(seconds=1)) for value in whole]
    cast = to_moment(pl.Series("t", texts), timezone="UTC")
    assert cast.values.to_list() == whole


def test_blanks_around_some_values_do_not_hide_them() -> None:
    cast = moments(*["31/01/2026"] * 6_000, " 30/01/2026\u00a0", "31/02/2026")
    assert cast.values[-2] == datetime(2026, 1, 30)
    assert cast.failed.sum() == 1


def test_a_shape_that_reads_nothing_does_not_hide_the_others() -> None:
    cast = moments("31/02/2026", "31/02/2026", "2026-03-01")
    assert cast.values.to_list() == [None, None, datetime(2026, 3, 1)]
