"""The side panel: what a person may decide, what the last change moved, undo; and the way to erase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cxaudit import texts
from cxaudit.schema.currencies import CODES
from cxaudit.schema.results import Audit, Span
from cxaudit.schema.settings import OpeningHours, Settings
from cxaudit.ui import entrance, moved, session, work
from cxaudit.ui.shell import Page, muted

# Target → how it is shown and edited: as a percentage, or as it stands.
_SHARES = ("csat", "resolution", "pickup", "survey_response", "canned", "recontact_after_close", "reopened", "silent",
           "no_effect")  # fmt: skip
_PLAIN = ("nps", "ces", "first_reply_hours", "handle_minutes", "tickets_per_100_orders")
_WINDOWS = ("episode_minutes", "silence_days", "survey_response_days", "gesture_reply_days", "gesture_effect_days",
            "unsubscribe_days", "resolution_days")  # fmt: skip
_CURRENCIES = ("EUR", "CHF", "GBP", "USD", "CAD")
_WEEK = range(1, 8)  # Monday is 1


def draw(page: Page, tells_itself: bool = False) -> DeltaGenerator | None:
    """The panel, where there is an audit to change and nobody is presenting; the place of what the last change moved,
    filled here unless the page tells it itself.

    What is drawn at one place twice in a run can reach the browser in another order, which then shows nothing at all.
    """
    held = session.workshop()
    if held.audit is None or page.presenter:
        return None
    with st.sidebar:
        st.subheader(page.say("ui.panel.head"), anchor=False)
        changed = st.container(key="changed")  # there even when empty: a form that moves is made again, and folds
        if not tells_itself:
            moved.box(page, changed)
        with st.form("settings", border=False):
            _fields(page, shown(session.wanted(), held.audit), held.audit)
            st.form_submit_button(
                page.say("ui.panel.apply"), type="primary", key="apply", width="stretch", on_click=_apply, args=(page,)
            )
        if held.past or held.job:
            st.button(page.say("ui.panel.undo"), key="undo", width="stretch", on_click=_undo, args=(page,))
        st.markdown(muted(page.say("ui.private")))
        with st.popover(page.say("ui.erase.ask"), key="erase-side", width="stretch"):
            st.markdown(page.say("ui.erase.what"))
            st.button(page.say("ui.erase.do"), key="erase-side-now", type="primary", on_click=entrance.leave)
    return changed


def _apply(page: Page) -> None:
    """Before the page is drawn, so that it is drawn once."""
    held = session.workshop()
    if held.audit is not None:
        work.change_settings(page, chosen(session.wanted(), held.audit, st.session_state.to_dict()))
    _refill()


def _undo(page: Page) -> None:
    work.undo(page)
    _refill()


def _refill() -> None:
    """The fields say what holds now; they stay the same fields, so that open sections stay open."""
    held = session.workshop()
    if held.audit is None:
        return
    for key, value in shown(session.wanted(), held.audit).items():
        if st.session_state.get(key) != value:
            st.session_state[key] = value


def shown(settings: Settings, audit: Audit) -> dict[str, Any]:
    """What each field shows, by its key: shares in percent, the compared periods where none is chosen."""
    hours = settings.opening_hours
    fields: dict[str, Any] = {
        **{f"target-{name}": _percent(getattr(settings.targets, name)) for name in _SHARES},
        **{f"target-{name}": getattr(settings.targets, name) for name in _PLAIN},
        **{f"window-{name}": int(getattr(settings.windows, name)) for name in _WINDOWS},
        "hours-only": hours.first_reply,
        "hours-opens": hours.opens,
        "hours-closes": hours.closes,
        "hours-days": list(hours.weekdays),
        "complaints": list(settings.complaint_reasons),
        "currency": settings.currency,
        "minute-cost": settings.minute_cost,
        "margin": _percent(settings.margin_rate),
    }
    for name, span, compared in (
        ("period", settings.period, audit.context.b),
        ("compare", settings.compare, audit.context.a),
    ):
        days = span or compared or Span(date.today(), date.today())
        fields |= {f"own-{name}": span is not None, f"span-{name}": (days.first, days.last)}
    return fields


def chosen(settings: Settings, audit: Audit, given: Mapping[str, Any]) -> Settings:
    """The settings that the fields say; a field that was left alone keeps its exact value."""
    former = shown(settings, audit)

    def taken(key: str, value: Any, scale: float = 1.0) -> Any:
        now = given[key]
        return value if now == former[key] else now if now is None else now / scale

    def span(name: str, value: Span | None) -> Span | None:
        days = given[f"span-{name}"]
        if not given[f"own-{name}"]:
            return None
        return Span(*days) if isinstance(days, tuple) and len(days) == 2 else value

    targets = {name: taken(f"target-{name}", getattr(settings.targets, name), 100) for name in _SHARES}
    targets |= {name: taken(f"target-{name}", getattr(settings.targets, name)) for name in _PLAIN}
    return replace(
        settings,
        targets=replace(settings.targets, **targets),
        windows=replace(settings.windows, **{name: given[f"window-{name}"] for name in _WINDOWS}),
        opening_hours=_open(settings.opening_hours, given),
        period=span("period", settings.period),
        compare=span("compare", settings.compare),
        complaint_reasons=tuple(given["complaints"]),
        currency=given["currency"],
        minute_cost=taken("minute-cost", settings.minute_cost),
        margin_rate=taken("margin", settings.margin_rate, 100),
    )


def _open(hours: OpeningHours, given: Mapping[str, Any]) -> OpeningHours:
    """A week without an open hour is no week: the former hours stay."""
    opens, closes, days = given["hours-opens"], given["hours-closes"], tuple(sorted(given["hours-days"]))
    new = OpeningHours(given["hours-only"], opens, closes, days)
    return new if new.ever else replace(hours, first_reply=given["hours-only"])


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 4)


def _fields(page: Page, values: Mapping[str, Any], audit: Audit) -> None:
    with st.expander(page.say("ui.panel.targets"), key="panel-targets"):
        for name in _SHARES:
            _number(page, f"target-{name}", page.say(f"ui.panel.target.{name}"), values, 1.0, 100.0)
        for name in _PLAIN:
            lowest = -100.0 if name == "nps" else 0.0
            _number(page, f"target-{name}", page.say(f"ui.panel.target.{name}"), values, 0.5, None, lowest)
    with st.expander(page.say("ui.panel.windows"), key="panel-windows"):
        st.markdown(muted(page.say("ui.panel.window_what")))
        for name in _WINDOWS:
            key = f"window-{name}"
            st.number_input(
                page.say(f"ui.panel.window.{name}"), min_value=1, max_value=1000, value=values[key], key=key
            )
    with st.expander(page.say("ui.panel.hours"), key="panel-hours"):
        _hours(page, values)
    with st.expander(page.say("ui.panel.period"), key="panel-period"):
        for name in ("period", "compare"):
            own, span = f"own-{name}", f"span-{name}"
            st.checkbox(page.say(f"ui.panel.own_{name}"), value=values[own], key=own)
            st.date_input(page.say(f"ui.panel.{name}_days"), value=values[span], format="DD/MM/YYYY", key=span)
    with st.expander(page.say("ui.panel.complaints"), key="panel-complaints"):
        _reasons(page, values["complaints"])
    with st.expander(page.say("ui.panel.money"), key="panel-money"):
        _currency(page, values["currency"], audit)
        sign = texts.sign(audit.currency)
        _number(page, "minute-cost", page.say("ui.panel.minute_cost_in", sign=sign), values, 0.1)
        _number(page, "margin", page.say("ui.panel.margin"), values, 1.0, 100.0)


def _currency(page: Page, chosen: str, audit: Audit) -> None:
    """The orders' own currency, or one of those that they say and of a few others."""
    said = (name for name in audit.currencies if name in CODES)
    st.selectbox(
        page.say("ui.panel.currency"),
        list(dict.fromkeys(("", chosen, *said, *_CURRENCIES))),
        index=1 if chosen else 0,
        format_func=lambda code: code or page.say("ui.panel.currency_orders"),
        key="currency",
    )


def _hours(page: Page, values: Mapping[str, Any]) -> None:
    """Whether closed hours count in reply times, and which ones are closed."""
    st.markdown(muted(page.say("ui.panel.hours_what")))
    st.toggle(page.say("ui.panel.hours_only"), value=values["hours-only"], key="hours-only")
    for place, name in zip(st.columns(2), ("opens", "closes"), strict=True):
        key = f"hours-{name}"
        place.number_input(page.say(f"ui.panel.hours_{name}"), min_value=0, max_value=24, value=values[key], key=key)
    st.markdown(muted(page.say("ui.panel.hours_night")))
    st.pills(
        page.say("ui.panel.hours_days"),
        list(_WEEK),
        selection_mode="multi",
        default=values["hours-days"],
        format_func=lambda day: f":blue[{page.say(f'ui.panel.weekday.{day}')}]",
        key="hours-days",
    )


def _reasons(page: Page, reasons: list[str]) -> None:
    read = session.workshop().ingested
    known = list(read.values.get("tickets", {}).get("reason", {})) if read else []
    st.markdown(muted(page.say("ui.panel.complaints_what")))
    st.multiselect(
        page.say("ui.panel.complaints"),
        sorted({*known, *reasons}),
        default=reasons,
        key="complaints",
        label_visibility="collapsed",
        placeholder=page.say("ui.panel.complaints_hint"),
    )


def _number(page: Page, key: str, label: str, values: Mapping[str, Any], step: float, highest: float | None = None,
            lowest: float = 0.0) -> None:  # fmt: skip
    st.number_input(label, min_value=lowest, max_value=highest, value=values[key], step=step, key=key, placeholder="–")
