"""Test the rule that decides what a page shows, on documents made here."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.offices import shipped, word_xml
from support.project import ROOT

from pipeline.core.marked_text import edit_text
from pipeline.core.model import Document, Extraction, Grid, GridCell, Mark, Paragraph
from pipeline.core.text import parse_cell
from pipeline.extract import extract
from pipeline.extract.visible import see, see_cell
from pipeline.read import read_bytes
from pipeline.registry.load import load_register

PAGE = (ROOT / "data/raw/2019/411200.html").read_text(encoding="utf-8")
ROW = "<tr><td>行政处罚</td><td>7,402</td><td>750</td><td>643,543</td></tr>"
PENALTIES = "proactive/penalties/decisions"


def read_page(row: str, style: str = "", prose: str = "") -> Extraction:
    """Return the extraction of a shipped page with another row 行政处罚, a style sheet and a paragraph."""
    assert ROW in PAGE
    page = PAGE.replace(ROW, row).replace("</head>", f"<style>{style}</style></head>")
    return extract(read_bytes(page.replace("<table", f"<p>{prose}</p><table", 1).encode()), load_register())


def read_penalties(cell: str, style: str = "") -> tuple[Decimal | None, set[str]]:
    """Return the value of the cell 行政处罚 whose content is `cell`, and the codes of the findings about it."""
    extraction = read_page(ROW.replace("<td>643,543</td>", f"<td>{cell}</td>"), style)
    value = next(c.value for c in extraction.cells if c.address == PENALTIES)
    return value, {f.identity for f in extraction.findings if PENALTIES in f.cells}


@pytest.mark.parametrize(
    ("cell", "style"),
    [
        ("<s>35</s>26", ""),
        ("<del>35</del><ins>26</ins>", ""),
        ('<span style="TEXT-DECORATION: line-through !important">35</span>26', ""),
        ('<span style="display:none">9</span>26', ""),
        ('<span style="visibility: hidden">9</span>26', ""),
        ("<span hidden>9</span>26", ""),
        ('<b class="x old">9</b>26', ".a, .old { display: none }"),
        ('<b id="k"><i>9</i></b>26', "#k i { font-size: 0 }"),
        ('<font color="#FFFFFF">9</font>26', ""),
        ('<span style="color:rgba(0,0,0,0)">9</span>26', ""),
        ('<span style="color:#fff">9</span>26', ""),
        ('<span style="position:absolute;left:-9999px">9</span>26', ""),
        ('<span style="opacity:0">9</span>26', ""),
        ('<span style="font-size:1px">9</span>26', ""),
        ("<span style='mso-hide:all'>9</span>26", ""),
        ('<span style="transform: scale(0)">9</span>26', ""),
        ('<span style="color:transparent">9</span>26', ""),
    ],
)
def test_struck_and_hidden_digits_of_a_page_are_not_read(cell: str, style: str) -> None:
    assert read_penalties(cell, style) == (Decimal(26), {"extract.unread"})


@pytest.mark.parametrize(
    ("cell", "style"),
    [
        ('<span style="display:inline">26</span>', ""),
        ('<b class="old">26</b>', "@media print { .old { display: none } } .old:hover { display: none }"),
        ('<b class="old" style="display:inline">26</b>', ".new .old { display: none }"),
        ('<span style="background:#036;color:#fff">26</span>', ""),
        ('<font style="font-size:1.2em" color="white"><b style="color:#333">26</b></font>', ""),
        ('<span style="transform: scale(1)">26</span>', ""),
        ('<input value="26">', ""),
        ("<textarea> 26 </textarea>", ""),
        ("<select><option>25</option><option selected>26</option></select>", ""),
        ('26<input type="hidden" value="9"><input type="checkbox" value="1">', ""),
        ("<p>26</p><p> </p>", ""),
        ("<p>26<br></p>", ""),
        ("2<b>6</b>", ""),
        ("26\n  件", ""),
    ],
)
def test_visible_digits_of_a_page_are_read_without_doubt(cell: str, style: str) -> None:
    assert read_penalties(cell, style) == (Decimal(26), set())


@pytest.mark.parametrize("cell", ["<p>26</p><p>23</p>", "26<br>23", "<div>26</div>23", "<ul><li>26<li>23</ul>"])
def test_two_numbers_in_a_cell_of_a_page_are_asked_about(cell: str) -> None:
    assert read_penalties(cell) == (None, {"extract.several"})


@pytest.mark.parametrize(
    "cell", ["26<sup>1</sup>", "26<sub>a</sub>", "26²", "26⑴", "26<sup>[1]</sup>", "26<sup>①</sup>"]
)
def test_note_beside_a_number_is_no_digit(cell: str) -> None:
    assert read_penalties(cell) == (Decimal(26), {"extract.note"})


@pytest.mark.parametrize("cell", ["㉑", "⑥", "²", '<bdo dir="rtl">62</bdo>', "\u202e62\u202c", "2<sup>1</sup>6", "2①6"])
def test_unusual_digits_are_asked_about(cell: str) -> None:
    assert read_penalties(cell) == (None, {"extract.unsure"})


def test_picture_in_place_of_a_number_and_generated_digit_are_asked_about() -> None:
    assert read_penalties('<img src="26.png">') == (None, {"extract.unsure"})
    assert read_penalties('26<img src="star.png">') == (Decimal(26), set())
    assert read_penalties('<img src="a.gif" width="1" height="1">') == (None, set())
    assert read_penalties('<i class="x">6</i>', '.x::before { content: "2" }') == (None, {"extract.unsure"})
    assert read_penalties('<i class="x">6</i>', '.x::before { content: "" }') == (Decimal(6), set())


def test_hidden_row_and_cell_shift_nothing() -> None:
    old = ROW.replace("643,543", "1").replace("<tr>", '<tr style="display:none">')
    assert read_page(old + ROW).cells == read_page(f"<tr hidden><td>{'</td><td>'.join('abcd')}</td></tr>{ROW}").cells
    with_cell = ROW.replace("<td>750", '<td style="display:none">9</td><td>750')
    values = {c.address: c.value for c in read_page(with_cell).cells}
    assert values == {c.address: c.value for c in shipped("2019/411200.html").cells}


def test_number_merged_over_two_rows_counts_for_none() -> None:
    merged = ROW.replace("<td>643,543", '<td rowspan="2">26')
    next_row = "<tr><td>行政强制</td><td>446</td><td>46</td><td>8,947</td></tr>"
    page = PAGE.replace(ROW, merged).replace(next_row, next_row.replace("<td>8,947</td>", ""))
    extraction = extract(read_bytes(page.encode()), load_register())
    values = {c.address: c.value for c in extraction.cells}
    (finding,) = [f for f in extraction.findings if f.identity == "extract.merged"]
    assert set(finding.cells) == {PENALTIES, "proactive/compulsion/decisions"}
    assert all(values[address] is None for address in finding.cells)
    assert finding.note == "26"


def test_struck_prose_is_not_read_and_broken_number_is_asked_about() -> None:
    kept = read_page(ROW, prose="2019年，全市收到政府信息公开申请<s>1386</s>1368<sup>2</sup>件。")
    assert {int(f.value) for f in kept.figures if f.row == "applications.received"} >= {1368}
    assert not any(f.value in (1386, 13861368, 13682) for f in kept.figures)
    broken = read_page(ROW, prose="2019年，全市收到政府信息公开申请1368<br>45件。")
    assert not any(f.value in (136845, 45) for f in broken.figures)
    assert "extract.broken_figure" in {f.identity for f in broken.findings}


def test_gap_between_digits() -> None:
    assert see_cell("1 234", ())[1][0].code == "extract.gap"
    assert see_cell("214 211", ())[1][0].code == "extract.several"
    assert see_cell("1234.\n56", ()) == ("1234.56", see_cell("1234.\n56", ())[1])
    assert see_cell("行政\n处罚", ()) == ("行政 处罚", ())
    assert see_cell("二十\n五", ())[0] == "二十；五"


def test_label_loses_its_note_and_its_hidden_words() -> None:
    grid = Grid((GridCell("旧行政处罚1", 0, 0, marks=(Mark("hidden", 0, 1), Mark("raised", 5, 6))),))
    seen = see(Document((Paragraph("旧", marks=(Mark("deleted", 0, 1),)), grid), "x", "x", title="旧")).document
    assert [cell.text for cell in seen.grids[0].cells] == ["行政处罚"]
    assert (seen.title, seen.paragraphs) == ("", ())


def test_raised_unit_stays() -> None:
    assert see_cell("12元", (Mark("raised", 2, 3),))[0] == "12元"
    assert see_cell("12", (Mark("raised", 0, 2),)) == ("12", ())


def test_shown_number_that_differs_is_unknown_but_a_rounded_one_is_not() -> None:
    assert see_cell("26", (Mark("shown", 0, 2, "26万"),))[1][0].code == "extract.shown"
    assert see_cell("26", (Mark("shown", 0, 2, ""),))[1][0].code == "extract.shown"
    assert see_cell("26.126", (Mark("shown", 0, 6, "26.13"),))[1][0].code == "extract.rounded"
    assert see_cell("26.126", (Mark("shown", 0, 6, "26.14"),))[1][0].code == "extract.shown"


def test_marks_move_with_edits() -> None:
    text, marks = edit_text("ab cd", [Mark("struck", 3, 5)], [(0, 1, ""), (2, 3, "--")])
    assert (text, marks) == ("b--cd", (Mark("struck", 3, 5),))


def test_digits_that_are_not_plain_have_no_value() -> None:
    assert parse_cell("10²", "件") == parse_cell("㉑", "件") == parse_cell("\u202e12", "件") == (None, "text")


def word_cell(content: str, properties: str = "") -> str:
    """Return a Word cell with one paragraph of XML."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{content}</w:p></w:tc>"


def run(text: str, properties: str = "") -> str:
    """Return a Word run with the properties."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def see_word_cell(content: str, properties: str = "") -> tuple[str, list[str]]:
    """Return the text of a Word cell as seen, and the codes of the doubts about it."""
    body = f"<w:tbl><w:tr>{word_cell(content, properties)}</w:tr></w:tbl>"
    document, doubts = see(read_bytes(word_xml(body)))
    return document.grids[0].cells[0].text, [doubt.code for all_doubts in doubts.values() for doubt in all_doubts]


@pytest.mark.parametrize(
    "content",
    [
        run("99", "<w:strike/>") + run("26"),
        run("99", '<w:dstrike w:val="true"/>') + run("26"),
        run("99", "<w:vanish/>") + run("26"),
        run("99", '<w:color w:val="FFFFFF"/>') + run("26"),
        run("99", '<w:sz w:val="2"/>') + run("26"),
        f"<w:del><w:r><w:delText>99</w:delText></w:r></w:del><w:ins>{run('26')}</w:ins>",
        f"<w:moveFrom>{run('99')}</w:moveFrom><w:moveTo>{run('26')}</w:moveTo>",
    ],
)
def test_struck_and_hidden_digits_of_word_are_not_read(content: str) -> None:
    assert see_word_cell(content) == ("26", ["extract.unread"])


@pytest.mark.parametrize(
    "content",
    [
        run("26") + run("1", '<w:vertAlign w:val="superscript"/>'),
        run("26") + run("1", '<w:position w:val="-10"/>'),
        run("26") + '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>1</w:t></w:r>',
        f"<m:oMath xmlns:m='m'><m:sSup><m:e>{run('26')}</m:e><m:sup>{run('2')}</m:sup></m:sSup></m:oMath>",
    ],
)
def test_note_in_word_is_no_digit(content: str) -> None:
    assert see_word_cell(content) == ("26", ["extract.note"])


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (run("26") + "<w:r><w:br/></w:r>" + run("23"), ["extract.several"]),
        (run("26") + "</w:p><w:p>" + run("23"), ["extract.several"]),
        (run("2") + '<w:r><w:sym w:font="Wingdings" w:char="F06C"/></w:r>', ["extract.unsure"]),
        (f'<w:bdo w:val="rtl">{run("62")}</w:bdo>', ["extract.unsure"]),
        ('<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', ["extract.unsure"]),
        ("<w:r><w:drawing><a><pic/></a></w:drawing></w:r>", ["extract.unsure"]),
    ],
)
def test_doubtful_number_of_word_is_asked_about(content: str, codes: list[str]) -> None:
    assert see_word_cell(content)[1] == codes


@pytest.mark.parametrize(
    "content",
    [
        run("2", '<w:strike w:val="0"/>') + run("6"),
        run("26", '<w:color w:val="FFFFFF"/><w:shd w:fill="1F4E79"/>'),
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="25"/>'
        '<w:listEntry w:val="26"/></w:ddList></w:ffData></w:fldChar></w:r>',
        f"<w:sdt><w:sdtContent>{run('26')}</w:sdtContent></w:sdt>",
    ],
)
def test_visible_digits_of_word_are_read_without_doubt(content: str) -> None:
    assert see_word_cell(content) == ("26", [])


def test_white_digits_in_a_dark_cell_are_visible() -> None:
    assert see_word_cell(run("26", '<w:color w:val="FFFFFF"/>'), '<w:shd w:fill="1F4E79"/>') == ("26", [])


def test_deleted_cell_and_hidden_row_of_word_shift_nothing() -> None:
    deleted = word_cell(run("9"), "<w:cellDel/>")
    hidden = f"<w:tr><w:trPr><w:hidden/></w:trPr>{word_cell(run('8'))}</w:tr>"
    body = f"<w:tbl>{hidden}<w:tr>{word_cell(run('1'))}{deleted}{word_cell(run('2'))}</w:tr></w:tbl>"
    (grid,) = read_bytes(word_xml(body)).grids
    assert [(c.text, c.row, c.column) for c in grid.cells] == [("1", 0, 0), ("2", 0, 1)]
