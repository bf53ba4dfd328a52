"""What reading yields: a sheet of text with its evidence, or the sentence that says why a file cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from cxaudit.schema.results import Phrase

LINE = "line"


@dataclass(frozen=True)
class Sheet:
    """One file, sheet or archive member that holds rows, as text.

    Attributes:
        file: As given; a member of an archive is `archive.zip/member.csv`.
        encoding: `utf-8`, `utf-8-sig`, `utf-16`, `cp1252`, `mac-roman`; None for workbooks.
        header_row: 1-based line that holds the names, 0 where there is none.
        header_rows: How many lines the header takes.
        names: Unique column names; `column 1` … where there are none, a second `Date` is `Date (2)`.
        second_names: Further header lines joined, one text a column, empty where none.
        frame: `names` as String columns, cells as given (empty is null), and `line`, the 1-based line in the file where
            the record starts (the row number in a workbook, the position of the record in JSON).
        rows: Records below the header, blank lines not counted, footer included.
        footer: Lines recognised as totals or remarks below the data.
        why: Evidence for encoding, delimiter, header and sheet.
        digest: SHA-256 of the file's bytes.
    """

    file: str
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    header_row: int
    header_rows: int
    names: tuple[str, ...]
    second_names: tuple[str, ...]
    frame: pl.DataFrame
    rows: int
    footer: frozenset[int]
    why: tuple[Phrase, ...]
    digest: str


@dataclass(frozen=True)
class Unreadable:
    """A file or sheet that holds no readable rows, and why."""

    file: str
    sheet: str | None
    why: Phrase


def unique_names(cells: Sequence[str | None]) -> tuple[str, ...]:
    """Column names without doubles: blanks become `column 3`, a second `Date` becomes `Date (2)`."""
    names: list[str] = []
    taken = {LINE}
    for position, cell in enumerate(cells, start=1):
        base = " ".join((cell or "").split()) or f"column {position}"
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def text_frame(rows: Iterable[Sequence[str | None]], lines: Sequence[int], names: Sequence[str]) -> pl.DataFrame:
    """A frame of text from rows of cells; short rows end in nulls, empty cells are null."""
    width = len(names)
    padded = [[cell or None for cell in row[:width]] + [None] * (width - len(row)) for row in rows]
    frame = pl.DataFrame(padded, schema={name: pl.String for name in names}, orient="row")
    return frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64))
