"""Replace a folder in one step: readers see the previous folder or the new one, complete."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.core.files import replace_path


@contextmanager
def replace_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder, which replaces `folder` at the end of the block.

    The empty folder is next to `folder`, so that a rename can move it. If the block or the rename raises, the previous
    folder stays. Raises OSError if a folder cannot be created or renamed;
    Windows refuses while a program has a file of it open, so the message names the program.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    new_folder, old_folder = (folder.with_name(f".{folder.name}.{os.getpid()}.{end}") for end in ("new", "old"))
    new_folder.mkdir()
    try:
        yield new_folder
        if folder.exists():
            replace_path(folder, old_folder)
        try:
            replace_path(new_folder, folder)
        except OSError:
            if old_folder.exists():
                replace_path(old_folder, folder)
            raise
        shutil.rmtree(old_folder, ignore_errors=True)
    finally:
        shutil.rmtree(new_folder, ignore_errors=True)
