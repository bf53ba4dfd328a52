"""What is taken out of an audit before it leaves."""

from __future__ import annotations

from dataclasses import replace

import audits

from cxaudit.report.privacy import fit_to_leave, pseudonyms, removed_groups, visible
from cxaudit.schema.results import Point


def test_groups_under_five_are_gone_and_counted() -> None:
    audit = audits.full()
    kept = fit_to_leave(audit).measures["recontact.orders.30d"].segments["channel"]
    assert [item.segment for item in kept] == ["e-mail", "téléphone"]
    assert removed_groups(audit) == 3  # the chat, one irritant, one remark


def test_a_group_of_five_stays() -> None:
    assert visible((audits.segment("five", 1, 5), audits.segment("four", 1, 4)))[0].segment == "five"
    assert len(visible((audits.segment("four", 1, 4),))) == 0


def test_names_that_become_one_stay_apart() -> None:
    shown = visible((audits.segment("a@x.fr", 1, 9), audits.segment("b@x.fr", 2, 8), audits.segment("c", 2, 8)))
    assert [item.segment for item in shown] == ["[…@…]", "[…@…] (2)", "c"]


def test_a_month_under_five_says_only_that() -> None:
    measure = replace(audits.share("recontact.orders.30d", 3, 10), series=(audits.point(audits.MONTHS[0], 1, 4),))
    audit = replace(audits.empty(), measures={measure.key: measure})
    assert fit_to_leave(audit).measures[measure.key].series == (Point(audits.MONTHS[0], None, 0, None),)


def test_people_bear_pseudonyms() -> None:
    names = [item.segment for item in fit_to_leave(audits.full()).measures["recontact.orders.30d"].segments["agent"]]
    assert names == ["Agent 1", "Agent 2", "a3f29c1d"]
    assert pseudonyms(["Bo", "Al", "Bo"]) == {"Bo": "Agent 1", "Al": "Agent 2"}


def test_totals_and_daily_counts() -> None:
    before, after = audits.full(), fit_to_leave(audits.full())
    assert all(item.daily is None for item in after.measures.values())
    assert {k: (m.value, m.low, m.high) for k, m in before.measures.items()} == {
        k: (m.value, m.low, m.high) for k, m in after.measures.items()
    }
