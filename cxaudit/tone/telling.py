"""Words that the labelled texts showed to speak, weakly, for a label: what the lexicons cannot list.

A word tells by itself and by its pieces of four and five letters, so that an inflection, a kin or a slip that nobody
wrote before still counts; two neighbours tell by the openings of both ("rien à redire", "a lâché"). Weights are fitted
beside those of the features (bench/tone.py --fit) and lie open in `telling.tsv`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.keys import Keys
from cxaudit.tone.labels import LABELS, SCORED
from cxaudit.tone.sets import packed, united, unpacked

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
_SIDE, _TONGUE = 20, 40  # bits of a pair's number: openings below, the language above


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
    """The marks of each language and the pairs, by their rows in `weights` (rows × TARGETS)."""

    marks: tuple[dict[str, int], ...]
    openings: dict[str, int]  # from 1 on: 0 is an opening that stands in no pair
    pairs: Keys
    pair_rows: NDArray[np.int64]
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, lines: list[tuple[str, str]], weights: NDArray[np.float32]) -> Telling:
        """From lines of (language, mark): a pair is a mark with a blank between its two openings."""
        known: tuple[dict[str, int], ...] = tuple({} for _ in LANGUAGES)
        openings: dict[str, int] = {}
        pairs: dict[int, int] = {}
        for row, (language, mark) in enumerate(lines):
            tongue = LANGUAGES.index(language)
            if " " in mark:
                left, right = (openings.setdefault(side, len(openings) + 1) for side in mark.split(" "))
                pairs[tongue << _TONGUE | left << _SIDE | right] = row
            else:
                known[tongue][mark] = row
        order = sorted(pairs)
        rows = np.array([pairs[key] for key in order], np.int64)
        return cls(known, openings, Keys(np.array(order, np.int64)), rows, weights)

    def told(self, words: list[str]) -> NDArray[np.float32]:
        """What each folded word adds to each of TARGETS, words × languages × TARGETS."""
        found = np.zeros((len(words), len(LANGUAGES), len(TARGETS)), np.float32)
        borne = [(at, mark) for at, word in enumerate(words) for mark in marks(word)]
        for tongue, known in enumerate(self.marks):
            hits = np.array([(at, known[mark]) for at, mark in borne if mark in known], np.int64).reshape(-1, 2)
            begins = np.flatnonzero(np.diff(hits[:, 0], prepend=-1))
            if len(begins):
                found[hits[begins, 0], tongue] = np.add.reduceat(self.weights[hits[:, 1]], begins, axis=0)
        return found

    def openings_of(self, words: list[str]) -> list[int]:
        """The number of each word's opening."""
        return [self.openings.get(opening(word), 0) for word in words]

    def paired(
        self, left: NDArray[np.int64], right: NDArray[np.int64], tongue: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Which of some neighbours (by their openings, and their language) tell as a pair, and what each adds."""
        found, place = self.pairs.find(tongue << _TONGUE | left << _SIDE | right)
        return found, self.weights[self.pair_rows[place]]


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
            begins = np.flatnonzero(np.diff(self.text, prepend=-1))
            drawn[self.text[begins]] = reduce.reduceat(self.weight, begins, axis=0)
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
        both = [part[np.flatnonzero(part.shows & wanted[part.text])] for part in (self.words, self.pairs)]
        said = Said(*(np.concatenate([getattr(part, item.name) for part in both]) for item in fields(Said)))
        at, label = np.nonzero(unpacked(said.shows & wanted[said.text]))
        order = np.lexsort((said.start[at], -said.weight[at, label], label, said.text[at]))
        at, label = at[order], label[order]
        first = np.ones(len(at), bool)
        first[1:] = (np.diff(said.text[at]) != 0) | (np.diff(label) != 0)
        return said[at[first]], label[first]
