"""What the front line knows, beside its measures: irritants, remarks, and the listening grid by criterion."""

from __future__ import annotations

from collections.abc import Mapping

from cxaudit.field.irritants import irritants
from cxaudit.field.listening import MEAN
from cxaudit.field.remarks import remarks
from cxaudit.measure.tables import Tables
from cxaudit.schema.results import Criterion, Field, Measure
from cxaudit.schema.settings import Settings


def field_work(tables: Tables, settings: Settings) -> Field:
    """Irritants worst first, remarks by topic; empty where nothing was given. Criteria come with the measures."""
    return Field(irritants(tables, settings), remarks(tables), ())


def criteria(measures: Mapping[str, Measure]) -> tuple[Criterion, ...]:
    """The segments of the listening score, lowest first."""
    listened = measures.get(MEAN)
    found = listened.segments.get("criterion", ()) if listened else ()
    drawn = [Criterion(item.segment, int(item.denominator), item.value, item.low, item.high) for item in found]
    return tuple(sorted(drawn, key=lambda item: (item.value if item.value is not None else 2.0, item.criterion)))
