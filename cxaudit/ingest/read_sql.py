"""Dumps of databases: the rows that INSERT and COPY put into each table, under the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cxaudit.ingest.read_charset import Decoded
from cxaudit.ingest.read_layout import Row
from cxaudit.ingest.read_sheet import Sheet, Unreadable, sheet_of_rows
from cxaudit.schema.results import Phrase

# A dump is read statement by statement in Python: beyond this a CSV is asked for.
MOST_BYTES = 64 << 20
_NAME = r"(?:[`\"\[]?\w+[`\"\]]?\.)*[`\"\[]?(?P<table>\w+)[`\"\]]?"
_OPENING = re.compile(
    r"(?is)^(?:\s*+(?:--[^\n]*+|(?>/\*.*?\*/);?|(?:set|use|begin|start|drop|lock|alter|select|commit)\b[^;]*+;))*+"
    r"\s*+(?:create\s+table|insert\s+(?:ignore\s+)?into|copy\s+[^\s(]+\s*\([^()]*\)\s+from\s+stdin)\b"
)
_STATEMENT = re.compile(
    rf"(?im)^[ \t]*(?:create\s+table\s+(?:if\s+not\s+exists\s+)?{_NAME}\s*\((?P<body>[^;]*)"
    rf"|insert\s+(?:ignore\s+)?into\s+{_NAME.replace('table>', 'into>')}\s*(?:\((?P<names>[^()]*)\)\s*)?values?\b"
    rf"|copy\s+{_NAME.replace('table>', 'copied>')}\s*\((?P<columns>[^()]*)\)\s+from\s+stdin[^\n]*\n)"
)
_TOKEN = re.compile(r"'(?:[^'\\]|\\.|'')*+(?:'|\Z)|[(),;]|[^\s(),;']+", re.S)
_COLUMN = re.compile(r"(?im)^[^\S\n]*[`\"\[]?(?!(?:primary|unique|key|constraint|index|foreign|fulltext|check)\b)(\w+)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": ""}


@dataclass
class _Table:
    names: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)


def looks_like_sql(head: str) -> bool:
    """Whether text begins as a dump of a database does."""
    return _OPENING.match(head) is not None


def read_sql(file: str, decoded: Decoded, digest: str) -> Iterator[Sheet | Unreadable]:
    """A sheet for every table that rows are put into."""
    if len(decoded.data) - decoded.start > MOST_BYTES:
        yield Unreadable(file, None, Phrase.of("reading.sql.large", file=file))
        return
    text = bytes(decoded.data[decoded.start :]).decode("utf-8", "replace")
    held = {name: table for name, table in _tables(text).items() if table.rows}
    if not held:
        yield Unreadable(file, None, Phrase.of("reading.sql.empty", file=file))
    for name, table in held.items():
        width = max(len(row.cells) for row in table.rows)
        names = table.names or tuple(f"column {place}" for place in range(1, width + 1))
        rows = [Row(max(1, table.rows[0].line - 1), names), *table.rows]
        why = (*decoded.why, Phrase.of("reading.why.sql", table=name))
        sheet = name if len(held) > 1 else None
        yield sheet_of_rows(file, sheet, rows, digest=digest, encoding=decoded.encoding, why=why)


def _tables(text: str) -> dict[str, _Table]:
    found: dict[str, _Table] = {}
    position, line = 0, 1
    while statement := _STATEMENT.search(text, position):
        name = statement["table"] or statement["into"] or statement["copied"]
        table = found.setdefault(name, _Table())
        line += text.count("\n", position, statement.end())
        position = statement.end()
        if statement["body"]:
            table.names = tuple(_COLUMN.findall(statement["body"]))
            continue
        listed = statement["names"] or statement["columns"]
        if listed:
            table.names = tuple(re.findall(r"\w+", listed))
        reader = _copied if statement["columns"] else _inserted
        rows, end = reader(text, position, line)
        table.rows += rows
        line += text.count("\n", position, end)
        position = end
    return found


def _inserted(text: str, position: int, line: int) -> tuple[list[Row], int]:
    """The tuples after VALUES, up to the end of the statement."""
    rows: list[Row] = []
    cells: list[str] = []
    cell: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(text, position):
        word = token.group()
        depth += (word == "(") - (word == ")")
        if word == ";" and depth <= 0:
            return rows, token.end()
        if word == "(" and depth == 1:
            cells, cell = [], []
            line += text.count("\n", position, token.start())
            position = token.start()
        elif (word == "," and depth == 1) or (word == ")" and depth == 0):
            cells.append(" ".join(cell))
            cell = []
            if word == ")":
                rows.append(Row(line, tuple(cells)))
        elif depth >= 1:
            cell.append(_value(word))
    return rows, len(text)


def _value(word: str) -> str:
    if word.startswith("'"):
        bare = word[1:-1].replace("''", "'")
        return re.sub(r"(?s)\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), bare)
    return "" if word.upper() == "NULL" else word


def _copied(text: str, position: int, line: int) -> tuple[list[Row], int]:
    """The lines of COPY … FROM stdin, up to the one that ends them."""
    end = text.find("\n\\.", position)
    end = len(text) if end < 0 else end
    rows = []
    for number, copied in enumerate(text[position:end].split("\n")):
        cells = ("" if cell == "\\N" else cell for cell in copied.split("\t"))
        rows.append(Row(line + number, tuple(cells)))
    return [row for row in rows if any(row.cells)], end
