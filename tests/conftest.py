"""Fixtures for all tests."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from support.project import SHARED, fresh, ogi_in

# Great Expectations imports PySpark where it is installed. PySpark ends a process whose main module has no file. The
# workers of pytest-xdist have none.
vars(sys.modules["__main__"]).setdefault("__file__", __file__)

# The tests start the program several hundred times. Without cached byte code each start compiles the program and its
# libraries again, which doubles the time of the whole suite.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A second child that reads costs half a second of each run. `test_same_input_gives_the_same_bytes_anywhere` has two.
os.environ["OGI_WORKERS"] = "1"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real reports and their verified figures; skip the test where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real reports (../shared/data) is missing")
    return SHARED


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with the published shipped data, shared by all test processes; tests must not change it.

    The first process that needs it builds it.
    """
    base = tmp_path_factory.getbasetemp()
    parent = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with FileLock(parent / "built.lock"):
        if not (parent / "built").exists():
            folder = fresh(parent / "building")
            result = ogi_in(folder, "run")
            assert result.returncode == 0, result.stderr
            folder.rename(parent / "built")
    return parent / "built"


@pytest.fixture
def ready(built: Path, tmp_path: Path) -> Path:
    """Return a copy of the published project, which the test may change."""
    shutil.copytree(built / "data", tmp_path / "ready" / "data", symlinks=True)
    return tmp_path / "ready"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with the shipped raw data and no snapshot."""
    return fresh(tmp_path / "project")
