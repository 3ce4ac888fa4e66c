"""`data/inbox`: files that came in and that nobody has accepted or returned yet, each in a folder of its own.

The name of the folder follows from the content and the name of the file, so the same file is there only once. A file
appears whole or not at all: its folder is written under a temporary name first.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core.files import write_atomically
from pipeline.core.messages import visible
from pipeline.core.paths import Data
from pipeline.raw.incoming import IncomingFile, clean_name

_KEY = re.compile(r"[0-9a-f]{16}")
_SENT_AS = ".sent-as"


@dataclass(frozen=True)
class InboxItem:
    """A file of the inbox: its key, its path, and the name under which it was sent."""

    key: str
    path: Path
    name: str

    @property
    def file(self) -> IncomingFile:
        """The file for `job.receive`."""
        return IncomingFile(self.name, self.path)


def inbox_folder(data: Data) -> Path:
    """Return the folder of the inbox."""
    return data.root / "inbox"


def put(data: Data, name: str, content: bytes) -> str:
    """Store a file; return its key. Control characters of its name become visible escapes."""
    name = visible(name)
    key = hashlib.sha256(name.encode("utf-8", "replace") + b"\0" + content).hexdigest()[:16]
    target = inbox_folder(data) / key
    if target.is_dir():
        return key
    temporary = inbox_folder(data) / f".new-{secrets.token_hex(6)}"
    temporary.mkdir(parents=True)
    try:
        (temporary / clean_name(name)).write_bytes(content)
        (temporary / _SENT_AS).write_text(name, encoding="utf-8", errors="replace")
        temporary.rename(target)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        if not target.is_dir():  # another desk stored the same file meanwhile
            raise
    return key


def items(data: Data) -> list[InboxItem]:
    """Return the files of the inbox, by the name under which they were sent."""
    folder = inbox_folder(data)
    keys = [path.name for path in folder.iterdir() if _KEY.fullmatch(path.name)] if folder.is_dir() else []
    found = [item for key in keys if (item := find(data, key))]
    return sorted(found, key=lambda item: (item.name, item.key))


def find(data: Data, key: str) -> InboxItem | None:
    """Return a file of the inbox, None if there is none with this key."""
    folder = inbox_folder(data) / key
    if not _KEY.fullmatch(key) or not folder.is_dir():
        return None
    files = sorted(path for path in folder.iterdir() if path.name != _SENT_AS)
    if not files:
        return None
    sent_as = folder / _SENT_AS
    name = sent_as.read_text(encoding="utf-8") if sent_as.is_file() else files[0].name
    return InboxItem(key, files[0], name)


def drop(data: Data, key: str) -> None:
    """Remove a file and its receipt."""
    if _KEY.fullmatch(key):
        shutil.rmtree(inbox_folder(data) / key, ignore_errors=True)
        _receipt_file(data, key).unlink(missing_ok=True)


def move_to_returned(data: Data, item: InboxItem, year: str) -> Path:
    """Move a file to `data/returned`, and drop it from the inbox; return its new path."""
    target = data.root / "returned" / (year or "unknown") / f"{item.key}-{item.path.name}"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, item.path.read_bytes())
    drop(data, item.key)
    return target


def read_receipt(data: Data, key: str) -> Mapping[str, Any] | None:
    """Return the stored receipt of a file, None if it must be examined. A damaged receipt counts as none."""
    try:
        stored: Mapping[str, Any] = json.loads(_receipt_file(data, key).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stored if isinstance(stored, dict) else None


def write_receipt(data: Data, key: str, receipt: Mapping[str, Any]) -> None:
    """Store the receipt of a file, unless somebody dropped the file meanwhile."""
    path = _receipt_file(data, key)
    if not (inbox_folder(data) / key).is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(receipt, ensure_ascii=False).encode(), durable=False)


def _receipt_file(data: Data, key: str) -> Path:
    return inbox_folder(data) / ".receipts" / f"{key}.json"
