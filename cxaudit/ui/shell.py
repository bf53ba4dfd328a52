"""The frame of every page: links, language, presenter mode, title; and the empty state that leads on."""

from __future__ import annotations

import gc
import re
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cxaudit import texts
from cxaudit.report.privacy import fit_to_leave
from cxaudit.schema.results import Audit, Phrase
from cxaudit.ui import address, guard, jobs, leaving, session, showcase, vault

PAGES = ("exports", "quality", "overview", "signals", "verbatims", "crosses", "context", "field", "plan", "report")
ARROW = ":material/arrow_forward:"
# A named icon would be fetched from another host.
_ICON = str(Path(__file__).with_name("icon.png"))
_SOON = 0.3  # seconds until the room sees the page at its full width
LANGUAGES = {"Français": "fr", "English": "en"}


@dataclass(frozen=True, slots=True)
class Page:
    """What a page needs to speak: its language, whether it is projected, and where its title goes."""

    name: str
    lang: str
    presenter: bool
    head: DeltaGenerator

    def say(self, key: str | Phrase, **facts: Any) -> str:
        return texts.say(key, self.lang, **facts)

    def say_n(self, key: str, n: float, **facts: Any) -> str:
        """The sentence `key.one` or `key.many`, by `n`; French takes the singular for nought too."""
        return self.say(f"{key}.{'one' if texts.singular(n, self.lang) else 'many'}", n=n, **facts)

    def title(self, title: str, subtitle: str = "") -> None:
        """The finding as the title; client, period and rows as one muted line, which may hold client text."""
        with self.head.container(gap="xxsmall"):
            st.title(literal(title), anchor=False)
            if subtitle:
                st.markdown(muted(subtitle))


def open_page(name: str) -> Page:
    """Configure the page and draw its frame: links, presenter switch, language, place of the title."""
    _set_apart()
    arrived = _arrived(name)
    if arrived:
        _complete_address()
    st.set_page_config(page_title="cxaudit", page_icon=_ICON, layout="wide", initial_sidebar_state="collapsed")
    with st.container(horizontal=True, vertical_alignment="center", key="frame"):
        links = st.container(horizontal=True, gap="xxsmall", key="links")
        right = st.container(horizontal=True, width="content", vertical_alignment="center", key="switches")
    with right:
        lang = _language(arrived)
        guard.pass_or_stop(lang)
        was = projecting()
        presenter = _presenter(lang, arrived)
        guard.way_out(lang)
    with links:
        _links(lang)
    page = Page(name, lang, presenter, st.container(key="head"))
    _resume()
    jobs.settle()
    jobs.box(page)
    _trouble(page)
    if presenter:
        _steps(page)
        if not was and session.workshop().audit is not None:
            st.session_state["panel_leaves"] = False
            _panel_leaves()
    return page


@cache
def _set_apart() -> None:
    """Once a server: Streamlit collects garbage after every run, and need not search the libraries each time."""
    gc.freeze()


def _trouble(page: Page) -> None:
    """Why other settings could not take hold, said once."""
    held = session.workshop()
    said, held.trouble = held.trouble, None
    if said is not None:
        problem(page, said)


def _resume() -> None:
    """After a refresh, go on where the tab was; else keep what it holds now."""
    held = session.workshop()
    if held.audit is None and held.ingested is None and not held.erased:
        found = vault.find()
        if found is not None:
            held = session.resume(found)
    showcase.lend(held)
    vault.keep(held)
    leaving.seen(held)


def require_audit(page: Page) -> Audit:
    """The audit at hand, fit for a room while presenting; or an empty state that leads on, and the page stops."""
    audit = session.workshop().audit
    if audit is None:
        page.title(page.say(f"ui.page.{page.name}"), page.say(f"ui.about.{page.name}"))
        empty_state(page)
        st.stop()
    outdated(page)
    return as_seen(page, audit)


def as_seen(page: Page, given: Audit) -> Audit:
    """The audit at hand, after a change within the page too, fit for a room while presenting; else the one given."""
    audit = session.workshop().audit or given
    return _projected(audit) if page.presenter else audit


def outdated(page: Page) -> None:
    """Exports read anew have no prepared tables yet: an audit shown was made of the former ones, and says so."""
    held = session.workshop()
    if held.audit is not None and held.ingested is not None and held.live is None:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="outdated"):
            st.markdown(f":orange[▲] {page.say('ui.outdated')}")
            lead("pages/exports.py", page.say("ui.lead.again"), icon=ARROW)


def _projected(audit: Audit) -> Audit:
    """What a room may see: small groups and names go by the rule of what leaves; days stay, the timeline needs them."""
    held = session.workshop()
    if held.projected is None or held.projected[0] is not audit:
        fit = fit_to_leave(audit)
        measures = {key: replace(one, daily=audit.measures[key].daily) for key, one in fit.measures.items()}
        held.projected = (audit, replace(fit, measures=measures))
    return held.projected[1]


def empty_state(page: Page) -> None:
    """Nothing to show yet: say so, and offer the two ways on."""
    with st.container(border=True, key="empty"):
        st.markdown(page.say("ui.empty"))
        with st.container(horizontal=True):
            lead("app.py", page.say("ui.lead.sample"), icon=ARROW)
            lead("pages/exports.py", page.say("ui.lead.exports"), icon=ARROW)


def lead(target: str, label: str, icon: str | None = None) -> None:
    """A link to another page; language and presenter mode are kept by the session, so that addresses stay plain."""
    st.page_link(target, label=label, icon=icon, icon_position="right")


def problem(page: Page, phrase: Phrase) -> None:
    """An error of the data, as a sentence that may hold a client's words: never Markdown."""
    with st.container(border=True):
        st.text(f"▲ {page.say(phrase)}", width="stretch")


def muted(text: str) -> str:
    """Small grey Markdown from plain text; Markdown's own signs are taken literally."""
    return f":small[:gray[{literal(text)}]]"


def literal(text: str) -> str:
    """Text with every sign that Markdown, its colours, icons, formulas or HTML would act on made harmless."""
    return _LIST.sub(r"\1\\\2", _ACTIVE.sub(r"\\\g<0>", " ".join(text.splitlines())))


# A colon acts only before a word (":red[", ":material/…:", "http://"), an ampersand before an entity.
_ACTIVE = re.compile(r"[\\`*_\[\]<>$~]|:(?=[\w+/-])|&(?=[#\w])")
# At the start of a text these open a heading, a list or a rule.
_LIST = re.compile(r"^(\s*\d*)([#+=.)-])")


def _language(arrived: bool) -> str:
    names = list(LANGUAGES)
    kept = st.session_state.get("language_kept", st.query_params.get("language"))
    if arrived and kept in names:
        st.session_state["language"] = kept
    chosen = st.radio("Langue · Language", names, key="language", horizontal=True, label_visibility="collapsed")
    st.session_state["language_kept"] = chosen
    address.remember("language", chosen, names[0])
    return LANGUAGES[chosen or names[0]]


def _presenter(lang: str, arrived: bool) -> bool:
    if arrived:
        given = "on" if projecting() else st.query_params.get("presenter")
        st.session_state["presenter"] = given == "on"
    # A switch that was clicked keeps the focus, and with it the arrows: drawn in another place, it lets go of both.
    place = st.container(width="content") if st.session_state.get("presenter") else nullcontext()
    with place:
        projected = st.toggle(texts.say("ui.presenter", lang), key="presenter")
    st.session_state["presenter_kept"] = projected
    address.remember("presenter", "on" if projected else None, None)
    return projected


def projecting() -> bool:
    """Whether this session presents to a room."""
    return bool(st.session_state.get("presenter_kept"))


@st.fragment(run_every=_SOON)
def _panel_leaves() -> None:
    """The browser takes an emptied side panel away at the end of the run that follows: let there be one."""
    if st.session_state["panel_leaves"]:
        st.rerun()
    st.session_state["panel_leaves"] = True


def _arrived(name: str) -> bool:
    """Whether this is the first run on this page: a widget forgets its value when its page is left."""
    former = st.session_state.get("page")
    st.session_state["page"] = name
    return bool(former != name)


def _complete_address() -> None:
    """Links are plain. What is added at once makes one step of the browser's history, what is added later a second."""
    language = st.session_state.get("language_kept")
    word = vault.word()
    address.write(
        ({vault.TAB: word} if word else {})
        | ({"language": None if language == next(iter(LANGUAGES)) else language} if language else {})
        | ({"presenter": "on"} if projecting() else {})
    )


def _links(lang: str) -> None:
    lead("app.py", texts.say("ui.nav.home", lang))
    for name in PAGES:
        lead(f"pages/{name}.py", texts.say(f"ui.nav.{name}", lang))


def _steps(page: Page) -> None:
    """Next and previous page by key, for the one who presents."""
    place = PAGES.index(page.name) if page.name in PAGES else -1
    with st.container(horizontal=True, horizontal_alignment="right", key="steps"):
        if place > 0:
            back = st.button(page.say("ui.previous"), key="previous", shortcut="Left", type="tertiary")
            if back:
                go(PAGES[place - 1])
        if place + 1 < len(PAGES):
            ahead = st.button(page.say("ui.next"), key="next", shortcut="Right", type="tertiary")
            if ahead:
                go(PAGES[place + 1])


def go(name: str) -> None:
    """Switch to a page, keeping language, presenter mode and what brings this tab's workshop back."""
    word = vault.new_word() if session.workshop().audit is not None else None
    kept = {vault.TAB: word} if word else {}
    st.switch_page(f"pages/{name}.py", query_params=dict(sorted({**address.carried(), **kept}.items())))
