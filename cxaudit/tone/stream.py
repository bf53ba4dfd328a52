"""A folded batch as one row of word codes, and what the automaton finds in it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone import language
from cxaudit.tone.fold import EMOJI, END, LETTER, Folded, fold
from cxaudit.tone.lexicon import BASE, CLOSE, DEGREE, MARKS, ROLE, Lexicon
from cxaudit.tone.telling import Said
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
    """What the automaton found: a pattern each, from `first` up to `last` (exclusive) in the stream."""

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
    said: Said


def outside(stream: Stream, hits: Hits) -> NDArray[np.bool_]:
    """Which places of the stream no hit covers."""
    size = len(stream.code) + 1
    edges = np.bincount(hits.first, minlength=size) - np.bincount(hits.last, minlength=size)
    return np.cumsum(edges[:-1]) == 0


def scan(texts: list[str], lexicon: Lexicon) -> Reading:
    """Fold, find the language, give each word its code, run the automaton."""
    batch = fold(texts)
    size = len(texts)
    sense = lexicon.senses(batch.words)
    senses = sense.packed
    french, english, votes = senses & _MASK, senses >> Senses.BITS & _MASK, senses >> 2 * Senses.BITS
    is_word = batch.kind == LETTER
    where = batch.text[is_word]
    words = np.bincount(where[batch.value[is_word] >= ord("a")], minlength=size)
    names = language.find(batch, where, votes, [french >= FIRST_FREE, english >= FIRST_FREE], words)
    code = _MARK_CODES[np.minimum(batch.value, 127)]
    code[is_word] = np.where(names[where] == language.ENGLISH, english, french)
    code[batch.kind == END] = CLOSE
    emoji = np.flatnonzero(batch.kind == EMOJI)
    code[emoji] = [lexicon.emoji.get(value, OTHER) for value in batch.value[emoji].tolist()]
    shouted = np.bincount(batch.text[batch.shouted], minlength=size) / np.maximum(words, 1)
    stream = _stream(batch, code, lexicon, shouted)
    said = _said(batch, sense, is_word, where, names)
    return Reading(stream, _hits(stream, lexicon), names, words, shouted, said)


def _said(
    batch: Folded,
    sense: Sense,
    is_word: NDArray[np.bool_],
    where: NDArray[np.int64],
    names: NDArray[np.int8],
) -> Said:
    """The words that tell something in the language of their text, each once a text, at its first place."""
    spoken = (names[where] == language.ENGLISH).astype(np.int64)
    speaks = np.flatnonzero(sense.speaks[sense.place, spoken])
    # Text, word and place packed in one number: sorting those is many times faster than asking for unique pairs.
    packed = np.sort((where[speaks] * len(sense.told) + sense.place[speaks]) * len(where) + speaks)
    pair, at = np.divmod(packed, max(len(where), 1))
    first = np.sort(at[np.diff(pair, prepend=-1) != 0])
    return Said(
        where[first],
        batch.start[is_word][first],
        batch.end[is_word][first],
        sense.told[sense.place[first], spoken[first]],
    )


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


def _hits(stream: Stream, lexicon: Lexicon) -> Hits:
    row = (stream.code + BASE).astype(np.uint32).tobytes().decode("utf-32-le")
    found = lexicon.automaton.find_matches_as_indexes(row)
    flat = np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found)).reshape(-1, 3)
    return Hits(flat[:, 0], flat[:, 1], flat[:, 2])
