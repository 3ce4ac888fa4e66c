"""The time at which a collection began. It continues after an interruption, and after its own preview."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.collect.archive import now
from pipeline.core.files import write_atomically

MAX_HOURS = 24  # an older collection is not continued: pages may have changed
_NAME = "collection.json"


def begin(archive: Path) -> str:
    """Return the time at which the collection began, in UTC: that of one which did not end, or now."""
    path = archive / _NAME
    oldest = datetime.now(UTC) - timedelta(hours=MAX_HOURS)
    try:
        since = str(json.loads(path.read_text(encoding="utf-8"))["since"])
        if datetime.fromisoformat(since) > oldest:
            return since
    except (OSError, ValueError, KeyError, TypeError):  # there is none, or a power failure damaged it
        pass
    since = now()
    archive.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps({"since": since}).encode())
    return since


def end(archive: Path) -> None:
    """Record that the collection is complete, so that the next one requests everything again."""
    (archive / _NAME).unlink(missing_ok=True)
