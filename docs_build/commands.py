"""The page of the commands and their options."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import click

from docs_build.markdown import code, page, table, text
from pipeline.cli.main import COMMANDS, ogi
from pipeline.core.messages import LANGUAGES
from pipeline.core.paths import MESSAGES

LEAD = """Every command with its arguments and options. Each is also shown by `ogi COMMAND --help`, in Chinese or
English. All commands use the same exit codes: 0 done, 1 done with problems, 2 wrong usage, 3 nothing published, read or
written."""
HEAD = ("option", "value", "default", "variable", "说明", "description")


def commands_page() -> str:
    """Return the page: a section per command, one row per option."""
    context = click.Context(ogi, info_name="ogi", terminal_width=200)
    sections = [section for name in COMMANDS for section in _command_sections(context, name)]
    return page("Commands", LEAD, sections)


def _command_sections(parent: click.Context, name: str) -> Iterator[str]:
    command = ogi.get_command(parent, name)
    assert command is not None, name
    context = click.Context(command, info_name=name, parent=parent, terminal_width=200)
    zh, en = _help_texts(command.help or "")
    yield f"## ogi {name}\n"
    yield f"{text(zh)}\n\n{text(en)}\n"
    yield f"```\n{command.get_usage(context).partition(': ')[2]}\n```\n"
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    yield table(HEAD, [_option_row(option, context) for option in options])


def _option_row(option: click.Option, context: click.Context) -> tuple[str, ...]:
    default = option.to_info_dict().get("default")
    zh, en = _help_texts(option.help or "")
    return (
        ", ".join(code(name) for name in option.opts),
        "" if option.is_flag else text(option.make_metavar(context)) + (" (repeatable)" if option.multiple else ""),
        "" if default in (None, "") or option.is_flag or option.multiple else code(default),
        code(option.envvar or ""),
        text(zh),
        text(en),
    )


def _help_texts(shown: str) -> tuple[str, str]:
    """Return a help text in both languages. The commands have it in the language of this process only."""
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["code"].startswith("help.") and shown in [line[lang] for lang in LANGUAGES]:
                return line["zh"], line["en"]
    raise LookupError(f"no line help.* of messages.csv has this text: {shown!r}")
