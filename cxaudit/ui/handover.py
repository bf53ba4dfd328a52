"""The report page: what leaves, and in what shape."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import streamlit as st

from cxaudit import audit_file, json_record, quotes, texts
from cxaudit.report import file_name, write_workbook
from cxaudit.schema.results import Audit
from cxaudit.schema.workshop import Quote
from cxaudit.ui import figures, keep, session, work
from cxaudit.ui.shell import Page, muted

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def identity(page: Page) -> tuple[str, str, bool]:
    """The client's name, the report's language, and whether verbatims may be quoted."""
    held = session.workshop()
    left, middle, right = st.columns([4, 3, 4], gap="small", vertical_alignment="bottom")
    name = left.text_input(page.say("ui.report.client"), value=held.client, key=f"client-{held.uploader}")
    held.client = name.strip()
    languages = list(texts.LANGUAGES)
    lang = middle.segmented_control(
        page.say("ui.report.language"),
        languages,
        default=page.lang,
        required=True,
        format_func=lambda one: f":blue[{page.say(f'ui.report.in_{one}')}]",
        key="report-language",
    )
    quoted = right.toggle(page.say("ui.report.quotes"), key="quotes", disabled=held.ingested is None)
    right.markdown(muted(page.say("ui.report.quotes_what")))
    return held.client, lang or page.lang, quoted


def downloads(page: Page, audit: Audit, client: str, lang: str, quoted: bool) -> None:
    """Excel, JSON and the audit file; each is made when it is asked for."""
    # The downloads are made after this run, where the session cannot be reached.
    held = session.workshop()
    period = _period(audit)
    name = Path(file_name(client, period, lang)).stem
    with st.grid(3, gap="small", key="downloads"):
        with st.container(border=True, height="stretch", key="way-excel"):
            st.subheader(page.say("ui.report.excel_head"), anchor=False)
            st.markdown(page.say("ui.report.excel_what"))
            st.download_button(
                page.say("ui.report.excel"),
                data=lambda: workbook(held, audit, client, lang, quoted),
                file_name=f"{name}.xlsx",
                mime=_XLSX,
                key="excel",
                type="primary",
                width="stretch",
                on_click="ignore",
            )
        with st.container(border=True, height="stretch", key="way-json"):
            st.subheader(page.say("ui.report.json_head"), anchor=False)
            st.markdown(page.say("ui.report.json_what"))
            st.download_button(
                page.say("ui.report.json"),
                data=lambda: json_record.dump(audit, lang).encode(),
                file_name=f"{name}.json",
                mime="application/json",
                key="json",
                width="stretch",
                on_click="ignore",
            )
        with st.container(border=True, height="stretch", key="way-save"):
            st.subheader(page.say("ui.report.save_head"), anchor=False)
            st.markdown(page.say("ui.report.save_what"))
            st.download_button(
                page.say("ui.report.save"),
                data=lambda: keep.saved(held),
                file_name=f"{name}{audit_file.SUFFIX}",
                mime="application/octet-stream",
                key="save",
                width="stretch",
                on_click="ignore",
            )


def workbook(held: session.Workshop, audit: Audit, client: str, lang: str, quoted: bool) -> bytes:
    """The bytes of the Excel audit, with the room's notes and plan."""
    chosen: tuple[Quote, ...] = quotes.quotes_of(work.prepared(held)) if quoted and held.ingested else ()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "audit.xlsx"
        write_workbook(audit, path, lang=lang, client=client, notes=held.notes, plan=held.plan, quotes=chosen)
        return path.read_bytes()


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
