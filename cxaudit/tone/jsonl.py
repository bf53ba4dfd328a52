"""The command line's documents: JSON lines of texts in, their tones as JSON out, memory flat."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
from numpy.typing import NDArray

from cxaudit.tone import language
from cxaudit.tone.engine import Tones, tones
from cxaudit.tone.labels import LABELS, SCORED

if TYPE_CHECKING:
    from cxaudit.tone.own_model import OwnModel

MOST_STARS = 1000  # beyond, a rating is no number of stars
_BLANKS = " \t\n\r"  # what JSON calls white space
_decode = json.JSONDecoder().raw_decode
_encode = json.JSONEncoder(ensure_ascii=False).encode


def write_tones(lines: Iterable[str], out: TextIO, model: OwnModel | None = None) -> tuple[int, int]:
    """One JSON document with a row a line that is not blank, whatever stands there.

    Returns:
        how many texts have their polarity from the user's `model`, and how many of those a negative one.
    """
    ids: deque[Any] = deque()
    texts: deque[str] = deque()
    decided = bad = 0

    def pairs() -> Iterator[tuple[str | None, float | None]]:
        for line in lines:
            if line.strip():
                name, text, rating = _parsed(line)
                ids.append(name)
                if model is not None:
                    texts.append(text or "")
                yield text, rating

    out.write('{"texts": [')
    before = "\n"
    for batch in tones(pairs()):
        if model is not None:
            batch, heard = _settled(model, [texts.popleft() for _ in range(len(batch))], batch)
            decided, bad = decided + len(heard), bad + int((heard < 0).sum())
        out.write(before + ",\n".join(json_rows([ids.popleft() for _ in range(len(batch))], batch)))
        before = ",\n"
    out.write("\n]}\n")
    return decided, bad


def _settled(model: OwnModel, texts: list[str], batch: Tones) -> tuple[Tones, NDArray[np.float64]]:
    """The batch with the model's polarity where the package's own was unsure; those polarities."""
    from cxaudit.tone.own_model import settled

    polarity, by_model = settled(model, texts, batch.polarity, batch.holds[:, : len(SCORED)])
    return replace(batch, polarity=polarity), polarity[by_model]


def _parsed(line: str) -> tuple[Any, str | None, float | None]:
    """The id, text and rating of a line; one that is no object has none of them."""
    line = line.strip(_BLANKS)
    try:
        found, end = _decode(line)
    except (ValueError, RecursionError):
        return None, None, None
    if end < len(line) or not isinstance(found, dict):
        return None, None, None
    text, rating = found.get("text"), found.get("rating")
    rated = isinstance(rating, int | float) and not isinstance(rating, bool) and abs(rating) <= MOST_STARS
    return found.get("id"), text if text is None or isinstance(text, str) else str(text), rating if rated else None


def json_rows(ids: Iterable[Any], read: Tones) -> Iterator[str]:
    """The rows of a batch as JSON text, in the shape of `as_json`."""
    spans = read.spans
    kinds, kind = np.unique(spans.label + len(LABELS) * spans.cue, return_inverse=True)
    ends = [
        f'"label":"{LABELS[label]}","cue":{_encode(spans.said(cue))}}}'
        for cue, label in (divmod(one, len(LABELS)) for one in kinds.tolist())
    ]
    told = [
        f'{{"start":{start},"end":{end},{rest}'
        for start, end, rest in zip(
            spans.start.tolist(), spans.end.tolist(), map(ends.__getitem__, kind.tolist()), strict=True
        )
    ]
    stops = np.searchsorted(spans.text, np.arange(len(read)), side="right").tolist()
    sets = (read.holds @ (1 << np.arange(len(LABELS)))).tolist()
    first = 0
    for name, tongue, held, polarity, stop in zip(
        ids, read.language.tolist(), sets, read.polarity.tolist(), stops, strict=True
    ):
        yield (
            f'{{"id": {_named(name)}, "language":"{language.NAMES[tongue]}","labels":{_labels(held)},'
            f'"polarity":{polarity!r},"spans":[{",".join(told[first:stop])}]}}'
        )
        first = stop


def _named(name: Any) -> str:
    if type(name) is int:
        return str(name)
    written = _encode(name)
    # Half of a surrogate pair cannot be written as it is.
    return written if written.isascii() or written.encode("utf-8", "ignore").decode() == written else json.dumps(name)


@cache
def _labels(held: int) -> str:
    """A set of LABELS as a JSON list, one bit a label."""
    return json.dumps([label for at, label in enumerate(LABELS) if held >> at & 1], separators=(",", ":"))
