"""Opening the sample, and what of it comes later: rows for verbatims and cases, results for other settings."""

from __future__ import annotations

from cxaudit.follow.live import Live
from cxaudit.ingest.sources import read_sources
from cxaudit.schema.results import Phrase
from cxaudit.schema.settings import Settings
from cxaudit.ui import audits, opening, session, shipped, showcase
from cxaudit.ui.progress import Tell, progress, quietly, told
from cxaudit.ui.shell import Page


def start(page: Page) -> bool:
    """Open the sample's audit; False where it could not be made, which the page then says."""
    with told(page), progress(page) as tell:
        made = showcase.figures.get(lambda: figures(tell))
        session.replace_workshop(
            session.Workshop(
                client=page.say("ui.sample_brand"),
                origin="sample",
                events=made.events,
                audit=made.audit,
                uploader=session.workshop().uploader,
            )
        )
        showcase.live.begin(live)
        return True
    return False


def figures(tell: Tell = quietly) -> showcase.Figures:
    """The sample's figures: as they ship, else worked out from its rows."""
    found = shipped.read()
    if found is not None:
        return found
    tell(0.05, Phrase.of("ui.work.reading"))
    return figures_of(showcase.rows.get(rows), tell)


def rows() -> showcase.Rows:
    """The sample's exports, read and prepared."""
    fresh = session.Workshop(sheets=opening.by_file(read_sources([shipped.SAMPLE])))
    opening.read(fresh)
    return showcase.Rows(
        fresh.sheets, session.ingested(fresh), fresh.events, audits.live(fresh, Settings(), fresh.events)
    )


def figures_of(read: showcase.Rows, tell: Tell = quietly) -> showcase.Figures:
    """The audit of the sample's rows."""
    held = session.Workshop(ingested=read.ingested, live=read.live)
    return showcase.Figures(audits.run(held, Settings(), read.events, tell), read.events)


def live() -> Live:
    """The sample with the results of its audit, from which other settings are followed."""
    read = showcase.rows.get(rows)
    twin = read.live.twin()
    figures_of(showcase.Rows(read.sheets, read.ingested, read.events, twin))
    return twin


def fetch_rows(page: Page) -> None:
    """Before a page that reads rows: those of the sample may still be on their way."""
    if showcase.waits_for_rows(session.workshop()):
        with progress(page) as tell:
            tell(0.3, Phrase.of("ui.work.reading"))
            with_rows(session.workshop())


def with_rows(held: session.Workshop) -> session.Workshop:
    """The workshop, once the rows it may be waiting for are there."""
    if showcase.waits_for_rows(held):
        showcase.rows.get(rows)
        showcase.lend(held)
    return held


def with_results(held: session.Workshop) -> session.Workshop:
    """The same with the results that other settings are followed from."""
    if showcase.waits_for_rows(held) or showcase.waits_for_results(held):
        showcase.live.get(live)
        showcase.lend(held)
    return held
