"""`ogi export`: the published snapshot in an interchange format, in a folder that is there whole or not at all."""

from __future__ import annotations

from pathlib import Path

from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.publish.interchange import MARKS, SUFFIXES, write
from pipeline.publish.interchange.source import Outdated, Published
from pipeline.publish.replace import replaced
from pipeline.storage.snapshot import whole


def show_export(data: Data, form: str, folder: Path, *, replace: bool, lang: str) -> int:
    """Write the export and say so; returns the exit code."""
    folder = folder.resolve()
    current = data.current.resolve()
    record = whole(current)
    if record is None:
        return _say("status.none", lang, ExitCode.NOTHING)
    if why := _refused(data, folder, replace=replace):
        return _say(why, lang, ExitCode.USAGE, path=folder)
    try:
        _build(form, Published(current, record.id), folder)
    except Outdated as lack:
        return _say("export.outdated", lang, ExitCode.NOTHING, lack=lack)
    except OSError as error:
        return _say("export.disk", lang, ExitCode.NOTHING, error=error)
    files = list(folder.iterdir())
    size = sum(f.stat().st_size for f in files) / 1e6
    echo(say("export.done", lang, snapshot=record.id, path=folder, count=len(files), megabytes=f"{size:.1f}"))
    if record.summary.get("simulated"):
        echo(say("query.simulated", lang), err=True)
    return 0


def _say(code: str, lang: str, ending: int, **values: object) -> int:
    echo(say(code, lang, **values), err=True)
    return ending


def inside_data(data: Data, path: Path) -> bool:
    """Whether a resolved path lies where reports and snapshots are kept."""
    kept = (data.raw, data.current.parent, data.versions, data.ledger, data.replaced)
    return any(path.is_relative_to(p.resolve()) for p in kept)


def _refused(data: Data, folder: Path, *, replace: bool) -> str | None:
    """The message that says why nothing may be written to the folder."""
    if inside_data(data, folder) or data.root.resolve().is_relative_to(folder):
        return "export.inside"
    if folder.exists() and not folder.is_dir():
        return "export.file"
    if not folder.exists() or not any(folder.iterdir()):
        return None
    if not replace:
        return "export.exists"
    return None if _earlier(folder) else "export.foreign"


def _earlier(folder: Path) -> bool:
    """Whether the folder holds nothing but an earlier export: --replace must not take away anything else."""
    files = list(folder.iterdir())
    marked = any((folder / mark).is_file() for mark in MARKS.values())
    return marked and all(f.is_file() and not f.is_symlink() and f.suffix in SUFFIXES for f in files)


def _build(form: str, published: Published, folder: Path) -> None:
    with replaced(folder) as fresh:
        write(form, published, fresh)
