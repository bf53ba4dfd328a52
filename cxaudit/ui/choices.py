"""What goes into the deliverables: client, language, sheets, logo, colour, verbatims; kept while the tab lives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from cxaudit import texts
from cxaudit.report import SHEET_GROUPS, SHEET_KEYS
from cxaudit.report.logo import HEAVIEST_MB, clean_logo
from cxaudit.ui import session, showcase, uploader
from cxaudit.ui.progress import told
from cxaudit.ui.shell import Page, literal, muted

ACCENT = "#1B4F8F"
_KEPT = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person asked of the deliverables."""

    client: str
    lang: str
    sheets: tuple[str, ...] = SHEET_KEYS
    accent: str = ACCENT
    logo: bytes | None = None
    quoted: bool = False


def ask(page: Page) -> Choice:
    """The choices, drawn and taken; they come back as they were when the page is opened again."""
    held = session.workshop()
    kept: Choice = st.session_state.get(_KEPT) or Choice(held.client, page.lang)
    with st.container(border=True, gap="small", key="choices"):
        client, lang = _identity(page, held)
        accent, logo = _brand(page, kept)
        sheets = _sheets(page, kept, lang)
        quoted = st.toggle(
            page.say("ui.report.quotes"),
            value=kept.quoted,
            key="quotes",
            disabled=held.ingested is None and not showcase.waits_for_rows(held),
        )
        st.markdown(muted(page.say("ui.report.quotes_what")))
    chosen = replace(kept, client=client, lang=lang, sheets=sheets, accent=accent, logo=logo, quoted=quoted)
    st.session_state[_KEPT] = chosen
    return chosen


def _identity(page: Page, held: session.Workshop) -> tuple[str, str]:
    left, right = st.columns([3, 2], gap="small", vertical_alignment="bottom")
    name = left.text_input(page.say("ui.report.client"), value=held.client, key=f"client-{held.uploader}")
    held.client = name.strip()
    lang = right.segmented_control(
        page.say("ui.report.language"),
        list(texts.LANGUAGES),
        default=page.lang,
        required=True,
        format_func=lambda one: f":blue[{page.say(f'ui.report.in_{one}')}]",
        key="report-language",
        wrap=True,
    )
    return held.client, lang or page.lang


def _brand(page: Page, kept: Choice) -> tuple[str, bytes | None]:
    left, right = st.columns([3, 2], gap="small")
    with left:
        logo = _logo(page, kept.logo)
    accent = right.color_picker(page.say("ui.report.accent"), value=kept.accent, key="accent")
    right.markdown(muted(page.say("ui.report.accent_what")))
    return accent, logo


def _logo(page: Page, kept: bytes | None) -> bytes | None:
    """The logo as it will be printed; its upload is let go at once."""
    serial = st.session_state.setdefault("logo-serial", 0)
    st.markdown(page.say("ui.report.logo"))
    if kept is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="logo"):
            st.image(kept, width=160)
            if st.button(page.say("ui.report.logo_drop"), key="logo-drop", type="tertiary"):
                _remember(None)
        return kept
    file = st.file_uploader(
        page.say("ui.report.logo_what", most=HEAVIEST_MB),
        type=["png", "jpg", "jpeg"],
        max_upload_size=HEAVIEST_MB,
        key=f"logo-file-{serial}",
    )
    uploader.spoken(page, f"logo-file-{serial}", HEAVIEST_MB)
    if file is not None:
        with told(page):
            read = clean_logo(file.getvalue())
            session.release_uploads()
            _remember(read)
    return None


def _remember(logo: bytes | None) -> None:
    kept: Choice | None = st.session_state.get(_KEPT)
    held = session.workshop()
    st.session_state[_KEPT] = replace(kept or Choice(held.client, "fr"), logo=logo)
    st.session_state["logo-serial"] += 1
    st.rerun()


def _sheets(page: Page, kept: Choice, lang: str) -> tuple[str, ...]:
    """The sheets by group, all on at first; what always stands in the workbook is said."""
    chosen: list[str] = []
    with st.expander(_counted(page), key="sheets"):
        for group, keys in SHEET_GROUPS.items():
            chosen += _group(page, group, keys, kept.sheets, lang)
        st.markdown(muted(page.say("ui.report.always")))
    return tuple(key for key in SHEET_KEYS if key in chosen)


def _group(page: Page, group: str, keys: Sequence[str], kept: Sequence[str], lang: str) -> list[str]:
    named: Any = {key: texts.say(f"report.sheet.{key}", lang) for key in keys}
    return st.pills(
        page.say(f"ui.report.sheets.{group}"),
        list(keys),
        selection_mode="multi",
        default=[key for key in keys if key in kept],
        format_func=lambda key: f":blue[{literal(named[key])}]",
        key=f"sheets-{group}",
    )


def _counted(page: Page) -> str:
    kept: Choice | None = st.session_state.get(_KEPT)
    now = [key for group in SHEET_GROUPS for key in st.session_state.get(f"sheets-{group}", ()) or ()]
    known = any(f"sheets-{group}" in st.session_state for group in SHEET_GROUPS)
    count = len(now) if known else len(kept.sheets) if kept else len(SHEET_KEYS)
    return page.say("ui.report.sheets.chosen", count=count, of=len(SHEET_KEYS))
