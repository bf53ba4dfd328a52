"""How often made layouts are recognised, and their fields found: measured over many, never over one."""

from __future__ import annotations

import random

import pytest
from home_made import listed_layouts
from made_exports import LANGUAGES, NAMES, Made, Maker, as_bytes

from cxaudit.ingest import inspect_sheets
from cxaudit.ingest.entries import Entry
from cxaudit.ingest.read_layout import LINE
from cxaudit.ingest.sources import read_bytes


def judge(entry: Entry, truth: dict[str, str]) -> tuple[int, int]:
    """Fields found in the right column, and fields put on a wrong one."""
    right = sum(
        entry.mapping.get(name) == column or column in entry.derived.get(name, {}).get("from", ())
        for name, column in truth.items()
    )
    wrong = sum(truth.get(name) != column for name, column in entry.mapping.items())
    return right, wrong


def entry_of(made: Made, seed: int) -> Entry:
    name, data = as_bytes(made, random.Random(seed))
    return inspect_sheets(read_bytes(name, data))[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_made_exports_are_recognised_and_their_fields_found(language: str):
    made = [Maker(seed * 977 + len(table)).make(table, language, rows=40) for table in NAMES for seed in range(3)]
    entries = [entry_of(one, seed) for seed, one in enumerate(made)]
    known = [(entry, one) for entry, one in zip(entries, made, strict=True) if entry.table == one.table]
    scores = [judge(entry, one.truth) for entry, one in known]
    fields = sum(len(one.truth) for _, one in known)
    assert len(known) >= 0.95 * len(made)
    assert sum(right for right, _ in scores) >= 0.95 * fields
    assert sum(wrong for _, wrong in scores) < 0.02 * fields


@pytest.mark.parametrize("file", ["home_made.txt", "found.txt", "others.txt", "fresh.txt", "habits.txt", "later.txt"])
def test_listed_layouts_are_recognised_and_their_fields_found(file: str):
    layouts = listed_layouts(file)
    known, right, wrong, fields = 0, 0, 0, 0
    for layout in layouts:
        (entry,) = inspect_sheets([layout.sheet])
        if entry.table == layout.table:
            known += 1
            fields += len(layout.truth)
            found = judge(entry, layout.truth)
            right, wrong = right + found[0], wrong + found[1]
    assert known >= 0.95 * len(layouts)
    assert right >= 0.95 * fields
    assert wrong < 0.02 * fields


def test_order_and_letter_case_of_the_columns_change_nothing():
    for table in NAMES:
        one = Maker(5).make(table, "fr", rows=40)
        (before,) = inspect_sheets([one.sheet])
        names = tuple(reversed(one.sheet.names))
        frame = one.sheet.frame.select(*names, LINE).rename({name: name.upper() for name in names})
        turned = type(one.sheet)(**{**vars(one.sheet), "names": tuple(n.upper() for n in names), "frame": frame})
        (after,) = inspect_sheets([turned])
        assert after.table == before.table
        assert after.mapping == {name: column.upper() for name, column in before.mapping.items()}


def test_recognition_changes_nothing_of_the_sheet():
    one = Maker(11).make("orders", "en", rows=30)
    before = one.sheet.frame.clone()
    inspect_sheets([one.sheet])
    assert one.sheet.frame.equals(before)
