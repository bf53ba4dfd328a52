"""The content words of many texts as arrays of word codes, and the terms that topics are made of and named by.

A term is a number: a word or a stem alone, two in a row (a phrase), or a concept. Texts and their terms are pairs of
arrays, never one set a text: a million orders bring hundreds of thousands of texts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from cxaudit.field.words import (
    LONGEST_TEXT,
    MARKS,
    NUMBERED,
    concept,
    concepts,
    stem,
    stop_words,
    without_markup,
    written_words,
)
from cxaudit.tokens import Grammar, tokens

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Written:
    """Texts as one row of codes of their content words; `words` names each code, in alphabetical order.

    `text` and `word` are the text and the word of each place; `opens` tells where the next word follows in the same
    text, so that the two are a phrase.
    """

    size: int
    words: tuple[str, ...]
    text: Whole
    word: Whole
    opens: Flags

    def of(self, places: Whole) -> Written:
        """Some of the texts, with the same codes."""
        held = np.zeros(self.size, bool)
        held[places] = True
        number = np.cumsum(held) - 1
        inside = held[self.text]
        return Written(len(places), self.words, number[self.text[inside]], self.word[inside], self.opens[inside])

    @property
    def speaking(self) -> Whole:
        """The texts that hold a word."""
        return np.unique(self.text)


def written(texts: Sequence[str]) -> Written:
    """The content words of `texts`, in order."""
    cut = tokens(texts, Grammar(r"\p{L}+", LONGEST_TEXT, MARKS, without_markup, ((NUMBERED, " "),)))
    words = [written_words(name) for name in cut.names]  # œuf is one word; a token of other letters may hold none
    common = stop_words()
    kept = sorted({word for row in words for word in row if word not in common})
    place = {word: number for number, word in enumerate(kept)}
    many = np.array([len(row) for row in words], np.int64)
    ranks = np.array([place.get(word, -1) for row in words for word in row], np.int64)
    each = many[cut.codes]
    first = (np.cumsum(many) - many)[cut.codes]
    ranked = ranks[np.repeat(first - (np.cumsum(each) - each), each) + np.arange(int(each.sum()))]
    spoken = ranked >= 0
    text = np.repeat(np.repeat(np.arange(len(texts)), cut.lengths), each)[spoken]
    opens = np.concatenate([text[1:] == text[:-1], [False]])[: len(text)]
    return Written(len(texts), tuple(kept), text, ranked[spoken], opens)


def representative(texts: Sequence[str], places: Whole, most: int) -> Whole:
    """At most `most` of `places`, chosen by a digest of each text and of how often it came before, never by its row."""
    if len(places) <= most:
        return places
    times: defaultdict[str, int] = defaultdict(int)
    digests = np.empty(len(places), np.int64)
    for number, text in enumerate(texts[at] for at in places.tolist()):
        digests[number] = crc32(text.encode("utf-8", "replace"), times[text])
        times[text] += 1
    return np.sort(places[np.argsort(digests, kind="stable")[:most]])


# ---- terms -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """Each different term of each text once: `key[i]` is borne by `text[i]`; texts in order, keys in order within."""

    text: Whole
    key: Whole

    @classmethod
    def of(cls, text: Whole, key: Whole) -> Terms:
        width = int(key.max(initial=0)) + 1
        cells = np.sort(text * width + key)
        cells = cells[np.concatenate([[True], cells[1:] != cells[:-1]])[: len(cells)]]
        return cls(cells // width, cells % width)


@dataclass(frozen=True)
class Alphabet:
    """How words become terms. Keys of words: w·(W + 1), of phrases w·(W + 1) + v + 1: their order is alphabetical."""

    words: tuple[str, ...]
    stem: Whole  # of each word, by place among the stems in order
    idea: Whole  # of each word, by place among the concepts; −1: none
    openings: Flags  # whether a word opens a concept of two words
    stems: int

    @classmethod
    def of(cls, words: tuple[str, ...]) -> Alphabet:
        names, place = np.unique(np.array([stem(word) for word in words], str), return_inverse=True)
        first = {start.split()[0] for starts in concepts().values() for start in starts if " " in start}
        return cls(
            words,
            place.astype(np.int64),
            np.array([_place(word) for word in words], np.int64),
            np.array([word in first for word in words], bool),
            len(names),
        )

    def surface(self, found: Written) -> tuple[Whole, Whole, Flags]:
        """(text, key, whether it is a concept) of each word and phrase as written."""
        at = np.flatnonzero(found.opens)
        width = len(self.words) + 1
        key = np.concatenate([found.word * width, found.word[at] * width + found.word[at + 1] + 1])
        known = np.concatenate([self.idea[found.word], self._of_pairs(found, at)]) >= 0
        return np.concatenate([found.text, found.text[at]]), key, known

    def meaning(self, found: Written) -> Terms:
        """The stems, phrases of stems and concepts of each text; concepts have the highest keys."""
        at = np.flatnonzero(found.opens)
        stems = self.stem[found.word]
        ideas = np.concatenate([self.idea[found.word], self._of_pairs(found, at)])
        told = np.concatenate([found.text, found.text[at]])
        width = self.stems + 1
        key = np.concatenate(
            [stems * width, stems[at] * width + stems[at + 1] + 1, self.first_idea + ideas[ideas >= 0]]
        )
        return Terms.of(np.concatenate([told, told[ideas >= 0]]), key)

    @property
    def first_idea(self) -> int:
        """The key of the first concept."""
        return self.stems * (self.stems + 1)

    def is_idea(self, key: Whole) -> Flags:
        """Which keys of `meaning` are concepts."""
        return key >= self.first_idea

    def is_phrase(self, key: Whole) -> Flags:
        """Which keys of `meaning` are phrases."""
        return (key < self.first_idea) & (key % (self.stems + 1) > 0)

    def is_pair(self, key: Whole) -> Flags:
        """Which keys of `surface` are phrases."""
        return key % (len(self.words) + 1) > 0

    def name(self, key: int) -> str:
        """The word or phrase of a key of `surface`."""
        first, second = divmod(int(key), len(self.words) + 1)
        return f"{self.words[first]} {self.words[second - 1]}" if second else self.words[first]

    def _of_pairs(self, found: Written, at: Whole) -> Whole:
        """The concept of each two words in a row."""
        ideas = np.full(len(at), -1, np.int64)
        maybe = np.flatnonzero(self.openings[found.word[at]])
        read = cache(lambda one, other: _place(f"{self.words[one]} {self.words[other]}"))
        pairs = zip(found.word[at[maybe]].tolist(), found.word[at[maybe] + 1].tolist(), strict=True)
        ideas[maybe] = [read(one, other) for one, other in pairs]
        return ideas


@cache
def _places() -> dict[str | None, int]:
    return {name: place for place, name in enumerate(sorted(concepts()))}


def _place(term: str) -> int:
    return _places().get(concept(term), -1)
