"""Options that several commands share, and the language of help and messages."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from pipeline.core.messages import LANGUAGES, language, say
from pipeline.core.paths import Data

# Chosen before click runs, because the help itself needs it.
LANG = language(sys.argv[1:])


def current_language() -> str:
    """Return the language of messages: `zh` or `en`."""
    return LANG


def help_text(code: str) -> str:
    """Return the help of a command or option in the user's language."""
    return say(f"help.{code}", LANG)


class InputFile(click.Path):
    """An existing file that may be read. click says that a file does not exist if its folder may not be read."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path. Raises BadParameter with the reason."""
        try:
            os.stat(value)  # noqa: PTH116 (as click does)
        except (FileNotFoundError, NotADirectoryError):
            pass  # click says so
        except OSError as error:
            self.fail(say("usage.file", LANG, error=error), param, ctx)
        return super().convert(value, param, ctx)


def common_options(command: Any) -> Any:
    """Add `--lang`, which every command has."""
    return click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=help_text("lang"))(command)


def data_option(command: Any) -> Any:
    """Add `--data`, the data folder."""
    return click.option(
        "--data", "root", type=click.Path(path_type=Path), default=Path("data"), envvar="OGI_DATA", show_default=True,
        help=help_text("data"),
    )(command)  # fmt: skip


def decisions_option(command: Any) -> Any:
    """Add `--decisions`, a file of decisions other than that of the data folder."""
    return click.option("--decisions", type=InputFile(), envvar="OGI_DECISIONS", help=help_text("decisions"))(command)


def existing_data(root: Path) -> Data:
    """Return the data folder. Raises UsageError if there is none."""
    if not os.path.isdir(root / "raw"):  # noqa: PTH112 (pathlib raises if the folder may not be read)
        raise click.UsageError(say("usage.data", LANG, path=root))
    return Data(root)
