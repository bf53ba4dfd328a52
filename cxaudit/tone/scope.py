"""What the words around a hit do to it: negation, degree, contrast, questions, emphasis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone.lexicon import CHANNELS, CLOSE, MARKS, ROLE, Lexicon
from cxaudit.tone.stream import Hits, Stream, outside

NEGATION_REACH = 4  # words between "pas" and what it denies
CONDITION_REACH = 6
PLACE = {channel: place for place, channel in enumerate(CHANNELS)}
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
    places = np.arange(len(stream.code))
    denied = _denied(stream, hits, lexicon, places)
    weights = lexicon.weights[hits.pattern]
    weights = np.where(denied[:, None], weights @ _denial(), weights)
    degree = np.ones(len(hits.pattern), np.float32)
    for step in range(2):
        inside = np.minimum(hits.first + step, hits.last - 1)
        degree = np.maximum(degree, stream.boost[inside]) if step else stream.boost[inside]
    asked = stream.code[_next(_ends(stream), places)[hits.first]] == MARKS["?"]
    before = _before_contrast(stream, places)[hits.first]
    after = _after_contrast(stream, places)[hits.first]
    exclaimed = stream.code[_next(_ends(stream), places)[hits.first]] == MARKS["!"]
    loud = stream.loud[hits.first] | stream.loud[hits.last - 1] | exclaimed
    factor = (
        degree * np.where(before, 0.7, 1.0) * np.where(after, 1.15, 1.0) * np.where(stream.loud[hits.first], 1.15, 1.0)
    )
    weights = weights * factor[:, None].astype(np.float32)
    praise = [PLACE[name] for name in ("satisfaction", "gratitude", "relief", "plus")]
    weights[:, praise] *= np.where(asked | _conditional(stream, hits, places), 0.3, 1.0)[:, None].astype(np.float32)
    return Weighed(hits, weights, stream.text[hits.first], denied, asked, before, loud)


def _denial() -> NDArray[np.float32]:
    table = np.zeros((len(CHANNELS), len(CHANNELS)), np.float32)
    for name, said in DENIED.items():
        for other, strength in said:
            table[PLACE[name], PLACE[other]] = strength
    return table


def _ends(stream: Stream) -> NDArray[np.bool_]:
    return np.isin(stream.code, [CLOSE, MARKS["."], MARKS["!"], MARKS["?"]])


def _last(mask: NDArray[np.bool_], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The nearest marked place at or before each place, −1 where there is none."""
    return np.maximum.accumulate(np.where(mask, places, -1)) if len(places) else places


def _next(mask: NDArray[np.bool_], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The nearest marked place at or after each place, the last place where there is none."""
    return np.minimum.accumulate(np.where(mask, places, len(places) - 1)[::-1])[::-1] if len(places) else places


def _denied(stream: Stream, hits: Hits, lexicon: Lexicon, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(hits.pattern):
        return np.zeros(0, bool)
    free = outside(stream, hits)
    particle = (stream.role & ROLE["particle"]) > 0
    soft = (
        ((stream.role & ROLE["soft"]) > 0)
        & (places - _last(particle, places) <= NEGATION_REACH)
        & (_last(particle, places) >= 0)
    )
    negator = (((stream.role & ROLE["negator"]) > 0) | soft) & free
    breaks = np.isin(stream.code, [CLOSE, *MARKS.values()]) | ((stream.role & ROLE["contrast"]) > 0)
    last_negator, last_break = _last(negator, places), _last(breaks, places)
    ahead = np.maximum(hits.first - 1, 0)
    before = (
        (last_negator[ahead] > last_break[ahead])
        & (hits.first - last_negator[ahead] <= NEGATION_REACH)
        & (hits.first > 0)
    )
    after = np.minimum(hits.last, len(places) - 1)
    follows = negator[after] & (
        (_last(particle, places)[ahead] >= hits.first - 3) & (_last(particle, places)[ahead] > last_break[ahead])
    )
    beyond = np.minimum(after + 1, len(places) - 1)
    bare = negator[after] & ((stream.role[beyond] & ROLE["partitive"]) == 0)
    return (before | follows | bare) & ~lexicon.mute[hits.pattern]


def _before_contrast(stream: Stream, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    contrast = (stream.role & ROLE["contrast"]) > 0
    coming = _next(contrast, places)
    return (coming > places) & (coming < _next(_ends(stream), places)) & contrast[coming]


def _after_contrast(stream: Stream, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    contrast = (stream.role & ROLE["contrast"]) > 0
    return _last(contrast, places) > _last(_ends(stream), places)


def _conditional(stream: Stream, hits: Hits, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    opened = _last((stream.role & ROLE["if"]) > 0, places)[hits.first]
    broken = _last(np.isin(stream.code, [CLOSE, *MARKS.values()]), places)[hits.first]
    return (opened > broken) & (hits.first - opened <= CONDITION_REACH)
