"""Which periods are compared on this page: the audit's own, before and after a dated change, or any two.

What is chosen stands in the address, goes with the audit file, and is there again when the page is opened once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from cxaudit.context.comparison import BEFORE_AFTER_DAYS, months_before
from cxaudit.follow.readjust import between
from cxaudit.schema.results import Audit, Context, Span
from cxaudit.schema.workshop import Comparison
from cxaudit.ui import address, session
from cxaudit.ui.shell import Page, muted

_WEEKS = BEFORE_AFTER_DAYS // 7
_OWN = "own"
_CHANGES = ("tool_change", "launch", "incident")
# Most figures look 30 days ahead: later cases are not mature yet.
_TO_BE_KNOWN = 30
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)
Spans = tuple[Span, Span]


def choose(page: Page, audit: Audit) -> Audit:
    """The audit with the comparison that the page shows; its figures and the other pages keep theirs."""
    ways: Mapping[str, Callable[[Page, Audit], Spans | None]] = {
        _OWN: lambda page, audit: None,
        "change": _around_a_change,
        "any": _any_two,
    }
    _recall(list(ways))
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
        st.markdown(muted(page.say(f"ui.context.way_what.{way or _OWN}")))
        spans = ways[way or _OWN](page, audit)
    _remember(way or _OWN)
    return audit if spans is None else replace(audit, context=_context(audit, spans))


def _recall(ways: list[str]) -> None:
    """Before anything is drawn: what the address says, else what was chosen last, where nothing is chosen yet."""
    held, state = session.workshop().compared, st.session_state
    address.recall("compared", ways)
    known: dict[str, Any] = {
        "compared": held.way if held.way in ways else _OWN,
        "change-day": _day(st.query_params.get("on")) or held.changed_on,
        "change-weeks": _few_weeks(st.query_params.get("weeks")) or _few_weeks(str(held.weeks)),
        "compared-a": _ends(_two_days(st.query_params.get("a")) or held.a),
        "compared-b": _ends(_two_days(st.query_params.get("b")) or held.b),
    }
    for key, value in known.items():
        if value is not None and key not in state:
            state[key] = value


def _remember(way: str) -> None:
    state, held = st.session_state, session.workshop()
    a, b = (_whole(state.get(f"compared-{which}")) for which in "ab")
    day, weeks = state.get("change-day", held.compared.changed_on), state.get("change-weeks", held.compared.weeks)
    held.compared = Comparison(held.compared.figure, way, day, weeks, a or held.compared.a, b or held.compared.b)
    around, free = way == "change", way == "any"
    address.write(
        {
            "compared": None if way == _OWN else way,
            "on": day.isoformat() if around and day else None,
            "weeks": str(weeks) if around and weeks and weeks != _WEEKS else None,
            "a": f"{a.first}:{a.last}" if free and a else None,
            "b": f"{b.first}:{b.last}" if free and b else None,
        }
    )


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
    if audit.first is None or audit.as_of is None or (audit.as_of - audit.first).days < 14:
        return None
    first, last = audit.first + timedelta(days=7), audit.as_of - timedelta(days=6)
    if not isinstance(chosen := st.session_state.get("change-day"), date) or not first <= chosen <= last:
        st.session_state["change-day"] = _latest_change(audit, audit.first, audit.as_of)
    day, weeks = st.columns(2, gap="small")
    changed = day.date_input(
        page.say("ui.context.change_day"), min_value=first, max_value=last, format="DD/MM/YYYY", key="change-day"
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
    st.session_state.setdefault(f"compared-{which}", _ends(span))
    days = column.date_input(
        page.say(f"ui.context.period_{which}_days"),
        min_value=_EARLIEST,
        max_value=_LATEST,
        format="DD/MM/YYYY",
        key=f"compared-{which}",
    )
    return _whole(days)


def _whole(days: Any) -> Span | None:
    return Span(*days) if isinstance(days, tuple) and len(days) == 2 else None


def _ends(span: Span | None) -> tuple[date, date] | None:
    """The two days as a field holds them; None where no field could."""
    if span is None or not _EARLIEST <= span.first <= span.last <= _LATEST:
        return None
    return span.first, span.last


def _day(given: str | None) -> date | None:
    """A day of the address; None where it is none."""
    try:
        return date.fromisoformat(given or "")
    except ValueError:
        return None


def _two_days(given: str | None) -> Span | None:
    first, _, last = (given or "").partition(":")
    days = _day(first), _day(last)
    return Span(days[0], days[1]) if days[0] and days[1] else None


def _few_weeks(given: str | None) -> int | None:
    return int(given) if given in {str(weeks) for weeks in range(1, _WEEKS + 1)} else None
