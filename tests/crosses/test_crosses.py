"""Crosses against worked examples A13 and A14."""

from __future__ import annotations

import pytest
from handmade import at, frame, measured, order, ticket

from cxaudit.crosses.clicks import SIGNAL as CLICKS
from cxaudit.crosses.reply_speed import SIGNAL as REPLY_SPEED
from cxaudit.schema.results import Measure


def test_a13_clicks_at_the_same_campaigns() -> None:
    counts = [("1", True, 100, 4), ("1", False, 1000, 60), ("2", True, 300, 6), ("2", False, 500, 20)]
    orders, tickets, mails = [], [], []
    for campaign, dispute, sent, clicked in counts:
        for i in range(sent):
            name = f"{campaign}{dispute}{i}"
            orders.append(order(name, 1, name))
            if dispute:
                tickets.append(ticket(5, name, name, is_complaint=True))
            moment = at(20) if i < clicked else None
            mails.append({"sent_at": at(10), "customer_id": name, "campaign": campaign, "clicked_at": moment})
    tables = {"orders": frame(orders), "tickets": frame(tickets), "emails": frame(mails)}
    found = measured(CLICKS, tables, 25)
    dispute, smooth, gap = (found[f"cross.clicks.{name}"] for name in ("dispute", "smooth", "gap"))
    assert isinstance(smooth, Measure) and isinstance(gap, Measure)
    assert dispute.value == pytest.approx(0.025)  # type: ignore[union-attr]
    assert smooth.facts["raw"] == pytest.approx(0.05333, abs=1e-5)
    assert smooth.value == pytest.approx(0.045)
    assert gap.value == pytest.approx(-0.02)


def test_a14_reply_speed_at_the_same_reasons() -> None:
    counts = [("A", True, 100, 20), ("A", False, 50, 10), ("B", True, 50, 20), ("B", False, 150, 60)]
    orders, tickets = [], []
    for reason, fast, units, back in counts:
        for i in range(units):
            name = f"{reason}{fast}{i}"
            orders.append(order(name, 1, name))
            reply = at(2 + (0.01 if fast else 0.5))
            tickets.append(ticket(2, name, name, reason=reason, first_reply_at=reply))
            if i < back:
                tickets.append(ticket(9, name, name, reason=reason, first_reply_at=at(9.1)))
    found = measured(REPLY_SPEED, {"orders": frame(orders), "tickets": frame(tickets)}, 100)
    fast, slow = (found[f"cross.reply_speed.{name}"] for name in ("fast", "medium"))
    assert fast.facts["raw"] == pytest.approx(0.26667, abs=1e-5)  # type: ignore[union-attr]
    assert slow.facts["raw"] == pytest.approx(0.35)  # type: ignore[union-attr]
    assert fast.value == pytest.approx(0.31429, abs=1e-5)  # type: ignore[union-attr]
    assert slow.value == pytest.approx(0.31429, abs=1e-5)  # type: ignore[union-attr]
