"""The nearest row of the same customer, before or after, on arrays already in memory."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Keys = NDArray[np.int64] | NDArray[np.int32]  # of one width on both sides
MUCH = 2  # so many times more rows are worth being narrowed to the customers of the others before they are sorted


def nearest(customer: Keys, t: Whole, held_customer: Keys, held_t: Whole, *, after: bool) -> Whole:
    """For each (customer, t) the place of the held row of that customer nearest strictly after (or before) t; −1: none.

    Of several held rows at one moment the first given is the nearest after, the last given the nearest before.
    """
    asked = pl.DataFrame({"customer": customer, "t": t}).with_row_index("row")
    held = pl.DataFrame({"customer": held_customer, "t": held_t}).with_row_index("place")
    if len(held) > MUCH * len(asked):
        held = held.join(asked, on="customer", how="semi", maintain_order="left")
    if len(asked) > MUCH * len(held):
        asked = asked.join(held, on="customer", how="semi")
    strategy: Literal["forward", "backward"] = "forward" if after else "backward"
    met = (
        asked.sort("t")
        .join_asof(
            held if held["t"].is_sorted() else held.sort("t", maintain_order=True),
            on="t",
            by="customer",
            strategy=strategy,
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .drop_nulls("place")
    )
    place = np.full(len(t), -1, np.int64)
    place[met["row"].to_numpy()] = met["place"].to_numpy()
    return place
