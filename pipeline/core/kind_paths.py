"""The files that describe kinds of report. No library is imported: a run without anything to do reads them too."""

from __future__ import annotations

from pathlib import Path

from pipeline.core.csv_form import decode

DESCRIPTION = "kind.yaml"
KIND_FILES = (DESCRIPTION, "phrases.csv", "labels.csv", "indicators.csv")


def kind_paths(folder: Path) -> list[Path]:
    """Return the files that describe the kinds in a folder, in order."""
    return sorted(path for path in folder.glob("*/*") if path.name in KIND_FILES) if folder.is_dir() else []


def read_kind_files(folder: Path) -> dict[str, str]:
    """Return the texts of the files that describe kinds, by path. Raises ProjectFault for one that is not text."""
    return {str(path): decode(path, path.read_bytes())[0] for path in kind_paths(folder)}
