"""Test that notebooks run offline, read only published tables, and draw the same charts with Chinese text each time."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from support.project import ROOT, run_here

pytestmark = pytest.mark.slow

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SVG = "image/svg+xml"  # the MIME type of a chart
NAMESPACE = re.compile(r'xmlns(?::\w+)?="[^"]*"')  # an address that no program fetches
CHINESE = re.compile("[\u4e00-\u9fff]")
ALLOWED_MODULES = {"pandas", "pipeline"}
MAX_HEIGHT = 700  # pixels of a chart
FORBIDDEN_WORDS = {"data/raw", "data/versions", "read_csv", "ATTACH"}


def run(path: Path, folder: Path) -> list[dict[str, Any]]:
    """Run a notebook in a folder; return its outputs by MIME type. Jupyter's own files are in a temporary folder."""
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        patch.delenv("OGI_DATA", raising=False)
        for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
            patch.setenv(name, str(Path(scratch) / name.lower()))
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert all(output["output_type"] in ("execute_result", "display_data") for output in outputs), outputs
    return [dict(output["data"]) for output in outputs]


def charts_in(outputs: list[dict[str, Any]]) -> list[str]:
    """Return the charts as SVG."""
    return [output[SVG] for output in outputs if SVG in output]


def texts_in(svg: str) -> str:
    """Return the texts of a chart, separated by spaces."""
    return " ".join(re.sub("<[^>]*>", " ", text) for text in re.findall(r"<text[^>]*>(.*?)</text>", svg))


def height_of(svg: str) -> float:
    """Return the height of a chart in pixels."""
    match = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)
    assert match
    return float(match[1])


def code_cells(path: Path) -> Iterator[str]:
    """Yield the source of each code cell of a notebook."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            yield cell.source


def test_four_notebooks_exist() -> None:
    assert [p.stem for p in NOTEBOOKS] == ["1_coverage", "2_quality", "3_trends", "4_method"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_draws_the_same_chinese_charts_offline_each_time(path: Path, built: Path) -> None:
    outputs = run(path, built)
    charts = charts_in(outputs)
    assert len(charts) >= 4
    assert all(CHINESE.search(texts_in(svg)) and "CJK" in svg for svg in charts)
    assert all(height_of(svg) <= MAX_HEIGHT for svg in charts)
    contents = (NAMESPACE.sub("", str(content)) for output in outputs for content in output.values())
    assert not re.search("https?://", " ".join(contents))
    assert_simulated_figures_are_marked(charts, [output["text/html"] for output in outputs if "text/html" in output])
    # Jupyter starts a notebook in its own folder, so the data must also be found from a folder inside the project.
    assert run(path, built / "data") == outputs


def assert_simulated_figures_are_marked(charts: list[str], tables: list[str]) -> None:
    """Check that every chart and table marks simulated figures; the chart of the crosswalk (对照) has no figures."""
    texts = [texts_in(svg) for svg in charts]
    assert [text for text in texts if "模拟" not in text and "对照" not in text] == []
    assert tables
    assert all("数据性质" in table for table in tables)


def test_method_follows_one_number_from_the_page_to_the_province(built: Path) -> None:
    (path,) = (p for p in NOTEBOOKS if p.stem == "4_method")
    outputs = [str(content) for output in run(path, built) for content in output.values()]
    for text in ("raw/2019/411202.html", "总计应等于六类申请人之和", "三门峡市人民政府", "河南省", "52.63"):
        assert any(text in output for output in outputs), text
    number, cell = outputs[-2:]
    assert "湖滨区人民政府 2019 本年新收申请" in number
    assert "印“29”，第 1 页第 2 表第 4 行第 10 列" in number
    assert "compiled：411200 2019 compiled = 265" in cell


def test_notebooks_run_on_little_data(little_data: Path) -> None:
    charts = {path.stem: charts_in(run(path, little_data)) for path in NOTEBOOKS}
    assert all(len(svgs) >= 4 for svgs in charts.values())
    assert any("隔离" in texts_in(svg) for svg in charts["1_coverage"])
    assert any("没有数据" in texts_in(svg) for svg in charts["3_trends"])


@pytest.fixture
def little_data(project: Path) -> Path:
    """Return a project with one report that has a wrong cell and one quarantined report.

    It has proposals, but no members, no growth and no derived value.
    """
    raw = project / "data" / "raw"
    lines = (raw / "manifest.csv").read_text(encoding="utf-8").splitlines()
    lines_2024 = [lines[0], *(line for line in lines if line.startswith("2024/"))]
    page = raw / "2024" / "321300.html"
    content = page.read_text(encoding="utf-8").replace("<td>1408</td>", "<td>1480</td>", 1).encode()
    page.write_bytes(content)
    updated = [
        f"{line.rpartition(',')[0]},{sha256(content).hexdigest()}" if "/321300" in line else line for line in lines_2024
    ]
    (raw / "manifest.csv").write_text("\n".join(updated) + "\n", encoding="utf-8")
    (raw / "2024" / "320800.html").write_bytes(b"")
    for year in ("2018", "2019", "2023"):
        shutil.rmtree(raw / year)
    assert run_here(project) == 1
    return project


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_is_stored_without_outputs(path: Path) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None), cell["id"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_reads_only_published_tables(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|//cdn", text)
    assert FORBIDDEN_WORDS.isdisjoint(text.split())
    for source in code_cells(path):
        for node in ast.walk(ast.parse(source)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {n.split(".")[0] for n in names} <= ALLOWED_MODULES, names
