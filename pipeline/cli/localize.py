"""The texts of click in the user's language: help, usage and errors. The texts are lines of `messages.csv`.

click passes its texts through gettext, with the English text as the key. Here the key is the column `en` of the lines
`click.*`, and the column `zh` is the translation, so a text without a line stays English. `tests/cli/test_help.py`
finds such texts. The other texts, such as the names of values (`PATH`), are set on the commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import copy
from functools import cache
from typing import Any
from unicodedata import east_asian_width

import click
from click import core, decorators, exceptions, formatting, parser, types

from pipeline.cli.options import current_language
from pipeline.core.messages import message_lines, say

MODULES = (core, decorators, exceptions, formatting, parser, types)  # of click, those that print for ogi
COLUMN_GAP = 2
MAX_TERM_WIDTH = 30
MIN_TEXT_WIDTH = 10
# A word, or one Chinese character. Punctuation stays at its side: a line begins with no comma and ends with no bracket.
_PIECE = re.compile(r"\s+|[（「“《\[]*(?:[^\s\u2e80-\uffef“”]+|[^\s（「“《])?[、。，；：）」！？”》…]*|.")


@cache
def _chinese_texts() -> Mapping[str, str]:
    return {line["en"]: line["zh"] for code, line in message_lines().items() if code.startswith("click.")}


def translate(text: str) -> str:
    """Return a text of click in the user's language."""
    return _chinese_texts().get(" ".join(text.split()), text) if current_language() == "zh" else text


def translate_count(one: str, several: str, count: int) -> str:
    """Return a text of click for one or for several things in the user's language."""
    return translate(one if count == 1 else several)


def translate_click() -> None:
    """Replace gettext in click, which would look for files of translations on this machine."""
    for module in MODULES:
        for name, function in (("_", translate), ("ngettext", translate_count)):
            if hasattr(module, name):
                setattr(module, name, function)


def localize(command: click.Command) -> None:
    """Name the values of a command's options and arguments in the user's language."""
    lang = current_language()
    command.context_class = Context
    command.options_metavar = say("metavar.options", lang)
    for parameter in command.params:
        name = say(f"metavar.{_kind(parameter.type)}", lang)
        if isinstance(parameter, click.Argument):
            text = say(f"argument.{parameter.name}", lang)
            text = text if parameter.required else f"[{text}]"
            parameter.metavar = text if parameter.nargs == 1 or " " in text else f"{text}..."
        elif not isinstance(parameter.type, click.Choice):
            parameter.metavar = name
        parameter.type = copy(parameter.type)  # plain types are shared by all options
        parameter.type.name = name.lower()  # click's errors contain it


def _kind(kind: click.ParamType[Any]) -> str:
    """Return the last part of the code of a kind of values."""
    if isinstance(kind, click.Path):
        return "path" if kind.file_okay and kind.dir_okay else "file" if kind.file_okay else "folder"
    if isinstance(kind, click.types.IntParamType):
        return "integer"
    return "number" if isinstance(kind, click.types.FloatParamType) else "text"


class Formatter(click.HelpFormatter):
    """A formatter that aligns columns by the width of characters: a Chinese one is as wide as two Latin ones.

    It also breaks lines between Chinese characters, because Chinese has no blanks.
    """

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        indent = " " * self.current_indent
        for line in wrap(text, self.width - self.current_indent):
            self.write(f"{indent}{line}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = MAX_TERM_WIDTH, col_spacing: int = COLUMN_GAP
    ) -> None:
        """Write terms and their texts in two columns."""
        rows = list(rows)
        column = min(max(display_width(term) for term, _ in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, text in rows:
            lines = wrap(text, max(self.width - self.current_indent - column, MIN_TEXT_WIDTH))
            if display_width(term) > column - col_spacing:
                self.write(f"{indent}{term}\n")
                term = ""
            first_line = lines[0] if lines else ""
            self.write(f"{indent}{term}{' ' * (column - display_width(term))}{first_line}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{indent}{' ' * column}{line}\n")


class Context(click.Context):
    """The context of a command whose help has Chinese text."""

    formatter_class = Formatter


def display_width(text: str) -> int:
    """Return the number of columns that a text takes on a terminal."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def wrap(text: str, width: int) -> list[str]:
    """Return the lines of a text, each of at most `width` columns unless one word is longer."""
    lines = [""]
    for piece in _PIECE.findall(" ".join(text.split())):
        if display_width(lines[-1] + piece.rstrip()) > width and lines[-1]:
            lines.append("")
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
    return [line.rstrip() for line in lines if line]
