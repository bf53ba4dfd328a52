"""Many texts cut into tokens in one go, outside the interpreter: a row of codes, and the name of each code.

What follows (folding, stems, kinds of words) is then looked up once a different token, never once a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray

Texts = Sequence[str | None] | pl.Series  # none is read as a blank one
AT_ONCE = 1 << 15


@dataclass(frozen=True)
class Tokens:
    """Text i is `codes` of its place, `lengths[i]` of them after those before; `names` are the tokens in order."""

    codes: NDArray[np.int32]
    lengths: NDArray[np.int64]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Grammar:
    """How texts are cut: every match of `pattern` (Rust's regular expressions) in their first `longest` characters.

    Without a pattern: every line, blank ones too. A text that holds one of `marks` is first handed to `mend`; then what
    matches each first of `replaced` gives way to its second.
    """

    pattern: str
    longest: int
    marks: tuple[str, ...]
    mend: Callable[[str], str]
    replaced: tuple[tuple[str, str], ...] = ()


def tokens(texts: Texts, grammar: Grammar) -> Tokens:
    """The tokens of each text, in order."""
    read = pl.Series(texts, dtype=pl.String).fill_null("").str.head(grammar.longest)
    column = mended(read, grammar.marks, grammar.mend)
    interned = pl.Categorical(pl.Categories.random())  # of its own: no word stays behind in the process
    found = [_cut(column[begin : begin + AT_ONCE], grammar, interned) for begin in range(0, len(column), AT_ONCE)]
    if not found:
        return Tokens(np.zeros(0, np.int32), np.zeros(0, np.int64), ())
    cut = pl.concat([words for words, _ in found])
    each = cut.unique().to_frame("token")
    known = each.select(code=pl.col("token").to_physical(), name=pl.col("token").cast(pl.String)).sort("name")
    place = np.zeros(1 + max(known["code"], default=0), np.int32)
    place[known["code"].to_numpy()] = np.arange(len(known))
    codes, lengths = place[cut.to_physical().to_numpy()], np.concatenate([lengths for _, lengths in found])
    return Tokens(codes, lengths, tuple(known["name"].to_list()))


def replaced(texts: Texts, old: str, new: str) -> list[str]:
    """The texts with `new` for every match of `old`."""
    return pl.Series(texts, dtype=pl.String).str.replace_all(old, new).to_list()


def digests(texts: Texts, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each of some texts and how often it came before among them: CRC-32."""
    held = pl.Series("text", texts, pl.String).gather(places)
    before, again = np.zeros(len(held), np.int64), held.is_duplicated()
    before[again.to_numpy()] = held.filter(again).to_frame().select(pl.int_range(pl.len()).over("text")).to_series()
    return np.array([*map(crc32, held.cast(pl.Binary).to_list(), before.tolist())], np.int64)


def mended(column: pl.Series, marks: Sequence[str], mend: Callable[[str], str]) -> pl.Series:
    """The texts of a column, those that hold one of `marks` handed to `mend`."""
    marked = column.str.contains("|".join(map(re.escape, marks))).arg_true()
    return column.scatter(marked, pl.Series([mend(text) for text in column.gather(marked)])) if len(marked) else column


def _cut(texts: pl.Series, grammar: Grammar, interned: pl.Categorical) -> tuple[pl.Series, NDArray[np.int64]]:
    for old, new in grammar.replaced:
        texts = texts.str.replace_all(old, new)
    found = texts.str.extract_all(grammar.pattern) if grammar.pattern else texts.str.split("\n")
    return found.explode().drop_nulls().cast(interned), found.list.len().cast(pl.Int64).to_numpy()
