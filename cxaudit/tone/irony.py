"""Irony that only the stars give away: praise beside a low rating. What words give away, the logistic layer sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.lexicon import Lexicon
from cxaudit.tone.scope import PLACE, Weighed
from cxaudit.tone.stream import Reading

LOW_STARS = 2.0
CUE = "praise beside a low rating"


@dataclass(frozen=True)
class Irony:
    """`holds` a text; and one row a piece of evidence: its text and place."""

    holds: NDArray[np.bool_]
    text: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def beside_low_stars(reading: Reading, weighed: Weighed, lexicon: Lexicon, stars: NDArray[np.float64]) -> Irony:
    """Texts of at most two stars whose loudest word is praise that mockers use, exclaimed, capitalised or explained."""
    praise = weighed.weights[:, PLACE["satisfaction"]] + weighed.weights[:, PLACE["gratitude"]]
    mocks = lexicon.mock[weighed.hits.pattern] & ~weighed.denied & ~weighed.before_contrast & (praise > 0)
    hit = np.flatnonzero(mocks & weighed.loud & (stars <= LOW_STARS)[weighed.text])
    text = weighed.text[hit]
    holds = np.zeros(len(stars), bool)
    holds[text] = True
    stream, hits = reading.stream, weighed.hits
    return Irony(holds, text, stream.start[hits.first[hit]], stream.end[hits.last[hit] - 1])
