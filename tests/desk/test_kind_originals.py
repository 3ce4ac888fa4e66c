"""The original of a bulletin: its numbers are marked where they were read, also in frames and behind struck text."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.bulletins import Bulletin, html_of

from pipeline.core.model import ProseCell
from pipeline.desk.originals import OriginalText, draw_original
from pipeline.report import read_report

PROSE = Bulletin().paragraphs[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        (f"<p>{PROSE}</p>", f"<table><tr><td>{PROSE}</td></tr></table>"),  # a frame of one cell is read as prose
        (f"<p>{PROSE}</p>", f"<table><tr><td>前言</td></tr></table><p>{PROSE}</p>"),
        ("检查40家", "检查<s>99家</s>40家"),
        ("检查40家", "检查４０家"),
    ],
)
def test_marked_text_is_what_was_read(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "通报.html"
    page = html_of(Bulletin())
    assert old in page
    path.write_text(page.replace(old, new, 1) if old else page, encoding="utf-8")
    cells = [cell for cell in read_report(path, tmp_path, True).cells if isinstance(cell, ProseCell)]
    assert len(cells) == 9
    spans: dict[int, list[tuple[int, int]]] = {}
    for cell in cells:
        spans.setdefault(cell.grid_row, []).append((cell.start, cell.end))
    texts = [part for part in draw_original(str(path), (), spans).parts if isinstance(part, OriginalText)]
    marked = [text for part in texts for text, is_marked in part.pieces if is_marked]
    assert sorted(marked) == sorted(cell.raw for cell in cells)
    assert "99" not in "".join(text for part in texts for text, _ in part.pieces)


def test_annual_report_has_no_prose(tmp_path: Path) -> None:
    path = tmp_path / "年报.html"
    path.write_text("<p>正文</p><table><tr><td>1</td><td>2</td></tr></table>", encoding="utf-8")
    original = draw_original(str(path), ())
    assert not original.has_text
    assert len(original.parts) == 1
