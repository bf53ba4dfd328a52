"""Which periods are compared on this page: the audit's own, before and after a dated change, or any two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from cxaudit.audit import between
from cxaudit.context.comparison import BEFORE_AFTER_DAYS, months_before
from cxaudit.schema.results import Audit, Context, Span
from cxaudit.ui import address, session
from cxaudit.ui.shell import Page, muted

_WEEKS = BEFORE_AFTER_DAYS // 7
_OWN = "own"
_CHANGES = ("tool_change", "launch", "incident")
# Most figures look 30 days ahead: later cases are not mature yet.
_TO_BE_KNOWN = 30
Spans = tuple[Span, Span]


def choose(page: Page, audit: Audit) -> Audit:
    """The audit with the comparison that the page shows; its figures and the other pages keep theirs."""
    ways: Mapping[str, Callable[[Page, Audit], Spans | None]] = {
        _OWN: lambda page, audit: None,
        "change": _around_a_change,
        "any": _any_two,
    }
    address.recall("compared", list(ways))
    with st.expander(page.say("ui.context.compared"), key="compared-periods"):
        way = st.segmented_control(
            page.say("ui.context.compared"),
            list(ways),
            default=None if "compared" in st.session_state else _OWN,
            required=True,
            format_func=lambda one: f":blue[{page.say(f'ui.context.way.{one}')}]",
            key="compared",
            label_visibility="collapsed",
        )
        address.remember("compared", way, _OWN)
        st.markdown(muted(page.say(f"ui.context.way_what.{way or _OWN}")))
        spans = ways[way or _OWN](page, audit)
    return audit if spans is None else replace(audit, context=_context(audit, spans))


def _context(audit: Audit, spans: Spans) -> Context:
    """Worked out once for each state of the audit and choice of periods."""
    kept = st.session_state.get("compared-kept")
    state = (id(audit), session.workshop().revision, spans)
    if kept is None or kept[0] != state:
        kept = (state, between(audit, *spans))
        st.session_state["compared-kept"] = kept
    found: Context = kept[1]
    return found


def _around_a_change(page: Page, audit: Audit) -> Spans | None:
    first, last = audit.first, audit.as_of
    if first is None or last is None or (last - first).days < 14:
        return None
    st.session_state.setdefault("change-day", _latest_change(audit, first, last))
    day, weeks = st.columns(2, gap="small")
    changed = day.date_input(
        page.say("ui.context.change_day"),
        min_value=first + timedelta(days=7),
        max_value=last - timedelta(days=6),
        format="DD/MM/YYYY",
        key="change-day",
    )
    st.session_state.setdefault("change-weeks", _WEEKS)
    length = weeks.slider(page.say("ui.context.change_weeks"), min_value=1, max_value=_WEEKS, key="change-weeks")
    if not isinstance(changed, date):
        return None
    reach = timedelta(days=7 * length)
    return Span(changed - reach, changed - timedelta(days=1)), Span(changed, changed + reach - timedelta(days=1))


def _latest_change(audit: Audit, first: date, last: date) -> date:
    """The latest declared change that leaves room for what comes of it to be known; else a day that does."""
    latest = max(last - timedelta(days=BEFORE_AFTER_DAYS + _TO_BE_KNOWN), first + timedelta(days=7))
    known = [one.starts_on for one in audit.context.events if one.kind in _CHANGES]
    return max((day for day in known if first + timedelta(days=7) <= day <= latest), default=latest)


def _any_two(page: Page, audit: Audit) -> Spans | None:
    if audit.as_of is None:
        return None
    b = audit.context.b or Span(audit.as_of - timedelta(days=90), audit.as_of)
    a = audit.context.a or months_before(b, 12)
    chosen = [_span(page, column, which, span) for column, which, span in zip(st.columns(2), "ab", (a, b), strict=True)]
    if chosen[0] is None or chosen[1] is None:
        return None
    if chosen[0].first <= chosen[1].last and chosen[1].first <= chosen[0].last:
        st.markdown(f":orange[▲ {page.say('ui.context.overlap')}]")
    return chosen[0], chosen[1]


def _span(page: Page, column: st.delta_generator.DeltaGenerator, which: str, span: Span) -> Span | None:
    st.session_state.setdefault(f"compared-{which}", (span.first, span.last))
    days = column.date_input(page.say(f"ui.context.period_{which}_days"), format="DD/MM/YYYY", key=f"compared-{which}")
    return Span(*days) if isinstance(days, tuple) and len(days) == 2 else None
