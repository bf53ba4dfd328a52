"""A folded batch as one row of word codes, and what the lexicons find in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone import language
from cxaudit.tone.fold import EMOJI, END, LETTER, Folded, fold
from cxaudit.tone.lexicon import CLOSE, DEGREE, MARKS, ROLE, Lexicon
from cxaudit.tone.sets import begins
from cxaudit.tone.telling import DENIED, LANGUAGES, Said, Telling, Told
from cxaudit.tone.vocabulary import FIRST_FREE, OTHER, Sense, Senses

_MASK = (1 << Senses.BITS) - 1
_MARK_CODES = np.array([MARKS.get(chr(value), OTHER) for value in range(128)], np.int64)


@dataclass(frozen=True)
class Stream:
    """The words and marks of a batch but for words of degree, which live on as the `boost` of the word that follows."""

    code: NDArray[np.int64]
    text: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    boost: NDArray[np.float32]
    loud: NDArray[np.bool_]
    role: NDArray[np.uint16]

    def among(self, *codes: int) -> NDArray[np.bool_]:
        """Which places hold one of these marks; all marks have codes below FIRST_FREE."""
        table = np.zeros(FIRST_FREE + 1, bool)
        table[list(codes)] = True
        return table[np.minimum(self.code, FIRST_FREE)]

    def plays(self, role: str) -> NDArray[np.bool_]:
        """Which places hold a word of this role."""
        return (self.role & ROLE[role]) > 0


@dataclass(frozen=True)
class Hits:
    """What the lexicons hold: a pattern each, from `first` up to `last` (exclusive) in the stream."""

    pattern: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


@dataclass(frozen=True)
class Reading:
    """A batch, read word by word, before any judgement."""

    stream: Stream
    hits: Hits
    language: NDArray[np.int8]
    words: NDArray[np.int64]  # a text
    capitals: NDArray[np.float64]  # share of shouted words, a text
    told: Told


def outside(stream: Stream, hits: Hits) -> NDArray[np.bool_]:
    """Which places of the stream no hit covers."""
    size = len(stream.code) + 1
    edges = np.bincount(hits.first, minlength=size) - np.bincount(hits.last, minlength=size)
    return np.cumsum(edges[:-1]) == 0


def scan(texts: list[str], lexicon: Lexicon) -> Reading:
    """Fold, find the language, give each word its code, find the phrases."""
    batch = fold(texts)
    size = len(texts)
    sense = lexicon.senses(batch)
    senses = sense.packed
    french, english, votes = senses & _MASK, senses >> Senses.BITS & _MASK, senses >> 2 * Senses.BITS
    is_word = batch.kind == LETTER
    where = batch.text[is_word]
    words = np.bincount(where[batch.value[is_word] >= ord("a")], minlength=size)
    names = language.find(
        batch, where, votes, [french >= FIRST_FREE, english >= FIRST_FREE], words, len(lexicon.hearing)
    )
    code = _MARK_CODES[np.minimum(batch.value, 127)]
    code[is_word] = np.where(names[where] == language.ENGLISH, english, french)
    code[batch.kind == END] = CLOSE
    emoji = np.flatnonzero(batch.kind == EMOJI)
    code[emoji] = [lexicon.emoji.get(value, OTHER) for value in batch.value[emoji].tolist()]
    shouted = np.bincount(batch.text[batch.shouted], minlength=size) / np.maximum(words, 1)
    stream = _stream(batch, code, lexicon, shouted)
    denies = (lexicon.roles[code[is_word]] & ROLE["negator"]) > 0
    told = _told(batch, sense, is_word, names, denies, lexicon.senses.telling)
    return Reading(stream, Hits(*lexicon.trie.find(stream.code)), names, words, shouted, told)


def _told(
    batch: Folded,
    sense: Sense,
    is_word: NDArray[np.bool_],
    names: NDArray[np.int8],
    denies: NDArray[np.bool_],
    telling: Telling,
) -> Told:
    """What tells something in the language of its text: words once a text, at their first place; pairs each time."""
    token = np.flatnonzero(is_word)
    text, start, end = batch.text[token], batch.start[token], batch.end[token]
    spoken = (names[text] == language.ENGLISH).astype(np.int64)
    first = _firsts(text, sense.place, len(sense.opening))
    denied = _behind(denies, token)
    word = sense.place * len(LANGUAGES) + spoken
    own = first[sense.speaks[word[first]] & ~denied[first]]
    words = Said(text[own], start[own], end[own], sense.told.take(word[own], axis=0), sense.shows[word[own]])
    left = np.flatnonzero((np.diff(token) == 1) & ~denied[:-1])
    number = sense.opening[sense.place]
    found, row = telling.paired(number[left], number[left + 1], spoken[left])
    left = left[found]
    pairs = Said(text[left], start[left], end[left + 1], telling.weights.take(row, axis=0), telling.shows[row])
    return Told(words, pairs, np.bincount(text[first], minlength=len(names)))


def _firsts(text: NDArray[np.int64], word: NDArray[np.int32], words: int) -> NDArray[np.int64]:
    """Where each distinct word of each text stands first."""
    # Text, word and place packed in one number: sorting those is many times faster than asking for unique pairs.
    bits = len(text).bit_length()
    packed = np.sort((text * max(words, 1) + word << bits) + np.arange(len(text)))
    first = np.zeros(len(text), bool)
    first[packed[begins(packed >> bits)] & (1 << bits) - 1] = True
    return np.flatnonzero(first)


def _behind(denies: NDArray[np.bool_], token: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which words stand right behind a negation of their own stretch of words, given the words' places among tokens."""
    behind = np.zeros(len(token), bool)
    for step in range(1, DENIED + 1):
        behind[step:] |= denies[:-step] & (token[step:] - token[:-step] == step)
    return behind


def _stream(batch: Folded, code: NDArray[np.int64], lexicon: Lexicon, shouted: NDArray[np.float64]) -> Stream:
    role = lexicon.roles[code]
    degree = (role & DEGREE) > 0
    kept = np.flatnonzero(~degree)
    boost = np.ones(len(code) + 1, np.float32)
    # A word of degree tells on the word after it; of several in a row the last one and its neighbour multiply.
    factor = np.where(degree, lexicon.strength[code], np.float32(1))
    boost[1:-1] = factor[:-1]
    boost[2:-1] *= np.where(degree[1:-1], factor[:-2], np.float32(1))
    loud = (batch.shouted & (shouted[batch.text] < 0.6)) | batch.stretched
    return Stream(
        code[kept], batch.text[kept], batch.start[kept], batch.end[kept], boost[:-1][kept], loud[kept], role[kept]
    )
