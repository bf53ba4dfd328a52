"""Every sentence stands in both languages, with the same placeholders, and is dressed for its language."""

from __future__ import annotations

import re
import string
from datetime import date

import pytest

from cxaudit import texts
from cxaudit.schema.phrase import Phrase

CATALOGUE = texts.catalogue()
NARROW, HARD = "\u202f", "\u00a0"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_same_placeholders_in_both_languages() -> None:
    assert not [key for key, text in CATALOGUE.items() if placeholders(text["fr"]) != placeholders(text["en"])]


def test_french_typography() -> None:
    faults = re.compile(r" [:;?!»]|« |'")
    bare = {key: re.sub(r"\{[^}]*\}|`[^`]*`", "x", text["fr"]) for key, text in CATALOGUE.items()}
    assert not [key for key, text in bare.items() if faults.search(text)]


def test_no_exclamation_marks() -> None:
    assert not [key for key, text in CATALOGUE.items() if "!" in text["fr"] + text["en"]]


def test_numbers_by_language() -> None:
    assert texts.share(0.125, "fr") == f"12,5{NARROW}%" and texts.share(0.125, "en") == "12.5%"
    assert texts.money(47900, "fr") == f"47{NARROW}900{HARD}€" and texts.money(-47900, "en") == "\u2212€47,900"
    assert texts.money(47900, "fr", "CHF") == f"47{NARROW}900{HARD}CHF"
    assert texts.money(-47900, "en", "CHF") == f"\u2212CHF{HARD}47,900" and texts.money(5, "en", "GBP") == "£5"
    assert texts.points(-0.003, "fr") == "\u22120,3" and texts.points(0.024, "en") == "+2.4"
    assert texts.points(-0.0001, "en") == "0.0"
    assert texts.gap(0.0194, "fr") == "+1,9 point" and texts.gap(0.01951, "fr") == "+2,0 points"
    assert texts.gap(-0.008, "en") == "\u22120.8 points"
    assert texts.hours(9.1, "fr") == f"9{HARD}h{HARD}06" and texts.hours(9.1, "en") == "9.1 hours"
    assert texts.hours(-0.75, "fr") == f"\u221245{HARD}min" and texts.hours(24.0, "fr") == f"24{HARD}h"
    assert texts.day(date(2026, 4, 1), "fr") == "1er avril 2026"
    assert texts.period((date(2026, 7, 1), date(2026, 9, 30)), "fr") == "du 1er juillet au 30 septembre 2026"
    june = (date(2026, 6, 8), date(2026, 6, 21))
    assert texts.period(june, "fr") == "du 8 au 21 juin 2026" and texts.period(june, "en") == "8–21 June 2026"
    assert texts.period((date(2026, 6, 1), date(2026, 6, 21)), "fr") == "du 1er au 21 juin 2026"
    assert texts.period((date(2025, 6, 8), date(2026, 6, 21)), "en") == "8 June 2025 to 21 June 2026"
    assert texts.period((june[0], june[0]), "fr") == "le 8 juin 2026"
    assert texts.scope("carrier=Colissimo", "fr") == "Colissimo (transporteur)"
    assert texts.scope("country=FR", "en") == "FR (country)"
    assert texts.scope("a=b", "en") == "a=b" and texts.scope("mes mots", "fr") == "mes mots"
    assert texts.listed(["a", "b", "c"], "fr") == "a, b et c"
    assert texts.names(("Note", "Un proche ?"), "fr") == f"«{NARROW}Note{NARROW}» et «{NARROW}Un proche ?{NARROW}»"
    assert texts.names(("a", "b"), "en") == '"a" and "b"'


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (0.0004, "+0,04", "+0.04"),
        (-0.0002, "\u22120,02", "\u22120.02"),
        (0.0006, "+0,1", "+0.1"),
        (0.024, "+2,4", "+2.4"),
        (0.0, "0,0", "0.0"),
        (1e-12, "0,0", "0.0"),
    ],
)
def test_an_end_of_an_interval_reads_as_zero_only_where_it_is(value: float, fr: str, en: str) -> None:
    assert (texts.bound(value, "fr"), texts.bound(value, "en")) == (fr, en)


def test_ends_in_other_units_keep_their_dress() -> None:
    assert texts.told_from_zero("€0", -0.3, "en", signed=True) == "\u2212€0.3"
    assert texts.told_from_zero(f"+0,0{NARROW}j", 0.02, "fr", signed=True) == f"+0,02{NARROW}j"
    assert texts.told_from_zero("0.4 / 100", 0.4, "en") == "0.4 / 100"
    assert texts.difference_bound(0.004, "fr") == "+0,004" and texts.difference_bound(-1.25, "fr") == "\u22121,25"
    assert texts.difference(0.34, "fr") == "+0,34" and texts.difference(0.0, "en") == "0.00"
    assert texts.hours(0.004, "fr") == f"0,2{HARD}min" and texts.hours(0.0, "fr") == f"0{HARD}min"


def test_every_interval_of_differences_tells_its_ends_from_zero() -> None:
    said = {key: text for key, text in CATALOGUE.items() if re.search(r"\{(?:value|remaining|gap):gap\}", text["fr"])}
    assert said and not [key for key, text in said.items() if re.search(r"\{(?:low|high):points\}", str(text))]


def test_a_change_is_signed_and_bears_its_unit() -> None:
    facts = {"name": "measure.surface.handle_minutes.name", "remaining": 0.34, "low": 0.08, "high": 0.6}
    said = texts.say(Phrase.of("finding.change.minutes.demonstrated", **facts), "fr")
    assert ": +0,34 minute entre" in said and "(entre +0,08 et +0,60)" in said
    said = texts.say(Phrase.of("finding.change.points.good", **facts | {"remaining": -4.0, "low": -6.5}), "en")
    assert ": \u22124.00 points between" in said and "(between \u22126.50 and +0.60)" in said


def test_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts.say("no.such.text", "fr")
