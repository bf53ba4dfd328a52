"""The context page: what the declared events explain, what remains, and the questions that wait for an answer."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from cxaudit import texts
from cxaudit.schema.results import Adjusted, Audit, Daily, Span
from cxaudit.ui import address, charts, figures
from cxaudit.ui.components import draw, refusals
from cxaudit.ui.confrontation import SIGNALS
from cxaudit.ui.events import detected
from cxaudit.ui.notebook import line_name, remaining_sentence, verdict_title
from cxaudit.ui.shell import Page, muted
from cxaudit.ui.waterfall import Fall, Step, waterfall

_EPOCH = date(1970, 1, 1)
_VOLUMES = ("surface.tickets_per_100_orders", "silence.customers.90d", "recontact.orders.30d")
_OPEN_QUESTIONS = 3
_FRAMED = 3


def choose(page: Page, audit: Audit) -> str | None:
    """The figure to set in its context; it stands in the URL. None where no figure can be compared."""
    keys = [key for key, signal in audit.context.signals.items() if signal.raw_diff is not None]
    if not keys:
        return None
    address.recall("figure", keys)
    if st.session_state.get("figure") not in keys:
        st.session_state["figure"] = "recontact.orders.30d" if "recontact.orders.30d" in keys else keys[0]
    chosen = st.selectbox(
        page.say("ui.context.figure"), keys, format_func=lambda key: figures.name(key, page.lang), key="figure"
    )
    address.remember("figure", chosen, None)
    return chosen


def headline(page: Page, adjusted: Adjusted, unit: str) -> str:
    """The heaviest line and what remains, as the title."""
    remaining = figures.difference(adjusted.remaining, unit, page.lang).lstrip("+")
    kind, size = max(adjusted.lines.items(), key=lambda line: abs(line[1]), default=("", 0.0))
    if not size:
        return page.say("ui.context.title_none", remaining=remaining)
    name = line_name(page, adjusted, kind)
    size_said = figures.difference(size, unit, page.lang)
    said = page.say("ui.context.title", kind=name, size=size_said, remaining=remaining)
    return said[0].upper() + said[1:]


def subtitle(page: Page, audit: Audit, key: str) -> str:
    """The figure, the period and the one it is compared with."""
    a, b = audit.context.a, audit.context.b
    if a is None or b is None:
        return figures.name(key, page.lang)
    return page.say("ui.context.subtitle", name=figures.name(key, page.lang), b=(b.first, b.last), a=(a.first, a.last))


def timeline(page: Page, audit: Audit) -> None:
    """Volume by week behind the events; a click on a week says what happened."""
    key = next((key for key in _VOLUMES if key in audit.measures and audit.measures[key].daily), None)
    daily = audit.measures[key].daily if key else None
    weeks = weekly(daily) if daily else []
    if len(weeks) < 2 or key is None:
        st.markdown(muted(page.say("ui.context.no_timeline")))
        return
    events, suggested = audit.context.events, detected(audit)
    title = page.say_n("ui.context.timeline", len(events), open=len(suggested))
    said = page.say("ui.context.timeline_subtitle", units=figures.measure_text(key, "unit_of", page.lang, "n"))
    with st.container(border=True, key="timeline"):
        drawing = charts.timeline(weeks, events, suggested[:_FRAMED], _periods(page, audit), title, said, page.lang)
        state = draw(drawing, "timeline-chart", on_select="rerun", selection_mode="week")
        _week_told(page, audit, state, dict(weeks))


def weekly(daily: Daily) -> list[tuple[date, float]]:
    """Units by week, each by its Monday; the first and last week only where they are whole."""
    sums: Counter[date] = Counter()
    days: Counter[date] = Counter()
    for number, units in zip(daily.days, daily.units, strict=True):
        day = _EPOCH + timedelta(days=number)
        monday = day - timedelta(days=day.weekday())
        sums[monday] += units  # type: ignore[assignment]
        days[monday] += 1
    weeks = sorted(sums)
    return [(week, float(sums[week])) for week in weeks if days[week] == 7 or week not in (weeks[0], weeks[-1])]


def fall(page: Page, audit: Audit, key: str, adjusted: Adjusted) -> None:
    """The waterfall, or a sentence where nothing can be set apart."""
    unit = audit.measures[key].unit
    if adjusted.remaining is None or adjusted.raw_a is None or adjusted.raw_b is None:
        st.markdown(page.say("ui.context.no_fall"))
        return
    steps = [
        Step(line_name(page, adjusted, kind), size, "event")
        for kind, size in adjusted.lines.items()
        if abs(size) > 1e-12
    ]
    steps.append(Step(texts.say("word.event.remaining", page.lang), adjusted.remaining, "signal"))
    names = [_named(page, span, which) for span, which in ((audit.context.a, "a"), (audit.context.b, "b"))]
    low, high = (figures.figure(value, unit, page.lang) for value in (adjusted.raw_a, adjusted.raw_b))
    shape = Fall(
        (names[0], adjusted.raw_a), tuple(steps), (names[1], adjusted.raw_b), adjusted.low, adjusted.high, unit
    )
    title = page.say("ui.context.fall", low=low, high=high)
    draw(waterfall(shape, title, page.say("ui.context.fall_subtitle"), page.lang), "waterfall-chart")


def told(page: Page, audit: Audit, key: str, adjusted: Adjusted) -> None:
    """What may be said, in words."""
    st.markdown(f"### {verdict_title(page, adjusted)}")
    st.markdown(remaining_sentence(page, adjusted, audit.measures[key].unit))
    refusals(page, adjusted)
    if adjusted.questions:
        days = [texts.day(day, page.lang) for day in adjusted.questions[:_OPEN_QUESTIONS]]
        st.markdown(page.say("ui.context.odd_days", days=days))


def all_figures(page: Page, audit: Audit) -> None:
    """Every compared figure, raw against adjusted, as a table."""
    compared = [(key, one) for key, one in audit.context.signals.items() if one.raw_diff is not None]
    rows = [_row(page, audit, key, one) for key, one in sorted(compared, key=_weight)]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="adjusted-table", alt=page.say("ui.context.table"))


def _weight(compared: tuple[str, Adjusted]) -> tuple[int, int]:
    """The five signals first, then what is demonstrated, then the rest."""
    key, one = compared
    verdicts = ("demonstrated", "not demonstrated", "withheld", "insufficient")
    return SIGNALS.index(key) if key in SIGNALS else len(SIGNALS), verdicts.index(one.verdict)


def _row(page: Page, audit: Audit, key: str, one: Adjusted) -> dict[str, str]:
    unit = audit.measures[key].unit if key in audit.measures else "share"
    column = {name: page.say(f"ui.context.column.{name}") for name in _COLUMNS}
    return {
        column["figure"]: figures.name(key, page.lang),
        column["raw_a"]: figures.figure(one.raw_a, unit, page.lang),
        column["raw_b"]: figures.figure(one.raw_b, unit, page.lang),
        column["raw_diff"]: figures.difference(one.raw_diff, unit, page.lang),
        column["explained"]: figures.difference(sum(one.lines.values()), unit, page.lang),
        column["remaining"]: figures.difference(one.remaining, unit, page.lang),
        column["interval"]: figures.between_differences(one.low, one.high, unit, page.lang),
        column["verdict"]: texts.label(f"verdict.{one.verdict}", page.lang),
    }


_COLUMNS = ("figure", "raw_a", "raw_b", "raw_diff", "explained", "remaining", "interval", "verdict")


def _periods(page: Page, audit: Audit) -> list[tuple[str, Span]]:
    spans = (("a", audit.context.a), ("b", audit.context.b))
    return [(page.say(f"ui.context.period_{which}"), span) for which, span in spans if span]


def _named(page: Page, span: Span | None, which: str) -> str:
    if span is None:
        return page.say(f"ui.context.period_{which}")
    short = page.say("ui.months").split()
    first, last = short[span.first.month - 1], f"{short[span.last.month - 1]} {span.last.year}"
    whole = (span.first.year, span.first.month) == (span.last.year, span.last.month)
    return page.say("ui.context.raw_of", when=last if whole else f"{first}–{last}")


def _week_told(page: Page, audit: Audit, state: Any, weeks: dict[date, float]) -> None:
    """What happened in the week that was clicked."""
    picked = state.selection.get("week", []) if state else []
    if not picked or "week" not in picked[0]:
        st.markdown(muted(page.say("ui.context.click")))
        return
    monday = date.fromisoformat(picked[0]["week"])
    sunday = monday + timedelta(days=6)
    names = [one.name for one in audit.context.events if one.starts_on <= sunday and one.ends_on >= monday]
    odd = [
        texts.day(day, page.lang)
        for signal in audit.context.signals.values()
        for day in signal.questions
        if monday <= day <= sunday
    ]
    st.text(page.say("ui.context.week", day=monday, n=weeks.get(monday, 0.0)))
    st.text(page.say("ui.context.week_events", names=names) if names else page.say("ui.context.week_none"))
    if odd:
        st.text(page.say("ui.context.odd_days", days=sorted(set(odd))))
