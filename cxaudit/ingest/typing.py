"""One column of text cast as a whole: the values, what failed, and how it was decided."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cxaudit.schema.results import Phrase


@dataclass(frozen=True)
class Cast:
    """One column cast.

    Attributes:
        values: Typed; null where the cell is empty or failed.
        failed: Boolean mask of the cells that hold text which could not be read.
        decision: What was decided for the whole column, e.g. `%d/%m/%Y %H:%M` or `decimal comma`.
        question: The ambiguity that the data do not settle, if any.
        choices: The answers to `question`.
    """

    values: pl.Series
    failed: pl.Series
    decision: str
    question: Phrase | None = None
    choices: tuple[str, ...] = ()


def _cast(column: pl.Series, values: pl.Series, decision: str) -> Cast:
    empty = column.is_null() | (column.str.strip_chars() == "")
    return Cast(values, (values.is_null() & ~empty).fill_null(False), decision)


def to_moment(column: pl.Series, *, day_first: bool | None = None, timezone: str, name: str = "") -> Cast:
    """Dates and times, naive and local to `timezone`."""
    order = ["%d/%m/%Y", "%m/%d/%Y"] if day_first in (True, None) else ["%m/%d/%Y", "%d/%m/%Y"]
    days = ["%Y-%m-%d", "%Y-%m-%dT", *order[:1], "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d"]
    text = column.str.strip_chars()
    values = pl.Series(column.name, [None] * len(column), dtype=pl.Datetime("us"))
    decision = ""
    zone = text.str.contains(r"(Z|UTC|[+-]\d\d:?\d\d)$") & text.str.contains(":")
    aware = text.str.replace(r"\s*(Z|UTC)$", "+0000").str.replace("T", " ").str.replace(r"\s*([+-]\d\d:?\d\d)$", "$1")
    moments = aware.str.strptime(pl.Datetime("us", "UTC"), "%Y-%m-%d %H:%M:%S%.f%z", strict=False)
    local = moments.dt.convert_time_zone(timezone).dt.replace_time_zone(None)
    values = local.zip_with(zone.fill_null(False), values)
    for day in days:
        for clock in ("", " %H:%M:%S", " %H:%M", "%H:%M:%S%.f", " %Hh%M"):
            if values.is_null().sum() == column.is_null().sum():
                break
            parsed = text.str.strptime(pl.Datetime("us"), day + clock, strict=False)
            if parsed.is_not_null().any():
                decision = decision or day + clock
            values = values.zip_with(values.is_not_null(), parsed)
    return _cast(column, values.alias(column.name), decision)


def to_number(column: pl.Series) -> Cast:
    """Numbers, decimal comma or dot."""
    bare = column.str.replace_all(r"[^\d,.\-]", "")
    comma = bare.str.contains(r",\d{1,2}$").any()
    bare = bare.str.replace_all(".", "", literal=True).str.replace(",", ".") if comma else bare.str.replace_all(",", "")
    return _cast(column, bare.cast(pl.Float64, strict=False), "decimal comma" if comma else "decimal point")


def to_flag(column: pl.Series) -> Cast:
    """Yes or no."""
    text = column.str.strip_chars().str.to_lowercase()
    yes, no = ["oui", "yes", "1", "vrai", "true", "x", "o", "y"], ["non", "no", "0", "faux", "false", "n"]
    values = text.is_in(yes).zip_with(text.is_in(yes + no), pl.Series([None], dtype=pl.Boolean))
    return _cast(column, values.alias(column.name), "words")


def to_duration(column: pl.Series, unit_hint: str | None = None) -> Cast:
    """Durations in minutes."""
    parts = column.str.extract_groups(r"^(\d+):(\d\d)(?::(\d\d))?$").struct.unnest().cast(pl.Float64)
    clock = parts[:, 0] * 60 + parts[:, 1] + parts[:, 2].fill_null(0) / 60
    per = {"hours": 60.0, "seconds": 1 / 60, "days": 1440.0}.get(unit_hint or "minutes", 1.0)
    plain = to_number(column).values * per
    return _cast(column, clock.zip_with(clock.is_not_null(), plain).alias(column.name), unit_hint or "minutes")


def to_id(column: pl.Series) -> Cast:
    """Identifiers as text."""
    text = column.str.strip_chars().str.strip_prefix("'").str.replace(r"^(\d+)\.0$", "$1")
    return _cast(column, text, "text")


def to_score(column: pl.Series) -> Cast:
    """Scores, words too: Good and Bad are 1 and 0 on the scale good-bad."""
    text = column.str.strip_chars().str.to_lowercase()
    words = text.replace_strict({"good": 1.0, "bad": 0.0}, default=None, return_dtype=pl.Float64)
    if words.is_not_null().any():
        return _cast(column, words.alias(column.name), "good-bad")
    return _cast(column, to_number(column).values, "number")
