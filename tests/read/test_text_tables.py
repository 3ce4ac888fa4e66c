from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from support.offices import PAGES, PROSE, shipped, size, tables, taken, title, values

from pipeline.core.model import DataFault, Document, Extraction, GridCell
from pipeline.read import read_bytes, text
from pipeline.read.text.lines import count_display_columns

ChangedTexts = dict[str, str]  # new texts by address
Writer = Callable[[list[GridCell]], list[str]]


def list_places(cells: list[GridCell]) -> list[list[str]]:
    """Return the text of every place of a table by row; a place that a merged cell covers is blank."""
    height, width = size(cells)
    places = [[""] * width for _ in range(height)]
    for cell in cells:
        places[cell.row][cell.column] = cell.text
    return places


def list_cell_texts(cells: list[GridCell]) -> list[list[str]]:
    """Return the texts of the cells by row, as a scrape gives them: a merged cell once."""
    return [[c.text for c in sorted(cells, key=lambda c: c.column) if c.row == r] for r in range(size(cells)[0])]


def write_markdown(cells: list[GridCell]) -> list[str]:
    """Write a Markdown table; covered places are blank."""
    rows = [f"| {' | '.join(row)} |" for row in list_places(cells)]
    return [rows[0], "|" + "---|" * len(list_places(cells)[0]), *rows[1:]]


def write_padded_markdown(cells: list[GridCell]) -> list[str]:
    """Write a Markdown table without covered places; short rows are padded at their end."""
    width = size(cells)[1]
    rows = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in list_cell_texts(cells)]
    return [rows[0], "|" + " --- |" * width, *rows[1:]]


def write_short_markdown(cells: list[GridCell]) -> list[str]:
    """Write a Markdown table without covered places, rules and padding."""
    return ["|".join(["", *row, ""]) for row in list_cell_texts(cells)]


def write_columns(cells: list[GridCell], measure: Callable[[str], int]) -> list[str]:
    """Write left-aligned columns, as wide as their widest text that is not merged."""
    unmerged_cells = [c for c in cells if c.colspan == 1]
    widths = [
        max((measure(c.text) for c in unmerged_cells if c.column == column), default=1) + 2
        for column in range(size(cells)[1])
    ]
    lines = []
    for row in range(size(cells)[0]):
        line = ""
        for c in sorted((c for c in cells if c.row == row), key=lambda c: c.column):
            line += " " * (sum(widths[: c.column]) - measure(line)) + c.text
            line += "  "
        lines += [line.rstrip(), ""]
    return lines


def write_aligned(cells: list[GridCell]) -> list[str]:
    """Write columns aligned by number of characters."""
    return write_columns(cells, len)


def write_dense(cells: list[GridCell]) -> list[str]:
    """Write one cell per line; a blank cell is a blank line."""
    return [text for row in list_cell_texts(cells) for text in row]


def write_spaced(cells: list[GridCell]) -> list[str]:
    """Write one cell per line, with a blank line after each."""
    return [line for text in write_dense(cells) for line in (text, "")]


def write_barred(cells: list[GridCell]) -> list[str]:
    """Write one cell per line, with a bar after each and another before each row."""
    return [
        line
        for row in list_cell_texts(cells)
        for text in ["|", *row]
        for line in ([text] if text == "|" else [text, "|"])
    ]


def write_single_spaced(cells: list[GridCell]) -> list[str]:
    """Write one row per line, with single spaces and without blank cells."""
    return [" ".join(text for text in row if text) for row in list_cell_texts(cells)]


def write_document(report: Extraction, writer: Writer, changed_texts: ChangedTexts | None = None) -> Document:
    """Return the Document of a text with the report's title, prose and tables as `writer` writes them."""
    lines = [title(report), "", PROSE, ""]
    for heading, cells in tables(report, changed_texts):
        lines += [heading, "", *writer(cells), ""]
    return text.read("\n".join([*lines, "本报告的数据由各部门汇总。"]))


def find_wrong_values(extraction: Extraction, expected: dict[str, Decimal | None]) -> dict[str, Decimal | None]:
    """Return the values that were read and differ from the expected ones."""
    return {address: value for address, value in values(extraction).items() if value != expected[address]}


COMPLETE_WRITERS = (
    write_markdown,
    write_padded_markdown,
    write_short_markdown,
    write_aligned,
    write_dense,
    write_spaced,
    write_barred,
)
ALL_WRITERS = (*COMPLETE_WRITERS, write_single_spaced)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("writer", COMPLETE_WRITERS)
def test_every_cell_is_read_back(writer: Writer, path: str) -> None:
    report = shipped(path)
    document = write_document(report, writer)
    extraction = taken(document)
    assert not find_wrong_values(extraction, values(report))
    assert values(extraction) == values(report)
    assert all(grid.exact for grid in document.grids) or writer is not write_markdown
    assert PROSE in [paragraph.text for paragraph in document.paragraphs]


BLANKED_ADDRESSES = [
    *(f"applications/new/{c}" for c in ("natural_person", "business", "legal_service", "total")),
    *(f"applications/handled/{c}" for c in ("natural_person", "other_org", "total")),
    "applications/carried_out/natural_person",
    "review_litigation/review/upheld",
    "review_litigation/litigation_direct/pending",
    "review_litigation/litigation_after_review/total",
    "proactive/normative_documents/issued",
]


@pytest.mark.parametrize("address", BLANKED_ADDRESSES)
@pytest.mark.parametrize("writer", ALL_WRITERS)
def test_blank_never_moves_a_number(writer: Writer, address: str) -> None:
    report = shipped(PAGES[1])
    extraction = taken(write_document(report, writer, {address: ""}))
    expected = values(report) | {address: None}
    assert not find_wrong_values(extraction, expected)
    if values(extraction) != expected:
        assert extraction.findings


@pytest.mark.parametrize("writer", [write_markdown, write_barred])
@pytest.mark.parametrize("address", BLANKED_ADDRESSES)
def test_blank_between_bars_is_read_as_blank(writer: Writer, address: str) -> None:
    report = shipped(PAGES[1])
    extraction = taken(write_document(report, writer, {address: ""}))
    assert values(extraction) == values(report) | {address: None}


@pytest.mark.parametrize("writer", ALL_WRITERS)
def test_marks_for_none_keep_their_places(writer: Writer) -> None:
    report = shipped(PAGES[1])
    changed_texts = {"applications/new/business": "/", "applications/granted/total": "—"}
    extraction = taken(write_document(report, writer, changed_texts))
    assert not find_wrong_values(extraction, values(report) | dict.fromkeys(changed_texts))


@pytest.mark.parametrize("writer", [write_dense, write_spaced, write_single_spaced])
def test_row_with_a_lost_value_is_left_unread(writer: Writer) -> None:
    report = shipped(PAGES[0])
    document = write_document(report, lambda cells: writer([c for c in cells if c.text not in ("611,501", "251")]))
    extraction = taken(document)
    assert not find_wrong_values(extraction, values(report))
    incomplete_rows = ("applications/new/", "proactive/licensing/")
    assert not any(address.startswith(incomplete_rows) for address in values(extraction))
    lost_addresses = {address for f in extraction.findings if f.identity == "extract.lost" for address in f.cells}
    assert set(values(report)) - set(values(extraction)) == lost_addresses


@pytest.fixture(scope="module", params=["-layout", "-raw", ""])
def pdftotext_extraction(request: pytest.FixtureRequest, shared: Path) -> tuple[str, Extraction]:
    """Return an option of pdftotext ('' for none) and the extraction of Huai'an's report as it prints it."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    path = shared / "reports" / "huaian-2024.pdf"
    options = [request.param] if request.param else []
    completed_process = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True)
    return request.param, taken(text.read(completed_process.stdout.decode()))


def test_pdftotext_output_gives_no_wrong_cell(pdftotext_extraction: tuple[str, Extraction], shared: Path) -> None:
    option, extraction = pdftotext_extraction
    truth = json.loads((shared / "truth" / "huaian-2024.json").read_text(encoding="utf-8"))["cells"]
    expected = {k: None if v is None else Decimal(str(v)) for k, v in truth.items()}
    assert not find_wrong_values(extraction, expected)
    if option:
        assert values(extraction) == expected
        assert not [f for f in extraction.findings if f.severity == "error"]
    else:
        # Without an option it prints some rows' values before their labels: these stay unread and are reported.
        missing = {a for f in extraction.findings if f.identity in ("extract.missing", "extract.lost") for a in f.cells}
        assert set(expected) - set(values(extraction)) == missing
        assert len(values(extraction)) > 120
        assert all(c.confidence < 0.8 for c in extraction.cells)


def test_page_number_is_not_a_value() -> None:
    lines = "规章\n\n{}\n\n0\n\n11\n\n{}\f行政规范性文件\n\n8\n\n26\n\n66\n\n{}\f行政许可\n\n447228\n\n{}\n"
    for marks in (("", "- 1 -", "— 2 —", "第 3 页 共 3 页"), ("", "1", "2", "3")):
        document = text.read("信息内容\n\n一\n\n二\n\n三\n\n" + lines.format("1", *marks[1:]))
        printed_values = [c.text for c in document.grids[0].cells if c.text.isdigit()]
        assert printed_values == ["1", "0", "11", "8", "26", "66", "447228"]
        assert [c.page for c in document.grids[0].cells if c.text == "447228"] == [3]


def test_wrapped_prose_is_joined_and_other_lines_are_not() -> None:
    wrapped_text = (
        "  本年度收到政府信息公开申请一百二十件，其中网络申\n请一百件，当面申请二十件，全部按期答复。\n一、总体情况\n"
    )
    assert [p.text for p in text.read(wrapped_text).paragraphs] == [
        "本年度收到政府信息公开申请一百二十件，其中网络申请一百件，当面申请二十件，全部按期答复。",
        "一、总体情况",
    ]
    assert [p.text for p in text.read("# 标题\n\n**粗体**\n").paragraphs] == ["标题", "粗体"]


@pytest.mark.parametrize("writer", ALL_WRITERS)
def test_other_money_unit_is_not_lost_silently(writer: Writer) -> None:
    report = shipped(PAGES[1])
    document = write_document(report, lambda cells: [line.replace("单位：万元", "单位：元") for line in writer(cells)])
    address = "proactive/fees/amount"
    for cell in (c for c in taken(document).cells if c.address == address):
        assert cell.value == Decimal("9.61716") or cell.confidence < 0.5


def test_stacked_heads_in_unknown_order_give_no_wrong_cell() -> None:
    # The head of the total comes before its neighbours' heads, in the order of the cells in a page's source.
    report = shipped(PAGES[0])
    heads = [GridCell("总计", 1, 4, 2), GridCell("商业企业", 2, 5)]
    for writer in (write_dense, write_spaced, write_barred):
        document = write_document(
            report,
            lambda cells, w=writer: w(sorted({*cells, *heads}, key=lambda c: (c.row, c.column))),  # type: ignore[misc]
        )
        assert not find_wrong_values(taken(document), values(report))


def test_tabs_keep_their_blanks() -> None:
    (grid,) = text.read("规章\t0\t\n\n规范性文件\t2\t3\n").grids
    assert [c.text for c in grid.cells] == ["规章", "0", "", "规范性文件", "2", "3"]


def test_markdown_and_html_marks_are_removed_from_cells() -> None:
    (grid,) = text.read(r"| **甲**&nbsp;乙 | a\|b<br>c |" + "\n|---|:-:|\n| `1` | |\n").grids
    assert [(c.text, c.row, c.column) for c in grid.cells] == [
        ("甲 乙", 0, 0),
        ("a|b c", 0, 1),
        ("1", 1, 0),
        ("", 1, 1),
    ]
    assert grid.exact


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("|" * 200_001, "read.too_many_cells"),
        ("\n" * 200_001, "read.too_long"),
        ("a" * 100_001, "read.too_long"),
        ("|1" * 300, "read.too_many_columns"),
    ],
)
def test_hostile_text_is_a_fault(content: str, code: str) -> None:
    with pytest.raises(DataFault) as fault:
        text.read(content)
    assert fault.value.code == code


@pytest.mark.slow
@pytest.mark.parametrize(
    "content", ["1\n" * 60_000, "甲  1\n" * 60_000, "甲\n" * 60_000 + "甲  1", "（一）\n" * 60_000, " " * 90_000]
)
def test_long_text_is_read_in_linear_time(content: str) -> None:
    text.read(content)


def test_ideograph_counts_as_two_display_columns() -> None:
    assert count_display_columns("规章 1") == 6
    assert not re.search(r"\s", title(shipped(PAGES[0])))


def test_long_line_of_bars_is_nothing() -> None:
    row = "| 一、本年新收政府信息公开申请数量 | 5 | 1 | 0 | 0 | 0 | 2 | 8 |"
    (grid,) = read_bytes(f"{row}\n{'|' * 2600}\n{row}".encode()).grids
    assert len(grid.cells) == 16
