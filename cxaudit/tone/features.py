"""What the logistic layer sees of a text: the lexicon's own scores and a few counts, never the words themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.lexicon import CHANNELS, CLOSE, MARKS, Lexicon
from cxaudit.tone.scope import BLAME, PLACE, PRAISE, Weighed
from cxaudit.tone.sets import begins
from cxaudit.tone.stream import Reading, outside

COUNTS = (
    "denied",
    "asked",
    "contrast",
    "greeting",
    "ask",
    "time",
    "questions",
    "exclamations",
    "mock",
    "negations",
    "durations",
    "mock_opens",
    "mock_explained",
    "last_good",
    "last_bad",
    "length",
    "english",
)
FEATURES = (
    *(f"sum.{name}" for name in CHANNELS),
    *(f"top.{name}" for name in CHANNELS),
    "good",
    "bad",
    "both",
    "mock_bad",
    "mock_long",
    "mock_opens_bad",
    *COUNTS,
)


def features(reading: Reading, weighed: Weighed, lexicon: Lexicon, texts: int) -> NDArray[np.float64]:
    """Texts × FEATURES; sums and counts are log(1 + x)."""
    sums = _reduced(np.add, weighed, texts)
    tops = _reduced(np.maximum, weighed, texts)
    good, bad = (sums[:, [PLACE[name] for name in group]].sum(axis=1) for group in (PRAISE, BLAME))
    mock = _count(weighed.text, lexicon.mock[weighed.hits.pattern] & ~weighed.denied, texts)
    last_good, last_bad = _closing(weighed, texts)
    stream = reading.stream
    counts = {
        "denied": _count(weighed.text, weighed.denied, texts),
        "asked": _count(weighed.text, weighed.asked, texts),
        **{role: _count(stream.text, stream.plays(role), texts) for role in ("contrast", "greeting", "ask", "time")},
        "questions": _count(stream.text, stream.code == MARKS["?"], texts),
        "exclamations": _count(stream.text, stream.code == MARKS["!"], texts),
        "mock": mock,
        "negations": _count(stream.text, (stream.plays("negator")) & outside(stream, weighed.hits), texts),
        "durations": _count(stream.text[1:], stream.plays("number")[:-1] & stream.plays("time")[1:], texts),
        **_mockery(reading, weighed, lexicon, texts),
        "last_good": last_good,
        "last_bad": last_bad,
        "length": reading.words / 20,
        "english": reading.language == 1,
    }
    mocked = np.minimum(mock, 1)
    lively = [
        np.minimum(good, bad),
        mocked * np.log1p(bad),
        mocked * np.minimum(counts["durations"], 1),
        np.minimum(mocked, np.minimum(counts["mock_opens"], 1)) * np.log1p(bad),
    ]
    columns = [
        np.log1p(sums),
        tops,
        np.log1p(good)[:, None],
        np.log1p(bad)[:, None],
        np.log1p(lively).T,
        np.log1p(np.stack([counts[name] for name in COUNTS], axis=1)),
    ]
    return np.concatenate(columns, axis=1)


def _reduced(reduce: np.ufunc, weighed: Weighed, texts: int) -> NDArray[np.float64]:
    """Hits' weights drawn together, texts × channels; hits stand in the order of their texts."""
    drawn = np.zeros((texts, len(CHANNELS)), np.float64)
    if len(weighed.text):
        opens = begins(weighed.text)
        drawn[weighed.text[opens]] = reduce.reduceat(weighed.weights, opens, axis=0)
    return drawn


def _count(text: NDArray[np.int64], mask: NDArray[np.bool_], texts: int) -> NDArray[np.float64]:
    return np.bincount(text[mask], minlength=texts).astype(np.float64)


def _mockery(reading: Reading, weighed: Weighed, lexicon: Lexicon, texts: int) -> dict[str, NDArray[np.float64]]:
    """Praise that opens its sentence, and praise that a colon or dots explain: where mockers put it."""
    stream, hits = reading.stream, weighed.hits
    mocks = np.flatnonzero(lexicon.mock[hits.pattern] & ~weighed.denied)
    first, last = hits.first[mocks], hits.last[mocks]
    marks = stream.among(CLOSE, *(MARKS[mark] for mark in ".!?:"))
    opens = (first == 0) | marks[np.maximum(first - 1, 0)] | marks[np.maximum(first - 2, 0)]
    colon = stream.code == MARKS[":"]
    end = len(stream.code) - 1
    explained = np.any([colon[np.minimum(last + step, end)] for step in range(4)], axis=0) if len(mocks) else opens
    text = weighed.text[mocks]
    return {"mock_opens": _count(text, opens, texts), "mock_explained": _count(text, explained, texts)}


def _closing(weighed: Weighed, texts: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weight of the last hit of each text that says good or bad: what customers end on is what they mean."""
    good, bad = (weighed.weights[:, [PLACE[name] for name in group]].sum(axis=1) for group in (PRAISE, BLAME))
    speaks = np.flatnonzero((good > 0) | (bad > 0))
    last = np.full(texts, -1, np.int64)
    last[weighed.text[speaks]] = speaks
    closing = np.zeros((2, texts))
    closing[:, last >= 0] = np.stack([good[last[last >= 0]], bad[last[last >= 0]]])
    return closing[0], closing[1]
