"""The timeline: orders, tickets and the chosen figure one above the other on one time axis, events behind all three.

One view with three value axes, each in its own share of the height: bands, brush and clicks then hold for all of them.
The chart is written as the plain Vega-Lite that Altair would make of it: Altair copies every row at every step, and a
change of an event must be seen at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any

import altair as alt

from cxaudit import texts
from cxaudit.context.course import Stretch
from cxaudit.schema.results import Event, Span, Suggestion
from cxaudit.ui import figures
from cxaudit.ui.bands import bands, calendar, frames, periods
from cxaudit.ui.charts import Drawing
from cxaudit.ui.plot import TIGHT, heading, iso, time_axis, value_axis
from cxaudit.ui.theme import ROLES

Spec = dict[str, Any]
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
    x_axis = time_axis(lang, start, end)
    x = _channel(x_axis)
    edges = zip(shown.panels, _edges(len(shown.panels)), strict=True)
    *counts, figure = [_panel(panel, x, edge, lang, last=panel is shown.panels[-1]) for panel, edge in edges]
    layers = [
        *map(_plain, bands(shown.events, start, end, lang)),
        *map(_plain, calendar(shown.calendar, start, end, lang)),
        *map(_plain, frames(shown.suggested, start, end, lang)),
        *({"layer": marks} for marks in (*counts, figure)),
        *map(_plain, periods(shown.compared, x_axis)),
    ]
    spec = {"layer": layers, "resolve": {"scale": {"y": "independent"}}, "width": "container", "height": HEIGHT}
    return Drawing({**spec, **_dress(title, subtitle)}, f"{title}. {subtitle} {_words(shown, lang)}")


def _plain(chart: alt.Chart) -> Spec:
    """One of Altair's layers with its rows in it."""
    made = chart.to_dict(validate=False)
    data = made["datasets"][made["data"]["name"]] if "datasets" in made else made["data"]["values"]
    return {
        **{name: made[name] for name in ("mark", "encoding", "transform") if name in made},
        "data": {"values": data},
    }


def _channel(channel: alt.X | alt.Y) -> Spec:
    made: Any = channel.to_dict(validate=False, context={"data": None})
    return dict(made)


def _dress(title: str, subtitle: str) -> Spec:
    """Title, subtitle and type sizes as every chart has them."""
    sizes = {"axis": {"labelFontSize": 15, "labelPadding": 6}, "text": {"fontSize": 15}, "view": {"stroke": None}}
    return {"title": heading(title, subtitle), "config": sizes}


def _edges(panels: int) -> list[tuple[float, float]]:
    """Top and bottom of each panel as shares of the room between roof and floor."""
    return list(pairwise(accumulate(_SHARES[panels], initial=0.0)))


def _at(share: float, lower: int) -> Spec:
    return {"expr": f"{_ROOF + lower}+{share:.4f}*(height-{_ROOF + _FLOOR})"}


def _marks(rows: list[Spec], role: str, mark: Spec, encoding: Spec, **more: Any) -> Spec:
    colour = {"field": "role", "type": "nominal", "legend": None, "scale": {"domain": list(ROLES)}}
    transform = [{"calculate": f"'{role}'", "as": "role"}]
    made = {"data": {"values": rows}, "transform": transform, "mark": mark, "encoding": {**encoding, "color": colour}}
    return {**made, **more}


def _panel(panel: Panel, x: Spec, edge: tuple[float, float], lang: str, *, last: bool) -> list[Spec]:
    rows = [_row(stretch, panel.unit, lang) for stretch in panel.stretches]
    y = _value(panel, rows, edge, lang, last=last)
    at = {"x": x, "y": y, "tooltip": [{"field": "say", "title": " ", "type": "nominal"}]}
    room = {"limit": {"expr": "width"}, "fontSize": {"expr": f"{TIGHT} ? 13 : 15"}}
    label = {"type": "text", "align": "left", "fontWeight": 600, "x": 3, "y": _at(edge[0], 9), **room}
    name = _marks([{"name": panel.name}], "ink", label, {"text": {"field": "name", "type": "nominal"}})
    line = _marks(rows, "signal", {"type": "line", "strokeWidth": 2.5 if last else 1.8}, at)
    if not last:
        return [name, line, _marks(rows, "signal", {"type": "point", "size": 60, "filled": True, "opacity": 0.01}, at)]
    spread = [row for row in rows if row["low"] < row["high"]]
    reach = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    area = [_marks(spread, "signal", {"type": "area", "opacity": 0.22}, reach)] if spread else []
    return [*area, name, line, _pickable(rows, at)]


def _value(panel: Panel, rows: list[Spec], edge: tuple[float, float], lang: str, *, last: bool) -> Spec:
    reach = [row[end] for row in rows for end in ("low", "high")]
    y = _channel(value_axis("value", panel.unit, lang, reach if last else [0.0, *reach]))
    y["scale"]["range"] = [_at(edge[1], -4), _at(edge[0], _NAME)]
    y["axis"] |= {"orient": "left", "tickCount": 3 if last else 2}
    return y


def _pickable(rows: list[Spec], at: Mapping[str, Any]) -> Spec:
    """Points that a click picks by their days alone, and a brush over days; the wheel stays with the page."""
    look = {"fill": "gray", "fillOpacity": 0.25, "stroke": "gray"}
    click = {"type": "point", "encodings": ["x"], "on": "click", "nearest": True}
    brush = {"type": "interval", "encodings": ["x"], "zoom": False, "mark": look}
    lit = {"condition": {"param": CLICK, "empty": False, "value": 1.0}, "value": 0.01}
    params = [{"name": CLICK, "select": click}, {"name": BRUSH, "select": brush}]
    return _marks(rows, "signal", {"type": "point", "size": 120, "filled": True}, {**at, "opacity": lit}, params=params)


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
