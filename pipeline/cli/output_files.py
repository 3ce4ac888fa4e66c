"""Files that commands write for a person: all or none, never over one that somebody has edited."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.cli.export import is_inside_data
from pipeline.core.files import write_atomically
from pipeline.core.model import DataFault
from pipeline.core.paths import Data


def check_folder(data: Data, out: Path) -> None:
    """Raise DataFault for a folder of reports or snapshots, and for a file."""
    if is_inside_data(data, out.resolve()):
        raise DataFault("compile.inside", path=out)
    if out.exists() and not out.is_dir():
        raise DataFault("compile.file", path=out)


def write_files(out: Path, files: Mapping[str, bytes], *, replace: bool) -> None:
    """Write all files or none. A file that somebody has edited is kept, unless it may be replaced."""
    edited = [n for n, content in files.items() if (out / n).exists() and (out / n).read_bytes() != content]
    if edited and not replace:
        raise DataFault("compile.exists", paths="、".join(str(out / name) for name in edited))
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_atomically(out / name, content)
