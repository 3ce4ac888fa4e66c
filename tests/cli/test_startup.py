"""What starts in a blink must not begin to load libraries: this is told by what is imported, not by a clock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.project import ROOT

HEAVY = frozenset(
    "pandas pyarrow duckdb great_expectations lxml numpy sqlglot yaml rich docx xlsxwriter pypdfium2 python_calamine "  # noqa: SIM905
    "rapidfuzz jinja2 opencc cv2 onnxruntime rapidocr PIL weasyprint dask distributed fsspec".split()
)
# A run that finds nothing changed hashes the inputs and is done: it says so, and needs no table for that.
IDLE = HEAVY


def imported(folder: Path, *arguments: str) -> set[str]:
    """The top-level modules that a command imports."""
    command = [sys.executable, "-X", "importtime", "-m", "pipeline.cli", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = (line.rpartition("|")[2].strip() for line in ended.stderr.splitlines() if line.startswith("import time:"))
    return {name.partition(".")[0] for name in found}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("run", "--help")])
def test_help_loads_no_library(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    found = imported(tmp_path, *arguments)
    assert "click" in found
    assert not found & HEAVY


def test_a_run_that_has_nothing_to_do_loads_no_library(built: Path) -> None:
    found = imported(built, "run", "--quiet")
    assert "filelock" in found
    assert not found & IDLE


def test_a_command_that_needs_a_library_is_seen_to_load_it(built: Path) -> None:
    assert "duckdb" in imported(built, "query", "SELECT 1")


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
def test_what_is_not_used_is_not_loaded_and_works_when_it_is(code: str) -> None:
    subprocess.run([sys.executable, "-c", f"import sys; {code}"], cwd=ROOT, check=True)
