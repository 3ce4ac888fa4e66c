from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from support import pdfs, scans
from support.project import ROOT

from pipeline.core.model import DataFault
from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.read import scan as package
from pipeline.read.layout.page import Box, Field
from pipeline.read.scan.cells import DOUBTFUL, _settled, _with_text
from pipeline.read.scan.image import skew
from pipeline.registry.load import load_register
from pipeline.runtime.child_process import Guard

pytestmark = pytest.mark.skipif(bool(pdfs.missing()), reason=pdfs.missing())
SMALL, LARGE = "2018/411202.html", "2024/320800.html"


def pages(name: str, scanner: scans.Scanner) -> list[scans.Image]:
    return scans.scanned(pdfs.weasyprint(name), scanner)


@pytest.mark.parametrize(
    ("scanner", "kind"),
    [
        (scans.Scanner(150, jpeg=70), "PNG"),
        (scans.Scanner(200, turn=-0.8, noise=8), "JPEG"),
    ],
)
def test_a_picture_of_a_page_gives_its_cells(scanner: scans.Scanner, kind: str) -> None:
    document = read_bytes(scans.as_picture(pages(SMALL, scanner)[0], kind))
    taken = extract(document, load_register())
    form, truth, title = pdfs.report(SMALL)
    assert {c.address: c.raw for c in taken.cells}.items() <= truth.items()
    assert len(taken.cells) >= 15
    assert [f.identity for f in taken.findings] == ["extract.missing"]  # the other pages
    assert f"{taken.body}{taken.year}" in title
    assert taken.form == form.code
    assert document.format == "scan"


def test_a_poor_scan_has_no_wrong_cell_without_a_warning() -> None:
    scanner = scans.CASES["150 dpi, all of it"]
    content = scans.as_pdf(pages(LARGE, scanner), scanner.dpi)
    with Guard() as guard:  # its limit of memory must leave room for the models
        taken = extract(guard.call(read_bytes, content), load_register())
    _, truth, _ = pdfs.report(LARGE)
    found = scans.judge(taken, truth)
    assert not found["silent"]
    assert len(found["right"]) >= 0.95 * len(truth)
    assert {c.page for c in taken.cells} == {1, 2}


def test_the_judge_sees_a_wrong_cell() -> None:
    """The test above can fail."""
    taken = extract(read_bytes(pdfs.reportlab(SMALL)), load_register())
    _, truth, _ = pdfs.report(SMALL)
    address = next(a for a, raw in truth.items() if raw not in ("0", ""))
    found = scans.judge(taken, {**truth, address: "77"})
    assert found["silent"] == [address]
    assert len(found["right"]) == len(truth) - 1


def drawn(mark: str) -> scans.Image:
    """A page with four cells, the first of them marked in some way."""
    page = np.full((1700, 1200), 255, np.uint8)
    for y in (300, 380, 460):
        page[y : y + 3, 200:1000] = 0
    for x in (200, 600, 1000):
        page[300:463, x : x + 3] = 0
    if mark == "smudge":
        chance = np.random.default_rng(3)
        page[325:355, 380:410] = chance.integers(60, 190, (30, 30))
    elif mark == "speck":
        page[340:342, 390:392] = 0
    return page


@pytest.mark.parametrize(("mark", "blank"), [("", True), ("speck", True), ("smudge", False)])
def test_ink_never_passes_for_a_blank(mark: str, blank: bool) -> None:
    (grid,) = read_bytes(scans.as_picture(drawn(mark), "PNG")).grids
    assert len(grid.cells) == 4
    first = grid.cells[0]
    assert (first.text == "") == blank
    assert blank or first.confidence < scans.TRUSTED
    assert all(c.text == "" for c in grid.cells[1:])


def test_ink_without_text_is_a_question_mark() -> None:
    field = Field(Box(0, 0, 9, 9), 0, 0, 1, 1)
    assert (_with_text(field, [("", 0.0)], True).text, _with_text(field, [("", 0.0)], True).confidence) == ("?", 0.0)
    assert _with_text(field, [], False) == field


@pytest.mark.parametrize(
    ("first", "second", "expected", "sure"),
    [
        ("17", "17", "17", True),
        ("17", "11", "17", False),  # two readings differ
        ("1O", "10", "10", False),  # a letter for a digit
        ("l", "l", "1", False),
        ("8.947", "8.947", "8.947", False),  # a point, or a thousands mark
        ("160.59", "160.59", "160.59", True),
        ("", "7", "7", False),
        ("/", "/", "/", False),  # an upright stroke: rather a 1
    ],
)
def test_two_readings_settle_a_value(first: str, second: str, expected: str, sure: bool) -> None:
    stroke = np.full((30, 20), 255, np.uint8)
    stroke[5:25, 9:11] = 0
    text, score = _settled((first, 0.99), (second, 0.95), stroke)
    assert text == expected
    assert (score >= scans.TRUSTED) == sure
    assert sure or score <= 0.7
    assert DOUBTFUL < scans.TRUSTED


@pytest.mark.parametrize("angle", [0.0, 0.5, -1.0, 2.0])
def test_ruling_lines_tell_the_skew(angle: float) -> None:
    page = np.asarray(Pillow.fromarray(drawn("")).rotate(-angle, Pillow.Resampling.BICUBIC, fillcolor=255))
    assert skew(page) == pytest.approx(angle, abs=0.11)


def test_a_tiff_of_several_frames_has_as_many_pages() -> None:
    document = read_bytes(scans.as_tiff([drawn(""), drawn("")]))
    assert {c.page for g in document.grids for c in g.cells} == {1, 2}


def test_sixteen_bits_and_a_see_through_ground_are_read_alike() -> None:
    page = Pillow.fromarray(drawn("")).convert("RGBA")
    page.putalpha(Pillow.fromarray(255 - drawn("")))
    for picture in (Pillow.fromarray(drawn("").astype(np.uint16) * 257), page):
        out = io.BytesIO()
        picture.save(out, "PNG")
        (grid,) = read_bytes(out.getvalue()).grids
        assert [c.text for c in grid.cells] == [""] * 4


def header_only() -> bytes:
    """A PNG that says it has 30,000 by 30,000 pixels."""
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
        (header_only(), {"read.image_size", "read.image_broken"}),
        (scans.as_picture(drawn("smudge"), "PNG")[:-900], {"read.image_broken"}),
    ],
    ids=["png", "jpeg", "tiff", "tiny", "huge", "cut"],
)
def test_bad_pictures_end_in_a_message(content: bytes, codes: set[str]) -> None:
    with pytest.raises(DataFault) as fault:
        read_bytes(content)
    assert fault.value.code in codes


@pytest.mark.parametrize("content", [scans.as_picture(drawn(""), "PNG"), scans.as_pdf([drawn("")], 150)])
def test_without_ocr_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    for name in ("pipeline.read.scan.ocr", "pipeline.read.scan.cells", "pipeline.read.scan.pages"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.delattr(package, "pages", raising=False)
    with pytest.raises(DataFault) as fault:
        read_bytes(content)
    assert fault.value.code == "read.ocr_missing"


def test_no_socket_is_opened(tmp_path: Path) -> None:
    """The models come in the wheel: recognition works where every connection is an error."""
    path = tmp_path / "a.png"
    path.write_bytes(scans.as_picture(drawn("smudge"), "PNG"))
    program = (
        "import socket\n"
        "def refuse(*a, **k): raise SystemExit('a connection was tried')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from pathlib import Path\nfrom pipeline.read.scan import pages as scan_pages\n"
        f"assert scan_pages.read(Path({str(path)!r}).read_bytes()).grids"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
