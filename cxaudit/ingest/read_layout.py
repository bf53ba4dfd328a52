"""Which rows of a sheet are titles, names, further header lines, records, totals: decided by how they differ.

Works on rows of text cells, whatever they were read from. A header is told from records by what stands below it: a word
over figures is a name, a date over dates is a record.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from cxaudit.ingest.cell_kinds import TYPED, common_kind, kind_of
from cxaudit.schema.results import Phrase

# The column of line numbers in a frame of text: no client's column can bear such a name.
LINE = "\0line"
SAMPLE_ROWS = 80
SAMPLE_COLUMNS = 300
MAX_TITLES = 25

_RULER = re.compile(r"(?:[+:\s]|[-=_](?![-=_]))*[-=_]{2}[-=+:_\s]*")
_SECOND_LINE = re.compile(
    r"(?i)(?:open-ended |free |autre |other )?(?:response|réponse)(?: ouverte| libre| \(.*\))?|\{\"ImportId\".*"
)
_IMPORT_ID = re.compile(r"\{\s*\"ImportId\"")
_FOOTER = re.compile(
    r"""(?ix)\s*(?:
    (?:sous[-\s]?|grand[-\s]?|general\s|sub[-\s]?)?tot(?:al|aux|als)\b | somme\b | sum\b | moyenne\b
    | average\b | mean\b | cumul\b | ensemble\s*$ | (?:nombre|nb|nbre)\s(?:de|d[’'])
    | number\sof\s(?:rows|records|lines) | count\s*[:=]
    | (?:row|record)s?\s(?:count|returned) | \(?\d+\s(?:rows?|lignes?|records?|enregistrements?|résultats?)\b
    | (?:fichier\s|document\s)?(?:généré|exporté|édité|extrait|imprimé)e?s?\s(?:le|par|depuis|à)\b
    | (?:generated|exported|printed|extracted)\s(?:on|by|from|at)\b | source\s*: | page\s\d+ | \*+\s
    | fin\s(?:du\sfichier|de\sl[’']export|d[’']export) | end\sof\s(?:file|report|export|data)
    | (?:note|nb|remarque)\s*: | © | confidenti
    )"""
)


@dataclass(frozen=True)
class Row:
    """One record of a file: the line it starts on and its cells."""

    line: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        return sum(bool(cell.strip()) for cell in self.cells)


@dataclass(frozen=True)
class Layout:
    """Where a sheet's names and records are.

    Attributes:
        header_row: Line of the names, 0 where there are none.
        header_rows: Header lines, the one with the names included.
        first: Position of the first record among the rows looked at.
        names: Unique names, as many as the widest typical record has cells.
        second_names: Further header lines joined, a text a column.
        doubles: Names that stand more than once in the file.
    """

    header_row: int
    header_rows: int
    first: int
    names: tuple[str, ...]
    second_names: tuple[str, ...]
    why: tuple[Phrase, ...] = ()
    doubles: tuple[str, ...] = field(default=())


def unique_names(cells: Sequence[str | None]) -> tuple[str, ...]:
    """Column names without doubles: blanks become `column 3`, a second `Date` becomes `Date (2)`."""
    names: list[str] = []
    taken = {LINE}
    counts: dict[str, int] = {}
    for position, cell in enumerate(cells, start=1):
        base = " ".join((cell or "").split()) or f"column {position}"
        name, count = base, counts.get(base, 1)
        while name in taken:
            count += 1
            name = f"{base} ({count})"
        counts[base] = count
        taken.add(name)
        names.append(name)
    return tuple(names)


def read_layout(rows: Sequence[Row]) -> Layout:
    """The layout of a sheet from its first rows, blank ones left out (at least one)."""
    start = _first_full(rows)
    header = _header(rows, start)
    if header is None:
        width = _width(rows[start:])
        names = unique_names([None] * width)
        return Layout(0, 0, start, names, ("",) * width, (Phrase.of("reading.why.no_header"),))
    depth, further = _further_lines(rows, header)
    body = rows[header + depth :]
    cells = list(rows[header].cells)
    width = max(len(cells), _width(body) if body else 0)
    if _shifted(cells, body):
        cells = ["", *cells]
    cells += [""] * (width - len(cells))
    second = tuple(" ".join(filter(None, (_cell(row, column) for row in further))) for column in range(len(cells)))
    written = Counter(" ".join(cell.split()) for cell in cells if cell.strip())
    doubles = tuple(name for name, count in written.items() if count > 1)
    why = [Phrase.of("reading.why.header", line=rows[header].line)]
    if depth > 1:
        why.append(Phrase.of("reading.why.header_lines", count=depth))
    if doubles:
        why.append(Phrase.of("reading.why.doubles", names=doubles[:5]))
    return Layout(rows[header].line, depth, header + depth, unique_names(cells), second, tuple(why), doubles)


def footer_lines(tail: Sequence[Row], head: Sequence[Row]) -> frozenset[int]:
    """Lines at the end of a sheet that are totals or remarks, given its last records and some of its first."""
    typical = _typical([row.filled for row in (*head[:SAMPLE_ROWS], *tail[: max(1, len(tail) // 2)])])
    found: list[int] = []
    for position in range(len(tail) - 1, 0, -1):
        gap = tail[position].line - tail[position - 1].line > 1 + _inner_lines(tail[position - 1])
        if not _is_footer(tail[position], typical, gap, head):
            break
        found.append(tail[position].line)
    return frozenset(found)


def _is_footer(row: Row, typical: int, gap: bool, head: Sequence[Row]) -> bool:
    first = next((cell for cell in row.cells if cell.strip()), "")
    if typical < 2:
        return bool(gap and _FOOTER.match(first))
    sparse = row.filled <= max(1, 0.7 * typical)
    if _FOOTER.match(first) and (sparse or not _alike(row, head)):
        return True
    lone = row.filled == 1 and typical >= 3 and bool(row.cells[0].strip())
    return lone and (gap or kind_of(first) == "text") and kind_of(first) in ("word", "text") and " " in first.strip()


def _alike(row: Row, head: Sequence[Row]) -> bool:
    """Whether a full row whose first word is "Total" is a record after all (a product, a fuel brand)."""
    position = next(index for index, cell in enumerate(row.cells) if cell.strip())
    kinds = [kind_of(_cell(other, position)) for other in head[:SAMPLE_ROWS]]
    return "word" in kinds


def _inner_lines(row: Row) -> int:
    return sum(cell.count("\n") for cell in row.cells)


def _typical(counts: Sequence[int]) -> int:
    ordered = sorted(counts)
    return ordered[len(ordered) * 2 // 3] if ordered else 0


def _width(rows: Sequence[Row]) -> int:
    widths = Counter(len(row.cells) for row in rows[:SAMPLE_ROWS])
    return max((width for width, count in widths.items() if count >= 0.2 * widths.total()), default=1)


def _first_full(rows: Sequence[Row]) -> int:
    """The first row as full as the sheet's records are; what stands above are titles."""
    typical = _typical([row.filled for row in rows[:SAMPLE_ROWS]])
    for position, row in enumerate(rows[:MAX_TITLES]):
        if row.filled >= max(1, 0.5 * typical) and (row.filled > 1 or (typical <= 2 and len(row.cells) <= 2)):
            return position
    return 0


def _header(rows: Sequence[Row], start: int) -> int | None:
    """The position of the names: the fullest of the rows that read as names, above the first that is a record."""
    candidates: list[int] = []
    for position in range(start, min(start + 4, len(rows))):
        below = rows[position + 1 : position + 1 + SAMPLE_ROWS]
        if candidates and not _further(rows[position], below):
            break
        if not _reads_as_names(rows[position], below):
            break
        candidates.append(position)
    if not candidates:
        return None
    return max(candidates, key=lambda position: (_distinct(rows[position]), -position))


def _distinct(row: Row) -> int:
    if any(_SECOND_LINE.fullmatch(cell.strip()) for cell in row.cells):
        return 0
    return len({cell.strip() for cell in row.cells if cell.strip()})


def _reads_as_names(row: Row, below: Sequence[Row]) -> bool:
    names = values = 0.0
    for column, cell in enumerate(row.cells[:SAMPLE_COLUMNS]):
        kind = kind_of(cell)
        if kind == "empty":
            continue
        texts = [_cell(other, column) for other in below]
        common = common_kind([kind_of(text) for text in texts])
        if kind in TYPED:
            values += 1.0 if kind == common or not below else 0.3
        elif common in TYPED or common == "code" != kind:
            names += 1.0
        elif kind == common == "code" or _stands_among(cell, texts):
            values += 0.6
        elif kind in ("word", "text"):
            names += 0.1 if kind == "text" else 0.25
    return names >= values and (names > 0 or not below)


def _stands_among(cell: str, texts: Sequence[str]) -> bool:
    return cell.strip() in {text.strip() for text in texts}


def _further(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row below the names still belongs to the header: no figure where the records have figures."""
    if any(_IMPORT_ID.match(cell.strip()) for cell in row.cells):
        return True
    if row.filled and all(_RULER.fullmatch(cell) for cell in row.cells if cell.strip()):
        return True
    marked = any(_SECOND_LINE.fullmatch(cell.strip()) for cell in row.cells)
    if not below:
        return marked
    worded = typed = 0
    for column, cell in enumerate(row.cells[:SAMPLE_COLUMNS]):
        kind = kind_of(cell)
        common = common_kind([kind_of(_cell(other, column)) for other in below])
        if kind == "empty" or common not in TYPED:
            continue
        typed += kind in TYPED or kind == "code"
        worded += kind in ("word", "text")
    return typed == 0 and (marked or worded >= max(1, 0.3 * row.filled))


def _further_lines(rows: Sequence[Row], header: int) -> tuple[int, list[Row]]:
    depth = 1
    further: list[Row] = []
    while depth < 4 and header + depth < len(rows):
        row = rows[header + depth]
        if not _further(row, rows[header + depth + 1 : header + depth + 1 + SAMPLE_ROWS]):
            break
        depth += 1
        if not any(_IMPORT_ID.match(cell.strip()) for cell in row.cells) and any(
            re.search(r"\w", c) for c in row.cells
        ):
            further.append(row)
    return depth, further


def _shifted(names: Sequence[str], body: Sequence[Row]) -> bool:
    """Row names without a header, as R writes them: every record one cell longer, beginning with 1, 2, 3 …"""
    sample = body[:SAMPLE_ROWS]
    if len(sample) < 2 or any(len(row.cells) != len(names) + 1 for row in sample):
        return False
    return [row.cells[0].strip() for row in sample] == [str(number) for number in range(1, len(sample) + 1)]


def column_kinds(rows: Sequence[Row]) -> tuple[str, ...]:
    """What most cells of each column look like."""
    sample = rows[:SAMPLE_ROWS]
    width = min(max((len(row.cells) for row in sample), default=0), SAMPLE_COLUMNS)
    return tuple(common_kind([kind_of(_cell(row, column)) for row in sample]) for column in range(width))


def told_columns(kinds: Sequence[str]) -> list[int]:
    """The columns whose cells are figures, dates, addresses or codes."""
    return [column for column, kind in enumerate(kinds) if kind in (*TYPED, "code")]


def reads_as_record(cells: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether a line by itself looks like the records of its sheet: figures, dates and codes where those have them."""
    told = told_columns(kinds)
    if len(told) < 2 or len(cells) <= told[-1]:
        return False
    filled = [column for column in told if cells[column].strip()]
    return len(filled) > 0.5 * len(told) and all(kind_of(cells[column]) == kinds[column] for column in filled)


def _cell(row: Row, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""
