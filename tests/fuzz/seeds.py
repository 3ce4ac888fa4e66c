"""Write the committed corpus, from shipped reports and generated documents: `python tests/fuzz/seeds.py`."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from itertools import islice, product
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE.parent), str(ROOT)]

from support import offices

from fuzz import formats
from fuzz.grids import format_grid
from fuzz.packed import flatten, pack
from fuzz.words import examples
from pipeline.core.model import GridCell
from pipeline.edit.case_params import PARAMETERS
from pipeline.read import html, read, text

RAW = ROOT / "data" / "raw"
MAX_SEED_BYTES = 20_000
MAX_ROWS = 12  # of a small table
HTML_REPORTS = ("2019/411200.html", "2024/320800.html", "2018/411202.html", "2023/321300.html")
TEXT_REPORT = "2019/411281.txt"
STYLED_PAGE = (
    "<style>@media print{.a{display:none}} .a,#b>i{display:none} .c::before{content:'1'}</style>"
    "<table><tr><td><s>35</s>26<sup>1</sup><td><p>214</p><p>211</p>"
    "<td><input value=7><select><option selected>8</select>"
    "<tr hidden><td style='color:#fff;background:#036'>1<td bgcolor=red><font color=white>2</font></table>"
    "<p>收到<span class='a'>9</span><bdo dir=rtl>62</bdo>件<br>45<br>678条</p>"
)
# A statutory table with what a page can show of a number: struck, raised, hidden, merged, broken, out of its column.
MARKED_PAGE = (
    "<h1>三门峡市人民政府2019年政府信息公开工作年度报告</h1><h2>二、主动公开政府信息情况</h2><p>单位：千元</p>"
    "<table><tr><td>信息内容<td>本年新<br>制作数量<td>本年新公开数量<td>对外公开总数量"
    "<tr><td>规章<td><s>3</s>5<td>4<sup>1</sup><td rowspan=2>7<tr hidden><td>规章<td>9<td>9<td>9"
    "<tr><td>规范性文件<td>2<br>6<td><del>1</del><ins>2</ins><tr><td>不属于规章<td>1<td>2<td>3"
    "<tr><td>信息内容<td>本年收费金额（单位：万元）<td colspan=2>采购总金额"
    "<tr><td>行政事业性收费<td><span style='visibility:hidden'>1</span>2元<td><input value=3><td>6<sub>②</sub></table>"
)
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
FIVE_NUMBERS = ("72 64 178 37 351", "13 4 8 1 26", "12 1 1 6 20")
NESTED_PAGE = (
    '<iframe srcdoc="&lt;table&gt;&lt;tr&gt;&lt;td&gt;1&lt;/table&gt;"></iframe><object data="a.pdf"></object>'
    '<iframe src="data:text/html;base64,PHA+MTwvcD4="></iframe><img src="data:image/png;base64,iVBORw0KGgo=">'
    "<template><table><tr><td>2</table></template><script>x='\\x3ctable><tr><td>3<\\/td>' + '</table>'</script>"
)
SHEET_MEMBERS = re.compile(
    r"_rels/.rels|xl/(workbook\.xml|styles\.xml|_rels/workbook\.xml\.rels|worksheets/.*\.xml|sharedStrings\.xml)|\[C.*"
)


def main() -> None:
    """Replace the seeds of every target. The name of a file is the hash of its content."""
    for target, make_seeds in SEEDS.items():
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for seed in folder.iterdir():
            seed.unlink()
        for data in make_seeds():
            if len(data) > MAX_SEED_BYTES:
                raise ValueError(f"{target}: a seed of {len(data)} bytes")
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def _read_reports(*names: str) -> Iterator[bytes]:
    return ((RAW / name).read_bytes() for name in names)


def _pages() -> Iterator[str]:
    """Yield one small page per table: a title, two sentences, and the first rows of the table."""
    sentences = iter(examples())
    for heading, cells in _tables():
        rows = (sorted((c for c in cells if c.row == r), key=lambda c: c.column) for r in range(MAX_ROWS))
        lines = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows)
        prose = f"<p>{next(sentences)}。{next(sentences)}。</p>"
        yield f"<h1>三门峡市人民政府2019年政府信息公开工作年度报告</h1>{prose}<h2>{heading}</h2><table>{lines}</table>"


def _html_cell(cell: GridCell) -> str:
    spans = f" rowspan={cell.rowspan} colspan={cell.colspan}" if cell.rowspan * cell.colspan > 1 else ""
    return f"<td{spans}>{cell.text}</td>"


def _plain_text(page: str) -> bytes:
    """Return the text of a page, one line per row, with tabs between cells."""
    return re.sub("<[^>]*>", "", re.sub("</(?:tr|p|h1|h2)>", "\n", page.replace("</td><td", "</td>\t<td"))).encode()


def _tables() -> Iterator[tuple[str, list[GridCell]]]:
    """Yield heading and cells of the printed tables of one report per form."""
    for name in ("2019/411200.html", "2024/320800.html", "2018/411202.html"):
        yield from offices.tables(offices.shipped(name))


def _html() -> Iterator[bytes]:
    """Yield a shipped page, the small pages, and malformed HTML."""
    pages = list(_pages())
    yield from ((RAW / HTML_REPORTS[0]).read_bytes(), *(page.encode() for page in pages))
    yield from (STYLED_PAGE.encode(), MARKED_PAGE.encode())
    yield (pages[1] + pages[-1].replace("三门峡市", "湖滨区").replace("2019", "2018")).encode()  # two reports
    yield NESTED_PAGE.encode()
    yield b"<table><tr><td rowspan=0 colspan=3>a<td>1<tr><td><table><tr><td>2</table><ul><li>x<b>y</b></ul></table><p>z"


def _text() -> Iterator[bytes]:
    """Yield text tables with tabs, bars, spaces or one cell per line, and one with form feeds and page marks."""
    for page in _pages():
        text_page = _plain_text(page)
        yield text_page
        yield from (text_page.replace(b"\t", separator) for separator in (b" | ", b"    ", b"\n"))
    yield text_page.replace(b"\n", b"\n- 1 -\n\f", 3)
    yield from (page.encode() for page in _page_texts())


def _page_texts() -> Iterator[str]:
    """Yield tables as programs render them to text, lost labels, several reports, and a report without tables."""
    _, cells = next(t for t in _tables() if "申请" in t[0])
    rows = [[c.text for c in sorted(cells, key=lambda c: c.column) if c.row == r] for r in range(MAX_ROWS)]
    title = "三门峡市人民政府2019年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n"
    renderings = (
        "\n".join("| " + "".join(f"{text} | " for text in row) for row in rows),
        "\n".join("".join(f"{text} | " for text in row) for row in rows),
        "\n".join("|\n" + "".join(f"{text} |\n" for text in row) for row in rows),
        "\n".join("".join(f"{text}\n|\n" for text in row) for row in rows),
        "\n\n".join("\n\n".join(row) for row in rows),
    )
    yield from (title + rendering for rendering in renderings)
    yield title + renderings[1].replace("一、本年新收", "一、上年新收").replace("（一）予以公开", "")
    yield title + renderings[0] + "\n附件：湖滨区人民政府2018年政府信息公开工作年度报告\n" + renderings[0]
    heading = "四、政府信息公开行政复议、行政诉讼情况\n"
    yield heading + "\n".join(" ".join(FIVE_NUMBERS).split())
    names = ("行政复议", "未经复议直接起诉", "复议后起诉")
    yield heading + "\n".join(
        f"{name}\n| {' | '.join(RESULTS)} |\n|---|\n| {numbers.replace(' ', ' | ')} |\n"
        for name, numbers in zip(names, FIVE_NUMBERS, strict=True)
    )
    fees = "信息内容\t本年收费金额\n行政事业性收费\t1,234.5\n"
    yield f"二、主动公开政府信息情况\n金额单位：元\n{fees}单位：千元\n{fees}"
    yield "某市教育局\n（2022年度）\n政府信息公开工作报告\n" + "。\n".join(islice(examples(), 12))


def _files() -> Iterator[bytes]:
    """Yield shipped files of each form and format, and small files of each format."""
    yield from _read_reports(*HTML_REPORTS[:3], TEXT_REPORT)
    yield from (MARKED_PAGE.encode(), *(page.encode() for page in _page_texts()))
    for make_seeds in (_html, _text, _mht, _pdf, lambda: map(pack, _docx()), lambda: map(pack, _sheet())):
        yield from islice(make_seeds(), 1, 3)


def _docx() -> Iterator[bytes]:
    """Yield one DOCX per table and one with rare elements, as flat text."""
    for heading, all_cells in _tables():
        cells = [c for c in all_cells if c.row < MAX_ROWS]
        yield formats.word_document(f"<w:p><w:r><w:t>{heading}</w:t></w:r></w:p>{formats.word_table(cells)}")
    yield formats.word_document(formats.ODD_WORD_BODY)
    yield formats.word_document(formats.MARKED_WORD_TABLE)


def _sheet() -> Iterator[bytes]:
    """Yield one XLSX per table and two ODS, as flat text."""
    for _, all_cells in _tables():
        cells = [c for c in all_cells if c.row < MAX_ROWS]
        yield flatten(offices.saved(formats.workbook(cells)), SHEET_MEMBERS)
    yield flatten(offices.saved(formats.marked_workbook(cells)), SHEET_MEMBERS)
    for number in (0, 3):
        yield formats.to_flat_text(formats.ods_members(list(_tables())[number][1]))


def _mht() -> Iterator[bytes]:
    """Yield small pages as MHT, each with another transfer encoding."""
    for encoding, page in zip(("quoted-printable", "base64", "8bit"), _pages(), strict=False):
        message = EmailMessage()
        message.set_content(page, subtype="html", cte=encoding)
        message.add_attachment(b"x", maintype="image", subtype="png")
        message.set_boundary("part")
        yield message.as_bytes()


def _zipped() -> Iterator[bytes]:
    """Yield a stored and a compressed archive, with a name that leads out of it."""
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            archive.writestr(zipfile.ZipInfo("../../mimetype"), "application/x", method)
            archive.writestr(zipfile.ZipInfo("word/document.xml"), "<a><b>1</b></a>", method)
        yield buffer.getvalue()


def _pdf() -> Iterator[bytes]:
    for rotation in (0, 90):
        yield formats.pdf_page(rotation)
    yield formats.pdf_with_fields()


def _decode() -> Iterator[bytes]:
    """Yield Chinese text in many encodings."""
    text_start = (RAW / TEXT_REPORT).read_text(encoding="utf-8")[:400]
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32", "utf-32-be"):
        yield text_start.encode(encoding)
    yield "政府信息公開工作報告，收到申請3件。".encode("big5hkscs")


def _office() -> Iterator[bytes]:
    """Yield RTF, Word XML, and the first sectors of OLE files with the streams of Word, Excel and encryption."""
    yield b"{\\rtf1\\ansi a}"
    yield b"<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?><w:wordDocument/>"
    for name in ("WordDocument", "Workbook", "EncryptedPackage"):
        entry = name.encode("utf-16-le").ljust(64, b"\0") + (2 * len(name) + 2).to_bytes(2, "little")
        yield b"\xd0\xcf\x11\xe0".ljust(512, b"\0") + entry.ljust(128, b"\0")


def _grids() -> Iterator[bytes]:
    """Yield the grids of each small page, read as HTML and as text."""
    for page in _pages():
        yield "".join(map(format_grid, html.read(page).grids)).encode()
        yield "".join(map(format_grid, text.read(_plain_text(page).decode()).grids)).encode()
    yield "".join(map(format_grid, html.read(MARKED_PAGE).grids)).encode()
    yield from ("".join(map(format_grid, text.read(page).grids)).encode() for page in _page_texts())


def _narrative() -> Iterator[bytes]:
    """Yield example sentences, twelve per seed, and the prose of shipped reports."""
    sentences = list(examples())
    for first in range(0, len(sentences), 12):
        yield "\n".join(sentences[first : first + 12]).encode()
    for name in HTML_REPORTS:
        yield "\n".join(p.text for p in read(RAW / name).paragraphs).encode()


def _portal() -> Iterator[bytes]:
    """Yield lists and pages of portals: links, scripts, frames, JSON, attachments, dates."""
    title = "淮安市2023年政府信息公开工作年度报告"
    link = f"<a href='a/1.html' title='{title}'>{title}</a><span>2024-01-30</span>"
    more = "<a href=list_1.html>下一页</a>"
    yield f"<title>政府信息公开年报</title><base href='/x/'><ul><li>{link}</li></ul>{more}".encode()
    data = f"v=[{{t:'{title}',u:'a.html'}}]"
    yield f"<script>createPageHTML(3,0,'list','html');$.getJSON('/api/l?page=1');{data}</script>".encode()
    yield f"<script type='text/xml'><record><![CDATA[{link}]]></record></script><iframe src=l.htm></iframe>".encode()
    yield f'{{"rows":[{{"title":"{title}","url":"/a/1.html","date":"2024-01-30","html":"{link}"}}]}}'.encode()
    head = "<meta http-equiv=refresh content='0;url=a.html'><meta name=PubDate content='2024-01-30'>"
    yield f"{head}发布日期：2024年1月30日".encode()
    frame = "<iframe src='v?file=%2F3.pdf'></iframe>"
    yield f"<h1>年报</h1><a onclick=\"open('/f/1.pdf')\">附件</a><embed src=2.pdf>{frame}".encode()


def _manifest() -> Iterator[bytes]:
    head = b"path,body,region_code,level,year,provenance,source,sha256\n"
    for path in ("2019/411200.html", "../../secret.html", "/etc/passwd", "C:\\x", "2019"):
        yield head + f'{path},三门峡市人民政府,411200,city,2019,transcribed,"公报, 网站",\n'.encode()


def _decisions() -> Iterator[bytes]:
    head = b"body_id,year,cell,was,now,reason,evidence,who,operation\n"
    for operation in ("accept", "reject", "correct"):
        yield head + f"411200,2019,applications/new/total,1,2,reason,evidence,me,{operation}\n".encode()


def _cases() -> Iterator[bytes]:
    cases = json.loads((ROOT / "docs" / "examples" / "cases.json").read_text(encoding="utf-8"))
    for case, operation in product(cases, PARAMETERS):
        first, second, *_ = case["record"]
        values = {"fixate": [first], "flip": [second], "swap": [[first, second]], "integer": [first], "maxdist": 2}
        params = {name: values.get(name, 1) for name in PARAMETERS[operation]}
        yield json.dumps([case | {"operation": operation}], ensure_ascii=False).encode()
        yield json.dumps([case | {"operation": operation, "params": params}], ensure_ascii=False).encode()


# The functions that make the seeds, by target.
SEEDS: Mapping[str, Callable[[], Iterator[bytes]]] = {
    "html": _html, "text": _text, "docx": _docx, "sheet": _sheet, "mht": _mht, "zipped": _zipped, "pdf": _pdf,
    "xls": lambda: iter([offices.old_excel(offices.shipped("2018/411202.html"))]), "decode": _decode,
    "office": _office, "grid": _grids, "narrative": _narrative, "extract": _files, "portal": _portal,
    "manifest": _manifest, "decisions": _decisions, "cases": _cases,
}  # fmt: skip

if __name__ == "__main__":
    main()
