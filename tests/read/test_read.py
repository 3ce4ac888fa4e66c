from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.model import DataFault, Grid
from pipeline.read import MAX_BYTES, decode, read, read_bytes

PAGE = (
    '<html><head><meta charset="{meta}"><title>题</title></head>'
    "<body><p>正文</p><table><tr><td>规章</td></tr></table></body>"
)


def read_grid(html: str) -> Grid:
    """Return the only grid of a page."""
    (grid,) = read_bytes(html.encode()).grids
    return grid


@pytest.mark.parametrize("meta", ["utf-8", "gb2312", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encoding_is_detected_from_the_bytes(encoding: str, meta: str) -> None:
    document = read_bytes(PAGE.format(meta=meta).encode(encoding))
    assert document.grids[0].cells[0].text == "规章"
    assert [p.text for p in document.paragraphs] == ["正文"]
    assert document.title == "题"


def test_spans_are_placed_as_in_a_browser() -> None:
    html = """<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>"""
    places = {c.text: (c.row, c.column, c.rowspan, c.colspan) for c in read_grid(html).cells}
    assert places == {"甲": (0, 0, 2, 1), "乙": (0, 1, 1, 2), "丙": (1, 1, 1, 1), "丁": (1, 2, 1, 1)}


def test_inner_table_holds_the_data_and_text_around_it_is_prose() -> None:
    document = read_bytes("<table><tr><td>前言<table><tr><td>1</td></tr></table>后记</td></tr></table>".encode())
    assert [c.text for g in document.grids for c in g.cells] == ["1"]
    assert [p.text for p in document.paragraphs] == ["前言", "后记"]


def test_scripts_styles_and_comments_are_not_prose() -> None:
    page = "<body><script>var 甲=1</script><style>p{}</style><!-- 乙 --><p>丙<b>丁</b>戊</p></body>"
    assert [p.text for p in read_bytes(page.encode()).paragraphs] == ["丙丁戊"]


def test_tabs_make_a_guessed_grid() -> None:
    document = read_bytes("一、总体情况\n规章\t0\t\n\n规范性文件\t2\t3\n尾".encode())
    (grid,) = document.grids
    assert not grid.exact
    assert [c.text for c in grid.cells] == ["规章", "0", "", "规范性文件", "2", "3"]
    assert [p.text for p in document.paragraphs] == ["一、总体情况", "尾"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "read.empty"),
        (b" \r\n\t", "read.empty"),
        (bytes(range(256)) * 40, "read.binary"),
        (b"\xff\xfe\x00", "read.binary"),
        (b"%PDF-1.7 ...", "read.pdf_broken"),
        (b"PK\x03\x04....", "read.broken_zip"),
        (b"\xd0\xcf\x11\xe0....", "read.broken_office"),
        (b"a\x00b", "read.binary"),
        (b"\x01\x02\x03\x04" * 100, "read.binary"),
        (b"<table>" + b"<tr>" + b"<td>1" * 300, "read.too_many_columns"),
        (b"<table>" + b"<tr><td>1<td>2" * 100_001, "read.too_many_cells"),
        (b"1\t" * 200_001, "read.too_many_cells"),
    ],
)
def test_unreadable_content_is_a_fault_with_a_code(content: bytes, code: str) -> None:
    with pytest.raises(DataFault) as fault:
        read_bytes(content)
    assert fault.value.code == code


def test_file_over_the_size_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(DataFault) as fault:
        read(path)
    assert fault.value.code == "read.too_large"


def test_missing_file_or_folder_is_a_fault(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.html", "read.unreadable"), (tmp_path, "read.no_file")):
        with pytest.raises(DataFault) as fault:
            read(path)
        assert fault.value.code == code


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td rowspan=1000000 colspan=1000000>1</td></tr><tr><td>2</td></tr></table>",
        "<table><tr><td rowspan=0 colspan=-3>1</td></tr></table>",
        "<table><tr><td>1<tr><td>2</table></table></td>",
        '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><table><tr><td>&b;</td></tr></table>',
        "<div>" * 5000 + "<table><tr><td>1</td></tr></table>",
    ],
)
def test_malformed_page_is_read_or_refused(html: str) -> None:
    try:
        for grid in read_bytes(html.encode()).grids:
            assert all(c.rowspan <= 2 and c.colspan <= 200 for c in grid.cells)
    except DataFault:
        pass


def test_decode_prefers_utf8() -> None:
    assert decode("公开".encode()) == "公开"
    assert decode("公开".encode("gb18030")) == "公开"
