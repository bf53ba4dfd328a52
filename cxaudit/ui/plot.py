"""The grammar of the charts: axes, layers by role, the frame with its title. No hex: the theme gives the colours."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
from altair.utils.schemapi import disable_debug_mode

from cxaudit import texts
from cxaudit.ui.theme import ROLES

Rows = list[dict[str, Any]]
SCALE = alt.Scale(domain=list(ROLES))
# On a telephone: a bar and its figure, without its n; events without their names, which stay in the tooltip.
NARROW, TIGHT = "width < 260", "width < 600"
# What the chart has for itself: its plot is narrower, by what its labels take.
_ROOM = "(isFinite(containerSize()[0]) ? containerSize()[0] : width)"
# How many letters of a title and of a subtitle a line holds where a chart is narrower than so many pixels.
_TIGHT_ROOM = f"{_ROOM} < 600"
_LINES = ((300, 38, 50), (340, 43, 56), (420, 48, 64), (600, 58, 78), (800, 64, 100), (1000, 86, 136), (1200, 108, 170))
_LETTERS_A_NAME = 20
# What grows with the text of a chart that is projected.
_LARGER = 1.25
_SIZES = frozenset({"fontSize", "labelFontSize", "subtitleFontSize", "lineHeight", "labelLineHeight", "labelLimit",
                    "subtitleLineHeight"})  # fmt: skip
_DATA = ("data", "datasets")
_ASKED_WIDTH = re.compile(r"\b(width\)?) <")
alt.theme.enable("none")  # Streamlit's own theme dresses the charts
disable_debug_mode()  # it would hold every part of every chart against the schema, which the tests do once


def time_axis(lang: str, start: date, end: date, beside: Any = alt.Undefined) -> alt.X:
    """Months named in the reader's language; `beside` is the range, where labels stand past the last day."""
    months_by_name = texts.say("ui.months", lang).split()
    label = f"[{months_by_name}[month(datum.value)], month(datum.value) == 0 ? year(datum.value) : '']"
    months = (end - start).days / 30
    return alt.X(
        "x:T",
        scale=alt.Scale(domain=[iso(start), iso(end)], range=beside, nice=False),
        axis=alt.Axis(
            title=None,
            grid=False,
            ticks=False,
            domain=False,
            labelExpr=label,
            labelOverlap=True,
            tickCount={"interval": "month", "step": 3 if months > 9 else 1},
            labelColor=role_colour("muted"),
        ),
    )


def value_axis(field: str, unit: str, lang: str, values: Sequence[float]) -> alt.Y:
    label = {"share": "format(datum.value*100, '.3~f')", "hours": "format(datum.value, '.3~f')"}.get(
        unit, "format(datum.value, ',.4~f')"
    )
    if lang == "fr":
        label = f"replace(replace({label}, ',', '\u202f'), '.', ',')"
    suffix = {"share": "%", "hours": "h", "days": "j"}.get(unit, "")
    if suffix:
        label += f" + '{texts.NARROW if lang == 'fr' else ''}{suffix}'"
    low, high = min(values), max(values)
    room = (high - low or abs(high) or 1.0) * 0.12
    floor = 0.0 if low >= 0 and low - room < 0 else low - room
    axis = alt.Axis(
        title=None, tickCount=3, ticks=False, domain=False, labelExpr=label, labelColor=role_colour("muted")
    )
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[floor, high + room], zero=False, nice=False), axis=axis)


def ends_axis(said: Mapping[float, str]) -> alt.Axis:
    """The ends of an axis of values, and zero, in words: what bars with their figures beside them need, no more."""
    told = "".join(f"abs(datum.value - ({end!r})) < 1e-9 ? {json.dumps(words)} : " for end, words in said.items())
    return alt.Axis(
        title=None,
        values=list(said),
        grid=False,
        domain=True,
        labelExpr=f"{told}''",
        labelFlush=True,
        labelColor=role_colour("muted"),
    )


def names_axis(names: Sequence[str]) -> alt.Axis:
    """Names beside their bars: where the chart is narrow, on lines of their own so that the bars keep some room."""
    told = json.dumps({name: _name_lines(name) for name in names}, ensure_ascii=False)
    return alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        labelExpr=f"{_TIGHT_ROOM} ? ({told})[datum.label] : datum.label",
        labelLimit=alt.expr(f"{_TIGHT_ROOM} ? 150 : 330"),
        labelOverlap=False,  # a bar without its name says nothing
        labelFontSize=alt.expr(f"{_TIGHT_ROOM} ? 12 : 15"),
        labelLineHeight=13,
        labelColor=role_colour("ink"),
    )


def bar_pixels(names: Sequence[str]) -> int:
    """The height of a bar: its name has room beside it on all its lines, projected too."""
    return max(42, *(17 * len(_name_lines(name)) for name in names))


def _name_lines(name: str) -> list[str]:
    return textwrap.wrap(name, _LETTERS_A_NAME, break_long_words=False)


def over(rows: Rows) -> alt.Chart:
    """A chart over rows, which as a tuple are handed on as they are: of a list, each step of Altair makes a copy."""
    return alt.Chart(alt.Data(values=tuple(rows)))


def layer(rows: Rows, role: str) -> alt.Chart:
    chart = over(rows).transform_calculate(role=f"'{role}'")
    return chart.encode(color=alt.Color("role:N", scale=SCALE, legend=None))


def finish(chart: Any, title: str, subtitle: str, height: int, offset: int = 12) -> dict[str, Any]:
    """The chart as Vega-Lite; the tests hold it against its schema, which would take as long as drawing it.

    The frame is written onto the finished specification: of a layered chart, each property set through Altair copies
    every layer twice.
    """
    made: dict[str, Any] = chart.to_dict(validate=False)
    frame = {
        "height": height,
        "width": "container",
        "title": heading(title, subtitle, offset),
        "config": {
            "view": {"stroke": None},
            "axis": {"labelFontSize": 15, "labelPadding": 6},
            "text": {"fontSize": 15},
        },
    }
    return {**made, **frame}


def heading(title: str, subtitle: str, offset: int = 12) -> dict[str, Any]:
    """A chart's title and subtitle, smaller and on as many lines as they need where the chart is narrow."""
    return {
        "text": _lines(title, 1),
        "subtitle": _lines(subtitle, 2),
        "anchor": "start",
        "frame": "bounds",
        "limit": {"expr": _ROOM},
        "fontSize": {"expr": f"{_TIGHT_ROOM} ? 15 : 20"},
        "lineHeight": {"expr": f"{_TIGHT_ROOM} ? 19 : 25"},
        "fontWeight": 600,
        "subtitleFontSize": {"expr": f"{_TIGHT_ROOM} ? 12 : 15"},
        "subtitleLineHeight": {"expr": f"{_TIGHT_ROOM} ? 16 : 20"},
        "offset": offset,
        "color": _role("ink"),
        "subtitleColor": _role("muted"),
    }


def _lines(text: str, size: int) -> Any:
    """The text, or an expression that takes the lines that the chart's width asks for."""
    cut = [(letters[0], textwrap.wrap(text, letters[size], break_long_words=False)) for letters in _LINES]
    asked = [
        f"{_ROOM} < {width} ? {json.dumps(lines, ensure_ascii=False)} : " for width, lines in cut if len(lines) > 1
    ]
    return {"expr": f"{''.join(asked)}{json.dumps(text, ensure_ascii=False)}"} if asked else text


def enlarged(spec: Any) -> Any:
    """The same chart with every text larger, for a room; what asks for its width finds it narrower by as much."""
    if isinstance(spec, list | tuple):
        return [enlarged(one) for one in spec]
    if isinstance(spec, str):
        return _ASKED_WIDTH.sub(rf"\1 / {_LARGER} <", spec)
    if not isinstance(spec, dict):
        return spec
    return {
        name: one if name in _DATA else _larger(enlarged(one)) if name in _SIZES else enlarged(one)
        for name, one in spec.items()
    }


def _larger(size: Any) -> Any:
    return {"expr": f"{_LARGER} * ({size['expr']})"} if isinstance(size, dict) else _LARGER * size


def unless(narrow: str) -> Any:
    """The opacity of what a chart as narrow as that leaves out."""
    return alt.expr(f"{narrow} ? 0 : 1")


def role_colour(role: str) -> Any:
    return alt.expr(_role(role)["expr"])


def _role(role: str) -> dict[str, str]:
    return {"expr": f"scale('color','{role}')"}


def iso(day: date) -> str:
    """A day as Vega reads it in the reader's own time zone, so that the first of a month stays in its month."""
    return f"{day.isoformat()}T00:00:00"
