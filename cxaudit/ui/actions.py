"""The plan: how it stands, and what the findings advise, one click from a line."""

from __future__ import annotations

import streamlit as st

from cxaudit import texts
from cxaudit.findings import STAKE_OF
from cxaudit.schema.results import Audit, Finding
from cxaudit.ui import session
from cxaudit.ui.components import coloured, sentence
from cxaudit.ui.shell import Page, muted

_SHOWN = 12


def headline(page: Page) -> str:
    """How many actions, how many still without an owner."""
    plan = session.workshop().plan
    if not plan:
        return page.say("ui.page.plan")
    free = sum(1 for line in plan if not line.owner)
    told = "title_free" if free == len(plan) else "title" if free else "title_owned"
    return page.say_n(f"ui.plan.{told}", len(plan), free=free)


def advice(page: Page, audit: Audit) -> None:
    """What the findings advise, worst first; one click adds a line."""
    wanted = [item for item in audit.findings if item.actions and item.state != "good"][:_SHOWN]
    if not wanted:
        st.markdown(muted(page.say("ui.plan.no_advice")))
        return
    for number, finding in enumerate(wanted):
        with st.container(border=True, gap="xsmall", key=f"advice-{number}"):
            state = texts.label(f"state.{finding.state}", page.lang)
            st.markdown(f"{coloured(state, finding.state)} · {sentence(page, finding.text)}")
            for action in finding.actions:
                _advised(page, finding, action)


def _advised(page: Page, finding: Finding, action: str) -> None:
    """The advice, then its button: at its right, or under it where the page is narrow."""
    said = texts.label(f"action.{action}", page.lang)
    taken = any(line.action == said for line in session.workshop().plan)
    text, add = st.columns([8.4, 1.6], gap="small", vertical_alignment="center")
    text.text(said)
    add.button(
        page.say("ui.plan.added" if taken else "ui.plan.add"),
        key=f"add-{finding.key}-{action}",
        disabled=taken,
        on_click=session.add_action,
        args=(said, finding.key, STAKE_OF.get(finding.key, "")),
        help=said,
        width="stretch",
    )
