"""Days counted once with the audit: dense, eligible rows alone, reasons and scopes by their frequency."""

from datetime import datetime, timedelta

import polars as pl
import pytest

from cxaudit.audit import run_audit
from cxaudit.schema.days import day_number
from cxaudit.schema.results import Daybook
from cxaudit.schema.settings import Settings

START = datetime(2026, 1, 1, 9)


@pytest.fixture(scope="module")
def book() -> Daybook:
    orders = pl.DataFrame(
        {
            "order_id": ["1", "2", "3", "4"],
            "ordered_at": [START, START, START + timedelta(2), START + timedelta(4)],
            "customer_email": ["a@x.fr", "b@x.fr", "c@x.fr", "d@x.fr"],
            "is_test": [False, True, False, False],
            "country": ["FR", "FR", "BE", None],
            "product": ["Bougie + Drap", "Drap", "Drap", None],
        }
    )
    reasons = ["Retard", "Retard", "Retour", None]
    tickets = pl.DataFrame(
        {
            "created_at": [START + timedelta(day) for day in (1, 1, 3, 4)],
            "order_id": ["1", "1", "3", "4"],
            "reason": reasons,
            "channel": ["chat", "chat", "mail", "mail"],
            "is_spam": [False, False, False, False],
        }
    )
    found = run_audit({"orders": orders, "tickets": tickets}, Settings()).context.daybook
    assert found is not None
    return found


def test_each_day_from_the_first_to_the_last_has_its_count(book: Daybook) -> None:
    assert book.first == day_number(START.date())
    assert book.orders == (1, 0, 1, 0, 1)
    assert book.tickets == (0, 2, 0, 1, 1)


def test_reasons_stand_by_their_frequency(book: Daybook) -> None:
    assert book.reasons == {"Retard": (0, 2, 0, 0, 0), "Retour": (0, 0, 0, 1, 0)}
    assert list(book.reasons) == ["Retard", "Retour"]


def test_values_of_a_scope_are_those_of_the_data_products_one_by_one(book: Daybook) -> None:
    assert book.fields == {"country": ("FR", "BE"), "channel": ("chat", "mail"), "product": ("Drap", "Bougie")}
