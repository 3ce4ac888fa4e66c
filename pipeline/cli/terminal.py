"""Output for people. The text of a report cannot control the terminal or reverse the order of characters."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

import click

from pipeline.core.messages import visible

_lost: list[OSError] = []


class SafeOutput(io.TextIOWrapper):
    """A text stream that does not raise if the disk is full, the stream is closed or its reader has ended.

    After a failure it drops all further text. `lost_output` then returns the reason, except if the reader has ended,
    as in `ogi status | head`.
    """

    def write(self, text: str) -> int:
        """Write a text."""
        try:
            return super().write(text)
        except OSError as error:
            self._drop_further_text(error)
            return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        try:
            super().flush()
        except OSError as error:
            self._drop_further_text(error)

    def _drop_further_text(self, error: OSError) -> None:
        if not isinstance(error, BrokenPipeError):
            _lost.append(error)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def prepare_streams() -> None:
    """Make standard output and error UTF-8 streams that cannot fail."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller
            _lost.append(OSError(f"{name} is closed"))
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif isinstance(stream, io.TextIOWrapper) and not isinstance(stream, SafeOutput):
            buffering = stream.line_buffering
            setattr(sys, name, SafeOutput(stream.buffer, encoding="utf-8", errors="replace", line_buffering=buffering))


def lost_output() -> OSError | None:
    """Return the error if a part of the output could not be written, else None."""
    return _lost[0] if _lost else None


def echo(message: object = "", *, err: bool = False, nl: bool = True, **style: Any) -> None:
    """Print a text with visible control characters. `style` has the arguments of `click.style`."""
    text = visible(str(message))
    click.echo(click.style(text, **style) if style else text, err=err, nl=nl)


def write(text: str) -> None:
    """Write a text unchanged, for another program."""
    sys.stdout.write(text)
    sys.stdout.flush()
