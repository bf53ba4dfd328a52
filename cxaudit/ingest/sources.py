"""From paths or uploaded bytes to sheets of text, one by one; a file that cannot be read never stops the others."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import fastexcel
import polars as pl

from cxaudit.ingest.read_sheet import LINE, Sheet, Unreadable, text_frame, unique_names
from cxaudit.schema.results import Phrase

__all__ = ["Sheet", "Unreadable", "read_bytes", "read_sources"]

PASSED_OVER = {".py", ".toml", ".md"}


def read_sources(paths: Iterable[Path]) -> Iterator[Sheet | Unreadable]:
    """Every sheet of the files and folders at `paths`; folders are read through, files that are no exports passed over."""
    for path in paths:
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file()):
                if file.suffix.lower() not in PASSED_OVER and not file.name.startswith("."):
                    yield from read_bytes(str(file), file.read_bytes())
        else:
            yield from read_bytes(str(path), path.read_bytes())


def read_bytes(name: str, data: bytes) -> Iterator[Sheet | Unreadable]:
    """Every sheet of one file given by its bytes."""
    if not data.strip():
        yield Unreadable(name, None, Phrase.of("reading.empty", file=name))
        return
    if data[:4] == b"PK\x03\x04" and not name.lower().endswith((".xlsx", ".xlsm", ".ods")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if not member.is_dir():
                    yield from read_bytes(f"{name}/{member.filename}", archive.read(member))
        return
    if name.lower().endswith((".xlsx", ".xlsm", ".ods", ".xls")):
        book = fastexcel.read_excel(data)
        for sheet in book.sheet_names:
            frame = book.load_sheet(sheet, header_row=None, dtypes="string").to_polars()
            yield _sheet(name, sheet, None, None, frame.rows(), list(range(1, frame.height + 1)), data)
        return
    try:
        text, encoding = data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = data.decode("cp1252", "replace"), "cp1252"
    if text.lstrip()[:1] in "[{":
        try:
            records = json.loads(text)
        except ValueError:
            records = [json.loads(line) for line in text.splitlines() if line.strip()]
        frame = pl.json_normalize(records if isinstance(records, list) else [records], separator=".", strict=False)
        frame = frame.cast(pl.String)
        rows = [tuple(frame.columns), *frame.rows()]
        yield _sheet(name, None, encoding, None, rows, list(range(len(rows))), data)
        return
    first = text.splitlines()[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, lines, line = [], [], 1
    for row in reader:
        if any(row):
            rows.append(row)
            lines.append(line)
        line = reader.line_num + 1
    yield _sheet(name, None, encoding, delimiter, rows, lines, data)


def _sheet(file, sheet, encoding, delimiter, rows, lines, data) -> Sheet:  # type: ignore[no-untyped-def]
    names = unique_names(rows[0])
    frame = text_frame(rows[1:], lines[1:], names)
    assert LINE in frame.columns
    digest = hashlib.sha256(data).hexdigest()
    return Sheet(
        file, sheet, encoding, delimiter, 1, 1, names, ("",) * len(names), frame, frame.height, frozenset(), (), digest
    )
