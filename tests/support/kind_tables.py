"""Bulletins with tables, made for a test."""

from __future__ import annotations

from pathlib import Path

from pipeline.core.model import Extraction
from pipeline.report import read_report


def read(folder: Path, content: str, name: str = "report.html") -> Extraction:
    """Return what a file with this content reports."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_report(path)


def bulletin(*tables: list[list[str]]) -> str:
    """Return a bulletin with these tables; a text that begins with < is a whole cell."""
    title = "<h1>三门峡市2021年第二季度政府网站检查情况通报（模拟）</h1><p>检查政府网站3家。</p>"
    return f'<html><meta charset="utf-8">{title}{"".join(map(table, tables))}</html>'


def table(lines: list[list[str]]) -> str:
    """Return the HTML of a table."""
    cells = (("".join(t if t.startswith("<") else f"<td>{t}</td>" for t in line)) for line in lines)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in cells)}</table>"


def listed(extraction: Extraction) -> list[dict[str, str]]:
    """Return the lines of all lists."""
    lines: dict[tuple[str, int], dict[str, str]] = {}
    for entry in extraction.entries:
        lines.setdefault((entry.table, entry.line), {})[entry.column] = entry.text
    return list(lines.values())
