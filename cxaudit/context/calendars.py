"""What the calendar proposes within the data: holidays, school holidays, soldes, Black Friday, Christmas.

All are proposals: they count once a person confirms them. Names, lengths and the soldes' exceptions stand in
`calendar.toml`. Sources: the packages `holidays` and `vacances-scolaires-france` (data.education.gouv.fr), and article
D310-15-2 of the Code de commerce for the soldes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any

import holidays
from vacances_scolaires_france import SchoolHolidayDates

from cxaudit.errors import UsageError
from cxaudit.schema.results import Phrase, Span, Suggestion

ONE_DAY = timedelta(days=1)
WEDNESDAY, THURSDAY = 2, 3
ZONES = ("A", "B", "C")
# The holidays package names languages by locale.
LOCALES = {"fr": ("fr", "fr_BE", "fr_CA"), "en": ("en_US", "en_GB", "en")}


def proposals(span: Span, *, country: str, language: str) -> tuple[Suggestion, ...]:
    """All that the calendar proposes between the two days of `span`, in the order of their first day.

    School holidays and soldes belong to France; other countries get their public holidays, Black Friday and Christmas.

    Raises:
        UsageError: no public holidays are known for `country`.
    """
    years = range(span.first.year - 1, span.last.year + 1)
    found = [*public_holidays(span, country, language), *trading(years, language)]
    if country.upper() == "FR":
        found += [*school_holidays(span, language), *soldes(years, language)]
    within = (one for one in found if one.starts_on <= span.last and one.ends_on >= span.first)
    return tuple(sorted(within, key=lambda one: (one.starts_on, one.ends_on, one.name)))


def public_holidays(span: Span, country: str, language: str) -> Iterator[Suggestion]:
    """The country's public holidays, named in the language if the package knows them in it."""
    years = range(span.first.year, span.last.year + 1)
    try:
        supported = holidays.country_holidays(country.upper()).supported_languages
        known = next((name for name in LOCALES.get(language, ()) if name in supported), None)
        days = holidays.country_holidays(country.upper(), years=years, language=known)
    except (NotImplementedError, AttributeError) as error:
        raise UsageError("error.context.country", country=country) from error
    why = Phrase.of("context.why.public_holiday", country=country.upper())
    for day, name in sorted(days.items()):
        # the package writes straight apostrophes
        yield Suggestion(name.replace("'", "’"), "season", day, day, "calendar.public", why=why)


def school_coverage() -> Span:
    """The days between which school holidays are known; outside them nothing is known, which is not "no holiday"."""
    days = _school_days()
    return Span(min(days), max(days))


def school_holidays(span: Span, language: str) -> Iterator[Suggestion]:
    """French school holidays, one proposal for each run of days and the zones that share exactly that run."""
    runs: dict[tuple[str, date, date], list[str]] = {}
    for zone in ZONES:
        for name, first, last in _school_runs(span, zone):
            runs.setdefault((name, first, last), []).append(zone)
    why = Phrase.of("context.why.school_holiday", until=school_coverage().last)
    for (name, first, last), zones in runs.items():
        shown = f"{_name('school', name, language)} ({_zones(zones, language)})"
        yield Suggestion(shown, "season", first, last, "calendar.school", why=why)


def soldes(years: Iterable[int], language: str) -> Iterator[Suggestion]:
    """The winter and summer soldes of each year."""
    for year in years:
        for season in ("winter", "summer"):
            span = soldes_of(year, season)
            name = _name(f"soldes_{season}", None, language)
            why = Phrase.of("context.why.soldes")
            yield Suggestion(name, "promotion", span.first, span.last, "calendar.soldes", why=why)


def soldes_of(year: int, season: str) -> Span:
    """The days of the `winter` or `summer` soldes; the table of exceptions goes before the rule.

    Winter: from the second Wednesday of January, the first if the second falls after the 12th. Summer: from the last
    Wednesday of June, the one before if the last falls after the 28th. Four weeks.
    """
    table = _calendar()["soldes"]
    exception = table["exceptions"].get(season, {}).get(str(year))
    if exception:
        return Span(exception["starts_on"], exception["ends_on"])
    if season == "winter":
        start = _nth(year, 1, WEDNESDAY, 2)
        start = start if start.day <= 12 else start - timedelta(weeks=1)
    else:
        start = _nth(year, 7, WEDNESDAY, 1) - timedelta(weeks=1)
        start = start if start.day <= 28 else start - timedelta(weeks=1)
    return Span(start, start + timedelta(days=table["days"] - 1))


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    return _nth(year, 11, THURSDAY, 4) + ONE_DAY


def trading(years: Iterable[int], language: str) -> Iterator[Suggestion]:
    """Black Friday, from its Monday to Cyber Monday, and Christmas, 1 to 24 December."""
    for year in years:
        friday = black_friday(year)
        week = friday - timedelta(days=4), friday + timedelta(days=3)
        name, why = _name("black_friday", None, language), Phrase.of("context.why.black_friday")
        yield Suggestion(name, "peak", *week, "calendar.black_friday", why=why)
        name, why = _name("christmas", None, language), Phrase.of("context.why.christmas")
        yield Suggestion(name, "peak", date(year, 12, 1), date(year, 12, 24), "calendar.christmas", why=why)


def detected_name(what: str, first: date, language: str) -> str:
    """The name of a `peak`, a `dip` or a surge of `tickets` found in the data, dated by its first day."""
    day = f"{first:%d/%m/%Y}" if language == "fr" else first.isoformat()
    return f"{_name(what, None, language)} {day}"


def named(one: Suggestion, language: str) -> str:
    """What a suggestion is called in `language`, whichever language it was made in; a name not made here stays."""
    for what in _FOUND:
        if one.name in {detected_name(what, one.starts_on, made) for made in LOCALES}:
            return detected_name(what, one.starts_on, language)
    for what in _LENT:
        if one.name in _calendar()["names"][what].values():
            return _name(what, None, language)
    country = str(dict(one.why.facts).get("country", "FR")) if one.why else "FR"
    return _proposed(one.starts_on.year, country, language).get((one.source, one.starts_on, one.ends_on), one.name)


# Names of what the data show, and those that the trading calendar lends it.
_FOUND = ("peak", "dip", "tickets")
_LENT = ("black_friday", "christmas")


@cache
def _proposed(year: int, country: str, language: str) -> dict[tuple[str, date, date], str]:
    """The names of one year's proposals, by their source and days."""
    found = proposals(Span(date(year, 1, 1), date(year, 12, 31)), country=country, language=language)
    return {(one.source, one.starts_on, one.ends_on): one.name for one in found}


def _nth(year: int, month: int, weekday: int, place: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (place - 1))


def _name(what: str, own: str | None, language: str) -> str:
    names = _calendar()["names"][what]
    spoken = names if own is None else names.get(own, {})
    return str(spoken.get(language) or spoken.get("fr") or own or what)


def _zones(zones: list[str], language: str) -> str:
    return f"{_name('zone' if len(zones) == 1 else 'zones', None, language)} {', '.join(zones)}"


def _school_runs(span: Span, zone: str) -> Iterator[tuple[str, date, date]]:
    """Name, first and last day of each run of school holidays that touches the span."""
    key = f"vacances_zone_{zone.lower()}"
    days = sorted((day, row["nom_vacances"]) for day, row in _school_days().items() if row[key])
    for (_, name), run in groupby(enumerate(days), key=lambda item: (item[1][0].toordinal() - item[0], item[1][1])):
        ends = [day for _, (day, _) in run]
        if ends[0] <= span.last and ends[-1] >= span.first:
            yield name, ends[0], ends[-1]


@cache
def _school_days() -> dict[date, dict[str, Any]]:
    return dict(SchoolHolidayDates().data)


@cache
def _calendar() -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "calendar.toml").read_text("utf-8"))
