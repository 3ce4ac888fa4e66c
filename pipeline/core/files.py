"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


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
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def force_to_disk(path: Path) -> None:
    """Call fsync on a file, or on a folder where the system lets one be opened."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows does not open folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_mode(old: Path, new: Path) -> None:
    """Give the new file the permissions of the one that it replaces."""
    if old.is_file():
        new.chmod(old.stat().st_mode & 0o777)
