"""Labels that a person corrected: they win over the engine's."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from cxaudit.tone.frames import SPANS
from cxaudit.tone.labels import LABELS


def corrected(frame: pl.DataFrame, corrections: Mapping[int, Collection[str]]) -> pl.DataFrame:
    """The frame of `read` with the labels of some rows replaced.

    Args:
        frame: as `read` gives it.
        corrections: the row's place in the frame to the labels it bears now; none, or neutral alone, is neutral. The
            spans of a label that was taken away go with it; an added label has no span, since no cue earned it.

    Raises:
        ValueError: a label is unknown, or neutral stands beside another.
    """
    for row, labels in corrections.items():
        if set(labels) - set(LABELS) or ("neutral" in labels and len(set(labels)) > 1):
            raise ValueError(f"row {row}: {sorted(labels)} is no set of labels. Hint: neutral stands alone.")
    kept = {row: frozenset(labels) or frozenset({"neutral"}) for row, labels in corrections.items()}
    columns = [_replaced(frame[label], {row: label in labels for row, labels in kept.items()}) for label in LABELS]
    spans = frame["spans"].to_list()
    for row, labels in kept.items():
        spans[row] = [span for span in spans[row] if span["label"] in labels]
    return frame.with_columns(*columns, pl.Series("spans", spans, dtype=SPANS))


def _replaced(column: pl.Series, values: Mapping[int, bool]) -> pl.Series:
    found = column.to_list()
    for row, value in values.items():
        found[row] = value
    return pl.Series(column.name, found, dtype=pl.Boolean)
