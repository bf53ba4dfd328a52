"""What pages set in motion: reading, diagnosis, other events or settings; with progress, and errors as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from cxaudit.audit import audit_counted, events_of, prepare_audit, readjust
from cxaudit.context import needs_rows
from cxaudit.errors import CxAuditError
from cxaudit.ingest import ingest
from cxaudit.ingest.sources import read_sources
from cxaudit.measure.tables import Tables
from cxaudit.measure.tally import Tally
from cxaudit.prepare import Prepared, read_under, rescoped
from cxaudit.rules import scope_fields
from cxaudit.schema.results import Audit, Event, Phrase
from cxaudit.schema.settings import Settings
from cxaudit.ui import leaving, session, shipped, showcase, spill
from cxaudit.ui.shell import Page, problem

Tell = Callable[[float, Phrase], None]


@contextmanager
def progress(page: Page) -> Iterator[Tell]:
    """A bar with a sentence, gone when the work is done."""
    place = st.empty()
    bar = place.progress(0.0, text=page.say("ui.work.start"))
    try:
        yield lambda share, what: _advance(page, bar, share, what)
    finally:
        place.empty()


def _advance(page: Page, bar: Any, share: float, what: Phrase) -> None:
    bar.progress(min(max(share, 0.0), 1.0), text=page.say(what))


@contextmanager
def told(page: Page) -> Iterator[None]:
    """An error of the data is said on the page; a bug surfaces."""
    try:
        yield
    except CxAuditError as error:
        problem(page, error.phrase)


def start_sample(page: Page) -> bool:
    """Open the sample's audit; False where it could not be made, which the page then says."""
    with told(page), progress(page) as tell:
        made = showcase.figures.get(lambda: sample_figures(tell))
        session.replace_workshop(
            session.Workshop(
                client=page.say("ui.sample_brand"),
                origin="sample",
                events=made.events,
                audit=made.audit,
                uploader=session.workshop().uploader,
            )
        )
        showcase.rows.begin(sample_rows)
        return True
    return False


def sample_figures(tell: Tell = lambda share, what: None) -> showcase.Figures:
    """The sample's figures: as they ship, else worked out from its rows."""
    found = shipped.read()
    if found is not None:
        return found
    tell(0.05, Phrase.of("ui.work.reading"))
    return figures_of(showcase.rows.get(sample_rows), tell)


def sample_rows() -> showcase.Rows:
    """The sample's exports, read and prepared."""
    fresh = session.Workshop(sheets=_by_file(read_sources([shipped.SAMPLE])))
    _ingest(fresh)
    _prepared(fresh)
    return showcase.Rows(fresh.sheets, fresh.ingested, fresh.events, fresh.prepared)


def figures_of(rows: showcase.Rows, tell: Tell = lambda share, what: None) -> showcase.Figures:
    """The audit of the sample's rows."""
    held = session.Workshop(ingested=rows.ingested, events=rows.events, prepared=rows.prepared)
    return showcase.Figures(_run(held, tell), rows.events)


def sample_tally() -> Tally:
    """The sample's days by slice, of which its shipped figures say nothing."""
    rows = showcase.rows.get(sample_rows)
    held = session.Workshop(ingested=rows.ingested, events=rows.events, prepared=rows.prepared)
    _run(held, lambda share, what: None)
    assert held.tally is not None
    return held.tally


def count_ahead() -> None:
    """Where events are declared: the sample's days by slice are counted behind the scenes, before a scope asks."""
    if showcase.waits_for_tally(session.workshop()):
        showcase.tally.begin(sample_tally)


def fetch_rows(page: Page) -> None:
    """Before a page that reads rows: those of the sample may still be on their way."""
    if showcase.waits_for_rows(session.workshop()):
        with progress(page) as tell:
            tell(0.3, Phrase.of("ui.work.reading"))
            _fetch(session.workshop())


def with_rows(held: session.Workshop) -> session.Workshop:
    """The workshop, once the rows it may be waiting for are there."""
    _fetch(held)
    return held


def _fetch(held: session.Workshop) -> None:
    if showcase.waits_for_rows(held):
        showcase.rows.get(sample_rows)
        showcase.lend(held)


def add_uploads(page: Page, files: Sequence[Any]) -> None:
    """Read uploaded files one by one, then let their bytes go; a file of the same name replaces the earlier one."""
    held = session.workshop()
    with progress(page) as tell:
        for place, file in enumerate(files):
            tell(place / len(files), Phrase.of("ui.work.file", file=_plain_name(file.name)))
            name = file.name
            held.mapping = [entry for entry in held.mapping if not _belongs(entry, name)]
            held.sheets[name] = spill.read_upload(file)
        tell(1.0, Phrase.of("ui.work.recognise"))
        with told(page):
            _ingest(held)
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
        _ingest(held)
    else:
        held.ingested, held.audit, held.prepared, held.verbatims, held.tally = None, None, None, None, None


def remap(page: Page, changes: Sequence[dict[str, Any]]) -> None:
    """Read the tables again with corrected entries: another mapping, an answered question, another class of words."""
    held = session.workshop()
    former = held.mapping
    places = {(entry["file"], entry["sheet"]) for entry in changes}
    held.mapping = [entry for entry in former if (entry["file"], entry["sheet"]) not in places] + list(changes)
    try:
        _ingest(held)
    except CxAuditError as error:
        held.mapping = former
        problem(page, error.phrase)


def diagnose(page: Page) -> bool:
    """Run the audit over what was read; False where the data do not allow it, which the page then says."""
    held = session.workshop()
    with told(page), progress(page) as tell:
        session.take_audit(_run(held, tell))
        return True
    return False


def change_events(page: Page, events: Sequence[Event]) -> bool:
    """Declare these events instead of the former ones; figures follow. False where they cannot be, which is said."""
    held = session.workshop()
    if held.audit is None:
        return False
    with told(page):
        asks = needs_rows(events, held.audit.context)
        if asks:
            _fetch(held)
            _lend_tally(held)
        if asks and held.ingested is not None and not _answers(held.tally, events):
            fresh = replace(held, events=tuple(events))
            with progress(page) as tell:
                audit = _run(fresh, tell)
            held.prepared, held.tally = fresh.prepared, fresh.tally
        else:
            audit = readjust(held.audit, events, held.settings, held.tally)
        held.events = tuple(events)
        session.take_audit(audit)
        return True
    return False


def change_settings(page: Page, new: Settings) -> bool:
    """Take other settings; figures follow. False where they cannot, which is said."""
    held = session.workshop()
    if new == held.settings:
        return False
    former = held.settings
    session.set_settings(new)
    if held.audit is None:
        return True
    with told(page):
        session.take_audit(_under(page, held, former))
        return True
    session.undo_settings()
    return False


def undo(page: Page) -> None:
    """Go back to the settings before the last change."""
    held = session.workshop()
    former = held.settings
    session.undo_settings()
    if held.audit is not None:
        with told(page):
            session.take_audit(_under(page, held, former))


def _lend_tally(held: session.Workshop) -> None:
    if showcase.waits_for_tally(held):
        held.tally = showcase.tally.get(sample_tally)


def _answers(tally: Tally | None, events: Sequence[Event]) -> bool:
    """Whether the days were counted by every field that the events' scopes name."""
    return tally is not None and scope_fields(events) <= tally.slices.fields


def _under(page: Page, held: session.Workshop, former: Settings) -> Audit:
    """The audit under the workshop's settings, by the shortest way that gives the same figures."""
    assert held.audit is not None
    judged = replace(held.settings, targets=former.targets)
    if judged != former:
        _fetch(held)
    # Days are counted around the periods compared: without the rows, those counted for the former ones are compared.
    if judged == former or (held.ingested is None and replace(judged, compare=former.compare) == former):
        return readjust(held.audit, held.events, held.settings, held.tally)
    if held.ingested is None:
        raise CxAuditError("ui.work.needs_exports")
    with progress(page) as tell:
        return _run(held, tell)


def _ingest(held: session.Workshop) -> None:
    """Type the sheets at hand; events of a file become the workshop's own, so that they can be edited."""
    held.prepared, held.verbatims = None, None
    sheets = (sheet for name, group in held.sheets.items() for sheet in spill.whole(name, group, held.mapping))
    held.ingested = ingest(sheets, mapping=held.mapping or None, settings=held.settings)
    found = events_of(held.ingested.tables.get("events"))
    held.events = (*held.events, *(event for event in found if event not in held.events))


def _run(held: session.Workshop, tell: Tell) -> Audit:
    read = held.ingested
    if read is None:
        raise CxAuditError("ui.work.nothing_read")
    tell(0.02, Phrase.of("progress.prepare"))
    audit, held.tally = audit_counted(
        _prepared(held),
        held.settings,
        exports=read.exports,
        warnings=read.warnings,
        labels=held.corrections,
        progress=tell,
    )
    return audit


def prepared(held: session.Workshop) -> Tables:
    """The tables as the measures see them, for cases and verbatims."""
    _fetch(held)
    if held.ingested is None:
        raise CxAuditError("ui.work.needs_exports")
    return _prepared(held).tables


def _prepared(held: session.Workshop) -> Prepared:
    """Made once under what it is read under; other events only look up whom they touch. Another reading drops it."""
    under, former = read_under(held.settings), held.prepared
    if former is None or former[0] != under:
        read = held.ingested
        made = prepare_audit(_tables(held), held.settings, held.events, values=read.values, key=held.key)
        held.prepared = (under, held.events, made)
    elif former[1] != held.events:
        held.prepared = (under, held.events, rescoped(former[2], held.settings, held.events))
    return held.prepared[2]


def _tables(held: session.Workshop) -> dict[str, Any]:
    """The tables without the events, which the workshop holds so that they can be edited."""
    return {name: frame for name, frame in held.ingested.tables.items() if name != "events"}


def _by_file(sheets: Any) -> dict[str, tuple[Any, ...]]:
    groups: dict[str, list[Any]] = {}
    for sheet in sheets:
        name = Path(sheet.file).name
        groups.setdefault(name, []).append(replace(sheet, file=name))
    return {name: tuple(group) for name, group in groups.items()}


def _belongs(entry: dict[str, Any], name: str) -> bool:
    return entry["file"] == name or entry["file"].startswith(f"{name}/")


def _plain_name(name: str) -> str:
    return name.replace("`", "'")
