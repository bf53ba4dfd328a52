"""Rows of records as arrays, and the one question asked of them all: what comes next, within so many days."""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from cxaudit.sample.calendar import DAY, END, NEVER

EFFECT_DAYS = 90


@dataclass(frozen=True)
class Rows:
    """Rows as arrays of one length."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, rows: np.ndarray) -> Self:
        """The rows at `rows` (a mask or positions)."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def next_within(
    owner: np.ndarray,
    when: np.ndarray,
    counts: np.ndarray,
    customer: np.ndarray,
    since: np.ndarray,
    days: int = EFFECT_DAYS,
) -> np.ndarray:
    """Time of the first row of `owner` that counts, after `since` and at most `days` days later; else NEVER."""
    rows = np.flatnonzero(counts)
    key = owner[rows].astype(np.int64) * (4 * END) + when[rows]
    key.sort()
    position = np.searchsorted(key, customer.astype(np.int64) * (4 * END) + since, side="right")
    found = np.append(key, np.iinfo(np.int64).max)[position]
    same = found // (4 * END) == customer
    time = np.where(same, found - customer.astype(np.int64) * (4 * END), NEVER)
    return np.where(same & (time // DAY <= since // DAY + days), time, NEVER)
