"""Currencies as people write them."""

from __future__ import annotations

import pytest

from cxaudit.schema.currencies import UNKNOWN, currency_names, currency_of


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("EUR", "EUR"),
        (" eur ", "EUR"),
        ("€", "EUR"),
        ("Euro (EUR)", "EUR"),
        ("chf", "CHF"),
        ("Fr.", "CHF"),
        ("Franc suisse", "CHF"),
        ("CHF - Swiss franc", "CHF"),
        ("£", "GBP"),
        ("$", "USD"),
        ("CA$", "CAD"),
        ("FR", None),  # a country, as often as a franc
        ("kr", None),  # Swedish, Norwegian or Danish
        ("EUR/GBP", None),
        ("XBT", None),
        ("", None),
    ],
)
def test_a_word_names_one_currency_or_none(word: str, code: str | None) -> None:
    assert currency_of(word) == code


def test_unknown_words_are_told_where_they_look_like_codes() -> None:
    assert currency_names(["eur", "XBT"]) == {"eur": "EUR", "XBT": "XBT"}
    assert currency_names(["eur", "camille.martin@exemple.fr"])["camille.martin@exemple.fr"] == UNKNOWN
    many = [f"w{n}" for n in range(20)]
    assert set(currency_names(many).values()) == {UNKNOWN}
