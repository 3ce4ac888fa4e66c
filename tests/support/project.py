"""The shipped data in a scratch project, and `ogi` as a user runs it."""

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

from pipeline.cli import main, options
from pipeline.cli.run import run_and_report
from pipeline.core.messages import language
from pipeline.core.paths import Data
from pipeline.job.plan import RunOptions

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
LOCALE = ("LANG", "LC_ALL", "LC_MESSAGES", "OGI_DATA")


def fresh(folder: Path) -> Path:
    """The folder, with the shipped raw data in it."""
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    return folder


def run_here(folder: Path) -> int:
    """`ogi run` in this process, which spares the second that Great Expectations takes to be imported each time."""
    return run_and_report(Data(folder / "data"), RunOptions(), quiet=True)


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
        patch.setattr(options, "LANG", language(arguments))
        with redirect_stderr(StringIO()) as err:
            try:
                main.main()
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
