"""Where things lie. Code and rules come with the program; data belongs to the folder the user works in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
FORMS = PACKAGE / "forms"
REFERENCE = PACKAGE / "reference"


def shipped(name: str) -> Path:
    """A folder that stands beside the package in a clone and inside it in a wheel (`sql`, `expectations`)."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


SQL = shipped("sql")
EXPECTATIONS = shipped("expectations")


@dataclass(frozen=True)
class Data:
    """A data folder: `raw` is written once, `curated/current` points at one whole folder of `versions`."""

    root: Path

    @property
    def raw(self) -> Path:
        """The reports as published, and `manifest.csv`."""
        return self.root / "raw"

    @property
    def manifest(self) -> Path:
        """Which report is whose."""
        return self.raw / "manifest.csv"

    @property
    def current(self) -> Path:
        """The published snapshot (a link)."""
        return self.root / "curated" / "current"

    @property
    def versions(self) -> Path:
        """Snapshots: the published one, those before it, and the one being built; outside `curated`, so that no glob of
        a reader sees them."""
        return self.root / "versions"

    @property
    def data_docs(self) -> Path:
        """The pages that Great Expectations writes on the last validation."""
        return self.root / "data_docs"

    @property
    def ledger(self) -> Path:
        """What each run did, and what changed in the reports."""
        return self.root / "ledger"

    @property
    def replaced(self) -> Path:
        """Earlier versions of reports that `ogi add --replace` put aside."""
        return self.root / "replaced"

    @property
    def seen(self) -> Path:
        """The hashes of the reports as last looked at."""
        return self.root / ".seen"

    @property
    def lock(self) -> Path:
        """Held by the one run that may build."""
        return self.root / ".lock"


def quoted(path: Path) -> str:
    """A path inside a SQL string."""
    return path.as_posix().replace("'", "''")
