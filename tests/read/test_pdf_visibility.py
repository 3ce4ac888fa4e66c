"""Ink, strokes, covers, raised marks and form fields decide what the reader of a PDF sees."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.model import Document
from pipeline.extract.visible import see
from pipeline.read import read_bytes

Draw = Callable[[Canvas], None]
BASE, SIZE = 700, 10  # of the text in the last cell, which is 100 points wide


def draw_page(draw: Draw, width: float = 100) -> Document:
    """Return the Document of a page with a table of two rows and columns; `draw` fills the last cell."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 800))
    canvas.setFont("Helvetica", SIZE)
    canvas.grid([100, 200, 200 + width], [685, 715, 745])
    for x, y, text in ((110, 730, "aa"), (210, 730, "bb"), (110, BASE, "cc")):
        canvas.drawString(x, y, text)
    draw(canvas)
    canvas.save()
    return read_bytes(out.getvalue())


def see_last(draw: Draw, width: float = 100) -> tuple[str, list[str]]:
    """Return the text of the last cell as seen, and the codes of the doubts."""
    document, doubts = see(draw_page(draw, width))
    assert [c.text for c in document.grids[0].cells[:3]] == ["aa", "bb", "cc"]
    return document.grids[0].cells[3].text, [doubt.code for all_doubts in doubts.values() for doubt in all_doubts]


def write(canvas: Canvas, text: str, x: float = 210, y: float = BASE, size: float = SIZE) -> float:
    """Write a text and return where it ends."""
    canvas.setFont("Helvetica", size)
    canvas.drawString(x, y, text)
    return float(x + canvas.stringWidth(text, "Helvetica", size))


def strike(canvas: Canvas) -> None:
    end = write(canvas, "99")
    canvas.line(210, BASE + 3.2, end, BASE + 3.2)
    write(canvas, "26", end)


def write_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    end = write(canvas, "99")
    canvas.setFillColorRGB(0, 0, 0)
    write(canvas, "26", end)


def write_transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    end = write(canvas, "99")
    canvas.setFillAlpha(1)
    write(canvas, "26", end)


def write_invisible(canvas: Canvas) -> None:
    text = canvas.beginText(210, BASE)
    text.setTextRenderMode(3)
    text.textOut("99")
    text.setTextRenderMode(0)
    text.textOut("26")
    canvas.drawText(text)


def cover(canvas: Canvas) -> None:
    end = write(canvas, "99")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(209, BASE - 3, end - 209, 12, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    write(canvas, "26", end)


@pytest.mark.parametrize("draw", [strike, write_white, write_transparent, write_invisible, cover])
def test_digits_that_the_page_does_not_show_are_not_read(draw: Draw) -> None:
    assert see_last(draw) == ("26", ["extract.unread"])


def write_on_dark(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.1, 0.2, 0.4)
    canvas.rect(201, 686, 90, 28, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    write(canvas, "26")


def write_on_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(201, 686, 90, 28, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    write(canvas, "26")


def underline(canvas: Canvas) -> None:
    end = write(canvas, "26")
    canvas.line(210, BASE - 1.5, end, BASE - 1.5)


def stamp(canvas: Canvas) -> None:
    write(canvas, "26")
    canvas.setFillColorRGB(1, 0, 0)
    canvas.setFillAlpha(0.3)
    canvas.rect(205, BASE - 3, 40, 12, stroke=0, fill=1)


def fill_field(canvas: Canvas) -> None:
    canvas.acroForm.textfield(name="n", value="26", x=205, y=690, width=60, height=18, borderWidth=0)


@pytest.mark.parametrize("draw", [write_on_dark, write_on_white, underline, stamp, fill_field])
def test_digits_that_the_page_shows_are_read(draw: Draw) -> None:
    assert see_last(draw) == ("26", [])


@pytest.mark.parametrize(
    ("mark", "size", "rise"), [("1", 6, 4), ("[1]", 6, 3.5), ("1", 6, 5.5), ("1", 10, 4), ("a", 6, -2)]
)
def test_raised_mark_is_a_note(mark: str, size: float, rise: float) -> None:
    assert see_last(lambda canvas: _write_note(canvas, mark, size, rise)) == ("26", ["extract.note"])


def _write_note(canvas: Canvas, mark: str, size: float, rise: float) -> None:
    end = write(canvas, "26")
    write(canvas, mark, end, BASE + rise, size)


@pytest.mark.parametrize(("x", "y", "text"), [(229.2, BASE, "214 211"), (210, BASE - 12, "214；211")])
def test_gap_and_break_in_a_number_are_doubts(x: float, y: float, text: str) -> None:
    def draw(canvas: Canvas) -> None:
        assert write(canvas, "214") < 227
        write(canvas, "211", x, y)

    assert see_last(draw) == (text, ["extract.several"])


def test_two_numbers_printed_over_each_other_are_asked_about() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, "26")
        write(canvas, "31", 211)

    assert see_last(draw)[1] == ["extract.unsure"]


def test_fake_bold_number_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, "26")
        write(canvas, "26", 210.3)

    assert see_last(draw) == ("26", [])


def test_number_wrapped_in_a_narrow_column_is_one_number_of_low_confidence() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, "129", 203)
        write(canvas, "790", 203, BASE - 12)

    cell = draw_page(draw, width=24).grids[0].cells[3]
    assert (cell.text, cell.confidence < 0.8) == ("129790", True)


def test_struck_prose_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        end = write(canvas, "x99", 100, 600)
        canvas.line(100 + canvas.stringWidth("x", "Helvetica", SIZE), 603.2, end, 603.2)
        write(canvas, "26y", end, 600)

    assert [p.text for p in see(draw_page(draw)).document.paragraphs] == ["x26y"]
