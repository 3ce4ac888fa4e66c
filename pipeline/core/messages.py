"""The messages of the program in Chinese and English: one line of `messages.csv` per message."""

from __future__ import annotations

import csv
import errno
import locale
import os
import re
from collections.abc import Mapping, Sequence
from functools import cache

from pipeline.core.open_files import SHARING_VIOLATION, FileInUse
from pipeline.core.paths import MESSAGES

LANGUAGES = ("zh", "en")


@cache
def message_lines() -> Mapping[str, Mapping[str, str]]:
    """Return the lines of `messages.csv` by code."""
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        return {line["code"]: line for line in csv.DictReader(file)}


# Control characters except tab and line feed, and characters that reverse the order of reading.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Return the text with characters that control a terminal as escapes (`\\u001b`), which JSON reads back."""
    return _CONTROLS.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _printable(value: object, lang: str) -> object:
    """Return a text, path, place, fault or error as visible text. Numbers stay numbers: a message may format them."""
    if hasattr(value, "in_language"):
        return visible(value.in_language(lang))
    if isinstance(value, OSError):
        return visible(_reason(value, lang))
    return visible(str(value)) if isinstance(value, str | os.PathLike | BaseException) else value


def _reason(error: OSError, lang: str) -> str:
    """Return why the system refused to read or write, what to do, and the path. A missing file is not a permission."""
    if isinstance(error, FileInUse) or getattr(error, "winerror", None) == SHARING_VIOLATION:
        code, text = "os.in_use", "、".join(getattr(error, "programs", ())) or message_lines()["os.program"][lang]
    else:
        code = f"os.{errno.errorcode.get(error.errno or 0, 'other')}"
        text = str(error.strerror or error).partition("\n")[0]
    reason = message_lines()[code if code in message_lines() else "os.other"][lang].format(error=text)
    if not error.filename:
        return reason
    path = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else error.filename
    return f"{reason}（{path}）" if lang == "zh" else f"{reason} ({path})"


def say(code: str, lang: str, **values: object) -> str:
    """Return the message of a code in a language, `zh` or `en`. Raises KeyError for an unknown code or placeholder."""
    return message_lines()[code][lang].format(**{name: _printable(value, lang) for name, value in values.items()})


def language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of `--lang`, else of the locale, else Chinese, which the users read."""
    for i, argument in enumerate(arguments):
        given = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and i + 1 < len(arguments):
            given = arguments[i + 1]
        if given in LANGUAGES:
            return given
    names = [environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    # Windows keeps its language elsewhere. On other systems Python reports English for a locale that is not set.
    native = locale.getlocale()[0] if os.name == "nt" else ""
    name = next((n for n in names if n), "") or native or ""
    code = name.split(".")[0].split("_")[0].lower()
    return "zh" if code in ("", "c", "posix", "zh", "chinese", "chinese (simplified)") else "en"
