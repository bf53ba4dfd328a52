"""The language of each text, by the small words that each language cannot do without."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.fold import EMOJI, Folded

NAMES = ("fr", "en", "other")
FRENCH, ENGLISH, OTHER = range(3)
KNOWN = 0.2  # a word that only a lexicon knows, against 1 or 2 for a small word
ACCENTED = 0.5
CLEAR = 0.5  # another language must win by this much


def find(
    batch: Folded,
    where: NDArray[np.int64],
    votes: NDArray[np.int64],
    known: list[NDArray[np.bool_]],
    words: NDArray[np.int64],
    heard: int,
) -> NDArray[np.int8]:
    """The language of each text: 0 French, 1 English, 2 other.

    Args:
        batch: the folded texts.
        where: the text of each word.
        votes: two bits a language, a word.
        known: whether the French, and the English lexicon know each word.
        words: how many words each text has, bare numbers left out.
        heard: how many languages are voted for; the first two are scored.
    """
    texts = len(words)
    voting = np.flatnonzero(votes != 0)
    said, spots = votes[voting], where[voting]
    tally = np.zeros((heard, texts))
    for place in range(heard):
        vote = said >> 2 * place & 3
        cast = np.flatnonzero(vote != 0)
        tally[place] = np.bincount(spots[cast], weights=vote[cast], minlength=texts)
    ours, others = tally[:2], tally[2:].max(axis=0)
    for row, mask in zip(ours, known, strict=True):
        row += KNOWN * np.bincount(where[mask], minlength=texts)
    ours[FRENCH] += ACCENTED * (batch.accents > 0)
    best = ours.max(axis=0)
    emoji = np.bincount(batch.text[batch.kind == EMOJI], minlength=texts)
    silent = (words == 0) & (emoji == 0) & (best == 0)
    elsewhere = (others > best + CLEAR) | ((batch.foreign > 4 * words) & (batch.foreign > 0))
    unknown = (best == 0) & (words >= 4)
    scored = np.where(ours[ENGLISH] > ours[FRENCH], ENGLISH, FRENCH)
    return np.where(silent | elsewhere | unknown, OTHER, scored).astype(np.int8)
