"""`ogi push`: publish the snapshot at a store."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.fetch import report_faults
from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.publish.push import push
from pipeline.runtime.object_store import Store


@click.command(help=help_text("push"))
@click.argument("url")
@data_option
@common_options
def command(url: str, root: Path) -> int:
    """Upload the files that the store lacks, then switch its readers."""
    return report_faults(lambda: _push(existing_data(root), url, current_language()), current_language())


def _push(data: Data, url: str, lang: str) -> int:
    pushed = push(data, Store(url))
    echo(say("push.done", lang, snapshot=pushed.snapshot, url=url, put=pushed.uploaded, kept=pushed.unchanged))
    return ExitCode.OK
