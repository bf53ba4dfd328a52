"""Large uploads, read from a private file rather than from memory.

A file beyond `LARGE` is moved to a folder that only the server's user may open, its bytes in memory are let go, and it
is read block by block for the columns that are needed. The folder lasts as long as the sheets read from it: taking the
file out of the audit, erasing the audit or closing the tab lets go of them, and with them of the folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cxaudit.ingest import glance_file, read_file
from cxaudit.ingest.read_lean import LARGE
from cxaudit.ingest.sources import Sheet, Unreadable, read_bytes
from cxaudit.ui import session

Sheets = tuple[Sheet | Unreadable, ...]


class Spilled(tuple[Sheet | Unreadable, ...]):
    """The sheets of a large file, with the folder that holds it; the folder goes when they do."""

    folder: TemporaryDirectory[str]

    @classmethod
    def of(cls, sheets: Iterable[Sheet | Unreadable], folder: TemporaryDirectory[str]) -> Spilled:
        made = cls(sheets)
        made.folder = folder
        return made


def read_upload(file: Any) -> Sheets:
    """The sheets of an uploaded file; those of a large one hold some of its records, by which it is recognised."""
    if file.size <= LARGE:
        return tuple(read_bytes(file.name, file.getvalue()))
    folder = TemporaryDirectory(prefix="cxaudit-", ignore_cleanup_errors=True)
    _path(folder).write_bytes(file.getvalue())
    session.release_upload(file)
    return Spilled.of(glance_file(_path(folder), file.name), folder)


def whole(name: str, sheets: Sheets, mapping: Sequence[Mapping[str, Any]]) -> Iterator[Sheet | Unreadable]:
    """The sheets with all their records: those of a large file are read for the columns that `mapping` asks for."""
    if isinstance(sheets, Spilled) and any(isinstance(sheet, Sheet) and sheet.sample is not None for sheet in sheets):
        yield from read_file(_path(sheets.folder), name, mapping=mapping)
    else:
        yield from sheets


def _path(folder: TemporaryDirectory[str]) -> Path:
    return Path(folder.name) / "export"
