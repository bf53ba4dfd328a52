"""One event at hand: a new one or a declared one, its name, kind, days and scope; its days follow the timeline's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from cxaudit import texts
from cxaudit.context import answered, scope_words
from cxaudit.context.events import KINDS
from cxaudit.schema.results import Audit, Event, Span
from cxaudit.ui import session, work
from cxaudit.ui.shell import Page, literal, muted

NEW = -1
_USUAL_KIND = "incident"
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)


def editor(page: Page, audit: Audit) -> None:
    """The fields of the event at hand, and what can be done with it."""
    declared = session.workshop().events
    st.subheader(page.say("ui.context.event"), anchor=False)
    st.selectbox(
        page.say("ui.context.which"),
        [NEW, *range(len(declared))],
        format_func=lambda place: _titled(page, declared, place),
        key=_key(page, "which"),
        on_change=lambda: _fill(page, audit, st.session_state[_key(page, "which")]),
        label_visibility="collapsed",
    )
    st.text_input(page.say("ui.context.name"), key="event-name", placeholder=page.say("ui.context.name_hint"))
    st.selectbox(
        page.say("ui.context.kind_label"),
        KINDS,
        format_func=lambda one: texts.label(f"word.event.{one}", page.lang),
        key=_key(page, "kind"),
    )
    st.date_input(
        page.say("ui.context.days"),
        min_value=_EARLIEST,
        max_value=_LATEST,
        format="DD/MM/YYYY",
        key="event-days",
        on_change=_days_given,
    )
    _slide(page, audit)
    _scope(page, audit)
    _buttons(page)
    st.markdown(muted(page.say("ui.context.never_cause")))


def pick(span: Span) -> None:
    """Days were dragged or clicked on the timeline: the event at hand takes them."""
    st.session_state["event-days"] = (span.first, span.last)
    _keep(span)


def picked() -> Span | None:
    """The days picked on the timeline or in the dates; None before anybody picked some."""
    found: Span | None = st.session_state.get("event-picked")
    return found


def _keep(span: Span | None) -> None:
    """Apart from the date field: a click quicker than the browser's redraw would bring the field's former days back."""
    if span is not None:
        st.session_state["event-picked"] = span
    st.session_state.pop("event-slide", None)


def act(page: Page) -> None:
    """What a button of the event asks for, done before anything is drawn: the page is then drawn once, not twice."""
    pressed = next((name for name in _ACTIONS if st.session_state.get(f"event-{name}")), None)
    if pressed is None:
        return
    place, span = _place(page), picked() if pressed in ("move", "here") else _given()
    if span is None or (pressed in ("add", "save") and not st.session_state["event-name"].strip()):
        st.session_state["event-incomplete"] = True
        return
    events, show = _ACTIONS[pressed](page, place, span)
    # A second click, quicker than the browser's redraw, brings the same event again: it is declared once.
    if events == session.workshop().events or work.change_events(page, events):
        st.session_state["event-next"] = show
        st.session_state.pop("event-place", None)  # the fields are filled anew, a new event's with nothing


def _add(page: Page, place: int, span: Span) -> Changed:
    event = _typed(page, span)
    return _with(place, event), place


def _delete(page: Page, place: int, span: Span) -> Changed:
    held = session.workshop().events
    return (*held[:place], *held[place + 1 :]), NEW


def _move(page: Page, place: int, span: Span) -> Changed:
    event = session.workshop().events[place]
    return _with(place, replace(event, starts_on=span.first, ends_on=span.last)), place


def _here(page: Page, place: int, span: Span) -> Changed:
    """A new event on the days picked; of one that is being changed only the days and the kind are taken."""
    event = (
        _typed(page, span) if place == NEW else Event("", st.session_state[_key(page, "kind")], span.first, span.last)
    )
    named = replace(event, name=event.name or _dated(page, event.kind, span))
    events = _with(NEW, named)
    return events, events.index(named)


Changed = tuple[tuple[Event, ...], int]
_ACTIONS: Mapping[str, Callable[[Page, int, Span], Changed]] = {
    "add": _add,
    "save": _add,
    "delete": _delete,
    "move": _move,
    "here": _here,
}


def _typed(page: Page, span: Span) -> Event:
    name, kind = st.session_state["event-name"].strip(), st.session_state[_key(page, "kind")]
    return Event(name, kind, span.first, span.last, str(st.session_state[_key(page, "scope")] or "").strip())


def _given() -> Span | None:
    days = st.session_state["event-days"]
    return Span(*days) if isinstance(days, tuple) and len(days) == 2 else None


def here(page: Page, span: Span) -> None:
    """Beside the timeline: a new event on the days picked, in one click; or these days for the event being changed."""
    place = _place(page)
    if place != NEW:
        name = literal(session.workshop().events[place].name)
        st.button(page.say("ui.context.move", name=name), key="event-move", width="stretch")
    st.button(page.say("ui.context.here"), key="event-here", type="primary", width="stretch")


def _dated(page: Page, kind: str, span: Span) -> str:
    """A name for an event that nobody named: its kind and its days."""
    name = texts.label(f"word.event.{kind}", page.lang)
    when = (
        texts.day(span.first, page.lang)
        if span.first == span.last
        else texts.period((span.first, span.last), page.lang)
    )
    return f"{name[0].upper()}{name[1:]}, {when}"


def _titled(page: Page, events: tuple[Event, ...], place: int) -> str:
    """An event by its name and months; a place that another change has emptied is a new one's."""
    if not 0 <= place < len(events):
        return page.say("ui.context.new")
    event = events[place]
    return f"{event.name} ({texts.span((event.starts_on, event.ends_on), page.lang)})"


def ready(page: Page, audit: Audit) -> None:
    """Before anything is drawn: the event to show next, or the one at hand once more in another language."""
    state, which, held = st.session_state, _key(page, "which"), session.workshop().events
    place = state.pop("event-next", state.get(which, state.get("event-place", NEW)))
    place = place if place < len(held) else NEW
    event = held[place] if place != NEW else None
    # The table below, or a file, may have changed the events since their fields were filled.
    if which not in state or (state.get("event-place"), state.get("event-at-hand")) != (place, event):
        state[which] = place
        _fill(page, audit, place)
    state["event-place"], state["event-at-hand"] = place, event
    last = audit.as_of or date.today()
    state.setdefault("event-days", (last - timedelta(days=6), last))


def _key(page: Page, field: str) -> str:
    """A choice's key bears the language: a browser keeps what was chosen by its label."""
    return f"event-{field}-{page.lang}"


def _place(page: Page) -> int:
    """Which declared event is at hand, or NEW."""
    place = st.session_state[_key(page, "which")]
    return place if place < len(session.workshop().events) else NEW


def _fill(page: Page, audit: Audit, place: int) -> None:
    """The fields as the event has them; a new one keeps the days at hand."""
    state = st.session_state
    kind, scope = _key(page, "kind"), _key(page, "scope")
    if place == NEW:
        state["event-name"], state[kind], state[scope] = "", _USUAL_KIND, ""
        return
    event = session.workshop().events[place]
    state["event-name"], state[kind] = event.name, event.kind
    state[scope] = _resolved(audit, event).scope or scope_words(event)
    state["event-days"] = (event.starts_on, event.ends_on)
    _keep(Span(event.starts_on, event.ends_on))


def _days_given() -> None:
    _keep(_given())


def _slide(page: Page, audit: Audit) -> None:
    """Both ends of the event, to drag; the dates say them exactly."""
    days = st.session_state["event-days"]
    if audit.first is None or audit.as_of is None or audit.first >= audit.as_of or len(days) != 2:
        return
    first, last = audit.first, audit.as_of
    if "event-slide" not in st.session_state:
        st.session_state["event-slide"] = tuple(min(max(day, first), last) for day in days)
    st.slider(
        page.say("ui.context.drag"),
        min_value=first,
        max_value=last,
        format="DD/MM/YYYY",
        key="event-slide",
        on_change=_slid,
        label_visibility="collapsed",
    )


def _slid() -> None:
    st.session_state["event-days"] = st.session_state["event-slide"]
    st.session_state["event-picked"] = _given()


def _scope(page: Page, audit: Audit) -> None:
    """Whom the event touches: everything, a value found in the data, or words of one's own."""
    fields = audit.context.daybook.fields if audit.context.daybook else {}
    found = [f"{field}={value}" for field, values in fields.items() for value in values]
    own = st.session_state[_key(page, "scope")] or ""
    st.selectbox(
        page.say("ui.context.scope"),
        ["", *found, *([own] if own and own not in found else [])],
        format_func=lambda scope: _scope_named(page, scope),
        accept_new_options=True,
        key=_key(page, "scope"),
    )
    place = _place(page)
    if place != NEW and _resolved(audit, session.workshop().events[place]).unanswered:
        st.markdown(f":orange[▲ {page.say('ui.context.scope_unanswered')}]")


def _scope_named(page: Page, scope: str | None) -> str:
    if not scope:
        return page.say("ui.context.everything")
    return texts.scope(scope, page.lang)


def _resolved(audit: Audit, event: Event) -> Event:
    return answered([event], audit.context)[0]


def _buttons(page: Page) -> None:
    if _place(page) == NEW:
        st.button(page.say("ui.context.declare"), key="event-add", type="primary", width="stretch")
    else:
        save, delete = st.columns(2, gap="xsmall")
        save.button(page.say("ui.context.save"), key="event-save", type="primary", width="stretch")
        delete.button(page.say("ui.context.delete"), key="event-delete", width="stretch")
    if st.session_state.pop("event-incomplete", False):
        st.markdown(f":orange[▲ {page.say('ui.context.incomplete')}]")


def _with(place: int, event: Event) -> tuple[Event, ...]:
    held = session.workshop().events
    if place == NEW:
        return held if event in held else (*held, event)
    return (*held[:place], event, *held[place + 1 :])
