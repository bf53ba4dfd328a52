"""Numbers, flags and identifiers: each answer read off the text by eye."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxaudit.ingest.numbers import currencies_beside
from cxaudit.ingest.typing import Cast, to_flag, to_id, to_number


def cast(caster: Callable[[pl.Series], Cast], *texts: str | None) -> Cast:
    return caster(pl.Series("c", list(texts), dtype=pl.String))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 234,56", 1234.56),
        ("1\u202f234,56 €", 1234.56),
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("45,90\u00a0€", 45.9),
        ("EUR 45.90", 45.9),
        ("45.90 EUR", 45.9),
        ("12€50", 12.5),
        ("(12,50)", -12.5),
        ("(12,50 €)", -12.5),
        ("12,5 %", 12.5),
        ("\u22123", -3.0),
        ("12,50-", -12.5),
        ("1'234.50", 1234.5),
        ("CHF 1’200.50", 1200.5),
        ("$1,234,567.80", 1234567.8),
        ("1.234.567", 1234567.0),
        ("0,125", 0.125),
        (",5", 0.5),
        ("+7", 7.0),
        ("64517.0", 64517.0),
        ("1e-05", 1e-05),
        ("1'200.–", 1200.0),
        ("1’200.-", 1200.0),
        ("CHF 99.–", 99.0),
        ("99.-- CHF", 99.0),
        ("Fr. 1'200.—", 1200.0),
        ("99,- €", 99.0),
        ("1.200,-", 1200.0),
        ("1.200.-", 1200.0),
        ("1,200.–", 1200.0),
        ("-45.–", -45.0),
        ("(45.–)", -45.0),
        ("45-", -45.0),
        ("30 € TTC", 30.0),
        ("30€TTC", 30.0),
        ("12,50 € HT", 12.5),
        ("1 200,50 € (HT)", 1200.5),
        ("30 EUR TTC", 30.0),
        ("30 € T.T.C.", 30.0),
        ("(30 € TTC)", -30.0),
        ("99.– HT", 99.0),
        ("£30.50 incl. VAT", 30.5),
    ],
)
def test_each_dress_is_read(text: str, number: float) -> None:
    result = cast(to_number, text)
    assert result.values.to_list() == [number]
    assert not result.failed.any()
    assert result.question is None


@pytest.mark.parametrize(
    "text",
    [
        *("abc", "A12", "Produit 12", "12 pièces", "1,2,3", "06 12 34 56 78", "12 34", "3/4", "inf", "2026-01-01"),
        *(
            "T-shirt 30",
            "30 T-shirts",
            "T-shirt 30 € TTC",
            "TTC",
            "30 TTC ou HT",
            "30 € TTC/mois",
            "12.50.-",
            "12.-5",
            ".-",
        ),
    ],
)
def test_what_is_no_number_fails(text: str) -> None:
    result = cast(to_number, text, "12,50")
    assert result.values.to_list() == [None, 12.5]
    assert result.failed.to_list() == [True, False]


@pytest.mark.parametrize("text", ["", "-", "n/a", "NaN", "#N/A", "null", "—", None])
def test_nothing_is_empty_and_no_failure(text: str | None) -> None:
    result = cast(to_number, text, "3")
    assert result.values.to_list() == [None, 3.0]
    assert not result.failed.any()


def test_the_column_decides_what_a_lone_value_leaves_open() -> None:
    assert cast(to_number, "1.234", "12,5").values.to_list() == [1234.0, 12.5]
    assert cast(to_number, "1,234", "12.5").values.to_list() == [1234.0, 12.5]
    assert cast(to_number, "1.234", "12.5").values.to_list() == [1.234, 12.5]


def test_three_digits_after_every_mark_is_asked() -> None:
    commas = cast(to_number, "1,234", "950")
    assert commas.values.to_list() == [1234.0, 950.0] and commas.choices == ("thousands", "decimal")
    points = cast(to_number, "1.234", "950")
    assert points.values.to_list() == [1.234, 950.0] and points.choices == ("decimal", "thousands")
    assert commas.question is not None and points.question is not None


def test_the_answer_is_obeyed() -> None:
    column = pl.Series("c", ["1.234", "950"])
    answered = to_number(column, answer="thousands")
    assert answered.values.to_list() == [1234.0, 950.0] and answered.decision == "decimal comma"
    assert answered.question is not None  # it may be answered otherwise
    assert to_number(column, answer="decimal").values.to_list() == [1.234, 950.0]
    assert to_number(pl.Series("c", ["1,234", "950"]), answer="decimal").values.to_list() == [1.234, 950.0]
    either = pl.Series("c", ["1,234", "1.234"])
    assert to_number(either, answer="decimal").values.to_list() == [1.234, 1.234]
    assert to_number(either, answer="thousands").values.to_list() == to_number(either).values.to_list() == [1234.0] * 2


def test_what_the_values_settle_is_not_asked() -> None:
    assert to_number(pl.Series("c", ["1.234", "12,5"]), answer="decimal").values.to_list() == [1234.0, 12.5]


def test_groups_by_points_beside_decimal_points_are_read_by_their_place() -> None:
    assert cast(to_number, "1.234.567", "12.50").values.to_list() == [1234567.0, 12.5]
    assert cast(to_number, "1,234,567", "12,50").values.to_list() == [1234567.0, 12.5]


def test_a_mixed_column_reads_each_mark_by_its_place() -> None:
    result = cast(to_number, "12,50", "12.50", "1.234,00", "1,234.00")
    assert result.values.to_list() == [12.5, 12.5, 1234.0, 1234.0]
    assert result.decision == "decimal comma and decimal point"


def test_strokes_for_cents_tell_the_decimal_mark() -> None:
    commas = cast(to_number, "1.200", "99,-")
    assert commas.values.to_list() == [1200.0, 99.0] and commas.question is None
    points = cast(to_number, "1,200", "99.–")
    assert points.values.to_list() == [1200.0, 99.0] and points.question is None
    # A point before the strokes may group: what the bare "1.200" is stays asked.
    both = cast(to_number, "1.200", "1.200.-")
    assert both.values.to_list() == [1.2, 1200.0] and both.choices == ("decimal", "thousands")


def test_amounts_with_and_without_tax_are_read_as_written() -> None:
    column = ["30 € TTC"] * 50 + ["12,50 € HT", "7 € hors taxe", "8 € TTC de moins"]
    result = cast(to_number, *column)
    assert result.values.to_list()[49:] == [30.0, 12.5, 7.0, None]


def test_the_currency_beside_an_amount_is_told_past_strokes_and_tax() -> None:
    column = pl.Series("c", ["99.– CHF", "CHF 1'200.–", "30€TTC", "30 GBP incl. VAT", "30 TTC"])
    assert currencies_beside(column).to_list() == ["CHF", "CHF", "EUR", "GBP", None]


def french(value: float) -> str:
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",") + " €"


def german(value: float) -> str:
    return f"{value:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")


DRESSES = (
    french,
    german,
    lambda value: f"{french(value)} TTC",
    "{:,.2f}".format,
    "{:.2f}".format,
    "EUR {:.2f}".format,
    "{:,.2f} USD".format,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30), st.sampled_from(DRESSES))
def test_amounts_with_cents_come_back_in_every_dress(cents: list[int], dress: Callable[[float], str]) -> None:
    values = [amount / 100 for amount in cents]
    result = cast(to_number, *map(dress, values))
    assert result.values.to_list() == values
    assert not result.failed.any() and result.question is None


def test_flags() -> None:
    assert cast(to_flag, "Oui", " NON ", "", None, "peut-être").values.to_list() == [True, False, None, None, None]
    assert cast(to_flag, "Oui", "peut-être").failed.to_list() == [False, True]
    assert cast(to_flag, "1", "0", "1.0").values.to_list() == [True, False, True]
    assert cast(to_flag, "VRAI", "FAUX", "true").values.to_list() == [True, False, True]
    assert cast(to_flag, "y", "n").values.to_list() == [True, False]


def test_a_mark_or_nothing_means_yes_or_no() -> None:
    result = cast(to_flag, "x", "", None, "X")
    assert result.values.to_list() == [True, False, False, True]
    assert cast(to_flag, "", None).values.to_list() == [None, None]


def test_identifiers_stay_text() -> None:
    result = cast(to_id, "00123", "'7210448301122", " A-1 ", '="0045"', "#1001", "", None, "N/A")
    assert result.values.to_list() == ["00123", "7210448301122", "A-1", "0045", "#1001", None, None, None]
    assert not result.failed.any()


def test_the_point_zero_of_a_spreadsheet_goes_unless_the_column_has_fractions() -> None:
    assert cast(to_id, "12.0", "345.0").values.to_list() == ["12", "345"]
    assert cast(to_id, "1.0", "2.5").values.to_list() == ["1.0", "2.5"]


def test_numbers_that_a_spreadsheet_rounded_name_nobody() -> None:
    result = cast(to_id, "7.21045E+12", "7,21E+12", "7210448301122")
    assert result.values.to_list() == [None, None, "7210448301122"]
    assert result.failed.to_list() == [True, True, False]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30),
    st.sampled_from(("'", "’", "\u202f")),
    st.sampled_from((".–", ".-", ",-", ".--", ".—")),
)
def test_whole_amounts_with_strokes_for_cents_come_back(values: list[int], group: str, strokes: str) -> None:
    result = cast(to_number, *("CHF " + f"{value:,}".replace(",", group) + strokes for value in values))
    assert result.values.to_list() == values and result.question is None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.from_regex(r"\A[0-9]{1,12}\Z"), min_size=1, max_size=20))
def test_no_digit_of_an_identifier_is_lost(ids: list[str]) -> None:
    assert cast(to_id, *ids).values.to_list() == ids


def test_what_stands_beside_a_few_values_only_is_read_too() -> None:
    column = ["12,50 €"] * 50 + ["$7,25", "(3,00)", " 1 200,5 EUR ", "12,50 m", "4"]
    result = cast(to_number, *column)
    assert result.values.to_list()[50:] == [7.25, -3.0, 1200.5, None, 4.0]
    assert result.failed.to_list()[50:] == [False, False, False, True, False]
