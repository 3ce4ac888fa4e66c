"""Page and styles of official papers (GB/T 9704-2012) for Word documents.

A4; margins of 37, 35, 28 and 26 mm; 22 lines of 28 characters; title 小标宋 size 2 (22 pt), text 仿宋 size 3 (16 pt),
headings 黑体 and 楷体; the page number in 宋体 size 4 (14 pt) between dashes, at the outer side of the page. A machine
without these fonts substitutes its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
MARGINS_MM = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
FOOTER_DISTANCE_MM = 24  # the dash is 7 mm below the text
TEXT_WIDTH_MM = PAGE_WIDTH_MM - MARGINS_MM["left_margin"] - MARGINS_MM["right_margin"]
TEXT_SIZE_PT = 16.0
LINE_PITCH_TWIPS = 579  # 22 lines in 225 mm
# 28 characters of 16 pt in 156 mm. A grid of characters would say it too, but LibreOffice then takes two places each.
CHARACTER_SPACE_TWIPS = -5
LINE_PITCH_PT = LINE_PITCH_TWIPS / 20
TITLE_LINE_PT = 32.0
RED, BLACK = RGBColor(0xC0, 0x10, 0x10), RGBColor(0, 0, 0)
WESTERN_FONT = "Times New Roman"
TABLE_STYLE = "OGI Table Text"
# Borders and spacing of the library's own styles, which official papers do not have.
_FOREIGN_PROPERTIES = ("w:pBdr", "w:contextualSpacing", "w:spacing", "w:numPr")


class TextStyle(NamedTuple):
    """A paragraph style: its name in Word, font, size, alignment, and whether the first line is indented."""

    name: str
    font: str
    size_pt: float
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    is_indented: bool = False
    is_bold: bool = False
    color: RGBColor = BLACK


# By kind of block. Word's own headings give the document an outline.
STYLES = {
    "text": TextStyle("Normal", "仿宋_GB2312", TEXT_SIZE_PT),
    "title": TextStyle("Title", "方正小标宋简体", 22, WD_ALIGN_PARAGRAPH.CENTER),
    "heading": TextStyle("Heading 1", "黑体", TEXT_SIZE_PT, is_indented=True),
    "subheading": TextStyle("Heading 2", "楷体_GB2312", TEXT_SIZE_PT, is_indented=True),
    "paragraph": TextStyle("Body Text", "仿宋_GB2312", TEXT_SIZE_PT, is_indented=True),
    "signature": TextStyle("Signature", "仿宋_GB2312", TEXT_SIZE_PT, WD_ALIGN_PARAGRAPH.RIGHT),
    "banner": TextStyle("OGI Warning", "黑体", 12, WD_ALIGN_PARAGRAPH.CENTER, is_bold=True, color=RED),
    "table": TextStyle(TABLE_STYLE, "宋体", 10.5, WD_ALIGN_PARAGRAPH.CENTER),
}


def set_up_document(document: Document) -> None:
    """Set language, page, line grid, styles and page numbers of a new document."""
    _set_language(document)
    for kind, style in STYLES.items():
        _set_style(document, style, kind)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH_MM), Mm(PAGE_HEIGHT_MM)
    for name, size in MARGINS_MM.items():
        setattr(section, name, Mm(size))
    section.footer_distance = Mm(FOOTER_DISTANCE_MM)
    _set_line_grid(section._sectPr)
    document.settings.odd_and_even_pages_header_footer = True
    _add_page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _add_page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _set_language(document: Document) -> None:
    """Set Chinese as the language of East Asian text: Word chooses the shape of characters by it."""
    for properties in document.styles.element.iter(qn("w:rPrDefault")):
        for language in properties.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
    settings = document.settings.element
    language = settings.find(qn("w:themeFontLang"))
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")


def _set_style(document: Document, style: TextStyle, kind: str) -> None:
    """Set font, size, spacing and alignment of a paragraph style, which is added if the document lacks it."""
    names = {s.name for s in document.styles}
    word_style: Any = (
        document.styles[style.name]
        if style.name in names
        else document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
    )
    properties = word_style.element.get_or_add_pPr()
    for name in _FOREIGN_PROPERTIES:
        for element in properties.findall(qn(name)):
            properties.remove(element)
    set_font(word_style.element.get_or_add_rPr(), style)
    shape = word_style.paragraph_format
    shape.alignment, shape.space_before, shape.space_after = style.alignment, Pt(0), Pt(0)
    shape.keep_with_next = kind in ("title", "heading", "subheading")
    shape.widow_control = False
    shape.first_line_indent = Pt(2 * style.size_pt) if style.is_indented else Pt(0)
    if kind == "table":
        shape.line_spacing = 1.0
        _leave_line_grid(properties)
    elif kind == "title":
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(TITLE_LINE_PT)
        shape.space_after = Pt(LINE_PITCH_PT)
    elif kind == "signature":
        shape.right_indent = Pt(4 * TEXT_SIZE_PT)
        shape.keep_together = shape.keep_with_next = True
    else:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_PITCH_PT)


def set_font(properties: Any, style: TextStyle) -> None:
    """Set font, size, weight and color of the run properties of a style or run, without the theme's own."""
    for child in list(properties):
        if child.tag != qn("w:rStyle"):
            properties.remove(child)
    fonts = OxmlElement("w:rFonts")
    for script, font in (
        ("ascii", WESTERN_FONT),
        ("hAnsi", WESTERN_FONT),
        ("eastAsia", style.font),
        ("cs", WESTERN_FONT),
    ):
        fonts.set(qn(f"w:{script}"), font)
    properties.append(fonts)
    if style.is_bold:
        properties.append(OxmlElement("w:b"))
    half_points = str(round(2 * style.size_pt))
    space = str(CHARACTER_SPACE_TWIPS if style.size_pt == TEXT_SIZE_PT else 0)
    for name, value in (("color", str(style.color)), ("spacing", space), ("sz", half_points), ("szCs", half_points)):
        element = OxmlElement(f"w:{name}")
        element.set(qn("w:val"), value)
        properties.append(element)


def _leave_line_grid(properties: Any) -> None:
    """Let the lines of a style be as high as their text, also where the page has a grid of lines."""
    element = OxmlElement("w:snapToGrid")
    element.set(qn("w:val"), "0")
    properties.insert_element_before(
        element, "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
        "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr",
        "w:sectPr", "w:pPrChange",
    )  # fmt: skip


def _set_line_grid(section_properties: Any) -> None:
    """Set the grid of 22 lines."""
    for old in section_properties.findall(qn("w:docGrid")):
        section_properties.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE_PITCH_TWIPS))
    section_properties.append(grid)


def _add_page_number(paragraph: Any, alignment: WD_ALIGN_PARAGRAPH) -> None:
    """Add the page number, — 1 —, one character from the outer side."""
    style = TextStyle("", "宋体", 14)
    paragraph.alignment = alignment
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Pt(14)
    _add_run(paragraph, "— ", style)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = _add_run(paragraph, "", style)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run.append(element)
    _add_run(paragraph, " —", style)


def _add_run(paragraph: Any, text: str, style: TextStyle) -> Any:
    """Append text in a font; return the XML element of its run. The number itself is in 宋体 too."""
    run = paragraph.add_run(text)._element
    set_font(run.get_or_add_rPr(), style)
    for script in ("ascii", "hAnsi"):
        run.rPr.rFonts.set(qn(f"w:{script}"), style.font)
    return run
