"""The exports page: questions first, then what was recognised, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from cxaudit import texts
from cxaudit.ingest import Entry, Question
from cxaudit.schema.results import Export, Phrase
from cxaudit.ui import opening, session, uploader, work
from cxaudit.ui.components import badge, field_name, sentence
from cxaudit.ui.shell import Page, go, literal, muted, problem

_CERTAIN, _LIKELY = 0.9, 0.7
_EXTENSIONS = ("csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "json", "ndjson", "jsonl", "sql", "zip")


def upload(page: Page) -> None:
    """Several files at once; each is read on the spot, then its bytes are released."""
    held = session.workshop()
    st.markdown(page.say("ui.exports.drop"))
    key = f"uploader-{held.uploader}"
    files = st.file_uploader(
        page.say("ui.exports.uploader"),
        type=list(_EXTENSIONS),
        accept_multiple_files=True,
        key=key,
        label_visibility="collapsed",
    )
    uploader.spoken(page, key, several=True)
    st.markdown(muted(page.say("ui.private")))
    if files:
        opening.add_uploads(page, files)
        st.rerun()


def headline(page: Page, exports: Sequence[Export], waiting: int) -> str:
    """How many files were read, how many serve, how many questions are left."""
    said = page.say("ui.exports.read", n=len(exports), usable=_usable(exports))
    if waiting:
        said += page.say_n("ui.exports.waiting", waiting)
    return said


def _usable(exports: Sequence[Export]) -> int:
    return sum(1 for export in exports if export.table != "none")


def ledger(page: Page, exports: Sequence[Export]) -> str:
    """Rows read = kept + folded + set aside, over all files."""
    aside = sum(part.rows for export in exports for part in export.set_aside)
    read, kept, folded = (
        sum(getattr(export, name) for export in exports) for name in ("rows_read", "rows_kept", "rows_folded")
    )
    return page.say("ui.exports.ledger", read=read, kept=kept, folded=folded, aside=aside)


def start(page: Page, exports: Sequence[Export], waiting: int) -> None:
    """Run the diagnosis, once there is a file to run it on; what is still open is said beside the button."""
    idle = not _usable(exports)
    pressed = st.button(page.say("ui.exports.start"), key="start", type="primary", width="stretch", disabled=idle)
    if idle:
        st.markdown(muted(page.say("ui.exports.nothing_usable")))
    elif waiting:
        st.markdown(muted(page.say_n("ui.exports.left", waiting)))
    if pressed and work.diagnose(page):
        go("overview")


def questions(page: Page, asked: Sequence[Question]) -> None:
    """One card a question, answered in place."""
    with st.grid(2, gap="xsmall", key="questions"):
        for number, question in enumerate(asked, start=1):
            with st.container(border=True, key=f"question-{number}"):
                _question(page, question, number, len(asked))


def _question(page: Page, question: Question, number: int, total: int) -> None:
    state = "ready" if question.answer else "to_answer"
    count = page.say("ui.exports.answered" if question.answer else "ui.exports.question", n=number, total=total)
    mark = "■" if question.answer else "▲"
    where = (
        question.file
        if question.column is None
        else page.say("ui.exports.where", file=question.file, column=question.column)
    )
    st.markdown(f"{badge(page, state, f'{mark} {count}')} {muted(where)}")
    st.markdown(sentence(page, question.phrase))
    if not question.choices:
        return
    key = f"answer-{question.file}-{question.sheet}-{question.kind}-{question.column or question.field}"
    st.segmented_control(
        page.say("ui.exports.answer"),
        question.choices,
        default=question.answer if question.answer in question.choices and key not in st.session_state else None,
        format_func=lambda choice: f":blue[{literal(choice_name(page, question.kind, choice))}]",
        key=key,
        label_visibility="collapsed",
        on_change=_answer,
        args=(page, question, key),
        wrap=True,
    )


def choice_name(page: Page, kind: str, choice: str) -> str:
    """A choice in words: a known one from the texts, else the client's own column."""
    for key in (f"ui.choice.{choice}", f"word.table.{choice}" if kind == "table" else ""):
        if key and texts.known(key):
            return page.say(key)
    return choice


def _answer(page: Page, question: Question, key: str) -> None:
    chosen = st.session_state.get(key)
    if chosen is None:
        return
    entry = entry_of(question.file, question.sheet)
    if entry is None:
        return
    edited: dict[str, Any] = entry.as_json(page.lang)
    if question.kind == "table":
        edited.update(table=chosen, mapping=None, derived=None)
    else:
        place = f"{question.kind}:{question.column or question.field}"
        edited["answers"] = {**edited["answers"], place: chosen}
    session.workshop().changes.append(edited)


def apply_changes(page: Page) -> None:
    """Read again with what was answered or corrected since the last run."""
    held = session.workshop()
    if held.changes:
        changes, held.changes = held.changes, []
        opening.remap(page, changes)


def entry_of(file: str, sheet: str | None) -> Entry | None:
    """What was recognised of one file or sheet."""
    read = session.workshop().ingested
    return next((entry for entry in read.entries if entry.place == (file, sheet)), None) if read else None


def cards(page: Page) -> None:
    """What was recognised, three cards a row."""
    read = session.ingested(session.workshop())
    with st.grid(3, gap="xsmall", key="files"):
        for number, (entry, export) in enumerate(zip(read.entries, read.exports, strict=True)):
            open_questions = [one for one in read.questions if (one.file, one.sheet) == entry.place and not one.answer]
            with st.container(border=True, height="stretch", gap="xsmall", key=f"file-{number}"):
                _card(page, number, entry, export, len(open_questions))


def _card(page: Page, number: int, entry: Entry, export: Export, waiting: int) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.text(entry.file if entry.sheet is None else f"{entry.file} · {entry.sheet}", width="content")
        st.markdown(_state(page, entry, waiting), width="content")
    table = _table_word(page, entry.table)
    platform = f" · {literal(entry.platform.replace('_', ' ').title())}" if entry.platform else ""
    st.markdown(f"**{table[0].upper()}{table[1:]}{platform}**")
    why = "".join(sentence(page, phrase).rstrip(".") for phrase in entry.why[:1])
    why = why[:1].lower() + why[1:]
    st.markdown(f":small[**{page.say(f'ui.exports.{_sureness(entry)}')}**{', ' if why else ''}{why}.]")
    if entry.table != "none":
        st.markdown(f"**{rows_kept(page, export)}**{_span(page, export)}")
    for field in entry.missing_required:
        name = field_name(page, entry.table, field)
        st.markdown(f":small[:orange[▲ {literal(page.say('ui.exports.missing_field', field=name))}]]")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(muted(aside_said(page, export)), width="content")
        if entry.columns or entry.table != "none":
            st.button(
                page.say("ui.exports.columns"),
                key=f"columns-{number}",
                type="tertiary",
                on_click=_look_at,
                args=(entry.place,),
                icon=":material/arrow_downward:",
            )
        st.button(
            page.say("ui.exports.remove"),
            key=f"remove-{number}",
            type="tertiary",
            on_click=opening.forget_file,
            args=(entry.file.split("/")[0],),
        )


def _look_at(place: tuple[str, str | None]) -> None:
    session.workshop().place = place


def _state(page: Page, entry: Entry, waiting: int) -> str:
    if entry.table == "none":
        return badge(page, "unusable", f"○ {page.say('ui.exports.unusable')}")
    if waiting or entry.missing_required:
        n = max(waiting, 1)
        said = page.say_n("ui.exports.asks", n)
        return badge(page, "to_answer", f"▲ {said}")
    return badge(page, "ready", f"■ {page.say('ui.exports.ready')}")


def _sureness(entry: Entry) -> str:
    if entry.confidence >= _CERTAIN:
        return "certain"
    return "likely" if entry.confidence >= _LIKELY else "unsure"


def rows_kept(page: Page, export: Export) -> str:
    """Rows kept with the word for what they are: 41 280 commandes."""
    return f"{texts.count(export.rows_kept, page.lang)} {rows_word(page, export.table, [export])}"


def rows_word(page: Page, table: str, exports: Sequence[Export]) -> str:
    """What the rows of a table are called; surveys of which no export tells the sending are answers alone."""
    told = [export for export in exports if export.table == table]
    sent = any("sent_at" in (*export.mapping, *export.derived) for export in told)
    return page.say("ui.exports.answers") if table == "surveys" and told and not sent else _table_word(page, table)


def _table_word(page: Page, table: str) -> str:
    return texts.label(f"word.table.{table}", page.lang)


def _span(page: Page, export: Export) -> str:
    if export.first_day is None or export.last_day is None:
        return ""
    return f" · {texts.month(export.first_day, page.lang)} → {texts.month(export.last_day, page.lang)}"


def aside_said(page: Page, export: Export) -> str:
    """Rows folded and set aside, in a few words."""
    parts = []
    if export.rows_folded:
        parts.append(page.say_n("ui.exports.folded", export.rows_folded))
    aside = sum(part.rows for part in export.set_aside)
    if aside:
        reasons = [reason_name(page, part.reason) for part in export.set_aside]
        parts.append(page.say_n("ui.exports.aside", aside, reasons=_SEPARATED[page.lang].join(reasons[:2])))
    return ", ".join(parts) or page.say("ui.exports.none_aside")


def counted(page: Page, frame: pd.DataFrame) -> Styler:
    """A table with its whole numbers in the reader's dress (1 035); they still sort as numbers."""
    whole = [name for name in frame.columns if pd.api.types.is_integer_dtype(frame[name])]
    return frame.style.format({name: lambda value: texts.count(value, page.lang) for name in whole})


# Reasons hold commas and « et » themselves.
_SEPARATED = {"fr": "\u202f; ", "en": "; "}


def reason_name(page: Page, reason: str) -> str:
    """Why rows were set aside, as the end of a sentence."""
    said = texts.label(reason, page.lang).rstrip(".")
    return said[:1].lower() + said[1:]


def unreadable(page: Page) -> None:
    """Files that could not be read, each with its own sentence."""
    for group in session.workshop().sheets.values():
        for sheet in group:
            if not hasattr(sheet, "frame"):
                why: Phrase = sheet.why
                problem(page, why)
