"""Options that several commands share, and the language that their help is in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipeline.core.messages import LANGUAGES, language, say
from pipeline.core.paths import REFERENCE, Data

LANG = language(sys.argv[1:])


def told_help(code: str) -> str:
    """What a command or option is for, in the user's language."""
    return say(f"help.{code}", LANG)


def common(command: Any) -> Any:
    """`--lang` and `--help` on every command. The language is read before click runs, for the help itself needs it."""
    chosen = click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=told_help("lang"))
    return click.help_option("--help", "-h", help=told_help("help"))(chosen(command))


def data_option(command: Any) -> Any:
    """`--data`: the folder that the user works in."""
    return click.option(
        "--data", "root", type=click.Path(path_type=Path), default=Path("data"), envvar="OGI_DATA", show_default=True,
        help=told_help("data"),
    )(command)  # fmt: skip


def decisions_option(command: Any) -> Any:
    """`--decisions`: the file of decisions."""
    return click.option(
        "--decisions", type=click.Path(path_type=Path, exists=True, dir_okay=False), envvar="OGI_DECISIONS",
        default=REFERENCE / "decisions.csv", help=told_help("decisions"),
    )(command)  # fmt: skip


def data_in(root: Path) -> Data:
    """The data folder. Raises UsageError for a folder that is none."""
    if not (root / "raw").is_dir():
        raise click.UsageError(say("usage.data", LANG, path=root))
    return Data(root)
