"""`ogi fetch`: download the reports of a store to `data/raw`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from pipeline.cli.options import common_options, current_language, data_option, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.paths import Data
from pipeline.job.run import locked
from pipeline.raw.fetch import Fetched, fetch
from pipeline.runtime.object_store import Store

MAX_FAULTS_SHOWN = 20


@click.command(help=help_text("fetch"))
@click.argument("url")
@data_option
@common_options
def command(url: str, root: Path) -> int:
    """Download reports, and list those that cannot be downloaded."""
    return report_faults(lambda: _fetch(Data(root), url, current_language()), current_language())


def _fetch(data: Data, url: str, lang: str) -> int:
    data.root.mkdir(parents=True, exist_ok=True)
    with locked(data):
        fetched = fetch(data, Store(url))
    _list_faults(fetched, lang)
    counts = {"brought": fetched.downloaded, "kept": fetched.unchanged, "aside": fetched.withdrawn}
    echo(say("fetch.done", lang, url=url, faults=len(fetched.faults), **counts))
    return ExitCode.PROBLEMS if fetched.faults else ExitCode.OK


def _list_faults(fetched: Fetched, lang: str) -> None:
    for path, fault in list(fetched.faults.items())[:MAX_FAULTS_SHOWN]:
        echo(f"  {path}: {say(fault.code, lang, **fault.values)}", err=True)
    if len(fetched.faults) > MAX_FAULTS_SHOWN:
        echo("  …", err=True)


def report_faults(work: Callable[[], int], lang: str) -> int:
    """Return the exit code of work with a store; print what stopped it."""
    try:
        return work()
    except DataFault as fault:
        echo(say(fault.code, lang, **fault.values), err=True)
    except OSError as error:
        echo(say("store.local", lang, error=error), err=True)
    return ExitCode.NOTHING
