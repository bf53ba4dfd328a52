"""The parts that several pages draw: KPI card, finding line, signal card, state badge, chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from cxaudit import texts
from cxaudit.findings import confronted
from cxaudit.schema.results import Adjusted, Measure, NotComputable, Phrase, Span
from cxaudit.ui import figures, moved
from cxaudit.ui.charts import Drawing
from cxaudit.ui.plot import enlarged
from cxaudit.ui.shell import Page, lead, literal, muted, projecting
from cxaudit.ui.theme import dress


def coloured(text: str, state: str) -> str:
    """Markdown of a text in the colour of a state; the text is taken literally."""
    return f":{dress(state).colour}[{literal(text)}]"


def badge(page: Page, state: str, text: str = "") -> str:
    """Markdown of a state badge: shape, word, and colour as its tint."""
    return f":{dress(state).colour}-badge[{literal(text or texts.label(f'state.{state}', page.lang))}]"


def sentence(page: Page, phrase: Phrase) -> str:
    """Markdown of a phrase: its own bold stays, a client's words inside it are taken literally."""
    facts = {name: _harmless(value) for name, value in phrase.facts}
    return page.say(phrase.key, **facts)


def _harmless(value: object) -> object:
    if isinstance(value, Phrase) or (isinstance(value, str) and texts.known(value)):
        return value
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, list | tuple):
        return [_harmless(item) for item in value]
    return value


def kpi_card(name: str, value: str, note: str, state: str, pixels: int) -> None:
    """What the client follows: label, number in the state's colour, target; as wide as `pixels`."""
    with st.container(border=True, width=pixels, height="stretch", gap="xxsmall"):
        st.metric(name, coloured(value, state))
        st.markdown(f":small[{coloured(note, state)}]")


def number_stack(label: str, value: str, note: str, colour: str = "") -> None:
    """A label, one number at full size and its interval in words under it."""
    with st.container(gap=None):
        st.markdown(f":small[{literal(label)}]")
        shown = f":{colour}[{literal(value)}]" if colour else literal(value)
        st.metric(label, shown, label_visibility="collapsed")
        if note:
            st.markdown(muted(note))


def signal_card(
    page: Page,
    key: str,
    measure: Measure | NotComputable | None,
    adjusted: Adjusted | None,
    apart: Span | None = None,
) -> None:
    """One of the five signals: raw number, adjusted chip, sparkline, interval; or what to add."""
    with st.container(border=True, height="stretch", gap="xsmall", key=f"card-{key}"):
        if isinstance(measure, Measure) and measure.value is not None:
            _computed(page, key, measure, adjusted, apart)
        else:
            st.markdown(muted(figures.name(key, page.lang)))
            st.markdown(badge(page, "not computable"))
            st.markdown(f":small[{literal(why_missing(page, measure))}]")
            lead("pages/quality.py", page.say("ui.lead.missing"), icon=":material/arrow_forward:")


def outside_events(page: Page, measure: Measure, adjusted: Adjusted | None, apart: Span | None) -> str | None:
    """The figure outside events; where it is of another period than the card's, that period and its raw figure too."""
    if adjusted is None or adjusted.adjusted_b is None:
        return None
    raw, value = (
        figures.figure(item, measure.unit, page.lang, figures.decimals(measure))
        for item in (adjusted.raw_b, adjusted.adjusted_b)
    )
    if apart is None:
        return page.say("ui.chip.adjusted", value=value)
    return page.say("ui.chip.adjusted_apart", when=(apart.first, apart.last), raw=raw, value=value)


def _computed(page: Page, key: str, measure: Measure, adjusted: Adjusted | None, apart: Span | None) -> None:
    outside = outside_events(page, measure, adjusted, apart)
    series = [point.value for point in measure.series if point.value is not None]
    name = figures.name(key, page.lang)
    st.markdown(f":small[{literal(name)}]")
    st.metric(
        name,
        figures.loud(measure, page.lang),
        label_visibility="collapsed",
        delta=None if apart else outside,
        delta_color="off",
        delta_arrow="off",
        chart_data=series if len(series) > 2 else None,
        chart_type="area",
    )
    moved.figure(page, key)
    st.markdown(muted(page.say("ui.raw", interval=figures.interval(measure, page.lang))))
    if apart and outside:
        st.markdown(muted(outside))
    if measure.verdict != "established":
        st.markdown(muted(texts.label(f"verdict.{measure.verdict}", page.lang)))


def why_missing(page: Page, result: Measure | NotComputable | None) -> str:
    """Why a measure has no value, in one sentence."""
    return confronted.missing(result, page.lang)


def missing_columns(page: Page, columns: Sequence[str]) -> str:
    """Canonical columns in words: e-mails (clicked at); where one of several would do, all of them."""
    return confronted.columns(columns, page.lang)


def field_name(page: Page, table: str, field: str) -> str:
    """A canonical field in words."""
    return confronted.field_name(table, field, page.lang)


def draw(drawing: Drawing, key: str, **options: Any) -> Any:
    """A chart with its description, keyed, larger for a room; `options` go to `st.vega_lite_chart`."""
    spec = enlarged(drawing.spec) if projecting() else drawing.spec
    return st.vega_lite_chart(spec, width="stretch", key=key, alt=drawing.alt, **options)


def refusals(page: Page, measure: Measure | Adjusted) -> None:
    """The reservations that withhold a verdict, each in its sentence."""
    for refusal in measure.refusals:
        st.markdown(muted(f"▲ {texts.say(f'refusal.{refusal}', page.lang)}"))
