"""Fixtures of all tests."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from support.project import SHARED, fresh, ogi_in

# Great Expectations imports PySpark where it is installed, and PySpark ends a process whose main module has no file, as
# those of pytest-xdist have none.
vars(sys.modules["__main__"]).setdefault("__file__", __file__)

# The tests start the program some hundreds of times. Where no byte code is kept, each of these compiles the program and
# its libraries again, which doubles the time of all of them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real reports and their verified figures, where they are at hand."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real reports (../shared/data) is not here")
    return SHARED


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose shipped data has been run once, by the first of the tests' processes that needs it; tests must
    not change it.
    """
    base = tmp_path_factory.getbasetemp()
    place = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with FileLock(place / "built.lock"):
        if not (place / "built").exists():
            folder = fresh(place / "building")
            result = ogi_in(folder, "run")
            assert result.returncode == 0, result.stderr
            folder.rename(place / "built")
    return place / "built"


@pytest.fixture
def ready(built: Path, tmp_path: Path) -> Path:
    """A project that has been run, to be changed."""
    shutil.copytree(built / "data", tmp_path / "ready" / "data", symlinks=True)
    return tmp_path / "ready"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the shipped raw data and nothing built."""
    return fresh(tmp_path / "project")
