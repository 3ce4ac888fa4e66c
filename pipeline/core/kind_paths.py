"""The files that describe kinds of report. No library is imported: a run without anything to do reads them too."""

from __future__ import annotations

from pathlib import Path

from pipeline.core.csv_form import decode
from pipeline.core.model import ProjectFault

DESCRIPTION = "kind.yaml"
KIND_FILES = (DESCRIPTION, "phrases.csv", "labels.csv", "indicators.csv")
SUFFIXES = (".yaml", ".yml", ".csv")
HIDDEN = "._~"  # begin the names of what editors and systems keep for themselves


def kind_paths(folder: Path) -> list[Path]:
    """Return the files that describe the kinds in a folder, in order.

    Raises ProjectFault for a folder without a description, and for a file whose name is similar to these and not read.
    """
    folders = sorted(path for path in folder.glob("*") if path.is_dir() and path.name[0] not in HIDDEN)
    return [path for own in folders for path in _own_paths(own)]


def _own_paths(folder: Path) -> list[Path]:
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.name[0] not in HIDDEN)
    for path in paths:
        if path.name not in KIND_FILES:
            raise ProjectFault("kind.file", where=str(path), files=", ".join(KIND_FILES))
    if folder / DESCRIPTION not in paths:
        raise ProjectFault("kind.no_description", where=str(folder))
    return paths


def read_kind_files(folder: Path) -> dict[str, str]:
    """Return the texts of the files that describe kinds, by path. Raises ProjectFault also for one that is not text."""
    return {str(path): decode(path, path.read_bytes())[0] for path in kind_paths(folder)}
