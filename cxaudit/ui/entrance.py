"""Home's three ways in, the audit at hand, and a tour of five steps that can be skipped."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cxaudit import audit_file
from cxaudit.ui import keep, leaving, session, showcase, uploader, vault
from cxaudit.ui import sample as exhibit
from cxaudit.ui.progress import told
from cxaudit.ui.shell import ARROW, Page, go, lead, muted

_STEPS = ("exports", "overview", "signals", "context", "report")


def sample(page: Page) -> None:
    """One click from here to the overview of the sample."""
    showcase.figures.begin(exhibit.figures)
    st.subheader(page.say("ui.home.sample_head"), anchor=False)
    st.markdown(page.say("ui.home.sample_what"))
    if st.button(page.say("ui.home.sample"), key="sample", type="primary", width="stretch") and exhibit.start(page):
        go("overview")


def own_files(page: Page) -> None:
    """To the exports page."""
    st.subheader(page.say("ui.home.files_head"), anchor=False)
    st.markdown(page.say("ui.home.files_what"))
    lead("pages/exports.py", page.say("ui.home.files"), icon=ARROW)
    st.markdown(muted(page.say("ui.private")))


def reopen(page: Page) -> None:
    """A saved audit: to go on with, to compare with, or only for its mapping and settings."""
    st.subheader(page.say("ui.home.reopen_head"), anchor=False)
    st.markdown(page.say("ui.home.reopen_what"))
    held = session.workshop()
    key = f"reopen-{held.uploader}"
    file = st.file_uploader(page.say("ui.home.reopen"), type=[audit_file.SUFFIX[1:]], key=key)
    uploader.spoken(page, key)
    if file is None:
        return
    wanted = st.radio(page.say("ui.home.take"), ["all", "decisions", "compare"], key="take",
                      format_func=lambda part: page.say(f"ui.home.take_{part}"))  # fmt: skip
    if not st.button(page.say("ui.home.open"), key="open", type="primary", width="stretch"):
        return
    with told(page):
        saved = audit_file.reopen(file.getvalue())
        session.release_uploads()
        _take(saved, wanted or "all")
        go("exports" if wanted == "decisions" else "overview")


def _take(saved: audit_file.Saved, wanted: str) -> None:
    held = session.workshop()
    if wanted == "compare":
        held.earlier = saved.audit
    elif wanted == "decisions":
        held.settings, held.mapping = saved.settings, [dict(entry) for entry in saved.mapping]
    else:
        session.replace_workshop(replace(keep.opened(saved), uploader=held.uploader + 1))


def at_hand(page: Page) -> None:
    """What is open now, where to go on, and how to be rid of it."""
    held = session.workshop()
    if held.audit is None and held.ingested is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="at-hand"):
        st.text(" · ".join(part for part in (page.say("ui.home.at_hand"), held.client) if part))
        lead("pages/overview.py", page.say("ui.lead.overview"), icon=ARROW)
        erase_button(page)


def erase_button(page: Page) -> None:
    """Erase this audit, uploaded bytes included; asked twice."""
    with st.popover(page.say("ui.erase.ask"), key="erase"):
        st.markdown(page.say("ui.erase.what"))
        st.button(page.say("ui.erase.do"), key="erase-now", type="primary", on_click=leave)


def leave() -> None:
    """Erase this tab's audit, also what a refresh would have brought back."""
    vault.drop()
    session.erase()
    leaving.give_back()


def tour(page: Page) -> None:
    """Five steps in words, one at a time; skipping is remembered for the session."""
    step = st.session_state.setdefault("tour_step", 0)
    if step is None or page.presenter:
        return
    with st.container(border=True, key="tour"):
        st.markdown(muted(page.say("ui.tour.place", n=step + 1, total=len(_STEPS))))
        st.markdown(page.say(f"ui.tour.{_STEPS[step]}"))
        with st.container(horizontal=True, vertical_alignment="center"):
            if step + 1 < len(_STEPS):
                st.button(page.say("ui.tour.next"), key="tour-next", on_click=_tour_to, args=(step + 1,))
            name = _STEPS[step]
            lead(f"pages/{name}.py", page.say(f"ui.nav.{name}"), icon=ARROW)
            st.button(page.say("ui.tour.skip"), key="tour-skip", type="tertiary", on_click=_tour_to, args=(None,))


def _tour_to(step: int | None) -> None:
    st.session_state["tour_step"] = step
