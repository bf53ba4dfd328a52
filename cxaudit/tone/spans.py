"""The evidence of each label, as spans of the text as given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cxaudit.tone import telling
from cxaudit.tone.irony import CUE, Irony
from cxaudit.tone.labels import SCORED
from cxaudit.tone.lexicon import Lexicon
from cxaudit.tone.scope import PLACE, Weighed
from cxaudit.tone.stream import Reading

SPAN = pl.Struct({"start": pl.Int32, "end": pl.Int32, "label": pl.String, "cue": pl.String})
SPANS = pl.List(SPAN)
# A fact can earn a label that the whole text gives it: a defect told in a review disappoints.
LENT = {
    "anger": "minus",
    "annoyance": "minus",
    "disappointment": "minus",
    "worry": "minus",
    "confusion": "minus",
    "satisfaction": "plus",
    "relief": "plus",
}
NAMES = np.array(SCORED, object)
IRONY = SCORED.index("irony")
FAINT = 0.15  # a weight below this is no evidence


@dataclass(frozen=True)
class Evidence:
    """Which hits speak for which label: `own` by their own channel, `lent` by the facts; both hits × SCORED."""

    text: NDArray[np.int64]
    own: NDArray[np.bool_]
    lent: NDArray[np.bool_]

    def any(self, texts: int) -> NDArray[np.bool_]:
        """Whether a text holds any evidence for a label, texts × SCORED."""
        return _anywhere(self.own | self.lent, self.text, texts)

    def named(self, texts: int) -> NDArray[np.bool_]:
        """Whether a word of a text names the label itself, texts × SCORED."""
        return _anywhere(self.own, self.text, texts)

    def speaks(self, texts: int) -> NDArray[np.bool_]:
        """Whether anything in a text speaks at all."""
        return np.asarray(self.any(texts).any(axis=1))


def evidence(weighed: Weighed, lexicon: Lexicon) -> Evidence:
    """The hits that can be shown for each label."""
    strong = weighed.weights > FAINT
    lent = np.zeros((len(weighed.text), len(SCORED)), bool)
    for label, fact in LENT.items():
        lent[:, SCORED.index(label)] = strong[:, PLACE[fact]]
    lent[:, IRONY] = lexicon.mock[weighed.hits.pattern] & ~weighed.denied
    return Evidence(weighed.text, strong[:, : len(SCORED)], lent)


def _anywhere(mask: NDArray[np.bool_], text: NDArray[np.int64], texts: int) -> NDArray[np.bool_]:
    """Whether any hit of a text is marked, texts × columns; hits stand in the order of their texts."""
    found = np.zeros((texts, mask.shape[1]), bool)
    if len(text):
        begins = np.flatnonzero(np.diff(text, prepend=-1))
        found[text[begins]] = np.logical_or.reduceat(mask, begins, axis=0)
    return found


def listed(
    reading: Reading, found: Evidence, flags: Irony, holds: NDArray[np.bool_], lexicon: Lexicon, texts: int
) -> pl.Series:
    """A list of spans a text, in reading order."""
    owned = _anywhere(found.own, found.text, texts)
    shown = (found.own | (found.lent & ~owned[found.text])) & holds[found.text]
    hit, label = np.nonzero(shown)
    stream, hits = reading.stream, reading.hits
    bare = holds & ~_anywhere(shown, found.text, texts)
    bare[flags.text, IRONY] = False
    said, spoken = reading.told.best(bare)
    rules = [np.full(len(flags.text), CUE, object), np.full(len(spoken), telling.CUE, object)]
    text = np.concatenate([found.text[hit], flags.text, said.text])
    start = np.concatenate([stream.start[hits.first[hit]], flags.start, said.start])
    label = np.concatenate([label, np.full(len(flags.text), IRONY), spoken])
    order = np.lexsort((label, start, text))
    columns = {
        "start": start,
        "end": np.concatenate([stream.end[hits.last[hit] - 1], flags.end, said.end]),
        "label": NAMES[label],
        "cue": np.concatenate([lexicon.cues[hits.pattern[hit]], *rules]),
    }
    frame = pl.DataFrame(
        {name: pl.Series(column[order], dtype=SPAN.to_schema()[name]) for name, column in columns.items()}
    )
    structs = frame.select(pl.struct(pl.all()).alias("spans")).to_series()
    counts = np.bincount(text, minlength=texts)
    return _grouped(structs, counts)


def _grouped(structs: pl.Series, counts: NDArray[np.int64]) -> pl.Series:
    """Rows to lists of `counts` rows each."""
    owners = pl.Series("owner", np.repeat(np.arange(len(counts)), counts))
    lists = pl.DataFrame([owners, structs]).group_by("owner", maintain_order=True).agg("spans")
    everyone = pl.DataFrame({"owner": np.arange(len(counts))})
    return (
        everyone.join(lists, on="owner", how="left", maintain_order="left")
        .get_column("spans")
        .fill_null(pl.Series([[]], dtype=SPANS))
    )
