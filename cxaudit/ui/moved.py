"""What the last change moved: a list in the side panel, and a mark beside each figure or state that it changed."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from cxaudit import texts
from cxaudit.schema.results import Audit
from cxaudit.ui import figures, session
from cxaudit.ui.shell import Page, literal, muted

_LISTED = 6


def box(page: Page) -> None:
    """What moved, before and after: states first, then figures; nothing where nothing did."""
    held = session.workshop()
    if held.audit is None or held.before is None:
        return
    lines = [*_states(page, held.before, held.audit), *_figures(page, held.before, held.audit)]
    if not lines:
        return
    with st.container(border=True, gap="xxsmall", key="moved"):
        st.markdown(f":violet-badge[{page.say_n('ui.panel.moved', len(lines))}]")
        for line in lines[:_LISTED]:
            st.markdown(muted(line))


def figure(page: Page, key: str) -> None:
    """Beside a figure that the last change moved: what it was."""
    held = session.workshop()
    if held.audit is None or held.before is None:
        return
    former, now = held.before.measures.get(key), held.audit.measures.get(key)
    if former is not None and now is not None and former.value != now.value:
        st.markdown(_was(page, figures.of(former, page.lang)))


def state(page: Page, key: str) -> None:
    """Beside a KPI whose state the last change moved: what it was."""
    held = session.workshop()
    former = next((one.state for one in held.before.mirages if one.key == key), None) if held.before else None
    now = next((one.state for one in held.audit.mirages if one.key == key), None) if held.audit else None
    if former is not None and former != now:
        st.markdown(_was(page, texts.label(f"state.{former}", page.lang)))


def _was(page: Page, before: str) -> str:
    return f":violet-badge[{literal(page.say('ui.panel.was', before=before))}]"


def _states(page: Page, before: Audit, after: Audit) -> Iterator[str]:
    former = {mirage.key: mirage.state for mirage in before.mirages}
    for mirage in after.mirages:
        state = former.get(mirage.key, mirage.state)
        if state != mirage.state:
            name = texts.label(f"mirage.{mirage.key}.name", page.lang)
            words = [texts.label(f"state.{one}", page.lang) for one in (state, mirage.state)]
            yield page.say("ui.overview.changed_line", name=name, before=words[0], after=words[1])


def _figures(page: Page, before: Audit, after: Audit) -> Iterator[str]:
    for key, measure in after.measures.items():
        former = before.measures.get(key)
        if former is not None and former.value != measure.value:
            values = [figures.of(one, page.lang) for one in (former, measure)]
            name = figures.name(key, page.lang)
            yield page.say("ui.overview.changed_line", name=name, before=values[0], after=values[1])
