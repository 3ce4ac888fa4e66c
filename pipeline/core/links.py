"""Links to folders: symbolic links, and the junctions of Windows, which need no rights."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

WITHOUT_LINKS = frozenset((errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP))  # of file systems without symbolic links


def is_link(path: Path) -> bool:
    """Return whether a path is a symbolic link or a junction."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    is_junction = getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)
    return stat.S_ISLNK(status.st_mode) or is_junction


def replace_link(link: Path, target: Path, temporary: Path) -> bool:
    """Make a symbolic link to a folder in one step, by the name `temporary`; return whether the system has such links.

    Windows refuses them without rights, and never replaces a link to a folder. USB sticks (FAT) have none. Raises
    OSError for another reason, such as a full disk.
    """
    try:
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
        temporary.replace(link)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if error.errno in WITHOUT_LINKS or getattr(error, "winerror", None):
            return False
        raise
    return True


def make_junction(link: Path, target: Path) -> bool:
    """Make a junction in the place of another link; return whether the system lets it be made.

    For a moment there is no link, so only programs that cannot read a pointer file should depend on it.
    """
    if is_link(link) or link.is_file():
        link.unlink()
    if sys.platform == "win32" and not link.exists():
        import _winapi

        with suppress(OSError):  # a network drive, or a disk that is not NTFS
            _winapi.CreateJunction(str(target.resolve()), str(link))
            return True
    return False
