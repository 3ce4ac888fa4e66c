"""Great Expectations' pages call for styles and scripts from elsewhere; here they are made to open offline."""

from __future__ import annotations

import re
from pathlib import Path

_REMOTE = re.compile(
    r"<script\b[^>]*\bsrc=[\"']https?:[^>]*>\s*</script>|<link\b[^>]*\bhref=[\"']https?:[^>]*>|<img\b[^>]*\bsrc=[\"']https?:[^>]*>",
    re.IGNORECASE,
)
_REMOTE_CSS = re.compile(r"url\([\"']?https?:[^)]*\)")
# Enough of a page to read without the style sheets that were left out.
_STYLE = """<style>
body{font-family:system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:0 auto;max-width:72rem;padding:1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
td,th{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}
nav ul,ol.breadcrumb{display:flex;gap:1rem;list-style:none;padding:0}.modal,.collapse:not(.show) .modal{display:none}
.badge{background:#eee;padding:0 .3rem;border-radius:.2rem}
</style>"""


def make_offline(folder: Path) -> None:
    """Take every remote reference out of the pages below `folder` and give them a small style of their own."""
    for path in sorted(folder.rglob("*.html")):
        page = _REMOTE.sub("", path.read_text(encoding="utf-8"))
        path.write_text(_REMOTE_CSS.sub("none", page).replace("</head>", f"{_STYLE}</head>", 1), encoding="utf-8")
    for path in sorted(folder.rglob("*.css")):
        path.write_text(_REMOTE_CSS.sub("none", path.read_text(encoding="utf-8")), encoding="utf-8")
