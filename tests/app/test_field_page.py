"""The field page says in which order its irritants stand, and they stand so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from conftest import Open, words
from test_exports import upload
from test_verbatims_page import ORDERS, tickets
from test_workshop import held

from cxaudit.schema.results import Segment
from cxaudit.ui import charts, figures
from cxaudit.ui.charts import Drawing
from cxaudit.ui.session import Workshop


def test_what_is_a_share_of_something_else_is_no_bar_beside_the_rates(
    open_page: Open, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How many deliveries are late is told beside how often their customers write, not drawn on their axis."""
    assert workshop.audit is not None
    measures = workshop.audit.measures
    late = measures["field.late.share"]
    rates = {key: replace(late, key=key) for key in ("field.late.contact", "field.on_time.contact")}
    workshop.audit = replace(workshop.audit, measures={**measures, **rates})
    drawn: list[list[str]] = []
    real = charts.segments

    def seen(rows: Sequence[Segment], *rest: Any, **more: Any) -> Drawing:
        drawn.append([row.segment for row in rows])
        return real(rows, *rest, **more)

    monkeypatch.setattr(charts, "segments", seen)
    field = open_page("field", workshop)
    assert not field.exception
    assert [figures.name(key, "fr") for key in rates] in drawn
    alone = figures.name("field.late.share", "fr")
    assert not [names for names in drawn if alone in names] and alone in words(field).replace("\\", "")


def test_irritants_stand_in_the_order_that_is_said(open_page: Open) -> None:
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()), ("tickets.csv", tickets(40)))
    app.button(key="start").click().run()
    field = open_page("field", held(app))
    assert not field.exception and "Classés par tickets × recontact" in words(field)
    shown = held(app).audit.field_work.irritants  # type: ignore[union-attr]
    worth = [item.tickets * (item.recontact or 0.0) for item in shown]
    assert len(worth) > 1 and all(one >= other for one, other in pairwise(worth))
    assert list(field.dataframe[0].value["Tickets"]) == [item.tickets for item in shown]
