"""Texts in, their tone out: one row a text, whatever the text."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone import irony, language
from cxaudit.tone.features import FEATURES, features
from cxaudit.tone.labels import NEGATIVE, POSITIVE, SCORED
from cxaudit.tone.layer import layer
from cxaudit.tone.lexicon import CHANNELS, load
from cxaudit.tone.scope import Weighed, weigh
from cxaudit.tone.spans import Spans, evidence, listed
from cxaudit.tone.stream import Reading, scan
from cxaudit.tone.trim import trimmed

BATCH_TEXTS = 1024  # small enough that the arrays of a batch stay in the processor's cache
WORKERS = 2  # numpy lets go of the interpreter, so two batches overlap
BATCH_POINTS = 3_000_000  # code points a batch: memory stays flat whatever the texts' length
LIVELY = 0.2  # below this chance of being neutral, a text may bear any label; above it, a label must
OUTWEIGHS = 2.0  # be so many times likelier than that, for a calm request is often told in words of defects
OUTRIGHT = 3.0  # weight of a word that is angry in a polite mail too; other emotions may there be mere politeness
MOCKERY = 5  # distinct words: fewer, without a cue of their own, are too few to tell praise from mockery
FAINT, MUTED = 0.05, 0.25  # a sign that labels alone give; what is left of the sign of a neutral text
IRONY = SCORED.index("irony")
GLAD, SORE = ([SCORED.index(label) for label in group] for group in (POSITIVE, NEGATIVE))
ANGER, ANGRIEST = SCORED.index("anger"), FEATURES.index("top.anger")
BLAMED, PRAISED = FEATURES.index("bad"), FEATURES.index("good")


@dataclass(frozen=True)
class Tones:
    """The tone of a batch, one item a text; `holds` is texts × LABELS."""

    language: NDArray[np.int8]  # of language.NAMES
    polarity: NDArray[np.float64]
    intensity: NDArray[np.float64]
    holds: NDArray[np.bool_]
    spans: Spans

    def __len__(self) -> int:
        return len(self.language)


def tones(pairs: Iterable[tuple[str | None, float | None]], spans: bool = True) -> Iterator[Tones]:
    """The tones of a stream of (text, rating): batches as they are ready, in order, memory flat."""
    load(), layer()  # before the workers, who would each read them
    with ThreadPoolExecutor(WORKERS) as pool:
        coming: deque[Future[Tones]] = deque()
        for texts, stars in _batches(pairs):
            coming.append(pool.submit(_tones, texts, stars, spans))
            if len(coming) > WORKERS:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


def _batches(pairs: Iterable[tuple[str | None, float | None]]) -> Iterator[tuple[list[str], NDArray[np.float64]]]:
    texts: list[str] = []
    stars: list[float] = []
    points = 0
    for text, rating in pairs:
        texts.append("" if text is None else str(text))
        stars.append(np.nan if rating is None else float(rating))
        points += len(texts[-1])
        if len(texts) >= BATCH_TEXTS or points >= BATCH_POINTS:
            yield texts, np.array(stars)
            texts, stars, points = [], [], 0
    if texts:
        yield texts, np.array(stars)


def measure(texts: list[str]) -> tuple[Reading, Weighed, NDArray[np.float64]]:
    """The reading, the weighed hits and the features of a batch: what fitting needs."""
    lexicon = load()
    reading = scan([trimmed(text) for text in texts], lexicon)
    weighed = weigh(reading.stream, reading.hits, lexicon)
    return reading, weighed, features(reading, weighed, lexicon, len(texts))


def _tones(texts: list[str], stars: NDArray[np.float64], spans: bool) -> Tones:
    lexicon = load()
    reading, weighed, seen = measure(texts)
    told = reading.told.sums()
    scores = layer().scores(seen, told)
    found = evidence(weighed, lexicon)
    scored = reading.language != language.OTHER
    shown, named = found.any(len(texts)), found.named(len(texts))
    outright = seen[:, ANGRIEST] >= OUTRIGHT
    holds = decide(scores, shown | reading.told.shown(), named, outright, layer().thresholds) & scored[:, None]
    # Words that only tell do not make glad what the lexicons know to be bad alone.
    blamed = (seen[:, BLAMED] > 0) & (seen[:, PRAISED] == 0)
    holds[:, GLAD] &= named[:, GLAD] | ~blamed[:, None]
    holds[:, IRONY] &= named[:, IRONY] | (reading.told.distinct >= MOCKERY)
    flags = irony.beside_low_stars(reading, weighed, lexicon, stars)
    holds[:, IRONY] |= flags.holds & scored
    speaks = shown.any(axis=1) | (told[:, -1] != 0)
    polarity = np.where(speaks & scored, agreeing(2 * scores[:, -1] - 1, holds), 0.0)
    neutral = scored & ~holds.any(axis=1)
    evident = listed(reading, found, flags, holds, lexicon, len(texts)) if spans else Spans.none(lexicon.cues)
    return Tones(reading.language, polarity, _intensity(seen, scored), np.column_stack([holds, neutral]), evident)


def decide(
    scores: NDArray[np.float64],
    shown: NDArray[np.bool_],
    named: NDArray[np.bool_],
    outright: NDArray[np.bool_],
    thresholds: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Texts × SCORED: a label holds where its score passes, something in the text can be shown for it, and the text as
    a whole does not read as neutral; a text that clearly is not neutral gets the likeliest label it has a word
    for, and anger told `outright` holds beside a greeting too: "Bonjour, je suis furieux"."""
    labels = len(SCORED)
    chances, neutral = scores[:, :labels], scores[:, labels, None]
    lively = (neutral < LIVELY) | ((chances > OUTWEIGHS * neutral) & (neutral < thresholds[labels]))
    lively[:, IRONY] |= named[:, IRONY] & (chances[:, IRONY] > neutral[:, 0])  # no request is told in mock thanks
    holds = (chances >= thresholds[:labels]) & shown & lively
    able = named & (neutral < LIVELY)
    able[:, ANGER] |= named[:, ANGER] & outright
    able[:, IRONY] = False
    likely = np.where(able, chances / thresholds[:labels], 0.0)
    lost = np.flatnonzero(~holds.any(axis=1) & (likely.max(axis=1) > 0))
    holds[lost, likely[lost].argmax(axis=1)] = True
    return holds


def agreeing(polarity: NDArray[np.float64], holds: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Polarity that agrees with the labels (texts × SCORED): little for a neutral text, never the contrary of glad
    labels alone or of sore ones alone."""
    glad, sore = holds[:, GLAD].any(axis=1), holds[:, SORE].any(axis=1)
    told = np.where(glad & ~sore, np.maximum(polarity, FAINT), polarity)
    told = np.where(sore & ~glad, np.minimum(told, -FAINT), told)
    return np.where(holds.any(axis=1), told, MUTED * told)


def _intensity(seen: NDArray[np.float64], scored: NDArray[np.bool_]) -> NDArray[np.float64]:
    """0 to 1: the strongest emotion, lifted by emphasis."""
    tops = seen[:, len(CHANNELS) : len(CHANNELS) + len(SCORED)].max(axis=1)
    return np.where(scored, np.tanh(tops / 4), 0.0)
