"""What the words around a hit do to it: negation, degree, contrast, questions, emphasis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.lexicon import CHANNELS, CLOSE, MARKS, Lexicon
from cxaudit.tone.stream import Hits, Stream, outside

NEGATION_REACH = 4  # words between "pas" and what it denies
CONDITION_REACH = 6
UNREAL = 0.3  # what praise is worth in a question or after "si"
PRAISE = ("satisfaction", "gratitude", "relief", "plus")
BLAME = ("anger", "annoyance", "disappointment", "worry", "confusion", "minus")
PLACE = {channel: place for place, channel in enumerate(CHANNELS)}
_SIDES = np.array([[channel in group for group in (PRAISE, BLAME)] for channel in CHANNELS], np.float32)
# What a denied hit says instead, and how strongly: "pas satisfait" disappoints, "pas déçu" satisfies a little.
DENIED: dict[str, tuple[tuple[str, float], ...]] = {
    "anger": (),
    "annoyance": (("plus", 0.3),),
    "disappointment": (("satisfaction", 0.6),),
    "irony": (),
    "worry": (("plus", 0.2),),
    "confusion": (("satisfaction", 0.4),),
    "relief": (),
    "gratitude": (("minus", 0.3),),
    "satisfaction": (("disappointment", 0.6), ("minus", 0.3)),
    "plus": (("minus", 0.8),),
    "minus": (("plus", 0.6),),
}


@dataclass(frozen=True)
class Weighed:
    """Hits with their weights in place: `weights` is hits × channels."""

    hits: Hits
    weights: NDArray[np.float32]
    text: NDArray[np.int64]
    denied: NDArray[np.bool_]
    asked: NDArray[np.bool_]
    before_contrast: NDArray[np.bool_]
    loud: NDArray[np.bool_]


def weigh(stream: Stream, hits: Hits, lexicon: Lexicon) -> Weighed:
    """Each hit's weights after negation, degree, contrast and question."""
    weights = lexicon.weights[hits.pattern]
    denied = _denied(stream, hits, weights, lexicon)
    ends = stream.among(CLOSE, MARKS["."], MARKS["!"], MARKS["?"])
    closing = stream.code[_next(ends, hits.first)]
    asked, exclaimed = closing == MARKS["?"], closing == MARKS["!"]
    before, after = _contrast(stream, hits, ends)
    shouted = stream.loud[hits.first]
    factor = (
        _degree(stream, hits) * np.where(before, 0.7, 1.0) * np.where(after, 1.15, 1.0) * np.where(shouted, 1.15, 1.0)
    )
    weights[denied] = weights[denied] @ _denial()
    weights *= factor[:, None].astype(np.float32)
    weights[np.ix_(asked | _conditional(stream, hits), [PLACE[name] for name in PRAISE])] *= np.float32(UNREAL)
    loud = shouted | stream.loud[hits.last - 1] | exclaimed
    return Weighed(hits, weights, stream.text[hits.first], denied, asked, before, loud)


def _denial() -> NDArray[np.float32]:
    table = np.zeros((len(CHANNELS), len(CHANNELS)), np.float32)
    for name, said in DENIED.items():
        for other, strength in said:
            table[PLACE[name], PLACE[other]] = strength
    return table


def _last(mask: NDArray[np.bool_], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The nearest marked place at or before each of `at`, −1 where there is none."""
    marked = np.append(np.flatnonzero(mask), -1)
    return marked[np.searchsorted(marked[:-1], at, side="right") - 1]


def _next(mask: NDArray[np.bool_], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The nearest marked place at or after each of `at`, the last place where there is none."""
    marked = np.append(np.flatnonzero(mask), len(mask) - 1)
    return marked[np.searchsorted(marked[:-1], at, side="left")]


def _degree(stream: Stream, hits: Hits) -> NDArray[np.float32]:
    """The factor of a word of degree before the hit's first or second word."""
    return np.maximum(stream.boost[hits.first], stream.boost[np.minimum(hits.first + 1, hits.last - 1)])


def _denied(stream: Stream, hits: Hits, weights: NDArray[np.float32], lexicon: Lexicon) -> NDArray[np.bool_]:
    """Hits with a "pas" shortly before them, or right behind them after a "ne" or where nothing new opens."""
    particle = stream.plays("particle")
    soft = np.flatnonzero(stream.plays("soft"))
    soft = soft[(soft - _last(particle, soft) <= NEGATION_REACH) & (_last(particle, soft) >= 0)]
    negator = stream.plays("negator")
    negator[soft] = True
    negator &= outside(stream, hits)
    breaks = stream.among(CLOSE, *MARKS.values()) | stream.plays("contrast")
    ahead = hits.first - 1
    broken, denier, opener = (_last(mask, ahead) for mask in (breaks, negator, particle))
    before = (denier > broken) & (hits.first - denier <= NEGATION_REACH)
    top = len(stream.code) - 1
    after, beyond = np.minimum(hits.last, top), np.minimum(hits.last + 1, top)
    framed = (opener > broken) & (opener >= hits.first - 3)
    opens = stream.plays("partitive")
    behind = negator[after] & ~opens[after] & (framed | ~opens[beyond])
    return (before | behind | _carried(stream, hits, weights)) & ~(lexicon.mute | lexicon.firm)[hits.pattern]


def _carried(stream: Stream, hits: Hits, weights: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Praise right behind a hit that denies something itself: "ne fonctionne pas" goes on in "bien"."""
    denies = np.concatenate([[0], np.cumsum(stream.plays("negator"))])
    good, bad = (weights @ _SIDES > 0).T
    denying = (denies[hits.last] > denies[hits.first]) & bad & ~good
    ends = np.zeros(len(stream.code) + 1, bool)
    ends[hits.last[denying]] = True
    return ends[hits.first] & good & ~bad


def _contrast(stream: Stream, hits: Hits, ends: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which hits stand before, and which behind a "mais" of their sentence."""
    turns = stream.plays("contrast")
    coming = _next(turns, hits.first)
    before = (coming > hits.first) & (coming < _next(ends, hits.first)) & turns[coming]
    return before, _last(turns, hits.first) > _last(ends, hits.first)


def _conditional(stream: Stream, hits: Hits) -> NDArray[np.bool_]:
    opened = _last(stream.plays("if"), hits.first)
    broken = _last(stream.among(CLOSE, *MARKS.values()), hits.first)
    return (opened > broken) & (hits.first - opened <= CONDITION_REACH)
