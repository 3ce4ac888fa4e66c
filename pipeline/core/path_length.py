"""The length of paths: Windows refuses more than 259 characters, unless an administrator allows long paths."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.core.model import DataFault

MAX_WINDOWS_PATH = 259
# `versions/<id>/<table>/<year>-<hash>.parquet` and the pages in `data_docs`, with some characters to spare.
LONGEST_BELOW_DATA = 110


def check_path_length(root: Path, limit: int | None = None) -> None:
    """Raise DataFault if paths below the data folder `root` would be longer than `limit`, by default Windows's."""
    limit = _limit() if limit is None else limit
    needed = len(str(root.resolve())) + LONGEST_BELOW_DATA
    if limit is not None and needed > limit:
        raise DataFault("data.long_path", path=root.resolve(), limit=limit, needed=needed)


def _limit() -> int | None:
    """Return how long a path may be, None if there is no limit that matters."""
    if sys.platform == "win32":
        import ctypes

        allowed = getattr(ctypes.WinDLL("ntdll"), "RtlAreLongPathsEnabled", None)
        return None if allowed and allowed() & 0xFF else MAX_WINDOWS_PATH
    else:  # noqa: RET505 (mypy would call the line unreachable on Windows)
        return None
