"""The sample's figures as they ship: an audit file beside the digest of all that it was made from.

`python -m cxaudit.ui.shipped` writes it anew where the digest no longer holds. A file that does not match is not read:
the figures are then worked out from the rows, which takes some seconds on the first click.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from cxaudit import audit_file
from cxaudit.errors import UnreadableAudit
from cxaudit.ui.showcase import Figures

_PACKAGE = Path(__file__).resolve().parents[1]
SAMPLE = _PACKAGE.parent / "sample_data"
FILE = Path(__file__).with_name(f"sample{audit_file.SUFFIX}")
DIGEST = FILE.with_suffix(".txt")
# Rooms that draw, write or speak: no figure depends on them.
_FIGURELESS = ("ui", "report", "texts", "sample")


def read() -> Figures | None:
    """The figures that were shipped; None where code or exports have changed since, or no file is there."""
    try:
        if DIGEST.read_text("ascii").strip() != digest():
            return None
        saved = audit_file.reopen(FILE.read_bytes())
    except (OSError, ValueError, UnreadableAudit):
        return None
    return Figures(saved.audit, saved.events)


def write(figures: Figures) -> None:
    """Ship these figures."""
    FILE.write_bytes(audit_file.save(audit_file.Saved(figures.audit, events=figures.events)))
    DIGEST.write_text(f"{digest()}\n", "ascii")


def digest() -> str:
    """One digest of the exports and of the code that makes figures of them, whatever ends their lines."""
    found = hashlib.sha256()
    for path in _sources():
        found.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()


def _sources() -> Iterator[Path]:
    rooms = (path for path in sorted(_PACKAGE.iterdir()) if path.name not in (*_FIGURELESS, "__pycache__"))
    for path in rooms:
        yield from (path,) if path.is_file() else sorted(one for one in path.rglob("*") if _counts(one))
    yield from sorted(path for path in SAMPLE.iterdir() if path.is_file())


def _counts(path: Path) -> bool:
    return path.is_file() and path.suffix not in (".pyc", ".pyo")


def main() -> None:
    """Write the file anew where it no longer holds."""
    if read() is None:
        from cxaudit.ui import sample  # what makes the figures takes a second to load, and is seldom needed

        write(sample.figures_of(sample.rows()))
        sys.stderr.write(f"{FILE}\n")


if __name__ == "__main__":
    main()
