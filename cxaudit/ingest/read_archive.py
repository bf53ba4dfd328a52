"""Archives: members are inflated in memory under a budget, counted as they come, never written to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cxaudit.ingest.read_charset import Buffer
from cxaudit.ingest.read_sheet import Sheet, Unreadable
from cxaudit.schema.results import Phrase

# Nothing beyond this is ever inflated from one archive; declared sizes are not believed.
BUDGET = 2 << 30
# Text and spreadsheets seldom shrink more than fifty-fold; a bomb shrinks a thousand-fold.
MOST_RATIO = 250
RATIO_FREE = 64 << 20
MOST_MEMBERS = 2_000
MOST_DEPTH = 2
STEP = 1 << 20

MemberReader = Callable[[str, bytes, int], Iterator[Sheet | Unreadable]]


class TooLarge(Exception):
    """More bytes came out than the budget allows."""


@dataclass
class Allowance:
    """What may still be inflated."""

    left: int = BUDGET

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooLarge


def read_archive(file: str, data: Buffer, depth: int, read_member: MemberReader) -> Iterator[Sheet | Unreadable]:
    """Every sheet of every member; each member that cannot be read says so for itself."""
    if depth > MOST_DEPTH:
        yield Unreadable(file, None, Phrase.of("reading.archive.nested", file=file, depth=MOST_DEPTH))
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError):
        yield Unreadable(file, None, Phrase.of("reading.archive.damaged", file=file))
        return
    members = [
        member for member in archive.infolist() if not member.is_dir() and member.file_size + member.compress_size
    ]
    if not members or len(members) > MOST_MEMBERS:
        key = "reading.archive.many" if members else "reading.archive.empty"
        yield Unreadable(file, None, Phrase.of(key, file=file, count=len(members)))
        return
    allowance = Allowance()
    for member in members:
        name = f"{file}/{shown(member.filename)}"
        try:
            content = inflated(data, member, allowance)
        except TooLarge:
            yield Unreadable(name, None, Phrase.of("reading.archive.bomb", file=name))
            return
        except (zlib.error, NotImplementedError, ValueError):
            yield Unreadable(name, None, Phrase.of("reading.archive.damaged", file=name))
            continue
        if content is None:
            yield Unreadable(name, None, Phrase.of("reading.archive.encrypted", file=name))
            continue
        yield from read_member(name, content, depth + 1)


def shown(name: str) -> str:
    """A member's name without roots and climbing parts; it is only ever shown, never a place to write to."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..") and not part.endswith(":"))


def inflated(data: Buffer, member: zipfile.ZipInfo, allowance: Allowance) -> bytes | None:
    """The bytes of a member, None where it is encrypted.

    Raises:
        TooLarge: the budget or the ratio of a sound file is exceeded; nothing more has been inflated.
        zlib.error, ValueError, NotImplementedError: the member is damaged or packed in a rare way.
    """
    return None if member.flag_bits & 1 else b"".join(stream(data, member, allowance))


def stream(data: Buffer, member: zipfile.ZipInfo, allowance: Allowance) -> Iterator[bytes]:
    """The pieces of a member as they are inflated, each counted before the next."""
    begin = member.header_offset
    if bytes(data[begin : begin + 4]) != b"PK\x03\x04":
        raise ValueError(member.filename)
    lengths = [int.from_bytes(data[begin + at : begin + at + 2], "little") for at in (26, 28)]
    begin += 30 + sum(lengths)
    end = begin + member.compress_size
    if end > len(data):
        raise ValueError(member.filename)
    if member.compress_type == zipfile.ZIP_STORED:
        allowance.spend(end - begin)
        yield bytes(data[begin:end])
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(member.filename)
    yield from _deflated(data, begin, end, allowance)


def _deflated(data: Buffer, begin: int, end: int, allowance: Allowance) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-15)
    total = 0
    for position in range(begin, end, STEP):
        piece = bytes(data[position : min(position + STEP, end)])
        while piece:
            out = inflater.decompress(piece, STEP)
            total += len(out)
            allowance.spend(len(out))
            if total > RATIO_FREE and total > MOST_RATIO * (end - begin):
                raise TooLarge
            if out:
                yield out
            piece = inflater.unconsumed_tail
            if inflater.eof:
                return
    while rest := inflater.decompress(inflater.unconsumed_tail, STEP):
        allowance.spend(len(rest))
        yield rest
    if not inflater.eof:
        raise ValueError("truncated")
