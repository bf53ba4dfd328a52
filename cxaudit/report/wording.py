"""Words of the workbook: a measure's texts, phrases of the record, and client text made fit to leave.

A measure that has no text of its own borrows the nearest parent's (`cross.tone.recontact.anger` → `cross.tone`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import PurePath

from cxaudit.schema.impersonal import impersonal
from cxaudit.schema.results import Phrase
from cxaudit.texts import known, label, say

CELL_LIMIT = 32_000  # Excel holds 32 767 characters in a cell
SHOWN_LIMIT = 60
_NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")  # XML cannot hold them
PSEUDONYM = re.compile(r"[A-Za-z]*+[ _-]?[0-9a-f]*(?<=[0-9a-f]{4})", re.IGNORECASE)


def measure_text(key: str, part: str, lang: str) -> str | None:
    """One text of a measure (`name`, `question`, `counted`, `unit_of`, `reading`), or None."""
    found = next((f"measure.{name}.{part}" for name in _parents(key) if known(f"measure.{name}.{part}")), None)
    return say(found, lang) if found else None


def measure_texts(key: str, part: str, lang: str) -> list[str]:
    """The numbered texts of a measure (`blind`, `advice`)."""
    for name in _parents(key):
        if known(f"measure.{name}.{part}.1"):
            return [say(text, lang) for text in _numbered(f"measure.{name}.{part}")]
    return []


def measure_name(key: str, lang: str) -> str:
    """The name of a measure; a parent's name says which child it stands for."""
    own = f"measure.{key}.name"
    if known(own):
        return say(own, lang)
    parent = measure_text(key, "name", lang)
    return f"{parent} ({key.rpartition('.')[2]})" if parent else key


def spoken(phrase: Phrase, lang: str) -> str:
    """A phrase of the record in words; its key where the words are missing, so that a report never fails on one."""
    try:
        return say(phrase, lang)
    except (KeyError, IndexError, ValueError, TypeError):
        return phrase.key


def word(prefix: str, name: str, lang: str) -> str:
    """The text of `prefix.name`, else the name itself."""
    return label(f"{prefix}.{name}", lang) if known(f"{prefix}.{name}") else name


def clean(value: str) -> str:
    """Text that a cell can hold: no control characters, no lone surrogates, not beyond Excel's limit."""
    if value.isprintable() and len(value) <= CELL_LIMIT:
        return value
    kept = "".join(c if c >= " " or c in "\n\t" else " " for c in value)
    valid = kept.encode("utf-16", "surrogatepass").decode("utf-16", "replace").translate(_NO_CHARACTERS)
    return valid if len(valid) <= CELL_LIMIT else valid[:CELL_LIMIT] + "…"


def stripped(value: str) -> str:
    """Client text without e-mail addresses, phone, card and bank numbers; a second net under the audit's own."""
    return impersonal(clean(value))


def shown(value: str) -> str:
    """A client's name short enough for a table or a chart; the data sheet keeps it whole."""
    value = " ".join(value.split())
    return value if len(value) <= SHOWN_LIMIT else value[: SHOWN_LIMIT - 1].rstrip() + "…"


def file_label(name: str) -> str:
    """A file's name without the folders of the machine that it came from."""
    return stripped(PurePath(name).name if name.startswith(("/", "\\")) or ":" in name[:3] else name)


def _parents(key: str) -> Iterator[str]:
    while key:
        yield key
        key = key.rpartition(".")[0]


def _numbered(prefix: str) -> Iterator[str]:
    for number in count(1):
        if not known(f"{prefix}.{number}"):
            return
        yield f"{prefix}.{number}"
