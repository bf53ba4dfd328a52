"""Texts in, their tone out: one row a text, whatever the text."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cxaudit.tone import irony, language
from cxaudit.tone.features import FEATURES, features
from cxaudit.tone.labels import LABELS, NEGATIVE, POSITIVE, SCORED
from cxaudit.tone.layer import layer
from cxaudit.tone.lexicon import CHANNELS, Lexicon, load
from cxaudit.tone.scope import Weighed, weigh
from cxaudit.tone.spans import SPANS, Evidence, evidence, listed
from cxaudit.tone.stream import Reading, scan
from cxaudit.tone.trim import trimmed

BATCH_TEXTS = 1024  # small enough that the arrays of a batch stay in the processor's cache
WORKERS = 2  # numpy lets go of the interpreter, so two batches overlap
BATCH_POINTS = 3_000_000  # code points a batch: memory stays flat whatever the texts' length
LIVELY = 0.2  # below this chance of being neutral, a text may bear any label; above it, a label must
OUTWEIGHS = 2.0  # be so many times likelier than that, for a calm request is often told in words of defects
MOCKERY = 5  # distinct words: fewer, without a cue of their own, are too few to tell praise from mockery
FAINT, MUTED = 0.05, 0.25  # a sign that labels alone give; what is left of the sign of a neutral text
IRONY = SCORED.index("irony")
GLAD, SORE = ([SCORED.index(label) for label in group] for group in (POSITIVE, NEGATIVE))
BLAMED, PRAISED = FEATURES.index("bad"), FEATURES.index("good")
SCHEMA: dict[str, Any] = {
    "language": pl.String,
    "polarity": pl.Float64,
    "intensity": pl.Float64,
    **dict.fromkeys(LABELS, pl.Boolean),
    "spans": SPANS,
}


def read(
    texts: pl.Series | Sequence[str | None],
    ratings: pl.Series | Sequence[float | None] | None = None,
    spans: bool = True,
) -> pl.DataFrame:
    """The tone of each text, one row a text, in order.

    Args:
        texts: any texts; null and blank ones come out as language "other", without a label.
        ratings: the stars (1-5) that came with each text, null where none did. Used for irony alone (praise beside
            a low rating), never for polarity, so that polarity can be held against the stars.
        spans: False leaves the spans empty and is somewhat quicker.

    Returns:
        `language` ("fr", "en", "other"), `polarity` (−1 to 1, 0 where nothing speaks), `intensity` (0 to 1), a Boolean
        a label of LABELS, and `spans`, a list of {start, end, label, cue} in code points of the text as given, end
        exclusive.

    Raises:
        ValueError: ratings and texts differ in length.
    """
    rows = texts.to_list() if isinstance(texts, pl.Series) else list(texts)
    stars = (
        [None] * len(rows)
        if ratings is None
        else ratings.to_list()
        if isinstance(ratings, pl.Series)
        else list(ratings)
    )
    if len(stars) != len(rows):
        raise ValueError(
            f"{len(rows)} texts but {len(stars)} ratings. Hint: give one rating a text, null where there is none."
        )
    frames = list(read_batches(zip(rows, stars, strict=True), spans))
    return pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)


def read_batches(pairs: Iterable[tuple[str | None, float | None]], spans: bool = True) -> Iterator[pl.DataFrame]:
    """`read` over a stream of (text, rating): frames as they are ready, in order, memory flat."""
    with ThreadPoolExecutor(WORKERS) as pool:
        coming: deque[Future[pl.DataFrame]] = deque()
        for texts, stars in _batches(pairs):
            coming.append(pool.submit(_frame, texts, stars, spans))
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


def _frame(texts: list[str], stars: NDArray[np.float64], spans: bool) -> pl.DataFrame:
    lexicon = load()
    reading, weighed, seen = measure(texts)
    told = reading.told.sums()
    scores = layer().scores(seen, told)
    found = evidence(weighed, lexicon)
    scored = reading.language != language.OTHER
    shown = found.any(len(texts))
    said = shown | reading.told.shown()
    holds = decide(scores, said, found.named(len(texts)), layer().thresholds) & scored[:, None]
    # Words that only tell do not make glad what the lexicons know to be bad alone.
    blamed = (seen[:, BLAMED] > 0) & (seen[:, PRAISED] == 0)
    holds[:, GLAD] &= found.named(len(texts))[:, GLAD] | ~blamed[:, None]
    holds[:, IRONY] &= found.named(len(texts))[:, IRONY] | (reading.told.distinct >= MOCKERY)
    flags = irony.beside_low_stars(reading, weighed, lexicon, stars)
    holds[:, IRONY] |= flags.holds & scored
    speaks = found.speaks(len(texts)) | (told[:, -1] != 0)
    polarity = np.where(speaks & scored, agreeing(2 * scores[:, -1] - 1, holds), 0.0)
    columns: dict[str, Any] = {
        "language": pl.Series(np.array(language.NAMES)[reading.language], dtype=pl.String),
        "polarity": polarity,
        "intensity": _intensity(seen, scored),
        **{label: holds[:, at] for at, label in enumerate(SCORED)},
        "neutral": scored & ~holds.any(axis=1),
    }
    return pl.DataFrame(columns).with_columns(_spans(reading, found, flags, holds, lexicon, len(texts), spans))


def decide(
    scores: NDArray[np.float64],
    shown: NDArray[np.bool_],
    named: NDArray[np.bool_],
    thresholds: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Texts × SCORED: a label holds where its score passes, something in the text can be shown for it, and the text as
    a whole does not read as neutral; a text that clearly is not neutral gets the likeliest label it has a word for."""
    labels = len(SCORED)
    chances, neutral = scores[:, :labels], scores[:, labels, None]
    lively = (neutral < LIVELY) | ((chances > OUTWEIGHS * neutral) & (neutral < thresholds[labels]))
    holds = (chances >= thresholds[:labels]) & shown & lively
    likely = np.where(named, chances / thresholds[:labels], 0.0)
    likely[:, IRONY] = 0.0
    lost = np.flatnonzero(~holds.any(axis=1) & (neutral[:, 0] < LIVELY) & named.any(axis=1) & (likely.max(axis=1) > 0))
    holds[lost, likely[lost].argmax(axis=1)] = True
    return holds


def agreeing(polarity: NDArray[np.float64], holds: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Polarity that agrees with the labels (texts × SCORED): little for a neutral text, never the contrary of glad
    labels alone or of sore ones alone."""
    glad, sore = holds[:, GLAD].any(axis=1), holds[:, SORE].any(axis=1)
    told = np.where(glad & ~sore, np.maximum(polarity, FAINT), polarity)
    told = np.where(sore & ~glad, np.minimum(told, -FAINT), told)
    return np.where(holds.any(axis=1), told, MUTED * told)


def _spans(
    reading: Reading,
    found: Evidence,
    flags: irony.Irony,
    holds: NDArray[np.bool_],
    lexicon: Lexicon,
    texts: int,
    wanted: bool,
) -> pl.Series:
    if not wanted:
        return pl.Series("spans", [[]] * texts, dtype=SPANS)
    return listed(reading, found, flags, holds, lexicon, texts)


def _intensity(seen: NDArray[np.float64], scored: NDArray[np.bool_]) -> NDArray[np.float64]:
    """0 to 1: the strongest emotion, lifted by emphasis."""
    tops = seen[:, len(CHANNELS) : len(CHANNELS) + len(SCORED)].max(axis=1)
    return np.where(scored, np.tanh(tops / 4), 0.0)


def as_json(ids: Iterable[Any], frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows of `read` in the shape of the command line's JSON."""
    columns = frame.select("language", "polarity", *LABELS, "spans").rows()
    return [
        {
            "id": name,
            "language": row[0],
            "labels": [label for label, holds in zip(LABELS, row[2:-1], strict=True) if holds],
            "polarity": row[1],
            "spans": row[-1],
        }
        for name, row in zip(ids, columns, strict=True)
    ]


def json_rows(ids: Iterable[Any], frame: pl.DataFrame) -> Iterator[str]:
    """The rows of `as_json` as text, many times faster than through dictionaries."""
    labels = [pl.when(label).then(pl.lit(label)) for label in LABELS]
    shape = pl.struct("language", pl.concat_list(labels).list.drop_nulls().alias("labels"), "polarity", "spans")
    for name, row in zip(ids, frame.select(shape.struct.json_encode()).to_series(), strict=True):
        yield f'{{"id": {json.dumps(name, ensure_ascii=False)}, {row[1:]}'
