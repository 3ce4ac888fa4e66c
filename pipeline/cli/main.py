"""The command line `ogi`. The module of a command is imported when the command is used, so that `--help` is quick."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from textwrap import shorten
from types import TracebackType
from typing import NoReturn

import click
from click.exceptions import NoSuchCommand

from pipeline.cli.localize import Context, localize, translate_click
from pipeline.cli.options import common_options, current_language, help_text
from pipeline.cli.terminal import echo, lost_output, prepare_streams
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode, ProjectFault

# The commands by their users, in the order of the help.
GROUPS = {
    "clerk": (
        "desk",
        "init",
        "form",
        "add",
        "remove",
        "check",
        "decide",
        "compile",
        "score",
        "brief",
        "extract",
        "site",
        "bodies",
    ),
    "operator": ("run", "status", "validate", "history", "diff", "rollback", "collect", "fetch", "push"),
    "analyst": ("query", "explain", "quality", "export", "edit"),
    "developer": ("simulate",),
}
COMMANDS = tuple(name for names in GROUPS.values() for name in names)


class Commands(click.Group):
    """The commands: each is the object `command` of the module with its name. It returns the exit code."""

    context_class = Context

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, or None for an unknown name."""
        if name not in COMMANDS:
            return None
        command: click.Command = vars(import_module(f"pipeline.cli.{name}"))["command"]
        localize(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name. Raises NoSuchCommand with similar names."""
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from error

    def collect_usage_pieces(self, _ctx: click.Context) -> list[str]:
        """Return the parts of the usage after the name of the program."""
        return [say(f"metavar.{part}", current_language()) for part in ("options", "command")]

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands of each group of users without importing them."""
        name_width = max(map(len, COMMANDS))
        texts = {name: help_text(name) for name in COMMANDS}
        if current_language() == "en":  # Chinese has no blanks at which a line could be cut
            width = formatter.width - 6 - name_width
            texts = {name: shorten(text, width, placeholder="...") for name, text in texts.items()}
        for group, names in GROUPS.items():
            with formatter.section(help_text(f"group.{group}")):
                formatter.write_dl([(name.ljust(name_width), texts[name]) for name in names])

    def invoke(self, ctx: click.Context) -> None:
        """Run a command and exit with its code; with 3 if its output was lost, except for `run`."""
        code = super().invoke(ctx)
        if error := lost_output():
            echo(say("terminal.lost", current_language(), error=error), err=True)
            if ctx.invoked_subcommand != "run":
                code = code or ExitCode.NOTHING
        ctx.exit(int(code or ExitCode.OK))


translate_click()


@click.command(cls=Commands, help=help_text("ogi"), context_settings={"help_option_names": ["--help", "-h"]})
@click.version_option(package_name="ogi", message=help_text("version_line"), help=help_text("version"))
@common_options
def ogi() -> None:
    """Run a command."""


def main() -> None:
    """Run `ogi`. A fault that a command does not handle itself is reported in one line, with exit code 3."""
    sys.excepthook = _report_crash
    prepare_streams()
    try:
        ogi(prog_name="ogi")
    except ProjectFault as fault:
        _exit_with(say("run.project", current_language(), error=fault))
    except DataFault as fault:
        _exit_with(say(fault.code, current_language(), **fault.values))


def _exit_with(message: str) -> NoReturn:
    echo(message, err=True)
    sys.exit(ExitCode.NOTHING)


def _report_crash(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Exit with 3 after a fault of the program. Python's own exit code 1 would mean that something was published."""
    sys.__excepthook__(kind, fault, trace)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ExitCode.NOTHING)


if __name__ == "__main__":
    main()
