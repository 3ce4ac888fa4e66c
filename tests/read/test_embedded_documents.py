"""Test documents that Word embeds in another one (`altChunk`), and what the message names if they cannot be read."""

from __future__ import annotations

import io
import zipfile

import pytest
from support.offices import WORD, shipped, taken, values, word
from support.project import ROOT

from pipeline.core.model import DataFault, Document, Extraction
from pipeline.read import read_bytes

REPORT = "2024/320800.html"
PAGE = (ROOT / "data" / "raw" / REPORT).read_bytes()
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TITLE = "淮安市人民政府2024年政府信息公开工作年度报告"


def embed(content: bytes, name: str = "afchunk.dat", wrap: str = "{}", mode: str = "") -> bytes:
    """Return a DOCX with a title and an embedded document; `wrap` is the XML around it."""
    body = f"<w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p>" + wrap.format('<w:altChunk r:id="r1"/>')
    relation = f'<Relationship Id="r1" Type="{RELATIONS}/aFChunk" Target="{name}"{mode}/>'
    members: dict[str, str | bytes] = {
        "word/document.xml": f'<w:document xmlns:w="{WORD}" xmlns:r="{RELATIONS}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": f"<Relationships>{relation}</Relationships>",
        f"word/{name}": content,
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in members.items():
            archive.writestr(member, text)
    return data.getvalue()


def note_findings(extraction: Extraction) -> dict[str, str]:
    return {f.identity: f.note for f in extraction.findings}


ARCHIVE = b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + PAGE
CELL = "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"


@pytest.mark.parametrize(
    "data",
    [
        embed(PAGE),
        embed(ARCHIVE),
        embed(word(shipped(REPORT))),
        embed(embed(PAGE)),
        embed(PAGE, wrap=CELL),
        embed(PAGE, wrap="<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"),
    ],
    ids=["HTML", "MHT", "DOCX", "DOCX in a DOCX", "in a cell", "in a content control"],
)
def test_embedded_document_is_read(data: bytes) -> None:
    document = read_bytes(data)
    assert values(taken(document)) == values(shipped(REPORT))
    assert not document.findings
    assert document.title == TITLE


@pytest.mark.parametrize("content", [b"{\\rtf1 x}", b"\xd0\xcf\x11\xe0" * 200, b"PK\x03\x04 x", b""])
def test_embedded_document_that_cannot_be_read_is_named(content: bytes) -> None:
    with pytest.raises(DataFault) as fault:
        taken(read_bytes(embed(content, "tables.rtf")))
    assert (fault.value.code, fault.value.values["note"]) == ("extract.part", "tables.rtf")


def test_document_outside_of_the_file_is_not_opened() -> None:
    document = read_bytes(embed(PAGE, "http://x/t.html", mode=' TargetMode="External"'))
    assert [(f.identity, f.note) for f in document.findings] == [("extract.elsewhere", "http://x/t.html")]
    assert not document.grids


def nest(content: bytes, depth: int) -> Document:
    for _ in range(depth):
        content = embed(content)
    return read_bytes(content)


def test_embedding_ends_at_a_depth() -> None:
    assert nest(PAGE, 3).grids
    assert not nest(PAGE, 4).grids
    assert [f.identity for f in nest(PAGE, 4).findings] == ["extract.part"]


def test_missing_table_that_may_be_a_picture_is_named() -> None:
    picture = '<w:p><w:r><w:drawing><a:blip xmlns:a="a" r:embed="r1"/></w:drawing></w:r></w:p>'
    prose = "<w:p><w:r><w:t>2024年，本机关主动公开政府信息45678条。</w:t></w:r></w:p>"
    data = embed(b"\x89PNG\r\n\x1a\n", "media/image1.png", f"{prose}{picture}")
    assert note_findings(taken(read_bytes(data)))["extract.picture"] == "image1.png"
