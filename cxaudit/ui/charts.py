"""The charts, each under a title that says what one sees and with its description in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import altair as alt

from cxaudit import texts
from cxaudit.schema.results import Event, Measure, Segment, Span
from cxaudit.ui import figures
from cxaudit.ui.bands import bands
from cxaudit.ui.plot import (
    NARROW,
    TIGHT,
    Rows,
    bar_pixels,
    ends_axis,
    finish,
    iso,
    layer,
    names_axis,
    time_axis,
    unless,
    value_axis,
)

_PIXELS_A_LETTER = 9


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as Vega-Lite, with its description in words for those who cannot see it."""

    spec: dict[str, Any]
    alt: str


def monthly(
    measure: Measure, events: Sequence[Event], adjusted: tuple[Span, float] | None, title: str, subtitle: str, lang: str
) -> Drawing:
    """A measure by month with its band, the events behind it, and its level in normal conditions over period B."""
    rows = [_month_row(point, measure.unit, lang) for point in measure.series if point.value is not None]
    start, end = measure.series[0].month, measure.series[-1].month
    until = end + timedelta(days=27)
    last = {**rows[-1], "said": texts.say("ui.chart.raw", lang, value=rows[-1]["text"])}
    level = _level_rows(adjusted, measure.unit, lang) if adjusted else []
    short, long = _beside([last, *level[-1:]])
    x = time_axis(lang, start, until, [0, alt.expr(f"width - ({TIGHT} ? {short} : {long})")])
    y_values = [row[name] for row in rows for name in ("low", "high", "value")]
    y = value_axis("value", measure.unit, lang, y_values)
    layers = [*bands(events, start, until, lang, long)]
    layers.append(
        layer(rows, "signal")
        .mark_area(opacity=0.22)
        .encode(x=x, y=y, y2=alt.Y2("high:Q"))
        .transform_calculate(value="datum.low", role="'signal'")
    )
    line = layer(rows, "signal").encode(x=x, y=y, tooltip=[alt.Tooltip("say:N", title=" ")])
    layers += [line.mark_line(strokeWidth=3), _pickable(line)]
    layers.append(_end_label(last, "signal_label", x, y))
    if level:
        layers.append(layer(level, "ink").mark_line(strokeDash=[6, 4], strokeWidth=2.5).encode(x=x, y=y))
        layers.append(_end_label(level[-1], "ink", x, y, dy=18))
    words = f"{title}. {subtitle} " + "; ".join(row["say"] for row in rows)
    return Drawing(finish(alt.layer(*layers), title, subtitle, 330), words)


def segments(
    rows: Sequence[Segment], whole: Measure, title: str, subtitle: str, lang: str, *, full: bool = False
) -> Drawing:
    """Bars by class with a rule for the interval, the value and n in two columns, the whole as a dashed line.

    The axis bears its ends and zero. `full`: shares lie on 0–100 %, so that the charts of a page share one scale.
    """
    data: Rows = [
        {
            "name": texts.label(f"word.class.{row.segment}", lang),
            "value": row.value,
            "low": row.low if row.low is not None else row.value,
            "high": row.high if row.high is not None else row.value,
            "text": figures.figure(row.value, whole.unit, lang, figures.decimals(row)),
            "n": f"n = {texts.count(row.denominator, lang)}",
        }
        for row in rows
        if row.value is not None
    ]
    order = [row["name"] for row in data]
    top = max([row["high"] for row in data] + [whole.value or 0.0, 1.0 if full and whole.unit == "share" else 0.0])
    low = min([0.0] + [row["low"] for row in data])
    room = alt.expr(f"width - ({NARROW} ? 62 : 190)")
    end = top if top > low else low + 1.0
    scale = alt.Scale(domain=[low, end], range=[0, room], nice=False)
    said = {edge: figures.figure(edge, whole.unit, lang, 0) for edge in sorted({low, 0.0, end})}
    axis = ends_axis(said)  # on every layer alike: one without it would take it from all
    x = alt.X("value:Q", axis=axis, scale=scale)
    y = alt.Y("name:N", sort=order, scale=alt.Scale(domain=order), axis=names_axis(order))
    bar = layer(data, "signal").mark_bar(opacity=0.38, height={"band": 0.62}).encode(x=x, y=y)
    rule = (
        layer(data, "ink")
        .mark_rule(strokeWidth=2.5)
        .encode(x=alt.X("low:Q", scale=scale, axis=axis), x2=alt.X2("high:Q"), y=y)
    )
    dot = layer(data, "ink").mark_point(filled=True, size=70, opacity=1).encode(x=x, y=y)
    value = (
        layer(data, "ink")
        .mark_text(align="right", fontWeight=700, fontSize=17, x=alt.expr(f"width - ({NARROW} ? 2 : 110)"))
        .encode(y=y, text=alt.Text("text:N"))
    )
    count = layer(data, "muted").mark_text(align="right", fontSize=15, x=alt.expr("width-2"), opacity=unless(NARROW))
    count = count.encode(y=y, text=alt.Text("n:N"))
    layers = [bar, rule, dot, value, count]
    if whole.value is not None:
        mark = texts.say("ui.chart.whole", lang, value=figures.of(whole, lang))
        one: Rows = [{"value": whole.value, "text": mark}]
        layers.append(layer(one, "muted").mark_rule(strokeDash=[4, 4], strokeWidth=1.5).encode(x=x))
        layers.append(layer(one, "muted").mark_text(y=-9, fontSize=15).encode(x=x, text=alt.Text("text:N")))
    told = "; ".join(f"{row['name']} {row['text']}, {row['n']}" for row in data)
    words = f"{title}. {subtitle} {told}" if title else f"{subtitle} {told}"
    return Drawing(
        finish(alt.layer(*layers), title, subtitle, bar_pixels(order) * len(data) + (135 if title else 75), offset=26),
        words,
    )


def _pickable(line: alt.Chart) -> alt.Chart:
    """The months as points that a click picks; a page that does not listen only sees them lit."""
    pick = alt.selection_point(name="month", fields=["month"], on="click", nearest=True, empty=False)
    lit = alt.condition(pick, alt.value(1.0), alt.value(0.01))
    return line.mark_point(size=110, filled=True).encode(opacity=lit).add_params(pick)


def _month_row(point: Any, unit: str, lang: str) -> dict[str, Any]:
    text = figures.figure(point.value, unit, lang)
    low = point.low if point.low is not None else point.value
    high = point.high if point.high is not None else point.value
    between = figures.between(point.low, point.high, unit, lang)
    said = f"{texts.month(point.month, lang)} {text}" + (f" ({between})" if between else "")
    return {
        "x": iso(point.month),
        "month": point.month.isoformat(),
        "value": point.value,
        "low": low,
        "high": high,
        "text": text,
        "say": said,
    }


def _level_rows(adjusted: tuple[Span, float], unit: str, lang: str) -> Rows:
    span, value = adjusted
    text = figures.figure(value, unit, lang)
    said = texts.say("ui.chart.adjusted", lang, value=text)
    return [
        {"x": iso(day.replace(day=1)), "value": value, "text": text, "said": said} for day in (span.first, span.last)
    ]


def _beside(ends: Rows) -> tuple[int, int]:
    """The room past the last day for what stands at the lines' ends, in pixels: figures alone, or words too."""
    short, long = (_PIXELS_A_LETTER * max(len(row[name]) for row in ends) for name in ("text", "said"))
    return short, long


def _end_label(row: dict[str, Any], role: str, x: alt.X, y: alt.Y, dy: int = -12) -> alt.Chart:
    """What stands at the end of a line, in words; its figure alone where words would take the room of the chart."""
    return (
        layer([row], role)
        .transform_calculate(shown=f"{TIGHT} ? datum.text : datum.said")
        .mark_text(align="left", dx=9, dy=dy, fontWeight=700, fontSize=15, clip=False)
        .encode(x=x, y=y, text=alt.Text("shown:N"))
    )
