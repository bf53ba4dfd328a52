"""What is taken out of an audit before it leaves."""

from __future__ import annotations

from dataclasses import replace

import audits
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxaudit.report.privacy import fit_to_leave, hidden, pseudonyms, removed_groups, visible
from cxaudit.schema.results import Point


def test_groups_under_five_are_gone_and_counted() -> None:
    audit = audits.full()
    kept = fit_to_leave(audit).measures["recontact.orders.30d"].segments["channel"]
    assert [item.segment for item in kept] == ["e-mail"]
    assert removed_groups(audit) == 4  # the chat and the telephone that would betray it, one irritant, one remark


def test_a_group_of_five_stays() -> None:
    assert [item.segment for item in visible((audits.segment("five", 1, 5), audits.segment("six", 1, 6)))] == [
        "five",
        "six",
    ]
    assert len(visible((audits.segment("four", 1, 4),))) == 0


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((60, 30, 6, 3), (60, 30)),  # 99 less 60, 30 and 6 is 3: the six go with it
        ((60, 30, 7, 4, 3), (60, 30, 7)),  # two small ones, seven together: neither can be told
        ((60, 30, 2, 1), (60,)),  # together only three people: one more goes
        ((60, 30, 0, 6), (60, 30, 6)),  # an empty class betrays nobody
        ((100, 4), ()),
        ((5, 5, 5), (5, 5, 5)),
        ((4, 4), ()),
        ((), ()),
    ],
)
def test_no_small_group_can_be_told_by_subtraction(sizes: tuple[int, ...], shown: tuple[int, ...]) -> None:
    gone = hidden(sizes)
    assert tuple(size for place, size in enumerate(sizes) if place not in gone) == shown


@given(st.lists(st.integers(0, 40), max_size=12))
def test_what_is_left_of_the_total_is_never_one_group_nor_fewer_than_five(sizes: list[int]) -> None:
    gone = [sizes[place] for place in hidden(sizes) if sizes[place]]
    everything = len(hidden(sizes)) == len(sizes)
    assert not gone or everything or (len(gone) > 1 and sum(gone) >= 5)
    assert not [size for place, size in enumerate(sizes) if place not in hidden(sizes) and size < 5]


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
