"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS) to sheets of text, by calamine in a child process under a memory limit."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from cxaudit.ingest.read_archive import Allowance, TooLarge, stream
from cxaudit.ingest.read_charset import Buffer
from cxaudit.ingest.read_layout import LINE, Row, read_layout
from cxaudit.ingest.read_sheet import Sheet, Unreadable, finish, under
from cxaudit.schema.results import Phrase

BUDGET = 3 << 29
MEMORY = 4 << 30
SECONDS = 600
HEAD_ROWS = 150
# calamine gives times and durations as moments counted from here.
_CLOCK = r"^(?:1899-12-3[01]|19(?:00|0[1-9])-\d\d-\d\d) \d\d:\d\d:\d\d"
_UNVALUED = (b"</f></c>", b"</f><v></v>", b"</f><v/>", b"</f><v />")


@dataclass
class _Book:
    """What the child process told."""

    sheets: list[tuple[str, str, pl.DataFrame]] = field(default_factory=list)
    error: str = ""
    died: bool = False


@dataclass
class _Parts:
    """Formulas without a stored value, and whether there are times of an open document."""

    unvalued: int = 0
    clocks: bool = False


def read_workbook(file: str, data: Buffer, digest: str) -> Iterator[Sheet | Unreadable]:
    """Every sheet that holds rows; empty ones are passed over unless all are."""
    try:
        parts = _inspect(data)
    except TooLarge:
        yield Unreadable(file, None, Phrase.of("reading.workbook.bomb", file=file))
        return
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError):
        yield Unreadable(file, None, Phrase.of("reading.workbook.damaged", file=file))
        return
    unvalued = parts.unvalued
    book = _run(data, "open document" if parts.clocks else "dense")
    stray = book.died and bytes(data[:2]) == b"PK"
    if stray:
        book = _run(data, "sparse")
    if book.died or book.error:
        yield Unreadable(file, None, _fault(file, book))
        return
    found = 0
    for name, visible, frame in book.sheets:
        sheet = _sheet(file, name, frame, digest, _remarks(visible, stray, unvalued))
        if sheet is not None:
            found += 1
            yield sheet
    if not found:
        yield Unreadable(
            file, None, Phrase.of("reading.workbook.formulas" if unvalued else "reading.workbook.empty", file=file)
        )


def _fault(file: str, book: _Book) -> Phrase:
    if book.died:
        return Phrase.of("reading.workbook.stray", file=file)
    if "assword" in book.error or "ncrypt" in book.error:
        return Phrase.of("reading.foreign.encrypted", file=file)
    return Phrase.of("reading.workbook.damaged", file=file)


def _inspect(data: Buffer) -> _Parts:
    """What the parts hold; every one is inflated once under the budget, and counted as it comes."""
    parts = _Parts()
    if bytes(data[:2]) != b"PK":
        return parts
    allowance = Allowance(BUDGET)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            kept = b""
            for piece in stream(data, member, allowance):
                if "worksheets/" in member.filename:
                    text = kept + piece
                    parts.unvalued += sum(text.count(mark) for mark in _UNVALUED)
                    # The longest mark less one byte, so that no mark is missed or counted twice at a seam.
                    kept = text[-1 - text[::-1].find(b"<") :] if b"<" in text[-12:] else b""
                elif member.filename == "content.xml":
                    parts.clocks = parts.clocks or b'value-type="time"' in piece
    return parts


def _run(data: Buffer, mode: str) -> _Book:
    script = Path(__file__).with_name("read_workbook_child.py")
    # -P: the folder of the script holds modules named as in the standard library.
    command = [sys.executable, "-P", str(script), mode, str(MEMORY)]
    try:
        done = subprocess.run(command, input=bytes(data), capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return _Book(died=True)
    return _parsed(done.stdout, done.returncode)


def _parsed(out: bytes, code: int) -> _Book:
    book = _Book(died=True)
    view = io.BytesIO(out)
    while line := view.readline():
        head = json.loads(line)
        if "error" in head:
            book.error, book.died = head["error"], False
        elif "done" in head:
            book.died = code != 0
        else:
            book.sheets.append(
                (head["sheet"], head["visible"], pl.read_ipc_stream(io.BytesIO(view.read(head["size"]))))
            )
    if "emory" in book.error:
        book.died = True
    return book


def _remarks(visible: str, stray: bool, unvalued: int) -> tuple[Phrase, ...]:
    remarks = []
    if visible != "visible":
        remarks.append(Phrase.of("reading.why.hidden"))
    if stray:
        remarks.append(Phrase.of("reading.why.stray"))
    if unvalued:
        remarks.append(Phrase.of("reading.why.unvalued", count=unvalued))
    return tuple(remarks)


def _sheet(
    file: str, name: str, frame: pl.DataFrame, digest: str, remarks: tuple[Phrase, ...]
) -> Sheet | Unreadable | None:
    frame = _clocks(_inked(frame))
    if frame.width < 2 or not frame.height:
        return None
    head = tuple(Row(row[-1], tuple(cell or "" for cell in row[:-1])) for row in frame.head(HEAD_ROWS).rows())
    layout = read_layout(head)
    if layout.first >= len(head):
        return Unreadable(file, name, Phrase.of("reading.sheet_header_only", file=file, sheet=name))
    why = (Phrase.of("reading.why.sheet", sheet=name), *layout.why, *remarks)
    body = frame.filter(pl.col(LINE) >= head[layout.first].line)
    return finish(under(layout, file, name, body, digest=digest, why=why), head[layout.first :])


def _inked(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without blank rows and columns, each row with its number in the sheet."""
    if LINE not in frame.columns:
        frame = frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(LINE))
    cells = [name for name in frame.columns if name != LINE]
    filled = frame.select(pl.col(cells).str.contains(r"\S").any()).row(0)
    cells = [name for name, any_filled in zip(cells, filled, strict=True) if any_filled]
    if not cells:
        return pl.DataFrame({LINE: []}, schema={LINE: pl.Int64})
    return frame.select(*cells, LINE).filter(pl.any_horizontal(pl.col(cells).str.contains(r"\S").fill_null(False)))


def _clocks(frame: pl.DataFrame) -> pl.DataFrame:
    """Times of day and durations as hours:minutes:seconds rather than as moments of 1899."""
    cells = [name for name in frame.columns if name != LINE]
    if not cells:
        return frame
    found = frame.select(pl.col(cells).str.contains(_CLOCK).any()).row(0)
    affected = [name for name, any_clock in zip(cells, found, strict=True) if any_clock]
    return frame.with_columns(_clock(name) for name in affected)


def _clock(name: str) -> pl.Expr:
    cell = pl.col(name)
    moment = cell.str.slice(0, 19).str.strptime(pl.Datetime("us"), "%Y-%m-%d %H:%M:%S", strict=False)
    since = (moment - pl.datetime(1899, 12, 31)).dt.total_seconds()
    parts = [since // 3600, since // 60 % 60, since % 60]
    written = pl.concat_str([part.cast(pl.String).str.zfill(2) for part in parts], separator=":")
    return pl.when(cell.str.contains(_CLOCK)).then(written).otherwise(cell).alias(name)
