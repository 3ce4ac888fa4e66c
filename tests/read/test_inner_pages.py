"""Test pages within pages: frames, scripts and templates, and what the message names if they are elsewhere."""

from __future__ import annotations

import html
import json
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from support.offices import shipped, taken, values
from support.project import ROOT

from pipeline.core.messages import say
from pipeline.core.model import DataFault, Document, Extraction
from pipeline.read import read_bytes

REPORT = "2024/320800.html"
PAGE = (ROOT / "data" / "raw" / REPORT).read_text(encoding="utf-8")
TITLE = "淮安市人民政府2024年政府信息公开工作年度报告"


def read_around(inner: str, text: str = "") -> Document:
    return read_bytes(f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1><p>{text}</p>{inner}</body></html>".encode())


def note_findings(extraction: Extraction) -> dict[str, str]:
    return {f.identity: f.note for f in extraction.findings}


def make_frame(page: str) -> str:
    """Return a frame with this page."""
    return f'<iframe srcdoc="{html.escape(page)}"></iframe>'


FRAMES = {
    "srcdoc": make_frame(PAGE),
    "address with data": f'<iframe src="data:text/html;charset=utf-8,{quote(PAGE)}"></iframe>',
    "frame in a frame": make_frame(make_frame(PAGE)),
    "page in a cell": f"<table><tr><td>{PAGE}</td></tr></table>",
}


@pytest.mark.parametrize("name", FRAMES)
def test_page_within_a_page_is_read(name: str) -> None:
    extraction = taken(read_around(FRAMES[name]))
    assert values(extraction) == values(shipped(REPORT))
    assert not extraction.findings


QUOTED, LINE = json.dumps(PAGE, ensure_ascii=False), PAGE.replace("\n", "").replace("'", "")
PIECES = LINE.replace("<tr", "' +\n '<tr")
HOLDERS = {
    "text": "<script>var page = {};</script>".format(QUOTED.replace("</", "<\\/")),
    "escaped text": "<script>var page = {};</script>".format(json.dumps(PAGE).replace("<", "\\u003c")),
    "text in pieces": f"<script>x = '{PIECES}';</script>",
    "template": f"<template>{PAGE}</template>",
}


@pytest.mark.parametrize("name", HOLDERS)
def test_table_in_a_script_is_read_and_asked_about(name: str) -> None:
    extraction = taken(read_around(HOLDERS[name]))
    assert values(extraction) == values(shipped(REPORT))
    assert set(note_findings(extraction)) == {"extract.script_read"}


def test_script_of_a_page_with_tables_is_ignored() -> None:
    script = HOLDERS["text"].replace("<td>0", "<td>7")
    assert not taken(read_bytes(PAGE.replace("</body>", f"{script}</body>").encode())).findings


@pytest.mark.parametrize(
    ("inner", "code", "name"),
    [
        ('<iframe src="http://www.example.gov.cn/t.html"></iframe>', "extract.elsewhere", "http://www.example.gov.cn/t.html"),
        ('<object data="附表.pdf"></object>', "extract.elsewhere", "附表.pdf"),
        ('<p><a href="/files/附表.xls">附件</a></p>', "extract.elsewhere", "/files/附表.xls"),
        ('<img src="table.png">', "extract.picture", "table.png"),
        ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', "extract.picture", "<img> (1)"),
        (f"<script id=d>rows={json.dumps([['行政许可', str(n)] for n in range(40)])}</script>", "extract.script", "d"),
        ('<div id="app"></div><script src="app.js"></script>', "extract.script", "app.js"),
    ],
)  # fmt: skip
def test_place_of_missing_tables_is_named(inner: str, code: str, name: str) -> None:
    assert note_findings(taken(read_around(inner, "2024年，本机关主动公开政府信息45678条。"))).get(code) == name


def test_refusal_names_the_page_that_holds_the_tables() -> None:
    data = b'<html><frameset><frame src="top.html"><frame src="main.html"></frameset></html>'
    with pytest.raises(DataFault) as fault:
        taken(read_bytes(data))
    assert fault.value.code == "extract.elsewhere"
    assert "top.html | main.html" in say(fault.value.code, "zh", **fault.value.values)


def test_page_with_all_tables_says_nothing_about_its_pictures() -> None:
    extra = '<img src="logo.png"><iframe src="http://x/map"></iframe><a href="a.pdf">x</a><script src=a.js></script>'
    assert not taken(read_bytes(PAGE.replace("</body>", f"{extra}</body>").encode())).findings


def test_frame_of_a_web_archive_is_read() -> None:
    message = EmailMessage()
    message.set_content('<frameset><frame src="http://x/inner.html"></frameset>', subtype="html")
    message.make_related()
    message.add_related(PAGE, subtype="html", headers=["Content-Location: http://x/inner.html"])
    assert values(taken(read_bytes(b"MIME-Version: 1.0\n" + message.as_bytes()))) == values(shipped(REPORT))


def test_frames_end_at_a_depth() -> None:
    page = "<p>1</p>"
    for _ in range(6):
        page = make_frame(page)
    document = read_around(page)
    assert "1" not in [p.text for p in document.paragraphs]
    assert [f.note for f in document.findings] == ["<iframe>"]


def test_archive_whose_frames_show_each_other_ends() -> None:
    message = EmailMessage()
    frames = '<p>1</p><iframe src="a.html"></iframe>' * 100
    message.set_content(frames, subtype="html")
    message.make_related()
    message.add_related(frames, subtype="html", headers=["Content-Location: a.html"])
    document = read_bytes(b"MIME-Version: 1.0\n" + message.as_bytes())
    assert 1000 < len(document.paragraphs) < 10_000
    assert [f.note for f in document.findings] == ["a.html"]


@pytest.mark.parametrize("row", ["一、本年新收政府信息公开申请数量", "四、结转下年度继续办理"])
def test_content_elsewhere_is_named_if_numbers_have_no_place(row: str) -> None:
    """Cells are also missing where their numbers are printed but belong to no label."""
    page = PAGE.replace(row, "某类", 1).replace(
        "</body>", '<iframe src="https://example.org/annex.html"></iframe></body>'
    )
    found = note_findings(taken(read_bytes(page.encode())))
    assert "extract.lost" in found
    assert found["extract.elsewhere"] == "https://example.org/annex.html"
