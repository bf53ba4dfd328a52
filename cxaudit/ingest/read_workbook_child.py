"""Run as a process of its own, under a memory limit: a workbook on stdin, its sheets of text on stdout.

One stray cell in the last column of the last row makes the reader ask for hundreds of gigabytes and abort; only a
process that may die can take that. Imports nothing of the package: started as a plain script.

Output: for each sheet a line of JSON {"sheet", "visible", "size"} and `size` bytes of Arrow stream; at the end
{"done": true} or {"error": text}.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

import fastexcel
import polars as pl

SPARSE_COLUMNS = 2_000
LINE = "\0line"  # as in read_layout


def limit_memory(size: int) -> None:
    """Refuse more than `size` bytes, or half the machine's memory, on top of those mapped, where systems can."""
    try:
        import os
        import resource
        from pathlib import Path

        size = min(size, os.sysconf("SC_PHYS_PAGES") * resource.getpagesize() // 2)
        mapped = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + size, mapped + size))
    except (ImportError, OSError, ValueError):
        return


def dense_sheets(data: bytes) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Every sheet as text with all its rows from the first on: dates as ISO, numbers with a decimal point."""
    book = fastexcel.read_excel(data)
    for name in book.sheet_names:
        try:
            sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        except (fastexcel.InvalidParametersError, fastexcel.CalamineError) as error:
            if "worksheet" in str(error).lower() and "not found" in str(error).lower():
                continue  # A sheet that is only a chart.
            raise
        if sheet.height and sheet.width:
            yield name, sheet.visible, sheet.to_polars()


def sparse_sheets(data: bytes) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """The same, slower, for sheets with a cell far beyond their data; what stands beyond column 2,000 is left out."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        rows: list[list[str | None]] = []
        lines: list[int] = []
        for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [text(value) for value in row[:SPARSE_COLUMNS]]
            while cells and cells[-1] is None:
                cells.pop()
            if cells:
                rows.append(cells)
                lines.append(line)
        if rows:
            yield sheet.title, sheet.sheet_state, framed(rows, lines)


def open_document_sheets(data: bytes) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """The sheets of an ODS file with times of day, which the fast reader gives as blanks."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as content:
        name, line = "", 0
        rows: list[list[str | None]] = []
        lines: list[int] = []
        for event, node in ElementTree.iterparse(content, events=("start", "end")):
            tag = node.tag.rpartition("}")[2]
            if tag == "table" and event == "start":
                name, line, rows, lines = attribute(node, "name"), 0, [], []
            elif tag == "table-row" and event == "end":
                cells = open_document_cells(node)
                repeated = int(attribute(node, "number-rows-repeated") or 1)
                if cells:
                    rows += [cells] * repeated
                    lines += range(line + 1, line + repeated + 1)
                line += repeated
                node.clear()
            elif tag == "table" and event == "end" and rows:
                yield name, "visible", framed(rows, lines)


def open_document_cells(row: ElementTree.Element) -> list[str | None]:
    """The cells of one row, without the blanks that fill it up."""
    cells: list[str | None] = []
    for node in row:
        written = "\n".join("".join(part.itertext()) for part in node if part.tag.endswith("}p"))
        clock = re.fullmatch(r"PT?(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S", attribute(node, "time-value"))
        value = ":".join(clock.groups()) if clock else attribute(node, "date-value").replace("T", " ")
        number = (
            attribute(node, "value") if attribute(node, "value-type") in ("float", "currency", "percentage") else ""
        )
        number = text(float(number)) or "" if "E" in number else number
        repeated = min(int(attribute(node, "number-columns-repeated") or 1), SPARSE_COLUMNS - len(cells))
        cells += [value or number or written or None] * repeated
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def attribute(node: ElementTree.Element, name: str) -> str:
    """An attribute by its local name, whatever its namespace; some stand in two, with one value."""
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def framed(rows: list[list[str | None]], lines: list[int]) -> pl.DataFrame:
    """Rows of unlike lengths as a frame of text with the line of each."""
    width = max(map(len, rows))
    padded = [row + [None] * (width - len(row)) for row in rows]
    frame = pl.DataFrame(padded, schema=[(f"c{position}", pl.String) for position in range(width)], orient="row")
    return frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64))


def text(value: Any) -> str | None:
    """One cell as unambiguous text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value)


MODES = {"dense": dense_sheets, "sparse": sparse_sheets, "open document": open_document_sheets}


def main(mode: str, memory: int) -> None:
    out = sys.stdout.buffer
    data = sys.stdin.buffer.read()
    limit_memory(memory)
    try:
        for name, visible, frame in MODES[mode](data):
            stream = io.BytesIO()
            frame.write_ipc_stream(stream)
            head = {"sheet": name, "visible": visible, "size": stream.tell()}
            out.write(json.dumps(head).encode() + b"\n" + stream.getvalue())
    except Exception as error:  # Whatever a hostile file provokes is told to the parent, which words it.
        out.write(json.dumps({"error": f"{type(error).__name__}: {error}"[:400]}).encode() + b"\n")
        return
    out.write(b'{"done": true}\n')


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
