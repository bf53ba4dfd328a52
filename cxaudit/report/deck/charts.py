"""Native charts: months over their band, bars with their intervals, a waterfall. Each opens its own figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from math import ceil
from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml.ns import qn
from pptx.util import Pt
from xlsxwriter import Workbook

from cxaudit.report.deck.canvas import Leaf, describe, rgb
from cxaudit.report.deck.fitting import shortened
from cxaudit.report.deck.layout import Box
from cxaudit.report.deck.markup import by_month, error_bars, inside, under
from cxaudit.report.scale import Bar, axis, ends_of, parts
from cxaudit.report.style import BORDER, EVENT, FONT, INK, LOCALES, MINUS, MUTED, SIGNAL, number_format
from cxaudit.report.wording import clean

MADE = datetime(2000, 1, 1)  # equal figures give equal files
LABELS = 6
_PALE = {"pale": 30_000, "event": 75_000}


def trend(leaf: Leaf, box: Box, name: str, months: Sequence[Bar], unit: str, alt: str) -> None:
    """A line by month over its band, its last value written; a month without a value is no point."""
    months = [item for item in months if item.value is not None]
    lows = [item.low if item.high is not None else None for item in months]
    widths = [None if i.low is None or i.high is None else i.high - i.low for i in months]
    say = leaf.deck.say
    columns = {say("chart.low"): lows, say("chart.width"): widths, name: [item.value for item in months]}
    chart = _chart(leaf, box, XL_CHART_TYPE.LINE, [item.label for item in months], columns, unit, alt)
    hidden, shade, line = chart.plots[0].series
    hidden.format.line.fill.background()
    line.format.line.color.rgb, line.format.line.width = rgb(SIGNAL), Pt(2.5)
    line.smooth = False
    line.marker.style, line.marker.size = XL_MARKER_STYLE.CIRCLE, 6
    line.marker.format.fill.solid()
    line.marker.format.fill.fore_color.rgb = rgb(SIGNAL)
    line.marker.format.line.color.rgb = rgb(SIGNAL)
    shade.format.line.fill.background()
    _label(line.points[len(months) - 1].data_label, unit, leaf.deck.lang)
    under(chart, (hidden, shade))
    _axes(chart, ends_of(months), unit, leaf.deck.lang)
    by_month(chart.category_axis, max(1, ceil(len(months) / LABELS)), leaf.deck.lang)
    inside(chart)


def bars(leaf: Leaf, box: Box, name: str, items: Sequence[Bar], unit: str, alt: str) -> None:
    """Horizontal bars, first on top, each with its interval; differences of shares become points."""
    if unit == "gap.share":
        unit, items = "gap.point", [_in_points(item) for item in items]
    say = leaf.deck.say
    columns = {
        name: [item.value for item in items],
        say("chart.minus"): [_margin(item.value, item.low) for item in items],
        say("chart.plus"): [_margin(item.high, item.value) for item in items],
    }
    wide = box.width * 0.34
    labels = [shortened(clean(str(item.label)).replace("\n", " "), wide, 3, 12) for item in items]
    chart = _chart(leaf, box, XL_CHART_TYPE.BAR_CLUSTERED, labels, columns, unit, alt)
    plot = chart.plots[0]
    plot.gap_width = 60 if len(items) > 3 else 90
    series = plot.series[0]
    for extra in list(plot.series)[1:]:  # the margins stay in the chart's own sheet, drawn as error bars
        extra._element.getparent().remove(extra._element)
    _fill(series, SIGNAL, "pale")
    series.invert_if_negative = False
    error_bars(series._element, list(columns.values())[1:])
    chart.category_axis.reverse_order = True
    _axes(chart, [0.0, *ends_of(items)], unit, leaf.deck.lang)
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    chart.category_axis.tick_labels.font.color.rgb = rgb(INK)
    chart.category_axis.tick_labels.font.size = Pt(12)


def waterfall(leaf: Leaf, box: Box, steps: Sequence[Bar], unit: str, alt: str) -> None:
    """Signed steps from zero to their sum, as stacked columns; the last is the sum itself. Shares become points."""
    if unit == "share":
        unit, steps = "point", [_in_points(item) for item in steps]
    names = ("hidden_up", "hidden_down", "rise_up", "rise_down", "fall_up", "fall_down")
    reached, drawn = 0.0, []
    for number, item in enumerate(steps):
        start = 0.0 if number in (0, len(steps) - 1) else reached
        reached = start + (item.value or 0.0)
        drawn.append(parts(start, reached))
    columns = {
        leaf.deck.say(f"chart.{name}"): [row[place] or None for row in drawn] for place, name in enumerate(names)
    }
    room = box.width / max(1, len(steps)) * 0.82
    labels = [shortened(clean(str(item.label)), room, 3, 11) for item in steps]
    chart = _chart(leaf, box, XL_CHART_TYPE.COLUMN_STACKED, labels, columns, unit, alt)
    chart.plots[0].gap_width, chart.plots[0].overlap = 40, 100
    colours = [*[(EVENT, "event")] * (len(steps) - 2), (SIGNAL, "event"), (INK, "pale")]
    for place, series in enumerate(chart.plots[0].series):
        if place < 2:
            series.format.fill.background()
            continue
        for point, (colour, pale) in enumerate(colours):
            _fill(series.points[point], colour, pale)
        _values(series, unit, leaf.deck.lang, "+" if place < 4 else MINUS)
    reach = [0.0]
    for row, item in zip(drawn, steps, strict=True):
        reach += [sum(row[0:1]) + row[2] + row[4], row[1] + row[3] + row[5], item.value or 0.0]
    _axes(chart, reach, f"gap.{unit}", leaf.deck.lang)
    chart.category_axis.tick_labels.font.color.rgb = rgb(INK)


def _in_points(item: Bar) -> Bar:
    value, low, high = (None if end is None else 100 * end for end in (item.value, item.low, item.high))
    return Bar(item.label, value, low, high)


# ---- what every chart has ------------------------------------------------------------------------------------------


def _chart(
    leaf: Leaf,
    box: Box,
    kind: Any,
    labels: Sequence[str | date],
    columns: Mapping[str, Sequence[float | None]],
    unit: str,
    alt: str,
) -> Any:
    data = CategoryChartData()
    data.categories = [clean(label) if isinstance(label, str) else label for label in labels]
    for name, values in columns.items():
        data.add_series(clean(name), values)
    frame = leaf.slide.shapes.add_chart(kind, *box.emus, data)
    describe(frame, alt)
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(_sheet(labels, columns, unit, leaf.deck.lang))
    chart.has_legend = chart.has_title = False
    chart.font.name, chart.font.size = FONT, Pt(11)
    chart.font.color.rgb = rgb(MUTED)
    return chart


def _sheet(labels: Sequence[str | date], columns: Mapping[str, Sequence[float | None]], unit: str, lang: str) -> bytes:
    """The chart's own figures, as PowerPoint opens them: labels, then a column for each series."""
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet("Sheet1")
        style = book.add_format({"num_format": number_format(unit, lang), "font_name": FONT})
        sheet.set_column(0, 0, 36)
        when = book.add_format({"num_format": number_format("month", lang), "font_name": FONT, "align": "left"})
        for row, label in enumerate(labels, start=1):
            if isinstance(label, date):
                sheet.write_datetime(row, 0, datetime(label.year, label.month, label.day), when)
            else:
                sheet.write_string(row, 0, clean(label))
        for column, (name, values) in enumerate(columns.items(), start=1):
            sheet.write_string(0, column, clean(name))
            for row, value in enumerate(values, start=1):
                if value is not None:
                    sheet.write_number(row, column, value, style)
    return buffer.getvalue()


def _axes(chart: Any, ends: Sequence[float], unit: str, lang: str) -> None:
    low, high, step = axis(ends)
    values, labels = chart.value_axis, chart.category_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = low, high, step
    whole = unit.replace("share", "whole_share") if step >= 0.01 else unit
    whole = whole.replace("point", "whole_point") if step >= 1 and whole.endswith(".point") else whole
    values.tick_labels.number_format = number_format(whole, lang)
    values.tick_labels.number_format_is_linked = False
    values.format.line.fill.background()
    values.major_tick_mark = labels.major_tick_mark = XL_TICK_MARK.NONE
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = rgb(BORDER)
    values.major_gridlines.format.line.width = Pt(0.5)
    labels.format.line.color.rgb = rgb(BORDER)
    labels.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _fill(part: Any, colour: str, pale: str) -> None:
    part.format.fill.solid()
    part.format.fill.fore_color.rgb = rgb(colour)
    shade = part.format.fill._xPr.find(qn("a:solidFill"))[0]
    etree.SubElement(shade, qn("a:alpha"), {"val": str(_PALE[pale])})


def _values(series: Any, unit: str, lang: str, sign: str) -> None:
    labels = series.data_labels
    labels.show_value = True
    plain = number_format(unit, lang).split(";")[0].removeprefix(LOCALES[lang])
    signed = f"{LOCALES[lang]}{sign}{plain}"
    labels.number_format = ";".join((signed, signed, '""'))
    labels.number_format_is_linked = False
    labels.font.size, labels.font.bold = Pt(12), True
    labels.font.color.rgb = rgb(INK)


def _label(label: Any, unit: str, lang: str) -> None:
    """The value of one point, in the unit's own dress."""
    label.position = XL_LABEL_POSITION.RIGHT
    label.font.size, label.font.bold = Pt(14), True
    label.font.color.rgb = rgb(INK)
    element = label._dLbl
    form = element.makeelement(qn("c:numFmt"), {"formatCode": number_format(unit, lang), "sourceLinked": "0"})
    element.find(qn("c:idx")).addnext(form)
    for name in ("showLegendKey", "showCatName", "showSerName", "showPercent", "showBubbleSize"):
        if (switch := element.find(qn(f"c:{name}"))) is not None:
            switch.set("val", "0")
    element.find(qn("c:showVal")).set("val", "1")


def _margin(high: float | None, low: float | None) -> float | None:
    return None if high is None or low is None else high - low
