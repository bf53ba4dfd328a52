"""The timeline: orders, tickets and the chosen figure one above the other on one time axis, events behind all three.

One view with three value axes, each in its own share of the height: bands, brush and clicks then hold for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import altair as alt

from cxaudit import texts
from cxaudit.context.course import Stretch
from cxaudit.schema.results import Event, Span, Suggestion
from cxaudit.ui import figures
from cxaudit.ui.bands import bands, calendar, frames, periods
from cxaudit.ui.charts import Drawing
from cxaudit.ui.plot import finish, iso, layer, time_axis, value_axis

BRUSH, CLICK = "days", "step"
HEIGHT = 620
# Pixels above the panels for the names of events, and under them for the two periods.
_ROOF, _FLOOR = 78, 42
# Pixels over each panel for its name.
_NAME = 20
# What a panel takes of the height, from the top, by how many there are.
_SHARES = {1: (1.0,), 2: (0.4, 0.6), 3: (0.27, 0.27, 0.46)}


@dataclass(frozen=True, slots=True)
class Panel:
    """One line of the timeline: its name, its unit, its stretches of days."""

    name: str
    unit: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """All that the timeline shows."""

    panels: tuple[Panel, ...]
    events: tuple[Event, ...]
    suggested: tuple[Suggestion, ...]
    calendar: tuple[Suggestion, ...]
    compared: tuple[tuple[str, Span], ...]


def timeline(shown: Course, title: str, subtitle: str, lang: str) -> Drawing:
    """The panels under their events; a drag over the days is the parameter `days`, a click on a stretch is `step`."""
    start = min(panel.stretches[0].span.first for panel in shown.panels)
    end = max(panel.stretches[-1].span.last for panel in shown.panels) + timedelta(days=1)
    x = time_axis(lang, start, end)
    edges = _edges(len(shown.panels))
    drawn = [
        _panel(panel, x, top, bottom, lang, last=place == len(shown.panels) - 1)
        for place, (panel, (top, bottom)) in enumerate(zip(shown.panels, edges, strict=True))
    ]
    layers = [
        *bands(shown.events, start, end, lang),
        *calendar(shown.calendar, start, end, lang),
        *frames(shown.suggested, start, end, lang),
        *drawn,
        *periods(shown.compared, x),
    ]
    chart = alt.layer(*layers).resolve_scale(y="independent")
    return Drawing(finish(chart, title, subtitle, HEIGHT), f"{title}. {subtitle} {_words(shown, lang)}")


def _edges(panels: int) -> list[tuple[float, float]]:
    """Top and bottom of each panel as shares of the room between roof and floor."""
    reached = [0.0]
    for share in _SHARES[panels]:
        reached.append(reached[-1] + share)
    return list(pairwise(reached))


def _at(share: float, lower: int = 0) -> Any:
    return alt.expr(f"{_ROOF + lower}+{share:.4f}*(height-{_ROOF + _FLOOR})")


def _panel(
    panel: Panel, x: alt.X, top: float, bottom: float, lang: str, *, last: bool
) -> alt.LayerChart | alt.FacetChart:
    rows = [_row(stretch, panel.unit, lang) for stretch in panel.stretches]
    reach = [row[end] for row in rows for end in ("low", "high")]
    y = value_axis("value", panel.unit, lang, reach if last else [0.0, *reach])
    y["scale"]["range"] = [_at(bottom, -4), _at(top, _NAME)]
    y["axis"]["orient"] = "left"
    y["axis"]["tickCount"] = 3 if last else 2
    line = layer(rows, "signal").encode(x=x, y=y, tooltip=[alt.Tooltip("say:N", title=" ")])
    name = layer([{"name": panel.name}], "ink").mark_text(align="left", fontSize=15, fontWeight=600, x=3, y=_at(top, 9))
    parts = [name.encode(text="name:N"), line.mark_line(strokeWidth=2.5 if last else 1.8)]
    if not last:
        return alt.layer(*parts, line.mark_point(size=60, filled=True, opacity=0.01))
    spread = [row for row in rows if row["low"] < row["high"]]
    if spread:
        area = layer(spread, "signal").transform_calculate(value="datum.low", role="'signal'")
        parts.insert(0, area.mark_area(opacity=0.22).encode(x=x, y=y, y2="high:Q"))
    return alt.layer(*parts, _pickable(line))


def _pickable(line: alt.Chart) -> alt.Chart:
    """Points that a click picks by their days alone, and a brush over days; the wheel stays with the page."""
    click = alt.selection_point(name=CLICK, encodings=["x"], on="click", nearest=True, empty=False)
    look = alt.BrushConfig(fill="gray", fillOpacity=0.25, stroke="gray")
    brush = alt.selection_interval(name=BRUSH, encodings=["x"], zoom=False, mark=look)
    lit = alt.condition(click, alt.value(1.0), alt.value(0.01))
    return line.mark_point(size=120, filled=True).encode(opacity=lit).add_params(click, brush)


def _row(stretch: Stretch, unit: str, lang: str) -> dict[str, Any]:
    value = figures.figure(stretch.value, unit, lang)
    between = figures.between(stretch.low, stretch.high, unit, lang)
    when = texts.period((stretch.span.first, stretch.span.last), lang)
    return {
        "x": iso(middle(stretch.span)),
        "value": stretch.value,
        "low": stretch.value if stretch.low is None else stretch.low,
        "high": stretch.value if stretch.high is None else stretch.high,
        "say": texts.say("ui.context.point", lang, when=when, value=value) + (f" ({between})" if between else ""),
    }


def middle(span: Span) -> date:
    """The day in the middle, where a stretch of days has its point."""
    return span.first + (span.last - span.first) // 2


def _words(shown: Course, lang: str) -> str:
    named = [f"{event.name}, {texts.period((event.starts_on, event.ends_on), lang)}" for event in shown.events]
    latest = [(panel.name, _row(panel.stretches[-1], panel.unit, lang)["say"]) for panel in shown.panels]
    return "; ".join([*named, *(f"{name}, {said}" for name, said in latest)])
