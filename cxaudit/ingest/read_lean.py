"""Large sound text, block by block: recognised by records from all over it, then read for the needed columns alone.

All cells of a block are looked at, so that nothing a whole reading would notice goes unnoticed; where a block shows
anything out of the ordinary, the whole file is read as any other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl

from cxaudit.ingest.read_charset import Buffer, forget
from cxaudit.ingest.read_fast import Grammar, fast_records
from cxaudit.ingest.read_layout import LINE, Row
from cxaudit.ingest.read_scan import last_record_end, record_starts, scan
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

    The quoting of `data` is sound. `head` are the first records; `choose` is asked once, with the sampled sheet.
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
        end = last_record_end(data, begin, size, quote) or len(data)
        yield _Block(begin, end, line)
        line += sum(data[at : min(at + SAMPLED, end)].count(b"\n") for at in range(begin, end, SAMPLED))
        begin = end
        forget(data)


def _sample(data: Buffer, blocks: list[_Block], grammar: Grammar) -> pl.DataFrame | None:
    """The first records of every block, and all of the last one, in which a footer would stand."""
    frames = []
    for block in blocks:
        size = min(SAMPLED, block.end - block.begin)
        end = block.end if block is blocks[-1] else last_record_end(data, block.begin, size, grammar.quote)
        frame = None if end is None else _records(data, replace(block, end=end), grammar)
        if frame is None:
            return None
        frames.append(frame)
    return pl.concat(frames).rechunk()


def _records(data: Buffer, block: _Block, grammar: Grammar) -> pl.DataFrame | None:
    """The records of a block; None where they are wider than the header, or one is very long."""
    text = bytes(data[block.begin : block.end])
    starts = record_starts(text, 0, grammar.quote).bytes
    if not len(starts) or np.diff(starts, append=len(text)).max() > LONG_CELL:
        return None
    frame = fast_records(text, text, 0, 0, block.line, grammar, scan(text, 0, grammar.delimiter, grammar.quote))
    return frame if frame is not None and frame.width == grammar.width + 1 else None


def _kept(
    data: Buffer, grammar: Grammar, names: tuple[str, ...], sampled: Sheet, needed: Needed, block: _Block
) -> pl.DataFrame | None:
    """The needed columns of a block; None where its records tell what the sample did not."""
    frame = _records(data, block, grammar)
    if frame is None:
        return None
    frame = without_blanks(frame).rename(dict(zip(frame.columns, names, strict=False)))
    passed_over = [name for name in names if name not in sampled.names]
    if any(frame[name].null_count() < frame.height for name in passed_over):
        return None
    if repeated_headers(frame) - sampled.footer:
        return None
    columns = [name for name in sampled.names if name in needed.columns or name == sampled.names[0]]
    kept = frame.select(*columns, LINE)
    if needed.digest and len(columns) < len(sampled.names):
        kept.insert_column(len(columns), frame.drop(LINE).hash_rows(seed=0).alias(CELLS))
    return kept
