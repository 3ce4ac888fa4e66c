"""The notebooks run on published tables alone, offline, and draw the same charts with Chinese text each time."""

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

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHART = "image/svg+xml"
NAMESPACE = re.compile(r'xmlns(?::\w+)?="[^"]*"')  # a name, which nothing fetches
CHINESE = re.compile("[\u4e00-\u9fff]")
ALLOWED = {"altair", "duckdb", "os", "pathlib"}


def run(path: Path, folder: Path) -> list[dict[str, Any]]:
    """The outputs of a notebook run in a folder, by MIME type. Jupyter keeps its own files in a scratch folder."""
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        patch.delenv("OGI_DATA", raising=False)
        for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
            patch.setenv(name, str(Path(scratch) / name.lower()))
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    assert all(o["output_type"] in ("execute_result", "display_data") for o in outputs), outputs
    return [dict(o["data"]) for o in outputs]


def charts(outputs: list[dict[str, Any]]) -> list[str]:
    return [o[CHART] for o in outputs if CHART in o]


def texts(svg: str) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]+)</text>", svg))


def sources(path: Path) -> Iterator[str]:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            yield cell.source


def test_there_are_three() -> None:
    assert [p.name for p in NOTEBOOKS] == ["1_coverage.ipynb", "2_quality.ipynb", "3_trends.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_draws_the_same_charts_in_chinese_offline_each_time(path: Path, built: Path) -> None:
    outputs = run(path, built)
    drawn = charts(outputs)
    assert len(drawn) >= 4
    assert all(CHINESE.search(texts(svg)) and "CJK" in svg for svg in drawn)
    assert not re.search("https?://", " ".join(NAMESPACE.sub("", str(v)) for o in outputs for v in o.values()))
    assert_marked(drawn, [o["text/html"] for o in outputs if "text/html" in o])
    # Found from below the project folder as well: Jupyter starts a notebook in its own folder.
    assert run(path, built / "data") == outputs


def assert_marked(drawn: list[str], tables: list[str]) -> None:
    """Every chart and table tells simulated figures; the chart of the crosswalk speaks of forms, not of figures."""
    assert [texts(svg) for svg in drawn if "模拟" not in texts(svg) and "对照" not in texts(svg)] == []
    assert tables
    assert all("数据性质" in table for table in tables)


def test_they_stand_little_data_with_proposals(little: Path) -> None:
    """One wrong real report and one quarantined: no members, no growth, no derived value; but proposals."""
    drawn = {path.stem: charts(run(path, little)) for path in NOTEBOOKS}
    assert all(len(found) >= 4 for found in drawn.values())
    assert any("隔离" in texts(svg) for svg in drawn["1_coverage"])
    assert any("没有数据" in texts(svg) for svg in drawn["3_trends"])


@pytest.fixture
def little(project: Path) -> Path:
    raw = project / "data" / "raw"
    lines = (raw / "manifest.csv").read_text(encoding="utf-8").splitlines()
    kept = [lines[0], *(x for x in lines if x.startswith("2024/"))]
    page = (raw / "2024" / "321300.html").read_text(encoding="utf-8")
    wrong = page.replace("<td>1408</td>", "<td>1480</td>", 1).encode()
    (raw / "2024" / "321300.html").write_bytes(wrong)
    kept = [x.rpartition(",")[0] + "," + sha256(wrong).hexdigest() if "/321300" in x else x for x in kept]
    (raw / "manifest.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (raw / "2024" / "320800.html").write_bytes(b"")
    for year in ("2018", "2019", "2023"):
        shutil.rmtree(raw / year)
    assert run_here(project) == 1
    return project


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_is_kept_without_outputs(path: Path) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None), cell["id"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_reads_published_tables_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|//cdn", text)
    assert {"data/raw", "data/versions", "read_csv", "ATTACH"}.isdisjoint(text.split())
    for source in sources(path):
        for node in ast.walk(ast.parse(source)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {n.split(".")[0] for n in names} <= ALLOWED, names
