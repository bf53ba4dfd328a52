"""Dates that no format reads: months in words, a sentence around the date, clocks such as 14h05 or 2:05 p.m."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

# Minutes east of UTC of the zone names met in exports.
OFFSETS: Mapping[str, int] = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
MONTHS = (
    ("janvier", "january", "janv", "jan"),
    ("fevrier", "february", "fevr", "fev", "feb"),
    ("mars", "march", "mar"),
    ("avril", "april", "avr", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "july", "juil", "jul"),
    ("aout", "august", "aug", "aou"),
    ("septembre", "september", "sept", "sep"),
    ("octobre", "october", "oct"),
    ("novembre", "november", "nov"),
    ("decembre", "december", "dec"),
)
_TOKENS = {name: f"~{number:02d}~" for number, names in enumerate(MONTHS, start=1) for name in names}
_PLAIN = {"é": "e", "è": "e", "ê": "e", "û": "u", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'"}

_LEAD = r"^(?:[^\d~]|~\d\d~)*?"
_TAIL = (
    r"(?:[\s,]*(?:a\s|à\s|at\s|@|-|–|t)?\s*(?P<hour>\d{1,2})\s*(?:[:.]|h)\s*(?P<minute>\d{2})?"
    r"(?:\s*[:.m]\s*(?P<second>\d{2})(?:[.,]\d+)?s?)?\s*(?P<half>[ap])?(?:\.?m\.?)?)?"
    r"\s*(?P<zone>(?:utc|gmt)?\s?[+-]\d{2}:?\d{2}|[a-z]{1,4})?(?:\s*\([^)]*\))?[\s.]*$"
)
_FORMS = (
    ("day month year", r"(?P<day>\d{1,2})(?:er|st|nd|rd|th)?[\s.\-/,]*(?:of\s|de\s)?~(?P<month>\d\d)~"
     r"[\s.,\-/]*(?P<year>\d{4}|\d{2}\b)" + _TAIL),
    ("month day year", r"~(?P<month>\d\d)~[\s.\-]*(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s,\-]+(?P<year>\d{4})" + _TAIL),
    ("year month day", r"(?P<year>\d{4})[\s\-/]*~(?P<month>\d\d)~[\s.\-/]*(?P<day>\d{1,2})" + _TAIL),
    ("year month day", r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _TAIL),
)  # fmt: skip
_FIGURES = r"(?P<{0}>\d{{1,2}})\s?[-/.]\s?(?P<{1}>\d{{1,2}})\s?[-/.]\s?(?P<year>\d{{4}}|\d{{2}}\b)"


def spelled(text: pl.Series, day_first: bool, timezone: str, utc_column: bool) -> tuple[pl.Series, list[str]]:
    """Naive moments local to `timezone` for each text that holds one date and nothing after it; null elsewhere."""
    plain = text.str.to_lowercase().str.replace_many(_PLAIN).str.replace_many(_TOKENS, leftmost=True)
    plain = plain.str.replace_all(r"~\.", "~", literal=False)
    pair = ("day", "month") if day_first else ("month", "day")
    figures = ("day/month/year" if day_first else "month/day/year", _FIGURES.format(*pair) + _TAIL)
    forms = (*_FORMS, figures) if plain.str.contains(r"~|\d{4}[-/.]").any() else (figures,)
    moments = pl.repeat(None, len(text), dtype=pl.Datetime("us"), eager=True)
    dress = []
    for name, form in forms:
        read = _read(plain, _LEAD + form, timezone, utc_column)
        if read.null_count() < len(read) and (moments.is_null() & read.is_not_null()).any():
            dress.append(name)
            moments = moments.zip_with(moments.is_not_null(), read)
    return moments, list(dict.fromkeys(dress))


def _read(plain: pl.Series, pattern: str, timezone: str, utc_column: bool) -> pl.Series:
    parts = plain.str.extract_groups(pattern).struct.unnest().lazy()
    year = pl.when(pl.col("year").str.len_bytes() == 2).then("20" + pl.col("year")).otherwise(pl.col("year"))
    hour = pl.col("hour").cast(pl.Int32, strict=False)
    noon = pl.when(pl.col("half") == "p").then(hour % 12 + 12).when(pl.col("half") == "a").then(hour % 12)
    clock = noon.otherwise(hour).fill_null(0).cast(pl.String)
    written = pl.format(
        "{}-{}-{} {}:{}:{}",
        year,
        pl.col("month"),
        pl.col("day"),
        clock,
        pl.col("minute").fill_null("00"),
        pl.col("second").fill_null("00"),
    )
    moment = written.str.strptime(pl.Datetime("us"), "%Y-%m-%d %H:%M:%S", strict=False)
    zone = _minutes(pl.col("zone").str.strip_chars())
    if utc_column:
        zone = zone.fill_null(pl.when(hour.is_not_null()).then(0))
    utc = (moment - pl.duration(minutes=zone)).dt.replace_time_zone("UTC")
    local = utc.dt.convert_time_zone(timezone).dt.replace_time_zone(None)
    known = pl.col("zone").is_null() | zone.is_not_null()
    return parts.select(pl.when(known).then(pl.coalesce(local, moment)).alias("moment")).collect()["moment"]


def _minutes(zone: pl.Expr) -> pl.Expr:
    figures = zone.str.extract(r"([+-]\d{2}:?\d{2})$").str.replace(":", "", literal=True).cast(pl.Int32, strict=False)
    sign = figures.sign()
    offset = sign * ((figures.abs() // 100) * 60 + figures.abs() % 100)
    return pl.coalesce(offset, zone.replace_strict(OFFSETS, default=None, return_dtype=pl.Int32))
