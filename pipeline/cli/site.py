"""`ogi site`: the static site of the published snapshot, in a folder that is there whole or not at all."""

from __future__ import annotations

import time
from pathlib import Path

from pipeline.cli.export import inside_data
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.publish.interchange.source import Outdated, Published
from pipeline.publish.replace import replaced
from pipeline.publish.site.boundaries import Unusable, read_boundaries
from pipeline.publish.site.build import MARK, write_site
from pipeline.storage.database import connect
from pipeline.storage.snapshot import whole


def show_site(data: Data, folder: Path, boundaries: Path | None, lang: str) -> int:
    """Build the site and say so; returns the exit code."""
    started, folder = time.perf_counter(), folder.resolve()
    current = data.current.resolve()
    record = whole(current)
    if record is None:
        return _say("status.none", lang, ExitCode.NOTHING)
    if why := _refused(data, folder):
        return _say(why, lang, ExitCode.USAGE, path=folder)
    try:
        areas = read_boundaries(boundaries) if boundaries else None
        with connect(data, current) as connection, replaced(folder) as fresh:
            write_site(connection, Published(current, record.id), fresh, areas)
    except Unusable as fault:
        return _say("site.boundaries", lang, ExitCode.USAGE, path=boundaries, why=fault)
    except Outdated as lack:
        return _say("export.outdated", lang, ExitCode.NOTHING, lack=lack)
    except OSError as error:
        return _say("export.disk", lang, ExitCode.NOTHING, error=error)
    _tell(folder, time.perf_counter() - started, lang)
    return 0


def _tell(folder: Path, seconds: float, lang: str) -> None:
    files = [f for f in folder.rglob("*") if f.is_file()]
    size = sum(f.stat().st_size for f in files) / 1e6
    values = {"count": len(files), "megabytes": f"{size:.1f}", "seconds": f"{seconds:.1f}"}
    echo(say("site.done", lang, path=folder, **values))


def _say(code: str, lang: str, ending: int, **values: object) -> int:
    echo(say(code, lang, **values), err=True)
    return ending


def _refused(data: Data, folder: Path) -> str | None:
    """The message that says why the folder may not be written: it is replaced only where it is an earlier site."""
    if inside_data(data, folder) or data.root.resolve().is_relative_to(folder):
        return "export.inside"
    if folder.exists() and not folder.is_dir():
        return "export.file"
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        return "site.foreign"
    return None
