"""The side panel: what a person may decide, what the last change moved, undo; and the way to erase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from cxaudit.schema.results import Span
from cxaudit.schema.settings import OpeningHours, Settings, Targets, Windows
from cxaudit.ui import entrance, moved, session, work
from cxaudit.ui.shell import Page, muted

# Target → how it is shown and edited: as a percentage, or as it stands.
_SHARES = ("csat", "resolution", "pickup", "survey_response", "canned", "recontact_after_close", "reopened", "silent",
           "no_effect")  # fmt: skip
_PLAIN = ("nps", "ces", "first_reply_hours", "handle_minutes", "tickets_per_100_orders")
_WINDOWS = ("episode_minutes", "silence_days", "survey_response_days", "gesture_reply_days", "gesture_effect_days",
            "unsubscribe_days", "resolution_days")  # fmt: skip
_WEEK = range(1, 8)  # Monday is 1


def draw(page: Page) -> None:
    """The panel, where there is an audit to change and nobody is presenting."""
    held = session.workshop()
    if held.audit is None or page.presenter:
        return
    with st.sidebar:
        st.subheader(page.say("ui.panel.head"), anchor=False)
        moved.box(page)
        with st.form(f"settings-{held.revision}", border=False):
            new = _fields(page, held.settings)
            apply = st.form_submit_button(page.say("ui.panel.apply"), type="primary", key="apply", width="stretch")
        if apply and work.change_settings(page, new):
            st.rerun()
        if held.past and st.button(page.say("ui.panel.undo"), key="undo", width="stretch"):
            work.undo(page)
            st.rerun()
        st.markdown(muted(page.say("ui.private")))
        with st.popover(page.say("ui.erase.ask"), key="erase-side", width="stretch"):
            st.markdown(page.say("ui.erase.what"))
            st.button(page.say("ui.erase.do"), key="erase-side-now", type="primary", on_click=entrance.leave)


def _fields(page: Page, settings: Settings) -> Settings:
    with st.expander(page.say("ui.panel.targets"), key="panel-targets"):
        targets = _targets(page, settings.targets)
    with st.expander(page.say("ui.panel.windows"), key="panel-windows"):
        windows = _windows(page, settings.windows)
    with st.expander(page.say("ui.panel.hours"), key="panel-hours"):
        hours = _hours(page, settings.opening_hours)
    with st.expander(page.say("ui.panel.period"), key="panel-period"):
        period, compare = _periods(page, settings)
    with st.expander(page.say("ui.panel.complaints"), key="panel-complaints"):
        reasons = _reasons(page, settings)
    with st.expander(page.say("ui.panel.money"), key="panel-money"):
        minute, margin = _money(page, settings)
    chosen: dict[str, Any] = {"targets": targets, "windows": windows, "period": period, "compare": compare}
    return replace(
        settings, **chosen, opening_hours=hours, complaint_reasons=reasons, minute_cost=minute, margin_rate=margin
    )


def _targets(page: Page, targets: Targets) -> Targets:
    wanted: dict[str, float | None] = {}
    for name in _SHARES:
        value = getattr(targets, name)
        shown = None if value is None else round(100 * value, 4)
        given = _number(page, f"target-{name}", f"ui.panel.target.{name}", shown, 1.0, 100.0)
        wanted[name] = value if given == shown else None if given is None else given / 100
    for name in _PLAIN:
        lowest = -100.0 if name == "nps" else 0.0
        wanted[name] = _number(
            page, f"target-{name}", f"ui.panel.target.{name}", getattr(targets, name), 0.5, None, lowest
        )
    return replace(targets, **wanted)


def _windows(page: Page, windows: Windows) -> Windows:
    wanted: Mapping[str, Any] = {
        name: st.number_input(
            page.say(f"ui.panel.window.{name}"),
            min_value=1,
            max_value=1000,
            value=int(getattr(windows, name)),
            key=_key(f"window-{name}"),
        )
        for name in _WINDOWS
    }
    return replace(windows, **wanted)


def _hours(page: Page, hours: OpeningHours) -> OpeningHours:
    """Whether closed hours count in reply times, and which ones are closed; a day without an open hour is no day."""
    st.markdown(muted(page.say("ui.panel.hours_what")))
    counted = st.toggle(page.say("ui.panel.hours_only"), value=hours.first_reply, key=_key("hours-only"))
    opens, closes = st.slider(
        page.say("ui.panel.hours_open"),
        min_value=0,
        max_value=24,
        value=(hours.opens, hours.closes),
        format="%d h",
        key=_key("hours-open"),
    )
    days = st.pills(
        page.say("ui.panel.hours_days"),
        list(_WEEK),
        selection_mode="multi",
        default=list(hours.weekdays),
        format_func=lambda day: f":blue[{page.say(f'ui.panel.weekday.{day}')}]",
        key=_key("hours-days"),
    )
    if opens == closes or not days:
        return replace(hours, first_reply=counted)
    return replace(hours, first_reply=counted, opens=opens, closes=closes, weekdays=tuple(sorted(days)))


def _periods(page: Page, settings: Settings) -> tuple[Span | None, Span | None]:
    found = session.workshop().audit
    spans = (settings.period, settings.compare)
    shown = (found.context.b if found else None, found.context.a if found else None)
    wanted = [
        _span(page, name, span, default)
        for name, span, default in zip(("period", "compare"), spans, shown, strict=True)
    ]
    return wanted[0], wanted[1]


def _span(page: Page, name: str, span: Span | None, shown: Span | None) -> Span | None:
    own = st.checkbox(page.say(f"ui.panel.own_{name}"), value=span is not None, key=_key(f"own-{name}"))
    start = span or shown or Span(date.today(), date.today())
    days = st.date_input(
        page.say(f"ui.panel.{name}_days"),
        value=(start.first, start.last),
        format="DD/MM/YYYY",
        key=_key(f"span-{name}"),
    )
    if not own or not isinstance(days, tuple) or len(days) != 2:
        return None if not own else span
    return Span(days[0], days[1])


def _reasons(page: Page, settings: Settings) -> tuple[str, ...]:
    read = session.workshop().ingested
    known = list(read.values.get("tickets", {}).get("reason", {})) if read else []
    options = sorted({*known, *settings.complaint_reasons})
    st.markdown(muted(page.say("ui.panel.complaints_what")))
    chosen = st.multiselect(
        page.say("ui.panel.complaints"),
        options,
        default=list(settings.complaint_reasons),
        key=_key("complaints"),
        label_visibility="collapsed",
        placeholder=page.say("ui.panel.complaints_hint"),
    )
    return tuple(chosen)


def _money(page: Page, settings: Settings) -> tuple[float | None, float | None]:
    minute = _number(page, "minute-cost", "ui.panel.minute_cost", settings.minute_cost, 0.1)
    shown = None if settings.margin_rate is None else round(100 * settings.margin_rate, 4)
    margin = _number(page, "margin", "ui.panel.margin", shown, 1.0, 100.0)
    return minute, settings.margin_rate if margin == shown else None if margin is None else margin / 100


def _number(page: Page, name: str, label: str, value: float | None, step: float, highest: float | None = None,
            lowest: float = 0.0) -> float | None:  # fmt: skip
    return st.number_input(
        page.say(label), min_value=lowest, max_value=highest, value=value, step=step, key=_key(name), placeholder="–"
    )


def _key(name: str) -> str:
    """Widgets start afresh from the settings after each change and each undo."""
    return f"{name}-{session.workshop().revision}"
