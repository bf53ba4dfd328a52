"""The context page: what the declared events explain, what remains, and the questions that wait for an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from cxaudit import texts
from cxaudit.context.comparison import last_quarter, months_before
from cxaudit.schema.results import Adjusted, Audit, Span
from cxaudit.schema.settings import Settings
from cxaudit.ui import address, figures, session
from cxaudit.ui.components import draw, refusals
from cxaudit.ui.confrontation import SIGNALS
from cxaudit.ui.notebook import line_name, remaining_sentence, verdict_title
from cxaudit.ui.shell import Page, muted
from cxaudit.ui.waterfall import Fall, Step, waterfall

_FIRST_SEEN = "recontact.orders.30d"
_OPEN_QUESTIONS = 3
# Below these a line is not worth a word: it would read 0,0.
_SILENT = {"share": 0.0005}
_SILENT_NUMBER = 0.05


def choose(page: Page, audit: Audit) -> str | None:
    """The figure to set in its context; it stands in the URL. None where no figure has days."""
    keys = [key for key, signal in audit.context.signals.items() if signal.raw_diff is not None]
    keys = keys or [key for key, measure in audit.measures.items() if measure.daily and measure.daily.days]
    if not keys:
        return None
    held, usual = session.workshop(), _FIRST_SEEN if _FIRST_SEEN in keys else keys[0]
    address.recall("figure", keys)
    if st.session_state.get("figure", held.compared.figure) not in keys:
        st.session_state["figure"] = usual
    st.session_state.setdefault("figure", held.compared.figure)
    chosen = st.selectbox(
        page.say("ui.context.figure"), keys, format_func=lambda key: figures.name(key, page.lang), key="figure"
    )
    address.remember("figure", chosen, usual)
    held.compared = replace(held.compared, figure=chosen)
    return chosen


def headline(page: Page, audit: Audit, key: str) -> str:
    """The heaviest line, and what remains with its verdict, as the title."""
    adjusted, unit = audit.context.signals.get(key), audit.measures[key].unit
    if adjusted is None or adjusted.remaining is None:
        return page.say("ui.context.none")
    left = figures.difference(adjusted.remaining, unit, page.lang).lstrip("+")
    remaining = f"{left}, {texts.label(f'verdict.{adjusted.verdict}', page.lang)}"
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
    if a is None or b is None or key not in audit.context.signals:
        return uncompared(page, audit)
    return page.say("ui.context.subtitle", name=figures.name(key, page.lang), b=(b.first, b.last), a=(a.first, a.last))


def uncompared(page: Page, audit: Audit) -> str:
    """Why nothing is compared: what the default comparison asks for, and where the data begin."""
    chosen = audit.settings.period if isinstance(audit.settings, Settings) else None
    if audit.context.a is not None or audit.as_of is None or audit.first is None:
        return page.say("ui.context.none_days")
    b = chosen or last_quarter(audit.as_of)
    a = months_before(b, 12)
    return page.say("ui.context.none_why", b=(b.first, b.last), a=(a.first, a.last), first=audit.first)


def fall(page: Page, audit: Audit, key: str, adjusted: Adjusted | None) -> None:
    """The waterfall, or a sentence where nothing can be set apart."""
    unit = audit.measures[key].unit
    if adjusted is None or adjusted.remaining is None or adjusted.raw_a is None or adjusted.raw_b is None:
        st.markdown(page.say("ui.context.no_fall"))
        return
    steps = [
        Step(line_name(page, adjusted, kind), size, "event")
        for kind, size in adjusted.lines.items()
        if abs(size) > 1e-12
    ]
    steps.append(Step(texts.say("word.event.remaining", page.lang), adjusted.remaining, "signal"))
    names = _levels(page, audit)
    low, high = (figures.figure(value, unit, page.lang) for value in (adjusted.raw_a, adjusted.raw_b))
    shape = Fall(
        (names[0], adjusted.raw_a), tuple(steps), (names[1], adjusted.raw_b), adjusted.low, adjusted.high, unit
    )
    title = page.say("ui.context.fall", low=low, high=high)
    drawing = waterfall(shape, title, page.say("ui.context.fall_subtitle"), page.lang)
    draw(drawing, "waterfall-chart")


def told(page: Page, audit: Audit, key: str, adjusted: Adjusted | None) -> None:
    """What may be said, in words; what the comparison had to give up."""
    if adjusted is None or adjusted.remaining is None:
        return
    st.text(aloud(page, audit, adjusted))
    st.subheader(verdict_title(page, adjusted), anchor=False)
    st.markdown(remaining_sentence(page, adjusted, audit.measures[key].unit))
    refusals(page, adjusted)
    for step in adjusted.facts.get("steps", ()):
        if step != "F1":
            st.markdown(muted(page.say(f"context.rung.{step}")))
    if adjusted.questions:
        days = [texts.day(day, page.lang) for day in adjusted.questions[:_OPEN_QUESTIONS]]
        st.markdown(page.say("ui.context.odd_days", days=days))


def all_figures(page: Page, audit: Audit) -> None:
    """Every compared figure, raw against adjusted, as a table."""
    compared = [(key, one) for key, one in audit.context.signals.items() if one.raw_diff is not None]
    rows = [_row(page, audit, key, one) for key, one in sorted(compared, key=_weight)]
    if not rows:
        st.markdown(muted(uncompared(page, audit)))
        return
    for key, one in sorted(compared, key=_weight):
        if key in SIGNALS:
            st.text(aloud(page, audit, one))
    st.space("small")  # on a touch screen the table's own buttons stand above it
    wide = st.column_config.TextColumn(page.say("ui.context.column.sentence"), width="large")
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="adjusted-table",
        alt=page.say("ui.context.table"),
        column_config={page.say("ui.context.column.sentence"): wide},
    )


def aloud(page: Page, audit: Audit, one: Adjusted) -> str:
    """A comparison as one would say it: the gap, what the events bring to it, what remains and with what right."""
    unit = audit.measures[one.key].unit if one.key in audit.measures else "share"
    values = {name: figures.figure(value, unit, page.lang) for name, value in (("a", one.raw_a), ("b", one.raw_b))}
    diff = figures.difference(one.raw_diff, unit, page.lang)
    said = [page.say("ui.context.aloud.gap", name=figures.name(one.key, page.lang), diff=diff, **values)]
    lines = [line for line in one.lines.items() if abs(line[1]) >= _SILENT.get(unit, _SILENT_NUMBER)]
    for kind, size in sorted(lines, key=lambda line: -abs(line[1])):
        names = one.facts.get("named", {}).get(kind) or (texts.label(f"word.event.{kind}", page.lang),)
        brought = figures.difference(size, unit, page.lang)
        said.append(_capital(page.say("ui.context.aloud.line", size=brought, names=list(names))))
    rest = figures.difference(one.remaining, unit, page.lang)
    verdict = texts.label(f"verdict.{one.verdict}", page.lang)
    said.append(page.say("ui.context.aloud.rest", rest=rest, verdict=verdict))
    return " ".join(said)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
        column["sentence"]: aloud(page, audit, one),
    }


_COLUMNS = ("figure", "raw_a", "raw_b", "raw_diff", "explained", "remaining", "interval", "verdict", "sentence")


def _levels(page: Page, audit: Audit) -> tuple[str, str]:
    """The two periods' names: by their months, or by their days where the months are the same."""
    a, b = audit.context.a, audit.context.b
    if a is None or b is None:
        return page.say("ui.context.period_a"), page.say("ui.context.period_b")
    dress = texts.span if texts.span(_ends(a), page.lang) != texts.span(_ends(b), page.lang) else texts.period
    first, second = (page.say("ui.context.raw_of", when=dress(_ends(one), page.lang)) for one in (a, b))
    return first, second


def _ends(span: Span) -> tuple[date, date]:
    return span.first, span.last
