"""The slide as a place: its lengths in points, and the one layout that every slide stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx.oxml.ns import qn
from pptx.util import Emu

from cxaudit.report.style import FONT

WIDE, HIGH = 960.0, 540.0
MARGIN, TOP, BOTTOM = 40.0, 122.0, 502.0
ROOM = WIDE - 2 * MARGIN
_TITLE_ONLY = "Title Only"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emus(self) -> tuple[Emu, Emu, Emu, Emu]:
        return tuple(Emu(round(part * 12700)) for part in (self.left, self.top, self.width, self.height))  # type: ignore[return-value]


TITLE_BOX = Box(MARGIN, 42, ROOM, 70)


def only_layout(file: Any, accent: str) -> Any:
    """The one layout of the deck, its title where ours stands and its rule in the accent colour; no other stays."""
    layout = next(item for item in file.slide_layouts if item.name == _TITLE_ONLY)
    for other in [item for item in file.slide_layouts if item is not layout]:
        file.slide_layouts.remove(other)
    for holder in (layout, file.slide_master):
        for shape in list(holder.placeholders):
            if shape.placeholder_format.idx == 0:
                shape.left, shape.top, shape.width, shape.height = TITLE_BOX.emus
            elif holder is layout:
                shape._element.getparent().remove(shape._element)
            else:
                shape.left, shape.width = Emu(shape.left * 4 // 3), Emu(shape.width * 4 // 3)
                shape.top, shape.height = Emu(shape.top), Emu(shape.height)
    _rule(layout, accent)
    _theme(file)
    return layout


def _rule(layout: Any, accent: str) -> None:
    """A band of the accent colour along the top of every slide."""
    shape = layout.shapes._spTree.makeelement(qn("p:sp"), {})
    left, top, width, tall = Box(0, 0, WIDE, 8).emus
    shape.append(
        etree.fromstring(
            '<p:nvSpPr xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
            '<p:cNvPr id="99" name="Accent"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        )
    )
    shape.append(
        etree.fromstring(
            '<p:spPr xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{tall}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            f'<a:solidFill><a:srgbClr val="{accent.removeprefix("#")}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        )
    )
    layout.shapes._spTree.append(shape)


def _theme(file: Any) -> None:
    """Our typeface as the theme's, so that what a person adds looks like the rest."""
    part = next(rel.target_part for rel in file.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    tree = etree.fromstring(part.blob)
    for name in ("majorFont", "minorFont"):
        for face in tree.iter(qn(f"a:{name}")):
            face.find(qn("a:latin")).set("typeface", FONT)
    part._blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
