"""`ogi desk`: the local web application for the clerk, in the browser of this machine."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode


@click.command(help=help_text("desk"))
@data_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help=help_text("desk_port"))
@click.option("--no-browser", is_flag=True, help=help_text("desk_no_browser"))
@common_options
def command(root: Path, port: int, no_browser: bool) -> int:
    """Serve the desk until Ctrl+C: 3 if the port is taken."""
    from pipeline.desk.serve import serve

    lang, data = current_language(), existing_data(root)

    def opened(address: str) -> None:
        echo(say("desk.open", lang, address=address))
        if not no_browser:
            webbrowser.open(address)

    try:
        serve(data, lang, port, opened)
    except OSError as error:
        echo(say("desk.port", lang, error=error), err=True)
        return ExitCode.NOTHING
    return ExitCode.OK
