"""Check that hostile files end with a message within the limits of size, time and memory, and the next is read."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from fuzz.packed import pack
from support.project import ROOT

from pipeline.core.messages import say
from pipeline.core.model import DataFault
from pipeline.read import MAX_BYTES
from pipeline.report import read_report
from pipeline.runtime.child_process import Guard

pytestmark = pytest.mark.slow

SOUND_REPORT = ROOT / "data" / "raw" / "2019" / "411200.html"
MAX_SECONDS = 60


def make_zip_bomb(name: str, size: int) -> bytes:
    """Return an archive with one member that inflates to `size` zero bytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(size // 2**20):
                part.write(b"\0" * 2**20)
    return data.getvalue()


def make_entities(name: str) -> bytes:
    """Return an archive with XML whose entities would expand to some 10^10 letters."""
    declarations = ['<!ENTITY a0 "aaaaaaaaaa">'] + [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    body = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>"
    xml = f"<!DOCTYPE x [{''.join(declarations)}]>{body}&a9;</w:t></w:r></w:p></w:body></w:document>"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, xml)
    return data.getvalue()


def make_pdf(kids: str, count: int, page: str = "") -> bytes:
    """Return a PDF with these children and this count in its page tree; `page` is object 3."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {count}>>", page or "<<>>"]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj{content}endobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return (
        out
        + f"xref\n0 4\n0000000000 65535 f \n{table}trailer<</Size 4/Root 1 0 R>>startxref\n{len(out)}\n%%EOF".encode()
    )


CASES = {
    "bomb.docx": lambda: make_zip_bomb("word/document.xml", 2**30),
    "bomb.xlsx": lambda: make_zip_bomb("xl/workbook.xml", 2**30),
    "entities.docx": lambda: make_entities("word/document.xml"),
    "entities.xlsx": lambda: make_entities("xl/workbook.xml"),
    "looping.pdf": lambda: make_pdf("2 0 R", 1),
    "ten thousand pages.pdf": lambda: make_pdf(
        "3 0 R " * 10_000, 10_000, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    ),
    "nested.html": lambda: b"<table><tr><td>" * (MAX_BYTES // 16),
    "wide.html": lambda: b"<table>" + b"<tr>" + b"<td colspan=1000000 rowspan=1000000>1" * 100_000,
    "tall.html": lambda: b"<table>" + b"<tr><td rowspan=1000000>1" * 100_000,
    "letters.html": lambda: b"<p>" + b"a" * (MAX_BYTES - 10),
    "digits.txt": lambda: b"1" * (MAX_BYTES - 10),
    "prose.txt": lambda: "主动公开政府信息".encode() * ((MAX_BYTES - 100) // 24),
    "lines.txt": lambda: b"1\n" * (MAX_BYTES // 2 - 10),
    "spaces.txt": lambda: b"a  1  " * (MAX_BYTES // 6 - 10),
    "attributes.html": lambda: b"<div " + b"a='b' " * (MAX_BYTES // 6 - 10) + b">",
}


def make_pdf_page(side: str) -> bytes:
    """Return a PDF with one square page of this side in points."""
    return make_pdf("3 0 R", 1, f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {side} {side}]>>")


def make_xlsx(rows: str, dimension: str = "A1:XFD1048576", merges: str = "", sheets: int = 1) -> bytes:
    """Return a workbook whose sheets all refer to one member with these rows."""
    space = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    relations = "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'"
    names = "".join(f"<sheet name='s{i}' sheetId='{i + 1}' r:id='r1'/>" for i in range(sheets))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    start = f"<Relationship Id='r0' Type='{kind}/officeDocument' Target='xl/workbook.xml'/>"
    target = f"<Relationship Id='r1' Type='{kind}/worksheet' Target='worksheets/sheet1.xml'/>"
    return pack(
        f"==> _rels/.rels\n<Relationships>{start}</Relationships>\n"
        f"==> xl/workbook.xml\n<workbook {space} {relations}><sheets>{names}</sheets></workbook>\n"
        f"==> xl/_rels/workbook.xml.rels\n<Relationships>{target}</Relationships>\n"
        f"==> xl/worksheets/sheet1.xml\n<worksheet {space}><dimension ref='{dimension}'/><sheetData>{rows}</sheetData>"
        f"<mergeCells>{merges}</mergeCells></worksheet>\n".encode()
    )


def format_column(column: int) -> str:
    """Return the letters of a 0-based column."""
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


def make_ods(content: str) -> bytes:
    """Return an ODS whose spreadsheet has this content."""
    spaces = " ".join(f"xmlns:{n}='urn:oasis:names:tc:opendocument:xmlns:{n}:1.0'" for n in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{content}</office:spreadsheet></office:body>"
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    return pack(
        f"==> mimetype\n{mime}\n==> content.xml\n"
        f"<office:document-content {spaces}>{body}</office:document-content>\n".encode()
    )


def make_xml_member(name: str, prolog: str, content: str) -> bytes:
    """Return an archive with one XML member that begins with this prolog, such as a document type."""
    body = f"<w:document xmlns:w='w' xmlns:xi='http://www.w3.org/2001/XInclude'><w:body>{content}</w:body></w:document>"
    return pack(f"==> {name}\n{prolog}{body}\n".encode())


FAR_ROW = "<row r='20000'><c r='GR20000'><v>1</v></c></row>"
CELL = "<table:table-cell office:value-type='float' office:value='1'{0}><text:p>1</text:p></table:table-cell>"
WIDE_CELL = CELL.format(" table:number-columns-repeated='199'")
EXTERNAL_ENTITY = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
CASES |= {
    "external.docx": lambda: make_xml_member(
        "word/document.xml", EXTERNAL_ENTITY, "<w:p><w:r><w:t>&a;</w:t></w:r></w:p>"
    ),
    "external.xlsx": lambda: make_xml_member("xl/workbook.xml", EXTERNAL_ENTITY, "&a;"),
    "remote type.docx": lambda: make_xml_member(
        "word/document.xml", "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>", ""
    ),
    "parameter entity.docx": lambda: make_xml_member(
        "word/document.xml", "<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'>%p;]>", ""
    ),
    "included.docx": lambda: make_xml_member(
        "word/document.xml", "", "<xi:include href='file:///etc/passwd' parse='text'/>"
    ),
    "nested.docx": lambda: make_xml_member("word/document.xml", "", "<w:tbl><w:tr><w:tc>" * 5_000),
    "a million rows.xlsx": lambda: make_xlsx("<row r='1048576'><c r='A1048576'><v>1</v></c></row>"),
    "sixteen thousand columns.xlsx": lambda: make_xlsx("<row r='1'><c r='XFD1'><v>1</v></c></row>"),
    "many large sheets.xlsx": lambda: make_xlsx(FAR_ROW, sheets=500),
    "merges over merges.xlsx": lambda: make_xlsx(
        FAR_ROW.replace("20000", "4999").replace("<c", "<c r='A4999'><v>2</v></c><c"),
        merges="".join(f"<mergeCell ref='{format_column(199 - i)}{i + 1}:GR4999'/>" for i in range(199)),
    ),
    "repeated rows.ods": lambda: make_ods(
        f"<table:table table:name='a'><table:table-row table:number-rows-repeated='1048576'>{CELL.format('')}"
        "</table:table-row></table:table>"
    ),
    "many sheets of repeated rows.ods": lambda: make_ods(
        f"<table:table table:name='a'><table:table-row table:number-rows-repeated='19999'>{WIDE_CELL}</table:table-row>"
        "</table:table>" * 50
    ),
    "huge page.pdf": lambda: make_pdf_page("99999999"),
    "no page.pdf": lambda: make_pdf_page("0"),
    "wrong page count.pdf": lambda: make_pdf("", 2**31 - 1),
    "chain with a loop.xls": lambda: (ROOT / "tests/fuzz/regressions/xls/chain-that-bites-its-tail").read_bytes(),
    "many parts.mht": lambda: (
        b"MIME-Version: 1.0\nContent-Type: multipart/x; boundary=a\n\n" + b"--a\ncontent-type:\n" * 9**5
    ),
    "tables.html": lambda: b"<table><tr><td>1</table>" * (MAX_BYTES // 24 - 10),
}


@pytest.mark.parametrize("name", CASES)
def test_hostile_file_is_a_fault_within_the_limits(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(CASES[name]())
    with Guard(timeout_seconds=MAX_SECONDS, memory_bytes=3 * 2**30) as guard:
        start = time.monotonic()
        with pytest.raises(DataFault) as fault:
            guard.call(read_report, path)
        assert time.monotonic() - start < MAX_SECONDS + 5
        assert fault.value.code not in ("read.timeout", "read.memory", "read.crashed"), (
            "only the limits of the child process stopped it"
        )
        assert say(fault.value.code, "zh", **fault.value.values)
        assert len(guard.call(read_report, SOUND_REPORT).cells) == 198


def test_file_of_a_hundred_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.html"
    path.write_bytes(b"<table><tr><td>" * (100 * 2**20 // 15))
    with pytest.raises(DataFault) as fault:
        read_report(path)
    assert fault.value.code == "read.too_large"
