"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_atomically(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a file so that a reader, a full disk or a kill meets the old content or the new one, never a part.

    The content goes to a temporary file in the same folder, which then replaces `path`. With `durable` it is forced to
    the disk first, so that a power failure cannot leave an empty file. Raises OSError; the old file is then untouched.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
            file.close()  # Windows cannot rename an open file
            temporary.chmod(_mode(path))
            temporary.replace(path)
        except BaseException:
            file.close()
            temporary.unlink(missing_ok=True)
            raise


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, else those that `open` would give; a temporary file is private."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
