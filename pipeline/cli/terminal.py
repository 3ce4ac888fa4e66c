"""Output for people. The text of a report can neither steer the terminal nor turn the order of what is read there."""

from __future__ import annotations

import os
import sys
from typing import Any, TextIO

import click

from pipeline.core.messages import visible


def echo(message: object = "", *, err: bool = False, nl: bool = True, **style: Any) -> None:
    """Print a text, in a style of click's where one is given; see `visible`."""
    text = visible(str(message))
    try:
        click.echo(click.style(text, **style) if style else text, err=err, nl=nl)
    except BrokenPipeError:
        unread(sys.stderr if err else sys.stdout)


def unread(stream: TextIO) -> None:
    """Who read this, `head` or a pager, has enough: what follows goes nowhere, and the work goes on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
