"""What a word of a text is to the lexicons: its code in each language, and which language it speaks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.telling import LANGUAGES, TARGETS, told
from cxaudit.tone.typos import Typos

OTHER, NUMBER, FIRST_FREE = 0, 1, 16  # codes below FIRST_FREE are kept for numbers, marks and text ends

# A short stem takes inflections only, or "cassé" would catch casserole; a long one takes anything.
SHORT_STEM = 6
_ENDINGS = (
    "e s es x t r nt nts nte ntes z ment er ir it is ent ez ait aient ant ante ants antes ee ees eux euse euses eur "
    "eurs able ables ion ions if ifs ive ives ite ites ie ies isant isante "
    "d ed ing ings ers ly y ful rs ance ation ible n ne al ale"
)
INFLECTIONS = frozenset(_ENDINGS.split()) | {""}


def inflects(word: str, stem: str) -> bool:
    """Whether a word that begins with `stem` is one of its forms."""
    return len(stem) > SHORT_STEM or word[len(stem) :] in INFLECTIONS


class Vocabulary:
    """The words and stems of one language's lexicon, by code."""

    def __init__(self, exact: Mapping[str, int], stems: Mapping[str, int], typos: Typos) -> None:
        self._exact, self._stems, self._typos = exact, stems, typos

    def code(self, word: str) -> int:
        """The code of a folded word; a word written one letter off is read as its neighbour."""
        known = self._known(word)
        if known != OTHER or word[0].isdigit():
            return known or NUMBER
        meant = self._typos.meant(word)
        return self._known(meant) if meant else OTHER

    def _known(self, word: str) -> int:
        if word in self._exact:
            return self._exact[word]
        for size in range(len(word), 2, -1):
            if word[:size] in self._stems and inflects(word, word[:size]):
                return self._stems[word[:size]]
        return OTHER


class Senses:
    """What each folded word is to the lexicons, learnt as words come: its codes, its votes and what it tells."""

    MOST = 200_000  # distinct words kept, so that memory stays flat over any number of texts
    BITS = 20

    def __init__(self, french: Vocabulary, english: Vocabulary, votes: Mapping[bytes, int]) -> None:
        self._french, self._english, self._votes = french, english, votes
        self._lock = Lock()
        self._forget()

    def __call__(self, words: list[bytes]) -> Sense:
        """The senses of a batch's words. Threads take turns, since a word may be new to all of them."""
        with self._lock:
            if len(self._places) > self.MOST:
                self._forget()
            for word in set(words).difference(self._places):
                self._learn(word)
            place = np.fromiter(map(self._places.__getitem__, words), np.int64, len(words))
            return Sense(place, self._packed[place], self._told, self._speaks)

    def _forget(self) -> None:
        self._places: dict[bytes, int] = {}
        self._packed = np.zeros(1 << 12, np.int64)
        self._told = np.zeros((1 << 12, len(LANGUAGES), len(TARGETS)), np.float32)
        self._speaks = np.zeros((1 << 12, len(LANGUAGES)), bool)

    def _learn(self, word: bytes) -> None:
        place, text = len(self._places), word.decode("ascii")
        if place == len(self._packed):
            self._packed = np.concatenate([self._packed, np.zeros_like(self._packed)])
            self._told = np.concatenate([self._told, np.zeros_like(self._told)])
            self._speaks = np.concatenate([self._speaks, np.zeros_like(self._speaks)])
        codes = self._french.code(text) | self._english.code(text) << self.BITS
        self._packed[place] = codes | self._votes.get(word, 0) << 2 * self.BITS
        self._told[place] = told(text)
        self._speaks[place] = self._told[place].any(axis=1)
        self._places[word] = place


@dataclass(frozen=True)
class Sense:
    """A batch's words: `place` in the table of all words met, both codes and the votes `packed`, `told` a place."""

    place: NDArray[np.int64]
    packed: NDArray[np.int64]
    told: NDArray[np.float32]  # places × languages × targets
    speaks: NDArray[np.bool_]  # places × languages: whether anything is told
