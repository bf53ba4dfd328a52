"""The report page: what leaves, and in what shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory

import pandas as pd
import streamlit as st

from cxaudit import audit_file, json_record, quotes
from cxaudit.report import file_name, write_workbook
from cxaudit.report.deck import write_deck
from cxaudit.schema.results import Audit
from cxaudit.schema.workshop import Quote
from cxaudit.ui import events, figures, keep, sample, session, work
from cxaudit.ui.choices import Choice
from cxaudit.ui.shell import Page, muted

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_PATIENCE = 5.0  # seconds without a sign after which the bar is put away; the file comes all the same
Tell = Callable[[float], None]
Write = Callable[[session.Workshop, Audit, Choice, Path, Tell], None]


class Writing:
    """How far a deliverable is: written by the thread that makes it, read by the page that waits for it."""

    def __init__(self) -> None:
        self.shares: SimpleQueue[float] = SimpleQueue()

    def told(self) -> Iterator[float]:
        """The shares as they come, until the file is done or nothing is heard."""
        try:
            while (share := self.shares.get(timeout=_PATIENCE)) < 1.0:
                yield share
        except Empty:
            return


def downloads(page: Page, audit: Audit, choice: Choice) -> None:
    """Excel, slides, JSON and the audit file; each is made when it is asked for."""
    # The downloads are made after this run, where the session cannot be reached.
    held, audit = session.workshop(), events.spoken_audit(audit, choice.lang)
    writing = st.session_state.setdefault("writing", Writing())
    name = Path(file_name(choice.client, _period(audit), choice.lang)).stem
    ways = (
        ("excel", ".xlsx", _XLSX, lambda: made(workbook, held, audit, choice, writing)),
        ("slides", ".pptx", _PPTX, lambda: made(slides, held, audit, choice, writing)),
        ("json", ".json", "application/json", lambda: json_record.dump(audit, choice.lang).encode()),
        ("save", audit_file.SUFFIX, "application/octet-stream", lambda: keep.saved(sample.with_rows(held))),
    )
    asked = False
    with st.grid(4, gap="small", min_column_width=275, key="downloads"):
        for way, suffix, kind, data in ways:
            with st.container(border=True, height="stretch", key=f"way-{way}"):
                st.subheader(page.say(f"ui.report.{way}_head"), anchor=False)
                st.markdown(page.say(f"ui.report.{way}_what"))
                watched = way in ("excel", "slides")
                clicked = st.download_button(
                    page.say(f"ui.report.{way}"),
                    data=data,
                    file_name=name + suffix,
                    mime=kind,
                    key=way,
                    type="primary" if watched else "secondary",
                    width="stretch",
                    on_click="rerun" if watched else "ignore",
                )
                asked = asked or (watched and clicked)
    if asked:
        _watch(page, writing)


def _watch(page: Page, writing: Writing) -> None:
    """A bar that follows the writing, gone when the file is there."""
    place = st.empty()
    bar = place.progress(0.0, text=page.say("ui.report.writing"))
    for share in writing.told():
        bar.progress(share, text=page.say("ui.report.writing"))
    place.empty()


def made(write: Write, held: session.Workshop, audit: Audit, choice: Choice, writing: Writing) -> bytes:
    """The bytes of a deliverable, its progress told on the way and its end in any case."""
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "audit"
            write(held, audit, choice, path, lambda share: writing.shares.put(min(share, 0.99)))
            return path.read_bytes()
    finally:
        writing.shares.put(1.0)


def workbook(held: session.Workshop, audit: Audit, choice: Choice, path: Path, tell: Tell) -> None:
    """The Excel audit, with the room's notes and plan."""
    quoted = choice.quoted and sample.with_rows(held).ingested is not None
    chosen: tuple[Quote, ...] = quotes.quotes_of(work.tables(held)) if quoted else ()
    write_workbook(
        audit,
        path,
        lang=choice.lang,
        client=choice.client,
        notes=held.notes,
        plan=held.plan,
        quotes=chosen,
        sheets=choice.sheets,
        accent=choice.accent,
        logo=choice.logo,
        progress=tell,
    )


def slides(held: session.Workshop, audit: Audit, choice: Choice, path: Path, tell: Tell) -> None:
    """The slides, with the room's plan."""
    write_deck(
        audit,
        path,
        choice.lang,
        client=choice.client,
        plan=held.plan,
        accent=choice.accent,
        logo=choice.logo,
        progress=tell,
    )


def _period(audit: Audit) -> str:
    if audit.period is None:
        return ""
    return f"{audit.period.first:%Y-%m} {audit.period.last:%Y-%m}"


def since_last_time(page: Page, audit: Audit) -> None:
    """What changed since the earlier audit that was opened for comparison."""
    earlier = session.workshop().earlier
    if earlier is None:
        st.markdown(muted(page.say("ui.report.no_earlier")))
        return
    column = {name: page.say(f"ui.report.column.{name}") for name in ("figure", "before", "after", "gap", "interval")}
    rows = []
    for delta in audit_file.compare(audit, earlier):
        rows.append(
            {
                column["figure"]: figures.name(delta.key, page.lang),
                column["before"]: figures.figure(delta.before, delta.unit, page.lang),
                column["after"]: figures.figure(delta.after, delta.unit, page.lang),
                column["gap"]: figures.difference(delta.difference, delta.unit, page.lang),
                column["interval"]: figures.between_differences(delta.low, delta.high, delta.unit, page.lang),
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="deltas", alt=page.say("ui.report.since"))


def said(page: Page) -> None:
    """The notes that will stand in the workbook, each to be dropped."""
    held = session.workshop()
    if not held.notes:
        st.markdown(muted(page.say("ui.report.no_notes")))
    for number, note in enumerate(held.notes):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{page.say(f'ui.nav.{note.page}')} — {note.text}")
            drop, key = page.say("ui.report.drop_note"), f"drop-{number}"
            st.button(drop, key=key, type="tertiary", on_click=session.drop_note, args=(number,))
