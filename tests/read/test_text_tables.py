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
from pipeline.read import text
from pipeline.read.text.lines import width

Changed = dict[str, str]
Writer = Callable[[list[GridCell]], list[str]]


def lines_of(cells: list[GridCell]) -> list[list[str]]:
    """Every place of a table; one that a merged cell covers is blank."""
    height, across = size(cells)
    places = [[""] * across for _ in range(height)]
    for cell in cells:
        places[cell.row][cell.column] = cell.text
    return places


def rows_of(cells: list[GridCell]) -> list[list[str]]:
    """The cells of each row as a scrape gives them: a merged cell once."""
    return [[c.text for c in sorted(cells, key=lambda c: c.column) if c.row == r] for r in range(size(cells)[0])]


def markdown(cells: list[GridCell]) -> list[str]:
    rows = [f"| {' | '.join(row)} |" for row in lines_of(cells)]
    return [rows[0], "|" + "---|" * len(lines_of(cells)[0]), *rows[1:]]


def markdown_filled_up(cells: list[GridCell]) -> list[str]:
    across = size(cells)[1]
    rows = [f"| {' | '.join(row + [''] * (across - len(row)))} |" for row in rows_of(cells)]
    return [rows[0], "|" + " --- |" * across, *rows[1:]]


def markdown_cut(cells: list[GridCell]) -> list[str]:
    return ["|".join(["", *row, ""]) for row in rows_of(cells)]


def columns(cells: list[GridCell], measure: Callable[[str], int]) -> list[str]:
    """Left-aligned columns, as wide as their widest text that is not merged."""
    single = [c for c in cells if c.colspan == 1]
    wide = [max((measure(c.text) for c in single if c.column == i), default=1) + 2 for i in range(size(cells)[1])]
    out = []
    for row in range(size(cells)[0]):
        line = ""
        for c in sorted((c for c in cells if c.row == row), key=lambda c: c.column):
            line += " " * (sum(wide[: c.column]) - measure(line)) + ("  " if line.strip() else "") * 0 + c.text
            line += "  "
        out += [line.rstrip(), ""]
    return out


def by_characters(cells: list[GridCell]) -> list[str]:
    return columns(cells, len)


def dense(cells: list[GridCell]) -> list[str]:
    return [text for row in rows_of(cells) for text in row]


def spaced(cells: list[GridCell]) -> list[str]:
    return [line for text in dense(cells) for line in (text, "")]


def barred(cells: list[GridCell]) -> list[str]:
    return [line for row in rows_of(cells) for text in ["|", *row] for line in ([text] if text == "|" else [text, "|"])]


def single(cells: list[GridCell]) -> list[str]:
    return [" ".join(t for t in row if t) for row in rows_of(cells)]


def document(report: Extraction, writer: Writer, changed: Changed | None = None) -> Document:
    lines = [title(report), "", PROSE, ""]
    for heading, cells in tables(report, changed):
        lines += [heading, "", *writer(cells), ""]
    return text.read("\n".join([*lines, "本报告的数据由各部门汇总。"]))


def wrong(found: Extraction, right: dict[str, Decimal | None]) -> dict[str, Decimal | None]:
    """What was read and is not so."""
    return {a: v for a, v in values(found).items() if v != right[a]}


WHOLE = (markdown, markdown_filled_up, markdown_cut, by_characters, dense, spaced, barred)
ALL = (*WHOLE, single)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("writer", WHOLE)
def test_every_cell_is_read_back(writer: Writer, path: str) -> None:
    report = shipped(path)
    read = document(report, writer)
    found = taken(read)
    assert not wrong(found, values(report))
    assert values(found) == values(report)
    assert all(grid.exact for grid in read.grids) or writer is not markdown
    assert PROSE in [paragraph.text for paragraph in read.paragraphs]


SOME = [
    *(f"applications/new/{c}" for c in ("natural_person", "business", "legal_service", "total")),
    *(f"applications/handled/{c}" for c in ("natural_person", "other_org", "total")),
    "applications/carried_out/natural_person",
    "review_litigation/review/upheld",
    "review_litigation/litigation_direct/pending",
    "review_litigation/litigation_after_review/total",
    "proactive/normative_documents/issued",
]


@pytest.mark.parametrize("address", SOME)
@pytest.mark.parametrize("writer", ALL)
def test_a_blank_never_moves_a_number(writer: Writer, address: str) -> None:
    report = shipped(PAGES[1])
    found = taken(document(report, writer, {address: ""}))
    assert not wrong(found, values(report) | {address: None})
    if values(found) != values(report) | {address: None}:
        assert found.findings


@pytest.mark.parametrize("writer", [markdown, barred])
@pytest.mark.parametrize("address", SOME)
def test_between_bars_a_blank_is_seen(writer: Writer, address: str) -> None:
    report = shipped(PAGES[1])
    found = taken(document(report, writer, {address: ""}))
    assert values(found) == values(report) | {address: None}


@pytest.mark.parametrize("writer", ALL)
def test_marks_for_none_stay_where_they_are(writer: Writer) -> None:
    report = shipped(PAGES[1])
    changed = {"applications/new/business": "/", "applications/granted/total": "—"}
    found = taken(document(report, writer, changed))
    assert not wrong(found, values(report) | dict.fromkeys(changed))


@pytest.mark.parametrize("writer", [dense, spaced, single])
def test_a_lost_figure_leaves_its_row_unread(writer: Writer) -> None:
    report = shipped(PAGES[0])
    lost = document(report, lambda cells: writer([c for c in cells if c.text not in ("611,501", "251")]))
    found = taken(lost)
    assert not wrong(found, values(report))
    assert not any(a.startswith(("applications/new/", "proactive/licensing/")) for a in values(found))
    assert sum(f.identity == "extract.unplaced" for f in found.findings) >= 6


@pytest.fixture(scope="module", params=["-layout", "-raw", ""])
def printed(request: pytest.FixtureRequest, shared: Path) -> tuple[str, Extraction]:
    """Huai'an's report as pdftotext writes it."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    path = shared / "reports" / "huaian-2024.pdf"
    options = [request.param] if request.param else []
    made = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True)
    return request.param, taken(text.read(made.stdout.decode()))


def test_pdftotext_gives_no_wrong_cell(printed: tuple[str, Extraction], shared: Path) -> None:
    how, found = printed
    truth = json.loads((shared / "truth" / "huaian-2024.json").read_text(encoding="utf-8"))["cells"]
    right = {k: None if v is None else Decimal(str(v)) for k, v in truth.items()}
    assert not wrong(found, right)
    if how:
        assert values(found) == right
        assert not [f for f in found.findings if f.severity == "error"]
    else:
        # It prints some rows' figures before their labels: those are left, and said to be.
        missing = {a for f in found.findings if f.identity == "extract.missing" for a in f.cells}
        assert set(right) - set(values(found)) == missing
        assert len(values(found)) > 120
        assert all(c.confidence < 0.8 for c in found.cells)


def test_a_page_number_is_no_figure() -> None:
    lines = "规章\n\n{}\n\n0\n\n11\n\n{}\f行政规范性文件\n\n8\n\n26\n\n66\n\n{}\f行政许可\n\n447228\n\n{}\n"
    for marks in (("", "- 1 -", "— 2 —", "第 3 页 共 3 页"), ("", "1", "2", "3")):
        read = text.read("信息内容\n\n一\n\n二\n\n三\n\n" + lines.format("1", *marks[1:]))
        figures = [c.text for c in read.grids[0].cells if c.text.isdigit()]
        assert figures == ["1", "0", "11", "8", "26", "66", "447228"]
        assert [c.page for c in read.grids[0].cells if c.text == "447228"] == [3]


def test_wrapped_prose_is_put_together_and_other_lines_are_not() -> None:
    wrapped = (
        "  本年度收到政府信息公开申请一百二十件，其中网络申\n请一百件，当面申请二十件，全部按期答复。\n一、总体情况\n"
    )
    assert [p.text for p in text.read(wrapped).paragraphs] == [
        "本年度收到政府信息公开申请一百二十件，其中网络申请一百件，当面申请二十件，全部按期答复。",
        "一、总体情况",
    ]
    assert [p.text for p in text.read("# 标题\n\n**粗体**\n").paragraphs] == ["标题", "粗体"]


@pytest.mark.parametrize("writer", ALL)
def test_another_money_unit_is_not_lost_silently(writer: Writer) -> None:
    report = shipped(PAGES[1])
    read = document(report, lambda cells: [line.replace("单位：万元", "单位：元") for line in writer(cells)])
    address = "proactive/fees/amount"
    for cell in (c for c in taken(read).cells if c.address == address):
        assert cell.value == Decimal("9.61716") or cell.confidence < 0.5


def test_one_cell_a_line_under_heads_whose_order_is_not_known() -> None:
    # The head of the total comes before its neighbours', as the cells of a page stand in its source.
    report = shipped(PAGES[0])
    order = [GridCell("总计", 1, 4, 2), GridCell("商业企业", 2, 5)]
    for writer in (dense, spaced, barred):
        read = document(report, lambda cells, w=writer: w(sorted({*cells, *order}, key=lambda c: (c.row, c.column))))  # type: ignore[misc]
        assert not wrong(taken(read), values(report))


def test_tabs_keep_their_blanks() -> None:
    (grid,) = text.read("规章\t0\t\n\n规范性文件\t2\t3\n").grids
    assert [c.text for c in grid.cells] == ["规章", "0", "", "规范性文件", "2", "3"]


def test_cells_of_bars() -> None:
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
def test_hostile_texts_are_faults(content: str, code: str) -> None:
    with pytest.raises(DataFault) as fault:
        text.read(content)
    assert fault.value.code == code


@pytest.mark.parametrize(
    "content", ["1\n" * 60_000, "甲  1\n" * 60_000, "甲\n" * 60_000 + "甲  1", "（一）\n" * 60_000, " " * 90_000]
)
def test_long_texts_take_time_in_proportion(content: str) -> None:
    text.read(content)


def test_width_counts_ideographs_twice() -> None:
    assert width("规章 1") == 6
    assert not re.search(r"\s", title(shipped(PAGES[0])))
