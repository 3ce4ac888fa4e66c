"""Scratch projects with the shipped data, copies of the program, and `ogi` as a user runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import duckdb
import pytest

from pipeline.cli import main, options
from pipeline.cli.run import run_and_report
from pipeline.core.messages import language
from pipeline.core.paths import Data
from pipeline.job.plan import RunOptions
from pipeline.storage.snapshot import DATABASE

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
LOCALE_VARIABLES = ("LANG", "LC_ALL", "LC_MESSAGES", "OGI_DATA")


def fresh(folder: Path) -> Path:
    """Copy the shipped raw data to `folder`/data/raw; return `folder`."""
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    return folder


def copy_program(folder: Path) -> Path:
    """Copy the code, SQL and expectations of ogi to `folder`, so that a test can change them; return `folder`."""
    for name in ("pipeline", "sql", "expectations"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def current_snapshot(project: Path) -> Path:
    """Return the folder of the published snapshot of a project."""
    return (project / "data" / "curated" / "current").resolve()


def file_contents(folder: Path) -> dict[str, bytes]:
    """Return the content of each file below a folder, by relative path."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.suffix != ".lock"
    }


def snapshot_contents(folder: Path) -> dict[str, bytes]:
    """Return the content of each file of a snapshot but the database, whose bytes differ from run to run."""
    return {name: content for name, content in file_contents(folder).items() if not name.startswith(DATABASE)}


def replace_in_report(project: Path, path: str, old: str, new: str) -> None:
    """Replace the first `old` in a raw report, which must contain it. `path` is relative to data/raw."""
    file = project / "data" / "raw" / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def query_snapshot(project: Path, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of a statement in which {reports}, {findings} and others name published tables."""
    files = {
        table: f"read_parquet('{current_snapshot(project)}/{table}/*.parquet')"
        for table in ("reports", "findings", "observations", "bodies", "compiled")
    }
    with duckdb.connect() as connection:
        return connection.execute(sql.format(**files)).fetchall()


def run_here(folder: Path) -> int:
    """Run `ogi run --quiet` in this process; return the exit code.

    A child process would import Great Expectations again, which takes a second.
    """
    return run_and_report(Data(folder / "data"), RunOptions(workers=1), quiet=True)


def ogi_here(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `ogi` in a folder as `ogi_in` does, but in this process, which saves half a second, and two for `ogi run`."""
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, chdir(folder), redirect_stdout(StringIO()) as out:
        for name in LOCALE_VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["ogi", *arguments])
        patch.setattr(sys, "excepthook", sys.excepthook)
        patch.setattr(options, "LANG", language(arguments))
        with redirect_stderr(StringIO()) as err:
            try:
                main.main()
            except SystemExit as system_exit:
                code = system_exit.code
    assert isinstance(code, int), code
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def ogi_in(
    folder: Path, *arguments: str, root: Path = ROOT, within: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `ogi` in a folder as a child process.

    `root` is the folder of the program, `within` a command that runs it, such as `unshare`. The output is Chinese
    unless `--lang` or the environment selects another language.
    """
    inherited = {k: v for k, v in os.environ.items() if k not in LOCALE_VARIABLES}
    return subprocess.run(
        [*within, sys.executable, "-m", "pipeline.cli", *arguments],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(root), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
