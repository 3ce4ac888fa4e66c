"""Files that are written whole or not at all, on systems that refuse to replace an open file too."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from pipeline.core.open_files import REFUSED, FileInUse, programs_with

WAIT_SECONDS = 3.0  # a virus scanner or an index has a new file open for less
PAUSE_SECONDS = 0.05
# Windows has no file of these names, with any extension, and none with these characters.


def write_atomically(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a file so that a reader, a full disk or a kill finds the old content or the new one, never a part.

    The content goes to a temporary file in the same folder, which then replaces `path`. With `durable` it is forced to
    the disk first, so that a power failure cannot leave an empty file. Raises OSError; the old file is then unchanged.
    """
    # The name is short, so that a file name of the greatest length can be written too.
    temporary = path.parent / f".new-{secrets.token_hex(6)}"
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        _copy_mode(path, temporary)
        replace_path(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def replace_path(source: Path, target: Path) -> None:
    """Rename a file, or a folder to a name that is free, in one step; a file replaces the one that has its new name.

    Windows refuses this while a program has one of them open: that is tried again for `WAIT_SECONDS`. Raises FileInUse,
    which names the programs, if it goes on, and OSError for another reason.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            source.replace(target)
        except OSError as error:
            if getattr(error, "winerror", None) not in REFUSED:
                raise
            if time.monotonic() > deadline:
                open_path = target if target.exists() else source
                raise FileInUse(open_path, programs_with(open_path)) from error
            time.sleep(PAUSE_SECONDS)
        else:
            return


def force_to_disk(path: Path) -> None:
    """Call fsync on a file, or on a folder where the system lets one be opened."""
    try:
        # Windows forces only a file to the disk that is open for writing.
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    except PermissionError:  # Windows does not open folders
        if path.is_dir():
            return
        raise
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_mode(old: Path, new: Path) -> None:
    """Give the new file the permissions of the one that it replaces."""
    if old.is_file():
        new.chmod(old.stat().st_mode & 0o777)
