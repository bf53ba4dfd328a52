"""What reading yields: a sheet of text with its evidence, or the sentence that says why a file cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from cxaudit.ingest.read_layout import LINE, Layout, Row, footer_lines, read_layout, unique_names
from cxaudit.schema.results import Phrase

FOOTER_ROWS = 40
# Beyond these a sheet is read all the same, and the fact is told: it is seldom what people meant to send.
WIDE = 1_000
LONG_CELL = 1_000_000


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
        frame: `names` as String columns, cells as given (empty is null), and `LINE`, the 1-based line in the file where
            the record starts (the row number in a workbook, the position of the record in JSON).
        rows: Records below the header, blank lines not counted, footer included.
        footer: Lines recognised as totals or remarks below the data.
        why: Evidence for encoding, delimiter, header and sheet.
        digest: SHA-256 of the file's bytes.
        sample: Of a large file read for its needed columns alone: records from all over it, with every column; `frame`
            then holds every record, with the needed columns only.
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
    sample: pl.DataFrame | None = None

    @property
    def evidence(self) -> pl.DataFrame:
        """The records by which the sheet is recognised, with every column."""
        return self.frame if self.sample is None else self.sample


@dataclass(frozen=True)
class Unreadable:
    """A file or sheet that holds no readable rows, and why."""

    file: str
    sheet: str | None
    why: Phrase


def under(
    layout: Layout,
    file: str,
    sheet: str | None,
    frame: pl.DataFrame,
    *,
    digest: str,
    why: tuple[Phrase, ...],
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Sheet:
    """A sheet with the header of a layout, its records as they are read: what `finish` starts from."""
    return Sheet(
        file=file,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        header_row=layout.header_row,
        header_rows=layout.header_rows,
        names=layout.names,
        second_names=layout.second_names,
        frame=frame,
        rows=frame.height,
        footer=frozenset(),
        why=why,
        digest=digest,
    )


def finish(sheet: Sheet, head: Sequence[Row]) -> Sheet:
    """The sheet with its columns named, blank lines and empty unnamed columns gone, extra cells and footer told.

    `sheet.frame` has its columns in order under any names, and `LINE` last; `head` are some of its first records.
    """
    frame = without_blanks(sheet.frame)
    names, second, why = list(sheet.names), list(sheet.second_names), list(sheet.why)
    columns = frame.columns[:-1]
    if len(columns) < len(names):
        frame = frame.select(
            *columns, *(pl.lit(None, pl.String).alias(f"{name}\0") for name in names[len(columns) :]), LINE
        )
        columns = frame.columns[:-1]
    if len(columns) > len(names):
        extra = frame.filter(pl.any_horizontal(pl.col(columns[len(names) :]).is_not_null()))
        if extra.height:
            why.append(Phrase.of("reading.why.extra_cells", rows=extra.height, line=int(extra[LINE][0])))
        names = list(unique_names([*names, *[None] * (len(columns) - len(names))]))
        second += [""] * (len(columns) - len(second))
    named = [not name.startswith("column ") or bool(text) for name, text in zip(names, second, strict=True)]
    kept = [
        position
        for position, column in enumerate(columns)
        if sheet.header_row == 0 or named[position] or frame[column].null_count() < frame.height
    ]
    renamed = {columns[position]: names[position] for position in kept}
    frame = frame.select(*renamed, LINE).rename(renamed)
    tail = [Row(row[-1], tuple(cell or "" for cell in row[:-1])) for row in frame.tail(FOOTER_ROWS).rows()]
    footer = footer_lines(tail, head) | repeated_headers(frame)
    if footer:
        why.append(Phrase.of("reading.why.footer", lines=len(footer), line=min(footer)))
    return replace(
        sheet,
        names=tuple(names[position] for position in kept),
        second_names=tuple(second[position] for position in kept),
        frame=frame,
        rows=frame.height,
        footer=footer,
        why=(*why, *_remarks(frame)),
    )


def sheet_of_rows(
    file: str,
    sheet: str | None,
    rows: Sequence[Row],
    *,
    digest: str,
    encoding: str | None = None,
    delimiter: str | None = None,
    why: tuple[Phrase, ...] = (),
) -> Sheet | Unreadable:
    """A sheet from all its rows in memory, blank ones left out (at least one); for the small and odd sources."""
    layout = read_layout(rows)
    body = rows[layout.first :]
    if not body:
        return Unreadable(file, sheet, Phrase.of("reading.header_only", file=file, names=list(layout.names[:8])))
    width = max(len(row.cells) for row in body)
    cells = [[cell or None for cell in row.cells] + [None] * (width - len(row.cells)) for row in body]
    frame = pl.DataFrame(cells, schema=[(f"c{position}", pl.String) for position in range(width)], orient="row")
    frame = frame.with_columns(pl.Series(LINE, [row.line for row in body], dtype=pl.Int64))
    why = (*why, *layout.why)
    return finish(
        under(layout, file, sheet, frame, digest=digest, why=why, encoding=encoding, delimiter=delimiter), body
    )


def without_blanks(frame: pl.DataFrame) -> pl.DataFrame:
    """A record is blank where no cell holds anything but blanks."""
    cells = pl.exclude(LINE)
    first = frame[frame.columns[0]]
    doubtful = (first.is_null() | first.str.contains(r"^\s*$")).arg_true()
    if not len(doubtful):
        return frame
    blank = frame[doubtful].select(pl.all_horizontal((cells.str.strip_chars() == "").fill_null(True)))
    gone = doubtful.filter(blank.to_series())
    if not len(gone):
        return frame
    keep = pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True).scatter(gone, False)
    return frame.filter(keep)


def repeated_headers(frame: pl.DataFrame) -> frozenset[int]:
    """Lines that repeat the names, as when exports were pasted one below the other."""
    names = frame.columns[:-1]
    if len(names) < 2:
        return frozenset()
    likely = frame[names[0]].str.starts_with(names[0]).arg_true()
    same = pl.all_horizontal(pl.col(name).str.strip_chars().eq_missing(name) for name in names)
    return frozenset(frame[likely].filter(same)[LINE].to_list()) if len(likely) else frozenset()


def _remarks(frame: pl.DataFrame) -> list[Phrase]:
    remarks = []
    if frame.width > WIDE:
        remarks.append(Phrase.of("reading.why.wide", columns=frame.width - 1))
    longest = frame.select(pl.exclude(LINE).str.len_bytes().max()).row(0)
    size, name = max(
        ((length or 0, name) for length, name in zip(longest, frame.columns, strict=False)), default=(0, "")
    )
    if size > LONG_CELL:
        line = frame.filter(pl.col(name).str.len_bytes() == size)[LINE][0]
        remarks.append(Phrase.of("reading.why.long_cell", column=name, line=line, megabytes=size / 1e6))
    return remarks
