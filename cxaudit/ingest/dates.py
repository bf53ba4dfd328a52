"""Dates and times in every dress, decided over the whole column.

A column is read in rounds: the commonest shape among the values not yet read is turned into one format, which is then
tried on all of them by one expression, until nothing is left that looks like a date. Whether 03/04 is 3 April or
4 March is decided once, by any value of the column that allows only one reading; if there is none, that is a question.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from cxaudit.ingest.casting import SPACES, Cast, evaluated, judged
from cxaudit.ingest.date_shapes import EPOCH, SERIAL, Shape, shape_of
from cxaudit.ingest.spelled_dates import spelled
from cxaudit.schema.results import Phrase

ROUNDS = 24
SAMPLE = 400
HEAD = 5_000
FIRST_MOMENT = datetime(1900, 1, 1)
CHOICES = ("day_first", "month_first")
# Sentinels of databases and of .NET for "no date".
NO_DATE = r"^(0{4}[-/]0{1,2}[-/]0{1,2}|0{1,2}[-/.]0{1,2}[-/.]0{4}|000[01]-01-01|01/01/0001)"
UTC_NAME = re.compile(r"(?:^|[^a-z])(?:utc|gmt)(?:$|[^a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Order:
    """What a column says about the order of day and month: settled, and whether a value told so."""

    day_first: bool
    settled: bool
    told: bool = False
    example: str | None = None


def to_moment(column: pl.Series, *, day_first: bool | None = None, timezone: str, name: str = "") -> Cast:
    """Dates and times as Datetime("us"), naive, local to `timezone`.

    Values with an offset, values that say UTC, and times of a column whose `name` says UTC are converted; a day without
    a time stands at its midnight and is never moved. `day_first` is the answer to an earlier question and is obeyed.

    Returns:
        The cast; `decision` lists the formats found, the commonest first; `question` is set where the data leave the
        order of day and month open, with `choices` day_first and month_first, the one assumed first.
    """
    title = name or column.name
    order = None if day_first is None else Order(day_first, settled=True)
    reading = _Reading(column, timezone, utc_column=bool(UTC_NAME.search(title)), order=order)
    reading.read()
    if order is None and reading.order is not None and reading.order.settled:
        # The order was settled by a sample; a value that contradicts it cannot have been read and is among the rest.
        against = _order(reading.rest_text())
        if not against.settled or (against.told and against.day_first != reading.order.day_first):
            whole = _order(column)
            if whole.day_first != reading.order.day_first:
                reading = _Reading(column, timezone, utc_column=reading.utc_column, order=whole)
                reading.read()
            reading.order = whole
    return reading.cast(title)


@dataclass
class _Reading:
    """A column on its way from text to moments: what is read so far, and the positions of the rest."""

    text: pl.Series
    timezone: str
    utc_column: bool
    order: Order | None = None
    values: pl.Series | None = None
    rest: pl.Series | None = None
    found: list[str] = field(default_factory=list)

    def read(self) -> None:
        tried: set[Shape] = set()
        for _ in range(ROUNDS):
            left = self.rest_text()
            shape = _commonest(left, tried)
            if shape is None:
                break
            # Stripping costs as much as parsing: at first only where it shows, and the rest may be tried once more.
            strip = self.rest is not None or _padded(left)
            if strip:
                tried.add(shape)
            if shape.open and self.order is None:
                self.order = _settled(self.text)
            parsed = _parse(left if not strip else left.str.strip_chars(SPACES), shape, self)
            self._take(parsed, [_told(shape, self.day_first)])
        self._spell()

    def rest_text(self) -> pl.Series:
        return self.text if self.rest is None else self.text.gather(self.rest)

    @property
    def day_first(self) -> bool:
        return self.order is None or self.order.day_first

    def _take(self, parsed: pl.Series, told: list[str]) -> None:
        if parsed.null_count() == len(parsed):
            self.rest = self.rest if self.rest is not None else self.text.is_not_null().arg_true()
            return
        self.found += told
        if self.rest is None:
            self.values = parsed
        else:
            got = parsed.is_not_null()
            self.values = self._read().scatter(self.rest.filter(got), parsed.filter(got))
        self.rest = (self.values.is_null() & self.text.is_not_null()).arg_true()

    def _read(self) -> pl.Series:
        if self.values is None:
            return pl.repeat(None, len(self.text), dtype=pl.Datetime("us"), eager=True)
        return self.values

    def _spell(self) -> None:
        """What the formats left: months in words, sentences around the date, unusual clocks."""
        left = self.rest_text().str.strip_chars(SPACES)
        if left.null_count() == len(left):
            return
        if self.order is None and left.str.contains(r"^\D{0,40}\d{1,2}[-/.]\d{1,2}[-/.]\d{2}").any():
            self.order = _order(left.str.replace(r"^\D+", ""))
        self._take(*spelled(left, self.day_first, self.timezone, self.utc_column))

    def cast(self, title: str) -> Cast:
        values = self._read()
        first = values.min()
        if isinstance(first, datetime) and first < FIRST_MOMENT:
            values = values.set(values < FIRST_MOMENT, None)
        question: Phrase | None = None
        choices: tuple[str, ...] = ()
        if self.order is not None and not self.order.settled:
            question = Phrase.of("reading.question.date_order", column=title, example=self.order.example or "")
            choices = CHOICES if self.order.day_first else CHOICES[::-1]
        decision = " | ".join(dict.fromkeys(self.found)) or "no date"
        return judged(self.text, values, decision, question, choices, also_empty=NO_DATE)


def _padded(text: pl.Series) -> bool:
    return bool(text.head(HEAD).str.contains(rf"^[{SPACES}]|[{SPACES}]$").any())


def _commonest(text: pl.Series, tried: set[Shape]) -> Shape | None:
    values = text.drop_nulls()
    if len(values) > SAMPLE:
        values = values.gather_every(len(values) // SAMPLE)
    found = (shape_of(value.strip(SPACES)) for value in values)
    shapes = Counter(shape for shape in found if shape is not None and shape not in tried)
    return shapes.most_common(1)[0][0] if shapes else None


def _parse(text: pl.Series, shape: Shape, reading: _Reading) -> pl.Series:
    at = pl.col("cell")
    day_first = reading.day_first
    zone = shape.zone
    if zone is None and reading.utc_column and shape.clock and shape.format != "serial":
        zone = 0
    if shape.format in ("epoch", "serial"):
        moment = _from_number(at, shape)
    elif zone == "offset":
        moment = at.str.strptime(
            pl.Datetime("us", "UTC"), shape.ordered(day_first), strict=False, cache=not shape.clock
        )
        moment = moment.dt.replace_time_zone(None)
        zone = 0
    else:
        # Days come again and again, moments hardly ever: looking for them among the last ones takes longer.
        moment = at.str.strptime(pl.Datetime("us"), shape.ordered(day_first), strict=False, cache=not shape.clock)
    if isinstance(zone, int):
        moment = local(moment - pl.duration(minutes=zone), reading.timezone)
    return evaluated(text, moment=moment)["moment"]


def local(utc: pl.Expr, timezone: str) -> pl.Expr:
    """Naive UTC moments as naive moments of `timezone`."""
    return utc.dt.replace_time_zone("UTC").dt.convert_time_zone(timezone).dt.replace_time_zone(None)


def _from_number(text: pl.Expr, shape: Shape) -> pl.Expr:
    number = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    if shape.format == "serial":
        sound = pl.when((number >= SERIAL[0]) & (number < SERIAL[1])).then(number)
        # Excel keeps a moment as a fraction of a day, exact to about a millisecond: round to the second.
        return pl.datetime(1899, 12, 30) + pl.duration(seconds=(sound * 86_400).round())
    seconds = number / shape.scale
    sound = pl.when((seconds >= EPOCH[0]) & (seconds < EPOCH[1])).then(number)
    return (sound * (1_000_000 / shape.scale)).round().cast(pl.Int64).cast(pl.Datetime("us"))


def _settled(text: pl.Series) -> Order:
    """The order by the first values where they settle it, by all of them otherwise."""
    sampled = _order(text.head(HEAD))
    return sampled if sampled.settled and sampled.told else _order(text)


def _order(text: pl.Series) -> Order:
    """Whether the first or the second figure goes beyond 12 anywhere in the column; both or neither leaves it open."""
    start = pl.col("cell").str.strip_chars_start(SPACES).str.slice(0, 8)
    heads = evaluated(text, head=start)["head"].drop_nulls().value_counts(name="rows")
    days = months = 0
    open_heads: list[str] = []
    for head, rows in heads.iter_rows():
        match = re.match(r"(\d{1,2})([-/. ])(\d{1,2})\2", head) or re.match(r"(\d\d)()(\d\d)(?:19|20)\d\d", head)
        if match:
            first, second = int(match[1]), int(match[3])
            days += rows * (12 < first <= 31 and second <= 12)
            months += rows * (12 < second <= 31 and first <= 12)
            if first != second and first <= 12 and second <= 12:
                open_heads.append(head)
    if (days > 0) != (months > 0):
        return Order(days > 0, settled=True, told=True)
    if not days and not open_heads:
        return Order(True, settled=True)
    likely = evaluated(text, head=start)["head"].is_in(open_heads) if open_heads else text.is_not_null()
    example = text.filter(likely.fill_null(False)).first()
    american = days < months or (days == months and bool(text.head(SAMPLE).str.contains(r"(?i)\d ?[ap]m\b").any()))
    return Order(not american, settled=False, example=str(example))


def _told(shape: Shape, day_first: bool) -> str:
    if shape.format == "epoch":
        return {1: "epoch seconds", 1_000: "epoch milliseconds", 1_000_000: "epoch microseconds"}[shape.scale]
    if shape.format == "serial":
        return "excel serial"
    return shape.ordered(day_first)
