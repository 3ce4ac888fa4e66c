"""Write the example as a Word file: `uv run --group dev python docs/examples/make.py`.

`hubin-2019.docx` has the title, the sentences and the cells of `hubin-2019.html`. That file is the simulated report of
湖滨区 for 2019 in `data/raw`, with one wrong cell: two digits are transposed.

`hongze-2023.html` and `jinhu-2023.html` have the figures of published reports with wrong totals: 洪泽区人民政府 and
金湖县人民政府, 2023. Only the figures are copied.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.core.model import Extraction
from pipeline.extract import extract
from pipeline.read import read
from pipeline.registry.load import load_register
from pipeline.simulate.documents import NOTICE, TITLE
from pipeline.simulate.markup_files import build_docx
from pipeline.simulate.template import NOTICE as NOTICE_PLACEHOLDER
from pipeline.simulate.template import TITLE as TITLE_PLACEHOLDER

EXAMPLES = Path(__file__).resolve().parent
NAME, YEAR = "湖滨区人民政府", 2019


def build_example() -> bytes:
    """Return the example as DOCX; the same bytes every time."""
    page = EXAMPLES / "hubin-2019.html"
    report: Extraction = extract(read(page), load_register())
    values = {c.address: c.raw for c in report.cells}
    values |= {key: text.format(name=NAME, year=YEAR) for key, text in _TEXTS.items()}
    sentences = re.findall(r"<p>((?!模拟数据).*?)</p>", page.read_text(encoding="utf-8"))
    return build_docx("2019", values, sentences, 0)


_TEXTS = {TITLE_PLACEHOLDER: TITLE, NOTICE_PLACEHOLDER: NOTICE}

if __name__ == "__main__":
    (EXAMPLES / "hubin-2019.docx").write_bytes(build_example())
