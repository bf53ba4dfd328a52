"""Irony as a flag of its own, by rules that each name a cue: precision before recall, polarity never flipped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.lexicon import Lexicon
from cxaudit.tone.scope import PLACE, Weighed
from cxaudit.tone.stream import Reading

IDIOM = 1.5  # the weight from which an idiom alone is ironic


@dataclass(frozen=True)
class Irony:
    """`holds` a text; and one row a cue: its text, place and the number of its name in `names`."""

    holds: NDArray[np.bool_]
    text: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    cue: NDArray[np.int64]
    names: tuple[str, ...]


NAMES = ("idiom",)


def find(
    reading: Reading, weighed: Weighed, lexicon: Lexicon, seen: NDArray[np.float64], stars: NDArray[np.float64]
) -> Irony:
    """The ironic texts of a batch and what gives them away."""
    hit = np.flatnonzero(weighed.weights[:, PLACE["irony"]] >= IDIOM)
    text = weighed.text[hit]
    holds = np.zeros(len(stars), bool)
    holds[text] = True
    stream, hits = reading.stream, reading.hits
    return Irony(
        holds, text, stream.start[hits.first[hit]], stream.end[hits.last[hit] - 1], np.zeros(len(hit), np.int64), NAMES
    )
