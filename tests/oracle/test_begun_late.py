"""A source that begins after the orders: nothing that it does not tell is taken for nothing that happened."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

from cxaudit.audit import run_audit
from cxaudit.schema.results import Audit, Span
from cxaudit.schema.settings import Settings

FIRST, DAYS = datetime(2025, 1, 1, 10), 600


def shop(tickets_from: int, every: int = 1, undated: int = 0) -> dict[str, pl.DataFrame]:
    """Four orders a day of as many customers; one of them writes `every` so many days, from a day on."""
    orders = [
        (f"{day}-{n}", FIRST + timedelta(day), f"c{day}-{n}@example.org") for day in range(DAYS) for n in range(4)
    ]
    tickets = [(f"{day}-0", FIRST + timedelta(day, hours=5), f"c{day}-0@example.org")
               for day in range(tickets_from, DAYS, every)]  # fmt: skip
    names = ["order_id", "ordered_at", "customer_email"]
    reviews = {
        "text": ["Très bien"] * (40 + undated),
        "created_at": [FIRST + timedelta(n) for n in range(40)] + [None] * undated,
    }
    return {
        "orders": pl.DataFrame(orders, names, orient="row"),
        "tickets": pl.DataFrame(tickets, [names[0], "created_at", names[2]], orient="row"),
        "reviews": pl.DataFrame(reviews),
    }


def mails() -> pl.DataFrame:
    """Each buyer clicks on a mail a day later: nobody is silent."""
    rows = [(FIRST + timedelta(day + 1), f"c{day}-{n}@example.org") for day in range(DAYS) for n in range(4)]
    return pl.DataFrame(rows, ["sent_at", "customer_email"], orient="row").with_columns(clicked_at=pl.col("sent_at"))


def told(audit: Audit) -> set[str]:
    return {warning.key for warning in audit.warnings}


@pytest.mark.parametrize(("tickets_from", "late"), [(0, False), (14, False), (15, True), (300, True)])
def test_tickets_that_begin_late_withhold_what_is_counted_among_orders(tickets_from: int, late: bool) -> None:
    audit = run_audit(shop(tickets_from), Settings())
    ratio = audit.measures["surface.tickets_per_100_orders"]
    assert (ratio.numerator, ratio.denominator) == (DAYS - tickets_from, 4 * DAYS)
    assert ("R9" in ratio.refusals, ratio.verdict == "established") == (late, not late)
    assert ("warning.begins_late" in told(audit)) == late
    # what is counted among tickets alone is seen from its first day on
    assert "R9" not in audit.measures["recontact.orders.30d"].refusals


@pytest.mark.parametrize(("tickets_from", "state"), [(0, "not green"), (300, "open")])
def test_few_tickets_of_a_source_that_begins_late_are_no_kpi_that_holds(tickets_from: int, state: str) -> None:
    """25 tickets per 100 orders once they are kept; 12.5, under the target of 15, over the days before as well."""
    audit = run_audit({**shop(tickets_from), "emails": mails()}, Settings())
    [few] = [one for one in audit.mirages if one.key == "few_tickets"]
    assert few.state == state


def test_a_period_that_begins_with_the_source_lifts_the_reservation() -> None:
    period = Span((FIRST + timedelta(300)).date(), (FIRST + timedelta(DAYS - 1)).date())
    audit = run_audit(shop(300), Settings(period=period))
    ratio = audit.measures["surface.tickets_per_100_orders"]
    assert ratio.value == pytest.approx(25.0) and not ratio.refusals


def test_a_silence_that_may_be_chance_is_none() -> None:
    """A ticket every twelve days: ten of them take 120 days."""
    assert "R9" not in run_audit(shop(108, every=12), Settings()).measures["surface.tickets_per_100_orders"].refusals
    assert "R9" in run_audit(shop(132, every=12), Settings()).measures["surface.tickets_per_100_orders"].refusals


def test_days_before_the_source_began_are_compared_with_nothing() -> None:
    """Last quarter against the year before, when no ticket was kept: no rise from nought."""
    a, b = (Span(datetime(year, 4, 1).date(), datetime(year, 6, 30).date()) for year in (2025, 2026))
    compared = run_audit(shop(300), Settings(compare=a, period=b)).context.signals["surface.tickets_per_100_orders"]
    assert compared.raw_a is None and compared.raw_b == pytest.approx(25.0)
    assert compared.verdict == "insufficient"
    whole = run_audit(shop(0), Settings(compare=a, period=b)).context.signals["surface.tickets_per_100_orders"]
    assert whole.raw_a == pytest.approx(25.0)


def test_rows_without_a_date_are_told() -> None:
    audit = run_audit(shop(0, undated=7), Settings())
    facts = [dict(warning.facts) for warning in audit.warnings if warning.key == "warning.undated"]
    assert facts == [{"table": "tables.reviews.label", "rows": 7}]
    assert "warning.undated" not in told(run_audit(shop(0), Settings()))
