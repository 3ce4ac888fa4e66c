"""Options that several commands share, and the language of help and messages."""

from __future__ import annotations

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


def common_options(command: Any) -> Any:
    """Add `--lang` and `--help`, which every command has."""
    with_lang = click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=help_text("lang"))
    return click.help_option("--help", "-h", help=help_text("help"))(with_lang(command))


def data_option(command: Any) -> Any:
    """Add `--data`, the data folder."""
    return click.option(
        "--data", "root", type=click.Path(path_type=Path), default=Path("data"), envvar="OGI_DATA", show_default=True,
        help=help_text("data"),
    )(command)  # fmt: skip


def decisions_option(command: Any) -> Any:
    """Add `--decisions`, a file of decisions other than that of the data folder."""
    return click.option(
        "--decisions", type=click.Path(path_type=Path, exists=True, dir_okay=False),
        envvar="OGI_DECISIONS", help=help_text("decisions"),
    )(command)  # fmt: skip


def existing_data(root: Path) -> Data:
    """Return the data folder. Raises UsageError if there is none."""
    if not (root / "raw").is_dir():
        raise click.UsageError(say("usage.data", LANG, path=root))
    return Data(root)
