"""Tables in markup: the HTML that many tools save as .xls, and Excel's XML of 2003. Other markup holds no rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from cxaudit.ingest.read_charset import Decoded
from cxaudit.ingest.read_layout import Row
from cxaudit.ingest.read_sheet import Sheet, Unreadable, sheet_of_rows
from cxaudit.schema.results import Phrase

_OPENING = re.compile(r"(?is)<(?:!doctype|\?xml|html|head|body|table|meta|div|style|!--|feed|rss)\b|<!--")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_ROWS = {"tr", "row", "ss:row"}
_CELLS = {"td", "th", "cell", "ss:cell"}
_TABLES = {"table", "worksheet", "ss:worksheet"}
MOST_SPAN = 200


def looks_like_markup(head: str) -> bool:
    """Whether text begins as HTML or XML does."""
    return _OPENING.match(head) is not None


def read_markup(file: str, decoded: Decoded, digest: str) -> Iterator[Sheet | Unreadable]:
    """A sheet for every table with records."""
    parser = _Tables()
    parser.feed(_ended(bytes(decoded.data[decoded.start :]).decode("utf-8", "replace")))
    parser.close()
    found = [(name, rows) for name, rows in parser.tables if len(rows) > 1 and max(len(row.cells) for row in rows) > 1]
    if not found:
        yield Unreadable(file, None, Phrase.of("reading.markup", file=file))
    for name, rows in found:
        why = (*decoded.why, Phrase.of("reading.why.markup"))
        sheet = name if len(found) > 1 else None
        yield sheet_of_rows(file, sheet, rows, digest=digest, encoding=decoded.encoding, why=why)


def _ended(text: str) -> str:
    """Markup without comments and without the tag it breaks off in: the parser looks for their ends over and over."""
    ended, mark, rest = _COMMENT.sub("", text).rpartition(">")
    return ended + mark + rest.partition("<")[0]


class _Tables(HTMLParser):
    """Rows of cells of every table, numbered within their table as a spreadsheet would."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[str, list[Row]]] = []
        self._cells: list[str] | None = None
        self._text: list[str] | None = None
        self._span = 1
        self._line = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _TABLES and not (tag == "table" and self._in_worksheet()):
            name = values.get("ss:name") or values.get("id") or f"table {len(self.tables) + 1}"
            self.tables.append((name, []))
            self._line = 0
        elif tag in _ROWS:
            self._end_row()
            self._cells, self._line = [], self._line + 1
        elif tag in _CELLS and self._cells is not None:
            self._end_cell()
            position = _whole(values.get("ss:index")) or 0
            self._cells += [""] * max(0, min(position - 1, MOST_SPAN) - len(self._cells))
            self._text = []
            self._span = (_whole(values.get("colspan")) or 1) + (_whole(values.get("ss:mergeacross")) or 0)
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS:
            self._end_cell()
        elif tag in _ROWS:
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _in_worksheet(self) -> bool:
        return bool(self.tables) and not self.tables[-1][1] and self._cells is None

    def _end_cell(self) -> None:
        if self._text is not None and self._cells is not None:
            lines = (" ".join(line.split()) for line in "".join(self._text).strip().split("\n"))
            self._cells += ["\n".join(lines)] + [""] * min(self._span - 1, MOST_SPAN)
        self._text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells is not None and any(self._cells):
            if not self.tables:
                self.tables.append(("table 1", []))
            self.tables[-1][1].append(Row(self._line, tuple(self._cells)))
        self._cells = None


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
