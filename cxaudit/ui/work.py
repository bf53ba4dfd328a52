"""What pages set in motion: diagnosis, other events, other settings; errors are said as sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from cxaudit.context import needs_rows
from cxaudit.errors import CxAuditError
from cxaudit.follow.readjust import readjust
from cxaudit.measure.tables import Tables
from cxaudit.schema.results import Audit, Event
from cxaudit.schema.settings import Settings
from cxaudit.ui import audits, sample, session, showcase
from cxaudit.ui.jobs import Job, settle
from cxaudit.ui.progress import Tell, progress, told
from cxaudit.ui.shell import Page


def diagnose(page: Page) -> bool:
    """Run the audit over what was read; False where the data do not allow it, which the page then says."""
    held = session.workshop()
    with told(page), progress(page) as tell:
        if held.ingested is None:
            raise CxAuditError("ui.work.nothing_read")
        _take(lambda settings: audits.run(held, settings, held.events, tell))
        return True
    return False


def change_events(page: Page, events: Sequence[Event]) -> bool:
    """Declare these events instead of the former ones; figures follow. False where they cannot be, which is said."""
    held = session.workshop()
    if held.audit is None:
        return False
    with told(page), progress(page) as tell:
        _take(lambda settings: _followed(held, settings, events, tell))
        held.events = tuple(events)
        return True
    return False


def change_settings(page: Page, new: Settings) -> bool:
    """Take other settings; figures follow, later where that is long. False where they cannot, which is said."""
    if new == session.wanted():
        return False
    return _change(page, new, undo=False)


def undo(page: Page) -> None:
    """Go back to the settings before the last change, or stay with them where the change is still being made."""
    held = session.workshop()
    if held.job is None:
        _change(page, held.past[-1], undo=True)
    else:
        session.drop_job()


def tables(held: session.Workshop) -> Tables:
    """The tables as the measures see them, for cases and verbatims."""
    sample.with_rows(held)
    return audits.live(held, held.settings, held.events).prepared(held.settings, held.events).tables


def _take(make: Callable[[Settings], Audit]) -> None:
    """Take an audit; settings whose figures are still being made take hold with it."""
    job = session.drop_job()
    settings = job.settings if job else session.workshop().settings
    session.take_settings(settings, make(settings), undo=bool(job and job.undo))


def _change(page: Page, new: Settings, undo: bool) -> bool:
    held = session.workshop()
    session.drop_job()
    if held.audit is None:
        session.take_settings(new, None, undo)
        return True
    with told(page):
        if _needs_exports(held, new):
            raise CxAuditError("ui.work.needs_exports")
        events = held.events
        held.job = Job(new, lambda tell: _followed(held, new, events, tell), undo).start()
        if held.job.wait():
            settle()
        return held.trouble is None
    return False


def _followed(held: session.Workshop, settings: Settings, events: Sequence[Event], tell: Tell) -> Audit:
    """The audit under these settings and events, by the shortest way that gives the same figures."""
    assert held.audit is not None
    showcase.lend(held)
    at_hand = held.ingested is not None or held.origin == "sample"
    if not at_hand or not _asks_rows(held, held.audit, settings, events):
        return readjust(held.audit, events, settings)
    return audits.run(sample.with_results(held), settings, events, tell)


def _asks_rows(held: session.Workshop, audit: Audit, settings: Settings, events: Sequence[Event]) -> bool:
    """Whether more changes than targets, and scopes that the audit knows."""
    return replace(settings, targets=held.settings.targets) != held.settings or needs_rows(events, audit.context)


def _needs_exports(held: session.Workshop, new: Settings) -> bool:
    """Days are counted around the periods compared: without the rows, those counted for the former are compared."""
    without = held.ingested is None and held.origin != "sample"
    return without and replace(new, targets=held.settings.targets, compare=held.settings.compare) != held.settings
