"""The plan: what findings advise, one click from a line; and the lines as the room edits them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from cxaudit import texts
from cxaudit.findings import STAKE_OF, confronted
from cxaudit.schema.results import Audit, Finding
from cxaudit.schema.workshop import EFFORTS, STATUSES, Action
from cxaudit.ui import figures, session
from cxaudit.ui.components import coloured, sentence
from cxaudit.ui.shell import Page, muted

_SHOWN = 12
_ACTION_PIXELS = 250  # on a telephone the next column shows beside it, and that the table goes on
_SORTS = ("entered", "stake", "effort", "due")
_COLUMNS = ("action", "owner", "due", "effort", "expected", "stake", "status", "finding")


def headline(page: Page) -> str:
    """How many actions, how many still without an owner."""
    plan = session.workshop().plan
    if not plan:
        return page.say("ui.page.plan")
    free = sum(1 for line in plan if not line.owner)
    return page.say_n("ui.plan.title" if free else "ui.plan.title_owned", len(plan), free=free)


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
    said = texts.label(f"action.{action}", page.lang)
    taken = any(line.action == said for line in session.workshop().plan)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            page.say("ui.plan.added" if taken else "ui.plan.add"),
            key=f"add-{finding.key}-{action}",
            disabled=taken,
            on_click=session.add_action,
            args=(said, finding.key, STAKE_OF.get(finding.key, "")),
            help=said,
        )
        st.text(said)


def table(page: Page, audit: Audit) -> None:
    """The plan, editable in place; an order is chosen above it."""
    held = session.workshop()
    order = st.segmented_control(
        page.say("ui.plan.sort"),
        _SORTS,
        default="entered",
        required=True,
        format_func=lambda name: f":blue[{page.say(f'ui.plan.by_{name}')}]",
        key="plan-order",
        persist_state="session",
    )
    key = f"plan-{held.revision}-{order}"
    if key not in st.session_state:
        # Edits are deltas on the frame first shown under this key: it must not move under them.
        held.plan_base = _sorted(audit, held.plan, order or "entered")
    frame = pd.DataFrame([_row(page, audit, line) for line in held.plan_base], columns=list(_COLUMNS))
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
    held.plan = tuple(_line(row, held.plan_base) for row in edited.to_dict("records") if _text(row["action"]))


def _sorted(audit: Audit, plan: tuple[Action, ...], order: str) -> tuple[Action, ...]:
    return plan if order == "entered" else tuple(sorted(plan, key=lambda line: _rank(audit, line, order)))


def _rank(audit: Audit, line: Action, order: str) -> tuple[float, str]:
    if order == "stake":
        stake = audit.stakes.get(line.stake)
        return -(stake.value or 0.0) if stake else 0.0, line.action
    if order == "due":
        return float((line.due or date.max).toordinal()), line.action
    return float(EFFORTS.index(line.effort)) if line.effort in EFFORTS else len(EFFORTS), line.action


def _row(page: Page, audit: Audit, line: Action) -> dict[str, Any]:
    stake = audit.stakes.get(line.stake)
    return {
        "action": line.action,
        "owner": line.owner,
        "due": line.due,
        "effort": line.effort or None,
        "expected": line.expected,
        "stake": confronted.amount(stake, page.lang) if stake else "",
        "status": line.status,
        "finding": _finding_name(page, audit, line.finding),
    }


def _finding_name(page: Page, audit: Audit, key: str) -> str:
    """A finding by its KPI, its irritant or its measure, in words; none of an irritant that is no finding any more."""
    kind, _, name = key.partition(".")
    if kind == "irritant":
        told = (dict(finding.text.facts) for finding in audit.findings if finding.key == key)
        return next((page.say("ui.plan.irritant", label=facts["label"]) for facts in told), "")
    if kind == "mirage" and texts.known(f"mirage.{name}.name"):
        return page.say(f"mirage.{name}.name")
    return figures.name(key, page.lang)


def _config(page: Page) -> dict[str, Any]:
    column = st.column_config
    head = {name: page.say(f"ui.plan.column.{name}") for name in _COLUMNS}
    return {
        "action": column.TextColumn(head["action"], required=True, width=_ACTION_PIXELS),
        "owner": column.TextColumn(head["owner"]),
        "due": column.DateColumn(head["due"], format="DD/MM/YYYY"),
        "effort": column.SelectboxColumn(
            head["effort"],
            options=list(EFFORTS),
            format_func=lambda name: texts.label(f"word.effort.{name}", page.lang),
        ),
        "expected": column.TextColumn(head["expected"]),
        "stake": column.TextColumn(head["stake"]),
        "status": column.SelectboxColumn(
            head["status"],
            options=list(STATUSES),
            default="todo",
            required=True,
            format_func=lambda name: texts.label(f"word.status.{name}", page.lang),
        ),
        "finding": column.TextColumn(head["finding"]),
    }


def _line(row: Mapping[Any, Any], before: Sequence[Action]) -> Action:
    """An edited row as an action; what the table does not show (finding, stake) stays with its line."""
    same = next((line for line in before if line.action == row["action"]), None)
    return Action(
        action=_text(row["action"]),
        owner=_text(row["owner"]),
        due=None if pd.isna(row["due"]) else pd.Timestamp(row["due"]).date(),
        effort=_text(row["effort"]),
        expected=_text(row["expected"]),
        status=_text(row["status"]) or "todo",
        finding=same.finding if same else "",
        stake=same.stake if same else "",
    )


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value).strip()
