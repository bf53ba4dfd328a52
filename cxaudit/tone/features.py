"""What the logistic layer sees of a text: the lexicon's own scores and a few counts, never the words themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.lexicon import CHANNELS, MARKS, ROLE, Lexicon
from cxaudit.tone.scope import PLACE, Weighed
from cxaudit.tone.stream import Reading

GOOD = ("satisfaction", "gratitude", "relief", "plus")
BAD = ("anger", "annoyance", "disappointment", "worry", "confusion", "minus")
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
    *COUNTS,
)


def features(reading: Reading, weighed: Weighed, lexicon: Lexicon, texts: int) -> NDArray[np.float64]:
    """Texts × FEATURES; sums and counts are log(1 + x)."""
    sums = per_text(weighed.weights, weighed.text, texts)
    tops = np.zeros((texts, len(CHANNELS)), np.float64)
    np.maximum.at(tops, weighed.text, weighed.weights)
    good, bad = (sums[:, [PLACE[name] for name in group]].sum(axis=1) for group in (GOOD, BAD))
    mock = _count(weighed.text, lexicon.mock[weighed.hits.pattern] & ~weighed.denied, texts)
    last_good, last_bad = _closing(weighed, texts)
    stream = reading.stream
    counts = {
        "denied": _count(weighed.text, weighed.denied, texts),
        "asked": _count(weighed.text, weighed.asked, texts),
        **{
            role: _count(stream.text, (stream.role & ROLE[role]) > 0, texts)
            for role in ("contrast", "greeting", "ask", "time")
        },
        "questions": _count(stream.text, stream.code == MARKS["?"], texts),
        "exclamations": _count(stream.text, stream.code == MARKS["!"], texts),
        "mock": mock,
        "last_good": last_good,
        "last_bad": last_bad,
        "length": reading.words / 20,
        "english": reading.language == 1,
    }
    lively = [np.minimum(good, bad), np.minimum(mock, 1) * np.log1p(bad)]
    columns = [
        np.log1p(sums),
        tops,
        np.log1p(good)[:, None],
        np.log1p(bad)[:, None],
        np.log1p(lively).T,
        np.log1p(np.stack([counts[name] for name in COUNTS], axis=1)),
    ]
    return np.concatenate(columns, axis=1)


def per_text(weights: NDArray[np.float32], text: NDArray[np.int64], texts: int) -> NDArray[np.float64]:
    """Sums of hits' weights, texts × channels."""
    return np.stack(
        [np.bincount(text, weights=weights[:, place], minlength=texts) for place in range(weights.shape[1])], axis=1
    )


def _count(text: NDArray[np.int64], mask: NDArray[np.bool_], texts: int) -> NDArray[np.float64]:
    return np.bincount(text[mask], minlength=texts).astype(np.float64)


def _closing(weighed: Weighed, texts: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weight of the last hit of each text that says good or bad: what customers end on is what they mean."""
    good, bad = (weighed.weights[:, [PLACE[name] for name in group]].sum(axis=1) for group in (GOOD, BAD))
    speaks = np.flatnonzero((good > 0) | (bad > 0))
    last = np.full(texts, -1, np.int64)
    last[weighed.text[speaks]] = speaks
    closing = np.zeros((2, texts))
    closing[:, last >= 0] = np.stack([good[last[last >= 0]], bad[last[last >= 0]]])
    return closing[0], closing[1]
