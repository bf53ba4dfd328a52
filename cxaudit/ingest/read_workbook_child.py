"""Run as a process of its own, under a memory limit: a workbook on stdin, its sheets of text on stdout.

One stray cell in the last column of the last row makes the reader ask for hundreds of gigabytes and abort; only a
process that may die can take that. Imports nothing of the package: started as a plain script.

Output: for each sheet a line of JSON {"sheet", "visible", "size"} and `size` bytes of Arrow stream; at the end
{"done": true} or {"error": text}.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import fastexcel
import polars as pl

SPARSE_COLUMNS = 2_000


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
            width = max(map(len, rows))
            padded = [row + [None] * (width - len(row)) for row in rows]
            schema = [(f"c{position}", pl.String) for position in range(width)]
            frame = pl.DataFrame(padded, schema=schema, orient="row")
            yield sheet.title, sheet.sheet_state, frame.with_columns(pl.Series("line", lines, dtype=pl.Int64))


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


def main(mode: str, memory: int) -> None:
    out = sys.stdout.buffer
    data = sys.stdin.buffer.read()
    limit_memory(memory)
    try:
        for name, visible, frame in (sparse_sheets if mode == "sparse" else dense_sheets)(data):
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
