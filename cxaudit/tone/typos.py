"""Words written one letter off, read as the lexicon word that was meant, and never as one where a real word stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SHORTEST = 6  # shorter words have too many real neighbours
SURE = 8  # a letter replaced by another is read as a typo only in words this long
_ENDINGS = ("", "e", "s", "es", "er", "ent", "ement", "ion", "ant", "ing", "ed", "ly", "ee", "ait", "eur", "able")


class Typos:
    """Neighbours at one insertion, deletion, substitution or swap, by common deletions."""

    def __init__(self, exact: Iterable[str], stems: Iterable[str], real: frozenset[str]) -> None:
        self._real = real
        targets = {word for word in exact if len(word) >= SHORTEST}
        targets |= {stem + end for stem in stems if len(stem) >= 4 for end in _ENDINGS if len(stem + end) >= SHORTEST}
        self._by_deletion: dict[str, str] = {}
        for target in sorted(targets, key=lambda word: (len(word), word)):
            for short in (target, *_deletions(target)):
                self._by_deletion.setdefault(short, target)

    def meant(self, word: str) -> str | None:
        """The lexicon word one edit away from `word`, or None where `word` is real, short, or far from any."""
        if len(word) < SHORTEST - 1 or len(word) > 24 or self._is_real(word):
            return None
        for short in (word, *_deletions(word)):
            target = self._by_deletion.get(short)
            if target and _same_opening(word, target) and _one_edit(word, target):
                return target
        return None

    def _is_real(self, word: str) -> bool:
        return any(word.removesuffix(end) in self._real for end in ("", "s", "e", "es", "x", "nt", "r"))


def _deletions(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


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
