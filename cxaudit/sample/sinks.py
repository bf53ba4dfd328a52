"""Files written chunk by chunk: CSV in a given encoding, XLSX row by row, both byte for byte the same every time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

import polars as pl
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

FIXED_DATE = datetime(2026, 10, 1)


@dataclass
class CsvSink:
    """A CSV file that grows by frames of text."""

    path: Path
    separator: str = ","
    encoding: str = "utf-8"
    line_end: str = "\n"
    rows: int = 0
    _file: BinaryIO | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        self._file = self.path.open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._file is not None
        self._file.close()

    def add(self, frame: pl.DataFrame) -> None:
        """Append the frame; the first one brings the header."""
        assert self._file is not None
        first = self._file.tell() == 0
        text = frame.write_csv(include_header=first, separator=self.separator, line_terminator=self.line_end)
        encoding = self.encoding if first else self.encoding.removesuffix("-sig")  # one byte-order mark a file
        self._file.write(text.encode(encoding))
        self.rows += frame.height


@dataclass
class XlsxSink:
    """One sheet that grows by rows, with title rows above the header."""

    path: Path
    sheet: str
    titles: Sequence[str]
    header: Sequence[str]
    widths: Sequence[float]
    rows: int = 0

    def __enter__(self) -> Self:
        self._book = xlsxwriter.Workbook(
            self.path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"created": FIXED_DATE, "author": "Maison Alba"})
        self._page = self._book.add_worksheet(self.sheet)
        self._dates = self._book.add_format({"num_format": "dd/mm/yyyy"})
        self._bold = self._book.add_format({"bold": True})
        for column, width in enumerate(self.widths):
            self._page.set_column(column, column, width)
        self._line = 0
        for title in self.titles:
            self._write([title], self._bold)
        self._write(self.header, self._bold)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            self._book.close()
        except FileCreateError as error:
            [refused] = error.args
            raise refused from None

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Append rows of plain values; datetimes show as dd/mm/yyyy."""
        for row in rows:
            self._write(row)
            self.rows += 1

    def footer(self, row: Sequence[object]) -> None:
        """A last line that is no record, such as a total."""
        self._write(row, self._bold)

    def _write(self, row: Sequence[object], style: object = None) -> None:
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                self._page.write_datetime(self._line, column, value, self._dates)
            elif isinstance(value, str):
                self._page.write_string(self._line, column, value, style)
            elif value is not None:
                self._page.write_number(self._line, column, float(value), style)  # type: ignore[arg-type]
        self._line += 1
