"""The whole second reading on worlds pushed to an edge: bare days, one customer, nothing ripe, tickets too early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import beside
import middles
import polars as pl
import pytest
import scores
import spoken
import standardised
import written
from agree import differences
from oracle import Figure, World, figures

from cxaudit import run_audit
from cxaudit.errors import UnusableData
from cxaudit.schema.results import Span
from cxaudit.schema.settings import Settings

Frames = dict[str, pl.DataFrame]
PLAIN = Settings()
MOMENT = pl.selectors.datetime()


def _midnight(made: Frames) -> Frames:
    """Days alone: every two things of one day are a tie."""
    return {name: frame.with_columns(MOMENT.dt.truncate("1d")) for name, frame in made.items()}


def _one_customer(made: Frames) -> Frames:
    name = pl.lit("One@Shop.example").alias("customer_email")
    return {
        table: frame.with_columns(name) if "customer_email" in frame.columns else frame for table, frame in made.items()
    }


def _nobody(made: Frames) -> Frames:
    gone = [pl.lit(None, pl.String).alias(column) for column in ("customer_email", "customer_id")]
    return {
        table: frame.with_columns(c for c in gone if c.meta.output_name() in frame.columns)
        for table, frame in made.items()
    }


def _shouted(made: Frames) -> Frames:
    """The same orders and tickets in capitals, with spaces and a hash, in some tables alone."""
    bare = pl.col("order_id").str.strip_prefix("#").str.to_uppercase()
    loud = pl.concat_str(pl.lit(" # "), bare, pl.lit(" ")).alias("order_id")
    return made | {name: made[name].with_columns(loud) for name in ("tickets", "returns", "gestures")}


def _earlier_tickets(made: Frames) -> Frames:
    return made | {"tickets": made["tickets"].with_columns(MOMENT.dt.offset_by("-60d"))}


def _one_row(made: Frames) -> Frames:
    return {name: frame.head(1) for name, frame in made.items()}


def _copies(made: Frames) -> Frames:
    """Each table twice over: rows alike in everything."""
    return {name: pl.concat([frame, frame]) for name, frame in made.items() if name not in ("orders", "tickets")} | {
        name: made[name] for name in ("orders", "tickets")
    }


def _without(table: str) -> Callable[[Frames], Frames]:
    return lambda made: made | {table: made[table].head(0)}


def _same(made: Frames) -> Frames:
    return made


SUMMER = Span(date(2025, 6, 1), date(2025, 8, 31))
EDGES: dict[str, tuple[Callable[[Frames], Frames], Settings]] = {
    "midnight": (_midnight, PLAIN),
    "midnight in summer": (_midnight, Settings(as_of=date(2025, 12, 31), period=SUMMER)),
    "one customer": (_one_customer, PLAIN),
    "nobody": (_nobody, PLAIN),
    "shouted": (_shouted, PLAIN),
    "tickets before orders": (_earlier_tickets, PLAIN),
    "nothing ripe": (_same, Settings(as_of=date(2025, 8, 6), period=Span(date(2025, 8, 1), date(2025, 8, 31)))),
    "as of a day long before the last rows": (_same, Settings(as_of=date(2025, 4, 15))),
    "a single day": (_same, Settings(as_of=date(2026, 1, 31), period=Span(date(2025, 7, 7), date(2025, 7, 7)))),
    "one row": (_one_row, PLAIN),
    "copies": (_copies, PLAIN),
    **{
        f"no {name}": (_without(name), Settings(as_of=date(2026, 1, 10)))
        for name in ("orders", "tickets", "surveys", "emails")
    },
}


@pytest.mark.parametrize("edge", EDGES)
def test_the_second_reading_holds_on_the_edge(edge: str) -> None:
    change, settings = EDGES[edge]
    made = change(written.world(131, 50))
    assert not differences(_read(made, settings), run_audit(made, settings))


def _read(made: Frames, settings: Settings) -> dict[str, Figure]:
    world, heard = World(made, settings), written.heard(made)
    read: dict[str, Figure] = figures(made, settings)
    for readings in (beside, scores, standardised, middles):
        for part in readings.PARTS:
            read.update(part(world))
    for told in spoken.PARTS:
        read.update(told(world, heard))
    return read


def test_moments_of_the_clocks_change_are_days_of_the_audits_clock() -> None:
    """The same moments as UTC: what happened at 23:30 UTC in summer happened on the next day in Paris."""
    made = written.world(132, 50)
    paris = MOMENT.dt.replace_time_zone("Europe/Paris", ambiguous="earliest", non_existent="null")
    aware = {name: frame.with_columns(paris) for name, frame in made.items()}
    local = {name: frame.with_columns(MOMENT.dt.replace_time_zone(None)) for name, frame in aware.items()}
    utc = {name: frame.with_columns(MOMENT.dt.convert_time_zone("UTC")) for name, frame in aware.items()}
    days = set(pl.concat([frame.select(MOMENT).unpivot()["value"] for frame in made.values()]).dt.date())
    assert {date(2025, 3, 30), date(2025, 10, 26)} <= days
    assert not differences(_read(local, PLAIN), run_audit(utc, PLAIN))


def test_nothing_at_all_is_said_to_be_nothing() -> None:
    made = {name: frame.head(0) for name, frame in written.world(131, 50).items()}
    with pytest.raises(UnusableData):
        run_audit(made)


def test_an_edge_is_an_edge() -> None:
    """Each change leaves something to read; none leaves the tables as they were."""
    made: Any = written.world(131, 50)
    for name, (change, settings) in EDGES.items():
        changed = change(made)
        assert changed.keys() == made.keys()
        assert settings != PLAIN or any(not changed[table].equals(made[table]) for table in made), name
