"""Files as tools and people leave them: one seed, one file of some dialect, encoding and set of faults."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from made_exports import LANGUAGES, NAMES, Maker

Grid = list[list[str]]
DELIMITERS = (";", ",", "\t", "|", "^")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman")
JUNK = (
    "",
    " ",
    "n/a",
    "???",
    "31/02/2025",
    "1,2,3",
    "-",
    "Total",
    "\u00a0",
    "2025-13-45",
    "abc@",
    "(12)",
    "NULL",
    "é" * 300,
)


@dataclass(frozen=True)
class Dirty:
    """A made file; `records` is how many stand in it, None where a fault may change how they are cut."""

    name: str
    data: bytes
    records: int | None


def dirty_file(seed: int) -> Dirty:
    """The file of a seed, always the same."""
    draw = random.Random(seed)
    made = Maker(seed).make(draw.choice(sorted(NAMES)), draw.choice(LANGUAGES), rows=draw.choice((0, 1, 2, 3, 5, 12)))
    names = [name for name in made.sheet.names if draw.random() < draw.choice((0.4, 0.7, 1.0))]
    frame = made.sheet.frame.select(names or made.sheet.names)
    grid = [list(frame.columns), *([cell or "" for cell in row] for row in frame.rows())]
    for _ in range(draw.choice((0, 0, 1, 2, 3))):
        grid = draw.choice(_FAULTS)(grid, draw) if grid else grid
    name = f"{draw.choice(('export', 'fichier 1', 'SAV été', made.table))}"
    return draw.choice(_WRITERS)(name, grid, draw)


def _junk(grid: Grid, draw: random.Random) -> Grid:
    return [grid[0], *([draw.choice(JUNK) if draw.random() < 0.2 else cell for cell in row] for row in grid[1:])]


def _ragged(grid: Grid, draw: random.Random) -> Grid:
    return [
        grid[0],
        *(row[: draw.randint(1, max(1, len(row)))] if draw.random() < 0.3 else [*row, "de trop"] for row in grid[1:]),
    ]


def _titled(grid: Grid, draw: random.Random) -> Grid:
    return [["Maison Alba – extraction"], ["Période : 2025"], [], *grid][draw.randint(0, 2) :]


def _totalled(grid: Grid, draw: random.Random) -> Grid:
    return [*grid, [], ["Total", "", str(draw.randint(1, 999))]]


def _pasted(grid: Grid, draw: random.Random) -> Grid:
    return [*grid, *grid[: draw.randint(0, len(grid))]]


def _headless(grid: Grid, draw: random.Random) -> Grid:
    return grid[1:]


def _same_names(grid: Grid, draw: random.Random) -> Grid:
    return [[draw.choice(("Date", "line", "file_index", "_key", "", name)) for name in grid[0]], *grid[1:]]


def _long_cells(grid: Grid, draw: random.Random) -> Grid:
    return [
        grid[0],
        *([f'{cell}\n"dit-elle" ; {cell}' if draw.random() < 0.1 else cell for cell in row] for row in grid[1:]),
    ]


def _blank_lines(grid: Grid, draw: random.Random) -> Grid:
    return [row for one in grid for row in ([one, [""] * len(one)] if draw.random() < 0.2 else [one])]


def _empty_column(grid: Grid, draw: random.Random) -> Grid:
    place = draw.randint(0, len(grid[0])) if grid else 0
    return [[*row[:place], "", *row[place:]] for row in grid]


_FAULTS: tuple[Callable[[Grid, random.Random], Grid], ...] = (
    _junk,
    _ragged,
    _titled,
    _totalled,
    _pasted,
    _headless,
    _same_names,
    _long_cells,
    _blank_lines,
    _empty_column,
)


def _delimited(name: str, grid: Grid, draw: random.Random) -> Dirty:
    out = io.StringIO()
    quoting = draw.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC))
    end = draw.choice(("\n", "\r\n"))
    csv.writer(out, delimiter=draw.choice(DELIMITERS), quoting=quoting, lineterminator=end).writerows(grid)
    data = out.getvalue().encode(draw.choice(ENCODINGS), "replace")
    return Dirty(f"{name}.{draw.choice(('csv', 'txt', 'tsv'))}", data, None)


def _careless(name: str, grid: Grid, draw: random.Random) -> Dirty:
    """Cells joined without any quoting."""
    delimiter, end = draw.choice(DELIMITERS), draw.choice(("\n", "\r\n", "\r"))
    text = end.join(delimiter.join(row) for row in grid)
    return Dirty(f"{name}.csv", text.encode(draw.choice(ENCODINGS), "replace"), None)


def _damaged(name: str, grid: Grid, draw: random.Random) -> Dirty:
    """A file cut short, with stray bytes."""
    whole = bytearray(_delimited(name, grid, draw).data)
    for _ in range(draw.randint(0, 4)):
        if whole:
            whole[draw.randrange(len(whole))] = draw.choice((0, 10, 13, 34, 59, 255))
    return Dirty(f"{name}.csv", bytes(whole[: draw.randint(0, len(whole))]), None)


def _records(grid: Grid) -> list[dict[str, str]]:
    return [dict(zip(grid[0], row, strict=False)) for row in grid[1:]] if grid else []


def _json(name: str, grid: Grid, draw: random.Random) -> Dirty:
    packed: object = _records(grid)
    if draw.random() < 0.4:
        packed = {"data": [{"id": n, "attributes": one} for n, one in enumerate(_records(grid))], "meta": {"page": 1}}
    return Dirty(f"{name}.json", json.dumps(packed, ensure_ascii=draw.random() < 0.5).encode(), None)


def _ndjson(name: str, grid: Grid, draw: random.Random) -> Dirty:
    return Dirty(f"{name}.ndjson", "\n".join(map(json.dumps, _records(grid))).encode(), None)


def _zipped(name: str, grid: Grid, draw: random.Random) -> Dirty:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, writer in enumerate((_delimited, _json, _damaged)):
            inner = writer(name, grid, draw)
            archive.writestr(f"{number}/{inner.name}", inner.data)
    return Dirty(f"{name}.zip", out.getvalue(), None)


def _plain(name: str, grid: Grid, draw: random.Random) -> Dirty:
    """Sound text, of which every record can be counted from outside."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(grid)
    counted = list(csv.reader(io.StringIO(out.getvalue()), delimiter=";"))
    return Dirty(f"{name}.csv", out.getvalue().encode(), sum(any(cell.strip() for cell in row) for row in counted))


_WRITERS: tuple[Callable[[str, Grid, random.Random], Dirty], ...] = (
    _delimited,
    _delimited,
    _careless,
    _damaged,
    _json,
    _ndjson,
    _zipped,
    _plain,
    _plain,
)
