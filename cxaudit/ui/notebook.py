"""A signal read as a notebook: question, figures, chart, classes, how to read it, what it does not see, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from cxaudit import texts
from cxaudit.findings import months
from cxaudit.schema.results import Adjusted, Audit, Measure, NotComputable, Point, Segment, Span
from cxaudit.ui import address, charts, complaints, figures, moved, session
from cxaudit.ui.components import coloured, draw, number_stack, refusals, why_missing
from cxaudit.ui.shell import Page, lead, literal, muted

# The five signals, each with its headline measure first and the prefixes of what else belongs to it.
FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "recontact": ("recontact.orders.30d", ("recontact.",)),
    "tone": ("tone.negative.share", ("tone.",)),
    "repurchase": ("repurchase.complainers.90d", ("repurchase.",)),
    "silence": ("silence.customers.90d", ("silence.", "unsubscribe.")),
    "gestures": ("gesture.no_effect.90d", ("gesture.",)),
}
_SHOWN_SEGMENTS = 8
# Narrower than these, a pair of cards stands over the verdict, and a card over the other: no figure is cut.
_PAIR_PIXELS, _FIGURE_PIXELS = 330, 185
_OF_COMPLAINTS = ("repurchase.complainers.", "repurchase.controls.", "repurchase.gap.")


def choose(page: Page, audit: Audit) -> str:
    """The measure to read: one of five signals, then one of its measures; both stand in the URL."""
    names = list(FAMILIES)
    address.recall("signal", names)
    signal = st.pills(
        page.say("ui.signals.which"),
        names,
        default=None if "signal" in st.session_state else names[0],
        required=True,
        format_func=lambda name: f":blue[{page.say(f'ui.signals.{name}')}]",
        key="signal",
        label_visibility="collapsed",
    )
    address.remember("signal", signal, names[0])
    headline, prefixes = FAMILIES[signal or names[0]]
    others = [key for key in (*audit.measures, *audit.not_computable) if key.startswith(prefixes) and key != headline]
    return _one_of(page, [headline, *others])


def _one_of(page: Page, keys: list[str]) -> str:
    address.recall("measure", keys)
    if st.session_state.get("measure") not in keys:
        st.session_state["measure"] = keys[0]
    if page.presenter or len(keys) == 1:
        return str(st.session_state["measure"])
    chosen = st.selectbox(
        page.say("ui.signals.measure"),
        keys,
        format_func=lambda key: figures.name(key, page.lang),
        key="measure",
        label_visibility="collapsed",
    )
    address.remember("measure", chosen, keys[0])
    return chosen


def not_computable(page: Page, result: NotComputable | None) -> None:
    """A measure without a value: its state, why, and what would open it."""
    with st.container(border=True, key="missing"):
        st.subheader(coloured(texts.label("state.not computable", page.lang), "not computable"), anchor=False)
        st.markdown(literal(why_missing(page, result)))
        lead("pages/exports.py", page.say("ui.lead.exports"), icon=":material/arrow_forward:")


def headline_cards(page: Page, audit: Audit, measure: Measure) -> None:
    """Raw, adjusted, verdict."""
    adjusted = audit.context.signals.get(measure.key)
    name = figures.name(measure.key, page.lang)
    with st.grid(2, gap="small", min_column_width=_PAIR_PIXELS):
        with st.grid(2, gap="small", min_column_width=_FIGURE_PIXELS, height="stretch"):
            with st.container(border=True, height="stretch", gap="xxsmall", key="raw"):
                number_stack(page.say("ui.signals.raw", name=name), figures.loud(measure, page.lang), "", "blue")
                moved.figure(page, measure.key)
                st.markdown(figures.interval(measure, page.lang))
                st.markdown(muted(counted(page, measure)))
            with st.container(border=True, height="stretch", gap="xxsmall", key="adjusted"):
                _normal(page, measure, adjusted, audit.compared_apart)
        with st.container(border=True, height="stretch", gap="xsmall", key="verdict"):
            _verdict(page, measure, adjusted)


def counted(page: Page, measure: Measure) -> str:
    """Numerator, denominator and verdict in one line: 922 … sur 4 118 … · établi."""
    verdict = texts.label(f"verdict.{measure.verdict}", page.lang)
    if measure.unit != "share" or measure.numerator is None:
        return page.say("ui.signals.cases", n=measure.denominator, verdict=verdict)
    return page.say("ui.signals.counted", y=measure.numerator, n=measure.denominator, verdict=verdict)


def _normal(page: Page, measure: Measure, adjusted: Adjusted | None, apart: Span | None) -> None:
    label = (
        page.say("ui.signals.adjusted_apart", when=(apart.first, apart.last))
        if apart
        else page.say("ui.signals.adjusted")
    )
    if adjusted is None or adjusted.adjusted_b is None:
        number_stack(label, figures.DASH, page.say("ui.signals.no_comparison"))
        return
    number_stack(label, figures.figure(adjusted.adjusted_b, measure.unit, page.lang, figures.decimals(measure)), "")
    if apart:
        raw = figures.figure(adjusted.raw_b, measure.unit, page.lang, figures.decimals(measure))
        st.markdown(page.say("ui.signals.raw_apart", value=raw))
    st.markdown(page.say("ui.signals.before", value=figures.figure(adjusted.adjusted_a, measure.unit, page.lang)))
    kinds = [texts.label(f"word.event.{kind}", page.lang) for kind, size in adjusted.lines.items() if size]
    if kinds:
        st.markdown(muted(page.say("ui.signals.set_apart", kinds=kinds)))


def _verdict(page: Page, measure: Measure, adjusted: Adjusted | None) -> None:
    if adjusted is None or adjusted.remaining is None:
        st.subheader(coloured(texts.label(f"verdict.{measure.verdict}", page.lang).capitalize(), "open"), anchor=False)
        st.markdown(texts.label(f"verdict.why.{measure.verdict}", page.lang))
        refusals(page, measure)
        return
    st.subheader(verdict_title(page, adjusted), anchor=False)
    st.markdown(remaining_sentence(page, adjusted, measure.unit))
    refusals(page, adjusted)
    st.markdown(muted(page.say("ui.signals.no_cause")))


def verdict_title(page: Page, adjusted: Adjusted) -> str:
    """Markdown of what may be said of the remaining difference: shape, word, colour."""
    if adjusted.verdict != "demonstrated" or not adjusted.remaining:
        return coloured(f"◇ {page.say(f'ui.verdict.{adjusted.verdict}')}", "open")
    rises = adjusted.remaining > 0
    state = "good" if rises == figures.good_when_higher(adjusted.key) else "confirmed"
    shape = "■" if state == "good" else "●"
    return coloured(f"{shape} {page.say('ui.verdict.rise' if rises else 'ui.verdict.fall')}", state)


def remaining_sentence(page: Page, adjusted: Adjusted, unit: str) -> str:
    """Markdown: what remains once the events are set apart, its interval, the largest line."""
    remaining = figures.difference(adjusted.remaining, unit, page.lang)
    interval = ""
    if adjusted.low is not None and adjusted.high is not None:
        interval = f" ({figures.between_differences(adjusted.low, adjusted.high, unit, page.lang)})"
    said = page.say("ui.signals.remaining", remaining=remaining, interval=interval)
    detectable = adjusted.facts.get("detectable")
    if adjusted.verdict == "not demonstrated" and detectable is not None:
        least = figures.difference(detectable, unit, page.lang).lstrip("+")
        said = f"{said} {page.say('ui.group.detectable', least=least)}"
    kind, size = max(adjusted.lines.items(), key=lambda line: abs(line[1]), default=("", 0.0))
    if not size:
        return said
    name = literal(line_name(page, adjusted, kind))
    return f"{said} {page.say('ui.signals.line', kind=name, size=figures.difference(size, unit, page.lang))}"


def line_name(page: Page, adjusted: Adjusted, kind: str) -> str:
    """A line of the difference: the event's own name where one event of that kind makes it, else the kind."""
    named = adjusted.facts.get("named", {}).get(kind, ())
    return str(named[0]) if len(named) == 1 else texts.label(f"word.event.{kind}", page.lang)


def monthly_chart(page: Page, audit: Audit, measure: Measure) -> None:
    """The measure by month, its events and its level in normal conditions; the title says where it stands."""
    points = [point for point in measure.series if point.value is not None]
    if len(points) < 2:
        st.markdown(muted(page.say("ui.signals.few_months")))
        return
    title = _standing(page, measure, points)
    n = sum(point.denominator for point in points)
    subtitle = page.say("ui.signals.monthly_subtitle", name=figures.name(measure.key, page.lang), n=n)
    adjusted = audit.context.signals.get(measure.key)
    level = (audit.context.b, adjusted.adjusted_b) if adjusted and audit.context.b and adjusted.adjusted_b else None
    with st.container(border=True, key="monthly"):
        draw(charts.monthly(measure, audit.context.events, level, title, subtitle, page.lang), "monthly-chart")


def _standing(page: Page, measure: Measure, points: Sequence[Point]) -> str:
    """The last month and the highest, of those with enough cases to be named; else the figure's name alone."""
    known = [point for point in points if months.enough(point)]
    if len(known) < 2:
        return figures.name(measure.key, page.lang)
    last, highest = known[-1], max(known, key=lambda point: point.value or 0.0)
    return page.say(
        "ui.signals.monthly_title",
        last=figures.figure(last.value, measure.unit, page.lang),
        month=texts.month(last.month, page.lang),
        highest=figures.figure(highest.value, measure.unit, page.lang),
        when=texts.month(highest.month, page.lang),
    )


def classes(page: Page, measure: Measure) -> None:
    """The measure by reason, channel …: one dimension at a time."""
    dimensions = [name for name, rows in measure.segments.items() if rows]
    if not dimensions:
        st.markdown(muted(page.say("ui.signals.no_classes")))
        return
    dimension = dimensions[0]
    if len(dimensions) > 1:
        dimension = st.segmented_control(
            page.say("ui.signals.by"),
            dimensions,
            default=dimensions[0],
            required=True,
            format_func=lambda name: f":blue[{literal(texts.label(f'word.segment.{name}', page.lang))}]",
            key=f"by-{measure.key}",
            label_visibility="collapsed",
        )
    rows = _ranked(measure.segments[dimension or dimensions[0]])
    if rows:
        title, subtitle = _classes_title(page, rows, measure, texts.label(f"word.segment.{dimension}", page.lang))
        draw(charts.segments(rows, measure, title, subtitle, page.lang), "classes-chart")


def _ranked(rows: Sequence[Segment]) -> list[Segment]:
    shown = [row for row in rows if row.value is not None]
    largest = sorted(shown, key=lambda row: row.denominator, reverse=True)[:_SHOWN_SEGMENTS]
    return sorted(largest, key=lambda row: row.value or 0.0, reverse=True)


def _classes_title(page: Page, rows: Sequence[Segment], measure: Measure, by: str) -> tuple[str, str]:
    first, last = rows[0], rows[-1]
    values = [figures.figure(row.value, measure.unit, page.lang, figures.decimals(row)) for row in (first, last)]
    names = [texts.label(f"word.class.{row.segment}", page.lang) for row in (first, last)]
    if len(rows) == 1:
        title = page.say("ui.signals.one_class", name=names[0], value=values[0])
    else:
        title = page.say("ui.signals.classes_title", top=names[0], high=values[0], bottom=names[1], low=values[1])
    return title, page.say("ui.signals.classes_subtitle", by=by)


def how_to_read(page: Page, audit: Audit, measure: Measure) -> None:
    """How to read the figure, and what it is blind to, with what was left out counted."""
    st.subheader(page.say("ui.signals.how"), anchor=False)
    st.markdown(reading(page, measure))
    if measure.key.startswith(_OF_COMPLAINTS):
        st.markdown(f":small[:gray[{complaints.told(page, audit)}]]")
    st.subheader(page.say("ui.signals.blind"), anchor=False)
    lines = [*figures.numbered(measure.key, "blind", page.lang), *excluded(page, measure)]
    st.markdown("\n".join(f"- {literal(line)}" for line in lines) or muted(page.say("ui.signals.nothing_blind")))


def reading(page: Page, measure: Measure) -> str:
    """Of a share, the figure out of a hundred with its interval; else the definition."""
    reading = figures.measure_text(measure.key, "reading", page.lang)
    if measure.unit != "share" or measure.value is None or measure.kind == "difference":
        return literal(reading)
    said = page.say(
        "ui.signals.of_100",
        units=figures.measure_text(measure.key, "unit_of", page.lang),
        n=round(100 * measure.value),
        counted=figures.measure_text(measure.key, "counted", page.lang),
    )
    if measure.low is None or measure.high is None:
        return said
    return f"{said} {page.say('ui.signals.likely', low=round(100 * measure.low), high=round(100 * measure.high))}"


def excluded(page: Page, measure: Measure) -> list[str]:
    """What was left out of the measure, each rule with its count."""
    return [
        page.say("ui.signals.left_out", n=rows, rule=texts.label(f"rule.{rule}", page.lang))
        for rule, rows in measure.excluded.items()
        if rows
    ]


def note_of_the_room(page: Page, finding: str) -> None:
    """What the room says: kept as a note of the page, or as a line of the plan."""
    with st.container(border=True, key="note"):
        field, buttons = st.columns([5, 1.3], vertical_alignment="bottom")
        key = f"note-{finding}"
        field.text_area(page.say("ui.note.label"), key=key, placeholder=page.say("ui.note.hint"), height=80)
        with buttons.container(gap="xsmall"):
            arguments = (page.name, finding, key)
            st.button(page.say("ui.note.keep"), key="keep-note", on_click=_keep, args=arguments, width="stretch")
            st.button(
                page.say("ui.note.plan"),
                key="note-to-plan",
                on_click=_plan,
                args=arguments,
                type="primary",
                width="stretch",
            )
        for note in session.workshop().notes:
            if note.page == page.name:
                st.text(f"— {note.text}")


def _keep(page: str, finding: str, key: str) -> None:
    session.add_note(page, st.session_state[key])
    st.session_state[key] = ""


def _plan(page: str, finding: str, key: str) -> None:
    session.add_action(st.session_state[key], finding=finding)
    _keep(page, finding, key)
