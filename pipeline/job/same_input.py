"""Recognise that nothing has changed since the last plan, by the states of the files alone.

A run that has nothing to do then parses no manifest: of 100,000 reports it only queries the state of each file. The
memory saves time only: if it is missing, damaged or of another input, the plan is made.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from pipeline.core.files import write_atomically
from pipeline.core.paths import Data
from pipeline.raw.file_state import RawFiles
from pipeline.runtime.tools import installed_tools
from pipeline.storage.fingerprint import combine, extraction_fingerprint, rollup_fingerprint

_NAME = ".same_input"


def input_key(data: Data, files: RawFiles, decisions: Path) -> str | None:
    """Return a hash of everything that decides a plan; None if a file has changed so recently that it may change again.

    The states of files stand for their contents, as in the scan cache.
    """
    if not files.are_settled():
        return None
    states = "\0".join(f"{path}\0{state}" for path, state in sorted(files.states.items()))
    parts = {
        "files": states,
        "links": "\0".join(sorted(files.links)),
        "decisions": decisions.read_bytes().hex() if decisions.is_file() else "",
        "code": extraction_fingerprint() + rollup_fingerprint(),
        "tools": " ".join(installed_tools()),
        "folder": str(data.root.resolve()),
    }
    return combine(
        {name: hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest() for name, text in parts.items()}
    )


def remembered_plan(data: Data, key: str | None) -> str | None:
    """Return the id of the plan that the last run made of this input, None if it was another input."""
    try:
        stored = json.loads((data.root / _NAME).read_text(encoding="utf-8"))
        return str(stored["plan"]) if key is not None and stored["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember_plan(data: Data, key: str | None, plan_id: str) -> None:
    """Store the plan of an input. A failure only costs time."""
    if key is not None:
        with suppress(OSError):
            write_atomically(data.root / _NAME, json.dumps({"key": key, "plan": plan_id}).encode(), durable=False)
