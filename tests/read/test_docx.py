from __future__ import annotations

from collections.abc import Callable

import pytest
from support.offices import PAGES, PROSE, packed, shipped, taken, title, values, word, word_xml

from pipeline.core.model import DataFault, Grid
from pipeline.extract.visible import see
from pipeline.read import read_bytes, zip_archive


def p(text: str) -> str:
    """Return a paragraph with one run of text."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    """Return a table cell; `text` may be XML."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else p(text)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def read_grid(body: str) -> Grid:
    """Return the only grid of a document with this body."""
    (grid,) = read_bytes(word_xml(body)).grids
    return grid


def map_places(grid: Grid) -> dict[str, tuple[int, int, int, int]]:
    """Return row, column, rowspan and colspan of each cell."""
    return {c.text: (c.row, c.column, c.rowspan, c.colspan) for c in grid.cells}


def read_prose(body: str) -> list[str]:
    return [paragraph.text for paragraph in read_bytes(word_xml(body)).paragraphs]


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_every_cell_of_a_report_is_read_back(path: str) -> None:
    report = shipped(path)
    document = read_bytes(word(report))
    extraction = taken(document)
    assert values(extraction) == values(report)
    assert not extraction.findings
    assert min(c.confidence for c in extraction.cells) == 1.0
    assert (document.format, document.title, extraction.year) == ("docx", title(report), report.year)
    assert PROSE in [paragraph.text for paragraph in document.paragraphs]


def test_blank_cell_moves_no_value() -> None:
    report = shipped(PAGES[1])
    addresses = ("applications/new/natural_person", "applications/new/total", "review_litigation/review/upheld")
    extraction = taken(read_bytes(word(report, dict.fromkeys(addresses, ""))))
    assert values(extraction) == values(report) | dict.fromkeys(addresses)


def test_every_kind_of_merge_is_resolved() -> None:
    rows = (
        tc("甲", '<w:vMerge w:val="restart"/>') + tc("乙", '<w:gridSpan w:val="2"/>'),
        tc("不见", "<w:vMerge/>") + tc("丙") + tc("丁"),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("戊", '<w:hMerge w:val="restart"/>') + tc("", "<w:hMerge/>"),
    )
    assert map_places(read_grid(table(*rows))) == {
        "甲": (0, 0, 2, 1),
        "乙": (0, 1, 1, 2),
        "丙": (1, 1, 1, 1),
        "丁": (1, 2, 1, 1),
        "戊": (2, 1, 1, 2),
    }


def test_later_part_of_a_merge_without_its_first_part_is_a_cell() -> None:
    assert map_places(read_grid(table(tc("甲", "<w:vMerge/>")))) == {"甲": (0, 0, 1, 1)}


def test_inner_table_holds_the_data_and_text_around_it_is_prose() -> None:
    document = read_bytes(word_xml(table(tc(p("前言") + table(tc("规章") + tc("1")) + p("后记")))))
    assert [c.text for g in document.grids for c in g.cells] == ["规章", "1"]
    assert [b.text for b in document.paragraphs] == ["前言", "后记"]


def test_text_that_the_page_does_not_show_is_marked() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        "<w:p>" + run.format("收到") + "<w:del><w:r><w:delText>12</w:delText><w:t>13</w:t></w:r></w:del>"
        f"<w:ins>{run.format('34')}</w:ins><w:moveFrom>{run.format('56')}</w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>78</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        f"<w:sdt><w:sdtPr/><w:sdtContent>{run.format('件')}</w:sdtContent></w:sdt></w:p>"
    )
    document = read_bytes(word_xml(body))
    assert [b.text for b in document.paragraphs] == ["收到1213345678件"]
    assert [b.text for b in see(document).document.paragraphs] == ["收到34件"]


def test_deleted_row_is_left_out_and_wrapped_row_is_read() -> None:
    deleted_row = "<w:tr><w:trPr><w:del/></w:trPr>" + tc("旧") + "</w:tr>"
    wrapped_row = (
        "<w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent>"
        + tc("新")
        + "</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt>"
    )
    assert map_places(read_grid(f"<w:tbl>{deleted_row}{wrapped_row}</w:tbl>")) == {"新": (0, 0, 1, 1)}


def test_text_box_written_twice_is_read_once() -> None:
    box = f"<w:txbxContent>{p('框')}{table(tc('1'))}</w:txbxContent>"
    drawing = f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
    body = f'<w:p xmlns:mc="mc"><w:r><w:t>外</w:t><mc:AlternateContent>{drawing}</mc:AlternateContent></w:r></w:p>'
    document = read_bytes(word_xml(body))
    assert [b.text for b in document.paragraphs] == ["外", "框"]
    assert [c.text for g in document.grids for c in g.cells] == ["1"]


def test_two_numbers_in_a_cell_stay_apart() -> None:
    assert read_grid(table(tc(p("12") + p("34")))).cells[0].text == "12\n34"
    assert read_grid(table(tc(p("本年") + p("新收")))).cells[0].text == "本年\n新收"
    assert (
        read_grid(table(tc("<w:p><w:r><w:t>本年</w:t><w:br/><w:t>新收</w:t></w:r></w:p>"))).cells[0].text
        == "本年\n新收"
    )


def test_page_break_in_several_cells_counts_once_per_row() -> None:
    break_in_cell = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>{}</w:t></w:r></w:p>"
    body = p("一") + table(tc("1") + tc("2"), tc(break_in_cell.format("3")) + tc(break_in_cell.format("4"))) + p("二")
    body += '<w:p><w:r><w:br w:type="page"/><w:t>三</w:t></w:r></w:p>'
    document = read_bytes(word_xml(body))
    assert [(c.text, c.page) for c in document.grids[0].cells] == [("1", 1), ("2", 1), ("3", 2), ("4", 2)]
    assert [(b.text, b.page) for b in document.paragraphs] == [("一", 1), ("二", 2), ("三", 3)]


def make_bomb() -> bytes:
    """Return a document that inflates to more than the limit."""
    return packed(word__document_xml=b" " * (zip_archive.MAX_INFLATED_BYTES + 1))


def make_entities() -> bytes:
    """Return a document whose entities expand to 10^8 characters."""
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 9))
    return word_xml(p("&e8;"), f'<!DOCTYPE d [<!ENTITY e0 "一">{levels}]>')


def make_encrypted() -> bytes:
    """Return a document whose members are marked as encrypted."""
    data = bytearray(word_xml(p("1")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + at] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (make_bomb, "read.inflated"),
        (make_entities, "read.broken_zip"),
        (make_encrypted, "read.locked"),
        (lambda: word(shipped(PAGES[0]))[:-2000], "read.broken_zip"),
        (lambda: word_xml("<w:p>"), "read.broken_zip"),
        (lambda: packed(a_txt="1"), "read.unsupported"),
        (lambda: packed(**{f"m{i}": "" for i in range(8000)}), "read.too_many_members"),
        (lambda: word_xml(table(tc("1", '<w:gridSpan w:val="1000000"/>'))), "read.too_many_columns"),
        (lambda: word_xml(table(*[tc("")] * 1001)), "read.too_many_cells"),
        (lambda: word_xml("<w:tbl><w:tr><w:tc>" * 500 + "</w:tc></w:tr></w:tbl>" * 500), "read.broken_zip"),
    ],
)
def test_hostile_or_damaged_file_is_a_fault(
    make: Callable[[], bytes], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "pipeline.read.docx.table.MAX_CELLS", 1000
    )  # a document with the real limit takes seconds to make
    with pytest.raises(DataFault) as fault:
        read_bytes(make())
    assert fault.value.code == code


@pytest.mark.slow
def test_truncated_file_is_a_fault() -> None:
    complete_file = word(shipped(PAGES[0]))
    for end in range(4, len(complete_file), len(complete_file) // 40):
        with pytest.raises(DataFault):
            read_bytes(complete_file[:end])
