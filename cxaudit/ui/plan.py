"""The plan's lines as the room edits them: a table to fill in, or a card a line where a table finds no room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from cxaudit import texts
from cxaudit.findings import confronted
from cxaudit.schema.results import Audit
from cxaudit.schema.workshop import EFFORTS, STATUSES, Action
from cxaudit.ui import address, figures, session
from cxaudit.ui.shell import Page, muted

_ACTION_PIXELS = 250  # on a telephone the next column shows beside it, and that the table goes on
_SORTS = ("entered", "stake", "effort", "due")
_VIEWS = ("table", "cards")
_COLUMNS = ("action", "owner", "due", "effort", "status", "expected", "stake", "finding")


def lines(page: Page, audit: Audit) -> None:
    """The plan, editable in place, in the order and the view that are chosen above it."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="plan-ways"):
        order = _chosen(page, "order", _SORTS, "entered")
        view = _chosen(page, "view", _VIEWS, "cards" if _on_a_telephone() else "table")
    held = session.workshop()
    key = f"plan-{held.revision}-{order}-{view}"
    if st.session_state.get("plan-key") != key or (view == "table" and key not in st.session_state):
        # Edits are deltas on the lines first shown under this key: they must not move under them.
        st.session_state["plan-key"], held.plan_base = key, held.plan
    places = sorted(range(len(held.plan_base)), key=lambda place: _rank(audit, held.plan_base[place], order))
    (_table if view == "table" else _cards)(page, audit, places, key)


def _chosen(page: Page, name: str, options: Sequence[str], usual: str) -> str:
    """One of a few ways to see the plan; it stands in the URL."""
    key = f"plan-{name}"
    address.recall(key, options)
    chosen = st.segmented_control(
        page.say(f"ui.plan.{name}"),
        options,
        default=None if key in st.session_state else usual,
        required=True,
        format_func=lambda one: f":blue[{page.say(f'ui.plan.by_{one}')}]",
        key=key,
        persist_state="session",
        wrap=True,
    )
    address.remember(key, chosen, usual)
    return chosen or usual


def _on_a_telephone() -> bool:
    return "Mobi" in st.context.headers.get("User-Agent", "")


def _rank(audit: Audit, line: Action, order: str) -> float:
    """Where a line stands in an order; lines of one rank stay as they were entered."""
    if order == "stake":
        stake = audit.stakes.get(line.stake)
        return -(stake.value or 0.0) if stake else 0.0
    if order == "due":
        return float((line.due or date.max).toordinal())
    if order == "effort":
        return float(EFFORTS.index(line.effort)) if line.effort in EFFORTS else len(EFFORTS)
    return 0.0


# The table


def _table(page: Page, audit: Audit, places: Sequence[int], key: str) -> None:
    held = session.workshop()
    frame = pd.DataFrame([_row(page, audit, held.plan_base[place]) for place in places], columns=list(_COLUMNS))
    edited = st.data_editor(
        frame.assign(due=pd.to_datetime(frame["due"])),
        num_rows="dynamic",
        hide_index=True,
        placeholder="",
        disabled=["stake", "finding"],
        key=key,
        alt=page.say("ui.page.plan"),
        column_config=_config(page),
    )
    held.plan = edited_plan(edited, held.plan_base, places)


def edited_plan(edited: pd.DataFrame, base: Sequence[Action], places: Sequence[int]) -> tuple[Action, ...]:
    """The table's rows as actions, in the order in which they were entered.

    A row keeps its label however its table is edited: row n was line `places[n]` of `base`, which gives it what cannot
    be edited (finding, stake); a row beyond them is new, and stands last. Rows without an action are left out.
    """
    told: list[tuple[int, Action]] = []
    for label, row in zip(edited.index, edited.to_dict("records"), strict=True):
        place = places[label] if label < len(places) else len(base)
        if _text(row["action"]):
            told.append((place, _line(row, base[place] if place < len(base) else Action(""))))
    return tuple(line for _, line in sorted(told, key=lambda one: one[0]))


def _row(page: Page, audit: Audit, line: Action) -> dict[str, Any]:
    return {
        "action": line.action,
        "owner": line.owner,
        "due": line.due,
        "effort": line.effort or None,
        "status": line.status,
        "expected": line.expected,
        "stake": _stake(page, audit, line),
        "finding": _finding_name(page, audit, line.finding),
    }


def _stake(page: Page, audit: Audit, line: Action) -> str:
    stake = audit.stakes.get(line.stake)
    return confronted.amount(stake, page.lang) if stake else ""


def _finding_name(page: Page, audit: Audit, key: str) -> str:
    """A finding by its KPI, its irritant or its measure, in words; none of what is no finding any more."""
    kind, _, name = key.partition(".")
    if kind == "mirage" and texts.known(f"mirage.{name}.name"):
        return page.say(f"mirage.{name}.name")
    found = next((one for one in audit.findings if one.key == key), None)
    if found is not None and kind == "irritant":
        return page.say("ui.plan.irritant", label=dict(found.text.facts)["label"])
    return figures.measure_text(found.measures[0] if found and found.measures else key, "name", page.lang)


def _config(page: Page) -> dict[str, Any]:
    column = st.column_config
    head = {name: page.say(f"ui.plan.column.{name}") for name in _COLUMNS}
    return {
        "action": column.TextColumn(head["action"], required=True, width=_ACTION_PIXELS),
        "owner": column.TextColumn(head["owner"]),
        "due": column.DateColumn(head["due"], format="DD/MM/YYYY"),
        "effort": column.SelectboxColumn(head["effort"], options=list(EFFORTS), format_func=_named(page, "effort")),
        "status": column.SelectboxColumn(
            head["status"], options=list(STATUSES), default="todo", required=True, format_func=_named(page, "status")
        ),
        "expected": column.TextColumn(head["expected"]),
        "stake": column.TextColumn(head["stake"]),
        "finding": column.TextColumn(head["finding"]),
    }


def _named(page: Page, kind: str) -> Callable[[Any], str]:
    return lambda name: texts.label(f"word.{kind}.{name}", page.lang)


def _line(row: Mapping[Any, Any], before: Action) -> Action:
    return replace(
        before,
        action=_text(row["action"]),
        owner=_text(row["owner"]),
        due=None if pd.isna(row["due"]) else pd.Timestamp(row["due"]).date(),
        effort=_text(row["effort"]),
        expected=_text(row["expected"]),
        status=_text(row["status"]) or "todo",
    )


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value).strip()


# The cards


def _cards(page: Page, audit: Audit, places: Sequence[int], key: str) -> None:
    """A card a line, its fields under one another, and one more to add a line."""
    held = session.workshop()
    with st.grid(3, gap="xsmall", min_column_width=300, key="plan-cards"):
        for place in places:
            with st.container(border=True, height="stretch", gap="small", key=f"card-{key}-{place}"):
                _card(page, audit, held.plan[place], place, key)
        with st.container(border=True, height="stretch", gap="small", key="plan-new"):
            st.text_area(page.say("ui.plan.new"), key="plan-new-action", height=80)
            st.button(page.say("ui.plan.add"), key="plan-add", on_click=_add, width="stretch")


def _card(page: Page, audit: Audit, line: Action, place: int, key: str) -> None:
    def field(name: str) -> dict[str, Any]:
        own = f"{key}-{place}-{name}"
        return {
            "key": own,
            "on_change": _change,
            "args": (place, name, own),
            "label": page.say(f"ui.plan.column.{name}"),
        }

    st.text_area(value=line.action, height="content", **field("action"))
    with st.grid(2, gap="xsmall", min_column_width=120):
        st.text_input(value=line.owner, **field("owner"))
        st.date_input(value=line.due, format="DD/MM/YYYY", **field("due"))
        for name, options, now in (("effort", EFFORTS, line.effort), ("status", STATUSES, line.status)):
            index = options.index(now) if now in options else None
            st.selectbox(options=options, index=index, placeholder="", format_func=_named(page, name), **field(name))
    st.text_input(value=line.expected, **field("expected"))
    told = " · ".join(part for part in (_finding_name(page, audit, line.finding), _stake(page, audit, line)) if part)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(muted(told))
        st.button(page.say("ui.plan.drop"), key=f"{key}-{place}-drop", type="tertiary", on_click=_drop, args=(place,))


def _change(place: int, name: str, key: str) -> None:
    held = session.workshop()
    given = st.session_state[key]
    told = given.strip() if isinstance(given, str) else given
    if told or name != "action":
        changed: dict[str, Any] = {name: told or (None if name == "due" else "")}
        line = replace(held.plan[place], **changed)
        held.plan = (*held.plan[:place], line, *held.plan[place + 1 :])


def _drop(place: int) -> None:
    held = session.workshop()
    held.plan = (*held.plan[:place], *held.plan[place + 1 :])
    held.revision += 1


def _add() -> None:
    session.add_action(st.session_state["plan-new-action"])
    st.session_state["plan-new-action"] = ""
