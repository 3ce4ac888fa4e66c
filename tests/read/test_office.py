from __future__ import annotations

import base64
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from support.offices import PAGES, office, shipped, taken, title, values, word
from support.project import ROOT

from pipeline.core.model import DataFault
from pipeline.read import office as office_reader
from pipeline.read import read, read_bytes
from pipeline.read.encoding import decode
from pipeline.runtime.tools import soffice

pytestmark = pytest.mark.slow

PROGRAM = soffice()
needs_office = pytest.mark.skipif(PROGRAM is None, reason="LibreOffice is not installed")
PAGE = (ROOT / "data" / "raw" / PAGES[0]).read_text(encoding="utf-8")


def convert_report(folder: Path, filters: str, path: str = PAGES[0]) -> bytes:
    """Return a shipped report as a file in an old format, converted by LibreOffice in `folder`."""
    assert PROGRAM is not None
    source = folder / "report.docx"
    source.write_bytes(word(shipped(path)))
    return office(PROGRAM, source, filters)


@needs_office
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("filters", ["doc:MS Word 97", "rtf", "odt"])
def test_every_cell_of_an_old_document_is_read_back(filters: str, path: str, tmp_path: Path) -> None:
    document = read_bytes(convert_report(tmp_path, filters, path))
    extraction = taken(document)
    assert values(extraction) == values(shipped(path))
    assert not extraction.findings
    assert (document.format, document.reader, document.title) == (
        filters.partition(":")[0],
        "libreoffice",
        title(shipped(path)),
    )


@needs_office
@pytest.mark.parametrize("filters", ["doc:MS Word 97", "odt"])
def test_truncated_file_is_a_fault_and_not_a_page_of_rubbish(filters: str, tmp_path: Path) -> None:
    complete_file = convert_report(tmp_path, filters)
    with pytest.raises(DataFault) as fault:
        read_bytes(complete_file[:1500])
    assert fault.value.code in ("read.broken_office", "read.broken_zip")


def test_missing_libreoffice_has_a_code_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_reader, "soffice", lambda: None)
    with pytest.raises(DataFault) as fault:
        read_bytes(rb"{\rtf1 text}")
    assert fault.value.code == "read.libreoffice"


def test_program_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hanging_program = tmp_path / "soffice"
    hanging_program.write_text("#!/bin/sh\nsleep 60 &\nwait\n", encoding="utf-8")
    hanging_program.chmod(0o755)
    monkeypatch.setattr(office_reader, "soffice", lambda: str(hanging_program))
    monkeypatch.setattr(office_reader, "TIMEOUT_SECONDS", 1)
    start = time.monotonic()
    with pytest.raises(DataFault) as fault:
        read_bytes(rb"{\rtf1 text}")
    assert fault.value.code == "read.too_slow"
    assert time.monotonic() - start < 20


def test_program_that_writes_nothing_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_reader, "soffice", lambda: "/bin/true")
    with pytest.raises(DataFault) as fault:
        read_bytes(rb"{\rtf1 text}")
    assert fault.value.code == "read.broken_office"


@pytest.mark.parametrize(
    ("name", "code"),
    [("WordDocument", "read.libreoffice"), ("EncryptedPackage", "read.locked"), ("", "read.broken_office")],
)
def test_streams_decide_the_kind_of_a_compound_file(name: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_reader, "soffice", lambda: None)
    entry = name.encode("utf-16-le").ljust(64, b"\0") + (2 * len(name) + 2).to_bytes(2, "little")
    # A stream's name outside of a directory entry, as text: it must not count.
    data = b"\xd0\xcf\x11\xe0".ljust(512, b"\0") + entry.ljust(128, b"\0") + " Workbook\0".encode("utf-16-le")
    with pytest.raises(DataFault) as fault:
        read_bytes(data)
    assert fault.value.code == code


@pytest.mark.parametrize("name", ["report.doc", "report.wps", "report.xls"])
@pytest.mark.parametrize("make", [lambda: word(shipped(PAGES[0])), lambda: PAGE.encode("gb18030")])
def test_file_name_does_not_decide_the_format(name: str, make: object, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(make())  # type: ignore[operator]
    assert values(taken(read(path))) == values(shipped(PAGES[0]))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_web_archive_gives_the_cells_of_its_page(encoding: str) -> None:
    body = base64.encodebytes(PAGE.encode(encoding)).decode()
    mail = (
        "From: <Saved by a browser>\r\nSubject: =?utf-8?Q?=E6=8A=A5=E5=91=8A?=\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n boundary="B"\r\n\r\n--B\r\nContent-Type: text/html; charset="gb2312"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n--B--\r\n"
    )
    document = read_bytes(mail.encode())
    assert values(taken(document)) == values(shipped(PAGES[0]))
    assert document.format == "mht"


def test_web_archive_without_a_page_is_a_fault() -> None:
    mail = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\n\r\ntext\r\n--B--\r\n"
    nested_parts = b"MIME-Version: 1.0\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (i, i) for i in range(900)
    )
    for data in (mail, nested_parts):
        with pytest.raises(DataFault) as fault:
            read_bytes(data)
        assert fault.value.code == "read.broken_mht"


TEXT = "三门峡市人民政府2019年政府信息公开年度报告，规章 12 件。\n"
TRADITIONAL = "三門峽市人民政府2019年政府信息公開年度報告，規章 12 件。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
@pytest.mark.parametrize("ending", ["le", "be", ""])
@pytest.mark.parametrize("text", [TEXT, TRADITIONAL, "<html>" + TEXT * 50])
def test_encoding_is_detected_with_and_without_a_mark(encoding: str, ending: str, text: str) -> None:
    name = (
        f"{encoding}-{ending}" if ending and encoding.startswith("utf-") and encoding[4:] in ("16", "32") else encoding
    )
    assert decode(text.encode(name)).lstrip("\ufeff") == text


@pytest.mark.parametrize("repeat", [1, 40])
def test_big5_is_not_decoded_as_gb18030(repeat: int) -> None:
    text = TRADITIONAL * repeat
    assert decode(text.encode("big5")) == text
    assert decode(TEXT.encode("gbk")) == TEXT


def test_text_with_a_damaged_character_is_decoded() -> None:
    data = (TEXT * 40).encode("gb18030")
    decoded_text = decode(data[:1] + b"\xff" + data[2:])
    assert decoded_text.endswith(TEXT)
    assert "\ufffd" in decoded_text


@pytest.mark.parametrize("signature", [b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08\x00"])
def test_unsupported_archive_is_a_fault(signature: bytes) -> None:
    with pytest.raises(DataFault) as fault:
        read_bytes(signature + bytes(100))
    assert fault.value.code == "read.unsupported"


def test_libreoffice_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_reader, "soffice", lambda: "/bin/true")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    office_reader._make_profile_folder.cache_clear()
    with pytest.raises(DataFault):
        read_bytes(rb"{\rtf1 text}")
    office_reader._make_profile_folder.cache_clear()
    assert subprocess.run(["ls", tmp_path], capture_output=True, check=True).stdout == b""
