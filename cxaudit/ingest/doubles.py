"""Which of many values stand more than once, told by numbers that are the same where they are."""

from __future__ import annotations

import numpy as np
import polars as pl


def doubled(digests: pl.Series) -> pl.Series:
    """The places, ascending, of whole numbers that stand more than once; none may be null.

    Sorted rather than put into a table of places: millions of different ones need a fifth of the room.
    """
    ordered = np.sort(digests.to_numpy())
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(again):
        return pl.Series([], dtype=pl.UInt32)
    return digests.is_in(pl.Series(again, dtype=digests.dtype).implode()).arg_true()
