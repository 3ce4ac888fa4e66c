"""Shared by all tests: the shipped data copied to a scratch project, and `ogi` as a user runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.cli import main as cli
from pipeline.cli.run import run_job
from pipeline.core.messages import language
from pipeline.core.paths import Data
from pipeline.job.run import Setting

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"

# Great Expectations imports PySpark where it is installed, and PySpark ends a process whose main module has no file, as
# those of pytest-xdist have none.
vars(sys.modules["__main__"]).setdefault("__file__", __file__)

# The tests start the program some hundreds of times. Where no byte code is kept, each of these compiles the program and
# its libraries again, which doubles the time of all of them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

LOCALE = ("LANG", "LC_ALL", "LC_MESSAGES", "OGI_DATA")


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


def fresh(folder: Path) -> Path:
    """The folder, with the shipped raw data in it."""
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    return folder


def run_here(folder: Path) -> int:
    """`ogi run` in this process, which spares the second that Great Expectations takes to be imported each time."""
    return run_job(Data(folder / "data"), "zh", Setting(), quiet=True)


def ogi_here(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `ogi_in` does, in this process, which spares half a second. Not for `ogi run`: the child that it keeps for
    the next run stays in the folder of the first.
    """
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, chdir(folder), redirect_stdout(StringIO()) as out:
        for name in LOCALE:
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["ogi", *arguments])
        patch.setattr(sys, "excepthook", sys.excepthook)
        patch.setattr(cli, "LANG", language(arguments))
        with redirect_stderr(StringIO()) as err:
            try:
                cli.main()
            except SystemExit as ended:
                code = ended.code
    assert isinstance(code, int), code
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def ogi_in(
    folder: Path, *arguments: str, root: Path = ROOT, within: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `ogi` in a folder, with the program of `root` and by the command `within`; Chinese unless --lang or the
    environment says otherwise.
    """
    kept = {k: v for k, v in os.environ.items() if k not in LOCALE}
    return subprocess.run(
        [*within, sys.executable, "-m", "pipeline.cli", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(root), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
