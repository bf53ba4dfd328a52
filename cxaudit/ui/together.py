"""Families of figures side by side: the crosses, and what the field knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from cxaudit import texts
from cxaudit.schema.results import Audit, Criterion, Irritant, Measure, Remark, Segment
from cxaudit.ui import charts, figures
from cxaudit.ui.components import coloured, draw, number_stack, why_missing
from cxaudit.ui.shell import Page, literal, muted

Group = tuple[str, ...]
_LABEL_PIXELS = 260

CROSSES: Mapping[str, Group] = {
    "refund": ("cross.refund.repurchase.full.90d", "cross.refund.repurchase.partial.90d",
               "cross.refund.repurchase.none.90d", "cross.refund.gap.90d"),
    "reply_speed": ("cross.reply_speed.fast", "cross.reply_speed.medium", "cross.reply_speed.slow",
                    "cross.reply_speed.gap"),
    "nps": ("cross.nps.purchase", "cross.nps.support", "cross.nps.return", "cross.nps.standardised", "surface.nps"),
    "clicks": ("cross.clicks.dispute", "cross.clicks.smooth", "cross.clicks.gap"),
    "tone_recontact": ("cross.tone.recontact.negative", "cross.tone.recontact.other", "cross.tone.recontact.gap"),
    "tone_repurchase": ("cross.tone.repurchase.negative", "cross.tone.repurchase.other",
                        "cross.tone.repurchase.gap"),
    "effort": ("effort.easy.share", "effort.mean"),
    "unsubscribe": ("unsubscribe.30d", "unsubscribe.mean_days", "unsubscribe.median_days.km"),
}  # fmt: skip
FIELD: Mapping[str, Group] = {
    "promises": ("field.late.share", "field.late.contact", "field.on_time.contact", "field.promises.kept"),
    "canned": ("field.canned.share", "field.canned.recontact", "field.tailored.recontact", "field.canned.gap"),
    "quick_close": ("field.quick_close.recontact", "field.slow_close.recontact", "field.quick_close.gap"),
    "hands": ("field.multi_agent.share", "field.multi_agent.recontact", "field.same_agent.recontact",
              "field.incoherent.share"),
    "hops": ("field.hops.mean", "field.hops.recontact", "field.no_hop.recontact"),
    "hard": ("field.hard_wait.hours", "field.easy_wait.hours", "field.hard_transfer.share",
             "field.easy_transfer.share"),
    "listening": ("field.listening.mean", "field.listening.predicts", "field.listening.predicts.no_recontact"),
}  # fmt: skip

# Shares of a thing of their own: on the axis of the rates beside them they would be read against these.
_APART = ("field.late.share", "field.promises.kept", "field.canned.share", "field.multi_agent.share",
          "field.incoherent.share")  # fmt: skip


def computed(audit: Audit, groups: Mapping[str, Group]) -> list[str]:
    """The groups of which at least one figure has a value."""
    return [name for name, keys in groups.items() if any(_value(audit, key) is not None for key in keys)]


def board(page: Page, audit: Audit, groups: Mapping[str, Group]) -> None:
    """One card a group: the figures that share a unit as bars, the others as numbers, the gap with its verdict."""
    for name, keys in groups.items():
        with st.container(border=True, key=f"group-{name}"):
            st.subheader(page.say(f"ui.group.{name}"), anchor=False)
            known = [audit.measures[key] for key in keys if _value(audit, key) is not None]
            if known:
                _group(page, audit, name, known)
            else:
                _absent(page, audit, keys)


def _group(page: Page, audit: Audit, name: str, known: Sequence[Measure]) -> None:
    gap = next((measure for measure in known if measure.kind == "difference"), None)
    levels = [measure for measure in known if measure is not gap]
    alike = _alike([measure for measure in levels if measure.key not in _APART])
    others = [measure for measure in levels if measure not in alike]
    reservations = dict.fromkeys(refusal for measure in known for refusal in measure.refusals)
    alone = not (gap or others or reservations)
    left, right = (st.container(), st.container()) if alone else st.columns([7, 4], gap="medium")
    with left:
        _bars(page, name, alike)
    with right:
        if gap:
            _gap(page, gap)
        for measure in others:
            called, value = figures.name(measure.key, page.lang), figures.loud(measure, page.lang)
            st.markdown(page.say("ui.named", name=literal(called), value=f"**{literal(value)}**"))
            st.markdown(muted(figures.interval(measure, page.lang)))
        for refusal in reservations:
            st.markdown(muted(f"▲ {page.say(f'refusal.{refusal}')}"))
    missing = [key for key in (CROSSES.get(name) or FIELD.get(name) or ()) if key in audit.not_computable]
    if missing:
        st.markdown(muted(page.say("ui.group.missing", names=[figures.name(key, page.lang) for key in missing])))


def _alike(levels: Sequence[Measure]) -> list[Measure]:
    """The figures that can share an axis: those of the unit that most of them have."""
    units = Counter(measure.unit for measure in levels if measure.unit != "count")
    if not units:
        return []
    unit = units.most_common(1)[0][0]
    return [measure for measure in levels if measure.unit == unit]


def _bars(page: Page, name: str, alike: Sequence[Measure]) -> None:
    rows = [
        Segment(figures.name(one.key, page.lang), one.numerator, one.denominator, one.value, one.low, one.high)
        for one in alike
    ]
    if rows:
        whole = Measure(f"group.{name}", alike[0].unit, None, 0, None)
        drawing = charts.segments(rows, whole, "", page.say("ui.group.subtitle"), page.lang, full=True)
        draw(replace(drawing, alt=f"{page.say(f'ui.group.{name}')} {drawing.alt}"), f"chart-{name}")


def _gap(page: Page, gap: Measure) -> None:
    """A standardised difference: signed, with its interval, and what its verdict allows."""
    number_stack(figures.name(gap.key, page.lang), figures.loud(gap, page.lang), figures.interval(gap, page.lang))
    state = "open"
    if gap.verdict == "demonstrated":
        good = (gap.value or 0.0) > 0
        state = "good" if good == figures.good_when_higher(gap.key) else "confirmed"
    shape = {"open": "◇", "good": "■", "confirmed": "●"}[state]
    verdict = texts.label(f"verdict.{gap.verdict}", page.lang)
    st.markdown(f"**{coloured(f'{shape} {verdict}', state)}**")
    if gap.verdict == "not demonstrated" and gap.detectable:
        least = figures.difference(gap.detectable, gap.unit, page.lang).lstrip("+")
        st.markdown(muted(page.say("ui.group.detectable", least=least)))


def _absent(page: Page, audit: Audit, keys: Sequence[str]) -> None:
    refused = next((audit.not_computable[key] for key in keys if key in audit.not_computable), None)
    st.markdown(coloured(texts.label("state.not computable", page.lang), "not computable"))
    st.markdown(muted(why_missing(page, refused)))


def _value(audit: Audit, key: str) -> float | None:
    measure = audit.measures.get(key)
    return None if measure is None else measure.value


def irritants(page: Page, rows: Sequence[Irritant]) -> None:
    """Recurring irritants, worst first by tickets × recontact, as the line above them says."""
    st.markdown(muted(page.say("ui.field.order")))
    column = {
        name: page.say(f"ui.field.column.{name}")
        for name in ("label", "tickets", "share", "growth", "recontact", "terms")
    }
    frame = pd.DataFrame(
        [
            {
                column["label"]: row.label,
                column["tickets"]: row.tickets,
                column["share"]: figures.figure(row.share, "share", page.lang),
                column["growth"]: figures.difference(row.growth, "share", page.lang),
                column["recontact"]: figures.figure(row.recontact, "share", page.lang),
                column["terms"]: " · ".join(row.terms),
            }
            for row in rows
        ]
    )
    # On a telephone the number of tickets stands beside it.
    label = st.column_config.TextColumn(column["label"], width=_LABEL_PIXELS)
    st.dataframe(
        frame,
        hide_index=True,
        key="irritants",
        alt=page.say("ui.field.irritants"),
        column_config={column["label"]: label},
    )


def remarks(page: Page, rows: Sequence[Remark]) -> None:
    """What the front line reported, by topic."""
    column = {name: page.say(f"ui.field.column.{name}") for name in ("topic", "first_seen", "remarks", "tickets")}
    frame = pd.DataFrame(
        [
            {
                column["topic"]: row.topic,
                column["first_seen"]: texts.day(row.first_seen, page.lang),
                column["remarks"]: row.remarks,
                column["tickets"]: row.tickets,
            }
            for row in rows
        ]
    )
    st.dataframe(frame, hide_index=True, key="remarks", alt=page.say("ui.field.remarks"))


def criteria(page: Page, rows: Sequence[Criterion]) -> None:
    """Listening scores by criterion, with their intervals."""
    segments = [Segment(row.criterion, None, row.checks, row.value, row.low, row.high) for row in rows]
    whole = Measure("field.listening.mean", "share", None, 0, None)
    title = page.say("ui.field.criteria")
    draw(charts.segments(segments, whole, title, page.say("ui.group.subtitle"), page.lang, full=True), "criteria")
