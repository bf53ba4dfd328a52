"""The overview's rows: what the client follows on the left, what the audit finds on the right."""

from __future__ import annotations

import streamlit as st

from cxaudit import texts
from cxaudit.findings import confronted
from cxaudit.schema.results import Audit, Mirage, Stake
from cxaudit.schema.results import Counter as CounterSignal
from cxaudit.ui import figures, moved, session
from cxaudit.ui.components import badge, coloured, kpi_card, number_stack
from cxaudit.ui.shell import Page, literal, muted
from cxaudit.ui.theme import dress

SIGNALS = (
    "recontact.orders.30d",
    "tone.negative.share",
    "repurchase.complainers.90d",
    "gesture.no_effect.90d",
    "silence.customers.90d",
)
_ORDER = ("confirmed", "suspected", "open", "cleared", "not computable", "not green", "no target")
# A figure keeps its room however narrow the page, beside the open panel say: what follows it goes below. The first is
# wide enough for a telephone to have no room beside it.
_KPI_PIXELS, _FIGURE_PIXELS = 245, 175
_LOUD = ("confirmed", "suspected")
_MORE = 2


def subtitle(page: Page, audit: Audit) -> str:
    """Client, period, comparison, rows, last day."""
    held = session.workshop()
    parts = [held.client or (page.say("ui.sample_brand") if held.origin == "sample" else "")]
    if audit.period:
        parts.append(texts.period((audit.period.first, audit.period.last), page.lang))
    rows = [
        f"{texts.count(audit.rows[table], page.lang)} {texts.label(f'word.table.{table}', page.lang)}"
        for table in ("orders", "tickets")
        if audit.rows.get(table)
    ]
    if audit.as_of and rows:  # what was read, of which the period may be a part
        parts.append(page.say("ui.until_rows", day=audit.as_of, rows=texts.listed(rows, page.lang)))
    elif audit.as_of:
        parts.append(page.say("ui.until", day=audit.as_of))
    return " · ".join(part for part in parts if part)


def ranked(audit: Audit) -> list[Mirage]:
    """Worst first."""
    return sorted(audit.mirages, key=lambda mirage: _ORDER.index(mirage.state))


def headings(page: Page) -> None:
    """What stands over the cards: what the client follows, what the audit finds."""
    with st.container(horizontal=True, gap="xsmall"):
        st.markdown(f"**{page.say('ui.overview.followed')}**", width=_KPI_PIXELS)
        st.markdown(f"**{page.say('ui.overview.found')}**")


def row(page: Page, audit: Audit, mirage: Mirage) -> None:
    """One KPI and what the audit finds in it; rows that raise no doubt shrink to one line."""
    with st.container(horizontal=True, gap="xsmall"):
        if mirage.state in _LOUD:
            _kpi(page, audit, mirage)
            with st.container(border=True, height="stretch", key=f"finding-{mirage.key}"):
                _finding(page, audit, mirage)
        else:
            _quiet_kpi(page, audit, mirage)
            with st.container(border=True, height="stretch", key=f"finding-{mirage.key}"):
                _quiet(page, audit, mirage)


def as_text(page: Page, audit: Audit) -> str:
    """The confrontation as lines of text, for those who cannot see it or want to paste it."""
    lines = []
    for mirage in ranked(audit):
        state = texts.label(f"state.{mirage.state}", page.lang)
        line = f"{_name(page, mirage)} {_value(page, audit, mirage)}, {_target(page, audit, mirage)}. {state}"
        counters = [_counted(page, audit, one, stated=True) for one in mirage.counter]
        lines.append(page.say("ui.named", name=line, value=", ".join(counters)) if counters else line)
    for key in SIGNALS:
        measure = audit.measures.get(key)
        if measure:
            interval = figures.interval(measure, page.lang)
            lines.append(
                f"{figures.name(key, page.lang)} {figures.of(measure, page.lang)}"
                + (f", {interval}" if interval else "")
            )
    return "\n".join(lines)


def _kpi(page: Page, audit: Audit, mirage: Mirage) -> None:
    note = f"{dress('green').shape} {page.say('ui.green')} · {_target(page, audit, mirage)}"
    kpi_card(_name(page, mirage), _value(page, audit, mirage), note, "green", _KPI_PIXELS)


def _quiet_kpi(page: Page, audit: Audit, mirage: Mirage) -> None:
    state = "green" if mirage.green else mirage.state
    with st.container(
        border=True, width=_KPI_PIXELS, height="stretch", horizontal=True, horizontal_alignment="distribute"
    ):
        st.markdown(f":small[{literal(_name(page, mirage))}]", width="content")
        st.markdown(f"**{coloured(_value(page, audit, mirage), state)}**", width="content")


def _finding(page: Page, audit: Audit, mirage: Mirage) -> None:
    counter, stake = confronted.leading(mirage, audit), audit.stakes.get(confronted.STAKES.get(mirage.key, ""))
    large = stake is not None and stake.value is not None and confronted.firm(stake)
    with st.container(horizontal=True, vertical_alignment="center"):
        number, said = st.container(width=_FIGURE_PIXELS), st.container(gap="xxsmall")
        money = st.container(width=_FIGURE_PIXELS) if large else said
    with number:
        if counter:
            measure = audit.measures.get(counter.measure)
            note = figures.interval(measure, page.lang) if measure else ""
            name = figures.name(counter.measure, page.lang)
            number_stack(name, _counter_value(page, audit, counter), note, dress(mirage.state).colour)
    with said:
        st.subheader(coloured(texts.label(f"state.{mirage.state}", page.lang), mirage.state), anchor=False)
        moved.state(page, mirage.key)
        st.markdown(page.say(f"mirage.{mirage.key}.hides"))
        for line in _others(page, audit, mirage):
            st.markdown(muted(line))
    with money:
        _stake(page, stake)


def _quiet(page: Page, audit: Audit, mirage: Mirage) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        state, said = st.container(width=_FIGURE_PIXELS), st.container()
    with state.container(gap="xxsmall"):
        st.markdown(badge(page, mirage.state))
        moved.state(page, mirage.key)
    said.markdown(literal(confronted.why(mirage, audit, page.lang)))


def _others(page: Page, audit: Audit, mirage: Mirage) -> list[str]:
    """The other bad counter-signals with their intervals: those that contradict, then those merely observed."""
    named = [[_counted(page, audit, one) for one in part[:_MORE]] for part in confronted.others(mirage, audit)]
    lines = zip(("also", "observed"), named, strict=True)
    return [page.say(f"ui.overview.{key}", others=part) for key, part in lines if part]


def _counted(page: Page, audit: Audit, counter: CounterSignal, *, stated: bool = False) -> str:
    """A counter-signal by its name, value and interval; with its verdict where nothing beside it tells that."""
    measure = audit.measures.get(counter.measure)
    notes = [figures.interval(measure, page.lang)] if measure else []
    notes += [texts.label(f"verdict.{counter.verdict}", page.lang)] if stated else []
    named = f"{figures.name(counter.measure, page.lang)} {_counter_value(page, audit, counter)}"
    told = ", ".join(note for note in notes if note)
    return f"{named} ({told})" if told else named


def _stake(page: Page, stake: Stake | None) -> None:
    said = confronted.amount(stake, page.lang)
    if stake is None or stake.value is None:
        st.markdown(muted(said))
        return
    name = texts.label(f"word.{stake.key}", page.lang)
    if confronted.firm(stake):
        number_stack(name, said, figures.between(stake.low, stake.high, stake.currency, page.lang))
    else:
        st.markdown(muted(page.say("ui.named", name=name, value=said)))


def _name(page: Page, mirage: Mirage) -> str:
    return texts.label(f"mirage.{mirage.key}.name", page.lang)


def _value(page: Page, audit: Audit, mirage: Mirage) -> str:
    measure = audit.measures.get(mirage.kpi)
    if measure is not None and measure.verdict == "insufficient":
        return figures.loud(measure, page.lang)
    return figures.figure(mirage.value, measure.unit if measure else "count", page.lang, 0 if _whole(mirage) else None)


def _whole(mirage: Mirage) -> bool:
    """Whether a share's tenth of a point is nought, as in 92 %."""
    return mirage.value is not None and abs(mirage.value * 100 - round(mirage.value * 100)) < 0.05


def _target(page: Page, audit: Audit, mirage: Mirage) -> str:
    measure = audit.measures.get(mirage.kpi)
    if mirage.target is None or measure is None:
        return page.say("ui.no_target")
    return page.say("ui.target", value=figures.figure(mirage.target, measure.unit, page.lang, 0))


def _counter_value(page: Page, audit: Audit, counter: CounterSignal) -> str:
    measure = audit.measures.get(counter.measure)
    if measure is None:
        return figures.figure(counter.value, "share", page.lang)
    if measure.verdict == "insufficient":
        return figures.loud(measure, page.lang)
    if measure.kind == "difference":
        return figures.short_difference(counter.value, measure.unit, page.lang)
    return figures.figure(counter.value, measure.unit, page.lang, figures.decimals(measure))
