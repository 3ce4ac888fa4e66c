"""`ogi quality`: the quality report of the published snapshot."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.export import refuse
from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.model import ExitCode
from pipeline.publish.interchange.dataset import dataset_of
from pipeline.publish.interchange.snapshot_tables import OutdatedSnapshot, PublishedSnapshot
from pipeline.publish.quality import quality_page
from pipeline.storage.snapshot import read_record


@click.command(help=help_text("quality"))
@data_option
@common_options
def command(root: Path) -> int:
    """Print the report in Markdown, in the user's language."""
    data, lang = existing_data(root), current_language()
    current = data.current.resolve()
    record = read_record(current)
    if record is None:
        return refuse("status.none", lang, ExitCode.NOTHING)
    try:
        echo(quality_page(PublishedSnapshot(current, record.id, dataset_of(data)), [lang]), nl=False)
    except OutdatedSnapshot as lack:
        return refuse("data.outdated", lang, ExitCode.NOTHING, lack=lack)
    return ExitCode.OK
