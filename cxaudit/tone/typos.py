"""Words written one letter off, read as the lexicon word that was meant, and never as one where a real word stands."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.keys import BASE, Keys

SHORTEST = 6  # shorter words have too many real neighbours
LONGEST = 24
SURE = 8  # a letter replaced by another is read as a typo only in words this long
WIDTH = LONGEST + 1  # a target may be one letter longer than what was written
_ENDINGS = ("", "e", "s", "es", "er", "ent", "ement", "ion", "ant", "ing", "ed", "ly", "ee", "ait", "eur", "able")
_POWERS = np.array([pow(BASE, place, 1 << 64) for place in range(WIDTH)], np.uint64)
_INVERSE = np.uint64(pow(BASE, -1, 1 << 64))


class Typos:
    """Neighbours at one insertion, deletion, substitution or swap, by common deletions."""

    def __init__(self, exact: Iterable[str], stems: Iterable[str], real: frozenset[str]) -> None:
        self._real = real
        words = {word for word in exact if SHORTEST <= len(word) <= WIDTH}
        kin = (stem + end for stem in stems if len(stem) >= 4 for end in _ENDINGS)
        words |= {word for word in kin if SHORTEST <= len(word) <= WIDTH}
        self._targets = sorted(sorted(words), key=len)
        keys, owner = _shortened(self._targets)
        # The shortest target that a shortened form can come from keeps it, as targets stand in that order.
        self._keys, self._owner = Keys(keys), owner

    def meant(self, words: list[str]) -> list[str | None]:
        """The lexicon word one edit away from each word, or None where a word is real, short, or far from any."""
        found: list[str | None] = [None] * len(words)
        asked = [
            at for at, word in enumerate(words) if SHORTEST - 1 <= len(word) <= LONGEST and not self._is_real(word)
        ]
        if not asked or not self._targets:
            return found
        keys, owner = _shortened([words[at] for at in asked])
        held, place = self._keys.find(keys)
        for one, target in zip(owner[held].tolist(), self._owner[place].tolist(), strict=True):
            at, near = asked[one], self._targets[target]
            if found[at] is None and _same_opening(words[at], near) and _one_edit(words[at], near):
                found[at] = near
        return found

    def _is_real(self, word: str) -> bool:
        return any(word.removesuffix(end) in self._real for end in ("", "s", "e", "es", "x", "nt", "r"))


def _shortened(words: list[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """A number for each word and for each form of it that lacks one letter, and the word's place, words in order."""
    size = np.fromiter(map(len, words), np.int64, len(words))
    letters = np.array(words, f"S{WIDTH}").view(np.uint8).reshape(len(words), WIDTH).astype(np.uint64)
    upto = np.zeros((len(words), WIDTH + 1), np.uint64)
    np.cumsum(letters * _POWERS, axis=1, out=upto[:, 1:])
    whole = upto[:, -1:]
    keys = np.concatenate([whole, upto[:, :-1] + (whole - upto[:, 1:]) * _INVERSE], axis=1)
    kept = np.arange(WIDTH + 1) <= size[:, None]
    return keys[kept], np.repeat(np.arange(len(words)), size + 1)


def _same_opening(word: str, target: str) -> bool:
    """People seldom mistype the first letter, while real words often differ by it (soignée, poignée)."""
    return word[0] == target[0] or word[:2] == target[1::-1]


def _one_edit(left: str, right: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours leads from `left` to `right`."""
    if left == right:
        return True
    at = next(
        (place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    tails = [(left[at + 1 :], right[at:]), (left[at:], right[at + 1 :])]
    if len(left) >= SURE:
        tails.append((left[at + 1 :], right[at + 1 :]))
    swapped = left[at + 1 : at + 2] + left[at : at + 1] == right[at : at + 2] and left[at + 2 :] == right[at + 2 :]
    return any(a == b for a, b in tails) or swapped
