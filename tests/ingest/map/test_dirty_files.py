"""Whatever the dialect, the encoding and the faults: no exception, and every row read kept, folded or set aside.

`CXAUDIT_DIRTY_FILES=5000 pytest tests/ingest/map/test_dirty_files.py` tries more of them.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest
from dirty_files import Dirty, dirty_file

from cxaudit.ingest import Entry, Ingested, ingest, inspect_sheets
from cxaudit.ingest.sources import Sheet, Unreadable, read_bytes
from cxaudit.schema.tables import TABLES

COUNT = int(os.environ.get("CXAUDIT_DIRTY_FILES", "300"))
BATCH = 25
# Every so many files are read by a mapping at random too, and twice.
FORCED = 3


def sheets_of(file: Dirty) -> list[Sheet | Unreadable]:
    return list(read_bytes(file.name, file.data))


def any_mapping(entry: Entry, draw: random.Random) -> Entry:
    """The entry with columns put on fields at random, as a person may."""
    table = TABLES[draw.choice(sorted(TABLES))]
    mapping = {name: draw.choice(entry.columns) for name in table.names if draw.random() < 0.6}
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


@pytest.mark.parametrize("start", range(0, COUNT, BATCH))
def test_no_row_is_lost_and_nothing_breaks(start: int):
    for seed in range(start, start + BATCH):
        file, draw = dirty_file(seed), random.Random(seed)
        sheets = sheets_of(file)
        readable = [sheet for sheet in sheets if isinstance(sheet, Sheet)]
        found = ingest(sheets)
        check(found)
        assert [export.rows_read for export in found.exports] == [getattr(sheet, "rows", 0) for sheet in sheets]
        if seed % FORCED == 0:
            entries = inspect_sheets(sheets)
            forced = [any_mapping(one, draw) if one.columns else one for one in entries]
            check(ingest([*sheets, *sheets], entries=[*forced, *forced]))
        if file.records is not None and readable:
            (sheet,) = readable
            skipped = sheet.frame.height + sheet.header_rows
            assert skipped <= file.records, f"seed {seed}: more records than lines that hold something"
            if sheet.header_row == 1:
                assert skipped == file.records, f"seed {seed}: a line that holds something is in no record"
