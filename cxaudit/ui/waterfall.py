"""The waterfall: from raw A to raw B, only the differences as boxes, to scale; the remaining with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import altair as alt

from cxaudit import texts
from cxaudit.ui import figures
from cxaudit.ui.charts import Drawing
from cxaudit.ui.plot import SCALE, Rows, finish, layer, over, role_colour

_WRAP_AT = 13
_WIDTH = {"band": 0.7}
_PIXELS_A_NAME = 98


@dataclass(frozen=True, slots=True)
class Step:
    """One box: its name, its signed size, the role of its colour."""

    name: str
    size: float
    role: str


@dataclass(frozen=True, slots=True)
class Fall:
    """What the waterfall shows: two named levels, the steps between them, the interval of the last step."""

    start: tuple[str, float]
    steps: tuple[Step, ...]
    end: tuple[str, float]
    low: float | None
    high: float | None
    unit: str


def waterfall(fall: Fall, title: str, subtitle: str, lang: str) -> Drawing:
    """Raw A and raw B as thick lines (a bar cut at 16 % would lie), the steps as boxes that join them."""
    order = [_wrapped(name) for name in (fall.start[0], *(step.name for step in fall.steps), fall.end[0])]
    edges = list(accumulate((step.size for step in fall.steps), initial=fall.start[1]))
    spread = _spread(fall, order, edges)
    boxes = _boxes(fall, order, edges, spread, lang)
    levels = _levels(fall, order, lang)
    y_scale = _scale([*edges, fall.end[1], *(row[end] for row in spread for end in ("low", "high"))])
    x = _names_axis(order)
    y = alt.Y("value:Q", scale=y_scale, axis=None)
    joints: Rows = [
        {"name": before, "next": after, "value": level}
        for before, after, level in zip(order, order[1:], edges, strict=False)
    ]
    colour = alt.Color("role:N", scale=SCALE, legend=None)
    pale = alt.condition("datum.role == 'signal'", alt.value(0.42), alt.value(1))
    box = over(boxes).mark_bar(width=_WIDTH)
    top = alt.Y("label_at:Q", scale=y_scale, axis=None)
    layers = [
        layer(joints, "muted").mark_rule(strokeDash=[2, 3]).encode(x=x, x2=alt.X2("next:N"), y=y),
        box.encode(x=x, y=alt.Y("from:Q", scale=y_scale, axis=None), y2=alt.Y2("to:Q"), color=colour, opacity=pale),
        layer(levels, "ink").mark_bar(width=_WIDTH, yOffset=-3, y2Offset=3).encode(x=x, y=y, y2=alt.Y2("value:Q")),
        layer(levels, "ink").mark_text(dy=-16, fontSize=17, fontWeight=700).encode(x=x, y=y, text=alt.Text("text:N")),
        *_whiskers(spread, x, y_scale),
        layer(boxes, "ink").mark_text(dy=-14, fontSize=17, fontWeight=700).encode(x=x, y=top, text=alt.Text("text:N")),
    ]
    return Drawing(finish(alt.layer(*layers), title, subtitle, 430), f"{title}. {subtitle} {_words(fall, lang)}")


def _boxes(fall: Fall, order: list[str], edges: list[float], spread: Rows, lang: str) -> Rows:
    rows: Rows = []
    for index, step in enumerate(fall.steps):
        low, high = edges[index], edges[index + 1]
        top = max(low, high, *(row["high"] for row in spread if row["name"] == order[index + 1]))
        text = _signed(step.size, fall.unit, lang)
        rows.append(
            {"name": order[index + 1], "from": low, "to": high, "label_at": top, "text": text, "role": step.role}
        )
    return rows


def _levels(fall: Fall, order: list[str], lang: str) -> Rows:
    ends = ((order[0], fall.start[1]), (order[-1], fall.end[1]))
    return [{"name": name, "value": value, "text": figures.figure(value, fall.unit, lang)} for name, value in ends]


def _spread(fall: Fall, order: list[str], edges: list[float]) -> Rows:
    if fall.low is None or fall.high is None:
        return []
    return [{"name": order[-2], "low": edges[-2] + fall.low, "high": edges[-2] + fall.high}]


def _whiskers(spread: Rows, x: alt.X, scale: alt.Scale) -> list[alt.Chart]:
    low, high = (alt.Y(f"{end}:Q", scale=scale, axis=None) for end in ("low", "high"))
    cap = layer(spread, "ink").mark_tick(thickness=2.5, size=18)
    rule = layer(spread, "ink").mark_rule(strokeWidth=2.5).encode(x=x, y=low, y2=alt.Y2("high:Q"))
    return [rule, cap.encode(x=x, y=low), cap.encode(x=x, y=high)]


def _scale(reach: Sequence[float]) -> alt.Scale:
    room = (max(reach) - min(reach) or 0.01) * 0.12
    return alt.Scale(domain=[min(reach) - room, max(reach) + room], nice=False, zero=False)


def _names_axis(order: list[str]) -> alt.X:
    narrow = len(order) * _PIXELS_A_NAME
    axis = alt.Axis(
        title=None,
        labelAngle=_where(narrow, "-90", "0"),
        labelFontSize=_where(narrow, "12", "15"),
        labelLineHeight=_where(narrow, "13", "18"),
        labelAlign=_where(narrow, "'right'", "'center'"),
        labelBaseline=_where(narrow, "'middle'", "'top'"),
        ticks=False,
        domain=False,
        labelLimit=0,
        labelOverlap=False,
        labelPadding=10,
        labelExpr="split(datum.label, '\\n')",
        labelColor=role_colour("ink"),
    )
    return alt.X("name:N", sort=None, scale=alt.Scale(domain=order), axis=axis)


def _where(narrow: int, then: str, otherwise: str) -> alt.ExprRef:
    """Where the chart is narrow, names side by side would run into one another."""
    return alt.ExprRef(expr=f"width < {narrow} ? {then} : {otherwise}")


def _words(fall: Fall, lang: str) -> str:
    start, end = ((name, figures.figure(value, fall.unit, lang)) for name, value in (fall.start, fall.end))
    between = [f"{step.name} {_signed(step.size, fall.unit, lang)}" for step in fall.steps]
    return "; ".join([" ".join(start), *between, " ".join(end)])


def _signed(value: float, unit: str, lang: str) -> str:
    return texts.points(value, lang) if unit == "share" else figures.difference(value, unit, lang)


def _wrapped(name: str) -> str:
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= _WRAP_AT:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
