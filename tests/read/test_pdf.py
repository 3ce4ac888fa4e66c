from __future__ import annotations

import io
import json
import subprocess
import sys
import zlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from support import pdfs
from support.project import ROOT

from pipeline.core.model import MIN_CONFIDENCE, DataFault, Grid
from pipeline.extract import extract
from pipeline.extract.visible import see_cell
from pipeline.read import read, read_bytes
from pipeline.read.layout.blocks import build_blocks
from pipeline.read.layout.lattice import Rule, build_tables
from pipeline.read.layout.page import Box, Char, Field, Line, Page, Table
from pipeline.read.pdf.aligned_text import DOUBTFUL, _align_lines
from pipeline.read.pdf.cells import DOUBTED_CONFIDENCE, _read_field
from pipeline.registry.load import load_register
from pipeline.runtime.child_process import Guard

REPORTS = ("2019/411200.html", "2024/320800.html", "2018/411202.html")


def produce_pdf(producer: str, name: str) -> bytes:
    """Return a report as a PDF by this producer; skip the test if the producer is not installed."""
    if producer == "weasyprint" and pdfs.missing():
        pytest.skip(pdfs.missing())
    return pdfs.PRODUCERS[producer](name)


def test_real_report_is_read_completely(shared: Path) -> None:
    extraction = extract(read(shared / "reports" / "huaian-2024.pdf"), load_register())
    truth = json.loads((shared / "truth" / "huaian-2024.json").read_text(encoding="utf-8"), parse_float=Decimal)
    assert {c.address: c.value for c in extraction.cells} == truth["cells"]
    assert (extraction.body, extraction.year, extraction.form) == (truth["body"], truth["year"], truth["form"])
    assert not extraction.findings
    assert all(c.confidence >= 0.9 for c in extraction.cells)
    pages = {c.address: c.page for c in extraction.cells}
    assert (pages["proactive/licensing/decisions"], pages["proactive/penalties/decisions"]) == (3, 4)
    assert (pages["applications/new/total"], pages["applications/carried_out/total"]) == (4, 5)


def test_prose_of_the_real_report_has_complete_paragraphs(shared: Path) -> None:
    document = read(shared / "reports" / "huaian-2024.pdf")
    texts = [p.text for p in document.paragraphs]
    assert texts[0] == "淮安市人民政府2024年政府信息公开工作年度报告"
    assert len(texts) == 17
    split_paragraph = next(t for t in texts if t.startswith("（一）主动公开情况"))
    assert "“建设‘四最’一流营商环境高质量推进" in split_paragraph  # continues on page 2
    assert not any(mark in t for t in texts for mark in ("- 1 -", "-1-", "-2-"))
    labels = {c.text for g in document.grids for c in g.cells}
    assert "（四）无法提供" in labels  # cut in two by the page break
    assert "三、本年度办理结果" in labels


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("producer", pdfs.PRODUCERS)
def test_every_cell_is_read_from_every_producer(producer: str, name: str) -> None:
    extraction = extract(read_bytes(produce_pdf(producer, name)), load_register())
    form, truth, _ = pdfs.report(name)
    assert {c.address: c.raw for c in extraction.cells} == truth
    assert extraction.form == form.code
    assert extraction.titled
    assert not extraction.findings
    assert all(c.confidence >= 0.9 for c in extraction.cells)


def test_table_over_two_pages_is_one_grid() -> None:
    document = read_bytes(produce_pdf("reportlab", "2024/320800.html"))
    assert len(document.grids) == 3
    assert {c.page for c in document.grids[1].cells} == {1, 2}
    assert not any("- " in p.text for p in document.paragraphs)


def make_page(draw: object, **options: object) -> bytes:
    """Return a PDF with one page on which `draw` draws; the options are those of the canvas."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), **options)
    assert callable(draw)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def draw_table(canvas: Canvas, texts: dict[tuple[float, float], str]) -> None:
    """Draw two by two cells of 100 by 40 points, and texts at their (x, y)."""
    for left in (100, 200):
        for bottom in (660, 700):
            canvas.rect(left, bottom, 100, 40)
    for (x, y), text in texts.items():
        canvas.drawString(x, y, text)


@pytest.mark.parametrize(
    ("texts", "doubted_texts"),
    [
        ({(110, 715): "12", (210, 715): "34"}, set()),
        ({(110, 715): "12     34"}, {"12 34"}),  # two numbers in one cell
        ({(110, 725): "12", (110, 705): "34"}, {"12\n34"}),  # on two lines although one had space
        ({(186, 715): "1234"}, {"12", "34"}),  # across the line between two cells
        ({(104, 722): "1234567890123", (104, 705): "78"}, set()),  # wrapped for lack of space
    ],
)
def test_number_that_may_be_two_is_doubted(texts: dict[tuple[float, float], str], doubted_texts: set[str]) -> None:
    (grid,) = read_bytes(make_page(lambda canvas: draw_table(canvas, texts))).grids
    assert {c.text for c in grid.cells if c.confidence < 0.8 or see_cell(c.text, c.marks)[1]} == doubted_texts
    assert len(grid.cells) == 4


def test_different_second_reading_lowers_the_confidence() -> None:
    field, lines = Field(Box(0, 0, 50, 20), 0, 0, 1, 1), [[Char("1", 5, 10, 12, 10), Char("7", 10, 15, 12, 10)]]
    assert _read_field(field, lines, "17", 800).confidence == 1.0
    assert _read_field(field, lines, "71", 800).confidence == DOUBTED_CONFIDENCE
    assert _read_field(field, lines, "", 800).confidence == DOUBTED_CONFIDENCE


def test_vertical_writing_stays_in_its_cell() -> None:
    """pdfium ignores the scale of the text matrix for vertical fonts: the first character had a box of 200 points."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    def draw(canvas: Canvas) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light", isVertical=True))
        for x, width in ((90, 40), (130, 300)):
            canvas.rect(x, 500, width, 100)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(140, 550, "1234")
        text = canvas.beginText()
        text.setFont("STSong-Light", 200)
        text.setTextTransform(0.05, 0, 0, 0.05, 110, 590)
        text.textOut("三本年度办理结果")
        canvas.drawText(text)

    (grid,) = read_bytes(make_page(draw)).grids
    assert [(c.text, c.confidence) for c in grid.cells] == [("三本年度办理结果", 1.0), ("1234", 1.0)]


@pytest.mark.skipif(bool(pdfs.missing()), reason=pdfs.missing())
@pytest.mark.parametrize(
    "rules", ["", "table { border-top: 1px solid !important; border-bottom: 1px solid !important }"]
)
def test_table_without_ruling_lines_is_read_by_its_columns(rules: str) -> None:
    content = pdfs.weasyprint("2018/411202.html", style=f"table, td, th {{ border: none !important }} {rules}")
    extraction = extract(read_bytes(content), load_register())
    _, truth, _ = pdfs.report("2018/411202.html")
    assert {c.address: c.raw for c in extraction.cells} == truth
    assert "extract.unruled" in [f.identity for f in extraction.findings]


@pytest.mark.skipif(bool(pdfs.missing()), reason=pdfs.missing())
def test_cells_of_a_table_without_lines_are_asked_about() -> None:
    content = pdfs.weasyprint("2019/411200.html", style="table, td, th { border: none !important }")
    extraction = extract(read_bytes(content), load_register())
    assert len(extraction.cells) > 100
    assert max(cell.confidence for cell in extraction.cells) < MIN_CONFIDENCE


def test_hidden_and_struck_text_outside_of_ruled_tables_is_no_number() -> None:
    chars = [
        Char("1", 0, 5, 10, 10),
        Char("2", 50, 55, 10, 10, frozenset({"hidden"})),
        Char("3", 90, 95, 10, 10, frozenset({"struck"})),
    ]
    assert [line.split() for line in _align_lines(chars)] == [["1", DOUBTFUL]]


def test_page_mark_inside_a_table_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        for x in (100, 200):
            canvas.rect(x, 20, 100, 700)
        canvas.drawString(110, 400, "8")
        canvas.drawString(110, 30, "- 4 -")

    (grid,) = read_bytes(make_page(draw)).grids
    assert [c.text for c in grid.cells] == ["8", ""]


def test_dashed_lines_with_open_sides_make_a_table() -> None:
    horizontal = [Rule(y, x, x + 8) for y in (10, 30, 50) for x in range(0, 200, 10)]  # dashed
    (table,) = build_tables(horizontal, [Rule(100, 10, 50)])
    assert len(table.fields) == 4
    assert table.fields[0].box == pytest.approx((0, 10, 100, 30), abs=2)


def test_lines_without_cells_make_no_table() -> None:
    assert build_tables([Rule(10, 0, 100)], []) == []
    frame = [Rule(0, 0, 100), Rule(50, 0, 100)], [Rule(0, 0, 50), Rule(100, 0, 50)]
    assert build_tables(*frame) == []


def make_table_page(number: int, rows: list[list[str]], xs: tuple[float, ...] = (0, 50, 100)) -> Page:
    """Return a page with one table of these texts; `xs` are its column edges."""
    ys = tuple(100.0 + 20 * i for i in range(len(rows) + 1))
    fields = tuple(
        Field(Box(xs[c], ys[r], xs[c + 1], ys[r + 1]), r, c, 1, 1, text)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Page(number, 595, 842, (), (Table(Box(xs[0], 100, xs[-1], ys[-1]), xs, ys, fields),))


def list_cells(grid: object) -> list[tuple[str, int, int, int]]:
    """Return text, row, column and page of each cell of a grid."""
    assert isinstance(grid, Grid)
    return [(c.text, c.row, c.column, c.page) for c in grid.cells]


def test_row_cut_by_the_page_break_is_one_row() -> None:
    (grid,) = build_blocks(
        [make_table_page(1, [["1.属于国家", "3"]]), make_table_page(2, [["秘密", ""], ["2.其他", "4"]])]
    )
    assert list_cells(grid) == [("1.属于国家秘密", 0, 0, 1), ("3", 0, 1, 1), ("2.其他", 1, 0, 2), ("4", 1, 1, 2)]


def test_complete_rows_are_not_joined() -> None:
    (grid,) = build_blocks([make_table_page(1, [["规章", "3"]]), make_table_page(2, [["规范性文件", "5"]])])
    assert [t[0] for t in list_cells(grid)] == ["规章", "3", "规范性文件", "5"]


def test_repeated_header_is_left_out() -> None:
    head = ["信息内容", "数量"]
    (grid,) = build_blocks([make_table_page(1, [head, ["规章", "3"]]), make_table_page(2, [head, ["许可", "5"]])])
    assert [t[0] for t in list_cells(grid)] == [*head, "规章", "3", "许可", "5"]


@pytest.mark.parametrize("change", ["edges", "heading", "gap"])
def test_other_table_on_a_later_page_stays_separate(change: str) -> None:
    first, second = make_table_page(1, [["规章", "3"]]), make_table_page(2, [["许可", "5"]])
    if change == "edges":
        second = make_table_page(2, [["许可", "5"]], xs=(0, 30, 140))
    elif change == "heading":
        second = replace(second, lines=(Line("四、行政复议情况", 0, 90, 80, 12),))
    else:
        second = replace(second, number=3)
    assert sum(isinstance(b, Grid) for b in build_blocks([first, second])) == 2


def make_raw_pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects, numbered from 2; object 1 is the catalogue."""
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", *objects), start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + end % (len(offsets) + 1, table, len(offsets) + 1, len(out))


def make_stream(content: bytes, extra: bytes = b"") -> bytes:
    """Return a stream object; `extra` is added to its dictionary."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), extra, content)


PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>>>"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</A %d 0 R>>>>"
BOMB = zlib.compress(b"0 0 m 1 1 l S\n" * 6_000_000)


BOXES = {
    "turned over": b"[595 842 0 0]",
    "mirrored": b"[595 0 0 842]",
    "without width": b"[0 0 0 842]",
    "too short": b"[0 0 595]",
    "not a number": b"[nan 0 595 842]",
    "turned over crop box": b"[0 0 595 842]/CropBox[500 800 10 10]",
    "crop box without height": b"[0 0 595 842]/CropBox[10 10 20 10]",
}
TABLE_OF_ONE_ROW = b"""0 0 0 RG 100 600 m 300 600 l S 100 650 m 300 650 l S 100 600 m 100 650 l S 200 600 m 200 650 l S
300 600 m 300 650 l S BT /F 12 Tf 120 620 Td (abc) Tj ET BT /F 12 Tf 220 620 Td (21) Tj ET"""


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_page_with_an_odd_box_is_read_as_pdfium_shows_it(box: bytes) -> None:
    resources = b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox" + box + resources
    (grid,) = (
        b for b in read_bytes(make_raw_pdf(PAGES, page, make_stream(TABLE_OF_ONE_ROW))).blocks if isinstance(b, Grid)
    )
    assert [c.text for c in grid.cells] == ["abc", "21"]
    assert all(c.box is not None and 0 < min(c.box) < max(c.box) < 1 for c in grid.cells)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 ...", "read.pdf_broken"),
        (make_raw_pdf(b"<</Type/Pages/Kids[]/Count 0>>"), "read.pdf_broken"),
        (make_raw_pdf(b"<</Type/Pages/Kids[2 0 R]/Count 5>>"), "read.pdf_broken"),
        (make_raw_pdf(b"<</Type/Pages/Kids[" + b"3 0 R " * 10000 + b"]/Count 10000>>", PAGE), "read.pdf_pages"),
        (make_raw_pdf(PAGES, PAGE.replace(b"595 842", b"99999 99999"), make_stream(b"")), "read.pdf_size"),
        (make_raw_pdf(PAGES, PAGE.replace(b"595 842", b"1 1"), make_stream(b"")), "read.pdf_size"),
        (make_raw_pdf(PAGES, PAGE, make_stream(BOMB, b"/Filter/FlateDecode")), "read.pdf_bomb"),
        (
            make_raw_pdf(PAGES, PAGE, make_stream(zlib.compress(BOMB), b"/Filter[/FlateDecode/FlateDecode]")),
            "read.pdf_bomb",
        ),
        (
            make_raw_pdf(
                PAGES,
                PAGE,
                make_stream(b"".join(b"%d 0 m %d 800 l S 0 %d m 500 %d l S\n" % (i, i, i, i) for i in range(52000))),
            ),
            "read.too_many_lines",
        ),
    ],
    ids=["junk", "no pages", "loop of pages", "10000 pages", "huge", "tiny", "bomb", "bomb in bomb", "drawing"],
)
def test_hostile_file_is_a_fault(content: bytes, code: str) -> None:
    with pytest.raises(DataFault) as fault:
        read_bytes(content)
    assert fault.value.code == code


@pytest.mark.slow
def test_endless_file_is_stopped_and_the_next_is_read() -> None:
    forms = [make_stream(b"/A Do " * 10, FORM % (n + 1)) for n in range(5, 14)]
    with Guard(timeout_seconds=4) as guard:
        with pytest.raises(DataFault) as fault:
            guard.call(
                read_bytes, make_raw_pdf(PAGES, PAGE, make_stream(b"/A Do"), *forms, make_stream(b"0 0 m 1 1 l S"))
            )
        assert fault.value.code == "read.timeout"
        assert guard.call(read_bytes, make_page(lambda canvas: draw_table(canvas, {(110, 715): "5"}))).grids


def test_encrypted_file_is_a_fault_and_one_locked_for_changes_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        draw_table(canvas, {(110, 715): "5"})

    with pytest.raises(DataFault) as fault:
        read_bytes(make_page(draw, encrypt=StandardEncryption("secret", canPrint=0)))
    assert fault.value.code == "read.pdf_locked"
    with pytest.raises(DataFault) as fault:  # pdfium remembers the last error
        read_bytes(make_raw_pdf(b"<</Type/Pages/Kids[]/Count 0>>"))
    assert fault.value.code == "read.pdf_broken"
    assert read_bytes(make_page(draw, encrypt=StandardEncryption("", "owner", canModify=0))).grids


def test_empty_page_is_an_empty_document() -> None:
    assert not read_bytes(make_page(lambda canvas: canvas.showPage())).blocks


def test_pdfium_and_ocr_are_loaded_only_when_needed(tmp_path: Path) -> None:
    """Importing the package does not load pdfium; reading a text PDF does not load OCR."""
    path = tmp_path / "a.pdf"
    path.write_bytes(make_page(lambda canvas: draw_table(canvas, {(110, 715): "5"})))
    program = (
        "import sys; import pipeline.read; assert 'pypdfium2' not in sys.modules; "
        "from pipeline.read.pdf import pages as pdf_pages; from pathlib import Path; "
        f"assert pdf_pages.read(Path({str(path)!r}).read_bytes()).grids; "
        "assert not {'rapidocr', 'onnxruntime', 'cv2'} & set(sys.modules)"
    )
    completed_process = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert completed_process.returncode == 0, completed_process.stderr
