"""Where files are. Code and rules come with the program; data belongs to the folder that the user works in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MAX_POINTER_BYTES = 4096
SNAPSHOT_NAME = re.compile(rb"([0-9A-Za-z]+)\s*$")  # the last part of a path, so that it leads nowhere else

PACKAGE = Path(__file__).resolve().parent.parent
FORMS = PACKAGE / "forms"
KINDS = PACKAGE / "kinds"  # an office has a folder of the same name in `data/raw`
REFERENCE = PACKAGE / "reference"
MESSAGES = PACKAGE / "core" / "messages.csv"


def shipped_folder(name: str) -> Path:
    """Return a folder that is next to the package in a clone, and inside the package in a wheel."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


SQL = shipped_folder("sql")
EXPECTATIONS = shipped_folder("expectations")


@dataclass(frozen=True)
class Data:
    """A data folder. `raw` is written once; `curated/current` leads to one complete folder of `versions`.

    Where the system makes no symbolic links, the file `curated/current.txt` names that folder.
    """

    root: Path

    @property
    def raw(self) -> Path:
        """The reports as published, and `manifest.csv`."""
        return self.root / "raw"

    @property
    def manifest(self) -> Path:
        """The list of reports: body, year, origin and hash of each."""
        return self.raw / "manifest.csv"

    @property
    def decisions(self) -> Path:
        """The decisions of people on cells of these reports."""
        return self.root / "decisions.csv"

    @property
    def curated(self) -> Path:
        """The folder that leads readers to the published snapshot."""
        return self.root / "curated"

    @property
    def current(self) -> Path:
        """The published snapshot: the folder that a pointer file names, else the link `curated/current`."""
        for pointer in (self.current_pointer, self.current_link):
            if folder := self._pointed_at(pointer):
                return folder
        return self.current_link

    @property
    def current_link(self) -> Path:
        """The symbolic link to the published snapshot; on Windows a junction, which only other programs follow."""
        return self.curated / "current"

    @property
    def current_pointer(self) -> Path:
        """The file that names the published snapshot where the system makes no symbolic links."""
        return self.curated / "current.txt"

    def _pointed_at(self, pointer: Path) -> Path | None:
        """Return the snapshot that a file names, None if it names none.

        A file `current` is what an archive, or a copy without rights, makes of a link: it has the text of the link.
        """
        try:
            with pointer.open("rb") as file:
                name = SNAPSHOT_NAME.search(file.read(MAX_POINTER_BYTES))
        except OSError:  # there is none, or it is a folder
            return None
        folder = self.versions / name[1].decode() if name else None
        return folder if folder and folder.is_dir() else None

    @property
    def versions(self) -> Path:
        """The snapshots: published, previous, and under construction. Outside `curated`, so that no glob finds them."""
        return self.root / "versions"

    @property
    def data_docs(self) -> Path:
        """The pages about the last validation."""
        return self.root / "data_docs"

    @property
    def ledger(self) -> Path:
        """The history: one row per run, and one row per changed cell of a report."""
        return self.root / "ledger"

    @property
    def replaced(self) -> Path:
        """Earlier versions of reports that were replaced or withdrawn."""
        return self.root / "replaced"

    @property
    def archive(self) -> Path:
        """The responses of portals as they came, and the list of visits."""
        return self.root / "archive"

    @property
    def scan_cache(self) -> Path:
        """The hash of every file of `raw`, with the state in which the file had it."""
        return self.root / ".scan_cache"

    @property
    def lock(self) -> Path:
        """The lock file, held by the one run that may build."""
        return self.root / ".lock"


def quoted(path: Path) -> str:
    """Return a path for use inside a SQL string literal."""
    return path.as_posix().replace("'", "''")
