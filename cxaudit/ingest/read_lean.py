"""Large sound text, block by block: recognised by records from all over it, then read for the needed columns alone.

Every byte of a block is looked at, so that nothing a whole reading would notice goes unnoticed; where a block shows
anything out of the ordinary, all its cells are read, or the whole file as any other.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl

from cxaudit.ingest.read_charset import Buffer, forget
from cxaudit.ingest.read_fast import Grammar, fast_records, least_swallowed
from cxaudit.ingest.read_layout import LINE, Row
from cxaudit.ingest.read_scan import Scan, Signs, Starts, last_record_end, look, record_starts, scan
from cxaudit.ingest.read_sheet import LONG_CELL, Sheet, finish, repeated_headers, without_blanks

LARGE = 1 << 25
BLOCK = 1 << 24
SAMPLED = 1 << 19
AT_ONCE = 2  # blocks: looking at bytes and reading cells let go of the interpreter
# A digest of all cells of a record, so that records can be told apart by columns that are not kept.
CELLS = "\0cells"


@dataclass(frozen=True)
class Needed:
    """What is kept of a large file: some columns, and, where records may stand twice, a digest of all cells."""

    columns: frozenset[str]
    digest: bool


Chooser = Callable[[Sheet], Needed]


@dataclass(frozen=True)
class _Block:
    begin: int
    end: int
    line: int


def lean_sheet(
    sheet: Sheet, data: Buffer, begin: int, first_line: int, grammar: Grammar, head: tuple[Row, ...], choose: Chooser
) -> Sheet | None:
    """`sheet`, which lacks its records, with those from byte `begin` on; None where they must be read as a whole.

    `head` are the first records; `choose` is asked once, with the sampled sheet.
    """
    blocks = list(_blocks(data, begin, first_line, grammar.quote))
    sample = _sample(data, blocks, grammar)
    if sample is None:
        return None
    sampled = finish(replace(sheet, frame=sample), head)
    needed = choose(replace(sampled, sample=sampled.frame))
    frames = []
    for kept in _in_turn(partial(_kept, data, grammar, sheet.names, sampled, needed), blocks):
        if kept is None:
            return None
        frames.append(kept)
        forget(data)
    frame = pl.concat(frames)
    return replace(sampled, frame=frame, rows=frame.height, sample=sampled.frame)


def _in_turn(read: Callable[[_Block], pl.DataFrame | None], blocks: list[_Block]) -> Iterator[pl.DataFrame | None]:
    """What is read of each block, in order; a few blocks are read at once, so that memory stays bounded."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        coming: deque[Future[pl.DataFrame | None]] = deque()
        for block in blocks:
            coming.append(pool.submit(read, block))
            if len(coming) > AT_ONCE:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


def _blocks(data: Buffer, begin: int, line: int, quote: str | None) -> Iterator[_Block]:
    """Pieces of whole records; the last one is short, so that the sample may hold it all."""
    while begin < len(data):
        size = BLOCK
        if len(data) - begin <= BLOCK:
            size = max(len(data) - begin - SAMPLED, SAMPLED)
        end, lines = last_record_end(data, begin, size, quote) or (len(data), 0)
        yield _Block(begin, end, line)
        line += lines
        begin = end
        forget(data)


def _sample(data: Buffer, blocks: list[_Block], grammar: Grammar) -> pl.DataFrame | None:
    """The first records of every block, and all of the last one, in which a footer would stand."""
    frames = []
    for block in blocks:
        if block is not blocks[-1]:
            found = last_record_end(data, block.begin, min(SAMPLED, block.end - block.begin), grammar.quote)
            if found is None:
                return None
            block = replace(block, end=found[0])
        piece = _piece(data, block, grammar)
        frame = _records(piece, grammar) if piece is not None else None
        if frame is None:
            return None
        frames.append(frame)
    return pl.concat(frames).rechunk()


@dataclass(frozen=True)
class _Piece:
    """The bytes of a block, the line that it begins at, and what its bytes tell."""

    text: bytes
    line: int
    signs: Signs
    seen: Scan
    starts: Starts


def _piece(data: Buffer, block: _Block, grammar: Grammar) -> _Piece | None:
    """The bytes of a block; None where quotes are broken, or a record is very long."""
    text = bytes(data[block.begin : block.end])
    signs = look(text, grammar.quote)
    starts = record_starts(text, 0, grammar.quote, [signs])
    if not len(starts.bytes) or np.diff(starts.bytes, append=len(text)).max() > LONG_CELL:
        return None
    seen = scan(text, 0, grammar.delimiter, grammar.quote, [signs])
    return _Piece(text, block.line, signs, seen, starts) if seen.sound else None


def _records(piece: _Piece, grammar: Grammar, columns: Sequence[int] | None = None) -> pl.DataFrame | None:
    """The records of a piece, or those `columns` of them; None where they are wider than the header."""
    frame = fast_records(piece.text, piece.text, 0, 0, piece.line, grammar, piece.seen, piece.starts, columns)
    width = grammar.width if columns is None else len(columns)
    return frame if frame is not None and frame.width == width + 1 else None


def _kept(
    data: Buffer, grammar: Grammar, names: tuple[str, ...], sampled: Sheet, needed: Needed, block: _Block
) -> pl.DataFrame | None:
    """The needed columns of a block; None where its records tell what the sample did not."""
    piece = _piece(data, block, grammar)
    if piece is None:
        return None
    columns = [name for name in sampled.names if name in needed.columns or name == sampled.names[0]]
    passed_over = [name for name in names if name not in sampled.names]
    frame = None if needed.digest else _told(piece, grammar, names, [*columns, *passed_over])
    if frame is None:
        whole = _records(piece, grammar)
        if whole is None:
            return None
        frame = without_blanks(whole).rename(dict(zip(whole.columns, names, strict=False)))
        if repeated_headers(frame) - sampled.footer:
            return None
    if any(frame[name].null_count() < frame.height for name in passed_over):
        return None
    kept = frame.select(*columns, LINE)
    if needed.digest and len(columns) < len(sampled.names):
        kept.insert_column(len(columns), frame.drop(LINE).hash_rows(seed=0).alias(CELLS))
    return kept


def _told(piece: _Piece, grammar: Grammar, names: tuple[str, ...], columns: list[str]) -> pl.DataFrame | None:
    """The `columns` of a piece, of which the first one stands in every record and none repeats the names.

    None where only a reading of all cells can tell what its records are.
    """
    suspect = least_swallowed(grammar)
    if piece.signs.crowded(grammar.delimiter, piece.starts.bytes, grammar.width, suspect):
        return None
    frame = _records(piece, grammar, sorted(map(names.index, columns)))
    if frame is None:
        return None
    frame = frame.rename({f"c{names.index(name)}": name for name in columns})
    first = frame[columns[0]]
    again = first.str.contains(rf"^\s*(?:{re.escape(columns[0])})?\s*$")
    return None if first.has_nulls() or again.any() else frame
