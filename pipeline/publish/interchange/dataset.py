"""The description of the data set, from `reference/dataset.yaml`, and what of it the snapshot decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE, Data

FILE = "dataset.yaml"
LocalizedText = Mapping[str, str]
"""A text by language, `zh` and `en`."""


@dataclass(frozen=True)
class Dataset:
    """The entries of `dataset.yaml`; its comments explain them."""

    name: str
    title: LocalizedText
    description: LocalizedText
    caution: LocalizedText
    keywords: Mapping[str, list[str]]
    licence: Mapping[str, str]
    source: LocalizedText
    publisher: Mapping[str, str]
    contributors: list[Mapping[str, Any]]
    theme: str
    frequency: str


@cache
def shipped_dataset() -> Dataset:
    """Return the description that comes with ogi."""
    return Dataset(**_read(REFERENCE / FILE))


def dataset_of(data: Data) -> Dataset:
    """Return the description with the entries of `dataset.yaml` in the data folder in place of the shipped ones.

    Raises ProjectFault for an unknown entry or a file that is not YAML.
    """
    path = data.root / FILE
    own = _read(path) if path.is_file() else {}
    if unknown := own.keys() - {field.name for field in fields(Dataset)}:
        raise ProjectFault("dataset.unknown", path=path, entries=", ".join(sorted(unknown)))
    return Dataset(**{**vars(shipped_dataset()), **own})


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ProjectFault("dataset.broken", path=path, error=error) from error
    if not isinstance(content, dict):
        raise ProjectFault("project.mapping", where=str(path))
    return content


def both(texts: LocalizedText) -> str:
    """Return a text in both languages."""
    return f"{texts['zh']} / {texts['en']}"
