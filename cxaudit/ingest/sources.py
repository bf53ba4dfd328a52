"""From paths or uploaded bytes to sheets of text, one by one; a file that cannot be read never stops the others.

What a file is, is decided by its first bytes; its name only breaks ties.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cxaudit.ingest.read_archive import read_archive
from cxaudit.ingest.read_charset import HEAD, Buffer, chunks, decode
from cxaudit.ingest.read_delimited import read_delimited
from cxaudit.ingest.read_json import looks_like_json, read_json
from cxaudit.ingest.read_lean import Chooser
from cxaudit.ingest.read_markup import looks_like_markup, read_markup
from cxaudit.ingest.read_sheet import Sheet, Unreadable
from cxaudit.ingest.read_signature import signature
from cxaudit.ingest.read_sql import looks_like_sql, read_sql
from cxaudit.ingest.read_workbook import read_workbook
from cxaudit.schema.results import Phrase

__all__ = ["Sheet", "Unreadable", "read_bytes", "read_named", "read_sources"]

# A zip without a workbook's parts under such a name is a workbook cut short.
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods"})
PASSED_OVER = frozenset({".py", ".toml", ".md", ".cxaudit"})


def read_sources(paths: Iterable[Path], choose: Chooser | None = None) -> Iterator[Sheet | Unreadable]:
    """Every sheet of the files and folders at `paths`, one at a time.

    Folders are read through in the order of names; files that are no exports (`.py`, `.toml`, `.md`, hidden ones) are
    passed over there. A path that does not exist or may not be read is an `Unreadable` like any other. With `choose`,
    large files are read for the columns that it needs alone.
    """
    for path in map(Path, paths):
        for file in _files(path):
            yield from read_named(file, file.as_posix(), choose)


def read_bytes(name: str, data: bytes) -> Iterator[Sheet | Unreadable]:
    """Every sheet of one file given by its bytes, such as an upload; nothing is written to disk."""
    yield from _read(name, data, None, depth=0)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = (file for file in path.rglob("*") if file.is_file())
    return sorted(file for file in files if not _passed_over(file.relative_to(path)))


def _passed_over(inside: Path) -> bool:
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in inside.parts)
    return hidden or inside.suffix.lower() in PASSED_OVER


def read_named(path: Path, name: str, choose: Chooser | None = None) -> Iterator[Sheet | Unreadable]:
    """Every sheet of the file at `path`, known to its reader as `name`."""
    try:
        if path.stat().st_size == 0:
            yield Unreadable(name, None, Phrase.of("reading.empty", file=name))
            return
        with path.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield from _read(name, data, path, depth=0, choose=choose)
    except FileNotFoundError:
        yield Unreadable(name, None, Phrase.of("reading.missing", file=name))
    except OSError as error:
        yield Unreadable(name, None, Phrase.of("reading.forbidden", file=name, detail=error.strerror or ""))


def _read(
    file: str, data: Buffer, path: Path | None, depth: int, choose: Chooser | None = None
) -> Iterator[Sheet | Unreadable]:
    head = bytes(data[:HEAD])
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe") and len(data) <= HEAD:
        yield Unreadable(file, None, Phrase.of("reading.empty", file=file))
        return
    what = signature(head, data)
    if what == "workbook" or (what == "archive" and Path(file).suffix.lower() in WORKBOOKS):
        yield from read_workbook(file, data, _digest(data))
    elif what == "archive":
        yield from read_archive(file, data, depth, _read_member)
    elif what != "text":
        yield Unreadable(file, None, Phrase.of(what, file=file))
    else:
        yield from _read_text(file, data, path, choose)


def _read_member(file: str, data: bytes, depth: int) -> Iterator[Sheet | Unreadable]:
    if not _passed_over(Path(file.replace("\\", "/").rpartition("/")[2] or file)):
        yield from _read(file, data, None, depth)


def _digest(data: Buffer) -> str:
    digest = hashlib.sha256()
    for chunk in chunks(data, 0):
        digest.update(chunk)
    return digest.hexdigest()


def _read_text(file: str, data: Buffer, path: Path | None, choose: Chooser | None) -> Iterator[Sheet | Unreadable]:
    # The digest lets go of the interpreter: the characters are looked at meanwhile.
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(_digest, data)
        decoded = decode(data, path)
        digest = coming.result()
    if decoded is None:
        yield Unreadable(file, None, Phrase.of("reading.foreign.binary", file=file))
        return
    head = bytes(decoded.data[decoded.start : decoded.start + HEAD]).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if looks_like_markup(head):
        yield from read_markup(file, decoded, digest)
    elif looks_like_json(head):
        yield from read_json(file, decoded, digest)
    elif looks_like_sql(head):
        yield from read_sql(file, decoded, digest)
    else:
        yield read_delimited(file, decoded, digest, choose)
