"""A canonical field's values out of a column of text, by the field's kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from cxaudit.ingest.casting import EMPTY_WORDS, SPACES, evaluated, judged
from cxaudit.ingest.typing import Cast, to_duration, to_flag, to_id, to_moment, to_number, to_score
from cxaudit.schema.tables import Column

DTYPES: Mapping[str, type[pl.DataType] | pl.DataType] = {
    "id": pl.String,
    "email": pl.String,
    "moment": pl.Datetime("us"),
    "number": pl.Float64,
    "amount": pl.Float64,
    "flag": pl.Boolean,
    "category": pl.String,
    "text": pl.String,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sheet's columns are read: the audit's time zone, what a person answered, which columns are UTC unsaid.

    `answers` is by question kind and column (`date_order:Date`, `duration:Délai`).
    """

    timezone: str
    answers: Mapping[str, str]
    utc: frozenset[str] = frozenset()

    def day_first(self, column: str) -> bool | None:
        """The date order answered for `column`: `day_first`, `month_first`, or a format such as %d/%m/%Y."""
        answer = self.answers.get(f"date_order:{column}")
        if answer is None:
            return None
        if answer in ("day_first", "month_first"):
            return answer == "day_first"
        return answer.lower().find("d") < answer.lower().find("m")


def cast_field(column: Column, text: pl.Series, reading: Reading) -> Cast:
    """The values of `text` as the field's kind; what fails is masked, never dropped."""
    if column.reads == "duration":
        return to_duration(text, reading.answers.get(f"duration:{text.name}", text.name))
    if column.reads == "score":
        return to_score(text)
    return _CASTS[column.kind](text, reading)


def _moment(text: pl.Series, reading: Reading) -> Cast:
    name = f"{text.name} UTC" if text.name in reading.utc else text.name
    return to_moment(text, day_first=reading.day_first(text.name), timezone=reading.timezone, name=name)


def _number(text: pl.Series, reading: Reading) -> Cast:
    return to_number(text, answer=reading.answers.get(f"thousands:{text.name}"))


# A bare address in small letters: kept as it stands, without a copy.
_BARE_CHARACTERS = r"[!#-&(-+\-.-:=?@\[-~]"
_BARE = rf"^{_BARE_CHARACTERS}*@{_BARE_CHARACTERS}*$"


def _email(text: pl.Series, reading: Reading) -> Cast:
    """Lower case, without the name around it; what holds no @ is no e-mail."""
    odd = evaluated(text, odd=~pl.col("cell").str.contains(_BARE))["odd"].arg_true()
    return judged(text, text.clone().scatter(odd, _bared(text.gather(odd))) if len(odd) else text, "e-mail")


def _bared(text: pl.Series) -> pl.Series:
    low = text.str.strip_chars(SPACES).str.to_lowercase()
    bare = low.str.contains("@", literal=True) & ~low.str.contains(r"[\s<>;,'\"]")
    rest = (~bare & low.is_not_null()).arg_true()
    if len(rest):
        found = low.gather(rest).str.extract(r"([^\s<>;,'\"]+@[^\s<>;,'\"]+)")
        low = low.scatter(rest, found)
    return low


# Columns of few different values are judged value by value, the rest cell by cell.
_FEW = 10_000
# Rows that mostly tell which of the two a column is, before all its values are looked up.
_HEAD = 50_000
# Bytes of a text that needs no room beside the row's own.
_SHORT = 12


def _category(text: pl.Series, reading: Reading) -> Cast:
    """The client's words without blanks around them; words for "nothing" are empty."""
    numbered = None
    if text.head(_HEAD).n_unique() <= _FEW:
        numbered = text.cast(pl.Categorical(pl.Categories.random()))
    different = pl.Series([], dtype=pl.Categorical) if numbered is None else numbered.unique().drop_nulls()
    if numbered is None or len(different) > _FEW:
        return judged(text, _emptied(text), "text")
    words = pl.DataFrame({"code": different.to_physical(), "word": different.cast(pl.String)}).sort("code")["word"]
    kept = _emptied(words)
    if kept.equals(words) and not (words.str.len_bytes() > _SHORT).any():
        return judged(text, text, "text")
    # Gathered rather than replaced: the rows then share the few words, which stand in memory once.
    return judged(text, kept.gather(numbered.to_physical()), "text")


def _emptied(text: pl.Series) -> pl.Series:
    bare = text.str.strip_chars(SPACES)
    return bare.set(bare.str.to_lowercase().is_in(EMPTY_WORDS).fill_null(False), None)


def _text(text: pl.Series, reading: Reading) -> Cast:
    blank = evaluated(text, blank=pl.col("cell").str.contains(rf"^[{SPACES}]*$"))["blank"].arg_true()
    return judged(text, text.clone().scatter(blank, None) if len(blank) else text, "text")


_CASTS: Mapping[str, Callable[[pl.Series, Reading], Cast]] = {
    "moment": _moment,
    "email": _email,
    "id": lambda text, reading: to_id(text),
    "number": _number,
    "amount": _number,
    "flag": lambda text, reading: to_flag(text),
    "category": _category,
    "text": _text,
}
