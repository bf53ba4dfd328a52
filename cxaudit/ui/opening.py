"""Files come and go: uploads are read, taken out, read again under a corrected mapping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cxaudit.audit import events_of
from cxaudit.errors import CxAuditError
from cxaudit.ingest import ingest
from cxaudit.schema.results import Phrase
from cxaudit.ui import leaving, session, spill
from cxaudit.ui.progress import progress, told
from cxaudit.ui.shell import Page, problem


def add_uploads(page: Page, files: Sequence[Any]) -> None:
    """Read uploaded files one by one, then let their bytes go; a file of the same name replaces the earlier one."""
    held = session.workshop()
    session.drop_job()
    with progress(page) as tell:
        for place, file in enumerate(files):
            tell(place / len(files), Phrase.of("ui.work.file", file=_plain_name(file.name)))
            name = file.name
            held.mapping = [entry for entry in held.mapping if not _belongs(entry, name)]
            held.sheets[name] = spill.read_upload(file)
        tell(1.0, Phrase.of("ui.work.recognise"))
        with told(page):
            read(held)
        held.origin = "files"
        held.uploader += 1
        session.release_uploads()
        leaving.give_back()


def forget_file(name: str) -> None:
    """Take one file out of the audit."""
    held = session.workshop()
    held.sheets.pop(name, None)
    held.mapping = [entry for entry in held.mapping if not _belongs(entry, name)]
    if held.sheets:
        read(held)
    else:
        held.ingested, held.audit, held.live, held.verbatims = None, None, None, None


def remap(page: Page, changes: Sequence[dict[str, Any]]) -> None:
    """Read the tables again with corrected entries: another mapping, an answered question, another class of words."""
    held = session.workshop()
    former = held.mapping
    places = {(entry["file"], entry["sheet"]) for entry in changes}
    held.mapping = [entry for entry in former if (entry["file"], entry["sheet"]) not in places] + list(changes)
    try:
        read(held)
    except CxAuditError as error:
        held.mapping = former
        problem(page, error.phrase)


def read(held: session.Workshop) -> None:
    """Type the sheets at hand; events of a file become the workshop's own, so that they can be edited."""
    held.live, held.verbatims = None, None
    sheets = (sheet for name, group in held.sheets.items() for sheet in spill.whole(name, group, held.mapping))
    held.ingested = ingest(sheets, mapping=held.mapping or None, settings=held.settings)
    found = events_of(held.ingested.tables.get("events"))
    held.events = (*held.events, *(event for event in found if event not in held.events))


def by_file(sheets: Iterable[Any]) -> dict[str, tuple[Any, ...]]:
    """Sheets by the name of their file."""
    groups: dict[str, list[Any]] = {}
    for sheet in sheets:
        name = Path(sheet.file).name
        groups.setdefault(name, []).append(replace(sheet, file=name))
    return {name: tuple(group) for name, group in groups.items()}


def _belongs(entry: dict[str, Any], name: str) -> bool:
    return bool(entry["file"] == name or entry["file"].startswith(f"{name}/"))


def _plain_name(name: str) -> str:
    return name.replace("`", "'")
