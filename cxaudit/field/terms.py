"""The content words of many texts as arrays of word codes, and the terms that topics are made of and named by.

A term is a number: a word or a stem alone, two in a row (a phrase), or a concept. Texts and their terms are pairs of
arrays, never one set a text: a million orders bring hundreds of thousands of texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

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
from cxaudit.tokens import Grammar, Texts, digests, tokens

Whole = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
AT_ONCE = 8192


@dataclass(frozen=True)
class Written:
    """Texts as one row of codes of their content words: text i is word[starts[i]:starts[i + 1]].

    `words` names each code, in alphabetical order.
    """

    alphabet: Alphabet
    word: Codes
    starts: Whole

    @property
    def words(self) -> tuple[str, ...]:
        """The different words."""
        return self.alphabet.words

    @property
    def size(self) -> int:
        """How many texts there are."""
        return len(self.starts) - 1

    @property
    def text(self) -> Whole:
        """The text of each word."""
        return np.repeat(np.arange(self.size), np.diff(self.starts))

    @property
    def opens(self) -> Whole:
        """The places of the words that another follows in the same text, so that the two are a phrase."""
        follows = np.ones(len(self.word), bool)
        follows[self.starts[1:][self.speaking] - 1] = False
        return np.flatnonzero(follows)

    @property
    def speaking(self) -> Whole:
        """The texts that hold a word."""
        return np.flatnonzero(np.diff(self.starts))

    def of(self, places: Whole | Codes) -> Written:
        """Some of the texts, with the same codes."""
        starts = _starts(np.diff(self.starts)[places])
        source = np.repeat(self.starts[places] - starts[:-1], np.diff(starts))
        return Written(self.alphabet, self.word[source + np.arange(len(source))], starts)


def written(texts: Texts) -> Written:
    """The content words of `texts`, in order."""
    cut = tokens(texts, Grammar(r"\p{L}+", LONGEST_TEXT, MARKS, without_markup, ((NUMBERED, " "),)))
    words = [written_words(name) for name in cut.names]  # œuf is one word; a token of other letters may hold none
    common = stop_words()
    kept = sorted({word for row in words for word in row if word not in common})
    place = {word: number for number, word in enumerate(kept)}
    ranks = [[place[word] for word in row if word in place] for row in words]
    many = np.array([len(row) for row in ranks], np.int64)
    names = Written(Alphabet.of(tuple(kept)), np.array([*chain.from_iterable(ranks)], np.int32), _starts(many))
    found, edges = [names.of(np.zeros(0, np.int64))], _starts(cut.lengths)
    for begin in range(0, len(cut.lengths), AT_ONCE):
        some = edges[begin : begin + AT_ONCE + 1]
        told = names.of(cut.codes[some[0] : some[-1]])
        found.append(Written(names.alphabet, told.word, told.starts[some - some[0]]))
    lengths = np.concatenate([np.diff(part.starts) for part in found])
    return Written(names.alphabet, np.concatenate([part.word for part in found]), _starts(lengths))


def _starts(lengths: Whole) -> Whole:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def representative(texts: Texts, places: Whole, most: int) -> Whole:
    """At most `most` of `places`, chosen by a digest of each text and of how often it came before, never by its row."""
    if len(places) <= most:
        return places
    return np.sort(places[np.argsort(digests(texts, places), kind="stable")[:most]])


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
        at, text, word = found.opens, found.text, found.word.astype(np.int64)
        width = len(self.words) + 1
        key = np.concatenate([word * width, word[at] * width + word[at + 1] + 1])
        known = np.concatenate([self.idea[word], self._of_pairs(word, at)]) >= 0
        return np.concatenate([text, text[at]]), key, known

    def meaning(self, found: Written) -> Terms:
        """The stems, phrases of stems and concepts of each text; concepts have the highest keys."""
        at, text, stems = found.opens, found.text, self.stem[found.word]
        ideas = np.concatenate([self.idea[found.word], self._of_pairs(found.word, at)])
        told = np.concatenate([text, text[at]])
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

    def _of_pairs(self, word: NDArray[Any], at: Whole) -> Whole:
        """The concept of each two words in a row."""
        ideas = np.full(len(at), -1, np.int64)
        maybe = np.flatnonzero(self.openings[word[at]])
        read = cache(lambda one, other: _place(f"{self.words[one]} {self.words[other]}"))
        pairs = zip(word[at[maybe]].tolist(), word[at[maybe] + 1].tolist(), strict=True)
        ideas[maybe] = [read(one, other) for one, other in pairs]
        return ideas


@cache
def _places() -> dict[str | None, int]:
    return {name: place for place, name in enumerate(sorted(concepts()))}


def _place(term: str) -> int:
    return _places().get(concept(term), -1)
