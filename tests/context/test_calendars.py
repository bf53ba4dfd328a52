from datetime import date

import pytest

from cxaudit.context.calendars import (
    black_friday,
    detected_name,
    named,
    proposals,
    school_coverage,
    soldes_of,
)
from cxaudit.errors import UsageError
from cxaudit.schema.results import Span, Suggestion
from cxaudit.texts import say

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))


def _from(source: str, span: Span = YEAR, country: str = "FR", language: str = "fr") -> list[Suggestion]:
    return [one for one in proposals(span, country=country, language=language) if one.source == source]


@pytest.mark.parametrize(
    ("year", "season", "first", "last"),
    [
        (2026, "winter", "2026-01-07", "2026-02-03"),
        (2026, "summer", "2026-06-24", "2026-07-21"),
        (2028, "winter", "2028-01-12", "2028-02-08"),
        (2024, "winter", "2024-01-10", "2024-02-06"),
        (2025, "summer", "2025-06-25", "2025-07-22"),
        (2023, "summer", "2023-06-28", "2023-07-25"),
        (2027, "summer", "2027-06-23", "2027-07-20"),
        (2021, "winter", "2021-01-20", "2021-03-02"),
        (2020, "summer", "2020-07-15", "2020-08-11"),
    ],
)
def test_a15_soldes_by_rule_and_by_exception(year: int, season: str, first: str, last: str) -> None:
    assert soldes_of(year, season) == Span(date.fromisoformat(first), date.fromisoformat(last))


def test_a15_black_friday() -> None:
    assert black_friday(2026) == date(2026, 11, 27)
    assert black_friday(2024) == date(2024, 11, 29)
    (week,) = _from("calendar.black_friday")
    assert (week.starts_on, week.ends_on, week.kind) == (date(2026, 11, 23), date(2026, 11, 30), "peak")


def test_christmas_and_soldes_have_their_kind() -> None:
    (christmas,) = _from("calendar.christmas")
    assert (christmas.starts_on, christmas.ends_on, christmas.kind) == (date(2026, 12, 1), date(2026, 12, 24), "peak")
    assert [one.kind for one in _from("calendar.soldes")] == ["promotion", "promotion"]


def test_public_holidays_speak_the_language() -> None:
    french, english = _from("calendar.public"), _from("calendar.public", language="en")
    assert len(french) == len(english) == 11
    assert "Lundi de Pâques" in {one.name for one in french}
    assert "Easter Monday" in {one.name for one in english}
    assert not any("'" in one.name for one in french)


def test_other_countries_get_their_own_days_only() -> None:
    german = proposals(YEAR, country="de", language="fr")
    assert date(2026, 10, 3) in {one.starts_on for one in german}
    assert {one.source for one in german} == {"calendar.public", "calendar.black_friday", "calendar.christmas"}


def test_an_unknown_country_is_a_setting_to_correct() -> None:
    with pytest.raises(UsageError) as caught:
        proposals(YEAR, country="XX", language="fr")
    assert "XX" in say(caught.value.phrase, "fr")


def test_school_holidays_by_zone() -> None:
    winter = {one.name: (one.starts_on, one.ends_on) for one in _from("calendar.school") if "hiver" in one.name}
    assert winter == {
        "Vacances d’hiver (zone A)": (date(2026, 2, 7), date(2026, 2, 22)),
        "Vacances d’hiver (zone B)": (date(2026, 2, 14), date(2026, 3, 1)),
        "Vacances d’hiver (zone C)": (date(2026, 2, 21), date(2026, 3, 8)),
    }
    autumn = [one for one in _from("calendar.school", language="en") if "Autumn" in one.name]
    assert [one.name for one in autumn] == ["Autumn school holidays (zones A, B, C)"]


def test_holidays_that_span_the_new_year_are_one_proposal() -> None:
    spans = [(one.starts_on, one.ends_on) for one in _from("calendar.school") if "Noël" in one.name]
    assert spans == [(date(2025, 12, 20), date(2026, 1, 4)), (date(2026, 12, 19), date(2027, 1, 3))]


def test_beyond_the_school_calendar_is_said_not_guessed() -> None:
    assert school_coverage().last == date(2028, 8, 31)
    late = Span(date(2028, 6, 1), date(2028, 12, 31))
    found = _from("calendar.school", late)
    assert found and all(one.why and "31 août 2028" in say(one.why, "fr") for one in found)
    assert not [one for one in found if one.starts_on > date(2028, 8, 31)]


def test_every_proposal_touches_the_data_and_says_why_in_both_languages() -> None:
    span = Span(date(2026, 1, 20), date(2026, 2, 10))
    found = proposals(span, country="FR", language="fr")
    assert found
    for one in found:
        assert one.starts_on <= span.last and one.ends_on >= span.first
        assert one.why is not None
        assert say(one.why, "fr") and say(one.why, "en")


@pytest.mark.parametrize(("made", "wanted"), [("fr", "en"), ("en", "fr")])
def test_what_the_product_proposes_is_named_in_either_language(made: str, wanted: str) -> None:
    span = Span(date(2024, 10, 1), date(2026, 9, 30))
    for country in ("FR", "BE"):
        ours, theirs = (proposals(span, country=country, language=one) for one in (made, wanted))
        names = {(one.source, one.starts_on, one.ends_on): one.name for one in theirs}
        assert len(names) == len(ours) == len(theirs) > 20
        assert [named(one, wanted) for one in ours] == [names[one.source, one.starts_on, one.ends_on] for one in ours]
        assert [named(one, made) for one in ours] == [one.name for one in ours]


def test_what_the_data_show_is_named_in_either_language_and_a_clients_name_stays() -> None:
    day = date(2026, 3, 14)
    peak = Suggestion(detected_name("peak", day, "fr"), "peak", day, day, "data.orders", 2.0)
    assert named(peak, "en") == "Peak of orders 2026-03-14"
    lent = Suggestion("Christmas, 1 to 24 December", "peak", day, day, "data.orders", 2.0)
    assert named(lent, "fr") == "Noël, du 1er au 24 décembre"
    assert named(Suggestion("Braderie", "promotion", day, day, "client"), "en") == "Braderie"
