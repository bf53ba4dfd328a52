"""Behind a figure: a few of its cases, pseudonymised, each on one line; drawn apart so that the page stays still."""

from __future__ import annotations

import streamlit as st

from cxaudit import texts
from cxaudit.cases import Case, Step, cases
from cxaudit.schema.results import Measure
from cxaudit.ui import session, showcase, work
from cxaudit.ui.notebook import FAMILIES
from cxaudit.ui.progress import told
from cxaudit.ui.shell import Page, muted

_TOLD = ("recontact", "repurchase", "silence", "gestures")
_SHOWN = 12


def behind(page: Page, measure: Measure) -> None:
    """An offer to see cases, where the exports are at hand and nobody presents; nothing is read before that."""
    family = next((name for name, (_, starts) in FAMILIES.items() if measure.key.startswith(starts)), "")
    held = session.workshop()
    rows = held.ingested is not None or showcase.waits_for_rows(held)
    if page.presenter or family not in _TOLD or not rows:
        return
    reasons = [row.segment for row in measure.segments.get("reason", ())] if family == "recontact" else []
    with st.container(border=True, key="stories"):
        _stories(page, family, sorted(reasons))


@st.fragment
def _stories(page: Page, family: str, reasons: list[str]) -> None:
    if not st.toggle(page.say("ui.stories.show"), key=f"stories-{family}"):
        return
    cut = {}
    if reasons:
        every = page.say("ui.stories.every")
        chosen = st.selectbox(page.say("ui.stories.reason"), [every, *reasons], key=f"stories-reason-{family}")
        cut = {} if chosen == every else {"reason": str(chosen)}
    with told(page):
        held = session.workshop()
        found = cases(family, work.tables(held), held.settings, limit=_SHOWN, **cut)
        if not found:
            st.markdown(muted(page.say("ui.stories.none")))
        for case in found:
            st.text(line(page, case))


def line(page: Page, case: Case) -> str:
    """A case on one line: pseudonym, then each step with its day."""
    steps = " → ".join(_step(page, step) for step in case.steps)
    return page.say("ui.named", name=case.pseudonym, value=steps)


def _step(page: Page, step: Step) -> str:
    what = texts.label(f"step.{step.what}", page.lang)
    detail = f" ({step.detail})" if step.detail else ""
    return f"{what}{detail} {step.day:%d/%m/%y}"
