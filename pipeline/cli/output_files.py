"""Files that commands write for a person: all or none, never over one that somebody has edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from pipeline.cli.export import is_inside_data, refuse
from pipeline.cli.options import current_language
from pipeline.core.files import write_atomically
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.paths import Data

Command = Callable[..., int]


def refusing_faults(command: Command) -> Command:
    """Return a command that reports a fault of its data or of the disk, and ends with the exit code for it."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> int:
        lang = current_language()
        try:
            return command(*arguments, **options)
        except FileNotFoundError:
            return refuse("status.none", lang, ExitCode.NOTHING)
        except DataFault as fault:
            return refuse(fault.code, lang, ExitCode.USAGE, **fault.values)
        except OSError as error:
            return refuse("compile.disk", lang, ExitCode.NOTHING, error=error)

    return run


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
