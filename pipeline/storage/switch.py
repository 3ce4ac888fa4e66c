"""Switch readers to a snapshot: by the link `curated/current`, or by a pointer file where links cannot be made.

Readers of ogi follow `curated/current.txt` if it is there, else the link. Both are replaced in one step. On Windows the
pointer decides, and `curated/current` is a junction for other programs, which a run renews after the pointer.
"""

from __future__ import annotations

import shutil
from contextlib import suppress

from pipeline.core.files import force_to_disk, replace_path, write_atomically
from pipeline.core.links import is_link, make_junction, replace_link
from pipeline.core.paths import Data
from pipeline.storage.snapshot import read_record


def switch(data: Data, snapshot_id: str) -> None:
    """Point readers at a snapshot in one step: they see the old one or the new one, never a mixture.

    Raises OSError if neither a link nor a pointer file can be written.
    """
    link, folder = data.current_link, data.versions / snapshot_id
    data.curated.mkdir(parents=True, exist_ok=True)
    if replace_link(link, folder, data.versions / f".{snapshot_id}"):
        # A pointer of another system decides until now.
        data.current_pointer.unlink(missing_ok=True)
        force_to_disk(data.curated)
        return
    content = f"{snapshot_id}\n".encode()
    if not data.current_pointer.is_file() or data.current_pointer.read_bytes() != content:
        write_atomically(data.current_pointer, content)
    with suppress(OSError):  # the pointer decides: a link that is open or cannot be made does no harm
        make_junction(link, folder)


def restore_link(data: Data) -> None:
    """Put the link back where a copy or an archive left a folder or a file, and where a killed run left none.

    A folder becomes the snapshot that its record names, unless `versions` has it. An incomplete one is deleted: the run
    builds it again.
    """
    link = data.current_link
    if not is_link(link) and link.is_dir():
        _restore_folder(data)
    elif data.current != link and link.resolve() != data.current.resolve():
        switch(data, data.current.name)


def _restore_folder(data: Data) -> None:
    folder = data.current_link
    record = read_record(folder)
    pointed = data.current.name if data.current != folder else None
    if record is None:
        shutil.rmtree(folder)
    else:
        target = data.versions / record.id
        if read_record(target):
            shutil.rmtree(folder)
        else:
            data.versions.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(target, ignore_errors=True)
            replace_path(folder, target)
    if snapshot_id := pointed or (record.id if record else None):
        switch(data, snapshot_id)


def is_copied(data: Data) -> bool:
    """Return whether `curated/current` is no link but a folder or a file, as a copy or an archive makes of a link."""
    return data.current_link.exists() and not is_link(data.current_link)
