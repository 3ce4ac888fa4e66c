"""Hostile files end within the limits of size, time and memory, each with a message, and the next report is read."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from pipeline.guard import Guard
from pipeline.intake import read_report
from pipeline.messages import say
from pipeline.model import DataFault
from pipeline.read import MAX_BYTES

GOOD = ROOT / "data" / "raw" / "2019" / "411200.html"
SECONDS = 60


def zipped(name: str, size: int) -> bytes:
    """A document whose one part unpacks to `size` bytes of nothing."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(size // 2**20):
                part.write(b"\0" * 2**20)
    return data.getvalue()


def entities(name: str) -> bytes:
    """A document whose entities would unfold to some ten thousand million letters."""
    lines = ['<!ENTITY a0 "aaaaaaaaaa">'] + [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    body = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>"
    xml = f"<!DOCTYPE x [{''.join(lines)}]>{body}&a9;</w:t></w:r></w:p></w:body></w:document>"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, xml)
    return data.getvalue()


def pdf(kids: str, count: int, extra: str = "") -> bytes:
    """A PDF whose page tree is as given."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {count}>>", extra or "<<>>"]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj{content}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        out
        + f"xref\n0 4\n0000000000 65535 f \n{table}trailer<</Size 4/Root 1 0 R>>startxref\n{len(out)}\n%%EOF".encode()
    )


CASES = {
    "bomb.docx": lambda: zipped("word/document.xml", 2**30),
    "bomb.xlsx": lambda: zipped("xl/workbook.xml", 2**30),
    "entities.docx": lambda: entities("word/document.xml"),
    "entities.xlsx": lambda: entities("xl/workbook.xml"),
    "looping.pdf": lambda: pdf("2 0 R", 1),
    "ten thousand pages.pdf": lambda: pdf("3 0 R " * 10_000, 10_000, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
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


@pytest.mark.parametrize("name", CASES)
def test_hostile_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(CASES[name]())
    with Guard(seconds=SECONDS, memory=3 * 2**30) as guard:
        begun = time.monotonic()
        with pytest.raises(DataFault) as fault:
            guard.call(read_report, path)
        assert time.monotonic() - begun < SECONDS + 5
        assert fault.value.code not in ("read.timeout", "read.memory", "read.crashed"), (
            "only the last resort stopped it"
        )
        assert say(fault.value.code, "zh", **fault.value.values)
        assert len(guard.call(read_report, GOOD).cells) == 198


def test_a_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.html"
    path.write_bytes(b"<table><tr><td>" * (100 * 2**20 // 15))
    with pytest.raises(DataFault) as fault:
        read_report(path)
    assert fault.value.code == "read.too_large"
