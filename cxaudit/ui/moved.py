"""What the last change moved: a list in the side panel, and a mark beside each figure or state that it changed.

What does not show at the precision shown has not moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cxaudit import texts
from cxaudit.schema.results import Audit
from cxaudit.schema.settings import Settings
from cxaudit.ui import figures, session
from cxaudit.ui.shell import Page, literal, muted

_LISTED = 6
# Settings that have a field of their own in the panel, by the words that stand there.
_NAMED = {
    "period": "period_days",
    "compare": "compare_days",
    "complaint_reasons": "complaints",
    "currency": "currency",
    "minute_cost": "minute_cost",
    "margin_rate": "margin",
    "opening_hours": "hours",
}


def box(page: Page, place: DeltaGenerator) -> None:
    """What the last change moved, put into `place` once a run: who moved it, states, then figures, or that none did."""
    held = session.workshop()
    told = (held.before, held.audit) if held.before is not None and held.audit is not None else None
    made_by = list(_causes(page, *told)) if told else []
    lines = list(dict.fromkeys(_lines(page, *told))) if told else []
    if not lines and not made_by:
        place.empty()  # a fragment may write later only where it wrote from the first run on
        return
    badge = page.say_n("ui.panel.moved", len(lines)) if lines else page.say("ui.panel.moved.none")
    said = [page.say("ui.panel.moved.by", names=made_by)] if made_by else []
    said += lines[:_LISTED]
    if len(lines) > _LISTED:
        said.append(page.say("ui.panel.moved.more", n=len(lines) - _LISTED))
    with place.container(border=True, gap="xxsmall"):
        st.markdown(f":violet-badge[{badge}]")
        for line in said:
            st.markdown(muted(line))


def figure(page: Page, key: str) -> None:
    """Beside a figure that the last change moved: what it was."""
    held = session.workshop()
    if held.audit is None or held.before is None:
        return
    former, now = held.before.measures.get(key), held.audit.measures.get(key)
    if former is not None and now is not None:
        before, after = (figures.of(one, page.lang) for one in (former, now))
        if before != after:
            st.markdown(_was(page, before))


def state(page: Page, key: str) -> None:
    """Beside a KPI whose state the last change moved: what it was."""
    held = session.workshop()
    former = next((one.state for one in held.before.mirages if one.key == key), None) if held.before else None
    now = next((one.state for one in held.audit.mirages if one.key == key), None) if held.audit else None
    if former is not None and former != now:
        st.markdown(_was(page, texts.label(f"state.{former}", page.lang)))


def _was(page: Page, before: str) -> str:
    return f":violet-badge[{literal(page.say('ui.panel.was', before=before))}]"


def _lines(page: Page, before: Audit, after: Audit) -> Iterator[str]:
    for name, former, now in (*_states(page, before, after), *_figures(page, before, after)):
        if former != now:
            yield page.say("ui.overview.changed_line", name=name, before=former, after=now)


def _states(page: Page, before: Audit, after: Audit) -> Iterator[tuple[str, str, str]]:
    former = {mirage.key: mirage.state for mirage in before.mirages}
    for mirage in after.mirages:
        words = [texts.label(f"state.{one}", page.lang) for one in (former.get(mirage.key, mirage.state), mirage.state)]
        yield texts.label(f"mirage.{mirage.key}.name", page.lang), words[0], words[1]


def _figures(page: Page, before: Audit, after: Audit) -> Iterator[tuple[str, str, str]]:
    """Raw figures, then those outside events, which are all that an event moves."""
    for key, measure in after.measures.items():
        former = before.measures.get(key)
        if former is not None:
            yield figures.name(key, page.lang), figures.of(former, page.lang), figures.of(measure, page.lang)
    for key, adjusted in after.context.signals.items():
        was, shown = before.context.signals.get(key), after.measures.get(key)
        if was is not None and shown is not None:
            places = figures.decimals(shown)
            values = [figures.figure(one.adjusted_b, shown.unit, page.lang, places) for one in (was, adjusted)]
            yield page.say("ui.panel.moved.outside", name=figures.name(key, page.lang)), values[0], values[1]


def _causes(page: Page, before: Audit, after: Audit) -> Iterator[str]:
    """What differs between two audits' makings: settings, events, exports."""
    if isinstance(before.settings, Settings) and isinstance(after.settings, Settings):
        yield from _settings(page, before.settings, after.settings)
    former, now = before.context.events, after.context.events
    told = [one for one in (*former, *now) if one not in former or one not in now]
    for name in dict.fromkeys(one.name for one in told):
        yield page.say("ui.panel.moved.event", name=name)
    if [one.digest for one in before.exports] != [one.digest for one in after.exports]:
        yield page.say("ui.panel.moved.exports")


def _settings(page: Page, before: Settings, after: Settings) -> Iterator[str]:
    for part, prefix in (("targets", "target"), ("windows", "window")):
        former, now = getattr(before, part), getattr(after, part)
        for item in fields(now):
            if getattr(former, item.name) != getattr(now, item.name):
                key = f"ui.panel.{prefix}.{item.name}"
                yield page.say(key) if texts.known(key) else page.say(f"ui.panel.{part}")
    for name, word in _NAMED.items():
        if getattr(before, name) != getattr(after, name):
            yield page.say(f"ui.panel.{word}")
