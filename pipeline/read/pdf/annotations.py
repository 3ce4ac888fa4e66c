"""Read the text that a PDF page shows besides its content: filled form fields, typed notes, and struck-out places."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pypdfium2.raw as pdfium

from pipeline.core.model import MarkKind
from pipeline.read.layout.page import Box, Char
from pipeline.read.pdf.chars import Transform

MAX_ANNOTATIONS, MAX_VALUE_CHARS = 5_000, 400
MAX_SIZE, MIN_SIZE = 12.0, 4.0  # points of the type in which a field's text is placed
DIGIT_WIDTH, BASE_SHARE = 0.5, 0.25  # of the size; of the height of the field, above its lower edge
_SHOWN_FIELDS = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
_FIELD: frozenset[MarkKind] = frozenset({"field"})
_HIDDEN_FLAGS = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW


class Annotations(NamedTuple):
    """The characters of fields and notes, and the boxes that are struck out, in upright space."""

    chars: tuple[Char, ...] = ()
    struck: tuple[Box, ...] = ()


def read_annotations(page: pdfium.FPDF_PAGE, form: pdfium.FPDF_FORMHANDLE | None, to_upright: Transform) -> Annotations:
    """Return what the annotations of a page show; `form` is the document's form, None if it has none."""
    chars: list[Char] = []
    struck: list[Box] = []
    for i in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, i)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetFlags(annotation) & _HIDDEN_FLAGS:
                continue
            box = _read_box(annotation, to_upright)
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            if kind == pdfium.FPDF_ANNOT_STRIKEOUT:
                struck.append(box)
            elif kind == pdfium.FPDF_ANNOT_FREETEXT:
                chars += _place_text(_read_string(annotation, b"Contents"), box)
            elif kind == pdfium.FPDF_ANNOT_WIDGET and form is not None:
                chars += _place_text(_read_value(annotation, form), box)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return Annotations(tuple(chars), tuple(struck))


def strike_chars(chars: list[Char], boxes: tuple[Box, ...]) -> list[Char]:
    """Return the characters, those in struck-out boxes marked."""
    if not boxes:
        return chars
    return [
        c._replace(kinds=c.kinds | {"struck"})
        if any(box.contains((c.x0 + c.x1) / 2, c.base - 0.3 * c.size) for box in boxes)
        else c
        for c in chars
    ]


def _read_box(annotation: pdfium.FPDF_ANNOTATION, to_upright: Transform) -> Box:
    rectangle = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, rectangle)
    (x0, y0), (x1, y1) = to_upright(rectangle.left, rectangle.bottom), to_upright(rectangle.right, rectangle.top)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _read_value(annotation: pdfium.FPDF_ANNOTATION, form: pdfium.FPDF_FORMHANDLE) -> str:
    """Return the value of a text field or list, '' for buttons."""
    if pdfium.FPDFAnnot_GetFormFieldType(form, annotation) not in _SHOWN_FIELDS:
        return ""
    return _decode(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))


def _read_string(annotation: pdfium.FPDF_ANNOTATION, key: bytes) -> str:
    return _decode(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size))


def _decode(read: Callable[[object, int], int]) -> str:
    """Return the text that a function of pdfium writes into a buffer; its size is in bytes."""
    size = min(read(None, 0), 2 * MAX_VALUE_CHARS)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    read(buffer, size)
    return bytes(buffer)[:size].decode("utf-16-le", errors="replace").rstrip("\0")


def _place_text(text: str, box: Box) -> Iterator[Char]:
    """Yield the characters of a text as one line in a box; spaces leave a gap."""
    size = max(MIN_SIZE, min(MAX_SIZE, box.bottom - box.top))
    width = min(DIGIT_WIDTH * size, (box.x1 - box.x0) / max(len(text), 1))
    base = box.bottom - BASE_SHARE * (box.bottom - box.top)
    for i, char in enumerate(text):
        if not char.isspace():
            yield Char(char, box.x0 + i * width, box.x0 + (i + 1) * width, base, size, _FIELD)
