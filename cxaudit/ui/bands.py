"""Events on a time axis: bands behind the marks, names in lanes, dashed frames for what awaits an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import altair as alt

from cxaudit import texts
from cxaudit.schema.results import Event, Span, Suggestion
from cxaudit.ui.plot import SCALE, iso, layer, over

_LANES = 3
# Where the calendar's own dates lie, in pixels above the foot of the plot: under the marks, over the periods.
_STRIP = (38, 31)
_PIXELS_A_LETTER = 8.2
# Names are placed anew for each of these widths and beyond; under the first they stay in the tooltip.
_WIDTHS = (600, 800, 1130)
_WIDEST = 100_000
_SHOWN = "width < datum.least || !(width < datum.below) ? '' : datum.name"


def bands(events: Sequence[Event], start: date, end: date, lang: str, beside: int = 0) -> list[alt.Chart]:
    """Events at full height behind the marks: violet for incidents, grey for the others; names in lanes on top.

    `beside` is the room, in pixels, that the chart keeps free past its last day.
    """
    seen = [event for event in events if event.ends_on >= start and event.starts_on <= end]
    if not seen:
        return []
    rows = [
        {
            "x": iso(max(event.starts_on, start)),
            "x2": iso(min(event.ends_on + timedelta(days=1), end)),
            "role": "incident_band" if event.kind == "incident" else "band",
            "say": f"{event.name}, {texts.period((event.starts_on, event.ends_on), lang)}",
        }
        for event in seen
    ]
    bands = (
        over(rows)
        .mark_rect(opacity=1)
        .encode(
            x=alt.X("x:T"),
            x2=alt.X2("x2:T"),
            color=alt.Color("role:N", scale=SCALE, legend=None),
            tooltip=[alt.Tooltip("say:N", title=" ")],
        )
    )
    placed: dict[tuple[Any, int], list[dict[str, Any]]] = {}
    for least, below in pairwise((*_WIDTHS, _WIDEST)):
        for row in _lanes(seen, start, end, least - beside):
            placed.setdefault((row["align"], row["lane"]), []).append({**row, "least": least, "below": below})
    labels = [
        over(names)
        .transform_calculate(shown=_SHOWN)
        .mark_text(align=align, dx=2, y=9 + 18 * lane, fontSize=14)
        .encode(x=alt.X("x:T"), text=alt.Text("shown:N"), color=alt.Color("role:N", scale=SCALE, legend=None))
        for (align, lane), names in placed.items()
    ]
    return [bands, *labels]


def _lanes(events: Sequence[Event], start: date, end: date, pixels: int) -> list[dict[str, Any]]:
    """Names in the first lane where they run into no other, incidents first; one without room stays in the tooltip."""
    pixels_a_day = pixels / max((end - start).days, 1)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(_LANES)]
    placed = []
    for event in sorted(events, key=lambda item: (item.kind != "incident", item.starts_on)):
        first, last = max(event.starts_on, start), min(event.ends_on, end)
        width = len(event.name) * _PIXELS_A_LETTER + 8
        # A name that would run out of the plot ends with its band: text outside squeezes the whole chart.
        inside = (first - start).days * pixels_a_day + width < pixels
        at = (first - start).days * pixels_a_day if inside else (last - start).days * pixels_a_day - width
        lane = next((lane for lane, spans in enumerate(taken) if _free(spans, at, at + width)), None)
        if lane is not None:
            taken[lane].append((at, at + width))
            role = "event_label" if event.kind == "incident" else "muted"
            x, align = (first, "left") if inside else (last, "right")
            placed.append({"x": iso(x), "align": align, "name": event.name, "lane": lane, "role": role})
    return placed


def _free(spans: Sequence[tuple[float, float]], start: float, end: float) -> bool:
    return all(end <= first or start >= last for first, last in spans)


def frames(suggested: Sequence[Suggestion], start: date, end: date, lang: str) -> list[alt.Chart]:
    """What awaits an answer: a dashed frame without fill."""
    rows = [
        {
            "x": iso(max(one.starts_on, start)),
            "x2": iso(min(one.ends_on + timedelta(days=1), end)),
            "name": f"▲ {texts.label(f'word.event.{one.kind}', lang)}{texts.NARROW}?",
        }
        for one in suggested
        if one.ends_on >= start and one.starts_on <= end
    ]
    if not rows:
        return []
    frame = (
        over(rows)
        .mark_rect(filled=False, strokeDash=[4, 3], strokeWidth=1.2)
        .transform_calculate(role="'muted'")
        .encode(x=alt.X("x:T"), x2=alt.X2("x2:T"), stroke=alt.Color("role:N", scale=SCALE, legend=None))
    )
    name = (
        layer(rows, "ink")
        .mark_text(align="left", dx=5, y=9 + 18 * _LANES, fontSize=14, fontWeight=700)
        .encode(x=alt.X("x2:T"), text=alt.Text("name:N"))
    )
    return [frame, name] if len(rows) < 4 else [frame]


def calendar(dates: Sequence[Suggestion], start: date, end: date, lang: str) -> list[alt.Chart]:
    """School holidays and soldes, lightly: a thin strip under the marks, named where the pointer rests."""
    rows = [
        {
            "x": iso(max(one.starts_on, start)),
            "x2": iso(min(one.ends_on + timedelta(days=1), end)),
            "say": f"{one.name}, {texts.period((one.starts_on, one.ends_on), lang)}",
        }
        for one in dates
        if one.ends_on >= start and one.starts_on < end
    ]
    if not rows:
        return []
    low, high = (alt.expr(f"height-{pixels}") for pixels in _STRIP)
    strip = layer(rows, "grey").mark_rect(opacity=0.35, y=low, y2=high)
    return [strip.encode(x=alt.X("x:T"), x2=alt.X2("x2:T"), tooltip=[alt.Tooltip("say:N", title=" ")])]


def periods(periods: Sequence[tuple[str, Span]], x: alt.X) -> list[alt.Chart]:
    rows = [{"x": iso(span.first), "x2": iso(span.last), "name": name} for name, span in periods]
    if not rows:
        return []
    return [
        layer(rows, "ink").mark_rule(strokeWidth=6, y=alt.expr("height-4")).encode(x=x, x2=alt.X2("x2:T")),
        layer(rows, "ink")
        .mark_text(align="right", y=alt.expr("height-17"), fontSize=15, fontWeight=600)
        .encode(x=alt.X("x2:T"), text=alt.Text("name:N")),
    ]
