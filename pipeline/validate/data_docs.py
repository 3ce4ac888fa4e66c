"""Make the pages of Great Expectations safe and complete offline.

The pages load styles and scripts from the network; these are removed, and a plain index replaces the one that a script
builds. Great Expectations does not escape values, so they are escaped first. A content policy blocks all scripts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

_REMOTE = re.compile(
    r"<script\b[^>]*\bsrc=[\"']https?:[^>]*>\s*</script>|<link\b[^>]*\bhref=[\"']https?:[^>]*>"
    r"|<img\b[^>]*\bsrc=[\"']https?:[^>]*>|<footer>.*?</footer>",
    re.IGNORECASE | re.DOTALL,
)
_REMOTE_CSS = re.compile(r"url\([\"']?https?:[^)]*\)")
ASSERTIONS, ASSERTIONS_FILE = "assertions", "assertions.html"
# A small style in place of the removed style sheets, and marks in place of the removed icon font.
STYLE = """<style>
body{font-family:system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:0 auto;max-width:72rem;padding:1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
td,th{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}
nav ul,ol.breadcrumb{display:flex;gap:1rem;list-style:none;padding:0}.modal{display:none}
.badge{background:#eee;padding:0 .3rem;border-radius:.2rem}
.text-success::before{content:"✓";color:#060}.text-danger::before,.text-warning::before{content:"✗";color:#a00}
.bad{background:#fdd}
</style>"""

POLICY = (
    "default-src 'none'; style-src 'self' file: 'unsafe-inline'; img-src 'self' file: data:; form-action 'none'; "
    "base-uri 'none'"
)
HEAD = f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">'


def escape_values(store: Any) -> None:
    """Escape the values in the results of a store: they may be texts from a report."""
    for key in store.list_keys():
        validation = store.get(key)
        for outcome in validation.results:
            outcome.result, outcome.exception_info = _escaped(outcome.result), _escaped(outcome.exception_info)
        store.set(key, validation)


def _escaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {_escaped(k): _escaped(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_escaped(v) for v in value]
    return escape(value) if isinstance(value, str) else value


def make_offline(folder: Path, outcomes: Mapping[str, tuple[int, int]]) -> None:
    """Remove every remote reference from the pages below `folder`; add a small style and an index.

    `outcomes` has, per table, the number of expectations tested and the number met.
    """
    for path in sorted(folder.rglob("*.html")):
        page = _REMOTE.sub("", path.read_text(encoding="utf-8"))
        page = _REMOTE_CSS.sub("none", page).replace("<head>", HEAD, 1).replace("</head>", f"{STYLE}</head>", 1)
        path.write_text(page, encoding="utf-8", newline="\n")
    for path in sorted(folder.rglob("*.css")):
        path.write_text(_REMOTE_CSS.sub("none", path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    (folder / "index.html").write_text(_index(folder, outcomes), encoding="utf-8", newline="\n")


def _index(folder: Path, outcomes: Mapping[str, tuple[int, int]]) -> str:
    rows = "\n".join(_row(folder, table, tested, met) for table, (tested, met) in outcomes.items())
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>发布前检验 / Validation</title>{STYLE}</head><body>
<h1>发布前检验 <small>Validation before publication</small></h1>
<p>每张数据表在发布前都要通过检验；有一项不符就不发布。没有变化的文件沿用上次检验的结果。
If one expectation is not met, nothing is published. Unchanged files were tested in an earlier run.</p>
<table><tr><th>数据表 Table</th><th>检验项 Expectations</th><th>通过 Met</th><th>结果 Result</th></tr>
{rows}
</table></body></html>
"""


def _row(folder: Path, table: str, tested: int, met: int) -> str:
    pages = sorted((folder / "validations").glob(f"{table}-*/**/*.html"))
    pages = [folder / ASSERTIONS_FILE] if table == ASSERTIONS and tested else pages
    name = escape(table)
    link = f'<a href="{escape(pages[-1].relative_to(folder).as_posix())}">{name}</a>' if pages else name
    verdict = "沿用 unchanged" if not tested else "✓ 通过" if tested == met else "✗ 不符"
    cells = "".join(f"<td>{cell}</td>" for cell in (link, tested, met, verdict))
    return f'<tr class="{"good" if tested == met else "bad"}">{cells}</tr>'
