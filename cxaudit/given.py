"""What the command line is given to read besides exports: settings, a mapping, events, a tone model.

Each is read whole or refused with what is wrong with it (a `UsageError`); a path that does not exist is one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxaudit.errors import UsageError
from cxaudit.schema.phrase import Phrase

if TYPE_CHECKING:
    from cxaudit.ingest import Entry
    from cxaudit.schema.results import Event
    from cxaudit.schema.settings import Settings
    from cxaudit.tone.own_model import OwnModel

# Of an entry of a mapping: sections of plain values by field, and of records by field.
_SECTIONS = (("mapping", "answers"), ("derived", "values"))


def existing(paths: Sequence[Path]) -> list[Path]:
    """The paths, all of which exist."""
    for path in paths:
        if not path.exists():
            raise UsageError("error.path.absent", path=str(path))
    return list(paths)


def given_settings(
    path: Path | None, language: str | None, asked: Mapping[str, Any]
) -> tuple[Settings, tuple[Phrase, ...]]:
    """The settings of a TOML file, else the defaults, and what in it has no effect.

    `language` and what is `asked` by name (not None) go before the file.
    """
    from cxaudit.schema.settings import parsed, settings_from, without_effect

    given = parsed(_text_of(path)) if path else {}
    base, names = settings_from(given), without_effect(given)
    said = {name: value for name, value in asked.items() if value is not None}
    read = settings_from(said)
    settings = replace(base, language=language or base.language, **{name: getattr(read, name) for name in said})
    return settings, (Phrase.of("warning.settings_without_effect", count=len(names), names=names),) if names else ()


def given_model(folder: Path | None) -> OwnModel | None:
    """The tone model of a folder."""
    if folder is None:
        return None
    from cxaudit.tone.own_model import OwnModel

    return OwnModel.open(folder)


def given_mapping(path: Path | None) -> list[dict[str, Any]] | None:
    """The entries of a JSON file in the shape of `inspect`'s."""
    if path is None:
        return None
    try:
        document = json.loads(_text_of(path))
        files = document["files"] if isinstance(document, dict) else document
    except (json.JSONDecodeError, KeyError) as error:
        raise UsageError("error.mapping.json", file=path.name, detail=str(error)) from error
    if not isinstance(files, list) or not all(_is_entry(entry) for entry in files):
        raise UsageError("error.mapping.json", file=path.name, detail="files")
    return files


def _is_entry(entry: Any) -> bool:
    """Whether an entry has the shape that `inspect` gives it: sections by field, rules and classes within them."""
    if not isinstance(entry, dict):
        return False
    plain, nested = (tuple(entry.get(name) or {} for name in names) for names in _SECTIONS)
    inner = [item for section in nested if isinstance(section, dict) for item in section.values()]
    return all(isinstance(section, dict) for section in (*plain, *nested, *filter(None, inner)))


def passed_over_by(
    entries: Sequence[Entry], path: Path | None, saved: Sequence[Mapping[str, Any]]
) -> tuple[Phrase, ...]:
    """That entries of a mapping served no file, if any: a name may be misspelt."""
    from cxaudit.ingest.memory import unused

    names = unused(entries, saved)
    if path is None or not names:
        return ()
    return (Phrase.of("warning.mapping_unused", file=path.name, rows=len(names), names=names),)


def given_events(path: Path | None, settings: Settings) -> tuple[tuple[Event, ...], tuple[Phrase, ...]]:
    """The events of a CSV, XLSX or TOML file in the shape of the events table, and how many rows are none.

    Raises:
        UsageError: no event can be read from it.
    """
    if path is None:
        return (), ()
    from cxaudit.audit import events_of
    from cxaudit.ingest import ingest_paths

    if path.suffix.lower() == ".toml":
        frame, rows = _toml_events(path)
    else:
        found = ingest_paths(existing([path]), mapping=None, settings=settings)
        frame = found.tables.get("events")
        rows = sum(export.rows_read - export.rows_folded for export in found.exports)
    complete = frame is not None and {"name", "kind", "starts_on", "ends_on"} <= set(frame.columns)
    events = events_of(frame) if complete else ()
    if not events:
        raise UsageError("error.events.none", file=path.name)
    unread = rows - len(events)
    return events, ((Phrase.of("warning.events_unread", file=path.name, rows=unread),) if unread else ())


def _toml_events(path: Path) -> tuple[Any, int]:
    """The table of a TOML's `[[events]]` that are whole, and how many there are."""
    import tomllib

    import polars as pl

    try:
        given = tomllib.loads(_text_of(path)).get("events", [])
    except tomllib.TOMLDecodeError as error:
        raise UsageError("error.events.none", file=path.name) from error
    rows = given if isinstance(given, list) else [given]
    return pl.DataFrame([event for row in rows if (event := _toml_event(row))]), len(rows)


def _toml_event(row: Any) -> dict[str, Any] | None:
    from cxaudit.schema.settings import read_day

    if not isinstance(row, dict) or not {"name", "kind", "starts_on", "ends_on"} <= set(row):
        return None
    words = {name: str(row[name]) for name in ("name", "kind")}
    try:
        days = {name: read_day(row[name]) for name in ("starts_on", "ends_on")}
    except UsageError:
        return None
    return {**words, **days, "scope": str(row.get("scope") or "")}


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("error.path.unreadable", path=path.name) from error
