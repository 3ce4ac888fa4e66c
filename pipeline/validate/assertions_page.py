"""The page of the data docs about the assertions: the outcome, the reason and the first rows of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from pipeline.validate.data_docs import ASSERTIONS_FILE, HEAD, STYLE
from pipeline.validate.results import AssertionResult


def write_assertions_page(folder: Path, results: Sequence[AssertionResult]) -> None:
    """Write the page; the assertions that are not met come first."""
    ordered = sorted(results, key=lambda result: result.is_met)
    rows = "\n".join(map(_row, ordered))
    page = f"""<!DOCTYPE html>
<html lang="zh-CN">{HEAD}<meta charset="utf-8"><title>断言 / Assertions</title>{STYLE}</head><body>
<p><a href="index.html">发布前检验 Validation</a></p>
<h1>断言 <small>Assertions</small></h1>
<p>每条断言是一个查询，不应返回任何行。 Each assertion is a query that must return no rows.</p>
<table><tr><th>断言 Assertion</th><th>级别 Severity</th><th>理由 Reason</th><th>行 Rows</th><th>结果 Result</th></tr>
{rows}
</table></body></html>
"""
    (folder / ASSERTIONS_FILE).write_text(page, encoding="utf-8", newline="\n")


def _row(result: AssertionResult) -> str:
    shown = "".join(f"<br><code>{escape(row_text(row))}</code>" for row in result.rows)
    reason = "<br>".join(escape(text) for text in result.why.values())
    verdict = "✓ 通过" if result.is_met else "✗ 不符"
    details = f"{reason}{shown}{escape(result.error)}"
    cells = (escape(result.name), result.severity, details, str(result.count), verdict)
    return f'<tr class="{"good" if result.is_met else "bad"}">' + "".join(f"<td>{c}</td>" for c in cells) + "</tr>"


def row_text(row: object) -> str:
    """Return a row as JSON text."""
    return json.dumps(row, ensure_ascii=False, default=str)
