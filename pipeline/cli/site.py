"""`ogi site`: the static site of the published snapshot, in a folder that is complete or not there."""

from __future__ import annotations

import time
from pathlib import Path

import click

from pipeline.cli.export import is_inside_data, refuse
from pipeline.cli.options import InputFile, common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.publish.interchange.snapshot_tables import OutdatedSnapshot, PublishedSnapshot
from pipeline.publish.replace_folder import replace_folder
from pipeline.publish.site.boundaries import UnusableBoundaries, read_boundaries
from pipeline.publish.site.build import write_site
from pipeline.publish.site.reuse import MARKER_FILE
from pipeline.storage.snapshot import read_record


@click.command(help=help_text("site"))
@data_option
@click.option("--out", "folder", type=click.Path(path_type=Path), help=help_text("site_out"))
@click.option("--boundaries", type=InputFile(), help=help_text("boundaries"))
@common_options
def command(root: Path, folder: Path | None, boundaries: Path | None) -> int:
    """Build the site."""
    started, lang, data = time.perf_counter(), current_language(), existing_data(root)
    folder, current = (folder or root / "site").resolve(), data.current.resolve()
    record = read_record(current)
    if record is None:
        return refuse("status.none", lang, ExitCode.NOTHING)
    if code := _folder_fault(data, folder):
        return refuse(code, lang, ExitCode.USAGE, path=folder)
    try:
        areas = read_boundaries(boundaries) if boundaries else None
        with replace_folder(folder) as new_folder:
            write_site(PublishedSnapshot(current, record.id), new_folder, areas, earlier=folder)
    except UnusableBoundaries as fault:
        return refuse("site.boundaries", lang, ExitCode.USAGE, path=boundaries, why=fault)
    except OutdatedSnapshot as lack:
        return refuse("export.outdated", lang, ExitCode.NOTHING, lack=lack)
    except OSError as error:
        return refuse("export.disk", lang, ExitCode.NOTHING, error=error)
    _print_result(folder, time.perf_counter() - started, lang)
    return ExitCode.OK


def _print_result(folder: Path, seconds: float, lang: str) -> None:
    files = [file for file in folder.rglob("*") if file.is_file()]
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    values = {"count": len(files), "megabytes": f"{megabytes:.1f}", "seconds": f"{seconds:.1f}"}
    echo(say("site.done", lang, path=folder, **values))


def _folder_fault(data: Data, folder: Path) -> str | None:
    """Return the message code if the folder may not be written: only an earlier site is replaced."""
    if is_inside_data(data, folder) or data.root.resolve().is_relative_to(folder):
        return "export.inside"
    if folder.exists() and not folder.is_dir():
        return "export.file"
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER_FILE).is_file():
        return "site.foreign"
    return None
