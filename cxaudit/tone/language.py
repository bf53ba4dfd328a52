"""The language of each text, by the small words that each language cannot do without."""

from __future__ import annotations

from functools import cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.fold import LETTER, Folded
from cxaudit.tone.lexicon import entries, plain

NAMES = ("fr", "en", "other")
FRENCH, ENGLISH, OTHER = range(3)


def of(batch: Folded, texts: int, vocabulary: NDArray[np.int64], has_emoji: NDArray[np.bool_]) -> NDArray[np.int8]:
    """0 French, 1 English, 2 other, a text. `vocabulary` is texts × 2: how many words each scored lexicon knows."""
    votes = _votes(batch, texts)
    ours, others = votes[:, :2] + 0.2 * vocabulary, votes[:, 2:].max(axis=1)
    ours[:, FRENCH] += 0.5 * (batch.accents > 0)
    language = np.where(ours[:, ENGLISH] > ours[:, FRENCH], ENGLISH, FRENCH)
    words = np.bincount(batch.text[batch.kind == LETTER], minlength=texts)
    ours_best = ours.max(axis=1)
    silent = (words == 0) & ~has_emoji
    elsewhere = (others > ours_best) | ((batch.foreign > 4 * words) & (batch.foreign > 0))
    unknown = (ours_best == 0) & (words >= 4)
    return np.where(silent | elsewhere | unknown, OTHER, language).astype(np.int8)


def _votes(batch: Folded, texts: int) -> NDArray[np.float64]:
    table = _small_words()
    votes = np.zeros((len(_columns()), texts))
    got = np.fromiter(map(table.get, batch.words, repeat(0)), np.int64, len(batch.words))
    heard = np.flatnonzero(got)
    where, got = batch.text[batch.kind == LETTER][heard], got[heard]
    for place in range(len(_columns())):
        votes[place] = np.bincount(where, weights=(got >> (2 * place)) & 3, minlength=texts)
    return votes.T


@cache
def _columns() -> tuple[str, ...]:
    rest = sorted({entry.label for entry in entries("languages")} - {"fr", "en"})
    return ("fr", "en", *rest)


@cache
def _small_words() -> dict[bytes, int]:
    """A word to two bits a language: 0 silent, 1 a hint, 2 a sure sign."""
    table: dict[bytes, int] = {}
    for entry in entries("languages"):
        for word in plain(entry.pattern):
            shift = 2 * _columns().index(entry.label)
            table[word.encode()] = table.get(word.encode(), 0) | int(entry.weight) << shift
    return table
