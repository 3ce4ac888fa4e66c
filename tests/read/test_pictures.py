"""Test tables that web pages and Word documents show only as pictures."""

from __future__ import annotations

import base64
import io

import docx
import numpy as np
import pytest
from support import pdfs, scans
from support.offices import PROSE, saved, taken

from pipeline.core.model import DataFault, Extraction, Finding, Grid, GridCell, Paragraph
from pipeline.read import pictures, read_bytes, scan
from pipeline.read.layout.page import Page
from pipeline.read.left_out import LeftOut, join_names
from pipeline.read.pictures import Picture, add_picture_tables

REPORT = "2018/411202.html"
PROSE_BLOCK = Paragraph("本年度主动公开政府信息129790条。" * 10)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * pictures.MIN_BYTES


def make_picture(data: bytes, name: str = "a.png") -> Picture:
    return Picture(1, name, lambda: data)


def list_notes(findings: tuple[Finding, ...]) -> dict[str, str]:
    return {f.identity: f.note for f in findings}


def test_pictures_of_a_document_with_a_table_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "read_picture", lambda *_: pytest.fail("OCR costs seconds"))
    grid, left_out = Grid(tuple(GridCell(str(n), n, 0) for n in range(12))), LeftOut()
    assert add_picture_tables([grid], [make_picture(PNG)], left_out) == [grid]
    assert list_notes(left_out.list_findings()) == {"extract.picture": "a.png"}


@pytest.mark.parametrize("data", [b"", b"GIF89a" + b"0" * 5000, b"\x89PNG\r\n\x1a\n", PNG])
def test_picture_that_cannot_be_read_is_named(data: bytes) -> None:
    left_out = LeftOut()
    assert add_picture_tables([PROSE_BLOCK], [make_picture(data)], left_out) == [PROSE_BLOCK]
    assert list_notes(left_out.list_findings()) == {"extract.picture": "a.png"}


def test_slow_reading_of_pictures_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of the pictures would give other data on a slower machine."""
    monkeypatch.setattr(scan, "read_picture", lambda *_: Page(1, 600, 800, (), ()))
    monkeypatch.setattr(pictures, "MAX_SECONDS", -1)
    with pytest.raises(DataFault, match=r"read\.too_slow"):
        add_picture_tables([PROSE_BLOCK], [make_picture(PNG)], LeftOut())


def test_pictures_beyond_the_limit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "read_picture", lambda *_: Page(1, 600, 800, (), ()))
    monkeypatch.setattr(pictures, "MAX_PICTURES", 1)
    left_out = LeftOut()
    add_picture_tables([PROSE_BLOCK], [make_picture(PNG), make_picture(PNG, "b.png")], left_out)
    assert left_out.pictures == ["b.png"]


def test_names_are_few_and_short() -> None:
    assert join_names(["a", "a", "b", "c", "d", "e"]) == "a | b | c | +2"
    assert len(join_names(["x" * 999])) < 100


def scan_tables() -> list[bytes]:
    """Return pictures of the pages of a report."""
    return [scans.as_picture(p, "PNG") for p in scans.scanned(pdfs.weasyprint(REPORT), scans.Scanner(150))]


def make_page(images: list[bytes]) -> bytes:
    tags = "".join(f'<img src="data:image/png;base64,{base64.b64encode(image).decode()}">' for image in images)
    return f"<html><p>{PROSE * 8}</p>{tags}</html>".encode()


def make_document(images: list[bytes]) -> bytes:
    document = docx.Document()
    document.add_paragraph(PROSE * 8)
    for image in images:
        document.add_picture(io.BytesIO(image))
    return saved(document)


@pytest.mark.slow
@pytest.mark.skipif(bool(pdfs.missing()), reason=pdfs.missing())
@pytest.mark.parametrize("make", [make_page, make_document])
def test_tables_that_are_pictures_are_read_and_asked_about(make: object) -> None:
    extraction: Extraction = taken(read_bytes(make(scan_tables())))  # type: ignore[operator]
    _, truth, _ = pdfs.report(REPORT)
    verdict = scans.judge(extraction, truth)
    assert not verdict["silent"]
    assert len(verdict["right"]) >= 0.95 * len(truth)
    assert "extract.picture_read" in list_notes(extraction.findings)


@pytest.mark.slow
def test_photograph_is_no_table() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (800, 1200), dtype=np.uint8)
    document = read_bytes(make_page([scans.as_picture(noise, "PNG")]))
    assert not document.grids
    assert set(list_notes(document.findings)) == {"extract.picture"}
