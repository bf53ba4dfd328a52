"""Scores as numbers: figures, fractions, stars, and words on their scale."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import polars as pl

from cxaudit.ingest.casting import SPACES, Cast, judged
from cxaudit.ingest.numbers import to_number

# The survey went out, or was not sent; nobody answered.
NO_ANSWER = (
    r"^(offered|not offered|unoffered|proposee?|non proposee?|sans reponse|pas de reponse|no answer|no response"
    r"|unanswered|not rated|unrated|non notee?|aucune?|sans avis|no rating|pending|en attente|ne sait pas"
    r"|sans opinion|nsp|non concernee?|not applicable)$"
)
_ACCENTS = {
    "é": "e",
    "è": "e",
    "ê": "e",
    "ë": "e",
    "à": "a",
    "â": "a",
    "ô": "o",
    "î": "i",
    "û": "u",
    "ç": "c",
    "’": "'",
}
_HEAD = (
    r"^(?:note|rated|rating|score)?\s*:?\s*(-?\d+(?:[.,]\d+)?)\s*"
    r"(?:(?:/|sur|out of|of)\s*(\d+)\b.*|(?:etoiles?|stars?|pts?|points?|⭐|★)(?:\s.*)?|[-–—:=(]+\s*\D.*)?$"
)


def to_score(column: pl.Series) -> Cast:
    """Scores as Float64, on the scale that they are written on.

    Figures, `4/5`, `9 sur 10`, `★★★★☆`, `5 étoiles`, `10 - Très probable` give the figure. Words are read for the
    column as a whole: `good-bad` (1 and 0), five steps (5 to 1), or promoter, passive, detractor (10, 8, 0).
    A survey that was offered and not answered is empty.
    """
    text = column.str.strip_chars(SPACES).str.to_lowercase().str.replace_many(_ACCENTS)
    words = _words(text)
    mapping, decision = _word_scale(words)
    spoken = text.replace_strict(mapping, default=None, return_dtype=pl.Float64) if mapping else None
    plain = to_number(column).values if spoken is None or spoken.null_count() == len(text) else None
    values = plain if plain is not None else spoken
    assert values is not None
    rest = (values.is_null() & text.is_not_null()).arg_true()
    if len(rest):
        values, more = _placed(values, rest, *_dressed(text.gather(rest)))
        decision = " | ".join(filter(None, (decision, more)))
    cast = judged(text.alias(column.name), values, decision or "number", also_empty=NO_ANSWER)
    return Cast(cast.values, cast.failed, cast.decision)


def _words(text: pl.Series) -> set[str]:
    return set(text.filter(text.str.contains(r"^[^\d★⭐]*$")).unique().drop_nulls().head(10_000).to_list())


@cache
def _scales() -> Mapping[str, Mapping[str, float]]:
    table = tomllib.loads((resources.files("cxaudit.ingest") / "score_words.toml").read_text("utf-8"))
    return {
        scale: {word: float(score) for score, words in steps.items() for word in words}
        for scale, steps in table.items()
    }


def is_score_word(text: str) -> bool:
    """Whether `text` is an answer on a scale of words, or says that nobody answered."""
    word = "".join(_ACCENTS.get(c, c) for c in text.strip().casefold())
    return any(word in scale for scale in _scales().values()) or re.match(NO_ANSWER, word) is not None


def _word_scale(words: set[str]) -> tuple[Mapping[str, float], str]:
    """The scale whose own words the column uses; "satisfied" alone stands on the two-sided one."""
    two_sided, five = _scales()["good-bad"], _scales()["five steps"]
    if words & (_scales()["promoter-detractor"].keys() - five.keys()):
        return _scales()["promoter-detractor"], "promoter-detractor"
    if (words & five.keys()) - two_sided.keys():
        return five, "five steps"
    return (two_sided, "good-bad") if words & two_sided.keys() else ({}, "")


def _dressed(text: pl.Series) -> tuple[pl.Series, str]:
    cell = pl.col("cell")
    stars = cell.str.replace_all("\ufe0f", "").str.replace_all(" ", "")
    starred = pl.when(stars.str.contains(r"^[★⭐]+[☆✩]*$|^[☆✩]+$")).then(
        stars.str.count_matches("[★⭐]").cast(pl.Float64)
    )
    head = cell.str.extract(_HEAD, 1).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    scale = cell.str.extract(_HEAD, 2)
    read = pl.LazyFrame({"cell": text}).select(value=pl.coalesce(starred, head), scale=scale, star=starred).collect()
    scales = read["scale"].drop_nulls().unique().sort().to_list()
    told = [f"of {scale}" for scale in scales[:3]] + (["stars"] if read["star"].count() else [])
    return read["value"], " | ".join(told)


def _placed(values: pl.Series, rest: pl.Series, read: pl.Series, told: str) -> tuple[pl.Series, str]:
    got = read.is_not_null()
    return values.scatter(rest.filter(got), read.filter(got)), told
