"""The tone of texts as frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cxaudit.tone import language
from cxaudit.tone.engine import Tones, tones
from cxaudit.tone.labels import LABELS
from cxaudit.tone.spans import Spans

SPAN = pl.Struct({"start": pl.Int32, "end": pl.Int32, "label": pl.String, "cue": pl.String})
SPANS = pl.List(SPAN)
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
    return map(_frame, tones(pairs, spans))


def _frame(read: Tones) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "language": pl.Series(language.NAMES, dtype=pl.String).gather(read.language),
            "polarity": read.polarity,
            "intensity": read.intensity,
            **dict(zip(LABELS, read.holds.T, strict=True)),
            "spans": _lists(read.spans, len(read)),
        }
    )


def _lists(spans: Spans, texts: int) -> pl.Series:
    """A list of spans a text."""
    if not len(spans.text):
        return pl.Series([[]], dtype=SPANS).new_from_index(0, texts)
    cues, cue = np.unique(spans.cue, return_inverse=True)
    columns = {
        "start": pl.Series(spans.start, dtype=pl.Int32),
        "end": pl.Series(spans.end, dtype=pl.Int32),
        "label": pl.Series(LABELS, dtype=pl.String).gather(spans.label),
        "cue": pl.Series([spans.said(at) for at in cues.tolist()], dtype=pl.String).gather(cue),
    }
    rows = pl.DataFrame({"text": spans.text, "spans": pl.DataFrame(columns).to_struct()})
    lists = rows.group_by("text", maintain_order=True).agg("spans").get_column("spans")
    return lists.gather(_places(spans.text, texts)).fill_null(pl.Series([[]], dtype=SPANS))


def _places(text: NDArray[np.int64], texts: int) -> pl.Series:
    """The place of each text among those that have spans, null where it has none."""
    has = np.bincount(text, minlength=texts) > 0
    return pl.select(pl.when(pl.Series(has)).then(pl.Series(np.cumsum(has) - 1))).to_series()


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
