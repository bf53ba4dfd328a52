"""What a word of a text is to the lexicons: its code in each language, and which language it speaks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.fold import Folded
from cxaudit.tone.keys import Keys
from cxaudit.tone.telling import LANGUAGES, TARGETS, Telling, openings, shows
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

    def codes(self, words: list[str]) -> list[int]:
        """The code of each folded word as it is written."""
        return [self._known(word) or (NUMBER if word[0].isdigit() else OTHER) for word in words]

    def meant(self, words: list[str]) -> list[int]:
        """The code of the word that each folded word is one letter off."""
        return [self._known(word) if word else OTHER for word in self._typos.meant(words)]

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

    def __init__(self, french: Vocabulary, english: Vocabulary, votes: Mapping[str, int], telling: Telling) -> None:
        self._french, self._english, self._votes, self.telling = french, english, votes, telling
        self._lock = Lock()
        self._forget()

    def __call__(self, batch: Folded) -> Sense:
        """The senses of a batch's words. Threads take turns, since a word may be new to all of them."""
        keys = batch.keys()
        with self._lock:
            if len(self._keys) > self.MOST:
                self._forget()
            place = self._keys.places(keys)
            strange = np.flatnonzero(place < 0)
            if len(strange):
                new, first = np.unique(keys[strange], return_index=True)
                self._learn(batch.written(strange[first]))
                self._keys.add(new)
                place[strange] = self._keys.places(keys[strange])
            return Sense(place, self._packed[place], self._told, self._speaks, self._shows, self._opening)

    def _forget(self) -> None:
        self._keys = Keys(np.zeros(0, np.uint64))
        self._packed = np.zeros(0, np.int64)
        self._told = np.zeros((0, len(TARGETS)), np.float32)
        self._speaks = np.zeros(0, bool)
        self._shows = np.zeros(0, np.uint16)
        self._opening = np.zeros(0, np.uint64)

    def _learn(self, new: list[bytes]) -> None:
        known, size = len(self._keys), len(self._keys) + len(new)
        if size > len(self._packed):
            self._grow(max(1 << 13, 2 * size))
        words = [word.decode("ascii") for word in new]
        languages = self._french, self._english
        codes = np.array([language.codes(words) for language in languages], np.int64)
        # What one language writes so is no slip of the other's, or a lone "brilliant" would be a misspelt French word.
        strange = np.flatnonzero((codes == OTHER).all(axis=0))
        codes[:, strange] = [language.meant([words[at] for at in strange]) for language in languages]
        votes = np.array([self._votes.get(word, 0) for word in words], np.int64)
        self._packed[known:size] = codes[0] | codes[1] << self.BITS | votes << 2 * self.BITS
        told = self.telling.told(new).reshape(-1, len(TARGETS))
        both = slice(known * len(LANGUAGES), size * len(LANGUAGES))
        self._told[both], self._speaks[both], self._shows[both] = told, told.any(axis=1), shows(told)
        self._opening[known:size] = openings(new)

    def _grow(self, size: int) -> None:
        """Room for more words; what was handed out before stays as it was."""
        for name, rows in _ROWS.items():
            old = getattr(self, name)
            new = np.zeros((rows * size, *old.shape[1:]), old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)


# What is kept of a word, and how many rows of it.
_ROWS = {"_packed": 1, "_opening": 1} | dict.fromkeys(("_told", "_speaks", "_shows"), len(LANGUAGES))


@dataclass(frozen=True)
class Sense:
    """A batch's words: `place` in the table of all words met, both codes and the votes `packed`, the rest a place."""

    place: NDArray[np.int32]
    packed: NDArray[np.int64]
    told: NDArray[np.float32]  # a row a place and language × targets
    speaks: NDArray[np.bool_]  # of such a row: whether anything is told
    shows: NDArray[np.uint16]  # of such a row: the labels that it can be shown for
    opening: NDArray[np.uint64]  # places: the number of a word's opening, for pairs
