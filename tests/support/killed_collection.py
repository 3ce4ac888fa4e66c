"""Collect in a process that kills itself at a chosen moment, to test that the next collection continues.

The moments are counted: each file that takes its place, and each response that the archive keeps. The process and the
child that reads files are forked from a server process that has already loaded the libraries.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.registry.load import load_register
from support.injection import fork_children

MODULES = ["pipeline.job.collect", "pipeline.report", "pipeline.rollup.comparison", "pyarrow.parquet", __name__]
load_register().kinds.values()  # parsed in the server, once


def start(folder: Path, moment: int = 0) -> int:
    """Collect into a folder; die at a moment, counted from 1. Return the exit code of the process."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(MODULES)
    process = context.Process(target=_collect, args=(folder, moment))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def count_moments(folder: Path) -> int:
    """Return the moments that the last whole collection into a folder had."""
    return int((folder / "moments").read_text(encoding="ascii"))


def _collect(folder: Path, moment: int) -> None:
    from pipeline.collect.archive import Archive
    from pipeline.collect.visitor import Pace
    from pipeline.core import files
    from pipeline.core.paths import Data
    from pipeline.job.collect import Wish, collect

    count = 0

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return call

    fork_children()
    files.replace_path = counted(files.replace_path)
    Archive.add = counted(Archive.add)  # type: ignore[method-assign]
    collect(Data(folder / "data"), Wish(allow_private=True), pace=Pace(sleep=lambda _seconds: None))
    (folder / "moments").write_text(str(count), encoding="ascii")
