"""Test that commands which must start quickly import no heavy library. Imports are checked, because times vary."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.project import ROOT

pytestmark = pytest.mark.slow

HEAVY_LIBRARIES = frozenset(
    "pandas pyarrow duckdb great_expectations lxml numpy sqlglot yaml rich docx xlsxwriter pypdfium2 python_calamine "  # noqa: SIM905
    "rapidfuzz jinja2 opencc cv2 onnxruntime rapidocr PIL weasyprint dask distributed fsspec".split()
)


def imported_modules(folder: Path, *arguments: str) -> set[str]:
    """Run `ogi` and return the top-level modules that it imports."""
    command = [sys.executable, "-X", "importtime", "-m", "pipeline.cli", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    modules = (
        line.rpartition("|")[2].strip() for line in result.stderr.splitlines() if line.startswith("import time:")
    )
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("run", "--help")])
def test_help_loads_no_library(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    modules = imported_modules(tmp_path, *arguments)
    assert "click" in modules
    assert not modules & HEAVY_LIBRARIES


@pytest.mark.slow
def test_run_with_nothing_to_do_loads_no_library(built: Path) -> None:
    """Such a run only hashes its input."""
    modules = imported_modules(built, "run", "--quiet")
    assert "filelock" in modules
    assert not modules & HEAVY_LIBRARIES


def test_import_of_a_heavy_library_is_detected(built: Path) -> None:
    assert "duckdb" in imported_modules(built, "query", "SELECT 1")


@pytest.mark.parametrize(
    "code",
    [
        "from pipeline.validate.worker import import_libraries; import_libraries();"
        "assert not {'altair.vegalite', 'scipy.stats._distn_infrastructure', 'pyspark.sql'} & set(sys.modules);"
        "from scipy import stats; assert stats.norm.cdf(0) == 0.5;"
        "from scipy.stats import distributions; import scipy.stats; assert scipy.stats.norm is stats.norm;"
        "import altair; from altair import vegalite; assert altair.Chart is vegalite.Chart",
        "from pipeline.storage.schema import keep_pandas_out; keep_pandas_out(); import pyarrow; pyarrow.array(['a']);"
        "assert 'pandas' not in sys.modules;"
        "assert list(pyarrow.table({'a': [1]}).to_pandas()['a']) == [1]; assert 'pandas' in sys.modules",
    ],
)
def test_deferred_library_is_loaded_on_first_use(code: str) -> None:
    subprocess.run([sys.executable, "-c", f"import sys; {code}"], cwd=ROOT, check=True)
