"""Whatever the dialect, the encoding and the faults: no exception, and every row read kept, folded or set aside.

`CXAUDIT_DIRTY_FILES=10000 pytest tests/ingest/map/test_dirty_files.py` tries more of them.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest
from dirty_files import Dirty, dirty_file

from cxaudit.ingest import Entry, Ingested, ingest
from cxaudit.ingest.entries import NONE
from cxaudit.ingest.sources import Sheet, Unreadable, read_bytes
from cxaudit.schema.tables import TABLES

COUNT = int(os.environ.get("CXAUDIT_DIRTY_FILES", "2000"))
BATCH = 100
# Every so many files are recognised and read by what they seem to be; the others by a mapping at random.
RECOGNISED = 10
# So many sheets are taken in together, every third of them twice.
TOGETHER = 10


def sheets_of(file: Dirty) -> list[Sheet | Unreadable]:
    return list(read_bytes(file.name, file.data))


def any_mapping(entry: Entry, draw: random.Random) -> Entry:
    """The entry with columns put on fields at random, as a person may."""
    table = TABLES[draw.choice(sorted(TABLES))]
    mapping = {name: draw.choice(entry.columns) for name in table.names if draw.random() < 0.4}
    missing = table.missing(mapping)
    return replace(entry, table=table.name, mapping=mapping, derived={}, missing_required=missing)


def check(found: Ingested) -> None:
    assert len(found.exports) == len(found.entries)
    for export in found.exports:
        aside = sum(part.rows for part in export.set_aside)
        assert export.rows_read == export.rows_kept + export.rows_folded + aside
        assert min(export.rows_kept, export.rows_folded, aside) >= 0
    assert found.set_aside.height == sum(part.rows for export in found.exports for part in export.set_aside)
    assert found.set_aside["line"].null_count() == 0


def recorded(seed: int, file: Dirty, sheets: list[Sheet | Unreadable]) -> None:
    """Nothing that holds something is left out when a sound file is cut into records."""
    readable = [sheet for sheet in sheets if isinstance(sheet, Sheet)]
    if file.records is None or not readable:
        return
    (sheet,) = readable
    skipped = sheet.frame.height + sheet.header_rows
    assert skipped <= file.records, f"seed {seed}: more records than lines that hold something"
    if sheet.header_row == 1:
        assert skipped == file.records, f"seed {seed}: a line that holds something is in no record"


def read_as_they_seem(sheets: list[Sheet | Unreadable]) -> None:
    found = ingest(sheets)
    check(found)
    assert [export.rows_read for export in found.exports] == [getattr(sheet, "rows", 0) for sheet in sheets]


def read_at_random(sheets: list[Sheet], draw: random.Random) -> None:
    entries = [any_mapping(Entry(sheet.file, sheet.sheet, NONE, columns=sheet.names), draw) for sheet in sheets]
    check(ingest([*sheets, *sheets[::3]], entries=[*entries, *entries[::3]]))


@pytest.mark.parametrize("start", range(0, COUNT, BATCH))
def test_no_row_is_lost_and_nothing_breaks(start: int):
    waiting: list[Sheet] = []
    for seed in range(start, start + BATCH):
        file = dirty_file(seed)
        sheets = sheets_of(file)
        recorded(seed, file, sheets)
        if seed % RECOGNISED == 0:
            read_as_they_seem(sheets)
        else:
            waiting += [sheet for sheet in sheets if isinstance(sheet, Sheet) and sheet.names]
        if len(waiting) >= TOGETHER:
            read_at_random(waiting, random.Random(seed))
            waiting = []
