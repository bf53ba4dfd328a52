"""Which characters the bytes of a text file stand for, by evidence; the rest of the reading sees UTF-8 only."""

from __future__ import annotations

import codecs
import io
import mmap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from cxaudit.schema.results import Phrase

Buffer = bytes | mmap.mmap
CHUNK = 1 << 18  # so much stays in the processor's cache
HEAD = 1 << 16
HELD = 1 << 25
# Bytes of the commonest letters and signs of French text in each 8-bit charset: é è ê à ç ù ô î û ë ï œ € ’ « ».
LETTERS: Mapping[str, bytes] = {
    "cp1252": bytes.fromhex("e9e8eae0e7f9f4eefbebef9c8092abbbc9c8c0b0"),
    "mac-roman": bytes.fromhex("8e8f90888d9d999491959ecfdbd5c7c883e9cba1"),
    "cp850": bytes.fromhex("828a88858797938c96898baeaf90"),
}
# Signs of French text as UTF-8 writes them: none of these rows of bytes is likely in another charset.
_TWICE = tuple(sign.encode() for sign in "éèàêç€’â")
CODECS = {"mac-roman": "mac_roman"}
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Control characters that no text holds; tab, line ends, form feed and the ASCII separators are left out.
CONTROLS = bytes([*range(1, 9), *range(14, 28), 127])


@dataclass(frozen=True)
class Decoded:
    """Text as UTF-8: `data` for looking at, `source` for the reader (the file itself where nothing had to change)."""

    encoding: str
    data: Buffer
    source: bytes | Path
    start: int
    why: tuple[Phrase, ...]


def decode(data: Buffer, path: Path | None = None) -> Decoded | None:
    """The text in `data`, or None where it is no text at all."""
    head = bytes(data[:HEAD])
    seen = cache(partial(_seen, data))
    label, codec, start, why = _recognise(data, head, seen)
    if codec is None:
        return None
    nul = 0 if codec.startswith("utf-16") else seen().nul
    old_mac = _old_mac(head, codec)
    if codec == "utf-8" and not nul and not old_mac and label != "mended":
        return Decoded("utf-8-sig" if start else "utf-8", data, path or bytes(data), start, why)
    if nul:
        why = (*why, Phrase.of("reading.why.nul", count=nul))
    text = _utf8(data, start, codec, mended=label == "mended", nul=bool(nul), old_mac=old_mac)
    names = {"utf-16-le": "utf-16", "utf-16-be": "utf-16", "mended": "utf-8"}
    return Decoded(names.get(label, label), text, text, 0, why)


def forget(data: Buffer) -> None:
    """Give the pages of a mapped file back to the system: the reader maps the file for itself."""
    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        data.madvise(mmap.MADV_DONTNEED)


@dataclass(frozen=True)
class _Seen:
    """What one pass over all bytes tells: whether they are UTF-8, and how many of them are 0."""

    utf8: bool
    nul: int


def _recognise(data: Buffer, head: bytes, seen: Callable[[], _Seen]) -> tuple[str, str | None, int, tuple[Phrase, ...]]:
    for mark, label in BOMS:
        if head.startswith(mark):
            phrase = Phrase.of("reading.why.bom", encoding=label.removesuffix("-le").removesuffix("-be"))
            if label == "utf-8-sig" and seen().utf8:
                return label, "utf-8", len(mark), (phrase,)
            if label != "utf-8-sig":
                return label, label, len(mark), (phrase,)
    wide = _wide(head)
    if wide:
        return wide, wide, 0, (Phrase.of("reading.why.utf16"),)
    if _binary(head):
        return "", None, 0, ()
    if seen().utf8:
        plain = head.isascii()
        return "utf-8", "utf-8", 0, (Phrase.of("reading.why.ascii" if plain else "reading.why.utf8"),)
    return _eight_bit(data)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of mostly Latin text is 0."""
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if pairs >= 4 and odd > 0.4 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if pairs >= 4 and even > 0.4 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None


def _binary(head: bytes) -> bool:
    if head.count(0) > 0.1 * len(head):
        return True
    return len(head) - len(head.translate(None, CONTROLS)) > max(2, 0.003 * len(head))


def _seen(data: Buffer) -> _Seen:
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, nul = True, 0
    for chunk in chunks(data, 0):
        nul += chunk.count(0) if 0 in chunk else 0
        if utf8 and not (chunk.isascii() and decoder.getstate()[0] == b""):
            utf8 = _goes_on(decoder, chunk)
    return _Seen(utf8 and _goes_on(decoder, b"", final=True), nul)


def _goes_on(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _eight_bit(data: Buffer) -> tuple[str, str | None, int, tuple[Phrase, ...]]:
    counts = np.zeros(256, dtype=np.int64)
    multi = 0
    for chunk in chunks(data, 0):
        counts += np.bincount(np.frombuffer(chunk, dtype=np.uint8), minlength=256)
        multi += sum(chunk.count(letter) for letter in _TWICE if letter[0] in chunk)
    start = 3 if bytes(data[:3]) == codecs.BOM_UTF8 else 0
    # What is broken is counted only where some of the text is UTF-8: it takes longer than all else.
    broken = _broken(data) if start or multi else 0
    if start or multi > 5 * broken:
        return "mended", "utf-8", start, (Phrase.of("reading.why.mended", count=broken),)
    weights = {name: int(sum(counts[byte] for byte in letters)) for name, letters in LETTERS.items()}
    best = max(weights, key=lambda name: weights[name])
    if weights[best] <= 2 * weights["cp1252"]:
        best = "cp1252"
    return best, CODECS.get(best, best), 0, (Phrase.of("reading.why.eight_bit", encoding=best),)


def _broken(data: Buffer) -> int:
    """How often the bytes are not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    counts = sum(decoder.decode(chunk).count("\ufffd") for chunk in chunks(data, 0))
    return counts + decoder.decode(b"", final=True).count("\ufffd")


def _old_mac(head: bytes, codec: str) -> bool:
    text = head.decode(codec, "replace") if codec.startswith("utf-16") else head.decode("latin-1")
    return "\r" in text.rstrip("\r") and "\n" not in text


def _utf8(data: Buffer, start: int, codec: str, *, mended: bool, nul: bool, old_mac: bool) -> bytes:
    out = io.BytesIO()
    decoder = codecs.getincrementaldecoder(codec)("replace")
    pieces = map(_mend, _lines_chunks(data, start)) if mended else map(decoder.decode, chunks(data, start))
    for text in pieces:
        if nul:
            text = text.replace("\0", "")
        if old_mac:
            text = text.replace("\r", "\n")
        out.write(text.encode("utf-8", "replace"))
    out.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
    return out.getvalue()


def _mend(piece: bytes) -> str:
    """UTF-8 text in which some bytes are cp1252, as when two exports were pasted together."""
    parts: list[str] = []
    while True:
        try:
            parts.append(piece.decode("utf-8"))
            return "".join(parts)
        except UnicodeDecodeError as error:
            parts.append(piece[: error.start].decode("utf-8"))
            parts.append(piece[error.start : error.end].decode("cp1252", "replace"))
            piece = piece[error.end :]


def chunks(data: Buffer, start: int) -> Iterator[bytes]:
    """The bytes from `start` on, piece by piece; of a mapped file no more than some pieces stay in memory."""
    for position in range(start, len(data), CHUNK):
        yield bytes(data[position : position + CHUNK])
        if position // CHUNK % (HELD // CHUNK) == 0:
            forget(data)


def _lines_chunks(data: Buffer, start: int) -> Iterator[bytes]:
    """Pieces of about 64 kB that end at a line's end, so that no character is cut."""
    position = start
    while position < len(data):
        end = data.find(b"\n", position + HEAD) + 1 or len(data)
        yield bytes(data[position:end])
        position = end
