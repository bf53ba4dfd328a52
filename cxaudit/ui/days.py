"""Days picked on the timeline, by a drag, a click or the dates: what happened in them; an event of them in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import streamlit as st

from cxaudit import texts
from cxaudit.context.course import STEPS, Happened, Risen, Stretch, counted, course, happened, over
from cxaudit.measure.verdicts import FEW
from cxaudit.schema.results import Audit, Daily, Measure, Span
from cxaudit.ui import editor, events, figures
from cxaudit.ui.components import draw
from cxaudit.ui.shell import Page, muted
from cxaudit.ui.timeline import BRUSH, CLICK, Course, Panel, timeline

_OUTLINED = 5
# From here on weeks are too many to read one by one, and months are offered.
_LONG_WEEKS = 40
_FAIR_SHARE = 0.25
_CALENDARS = ("calendar.school", "calendar.soldes")


def shown(page: Page, audit: Audit, key: str) -> None:
    """The timeline; what is dragged or clicked on it becomes the days picked."""
    step = _step(page, audit)
    panels = _panels(page, audit, key, step)
    if not panels:
        st.markdown(muted(page.say("ui.context.no_timeline")))
        return
    declared, waiting = audit.context.events, events.detected(audit)
    light = [events.spoken(page, one) for one in events.open_suggestions(audit) if one.source in _CALENDARS]
    what = Course(panels, declared, tuple(waiting[:_OUTLINED]), tuple(light), _compared(page, audit))
    title, subtitle = _headline(page, audit, key, panels[-1], step)
    drawn = timeline(what, title, subtitle, page.lang)
    state = draw(drawn, "timeline-chart", on_select="rerun", selection_mode=[BRUSH, CLICK])
    st.markdown(muted(page.say("ui.context.legend")))
    found = _picked(state, step)
    if found is not None:
        editor.pick(found)


def told(page: Page, audit: Audit, key: str) -> None:
    """What happened in the days picked; one button makes an event of them, another gives them to the event at hand."""
    span = editor.picked()
    if span is None:
        st.markdown(muted(page.say("ui.context.click")))
        return
    said, act = st.columns([7.2, 3.8], gap="small", vertical_alignment="center")
    with said:
        st.text("\n".join(_lines(page, audit, key, span)))
    with act:
        editor.here(page, span)


def _step(page: Page, audit: Audit) -> str:
    weeks = (audit.as_of - audit.first).days / 7 if audit.as_of and audit.first else 0
    if weeks < _LONG_WEEKS:
        return "week"
    chosen = st.segmented_control(
        page.say("ui.context.step"),
        list(STEPS),
        default=None if "step" in st.session_state else "week",
        required=True,
        format_func=lambda step: f":blue[{page.say(f'ui.context.by.{step}')}]",
        key="step",
        label_visibility="collapsed",
    )
    return str(chosen or "week")


def _panels(page: Page, audit: Audit, key: str, step: str) -> tuple[Panel, ...]:
    book, measure = audit.context.daybook, audit.measures[key]
    found = []
    for name, counts in (("orders", book.orders), ("tickets", book.tickets)) if book else ():
        stretches = counted(counts, book.first, step) if book else ()
        if len(stretches) > 1:
            found.append(Panel(page.say(f"ui.context.panel.{name}"), "count", stretches))
    stretches = _full(course(measure.daily or Daily((), (), ()), measure.unit, measure.deff or 1.0, step))
    if len(stretches) < 2:
        return ()
    return (*found, Panel(figures.name(key, page.lang), measure.unit, stretches))


def _full(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Those with a fair share of the usual units: a week of three mature cases would stretch the axis to 100 %."""
    usual = median(one.units for one in stretches) if stretches else 0.0
    return tuple(one for one in stretches if one.units >= _FAIR_SHARE * usual)


def _headline(page: Page, audit: Audit, key: str, panel: Panel, step: str) -> tuple[str, str]:
    """The highest week or month, and the event that it falls in; the figure alone where none has enough units."""
    count = page.say_n("ui.context.timeline", len(audit.context.events), open=len(events.detected(audit)))
    unit = figures.measure_text(key, "unit_of", page.lang, "n")
    units = sum(one.units for one in panel.stretches)
    subtitle = page.say(f"ui.context.timeline_subtitle.{step}", units=unit, n=units, count=count)
    found = _highest(audit.measures[key], step)
    if found is None:
        return panel.name, subtitle
    top, by = found
    value = figures.figure(top.value, panel.unit, page.lang)
    title = page.say(f"ui.context.highest.{by}", name=panel.name, value=value, day=top.span.first)
    inside = [one for one in audit.context.events if one.starts_on <= top.span.last and one.ends_on >= top.span.first]
    if inside:
        closest = min(inside, key=lambda one: one.ends_on - one.starts_on)
        title = page.say("ui.context.highest.during", said=title, event=closest.name)
    return title, subtitle


def _highest(measure: Measure, step: str) -> tuple[Stretch, str] | None:
    """The highest of those with enough effective units: of the weeks, else of the months; there must be two."""
    deff = measure.deff or 1.0
    for by in dict.fromkeys((step, "month")):
        stretches = course(measure.daily or Daily((), (), ()), measure.unit, deff, by)
        known = [one for one in stretches if one.units / deff >= FEW]
        if len(known) > 1:
            return max(known, key=lambda one: one.value), by
    return None


def _compared(page: Page, audit: Audit) -> tuple[tuple[str, Span], ...]:
    spans = (("a", audit.context.a), ("b", audit.context.b))
    return tuple((page.say(f"ui.context.period_{which}"), span) for which, span in spans if span)


def _picked(state: Any, step: str) -> Span | None:
    """What was dragged or clicked since the last run: a chart goes on reporting what it reported before."""
    selection = state.selection if state else {}
    brush, click = selection.get(BRUSH) or {}, selection.get(CLICK) or []
    seen = (_ends(brush), _moment(click))
    former = st.session_state.get("timeline-seen", (None, None))
    st.session_state["timeline-seen"] = seen
    if seen[0] is not None and seen[0] != former[0]:
        return _whole_days(*seen[0])
    if seen[1] is not None and seen[1] != former[1] and seen[0] is None:
        return STEPS[step](_local(seen[1]).date())
    return None


def _ends(brush: Any) -> tuple[float, float] | None:
    ends = brush.get("x") or ()
    return (min(ends), max(ends)) if len(ends) == 2 else None


def _moment(click: Any) -> float | None:
    return click[0].get("x") if click and isinstance(click[0], dict) else None


def _whole_days(start: float, end: float) -> Span:
    """The days of which more than half was dragged over; the nearest one where none was."""
    first = (_local(start) + timedelta(hours=12)).date()
    last = (_local(end) - timedelta(hours=12)).date()
    return Span(first, max(first, last))


def _local(milliseconds: float) -> datetime:
    """A moment of the chart on the reader's own clock, by which the chart was drawn.

    By the browser's offset, not its zone, which this machine need not know; an hour of summer time moves no whole day.
    """
    return datetime.fromtimestamp(milliseconds / 1000, UTC) - timedelta(minutes=st.context.timezone_offset or 0)


def _lines(page: Page, audit: Audit, key: str, span: Span) -> list[str]:
    """Orders and tickets against their usual, the figure, the reasons that rose, the events, the days far off."""
    when = (
        texts.period((span.first, span.last), page.lang) if span.last > span.first else texts.day(span.first, page.lang)
    )
    brought = happened(audit.context.daybook, span) if audit.context.daybook else Happened(None, None, ())
    counts = [_against_usual(page, one) for one in (brought.orders, brought.tickets) if one is not None]
    lines = [page.say("ui.context.told.days", when=when[0].upper() + when[1:], counts=counts)] if counts else [when]
    lines.append(_figure(page, audit, key, span))
    if brought.reasons:
        lines.append(
            page.say("ui.context.told.reasons", reasons=[_against_usual(page, one) for one in brought.reasons])
        )
    named = [one.name for one in audit.context.events if one.starts_on <= span.last and one.ends_on >= span.first]
    lines.append(page.say("ui.context.week_events", names=named) if named else page.say("ui.context.week_none"))
    odd = sorted(
        {day for one in audit.context.signals.values() for day in one.questions if span.first <= day <= span.last}
    )
    if odd:
        lines.append(page.say("ui.context.odd_days", days=[texts.day(day, page.lang) for day in odd[:3]]))
    return lines


def _against_usual(page: Page, one: Risen) -> str:
    name = page.say(f"ui.context.told.{one.name}", n=one.count) if one.name in ("orders", "tickets") else None
    said = name or page.say("ui.context.told.reason", reason=one.name, n=one.count)
    return said if one.usual is None else page.say("ui.context.told.usual", said=said, usual=one.usual)


def _figure(page: Page, audit: Audit, key: str, span: Span) -> str:
    measure = audit.measures[key]
    name = figures.name(key, page.lang)
    found = over(measure.daily, measure.unit, measure.deff or 1.0, span) if measure.daily else None
    if found is None:
        return page.say("ui.context.told.no_units", name=name)
    value = figures.figure(found.value, measure.unit, page.lang)
    between = figures.between(found.low, found.high, measure.unit, page.lang)
    return page.say(
        "ui.context.told.figure", name=name, value=value, between=f" ({between})" if between else "", n=found.units
    )
