"""Time that passes while the desk is open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxaudit.schema.settings import OpeningHours

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
MONDAY_OF_EPOCH = 3  # 1970-01-01 was a Thursday


def open_hours(start: NDArray[np.int64], end: NDArray[np.int64], hours: OpeningHours) -> NDArray[np.float64]:
    """Open hours between two moments in µs; without opening hours (`first_reply` off), all hours."""
    if not hours.first_reply:
        return (end - start) / HOUR_US
    return (_open_until(end, hours) - _open_until(start, hours)) / HOUR_US


def _open_until(moment: NDArray[np.int64], hours: OpeningHours) -> NDArray[np.int64]:
    """Open µs up to `moment`, but for a constant. Days are cut where they open, so that a night lies within one."""
    length = hours.length * HOUR_US
    since = moment - hours.opens * HOUR_US
    day = since // DAY_US + MONDAY_OF_EPOCH
    opened = np.array([weekday in hours.weekdays for weekday in range(1, 8)], np.int64)
    before = np.concatenate([[0], np.cumsum(opened)])
    whole_days = (day // 7) * opened.sum() + before[day % 7]
    today = np.minimum(since % DAY_US, length)
    return whole_days * length + today * opened[day % 7]
