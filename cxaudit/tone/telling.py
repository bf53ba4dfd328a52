"""Words that the labelled texts showed to speak, weakly, for a label: what the lexicons cannot list.

A word tells by itself and by its pieces of four and five letters, so that an inflection, a kin or a slip that nobody
wrote before still counts. Weights are fitted beside those of the features (bench/tone.py --fit) and lie open in
`telling.tsv`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.labels import LABELS, SCORED

TARGETS = (*LABELS, "polarity")
LANGUAGES = ("fr", "en")
PIECES = (4, 5)
LONGEST = 24  # letters of a word that are looked at
NUMBER = "#"
UNIT = 1000  # the file holds whole thousandths
LEAST = 0.12  # a word that adds less than this to a label's score cannot be shown for it
CUE = "telling word"


def marks(word: str) -> tuple[str, ...]:
    """What a folded word is looked up by: itself between ^ and $ and its pieces; a number as any number."""
    if word[0].isdigit():
        return (NUMBER,)
    whole = f"^{word[:LONGEST]}$"
    pieces = {whole[at : at + size] for size in PIECES for at in range(len(whole) - size + 1)}
    return (whole, *sorted(pieces - {whole}))


@cache
def weights() -> dict[str, dict[str, NDArray[np.float32]]]:
    """A mark to its weight for each of TARGETS, a language."""
    lines = (resources.files("cxaudit.tone") / "telling.tsv").read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t", 2) for line in lines]
    table = np.array(" ".join(row[2] for row in rows).split(), np.float32).reshape(-1, len(TARGETS)) / UNIT
    found: dict[str, dict[str, NDArray[np.float32]]] = {language: {} for language in LANGUAGES}
    for (language, mark, _), weight in zip(rows, table, strict=True):
        found[language][mark] = weight
    return found


def told(word: str) -> NDArray[np.float32]:
    """What a folded word adds to each of TARGETS, languages × TARGETS."""
    found = np.zeros((len(LANGUAGES), len(TARGETS)), np.float32)
    for row, language in zip(found, LANGUAGES, strict=True):
        known = weights()[language]
        for mark in marks(word):
            if mark in known:
                row += known[mark]
    return found


@dataclass(frozen=True)
class Said:
    """The distinct words of each text that tell something: one item a word, in the order of texts."""

    text: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    weight: NDArray[np.float32]  # words × TARGETS

    def sums(self, texts: int) -> NDArray[np.float64]:
        """What the words of each text add to its scores, texts × TARGETS."""
        return self._drawn(np.add, texts, 0.0)

    def shown(self, texts: int) -> NDArray[np.bool_]:
        """Whether a word of a text can be shown for a label, texts × SCORED."""
        return np.asarray(self._drawn(np.maximum, texts, 0.0)[:, : len(SCORED)] >= LEAST)

    def _drawn(self, reduce: np.ufunc, texts: int, empty: float) -> NDArray[np.float64]:
        drawn = np.full((texts, len(TARGETS)), empty)
        if len(self.text):
            begins = np.flatnonzero(np.diff(self.text, prepend=-1))
            drawn[self.text[begins]] = reduce.reduceat(self.weight, begins, axis=0)
        return drawn

    def best(self, wanted: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The word that tells most for each wanted text and label (texts × SCORED): its place here, and the label."""
        word, label = np.nonzero(wanted[self.text] & (self.weight[:, : len(SCORED)] >= LEAST))
        order = np.lexsort((word, -self.weight[word, label], label, self.text[word]))
        word, label = word[order], label[order]
        first = np.ones(len(word), bool)
        first[1:] = (np.diff(self.text[word]) != 0) | (np.diff(label) != 0)
        return word[first], label[first]
