"""What happened day by day, counted once with the audit, so that the timeline never goes back to the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.measure.slices import SCOPE_FIELDS
from cxaudit.measure.tables import Tables
from cxaudit.schema.results import Daybook
from cxaudit.schema.tables import PRODUCTS_JOINED

MOST_REASONS = 12
MOST_VALUES = 50


def daybook(tables: Tables) -> Daybook:
    """Orders, tickets and the most frequent reasons by day up to the last one, and what an event's scope may name."""
    counts = {name: _by_day(tables, name) for name in ("orders", "tickets") if tables.has(name)}
    reasons = _reasons(tables) if tables.has("tickets.reason") else {}
    return Daybook(
        tables.first,
        orders=_dense(counts.get("orders", {}), tables),
        tickets=_dense(counts.get("tickets", {}), tables),
        reasons={name: _dense(days, tables) for name, days in reasons.items()},
        fields={field: values for field in SCOPE_FIELDS if (values := _values(tables, field))},
    )


def _by_day(tables: Tables, name: str) -> Mapping[int, int]:
    plan = tables[name].filter(nw.col("eligible") & ~nw.col("day").is_null())
    found = collect(plan.group_by("day").agg(nw.len().alias("n")))
    return dict(zip(found["day"].to_list(), found["n"].to_list(), strict=True))


def _reasons(tables: Tables) -> Mapping[str, Mapping[int, int]]:
    known = nw.col("eligible") & ~nw.col("day").is_null() & ~nw.col("reason").is_null()
    found = collect(tables["tickets"].filter(known).group_by("reason", "day").agg(nw.len().alias("n")))
    rows: dict[str, dict[int, int]] = {}
    for name, day, n in zip(*(found[column].to_list() for column in ("reason", "day", "n")), strict=True):
        rows.setdefault(name, {})[day] = n
    chosen = sorted(rows, key=lambda name: (-sum(rows[name].values()), name))[:MOST_REASONS]
    return {name: rows[name] for name in chosen}


def _dense(days: Mapping[int, int], tables: Tables) -> tuple[int, ...]:
    return tuple(days.get(day, 0) for day in range(tables.first, tables.as_of + 1)) if days else ()


def _values(tables: Tables, field: str) -> tuple[str, ...]:
    """The values of a field in orders and tickets, most frequent first; products one by one."""
    counts: Counter[str] = Counter()
    for name in ("orders", "tickets"):
        if tables.has(f"{name}.{field}"):
            for value, n in _counted(tables, name, field):
                for one in value.split(PRODUCTS_JOINED) if field == "product" else (value,):
                    counts[one] += n
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(value for value, _ in ranked[:MOST_VALUES])


def _counted(tables: Tables, name: str, field: str) -> Any:
    plan = tables[name].filter(~nw.col(field).is_null()).group_by(field).agg(nw.len().alias("n"))
    found = collect(plan)
    return zip(found[field].to_list(), found["n"].to_list(), strict=True)
