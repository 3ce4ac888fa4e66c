"""Output for people. The text of a report can neither steer the terminal nor turn the order of what is read there."""

from __future__ import annotations

from typing import Any

import click

from pipeline.messages import visible


def echo(message: object = "", *, err: bool = False, nl: bool = True, **style: Any) -> None:
    """Print a text, in a style of click's where one is given; see `visible`."""
    text = visible(str(message))
    click.echo(click.style(text, **style) if style else text, err=err, nl=nl)
