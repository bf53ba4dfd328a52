"""The evidence of each label, as spans of the text as given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone import irony, telling
from cxaudit.tone.irony import Irony
from cxaudit.tone.labels import SCORED
from cxaudit.tone.lexicon import Lexicon, Lines
from cxaudit.tone.scope import PLACE, Weighed
from cxaudit.tone.sets import BIT, packed, united, unpacked
from cxaudit.tone.stream import Reading

# A fact can earn a label that the whole text gives it: a defect told in a review disappoints.
LENT = {
    "minus": ("anger", "annoyance", "disappointment", "worry", "confusion"),
    "plus": ("satisfaction", "relief"),
}
IRONY = SCORED.index("irony")
FAINT = 0.15  # a weight below this is no evidence
RULES = (irony.CUE, telling.CUE)  # the cues of what no entry of a lexicon names, numbered −1, −2


@dataclass(frozen=True)
class Spans:
    """A batch's evidence in reading order, one item a span: its text, its place there, label (of SCORED) and cue."""

    text: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    label: NDArray[np.int64]
    cue: NDArray[np.int64]
    cues: Lines

    @classmethod
    def none(cls, cues: Lines) -> Spans:
        """No spans at all."""
        nothing = np.zeros(0, np.int64)
        return cls(nothing, nothing, nothing, nothing, nothing, cues)

    def said(self, cue: int) -> str:
        """The words of a cue."""
        return self.cues[cue] if cue >= 0 else RULES[~cue]


@dataclass(frozen=True)
class Evidence:
    """Which labels each hit speaks for: `own` by its own channels, `lent` by the facts."""

    text: NDArray[np.int64]
    own: NDArray[np.uint16]
    lent: NDArray[np.uint16]

    def any(self, texts: int) -> NDArray[np.bool_]:
        """Whether a text holds any evidence for a label, texts × SCORED."""
        return unpacked(united(self.own | self.lent, self.text, texts))

    def named(self, texts: int) -> NDArray[np.bool_]:
        """Whether a word of a text names the label itself, texts × SCORED."""
        return unpacked(united(self.own, self.text, texts))


def evidence(weighed: Weighed, lexicon: Lexicon) -> Evidence:
    """The hits that can be shown for each label."""
    strong = weighed.weights > FAINT
    lent = np.where(lexicon.mock[weighed.hits.pattern] & ~weighed.denied, BIT["irony"], np.uint16(0))
    for fact, labels in LENT.items():
        lent |= np.where(strong[:, PLACE[fact]], np.uint16(sum(BIT[label] for label in labels)), np.uint16(0))
    return Evidence(weighed.text, packed(strong[:, : len(SCORED)]), lent)


def listed(
    reading: Reading, found: Evidence, flags: Irony, holds: NDArray[np.bool_], lexicon: Lexicon, texts: int
) -> Spans:
    """The spans of a batch; `holds` is texts × SCORED."""
    held = packed(holds)
    owned = united(found.own, found.text, texts)
    shown = (found.own | (found.lent & ~owned[found.text])) & held[found.text]
    hit = np.flatnonzero(shown > 0)
    bare = held & ~united(shown[hit], found.text[hit], texts)
    bare[flags.text] &= ~BIT["irony"]
    said, spoken = reading.told.best(bare)
    which, label = np.nonzero(unpacked(shown[hit]))
    hit = hit[which]
    stream, hits = reading.stream, reading.hits
    text = np.concatenate([found.text[hit], flags.text, said.text])
    start = np.concatenate([stream.start[hits.first[hit]], flags.start, said.start])
    end = np.concatenate([stream.end[hits.last[hit] - 1], flags.end, said.end])
    label = np.concatenate([label, np.full(len(flags.text), IRONY), spoken])
    cue = np.concatenate([hits.pattern[hit], np.repeat([-1, -2], [len(flags.text), len(spoken)])])
    # Text, place and label in one number, nearly in order: many times faster than sorting by each of them.
    order = np.argsort((text * (start.max(initial=0) + 1) + start) * len(SCORED) + label, kind="stable")
    return Spans(text[order], start[order], end[order], label[order], cue[order], lexicon.cues)
