"""Great Expectations' pages call for styles and scripts from elsewhere; here they are made to open offline.

Its own index is built by a script from elsewhere, so a plain one takes its place. It writes values into its pages as
they are, so they are escaped before; what should still slip through may run no script.
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
# Enough of a page to read without the style sheets that were left out; the marks stood in a font.
_STYLE = """<style>
body{font-family:system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:0 auto;max-width:72rem;padding:1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
td,th{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}
nav ul,ol.breadcrumb{display:flex;gap:1rem;list-style:none;padding:0}.modal{display:none}
.badge{background:#eee;padding:0 .3rem;border-radius:.2rem}
.text-success::before{content:"✓";color:#060}.text-danger::before,.text-warning::before{content:"✗";color:#a00}
.bad{background:#fdd}
</style>"""


_POLICY = (
    "default-src 'none'; style-src 'self' file: 'unsafe-inline'; img-src 'self' file: data:; form-action 'none'; "
    "base-uri 'none'"
)
_HEAD = f'<head><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'


def escape_values(store: Any) -> None:
    """Escape what the validations of a store found in the data: it may be the text of a report."""
    for key in store.list_keys():
        found = store.get(key)
        for outcome in found.results:
            outcome.result, outcome.exception_info = _escaped(outcome.result), _escaped(outcome.exception_info)
        store.set(key, found)


def _escaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {_escaped(k): _escaped(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_escaped(v) for v in value]
    return escape(value) if isinstance(value, str) else value


def make_offline(folder: Path, outcomes: Mapping[str, tuple[int, int]]) -> None:
    """Take every remote reference out of the pages below `folder`, give them a small style and an index.

    `outcomes` gives for each table how many expectations were tested and how many were met.
    """
    for path in sorted(folder.rglob("*.html")):
        page = _REMOTE.sub("", path.read_text(encoding="utf-8"))
        page = _REMOTE_CSS.sub("none", page).replace("<head>", _HEAD, 1).replace("</head>", f"{_STYLE}</head>", 1)
        path.write_text(page, encoding="utf-8")
    for path in sorted(folder.rglob("*.css")):
        path.write_text(_REMOTE_CSS.sub("none", path.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "index.html").write_text(_index(folder, outcomes), encoding="utf-8")


def _index(folder: Path, outcomes: Mapping[str, tuple[int, int]]) -> str:
    rows = "\n".join(_row(folder, table, tested, met) for table, (tested, met) in outcomes.items())
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>发布前检验 / Validation</title>{_STYLE}</head><body>
<h1>发布前检验 <small>Validation before publication</small></h1>
<p>每张数据表在发布前都要通过检验；有一项不符就不发布。没有变化的文件沿用上次检验的结果。
One expectation that is not met keeps everything back. Files that did not change were tested before.</p>
<table><tr><th>数据表 Table</th><th>检验项 Expectations</th><th>通过 Met</th><th>结果 Result</th></tr>
{rows}
</table></body></html>
"""


def _row(folder: Path, table: str, tested: int, met: int) -> str:
    pages = sorted((folder / "validations").glob(f"{table}-*/**/*.html"))
    name = escape(table)
    link = f'<a href="{escape(pages[-1].relative_to(folder).as_posix())}">{name}</a>' if pages else name
    verdict = "沿用 unchanged" if not tested else "✓ 通过" if tested == met else "✗ 不符"
    cells = "".join(f"<td>{cell}</td>" for cell in (link, tested, met, verdict))
    return f'<tr class="{"good" if tested == met else "bad"}">{cells}</tr>'
