"""`ogi export`: the published snapshot in an interchange format, in a folder that is complete or not there."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.publish.interchange import FILE_SUFFIXES, FORMATS, export
from pipeline.publish.interchange.dataset import dataset_of
from pipeline.publish.interchange.snapshot_tables import OutdatedSnapshot, PublishedSnapshot
from pipeline.publish.replace_folder import replace_folder
from pipeline.storage.snapshot import read_record


@click.command(help=help_text("export"))
@click.argument("form", type=click.Choice(list(FORMATS)))
@click.argument("folder", type=click.Path(path_type=Path))
@data_option
@click.option("--replace", is_flag=True, help=help_text("replace_export"))
@click.option("--excel", is_flag=True, help=help_text("excel"))
@common_options
def command(form: str, folder: Path, root: Path, replace: bool, excel: bool) -> int:
    """Write the export."""
    if excel and form != "csv":
        raise click.UsageError(say("usage.excel", current_language()))
    data, lang, folder = existing_data(root), current_language(), folder.resolve()
    current = data.current.resolve()
    record = read_record(current)
    if record is None:
        return refuse("status.none", lang, ExitCode.NOTHING)
    if code := _folder_fault(data, folder, replace=replace):
        return refuse(code, lang, ExitCode.USAGE, path=folder)
    try:
        with replace_folder(folder) as new_folder:
            notes = export(form, PublishedSnapshot(current, record.id, dataset_of(data)), new_folder, excel=excel)
    except OutdatedSnapshot as lack:
        return refuse("export.outdated", lang, ExitCode.NOTHING, lack=lack)
    except OSError as error:
        return refuse("export.disk", lang, ExitCode.NOTHING, error=error)
    files = list(folder.iterdir())
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    echo(say("export.done", lang, snapshot=record.id, path=folder, count=len(files), megabytes=f"{megabytes:.1f}"))
    for note in notes:
        echo(say(note.code, lang, **note.values), err=True)
    if record.summary.get("simulated"):
        echo(say("query.simulated", lang), err=True)
    return ExitCode.OK


def refuse(code: str, lang: str, exit_code: ExitCode, **values: object) -> int:
    """Print a message to standard error and return the exit code."""
    echo(say(code, lang, **values), err=True)
    return exit_code


def is_inside_data(data: Data, path: Path) -> bool:
    """Return whether a resolved path is where reports or snapshots are kept."""
    folders = (data.raw, data.curated, data.versions, data.ledger, data.replaced)
    return any(path.is_relative_to(folder.resolve()) for folder in folders)


def _folder_fault(data: Data, folder: Path, *, replace: bool) -> str | None:
    """Return the message code if nothing may be written to the folder."""
    if is_inside_data(data, folder) or data.root.resolve().is_relative_to(folder):
        return "export.inside"
    if folder.exists() and not folder.is_dir():
        return "export.file"
    if not folder.exists() or not any(folder.iterdir()):
        return None
    if not replace:
        return "export.exists"
    return None if _is_earlier_export(folder) else "export.foreign"


def _is_earlier_export(folder: Path) -> bool:
    """Return whether the folder contains only an earlier export: --replace must not delete anything else."""
    files = list(folder.iterdir())
    marked = any((folder / known.marker_file).is_file() for known in FORMATS.values())
    return marked and all(f.is_file() and not f.is_symlink() and f.suffix in FILE_SUFFIXES for f in files)
