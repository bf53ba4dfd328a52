"""What a person brought is gone once it is erased, or once the person has left for good."""

from __future__ import annotations

import gc
import weakref

import pytest
from conftest import Open
from made_audit import made
from test_exports import ORDERS, TICKETS, upload
from test_workshop import held

from cxaudit.ui.leaving import GRACE_SECONDS, Attendance, give_back
from cxaudit.ui.session import Workshop


class Rows:
    """Something that a workshop holds."""


@pytest.fixture
def brought() -> tuple[Workshop, weakref.ref[Rows]]:
    rows = Rows()
    brought = Workshop(client="Alba", sheets={"a.csv": (rows,)}, ingested=rows, live=rows, audit=made())
    return brought, weakref.ref(rows)


def freed(ref: weakref.ref[Rows]) -> bool:
    gc.collect()
    return ref() is None


def test_who_left_for_good_leaves_nothing(brought: tuple[Workshop, weakref.ref[Rows]]) -> None:
    workshop, rows = brought
    room = Attendance()
    room.seen("anne", workshop)
    assert room.sweep(0.0, lambda person: False) == 0 and not freed(rows)
    assert room.sweep(GRACE_SECONDS - 1, lambda person: False) == 0 and not freed(rows)
    assert room.sweep(GRACE_SECONDS, lambda person: False) == 1
    assert freed(rows) and workshop.audit is None and workshop.client == ""
    assert room.sweep(9 * GRACE_SECONDS, lambda person: False) == 0


def test_who_comes_back_in_time_finds_all(brought: tuple[Workshop, weakref.ref[Rows]]) -> None:
    workshop, rows = brought
    room = Attendance()
    room.seen("anne", workshop)
    room.sweep(0.0, lambda person: False)
    room.sweep(GRACE_SECONDS - 1, lambda person: True)
    assert room.sweep(GRACE_SECONDS + 1, lambda person: False) == 0
    assert not freed(rows) and workshop.client == "Alba"


def test_only_those_who_left_lose_anything(brought: tuple[Workshop, weakref.ref[Rows]]) -> None:
    workshop, rows = brought
    room, other = Attendance(), Workshop(client="Basile")
    room.seen("anne", workshop)
    room.seen("basile", other)
    room.sweep(0.0, lambda person: person == "basile")
    assert room.sweep(GRACE_SECONDS, lambda person: person == "basile") == 1
    assert freed(rows) and other.client == "Basile"


def test_erasing_frees_the_rows_though_buttons_still_refer_to_the_workshop(open_page: Open) -> None:
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()), ("tickets.csv", TICKETS.encode()))
    app.button(key="start").click().run()
    report = open_page("report", held(app))
    former = held(report)
    rows = weakref.ref(former.ingested.tables["orders"])
    report.button(key="erase-now").click().run()
    gc.collect()
    assert rows() is None
    assert former.audit is None and former.sheets == {} and held(report) is not former


def test_memory_is_given_back_on_any_system(monkeypatch: pytest.MonkeyPatch) -> None:
    give_back()
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("ctypes.CDLL", lambda name: pytest.fail("no C library is asked for"))
    give_back()
