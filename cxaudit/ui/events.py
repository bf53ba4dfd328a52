"""Events as the room declares them: answered questions, the table to correct, the calendars' proposals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from cxaudit import texts
from cxaudit.context import answered, check_events, named, scope_words
from cxaudit.context.events import KINDS
from cxaudit.schema.results import Audit, Event, Suggestion
from cxaudit.ui import session, work
from cxaudit.ui.shell import Page, muted

_WANTED = "events-wanted"


def confirmed(page: Page) -> None:
    """Apply what was answered, ticked or corrected since the last run, before anything is drawn."""
    held, pending = session.workshop(), session.take_pending()
    wanted = st.session_state.pop(_WANTED, held.events)
    if pending or wanted != held.events:
        work.change_events(page, (*wanted, *pending))


def open_suggestions(audit: Audit) -> list[Suggestion]:
    """Suggestions that nobody has confirmed or refused yet, the strongest first."""
    refused = session.workshop().refused
    declared = {(event.starts_on, event.ends_on) for event in session.workshop().events}
    waiting = [
        one
        for one in audit.context.suggested
        if (one.name, one.starts_on.isoformat()) not in refused and (one.starts_on, one.ends_on) not in declared
    ]
    return sorted(waiting, key=lambda one: abs((one.ratio or 1.0) - 1.0), reverse=True)


def detected(audit: Audit) -> list[Suggestion]:
    """Open suggestions that the data made, not a calendar."""
    return [one for one in open_suggestions(audit) if one.ratio is not None]


def question(page: Page, audit: Audit) -> None:
    """The open suggestion that weighs most: name it, or say that nothing is known."""
    waiting = detected(audit)
    if not waiting:
        st.markdown(muted(page.say("ui.context.no_question")))
        return
    one = waiting[0]
    st.subheader(page.say("ui.context.question"), anchor=False)
    st.markdown(f":orange-badge[▲ {page.say('ui.context.to_confirm')}] {suggestion_sentence(page, one)}")
    key = f"answer-{one.name}-{one.starts_on}"
    st.pills(
        page.say("ui.context.answer"),
        ["promotion", "launch", "incident", "peak", "nothing"],
        format_func=lambda kind: f":blue[{page.say(f'ui.context.kind.{kind}')}]",
        key=key,
        label_visibility="collapsed",
        on_change=_answer,
        args=(page, one, key),
    )
    if len(waiting) > 1:
        st.markdown(muted(page.say("ui.context.more_questions", n=len(waiting) - 1)))


def suggestion_sentence(page: Page, one: Suggestion) -> str:
    """Markdown: when, and how far from the habit."""
    if one.starts_on == one.ends_on:
        when = page.say("ui.context.one_day", day=one.starts_on)
    else:
        when = texts.period((one.starts_on, one.ends_on), page.lang)
        when = when[0].upper() + when[1:]
    ratio = one.ratio or 1.0
    return page.say(f"ui.context.{'above' if ratio >= 1 else 'below'}", when=when, share=f"{abs(ratio - 1) * 100:.0f}")


def _answer(page: Page, one: Suggestion, key: str) -> None:
    kind = st.session_state[key]
    session.answer_suggestion(one if kind == "nothing" else spoken(page, one), kind)


def spoken(page: Page, one: Suggestion) -> Suggestion:
    """A suggestion under its name in the page's language: the audit may have been made in the other."""
    return replace(one, name=named(one, page.lang))


def spoken_audit(audit: Audit, lang: str) -> Audit:
    """The audit with all its suggestions under their names in `lang`, for what leaves in it."""
    told = tuple(replace(one, name=named(one, lang)) for one in audit.context.suggested)
    return replace(audit, context=replace(audit.context, suggested=told))


def reserves(page: Page, audit: Audit) -> None:
    """Declared events that cannot count, or whose scope nothing answers: a sentence each, which holds client text."""
    _, told = check_events(answered(session.workshop().events, audit.context), audit.first, audit.as_of)
    for phrase in told:
        st.text(f"▲ {page.say(phrase)}")


def declared(page: Page) -> None:
    """The declared events as a table to correct, complete or empty."""
    held = session.workshop()
    rows = [
        {
            "name": one.name,
            "kind": one.kind,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "scope": texts.scope(scope_words(one), page.lang),
        }
        for one in held.events
    ]
    frame = pd.DataFrame(rows, columns=["name", "kind", "starts_on", "ends_on", "scope"])
    column = st.column_config
    days = {name: pd.to_datetime(frame[name]) for name in ("starts_on", "ends_on")}
    edited = st.data_editor(
        frame.assign(**days),
        num_rows="dynamic",
        hide_index=True,
        placeholder="",
        key=f"events-{held.revision}",
        alt=page.say("ui.context.declared"),
        column_config={
            "name": column.TextColumn(page.say("ui.context.name"), required=True),
            "kind": column.SelectboxColumn(
                page.say("ui.context.kind_label"),
                options=list(KINDS),
                required=True,
                format_func=lambda one: texts.label(f"word.event.{one}", page.lang),
            ),
            "starts_on": column.DateColumn(page.say("ui.context.starts"), format="DD/MM/YYYY", required=True),
            "ends_on": column.DateColumn(page.say("ui.context.ends"), format="DD/MM/YYYY", required=True),
            "scope": column.TextColumn(page.say("ui.context.scope")),
        },
    )
    wanted = tuple(_events(edited, _scopes(page)))
    # A scope that says there is none is shown empty, which is no correction.
    changed = wanted != tuple(replace(one, scope=scope_words(one), scope_given="") for one in held.events)
    st.button(page.say("ui.context.apply"), key="events-apply", disabled=not changed, on_click=_want, args=(wanted,))


def _want(wanted: tuple[Event, ...]) -> None:
    st.session_state[_WANTED] = wanted


def _scopes(page: Page) -> dict[str, str]:
    """What the table's scopes stand for, by the words that it shows of them."""
    held = session.workshop()
    book = held.audit.context.daybook if held.audit else None
    found = [f"{field}={value}" for field, values in (book.fields.items() if book else ()) for value in values]
    return {texts.scope(one, page.lang): one for one in (*found, *map(scope_words, held.events))}


def _events(frame: pd.DataFrame, scopes: Mapping[str, str]) -> list[Event]:
    """The rows of the table as events; a scope that is shown in words is one of the data again."""
    complete = frame.dropna(subset=["name", "kind", "starts_on", "ends_on"])
    return [
        Event(
            str(row.name_),
            row.kind,
            _day(row.starts_on),
            _day(row.ends_on),
            "" if pd.isna(row.scope) else scopes.get(str(row.scope), str(row.scope)),
        )
        for row in complete.rename(columns={"name": "name_"}).itertuples()
    ]


def _day(value: Any) -> date:
    return value if type(value) is date else pd.Timestamp(value).date()


def proposals(page: Page, audit: Audit) -> None:
    """The calendars' dates as proposals: those that are ticked count."""
    dated = sorted((one for one in open_suggestions(audit) if one.ratio is None), key=lambda one: one.starts_on)
    offered = [spoken(page, one) for one in dated]
    if not offered:
        return
    shelf = st.expander(page.say("ui.context.proposals", n=len(offered)), key="proposals", on_change="rerun")
    if not shelf.open:  # a table that nobody sees would be made again with each change
        return
    with shelf:
        st.markdown(muted(page.say("ui.context.proposals_what")))
        rows = [
            {"counts": False, "name": one.name, "starts_on": one.starts_on, "ends_on": one.ends_on} for one in offered
        ]
        column = st.column_config
        ticked = st.data_editor(
            pd.DataFrame(rows),
            hide_index=True,
            placeholder="",
            disabled=["name", "starts_on", "ends_on"],
            key=f"proposals-{session.workshop().revision}",
            alt=page.say("ui.context.proposals", n=len(offered)),
            column_config={
                "counts": column.CheckboxColumn(page.say("ui.context.counts")),
                "name": column.TextColumn(page.say("ui.context.name")),
                "starts_on": column.DateColumn(page.say("ui.context.starts"), format="DD/MM/YYYY"),
                "ends_on": column.DateColumn(page.say("ui.context.ends"), format="DD/MM/YYYY"),
            },
        )
        chosen = [one for one, counts in zip(offered, ticked["counts"], strict=True) if counts]
        new = tuple(Event(one.name, one.kind, one.starts_on, one.ends_on) for one in chosen)
        wanted = (*session.workshop().events, *new)
        st.button(
            page.say("ui.context.declare"), key="proposals-add", disabled=not chosen, on_click=_want, args=(wanted,)
        )
