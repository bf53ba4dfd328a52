"""What a file is by its first bytes: text, a workbook, an archive, or something that holds no rows."""

from __future__ import annotations

from cxaudit.ingest.read_charset import Buffer

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Streams of an OLE container: an encrypted modern workbook, an old workbook.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD_WORKBOOK = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
FOREIGN = (
    (b"%PDF", "reading.foreign.pdf"),
    (b"\x89PNG", "reading.foreign.image"),
    (b"\xff\xd8\xff", "reading.foreign.image"),
    (b"GIF8", "reading.foreign.image"),
    (b"BM\x00", "reading.foreign.image"),
    (b"II*\x00", "reading.foreign.image"),
    (b"MM\x00*", "reading.foreign.image"),
    (b"RIFF", "reading.foreign.image"),
    (b"PAR1", "reading.foreign.parquet"),
    (b"ARROW1", "reading.foreign.parquet"),
    (b"\x1f\x8b", "reading.foreign.packed"),
    (b"7z\xbc\xaf\x27\x1c", "reading.foreign.packed"),
    (b"Rar!", "reading.foreign.packed"),
    (b"BZh", "reading.foreign.packed"),
    (b"\xfd7zXZ", "reading.foreign.packed"),
    (b"\x28\xb5\x2f\xfd", "reading.foreign.packed"),
    (b"SQLite format 3\x00", "reading.foreign.database"),
    (b"{\\rtf", "reading.foreign.document"),
)
# What a zip container holds that is no plain archive.
_WORKBOOK_PARTS = (
    b"xl/workbook.xml",
    b"xl/workbook.bin",
    b"xl/worksheets/",
    b"application/vnd.oasis.opendocument.spreadsheet",
)
_DOCUMENT_PARTS = (b"word/document.xml", b"ppt/presentation.xml", b"application/vnd.oasis.opendocument.text")
_NUMBERS_PARTS = (b"Index/Document.iwa", b"Index/CalculationEngine.iwa")
TAIL = 1 << 20


def signature(head: bytes, data: Buffer) -> str:
    """`workbook`, `archive`, `text`, or the key of the sentence that says what it is instead."""
    if head.startswith(ZIP):
        return _zip_kind(head, data)
    if head.startswith(OLE):
        if data.find(ENCRYPTED) >= 0:
            return "reading.foreign.encrypted"
        return "workbook" if any(data.find(name) >= 0 for name in OLD_WORKBOOK) else "reading.foreign.document"
    return next((kind for mark, kind in FOREIGN if head.startswith(mark)), "text")


def _zip_kind(head: bytes, data: Buffer) -> str:
    names = head + bytes(data[max(0, len(data) - TAIL) :])
    if any(part in names for part in _WORKBOOK_PARTS):
        return "workbook"
    if any(part in names for part in _DOCUMENT_PARTS):
        return "reading.foreign.document"
    return "reading.foreign.numbers" if any(part in names for part in _NUMBERS_PARTS) else "archive"
