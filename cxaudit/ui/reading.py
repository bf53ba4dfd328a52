"""The verbatims page: tone by month, the texts behind a month with their marks, corrections, how far to trust it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from cxaudit import texts, tone
from cxaudit.engine import collect
from cxaudit.findings import months
from cxaudit.measure.rates import within
from cxaudit.prepare.verbatims import digest
from cxaudit.quotes import quote
from cxaudit.redact import redacted
from cxaudit.schema.results import Audit, Measure, Point
from cxaudit.schema.workshop import Quote
from cxaudit.ui import address, charts, figures, session, work
from cxaudit.ui.components import draw
from cxaudit.ui.shell import Page, muted

TONES = ("negative", "positive", *tone.LABELS)
_SHOWN = 8
_MOVES = 5
_TO_LABEL = 100
_MARK = "background:rgba(122,86,179,.28);color:inherit;padding:0 2px;border-radius:3px"


def choose(page: Page) -> str:
    """The tone to read; it stands in the URL."""
    address.recall("tone", TONES)
    chosen = st.pills(
        page.say("ui.verbatims.which"),
        TONES,
        default=None if "tone" in st.session_state else TONES[0],
        required=True,
        format_func=lambda name: f":blue[{tone_name(page, name)}]",
        key="tone",
        label_visibility="collapsed",
    )
    address.remember("tone", chosen, TONES[0])
    return chosen or TONES[0]


def tone_name(page: Page, name: str) -> str:
    """A label or a sentiment in words."""
    return page.say(f"tone.label.{name}" if name in tone.LABELS else f"ui.verbatims.{name}")


def headline(page: Page, measure: Measure) -> str:
    """The last month as the title, against the one before where the two can be told apart."""
    points = _known(measure)
    name = figures.name(measure.key, page.lang)
    if not points or not months.enough(points[-1]):
        return page.say("ui.page.verbatims") if measure.verdict == "insufficient" else _whole(page, measure)
    last = points[-1]
    facts = {"name": name, "last": figures.figure(last.value, "share", page.lang), "month": last.month}
    gap = months.moved(points[-2], last) if len(points) > 1 else None
    if gap is None or not months.told_apart(gap):
        return page.say("ui.verbatims.title_alone", **facts)
    return page.say("ui.verbatims.title", before=figures.figure(points[-2].value, "share", page.lang), **facts)


def _whole(page: Page, measure: Measure) -> str:
    """The whole period, where its last month has too few texts for a title."""
    name = figures.name(measure.key, page.lang)
    return page.say("ui.verbatims.title_whole", name=name, value=figures.of(measure, page.lang))


def _compared(page: Page, measure: Measure) -> str:
    """The last month beside the one before, each with its texts, and what may be said of the gap."""
    points = _known(measure)
    if len(points) < 2:
        return ""
    last, before = points[-1], points[-2]
    gap = months.moved(before, last)
    facts = {"n": last.denominator, "month": last.month, "m": before.denominator}
    if gap is None:
        return page.say("ui.verbatims.few", **facts)
    value = figures.figure(before.value, "share", page.lang)
    said = "told" if months.told_apart(gap) else "open"
    return page.say(f"ui.verbatims.against.{said}", before=value, gap=gap.value, low=gap.low, high=gap.high, **facts)


def subtitle(page: Page, audit: Audit, measure: Measure) -> str:
    """How many verbatims, how many per 100 orders; how the last month stands to the one before."""
    parts = [page.say("ui.verbatims.count", n=measure.denominator)]
    density = audit.measures.get("tone.verbatims.per_100_orders")
    if density:
        parts.append(page.say("ui.verbatims.density", n=figures.of(density, page.lang)))
    return " · ".join(part for part in (*parts, _compared(page, measure)) if part)


def own_model(page: Page, audit: Audit) -> None:
    """Whose polarity it is, where a model of the client's own was asked; its name is client text."""
    for told in audit.warnings:
        if told.key == "warning.tone_model":
            st.text(page.say(told))


def by_month(page: Page, audit: Audit, measure: Measure) -> date | None:
    """The chart by month, where a click picks one; the same choice by keyboard beside it."""
    points = _known(measure)
    if len(points) < 2:
        st.markdown(muted(page.say("ui.signals.few_months")))
        return points[-1].month if points else None
    subtitle = page.say("ui.signals.monthly_subtitle", name=figures.name(measure.key, page.lang), n=measure.denominator)
    title = page.say("ui.verbatims.chart", name=figures.name(measure.key, page.lang))
    with st.container(border=True, key="tone-by-month"):
        drawing = charts.monthly(measure, audit.context.events, None, title, subtitle, page.lang)
        state = draw(drawing, f"tone-chart-{measure.key}", on_select="rerun", selection_mode="month")
    known = [point.month for point in points]
    _take_click(state, known)
    shown = [month.isoformat() for month in known]
    if st.session_state.get("month") not in shown:
        address.recall("month", shown)
    if st.session_state.get("month") not in shown:
        st.session_state["month"] = shown[-1]
    chosen = st.selectbox(
        page.say("ui.verbatims.month"),
        shown,
        format_func=lambda text: texts.month(date.fromisoformat(text), page.lang),
        key="month",
    )
    address.remember("month", chosen, shown[-1])
    return date.fromisoformat(chosen)


def _take_click(state: Any, known: Sequence[date]) -> None:
    """A click on the chart wins over the box below it, once."""
    picked = state.selection.get("month", []) if state else []
    clicked = str(picked[0].get("month", ""))[:10] if picked else ""
    if clicked and clicked != st.session_state.get("month_clicked") and clicked in {one.isoformat() for one in known}:
        st.session_state["month"] = clicked
    st.session_state["month_clicked"] = clicked


@dataclass(frozen=True, slots=True)
class Verbatims:
    """The period's verbatims with their tones and a digest of each text, and what is made of them only once."""

    tables: Any
    rows: pl.DataFrame
    sample: pl.DataFrame
    quotes: dict[str, Quote] = field(default_factory=dict)
    masked: dict[str, str] = field(default_factory=dict)

    def quoted(self, row: dict[str, Any]) -> Quote:
        """A text without what names people, and its telling words."""
        if row["digest"] not in self.quotes:
            self.quotes[row["digest"]] = quote(row)
        return self.quotes[row["digest"]]

    def once(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The most telling first; texts that are the same once nobody is named are one, written `times` times."""
        for key, text in rows.select("digest", "text").iter_rows():
            if key not in self.masked:
                self.masked[key] = digest(" ".join(redacted(text).split()))
        shown = pl.Series("shown", [self.masked[key] for key in rows["digest"]], pl.String)
        ranked = rows.with_columns(shown).sort("intensity", "digest", descending=[True, False])
        return ranked.group_by("shown", maintain_order=True).agg(pl.all().first(), pl.len().alias("times"))


def verbatims() -> Verbatims | None:
    """What customers wrote over the period; None without exports or texts."""
    held = session.workshop()
    if held.ingested is None:
        return None
    tables = work.tables(held)
    if not tables.has("verbatims"):
        return None
    if held.verbatims is None or held.verbatims.tables is not tables:
        written = within(collect(tables["verbatims"]), tables.period).to_native()
        digests = [digest(text) for text in written["text"]]
        rows = written.with_columns(pl.Series("digest", digests, pl.String))
        held.verbatims = Verbatims(tables, rows, sample(rows))
    return held.verbatims


def of_month(page: Page, read: Verbatims, name: str, month: date) -> None:
    """The most telling texts of a month, their words marked; each can be corrected."""
    number = month.year * 100 + month.month
    heard_so = read.rows.filter(pl.col("month") == number, pl.col(name))
    found = read.once(heard_so)
    said = texts.month(month, page.lang)
    st.subheader(
        page.say_n("ui.verbatims.texts", found.height, tone=tone_name(page, name).lower(), month=said), anchor=False
    )
    for row in found.head(_SHOWN).iter_rows(named=True):
        _text(page, row, read.quoted(row))
    if found.height > _SHOWN:
        st.markdown(muted(page.say("ui.verbatims.more", n=found.height - _SHOWN)))


def _text(page: Page, row: dict[str, Any], shown: Quote) -> None:
    with st.container(border=True, gap="xsmall", key=f"text-{row['digest']}"):
        st.html(marked(shown.text, shown.spans))
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            labels = labels_of(row)
            mine = session.workshop().corrections.get(row["digest"])
            said = ", ".join(tone_name(page, one).lower() for one in (labels if mine is None else mine))
            times = page.say("ui.verbatims.times", n=row["times"]) if row["times"] > 1 else ""
            st.text(" · ".join(part for part in (said, _source(page, row), times, _corrected(page, mine)) if part))
            with st.popover(page.say("ui.verbatims.correct"), key=f"correct-{row['digest']}"):
                _correction(page, row["digest"], labels if mine is None else mine)


def _source(page: Page, row: Mapping[str, Any]) -> str:
    """Where a text comes from: a table in words, or a review site by its own name."""
    table = f"word.table.{row['source']}"
    return page.say(table) if texts.known(table) else row["source"] or ""


def _corrected(page: Page, mine: Sequence[str] | None) -> str:
    return "" if mine is None else page.say("ui.verbatims.corrected")


def _correction(page: Page, key: str, labels: Sequence[str]) -> None:
    st.pills(
        page.say("ui.verbatims.labels"),
        tone.LABELS,
        selection_mode="multi",
        default=list(labels),
        format_func=lambda name: f":blue[{tone_name(page, name)}]",
        key=f"labels-{key}",
    )
    st.button(page.say("ui.verbatims.keep"), key=f"keep-{key}", on_click=_keep, args=(f"labels-{key}", key))


def _keep(widget: str, key: str) -> None:
    session.workshop().corrections[key] = tuple(st.session_state[widget])


def labels_of(row: dict[str, Any]) -> tuple[str, ...]:
    """The labels that the engine gave a text."""
    return tuple(name for name in tone.LABELS if row[name])


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """HTML of a text with its spans marked; the text itself can hold no HTML."""
    parts, place = [], 0
    for start, end in sorted(spans):
        start = max(start, place)
        if end > start:
            parts.append(html.escape(text[place:start]))
            parts.append(f'<mark style="{_MARK}">{html.escape(text[start:end])}</mark>')
            place = end
    parts.append(html.escape(text[place:]))
    return f"<p>{''.join(parts).replace(chr(10), '<br>')}</p>"


def since_last_month(page: Page, audit: Audit, month: date) -> None:
    """What changed in the tones since the month before, with its interval: what can be told apart first."""
    pairs = {name: _pair(audit.measures.get(f"tone.{name}.share"), month) for name in tone.LABELS}
    known = {name: pair for name, pair in pairs.items() if pair}
    st.subheader(page.say("ui.verbatims.moves"), anchor=False)
    if not known:
        st.markdown(muted(page.say("ui.verbatims.no_moves")))
        return
    gaps = {name: gap for name, pair in known.items() if (gap := months.moved(*pair))}
    before, now = next(iter(known.values()))
    facts = {"n": now.denominator, "month": now.month, "m": before.denominator}
    st.markdown(muted(page.say("ui.verbatims.of" if gaps else "ui.verbatims.few", **facts)))
    ranked = sorted(gaps.items(), key=lambda one: (not months.told_apart(one[1]), -abs(one[1].value)))
    for name, gap in [one for one in ranked if one[1].value][:_MOVES]:
        value = figures.figure(known[name][1].value, "share", page.lang)
        said = "move" if months.told_apart(gap) else "move_open"
        facts = {"name": tone_name(page, name), "value": value, "gap": gap.value, "low": gap.low, "high": gap.high}
        st.markdown(page.say(f"ui.verbatims.{said}", **facts))


def _pair(measure: Measure | None, month: date) -> tuple[Point, Point] | None:
    """The month before and the month, where both are known."""
    points = _known(measure)
    here = next((place for place, point in enumerate(points) if point.month == month), 0)
    return (points[here - 1], points[here]) if here else None


def trust(page: Page, audit: Audit, verbatims: Verbatims) -> None:
    """How far to trust the labels: found where they stand, left out where they do not, on texts that people read."""
    st.subheader(page.say("ui.verbatims.trust"), anchor=False)
    held = session.workshop()
    read = verbatims.rows.filter(pl.col("digest").is_in(list(held.corrections))).unique("digest")
    st.markdown(page.say_n("ui.verbatims.read", read.height, total=_TO_LABEL))
    if read.height < _TO_LABEL:
        st.markdown(muted(texts.say("refusal.R6", page.lang)))
    heard = {name: audit.measures.get(f"tone.{name}.share") for name in tone.LABELS}
    if read.height >= _TO_LABEL and any(measure and "R6" in measure.refusals for measure in heard.values()):
        st.button(page.say("ui.verbatims.apply"), key="apply-reading", type="primary", on_click=_apply, args=(page,))
    for name, measure in heard.items():
        found = measure.facts if measure else {}
        if found.get("se") is None or found.get("sp") is None:
            continue
        line = page.say("ui.verbatims.se_sp", name=tone_name(page, name), se=found["se"], sp=found["sp"])
        share = found["corrected"]
        st.markdown(muted(line if share is None else f"{line} {page.say('ui.verbatims.corrected_share', share=share)}"))


def _apply(page: Page) -> None:
    work.diagnose(page)


def label(page: Page, read: Verbatims) -> None:
    """One text after another, stratified over sources and tones; the room's reading is kept."""
    held = session.workshop()
    waiting = [row for row in read.sample.iter_rows(named=True) if row["digest"] not in held.corrections]
    with st.expander(page.say("ui.verbatims.label"), key="label"):
        st.markdown(muted(page.say("ui.verbatims.label_what")))
        if not waiting:
            st.markdown(f":green[■ {page.say('ui.verbatims.label_done')}]")
            return
        row = waiting[0]
        st.html(marked(read.quoted(row).text, ()))
        st.pills(
            page.say("ui.verbatims.labels"),
            tone.LABELS,
            selection_mode="multi",
            format_func=lambda name: f":blue[{tone_name(page, name)}]",
            key=f"reread-{row['digest']}",
        )
        st.button(page.say("ui.verbatims.next"), key="label-next", type="primary", shortcut="Mod+Enter", on_click=_keep,
                  args=(f"reread-{row['digest']}", row["digest"]))  # fmt: skip


def sample(rows: pl.DataFrame) -> pl.DataFrame:
    """A hundred texts in proportion to source and sentiment, the same each time."""
    strata = ["source", "negative", "positive"]
    place = (pl.col("digest").rank("ordinal").over(strata) - 0.5) / pl.len().over(strata)
    distinct = rows.filter(pl.col("language") != "other").unique("digest", keep="first", maintain_order=True)
    return distinct.with_columns(place.alias("place")).sort("place", "digest").head(_TO_LABEL)


def _known(measure: Measure | None) -> list[Point]:
    return [point for point in measure.series if point.value is not None] if measure else []
