"""How many gestures were granted.

Measures: surface.gestures.
Unit: a gesture, indexed by the day it was granted.
Needs: gestures.granted_at.
Excludes: nothing.
Null: no gesture in the period.
Blind to: whether anybody noticed them (see gesture.*).
Source: a plain count.
"""

from __future__ import annotations

from collections.abc import Iterable

from cxaudit.measure.anatomy import Signal
from cxaudit.measure.counts import count
from cxaudit.measure.tables import Tables
from cxaudit.schema.results import Result
from cxaudit.schema.settings import Settings

KEY = "surface.gestures"


def measure(tables: Tables, settings: Settings) -> Iterable[Result]:
    """Gestures of the period, by month."""
    return [count(KEY, tables["gestures"], "gestures", tables)]


SIGNAL = Signal("gestures_granted", (KEY,), ("gestures.granted_at",), measure)
