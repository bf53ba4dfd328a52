"""The deck under way: 16:9 slides of one layout, text that fits its box, tables, notes. Lengths are in points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from cxaudit.report.book import Request
from cxaudit.report.deck.fitting import LEADING, fitted, height, shortened
from cxaudit.report.deck.layout import HIGH, MARGIN, ROOM, TITLE_BOX, WIDE, Box, only_layout
from cxaudit.report.style import BORDER, FONT, INK, MUTED, STATES, SURFACE, legible
from cxaudit.report.wording import clean, shown
from cxaudit.schema.results import Audit
from cxaudit.texts import say

PAD = 5.0
_LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Ink:
    """How a text is set; `sizes` are tried from the largest on."""

    sizes: tuple[float, ...] = (14,)
    bold: bool = False
    colour: str = INK
    right: bool = False
    middle: bool = False


BODY = Ink((14, 13, 12, 11))
SMALL = Ink((11, 10, 9), colour=MUTED)
TITLE = Ink((26, 24, 22, 20, 18, 16), bold=True)
HEAD, HEAD_SIZE = 21.0, 13.0  # the heading over a list of texts


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table."""

    title: str
    width: float
    ink: Ink = Ink((11,))


@dataclass
class Deck:
    """A presentation under way."""

    audit: Audit
    request: Request

    def __post_init__(self) -> None:
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = Box(0, 0, WIDE, HIGH).emus[2:]
        self.layout = only_layout(self.file, self.request.accent)

    @property
    def lang(self) -> str:
        return self.request.lang

    def say(self, key: str, **facts: Any) -> str:
        """A sentence of the deck, or of the workbook where both say the same."""
        return say(f"report.{key}", self.lang, **facts)

    def slide(self, kicker: str, title: str, notes: Sequence[str]) -> Leaf:
        """A new slide: a word of orientation, the finding as its title, what to say in the notes."""
        leaf = self.blank(notes)
        leaf.title(title)
        leaf.text(Box(MARGIN, 22, ROOM, 16), kicker, Ink((11, 10), bold=True, colour=legible(self.request.accent)))
        leaf.footer(len(self.file.slides))
        return leaf

    def blank(self, notes: Sequence[str]) -> Leaf:
        """A new slide with its notes alone."""
        leaf = Leaf(self, self.file.slides.add_slide(self.layout))
        leaf.slide.notes_slide.notes_text_frame.text = clean("\n\n".join(part for part in notes if part))
        return leaf


class Leaf:
    """A slide being drawn."""

    def __init__(self, deck: Deck, slide: Any) -> None:
        self.deck, self.slide = deck, slide

    def title(self, said: str, box: Box = TITLE_BOX) -> None:
        """The headline sentence, in the layout's own title, so that outlines and screen readers find it."""
        holder = self.slide.shapes.title
        if box is not TITLE_BOX:
            holder.left, holder.top, holder.width, holder.height = box.emus
        _write(_flat(holder.text_frame, TITLE), said, box, TITLE, self.deck.lang)

    def text(self, box: Box, said: str, ink: Ink = BODY) -> None:
        """A text in its box, smaller or shortened where it would run out of it."""
        if said:
            shape = self.slide.shapes.add_textbox(*box.emus)
            _write(_flat(shape.text_frame, ink), said, box, ink, self.deck.lang)

    def paragraphs(self, box: Box, title: str, said: Sequence[str], ink: Ink = BODY, gap: float = 4.0) -> float:
        """A heading and texts under it, as many as fit, the last one shortened; returns where they end at most."""
        texts = [clean(part) for part in said if part]
        if not texts:
            return box.top
        room = box.height - HEAD
        size = next((s for s in ink.sizes if _stacked(texts, box.width, s, gap) <= room), ink.sizes[-1])
        kept = list(_kept(texts, Box(0, 0, box.width, room), size, gap))
        shape = self.slide.shapes.add_textbox(*box.emus)
        frame = _flat(shape.text_frame, ink)
        _line(frame.paragraphs[0], title, Ink(bold=True), HEAD_SIZE, self.deck.lang)
        frame.paragraphs[0].space_after = Pt(gap)
        for part in kept:
            paragraph = frame.add_paragraph()
            _line(paragraph, part, ink, size, self.deck.lang)
            paragraph.space_after = Pt(gap)
        return box.top + HEAD + _stacked(kept, box.width, size, gap)

    def panel(self, box: Box, colour: str = SURFACE) -> None:
        """A pale surface behind what is drawn next."""
        shape = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emus)
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(colour)
        shape.line.fill.background()
        shape._element.remove(shape._element.find(qn("p:style")))  # a theme's style would cast a shadow

    def state(self, box: Box, said: str) -> None:
        """A state: shape, word and colour."""
        ink, _ = STATES.get(said[:1], (INK, SURFACE))
        self.text(box, said, Ink((18, 16, 14, 12), bold=True, colour=ink))

    def picture(self, image: bytes, box: Box, alt: str) -> None:
        """The logo, whole in its box, at the right of it."""
        shape = self.slide.shapes.add_picture(BytesIO(image), *box.emus[:2])
        scale = min(box.width / shape.width.pt, box.height / shape.height.pt)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
        shape.left = Emu(box.emus[0] + box.emus[2] - shape.width)
        describe(shape, alt)

    def table(
        self, top: float, columns: Sequence[Field], rows: Sequence[Sequence[str]], tall: float, alt: str
    ) -> float:
        """A table whose rows are `tall`; a text is shortened to what its cell holds. Returns where it ends."""
        head = 20.0
        box = Box(MARGIN, top, sum(column.width for column in columns), head + tall * len(rows))
        frame = self.slide.shapes.add_table(len(rows) + 1, len(columns), *box.emus)
        describe(frame, alt)
        table = frame.table
        _plain(table)
        for place, column in enumerate(columns):
            table.columns[place].width = Pt(column.width)
            ink = Ink((9,), bold=True, colour=MUTED, right=column.ink.right)
            self._cell(table.cell(0, place), column.title, Box(0, 0, column.width, head), ink, SURFACE)
        table.rows[0].height = Pt(head)
        for number, row in enumerate(rows, start=1):
            table.rows[number].height = Pt(tall)
            for place, (column, said) in enumerate(zip(columns, row, strict=True)):
                coloured = STATES.get(said[:1])
                ink = Ink(column.ink.sizes, True, coloured[0]) if coloured else column.ink
                self._cell(table.cell(number, place), said, Box(0, 0, column.width, tall), ink, None)
        return box.top + box.height

    def _cell(self, cell: Any, said: str, box: Box, ink: Ink, paper: str | None) -> None:
        cell.margin_left = cell.margin_right = Pt(PAD)
        cell.margin_top = cell.margin_bottom = Pt(1)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        if paper:
            cell.fill.solid()
            cell.fill.fore_color.rgb = rgb(paper)
        else:
            cell.fill.background()
        _underline(cell)
        inside = Box(0, 0, box.width - 2 * PAD, box.height - 2)
        cell.text_frame.word_wrap = True
        _write(cell.text_frame, said, inside, ink, self.deck.lang)

    def footer(self, number: int) -> None:
        """What holds for all figures, the client's name as far as it fits, and the slide's number."""
        client = shown(self.deck.request.client)
        said = " · ".join(part for part in (self.deck.say("footer"), client) if part)
        self.text(Box(MARGIN, 514, ROOM - 60, 14), said, Ink((9,), colour=MUTED))
        shape = self.slide.shapes.add_textbox(*Box(WIDE - MARGIN - 50, 514, 50, 14).emus)
        ink = Ink((9,), colour=MUTED, right=True)
        _write(_flat(shape.text_frame, ink), str(number), Box(0, 0, 50, 14), ink, self.deck.lang)
        _as_number(shape.text_frame)


def rgb(colour: str) -> RGBColor:
    """`#RRGGBB` as a colour of the file."""
    return RGBColor.from_string(colour.removeprefix("#"))


def describe(shape: Any, alt: str) -> None:
    """What a chart, a table or a picture shows, for those who do not see it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", clean(alt))


def _stacked(texts: Sequence[str], width: float, size: float, gap: float) -> float:
    return sum(height(part, width, size) + gap for part in texts)


def _kept(texts: Sequence[str], box: Box, size: float, gap: float) -> Iterator[str]:
    """The texts that a box holds, the last one shortened."""
    room = box.height
    for part in texts:
        most = int(room / (size * LEADING))
        if most < 1:
            return
        cut = shortened(part, box.width, most, size)
        room -= height(cut, box.width, size) + gap
        yield cut


def _flat(frame: Any, ink: Ink) -> Any:
    """A text frame without margins of its own."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if ink.middle else MSO_ANCHOR.TOP
    return frame


def _write(frame: Any, said: str, box: Box, ink: Ink, lang: str) -> None:
    """One text, set so that it fits."""
    cut = fitted(clean(said), box.width, box.height, ink.sizes, ink.bold)
    for number, text in enumerate(cut.text.split("\n")):
        _line(frame.paragraphs[0] if number == 0 else frame.add_paragraph(), text, ink, cut.size, lang)


def _line(paragraph: Any, text: str, ink: Ink, size: float, lang: str) -> None:
    paragraph.alignment = PP_ALIGN.RIGHT if ink.right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = text
    run.font.name, run.font.size, run.font.bold = FONT, Pt(size), ink.bold
    run.font.color.rgb = rgb(ink.colour)
    run._r.get_or_add_rPr().set("lang", _LANGUAGES[lang])


def _as_number(frame: Any) -> None:
    """Turn the run of a text into the field that follows the slide's place."""
    run = frame.paragraphs[0].runs[0]._r
    field = run.makeelement(qn("a:fld"), {"id": "{5B1E2D6F-0C0B-4B6B-9D53-6E3A2B1C0D4E}", "type": "slidenum"})
    field.extend(list(run))
    run.getparent().replace(run, field)


def _plain(table: Any) -> None:
    """A table without the colours of a table style."""
    properties = table._tbl.tblPr
    for name in ("firstRow", "bandRow"):
        properties.set(name, "0")
    for style in properties.findall(qn("a:tableStyleId")):
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No style, no grid"
    properties.set("firstRow", "1")


def _underline(cell: Any) -> None:
    properties = cell._tc.get_or_add_tcPr()
    line = etree.SubElement(properties, qn("a:lnB"), {"w": "9525"})
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), {"val": BORDER.removeprefix("#")})
    properties.insert(0, line)
