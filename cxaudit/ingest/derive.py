"""Fields that no column holds but that others give: each rule by its name, computed over whole columns.

A derived field is `{"from": [columns], "rule": name}` or `{"constant": value}`. Rules:

    row_number            a number for each row of a table that needs one
    sum_lines             the lines' totals, summed over the lines of an order
    sum_quantity_price    quantity × unit price, summed over the lines of an order
    plus_milliseconds, plus_seconds, plus_minutes, plus_hours, plus_days
                          a moment (a column, or a day and a clock) and a duration after it
    beside_amount         the currency whose sign or code stands beside the amount
    date_and_time         a day column and a clock column
    where_yes             the first column's moment (plus a minute, so that it lies after) where the second says yes
    where_answered        a call's own moment where a column says that it was answered: how long it rang is not known
    is_present, is_absent whether the column holds anything
    not                   no where the column says yes
    is_outbound           the direction says outbound
    from_status           delivered, unless the status tells of a bounce
    grid                  a criterion a column: `grids` turns the sheet before its fields are made
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl

from cxaudit.ingest.dates import UTC_NAME, local
from cxaudit.ingest.directions import OUTBOUND
from cxaudit.ingest.field_values import DTYPES, Reading, cast_field
from cxaudit.ingest.grids import GRID
from cxaudit.ingest.numbers import currencies_beside
from cxaudit.ingest.typing import Cast, to_duration, to_flag, to_number
from cxaudit.schema.tables import Column

SUMMED = frozenset({"sum_lines", "sum_quantity_price"})
_YES = (
    r"(?i)^\s*(oui|yes|[1-9]\d*|true|vrai|x|o|y|ja|si|sí|sim|answered|r[eé]pondu|d[eé]croch[eé]e?|abouti|connected|pris|trait[eé]"
    r"|angenommen|atendida|opened|ouvert|clicked|cliqu[eé])(\W|$)"
)
_BOUNCED = r"(?i)bounce|fail|npai|undeliver|rejet|reject|erreur|error|invalid|drop|non (d[eé]livr|remis)|not delivered"


@dataclass(frozen=True, slots=True)
class Made:
    """A derived column: its values, and which cells of its sources could not be read."""

    values: pl.Series
    failed: pl.Series


def make(column: Column, rule: Mapping[str, Any], frame: pl.DataFrame, reading: Reading) -> Made:
    """The values of a derived field over a frame of text.

    Raises:
        KeyError: an unknown rule, or a source column that the frame lacks.
    """
    if "constant" in rule:
        cast = cast_field(column, pl.Series(column.name, [str(rule["constant"])], dtype=pl.String), reading)
        value = cast.values.cast(DTYPES[column.kind])
        return Made(value.new_from_index(0, frame.height), cast.failed.new_from_index(0, frame.height))
    sources = [frame[name] for name in rule.get("from", ())]
    made = _RULES[rule["rule"]](sources, reading, frame.height)
    return Made(made.values.alias(column.name).cast(DTYPES[column.kind]), made.failed)


def _none_failed(height: int) -> pl.Series:
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, height)


def _row_number(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    return Made(pl.int_range(1, height + 1, eager=True).cast(pl.String), _none_failed(height))


def _sum_lines(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    cast = to_number(sources[0])
    return Made(cast.values, cast.failed)


def _quantity_price(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    quantity, price = to_number(sources[0]), to_number(sources[1])
    return Made(quantity.values.fill_null(1.0) * price.values, quantity.failed | price.failed)


def _beside_amount(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    return Made(currencies_beside(sources[0]), _none_failed(height))


def _moment(text: pl.Series, reading: Reading) -> Cast:
    return cast_field(Column("moment", "moment"), text, reading)


def _plus(unit: str) -> Callable[[Sequence[pl.Series], Reading, int], Made]:
    def made(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
        lasted = to_duration(sources[-1], unit)
        return Made(_later(_start(sources[:-1], reading), lasted.values), lasted.failed)

    return made


def _start(sources: Sequence[pl.Series], reading: Reading) -> pl.Series:
    """The moment of one column, or of a day and a clock beside it."""
    if len(sources) == 1:
        return _moment(sources[0], reading).values
    return _date_and_time(sources, reading, len(sources[0])).values


def _later(start: pl.Series, minutes: pl.Series) -> pl.Series:
    micros = (minutes.cast(pl.Float64) * 60_000_000).round().cast(pl.Int64)
    return start + micros.cast(pl.Duration("us"))


def _date_and_time(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    day = _moment(sources[0], reading)
    clock = to_duration(_twenty_four(sources[1]), "hours")
    at = _later(day.values.dt.truncate("1d"), clock.values.fill_null(0.0))
    if any(UTC_NAME.search(source.name) for source in sources):
        moved = at.to_frame("at").select(local(pl.col("at"), reading.timezone))["at"]
        at = moved.zip_with(clock.values.is_not_null(), at)
    return Made(at, day.failed)


def _twenty_four(text: pl.Series) -> pl.Series:
    """Clock text as HH:MM:SS: `14h30` and `2:30 PM` too."""
    name = text.name
    frame = pl.DataFrame({name: text})
    bare = pl.col(name).str.strip_chars().str.to_lowercase()
    hour = bare.str.extract(r"^(\d{1,2})").cast(pl.Int64, strict=False)
    minute = bare.str.extract(r"^\d{1,2}\s?[:h.]\s?(\d{2})").fill_null("00")
    second = bare.str.extract(r"^\d{1,2}:\d{2}:(\d{2})").fill_null("00")
    noon = pl.when(bare.str.contains("pm") & (hour < 12)).then(hour + 12)
    hour = noon.when(bare.str.contains("am") & (hour == 12)).then(0).otherwise(hour)
    return frame.select(pl.format("{}:{}:{}", hour.cast(pl.String), minute, second).alias(name))[name]


def _where_yes(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    answered = _where_answered(sources, reading, height)
    return Made(answered.values + timedelta(minutes=1), answered.failed)


def _where_answered(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    yes = sources[-1].str.contains(_YES).fill_null(False)
    never = pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, height)
    return Made(_start(sources[:-1], reading).zip_with(yes, never), _none_failed(height))


def _is_present(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    return Made((sources[0].str.strip_chars() != "").fill_null(False), _none_failed(height))


def _is_absent(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    return Made(~_is_present(sources, reading, height).values, _none_failed(height))


def _not(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    cast = to_flag(sources[0])
    return Made(~cast.values, cast.failed)


def _is_outbound(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    return Made(sources[0].str.contains(OUTBOUND), _none_failed(height))


def _from_status(sources: Sequence[pl.Series], reading: Reading, height: int) -> Made:
    return Made(~sources[0].str.contains(_BOUNCED), _none_failed(height))


_RULES: Mapping[str, Callable[[Sequence[pl.Series], Reading, int], Made]] = {
    "row_number": _row_number,
    "sum_lines": _sum_lines,
    "sum_quantity_price": _quantity_price,
    "plus_milliseconds": _plus("milliseconds"),
    "plus_seconds": _plus("seconds"),
    "plus_minutes": _plus("minutes"),
    "plus_hours": _plus("hours"),
    "plus_days": _plus("days"),
    "beside_amount": _beside_amount,
    "date_and_time": _date_and_time,
    "where_yes": _where_yes,
    "where_answered": _where_answered,
    "is_present": _is_present,
    "is_absent": _is_absent,
    "not": _not,
    "is_outbound": _is_outbound,
    "from_status": _from_status,
}
RULE_NAMES = frozenset(_RULES) | {GRID}
