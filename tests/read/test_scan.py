from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from support import pdfs, scans
from support.project import ROOT

from pipeline.core.model import DataFault
from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.read import scan as scan_package
from pipeline.read.layout.page import Box, Field, Page
from pipeline.read.scan import pages, perspective
from pipeline.read.scan.cells import UNCONFIRMED_CONFIDENCE, _combine_readings, _fill_field
from pipeline.read.scan.image import measure_skew
from pipeline.read.scan.pages import _find_tables
from pipeline.read.scan.perspective import straighten
from pipeline.registry.load import load_register
from pipeline.runtime.child_process import Guard

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(pdfs.missing()), reason=pdfs.missing())]
SMALL_REPORT, LARGE_REPORT = "2018/411202.html", "2024/320800.html"


def scan_pages(name: str, scanner: scans.Scanner) -> list[scans.Image]:
    """Return pictures of a report's pages as this scanner makes them."""
    return scans.scanned(pdfs.weasyprint(name), scanner)


@pytest.mark.parametrize(
    ("scanner", "kind"),
    [
        (scans.Scanner(150, jpeg=70), "PNG"),
        (scans.Scanner(200, turn=-0.8, noise=8), "JPEG"),
    ],
)
def test_picture_of_a_page_gives_its_cells(scanner: scans.Scanner, kind: str) -> None:
    document = read_bytes(scans.as_picture(scan_pages(SMALL_REPORT, scanner)[0], kind))
    extraction = extract(document, load_register())
    form, truth, title = pdfs.report(SMALL_REPORT)
    assert {c.address: c.raw for c in extraction.cells}.items() <= truth.items()
    assert len(extraction.cells) >= 15
    assert [f.identity for f in extraction.findings] == ["extract.missing", "extract.scan"]  # the other pages
    assert f"{extraction.body}{extraction.year}" in title
    assert extraction.form == form.code
    assert document.format == "scan"


def test_poor_scan_has_no_wrong_cell_without_a_warning() -> None:
    scanner = scans.CASES["150 dpi, all of it"]
    content = scans.as_pdf(scan_pages(LARGE_REPORT, scanner), scanner.dpi)
    with Guard() as guard:  # the memory limit must leave room for the models
        extraction = extract(guard.call(read_bytes, content), load_register())
    _, truth, _ = pdfs.report(LARGE_REPORT)
    verdict = scans.judge(extraction, truth)
    assert not verdict["silent"]
    assert len(verdict["right"]) >= 0.95 * len(truth)
    assert {c.page for c in extraction.cells} == {1, 2}


def test_page_that_was_read_lately_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    count, once = 0, pages._read_page

    def counted(grey: scans.Image, number: int) -> Page:
        nonlocal count
        count += 1
        return once(grey, number)

    monkeypatch.setattr(pages, "_read_page", counted)
    monkeypatch.setattr(pages, "MAX_RECENT", 1)
    monkeypatch.setattr(pages, "_recent", {})
    blank, line = (np.full((400, 300), 255, np.uint8) for _ in range(2))
    line[200, 50:250] = 0
    assert pages.read_page(blank, 1) is pages.read_page(blank.copy(), 1)
    assert count == 1
    assert pages.read_page(blank, 2).number == 2  # another page with the same picture
    pages.read_page(line, 2)
    pages.read_page(blank, 2)
    assert count == 4


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_page_on_its_side_or_upside_down_is_turned(turns: int) -> None:
    page = np.ascontiguousarray(np.rot90(scan_pages(SMALL_REPORT, scans.Scanner(150))[0], turns))
    extraction = extract(read_bytes(scans.as_picture(page, "PNG")), load_register())
    _, truth, _ = pdfs.report(SMALL_REPORT)
    assert {c.address: c.raw for c in extraction.cells}.items() <= truth.items()
    assert len(extraction.cells) >= 15


def slant(page: scans.Image, share: float) -> scans.Image:
    """Return a page photographed from below: its upper corners move inwards by this share of its width."""
    height, width = page.shape
    shift = share * width
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = np.array([[shift, shift / 2], [width - shift, 0], [width, height], [0, height]], np.float32)
    transform = cv2.getPerspectiveTransform(corners, moved)
    return np.asarray(cv2.warpPerspective(page, transform, (width, height), borderValue=(255,)), np.uint8)


def test_mild_perspective_is_removed() -> None:
    page = slant(scan_pages(LARGE_REPORT, scans.Scanner(150))[1], 0.04)
    upright_page = scan_pages(LARGE_REPORT, scans.Scanner(150))[1]
    assert [(f.row, f.column) for f in find_page_fields(page)] == [
        (f.row, f.column) for f in find_page_fields(upright_page)
    ]


def find_page_fields(page: scans.Image) -> list[Field]:
    """Return the fields of the largest table of a page."""
    return list(max(_find_tables(page)[1], key=lambda table: len(table.fields)).fields)


def test_table_with_a_ragged_side_is_no_perspective(monkeypatch: pytest.MonkeyPatch) -> None:
    page = np.full((1700, 1200), 255, np.uint8)
    for y, right in ((300, 920), (500, 920), (700, 1000), (1200, 1000)):
        page[y : y + 3, 200:right] = 0
    page[300:1203, 200:203] = page[300:700, 918:921] = page[700:1203, 998:1001] = 0
    assert straighten(page) is page
    monkeypatch.setattr(perspective, "MIN_EDGE_SHARE", 0.0)
    assert straighten(page) is not page


def test_page_whose_fonts_tell_no_characters_is_read_as_a_picture() -> None:
    content = pdfs.weasyprint(SMALL_REPORT, plain=True)
    assert b"/ToUnicode" in content
    extraction = extract(read_bytes(content.replace(b"/ToUnicode", b"/ToUnicodX")), load_register())
    _, truth, _ = pdfs.report(SMALL_REPORT)
    verdict = scans.judge(extraction, truth)
    assert not verdict["silent"]
    assert len(verdict["right"]) >= 0.95 * len(truth)
    assert ("extract.garbled", "1 | 2 | 3") in [(f.identity, f.note) for f in extraction.findings]


def test_judge_detects_a_wrong_cell() -> None:
    """The test above relies on the judge, so the judge must detect errors."""
    extraction = extract(read_bytes(pdfs.reportlab(SMALL_REPORT)), load_register())
    _, truth, _ = pdfs.report(SMALL_REPORT)
    address = next(a for a, raw in truth.items() if raw not in ("0", ""))
    verdict = scans.judge(extraction, {**truth, address: "77"})
    assert verdict["silent"] == [address]
    assert len(verdict["right"]) == len(truth) - 1


def draw_page(mark: str) -> scans.Image:
    """Return a page with four cells; the first contains a `smudge`, a `speck` or nothing ('')."""
    page = np.full((1700, 1200), 255, np.uint8)
    for y in (300, 380, 460):
        page[y : y + 3, 200:1000] = 0
    for x in (200, 600, 1000):
        page[300:463, x : x + 3] = 0
    if mark == "smudge":
        generator = np.random.default_rng(3)
        page[325:355, 380:410] = generator.integers(60, 190, (30, 30))
    elif mark == "speck":
        page[340:342, 390:392] = 0
    return page


@pytest.mark.parametrize(("mark", "is_blank"), [("", True), ("speck", True), ("smudge", False)])
def test_ink_never_passes_for_a_blank(mark: str, is_blank: bool) -> None:
    (grid,) = read_bytes(scans.as_picture(draw_page(mark), "PNG")).grids
    assert len(grid.cells) == 4
    first = grid.cells[0]
    assert (first.text == "") == is_blank
    assert is_blank or first.confidence < scans.TRUSTED
    assert all(c.text == "" for c in grid.cells[1:])


def test_ink_without_text_is_a_question_mark() -> None:
    field = Field(Box(0, 0, 9, 9), 0, 0, 1, 1)
    unreadable_field = _fill_field(field, [("", 0.0)], True)
    assert (unreadable_field.text, unreadable_field.confidence) == ("?", 0.0)
    assert _fill_field(field, [], False) == field


@pytest.mark.parametrize(
    ("first", "second", "expected", "is_trusted"),
    [
        ("17", "17", "17", True),
        ("17", "11", "17", False),  # two readings differ
        ("1O", "10", "10", False),  # a letter in place of a digit
        ("l", "l", "1", False),
        ("8.947", "8.947", "8.947", False),  # a decimal point or a thousands separator
        ("160.59", "160.59", "160.59", True),
        ("", "7", "7", False),
        ("/", "/", "/", False),  # an upright stroke is more likely a 1
    ],
)
def test_two_readings_give_one_value(first: str, second: str, expected: str, is_trusted: bool) -> None:
    stroke = np.full((30, 20), 255, np.uint8)
    stroke[5:25, 9:11] = 0
    text, score = _combine_readings((first, 0.99), (second, 0.95), stroke)
    assert text == expected
    assert (score >= scans.TRUSTED) == is_trusted
    assert is_trusted or score <= 0.7
    assert UNCONFIRMED_CONFIDENCE < scans.TRUSTED


@pytest.mark.parametrize("angle", [0.0, 0.5, -1.0, 2.0])
def test_skew_is_measured_from_ruling_lines(angle: float) -> None:
    page = np.asarray(Pillow.fromarray(draw_page("")).rotate(-angle, Pillow.Resampling.BICUBIC, fillcolor=255))
    assert measure_skew(page) == pytest.approx(angle, abs=0.11)


def test_each_frame_of_a_tiff_is_a_page() -> None:
    document = read_bytes(scans.as_tiff([draw_page(""), draw_page("")]))
    assert {c.page for g in document.grids for c in g.cells} == {1, 2}


def test_sixteen_bit_and_transparent_pictures_are_read_alike() -> None:
    page = Pillow.fromarray(draw_page("")).convert("RGBA")
    page.putalpha(Pillow.fromarray(255 - draw_page("")))
    for picture in (Pillow.fromarray(draw_page("").astype(np.uint16) * 257), page):
        out = io.BytesIO()
        picture.save(out, "PNG")
        (grid,) = read_bytes(out.getvalue()).grids
        assert [c.text for c in grid.cells] == [""] * 4


def make_oversized_png() -> bytes:
    """Return a PNG whose header declares 30,000 by 30,000 pixels."""
    out = io.BytesIO()
    Pillow.new("1", (8, 8)).save(out, "PNG")
    content = out.getvalue()
    return content[:16] + (30_000).to_bytes(4, "big") * 2 + content[24:]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(40), {"read.image_broken"}),
        (b"\xff\xd8\xff" + b"x" * 40, {"read.image_broken"}),
        (b"II*\x00" + b"\xff" * 40, {"read.image_broken"}),
        (scans.as_picture(np.full((20, 20), 255, np.uint8), "PNG"), {"read.image_size"}),
        (make_oversized_png(), {"read.image_size", "read.image_broken"}),
        (scans.as_picture(draw_page("smudge"), "PNG")[:-900], {"read.image_broken"}),
    ],
    ids=["png", "jpeg", "tiff", "tiny", "huge", "cut"],
)
def test_unreadable_picture_is_a_fault(content: bytes, codes: set[str]) -> None:
    with pytest.raises(DataFault) as fault:
        read_bytes(content)
    assert fault.value.code in codes


@pytest.mark.parametrize("content", [scans.as_picture(draw_page(""), "PNG"), scans.as_pdf([draw_page("")], 150)])
def test_missing_ocr_has_a_code_of_its_own(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    for name in ("pipeline.read.scan.ocr", "pipeline.read.scan.cells", "pipeline.read.scan.pages"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.delattr(scan_package, "pages", raising=False)
    with pytest.raises(DataFault) as fault:
        read_bytes(content)
    assert fault.value.code == "read.ocr_missing"


def test_ocr_opens_no_connection(tmp_path: Path) -> None:
    """The models are in the wheel, so recognition works where every connection is an error."""
    path = tmp_path / "a.png"
    path.write_bytes(scans.as_picture(draw_page("smudge"), "PNG"))
    program = (
        "import socket\n"
        "def refuse(*a, **k): raise SystemExit('a connection was attempted')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from pathlib import Path\nfrom pipeline.read.scan import pages as scan_pages\n"
        f"assert scan_pages.read(Path({str(path)!r}).read_bytes()).grids"
    )
    completed_process = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert completed_process.returncode == 0, completed_process.stderr
