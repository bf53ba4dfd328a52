"""The field page says in which order its irritants stand, and they stand so."""

from __future__ import annotations

from itertools import pairwise

from conftest import Open, words
from test_exports import upload
from test_verbatims_page import ORDERS, tickets
from test_workshop import held


def test_irritants_stand_in_the_order_that_is_said(open_page: Open) -> None:
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()), ("tickets.csv", tickets(40)))
    app.button(key="start").click().run()
    field = open_page("field", held(app))
    assert not field.exception and "Classés par tickets × recontact" in words(field)
    shown = held(app).audit.field_work.irritants  # type: ignore[union-attr]
    worth = [item.tickets * (item.recontact or 0.0) for item in shown]
    assert len(worth) > 1 and all(one >= other for one, other in pairwise(worth))
    assert list(field.dataframe[0].value["Tickets"]) == [item.tickets for item in shown]
