"""Words that the labelled texts showed to speak, weakly, for a label: what the lexicons cannot list.

A word tells by itself and by its pieces of four and five letters, so that an inflection, a kin or a slip that nobody
wrote before still counts; two neighbours tell by the openings of both ("rien à redire", "a lâché"). Weights are fitted
beside those of the features (bench/tone.py --fit) and lie open in `telling.tsv`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.keys import Keys, spelt
from cxaudit.tone.labels import LABELS, SCORED
from cxaudit.tone.sets import begins, packed, united, unpacked

TARGETS = (*LABELS, "polarity")
LANGUAGES = ("fr", "en")
PIECES = (4, 5)
OPENING = 4  # letters by which a word stands in a pair
LONGEST = 24  # letters of a word that are looked at
NUMBER = "#"
UNIT = 1000  # the file holds whole thousandths
LEAST = 0.25  # a word that adds less than this to a label's score cannot be shown for it
DAMPED = 0.25  # what words add is divided by this power of their number: ten words prove less than ten times one
DENIED = 2  # words behind a "pas" that tell nothing by themselves; their pair with it does
CUE = "telling word"
# Odd numbers that keep the sides of a pair apart, and the languages.
_LEFT = np.uint64(0xD6E8FEB86659FD93)
_TONGUES = np.array([1, 0xA0761D6478BD642F], np.uint64)


def marks(word: str) -> tuple[str, ...]:
    """What a folded word is looked up by: itself between ^ and $ and its pieces; a number as any number."""
    if word[0].isdigit():
        return (NUMBER,)
    whole = f"^{word[:LONGEST]}$"
    pieces = {whole[at : at + size] for size in PIECES for at in range(len(whole) - size + 1)}
    return (whole, *sorted(pieces - {whole}))


def opening(word: str) -> str:
    """What a folded word is in a pair."""
    return NUMBER if word[0].isdigit() else word[:OPENING]


@dataclass(frozen=True)
class Telling:
    """The marks and pairs of each language as numbers, by their rows in `weights` (rows × TARGETS)."""

    numbers: Keys
    weights: NDArray[np.float32]
    shows: NDArray[np.uint16]  # by row: the labels that it can be shown for

    @classmethod
    def of(cls, lines: NDArray[np.uint8], weights: NDArray[np.float32]) -> Telling:
        """From the text of lines `language ⇥ mark`, in the order of marks; a pair has a blank between its openings."""
        closes = np.append(np.flatnonzero(lines == ord("\n")), len(lines))
        opens = np.append(0, closes[:-1] + 1)
        tongue = np.array([ord(language[0]) for language in LANGUAGES])[:, None] == lines[opens]
        opens += len(LANGUAGES[0]) + 1
        number = spelt(lines, opens, closes)
        blank = np.flatnonzero(lines == ord(" "))
        pair = np.searchsorted(closes, blank)
        number[pair] = _joined(spelt(lines, opens[pair], blank), spelt(lines, blank + 1, closes[pair]))
        return cls(Keys(number * _TONGUES[tongue.argmax(axis=0)]), weights, shows(weights))

    def told(self, words: list[bytes]) -> NDArray[np.float32]:
        """What each folded word adds to each of TARGETS, words × languages × TARGETS."""
        found = np.zeros((len(words), len(LANGUAGES), len(TARGETS)), np.float32)
        bearer, number = _borne(words)
        for tongue, spoken in enumerate(_TONGUES):
            held, row = self.numbers.find(number * spoken)
            # Each mark once: first the word itself, then its pieces in the order of their lines.
            borne = np.sort(bearer[held] * len(self.weights) + row)
            bearers, rows = np.divmod(borne[begins(borne)], len(self.weights))
            bearers >>= 1
            if len(bearers):
                opens = begins(bearers)
                found[bearers[opens], tongue] = np.add.reduceat(self.weights[rows], opens, axis=0)
        return found

    def paired(
        self, left: NDArray[np.uint64], right: NDArray[np.uint64], tongue: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Which of some neighbours (by their openings, and their language) tell as a pair, and the row of each."""
        return self.numbers.find(_joined(left, right) * _TONGUES[tongue])


def openings(words: list[bytes]) -> NDArray[np.uint64]:
    """A number for what each folded word is in a pair."""
    return _numbered([NUMBER.encode() if word[:1].isdigit() else word[:OPENING] for word in words])[0]


def _joined(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return left * _LEFT + right


def _borne(words: list[bytes]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The numbers of all words' `marks`, and twice the place of the word that bears each, one more for its pieces."""
    whole = [NUMBER.encode() if word[:1].isdigit() else b"^%b$" % word[:LONGEST] for word in words]
    number, line, opens = _numbered(whole)
    size = np.diff(opens, append=len(line))
    bearers, numbers = [2 * np.arange(len(words))], [number]
    for length in PIECES:
        pieces = np.where(size > length, size - length + 1, 0)
        word = np.repeat(np.arange(len(words)), pieces)
        at = opens[word] + np.arange(len(word)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        bearers.append(2 * word + 1)
        numbers.append(spelt(line, at, at + length))
    return np.concatenate(bearers), np.concatenate(numbers)


def _numbered(words: list[bytes]) -> tuple[NDArray[np.uint64], NDArray[np.uint8], NDArray[np.int64]]:
    """The number of each word, their letters in one line, and where each begins in it."""
    line = np.frombuffer(b"".join(words), np.uint8)
    closes = np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))
    opens = np.append(0, closes[:-1])
    return spelt(line, opens, closes), line, opens


def shows(weights: NDArray[np.float32]) -> NDArray[np.uint16]:
    """The labels that words or pairs of these weights (items × TARGETS) can be shown for, as sets."""
    return packed(weights[:, : len(SCORED)] >= LEAST)


@dataclass(frozen=True)
class Said:
    """What of each text tells something: one item a word or pair, in the order of texts."""

    text: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    weight: NDArray[np.float32]  # items × TARGETS
    shows: NDArray[np.uint16]  # the labels that an item can be shown for

    def __getitem__(self, which: NDArray[np.int64]) -> Said:
        return Said(self.text[which], self.start[which], self.end[which], self.weight[which], self.shows[which])

    def drawn(self, reduce: np.ufunc, texts: int) -> NDArray[np.float64]:
        """The weights of each text drawn together, texts × TARGETS."""
        drawn = np.zeros((texts, len(TARGETS)))
        if len(self.text):
            opens = begins(self.text)
            drawn[self.text[opens]] = reduce.reduceat(self.weight, opens, axis=0)
        return drawn


@dataclass(frozen=True)
class Told:
    """The distinct words and the pairs of a batch that tell something, and how many distinct words each text has."""

    words: Said
    pairs: Said
    distinct: NDArray[np.int64]

    def sums(self) -> NDArray[np.float64]:
        """What the words and pairs of each text add to its scores, texts × TARGETS."""
        texts = len(self.distinct)
        sums = self.words.drawn(np.add, texts) + self.pairs.drawn(np.add, texts)
        return sums / np.maximum(self.distinct, 1)[:, None] ** DAMPED

    def shown(self) -> NDArray[np.bool_]:
        """Whether something of a text can be shown for a label, texts × SCORED."""
        words, pairs = (united(part.shows, part.text, len(self.distinct)) for part in (self.words, self.pairs))
        return unpacked(words | pairs)

    def best(self, wanted: NDArray[np.uint16]) -> tuple[Said, NDArray[np.int64]]:
        """The word or pair that tells most for each label of the wanted set of each text, and the label."""
        both = [part[np.flatnonzero(part.shows & wanted[part.text] > 0)] for part in (self.words, self.pairs)]
        said = Said(*(np.concatenate([getattr(part, item.name) for part in both]) for item in fields(Said)))
        at, label = np.nonzero(unpacked(said.shows & wanted[said.text]))
        order = np.lexsort((said.start[at], -said.weight[at, label], label, said.text[at]))
        at, label = at[order], label[order]
        first = np.ones(len(at), bool)
        first[1:] = (np.diff(said.text[at]) != 0) | (np.diff(label) != 0)
        return said[at[first]], label[first]
