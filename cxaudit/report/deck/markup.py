"""What charts have and the library does not offer: a band under a line, intervals as error bars, months as an axis."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from lxml import etree
from pptx.oxml.ns import qn
from xlsxwriter.utility import xl_rowcol_to_cell

from cxaudit.report.style import INK, SIGNAL, number_format

BAND = 22_000  # opacity of a band, in thousandths of a percent
_PLOT = {"x": "0.09", "y": "0.04", "w": "0.8", "h": "0.84"}


def by_month(axis_of: Any, every: int, lang: str) -> None:
    """A date axis in months, one label in so many."""
    axis_of.tick_labels.number_format = number_format("month", lang)
    axis_of.tick_labels.number_format_is_linked = False
    element = axis_of._element
    for name in ("baseTimeUnit", "majorUnit", "majorTimeUnit", "minorUnit", "minorTimeUnit"):
        for former in element.findall(qn(f"c:{name}")):
            element.remove(former)
    for name, value in (("baseTimeUnit", "months"), ("majorUnit", str(every)), ("majorTimeUnit", "months")):
        etree.SubElement(element, qn(f"c:{name}"), {"val": value})


def inside(chart: Any) -> None:
    """The plot inside its frame, with room at the right for the last value."""
    plot = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    for former in plot.findall(qn("c:layout")):
        plot.remove(former)
    layout = plot.makeelement(qn("c:layout"), {})
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    for name, value in (("layoutTarget", "inner"), ("xMode", "edge"), ("yMode", "edge"), *_PLOT.items()):
        etree.SubElement(manual, qn(f"c:{name}"), {"val": value})
    plot.insert(0, layout)


def error_bars(series: Any, margins: Sequence[Sequence[float | None]]) -> None:
    """The intervals as error bars, on the chart's own columns of margins below and above."""
    found = etree.Element(qn("c:errBars"), nsmap=series.nsmap)
    for name, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(found, qn(f"c:{name}"), {"val": value})
    below, above = margins
    for name, column, values in (("plus", 3, above), ("minus", 2, below)):
        _reference(etree.SubElement(found, qn(f"c:{name}")), column, values)
    line = etree.SubElement(etree.SubElement(found, qn("c:spPr")), qn("a:ln"), {"w": "25400"})
    etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"), {"val": INK.removeprefix("#")})
    series.find(qn("c:cat")).addprevious(found)


def _reference(side: Any, column: int, values: Sequence[float | None]) -> None:
    """A column of the chart's own sheet, and the values that it holds now."""
    reference = etree.SubElement(side, qn("c:numRef"))
    first, last = (xl_rowcol_to_cell(row, column, True, True) for row in (1, len(values)))
    etree.SubElement(reference, qn("c:f")).text = f"Sheet1!{first}:{last}"
    cache = etree.SubElement(reference, qn("c:numCache"))
    etree.SubElement(cache, qn("c:formatCode")).text = "General"
    etree.SubElement(cache, qn("c:ptCount"), {"val": str(len(values))})
    for place, value in enumerate(values):
        point = etree.SubElement(cache, qn("c:pt"), {"idx": str(place)})
        etree.SubElement(point, qn("c:v")).text = repr(value or 0.0)


def under(chart: Any, series: Sequence[Any]) -> None:
    """Draw some of a line chart's series as stacked areas under it: a hidden base, and the band."""
    lines = chart._chartSpace.find(f".//{qn('c:lineChart')}")
    areas = lines.makeelement(qn("c:areaChart"), {})
    etree.SubElement(areas, qn("c:grouping"), {"val": "stacked"})
    etree.SubElement(areas, qn("c:varyColors"), {"val": "0"})
    for place, item in enumerate(series):
        element = item._element
        for name in ("c:marker", "c:smooth"):
            for extra in element.findall(qn(name)):
                element.remove(extra)
        _area(element, hidden=place == 0)
        areas.append(element)
    for mark in lines.findall(qn("c:axId")):
        areas.append(deepcopy(mark))
    lines.addprevious(areas)


def _area(series: Any, hidden: bool) -> None:
    shape = series.find(qn("c:spPr"))
    if hidden:
        shape.insert(0, shape.makeelement(qn("a:noFill"), {}))
        return
    fill = shape.makeelement(qn("a:solidFill"), {})
    colour = etree.SubElement(fill, qn("a:srgbClr"), {"val": SIGNAL.removeprefix("#")})
    etree.SubElement(colour, qn("a:alpha"), {"val": str(BAND)})
    shape.insert(0, fill)
