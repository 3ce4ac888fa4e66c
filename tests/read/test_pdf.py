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

from pipeline.core.model import DataFault, Grid
from pipeline.extract import extract
from pipeline.read import read, read_bytes
from pipeline.read.layout.flow import blocks
from pipeline.read.layout.lattice import Rule, tables
from pipeline.read.layout.page import Box, Char, Field, Line, Page, Table
from pipeline.read.pdf.cells import DOUBTFUL, _read_field
from pipeline.registry.load import load_register
from pipeline.runtime.child_process import Guard

REPORTS = ("2019/411200.html", "2024/320800.html", "2018/411202.html")


def made(producer: str, name: str) -> bytes:
    if producer == "weasyprint" and pdfs.missing():
        pytest.skip(pdfs.missing())
    return pdfs.PRODUCERS[producer](name)


def test_the_real_report_is_read_whole(shared: Path) -> None:
    taken = extract(read(shared / "reports" / "huaian-2024.pdf"), load_register())
    truth = json.loads((shared / "truth" / "huaian-2024.json").read_text(encoding="utf-8"), parse_float=Decimal)
    assert {c.address: c.value for c in taken.cells} == truth["cells"]
    assert (taken.body, taken.year, taken.form) == (truth["body"], truth["year"], truth["form"])
    assert not taken.findings
    assert all(c.confidence >= 0.9 for c in taken.cells)
    pages = {c.address: c.page for c in taken.cells}
    assert (pages["proactive/licensing/decisions"], pages["proactive/penalties/decisions"]) == (3, 4)
    assert (pages["applications/new/total"], pages["applications/carried_out/total"]) == (4, 5)


def test_prose_of_the_real_report_is_whole_paragraphs(shared: Path) -> None:
    document = read(shared / "reports" / "huaian-2024.pdf")
    texts = [p.text for p in document.paragraphs]
    assert texts[0] == "淮安市人民政府2024年政府信息公开工作年度报告"
    assert len(texts) == 17
    crossing = next(t for t in texts if t.startswith("（一）主动公开情况"))
    assert "“建设‘四最’一流营商环境高质量推进" in crossing  # goes on on page 2
    assert not any(mark in t for t in texts for mark in ("- 1 -", "-1-", "-2-"))
    labels = {c.text for g in document.grids for c in g.cells}
    assert "（四）无法提供" in labels  # cut in two by the page break
    assert "三、本年度办理结果" in labels


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("producer", pdfs.PRODUCERS)
def test_every_producer_gives_every_cell(producer: str, name: str) -> None:
    taken = extract(read_bytes(made(producer, name)), load_register())
    form, truth, _ = pdfs.report(name)
    assert {c.address: c.raw for c in taken.cells} == truth
    assert taken.form == form.code
    assert taken.titled
    assert not taken.findings
    assert all(c.confidence >= 0.9 for c in taken.cells)


def test_a_table_over_two_pages_is_one_grid() -> None:
    document = read_bytes(made("reportlab", "2024/320800.html"))
    assert len(document.grids) == 3
    assert {c.page for c in document.grids[1].cells} == {1, 2}
    assert not any("- " in p.text for p in document.paragraphs)


def sheet(draw: object, **options: object) -> bytes:
    """A page that `draw` draws on."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), **options)
    assert callable(draw)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def boxed(canvas: Canvas, texts: dict[tuple[float, float], str]) -> None:
    """Two by two cells of 100 by 40 points from (100, 700) down, and texts at places."""
    for left in (100, 200):
        for bottom in (660, 700):
            canvas.rect(left, bottom, 100, 40)
    for (x, y), text in texts.items():
        canvas.drawString(x, y, text)


@pytest.mark.parametrize(
    ("texts", "doubted"),
    [
        ({(110, 715): "12", (210, 715): "34"}, set()),
        ({(110, 715): "12     34"}, {"12 34"}),  # two numbers in one cell
        ({(110, 725): "12", (110, 705): "34"}, {"1234"}),  # on two lines although there was room
        ({(186, 715): "1234"}, {"12", "34"}),  # across the line between two cells
        ({(104, 722): "1234567890123", (104, 705): "78"}, set()),  # wrapped for want of room
    ],
)
def test_a_number_that_may_not_be_one_is_doubted(texts: dict[tuple[float, float], str], doubted: set[str]) -> None:
    (grid,) = read_bytes(sheet(lambda canvas: boxed(canvas, texts))).grids
    assert {c.text for c in grid.cells if c.confidence < 0.8} == doubted
    assert len(grid.cells) == 4


def test_readers_that_differ_lower_the_confidence() -> None:
    field, lines = Field(Box(0, 0, 50, 20), 0, 0, 1, 1), [[Char("1", 5, 10, 12, 10), Char("7", 10, 15, 12, 10)]]
    assert _read_field(field, lines, "17", 800).confidence == 1.0
    assert _read_field(field, lines, "71", 800).confidence == DOUBTFUL
    assert _read_field(field, lines, "", 800).confidence == DOUBTFUL


def test_a_page_mark_inside_a_table_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        for x in (100, 200):
            canvas.rect(x, 20, 100, 700)
        canvas.drawString(110, 400, "8")
        canvas.drawString(110, 30, "- 4 -")

    (grid,) = read_bytes(sheet(draw)).grids
    assert [c.text for c in grid.cells] == ["8", ""]


def test_open_sides_and_dashes_make_a_table() -> None:
    across = [Rule(y, x, x + 8) for y in (10, 30, 50) for x in range(0, 200, 10)]  # dashed
    (table,) = tables(across, [Rule(100, 10, 50)])
    assert len(table.fields) == 4
    assert table.fields[0].box == pytest.approx((0, 10, 100, 30), abs=2)


def test_lines_that_make_no_cells_are_no_table() -> None:
    assert tables([Rule(10, 0, 100)], []) == []
    frame = [Rule(0, 0, 100), Rule(50, 0, 100)], [Rule(0, 0, 50), Rule(100, 0, 50)]
    assert tables(*frame) == []


def page_with(number: int, rows: list[list[str]], xs: tuple[float, ...] = (0, 50, 100)) -> Page:
    ys = tuple(100.0 + 20 * i for i in range(len(rows) + 1))
    fields = tuple(
        Field(Box(xs[c], ys[r], xs[c + 1], ys[r + 1]), r, c, 1, 1, text)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Page(number, 595, 842, (), (Table(Box(xs[0], 100, xs[-1], ys[-1]), xs, ys, fields),))


def texts_of(grid: object) -> list[tuple[str, int, int, int]]:
    assert isinstance(grid, Grid)
    return [(c.text, c.row, c.column, c.page) for c in grid.cells]


def test_a_row_cut_by_the_page_break_is_one_row() -> None:
    (grid,) = blocks([page_with(1, [["1.属于国家", "3"]]), page_with(2, [["秘密", ""], ["2.其他", "4"]])])
    assert texts_of(grid) == [("1.属于国家秘密", 0, 0, 1), ("3", 0, 1, 1), ("2.其他", 1, 0, 2), ("4", 1, 1, 2)]


def test_whole_rows_are_not_joined() -> None:
    (grid,) = blocks([page_with(1, [["规章", "3"]]), page_with(2, [["规范性文件", "5"]])])
    assert [t[0] for t in texts_of(grid)] == ["规章", "3", "规范性文件", "5"]


def test_a_repeated_header_is_left_out() -> None:
    head = ["信息内容", "数量"]
    (grid,) = blocks([page_with(1, [head, ["规章", "3"]]), page_with(2, [head, ["许可", "5"]])])
    assert [t[0] for t in texts_of(grid)] == [*head, "规章", "3", "许可", "5"]


@pytest.mark.parametrize("change", ["edges", "heading", "gap"])
def test_what_is_another_table_stays_one(change: str) -> None:
    first, second = page_with(1, [["规章", "3"]]), page_with(2, [["许可", "5"]])
    if change == "edges":
        second = page_with(2, [["许可", "5"]], xs=(0, 30, 140))
    elif change == "heading":
        second = replace(second, lines=(Line("四、行政复议情况", 0, 90, 80, 12),))
    else:
        second = replace(second, number=3)
    assert sum(isinstance(b, Grid) for b in blocks([first, second])) == 2


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects from number 2 on; 1 is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", *objects), start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + end % (len(places) + 1, table, len(places) + 1, len(out))


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), extra, content)


PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>>>"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</A %d 0 R>>>>"
BOMB = zlib.compress(b"0 0 m 1 1 l S\n" * 6_000_000)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 ...", "read.pdf_broken"),
        (raw_pdf(b"<</Type/Pages/Kids[]/Count 0>>"), "read.pdf_broken"),
        (raw_pdf(b"<</Type/Pages/Kids[2 0 R]/Count 5>>"), "read.pdf_broken"),
        (raw_pdf(b"<</Type/Pages/Kids[" + b"3 0 R " * 10000 + b"]/Count 10000>>", PAGE), "read.pdf_pages"),
        (raw_pdf(PAGES, PAGE.replace(b"595 842", b"99999 99999"), stream(b"")), "read.pdf_size"),
        (raw_pdf(PAGES, PAGE.replace(b"595 842", b"1 1"), stream(b"")), "read.pdf_size"),
        (raw_pdf(PAGES, PAGE, stream(BOMB, b"/Filter/FlateDecode")), "read.pdf_bomb"),
        (raw_pdf(PAGES, PAGE, stream(zlib.compress(BOMB), b"/Filter[/FlateDecode/FlateDecode]")), "read.pdf_bomb"),
        (
            raw_pdf(
                PAGES,
                PAGE,
                stream(b"".join(b"%d 0 m %d 800 l S 0 %d m 500 %d l S\n" % (i, i, i, i) for i in range(52000))),
            ),
            "read.too_many_lines",
        ),
    ],
    ids=["junk", "no pages", "loop of pages", "10000 pages", "huge", "tiny", "bomb", "bomb in bomb", "drawing"],
)
def test_hostile_files_end_in_a_message(content: bytes, code: str) -> None:
    with pytest.raises(DataFault) as fault:
        read_bytes(content)
    assert fault.value.code == code


def test_a_file_that_never_ends_is_stopped_and_the_next_is_read() -> None:
    forms = [stream(b"/A Do " * 10, FORM % (n + 1)) for n in range(5, 14)]
    with Guard(timeout_seconds=4) as guard:
        with pytest.raises(DataFault) as fault:
            guard.call(read_bytes, raw_pdf(PAGES, PAGE, stream(b"/A Do"), *forms, stream(b"0 0 m 1 1 l S")))
        assert fault.value.code == "read.timeout"
        assert guard.call(read_bytes, sheet(lambda canvas: boxed(canvas, {(110, 715): "5"}))).grids


def test_a_locked_file_is_told_and_one_locked_for_changes_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        boxed(canvas, {(110, 715): "5"})

    with pytest.raises(DataFault) as fault:
        read_bytes(sheet(draw, encrypt=StandardEncryption("secret", canPrint=0)))
    assert fault.value.code == "read.pdf_locked"
    assert read_bytes(sheet(draw, encrypt=StandardEncryption("", "owner", canModify=0))).grids


def test_an_empty_page_is_an_empty_document() -> None:
    assert not read_bytes(sheet(lambda canvas: canvas.showPage())).blocks


def test_what_is_not_needed_is_not_loaded(tmp_path: Path) -> None:
    """The package does not load pdfium, and reading text does not load OCR."""
    path = tmp_path / "a.pdf"
    path.write_bytes(sheet(lambda canvas: boxed(canvas, {(110, 715): "5"})))
    program = (
        "import sys; import pipeline.read; assert 'pypdfium2' not in sys.modules; "
        "from pipeline.read.pdf import pages as pdf_pages; from pathlib import Path; "
        f"assert pdf_pages.read(Path({str(path)!r}).read_bytes()).grids; "
        "assert not {'rapidocr', 'onnxruntime', 'cv2'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
